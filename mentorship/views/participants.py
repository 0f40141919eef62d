"""Pages of people: the list, a card, its names and posts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import GRANTS, Role, holds, may, permit, requires, today
from core.models import JournalEntry
from core.paging import page_of
from core.transitions import Refused
from mentorship.forms.participants import (
    EndPostForm,
    NameFormsForm,
    NewParticipantForm,
    ParticipantFilter,
    ParticipantForm,
    PostForm,
)
from mentorship.models import (
    Chip,
    Consent,
    ConsentKind,
    Light,
    Pair,
    Participant,
    Post,
    PublicField,
    chips_of,
    consent_lights,
    needs_of,
)
from mentorship.models.pairs import in_open_pairs
from mentorship.models.participants import ParticipantQuerySet
from mentorship.services.participants import (
    CHANGE,
    NAME_FIELDS,
    add_participant,
    add_post,
    change_participant,
    confirm_forms,
    doubts_about,
    end_post,
    post_for_today,
)

VIEW = "mentorship.participant.view"
STATE_CHIPS = {"действует": "ok", "истекло": "late", "отказ": "no", "ещё не действует": "wait"}


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    person: Participant
    lights: list[Light]
    experience: str


@dataclass(frozen=True)
class PairRow:
    """A pair of the person."""

    pair: Pair
    chips: list[Chip]


@requires("mentorship.participant.list")
def participant_list(request: CabinetRequest) -> HttpResponse:
    filters = ParticipantFilter(request.GET)
    rows = Participant.objects.permitted(request.user, "mentorship.participant.list")
    rows = narrowed(rows.filter(organisation=request.organisation), filters.chosen(), today())
    page = page_of(request, rows.by_name().with_posts())
    lights = consent_lights(page.object_list, today())
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [Row(one, lights[one.pk], one.experience_words(today())) for one in page.object_list],
        "may_add": may(request.user, CHANGE, request.organisation),
    }
    return render(request, "mentorship/participant_list.html", context)


def narrowed(rows: ParticipantQuerySet, chosen: dict[str, Any], day: dt.date) -> ParticipantQuerySet:
    """The rows that fit the filter."""
    rows = rows.found(chosen.get("q", "").strip())
    rows = rows.exclude(left_on=None) if chosen.get("left") else rows.present()
    if category := chosen.get("category"):
        rows = rows.filter(category=category)
    if chosen.get("young"):
        rows = rows.young(day)
    if chosen.get("pair"):
        paired = in_open_pairs()
        rows = rows.filter(paired) if chosen["pair"] == ParticipantFilter.WITH else rows.exclude(paired)
    if kind := chosen.get("consent"):
        given = Consent.objects.live(day).filter(kind=kind).order_by().values("participant")
        rows = rows.exclude(pk__in=given)
    return rows


@requires(CHANGE)
def participant_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    form = NewParticipantForm(request.POST or None, instance=Participant(organisation=request.organisation))
    namesakes: list[Participant] = []
    if request.method == "POST" and form.is_valid():
        namesakes = form.namesakes()
        if not namesakes:
            post = post_for_today(form.cleaned_data)
            person = add_participant(form=form, actor=request.user, post=post)
            return after_naming(request, person, "Карточка заведена.")
        form.ask_again()
    crumbs = [list_crumb(), ("Новая карточка", "")]
    context = {"form": form, "namesakes": namesakes, "crumbs": crumbs}
    return render(request, "mentorship/participant_new.html", context)


@requires(CHANGE, Participant)
def participant_edit(request: CabinetRequest, person: Participant) -> HttpResponse:
    crumbs = [*card_crumbs(person.pk, person.full_name), ("Изменить", "")]
    form = ParticipantForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        change_participant(form=form, actor=request.user)
        if set(form.changed_data) & set(NAME_FIELDS):
            return after_naming(request, person, "Изменения сохранены.")
        messages.success(request, "Изменения сохранены.")
        return redirect("participant_detail", person.pk)
    context = {"form": form, "person": person, "crumbs": crumbs}
    return render(request, "mentorship/participant_edit.html", context)


def after_naming(request: CabinetRequest, person: Participant, done: str) -> HttpResponse:
    """To the card, or to the forms of the name where the grammars disagree."""
    messages.success(request, done)
    if person.form_doubts:
        messages.warning(request, "Проверьте, как склоняется имя: без этого оно не попадёт в приказ.")
        return redirect("participant_forms", person.pk)
    return redirect("participant_detail", person.pk)


@requires(VIEW, Participant, related=("user", "organisation"))
def participant_detail(request: CabinetRequest, person: Participant) -> HttpResponse:
    context = card_context(request, person)
    crumbs = [(person.full_name, "")]
    if context["may_list"]:
        crumbs.insert(0, list_crumb())
    return render(request, "mentorship/participant_detail.html", {**context, "crumbs": crumbs})


@requires("mentorship.participant.own")
def my_card(request: CabinetRequest) -> HttpResponse:
    own = Participant.objects.permitted(request.user, "mentorship.participant.own")
    person = own.filter(organisation=request.organisation).select_related("user", "organisation").first()
    context = card_context(request, person) if person else {}
    return render(request, "mentorship/my_card.html", context)


def card_context(request: CabinetRequest, person: Participant) -> dict[str, Any]:
    """Everything a card shows; the number of queries does not depend on what is on it."""
    user, day = request.user, today()
    consents = list(
        Consent.objects.filter(participant=person)
        .permitted(user, "mentorship.consent.view")
        .flag(user, "mentorship.consent.withdraw")
        .select_related("pair__mentor")
        .prefetch_related("pair__members__mentee")
    )
    pairs = list(Pair.objects.of(person).permitted(user, "mentorship.pair.view").for_cards())
    needs = needs_of(pairs, day)
    return {
        "person": person,
        "own": person.user_id == user.pk,
        "posts": list(person.posts.all()),
        "experience": person.experience_words(day),
        "purposes": purposes(consents, day),
        "consents": [(consent, consent.state_on(day), chip_of(consent, day)) for consent in consents],
        "pairs": [PairRow(pair, chips_of(pair, needs[pair.pk], day)) for pair in pairs],
        "history": history_of(user, person, consents),
        "watchers": watchers(),
        "shown_fields": shown_fields(consents, day),
        "may_list": holds(user, "mentorship.participant.list"),
        "may_change": may(user, CHANGE, person),
        "may_record": may(user, "mentorship.consent.record", person),
        "may_see_consents": may(user, "mentorship.consent.view", person),
        "may_form_pairs": may(user, "mentorship.pair.change", person),
    }


def purposes(consents: list[Consent], day: dt.date) -> list[tuple[ConsentKind, Chip]]:
    """The state of each purpose that does not depend on a pair."""
    found = []
    for kind in (ConsentKind.PROCESSING, ConsentKind.MENTOR, ConsentKind.DISSEMINATION):
        answers = [consent for consent in consents if consent.kind == kind]
        live = next((consent for consent in answers if consent.is_live_on(day)), None)
        latest = live or (answers[0] if answers else None)
        found.append((kind, chip_of(latest, day) if latest else Chip("не записано", "no")))
    return found


def chip_of(consent: Consent, day: dt.date) -> Chip:
    state = consent.state_on(day)
    return Chip(state, STATE_CHIPS.get(state, ""))


def history_of(user: Any, person: Participant, consents: list[Consent]) -> Any:
    """The history, for those who may read it: it also tells of the curator's notes."""
    if not may(user, "mentorship.participant.history", person):
        return None
    return JournalEntry.objects.about(person, *consents)[:20]


