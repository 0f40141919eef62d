"""Actions on the cards of people: their names in every case, posts, joining and leaving."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.forms import ModelForm

from accounts.models import User
from accounts.permissions import permit, today
from core.journal import differences, record, save_form
from core.russian import Case, name_forms, needs_check
from core.transitions import Refused
from mentorship.models import Participant, PastName, Post
from orders.services.facts import overrides_for

CHANGE = "mentorship.participant.change"
NAME_PARTS = ("surname", "given_name", "patronymic")
NAME_FIELDS = (*NAME_PARTS, "gender")
OBLIQUE = [case for case in Case if case is not Case.NOMINATIVE]
CASE_WORDS = {
    Case.GENITIVE: "Кого? (родительный)",
    Case.DATIVE: "Кому? (дательный)",
    Case.ACCUSATIVE: "Кого? (винительный)",
    Case.INSTRUMENTAL: "Кем? (творительный)",
    Case.PREPOSITIONAL: "О ком? (предложный)",
}


@transaction.atomic
def add_participant(*, form: ModelForm, actor: User, post: Mapping[str, Any] | None = None) -> Participant:
    """Open a card from a valid form (its instance names the organisation), with the first post if one is given.

    The oblique forms of the name are made at once; the doubtful ones wait for somebody to look at them.
    """
    permit(actor, CHANGE, form.instance.organisation)
    person: Participant = form.instance
    set_forms(person)
    person = save_form(form, actor=actor, event="mentorship.participant.add", text=f"Заведена карточка: {person}.")
    if post and post.get("title"):
        add_post(participant=person, actor=actor, **post)
    return person


@transaction.atomic
def change_participant(*, form: ModelForm, actor: User, renamed_on: dt.date | None = None) -> Participant:
    """Save a valid form of an existing card. A new name makes new forms, which have to be looked at again.

    `renamed_on` is the first day of a name that the person has taken, after a marriage for one: the earlier name is
    then kept until the day before. Without it the earlier name was a mistake. Orders approved earlier keep the name
    that stands in them. Raises `Refused` where the day is impossible.
    """
    person: Participant = form.instance
    permit(actor, CHANGE, person)
    if set(form.changed_data) & set(NAME_FIELDS):
        set_forms(person)
    earlier = keep_name(person, renamed_on) if renamed_on else None
    text = f"Изменена карточка: {person}."
    if earlier and renamed_on:
        text = f"Новое имя с {renamed_on:%d.%m.%Y}: {person}; прежнее — {earlier}."
    return save_form(form, actor=actor, event=CHANGE, text=text)


def keep_name(person: Participant, renamed_on: dt.date) -> PastName | None:
    """Keep the stored name of a person who is about to get another one; None where it is the same."""
    stored = Participant.objects.locked().get(pk=person.pk)
    if stored.full_name == person.full_name:
        return None
    if faults := renaming_faults(person, renamed_on):
        raise Refused(faults)
    parts = {name: getattr(stored, name) for name in NAME_PARTS}
    return PastName.objects.create(participant=person, until=renamed_on - dt.timedelta(days=1), **parts)


def renaming_faults(person: Participant, renamed_on: dt.date) -> list[str]:
    if renamed_on > today():
        return ["Новое имя записывают, когда оно уже в документах: день не может быть в будущем."]
    latest = person.past_names.first()
    if latest and renamed_on <= latest.until:
        return [f"Имя «{latest}» записано до {latest.until:%d.%m.%Y}: следующее не могло начаться раньше."]
    return []


def set_forms(person: Participant) -> None:
    """Make the five forms anew. What the grammars agree on needs nobody's eyes."""
    overrides = overrides_for([person.full_name, person.surname, person.given_name, person.patronymic])
    person.forms = name_forms(person.full_name, gender=person.gender, overrides=overrides)
    person.forms_checked = False


@transaction.atomic
def confirm_forms(*, participant: Participant, actor: User, forms: Mapping[str, str]) -> None:
    """Remember the five forms, case value → text, as looked at by a person."""
    permit(actor, CHANGE, participant)
    before = {CASE_WORDS[case]: participant.forms.get(case.value, "—") for case in OBLIQUE}
    participant.forms = {case.value: forms[case.value] for case in OBLIQUE}
    participant.forms_checked = True
    participant.save(update_fields=["forms", "forms_checked"])
    after = {CASE_WORDS[case]: participant.forms[case.value] for case in OBLIQUE}
    record(
        "mentorship.participant.forms",
        participant,
        actor=actor,
        text=f"Проверены формы имени: {participant}.",
        changes=differences(before, after),
    )


def doubts_about(participant: Participant) -> list[str]:
    """Why the forms should be looked at, whether or not somebody has."""
    return needs_check(participant.full_name)


@transaction.atomic
def add_post(
    *, participant: Participant, actor: User, title: str, starts_on: dt.date, is_main: bool = True, **details: Any
) -> Post:
    """Add a dated post; a new main post leaves the earlier main one as a second. `details` are its other fields."""
    permit(actor, CHANGE, participant)
    if is_main:
        participant.posts.filter(is_main=True).update(is_main=False)
    post = Post(participant=participant, title=title, starts_on=starts_on, is_main=is_main, **details)
    post.full_clean()
    post.save()
    place = f", {post.workplace}" if post.workplace else ""
    record("mentorship.post.add", participant, actor=actor, text=f"Должность с {starts_on:%d.%m.%Y}: {title}{place}.")
    return post


@transaction.atomic
def change_post(*, form: ModelForm, actor: User) -> Post:
    """Save a valid form of a post: a mistake corrected, another load. The history of the person tells of it."""
    post: Post = form.instance
    permit(actor, CHANGE, post)
    if post.is_main:
        post.participant.posts.filter(is_main=True).exclude(pk=post.pk).update(is_main=False)
    text = f"Изменена должность: {post}."
    return save_form(form, actor=actor, event="mentorship.post.change", text=text, about=post.participant)


@transaction.atomic
def end_post(*, post: Post, actor: User, ends_on: dt.date) -> None:
    """Close a post by its last day."""
    permit(actor, CHANGE, post)
    if post.ends_on is not None:
        raise Refused([f"Должность «{post.title}» уже закончилась {post.ends_on:%d.%m.%Y}."])
    if ends_on < post.starts_on:
        raise Refused([f"Последний день не может быть раньше первого: должность с {post.starts_on:%d.%m.%Y}."])
    post.ends_on = ends_on
    post.save(update_fields=["ends_on"])
    words = f"Должность «{post.title}» закончилась {ends_on:%d.%m.%Y}."
    record("mentorship.post.end", post.participant, actor=actor, text=words)


def post_for_today(values: Mapping[str, Any]) -> dict[str, Any]:
    """The first post of a new card from the fields of its form; without a date it begins today."""
    return {
        "title": values.get("post_title") or "",
        "subjects": values.get("post_subjects") or "",
        "department": values.get("post_department") or "",
        "starts_on": values.get("post_starts_on") or today(),
    }