def watchers() -> str:
    """Who may open a card besides its owner: «директор, куратор…»."""
    own = {Role.TEACHER, Role.MENTOR, Role.MENTEE}
    return ", ".join(Role(role).label.lower() for role in GRANTS[VIEW].reach if role not in own)


def shown_fields(consents: list[Consent], day: dt.date) -> str:
    """What the open section may show of the person now, in words; empty where nothing."""
    live = [one for one in consents if one.kind == ConsentKind.DISSEMINATION and one.is_live_on(day)]
    return ", ".join(field.label for field in PublicField if live and field in live[0].fields)


@requires(CHANGE, Participant)
def participant_forms(request: CabinetRequest, person: Participant) -> HttpResponse:
    form = NameFormsForm(request.POST or None, participant=person)
    if request.method == "POST" and form.is_valid():
        confirm_forms(participant=person, actor=request.user, forms=form.cleaned_data)
        messages.success(request, "Формы имени сохранены: так они будут стоять в приказах.")
        return redirect("participant_detail", person.pk)
    context = {
        "form": form,
        "person": person,
        "doubts": doubts_about(person),
        "crumbs": [*card_crumbs(person.pk, person.full_name), ("Формы имени", "")],
    }
    return render(request, "mentorship/participant_forms.html", context)


@requires(CHANGE, Participant)
def post_new(request: CabinetRequest, person: Participant) -> HttpResponse:
    form = PostForm(request.POST or None, instance=Post(participant=person))
    if request.method == "POST" and form.is_valid():
        add_post(participant=person, actor=request.user, **form.cleaned_data)
        messages.success(request, "Должность записана.")
        return redirect("participant_detail", person.pk)
    crumbs = [*card_crumbs(person.pk, person.full_name), ("Новая должность", "")]
    return render(request, "mentorship/post_new.html", {"form": form, "person": person, "crumbs": crumbs})


@requires(CHANGE, Post, related=("participant",))
def post_end(request: CabinetRequest, post: Post) -> HttpResponse:
    form = EndPostForm(request.POST or None)
    person = post.participant
    if request.method == "POST" and form.is_valid():
        try:
            end_post(post=post, actor=request.user, ends_on=form.cleaned_data["ends_on"])
        except Refused as refusal:
            form.add_error("ends_on", refusal.obstacles)
        else:
            messages.success(request, "Последний день в должности записан.")
            return redirect("participant_detail", person.pk)
    crumbs = [*card_crumbs(person.pk, person.full_name), ("Закончить должность", "")]
    return render(request, "mentorship/post_end.html", {"form": form, "post": post, "person": person, "crumbs": crumbs})


def list_crumb() -> tuple[str, str]:
    return ("Участники", reverse("participant_list"))


def card_crumbs(pk: int, name: str) -> list[tuple[str, str]]:
    return [list_crumb(), (name, reverse("participant_detail", args=[pk]))]
