"""A person asks to correct the own card; the curator accepts or declines; letters tell each side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from django.db import IntegrityError, transaction
from django.forms import ModelForm
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role, permit
from accounts.services.letters import write_letters
from core.journal import HIDDEN, Change, in_words, record
from core.transitions import Refused, move
from mentorship.models import CardRequest, Participant
from mentorship.models.histories import CORRECT
from mentorship.services.participants import CHANGE, change_participant

# What a person may ask to correct; the rest of the card is the school's own business.
CORRECTED = (
    "surname",
    "given_name",
    "patronymic",
    "phone",
    "email",
    "birth_year",
    "works_since",
    "qualification",
)
WAITS = "Ваша прежняя просьба ещё ждёт решения куратора. Отзовите её, если хотите изменить."
NOTHING_NEW = "Вы ничего не изменили: исправьте нужное поле."
CHANGED = "Пока страница была открыта, карточку изменили. Посмотрите, что в ней сейчас, и решите снова."


def as_text(value: Any) -> str:
    """A value as a form writes it: a date in ISO, nothing as an empty text."""
    return value.isoformat() if isinstance(value, dt.date) else "" if value is None else str(value)


def values_of(person: Participant, names: Iterable[str]) -> dict[str, str]:
    return {name: as_text(getattr(person, name)) for name in names}


def label_of(name: str) -> str:
    return str(Participant._meta.get_field(name).verbose_name).capitalize()  # type: ignore[union-attr]


def shown(name: str, text: str) -> str:
    """A value of `wanted` or `before` as people read it."""
    field: Any = Participant._meta.get_field(name)
    if field.choices and text:
        return str(dict(field.flatchoices).get(text, text))
    value = field.to_python(text) if text and isinstance(field.to_python(text), dt.date) else text
    return in_words(value)


@transaction.atomic
def ask_correction(*, form: ModelForm, comment: str, actor: User) -> CardRequest:
    """Put down what a valid form of the own card wants otherwise; the card itself does not change. Curators get a
    letter. Raises `Refused` where nothing differs or an earlier request still waits."""
    person = Participant.objects.locked().get(pk=form.instance.pk)
    permit(actor, CORRECT, person)
    asked = values_of(form.instance, CORRECTED)
    now = values_of(person, CORRECTED)
    wanted = {name: text for name, text in asked.items() if text != now[name]}
    if not wanted and not comment:
        raise Refused([NOTHING_NEW])
    before = {name: now[name] for name in wanted}
    try:
        with transaction.atomic():
            asking = CardRequest.objects.create(
                participant=person, wanted=wanted, before=before, comment=comment, asked_by=actor
            )
    except IntegrityError:
        raise Refused([WAITS]) from None
    record("mentorship.correction.ask", asking, actor=actor, text=f"{asking}.", changes=changes_of(before, wanted))
    tell_curators(asking)
    return asking


def changes_of(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """For the history, which keeps no contacts."""

    def words(name: str, text: str) -> str:
        return HIDDEN if text and name in Participant.VEILED else shown(name, text)

    return [
        Change(field=label_of(name), old=words(name, before[name]), new=words(name, text))
        for name, text in after.items()
    ]


def tell_curators(asking: CardRequest) -> None:
    organisation = asking.participant.organisation
    what = ", ".join(label_of(name).lower() for name in asking.wanted) or "см. пояснение"
    write_letters(
        User.objects.with_role(organisation, Role.CURATOR),
        subject="Просьба исправить карточку",
        body=f"{asking.participant}: {what}. Посмотрите, что было и что нужно, и примите или отклоните просьбу.",
        path=reverse("card_request_detail", args=[asking.pk]),
        organisation=organisation,
    )


@transaction.atomic
def accept_correction(
    *,
    asking: CardRequest,
    form: ModelForm,
    seen: Mapping[str, str],
    actor: User,
    renamed_on: dt.date | None = None,
) -> Participant:
    """Correct the card by a valid form of it that carries what is wanted, and answer the asker.

    `seen` are the values of the wanted fields that the curator had on the screen: if the card says something else by
    now, nothing is overwritten and `Refused` is raised.
    """
    permit(actor, CHANGE, asking)
    current = Participant.objects.locked().get(pk=asking.participant_id)
    if dict(seen) != values_of(current, asking.wanted):
        raise Refused([CHANGED])
    person = change_participant(form=form, actor=actor, renamed_on=renamed_on)
    decide(asking, "accept", actor, "Карточка исправлена, как вы просили.")
    return person


@transaction.atomic
def decline_correction(*, asking: CardRequest, reason: str, actor: User) -> None:
    """Leave the card as it is and tell the asker why."""
    permit(actor, CHANGE, asking)
    decide(asking, "decline", actor, reason)


def decide(asking: CardRequest, step: str, actor: User, answer: str) -> None:
    done = {"accept": "принята", "decline": "отклонена"}[step]
    text = f"Просьба исправить карточку {done}: {asking.participant}. {answer}"
    move(asking, step, actor=actor, text=text, answer=answer, decided_by=actor, decided_at=timezone.now())
    write_letters(
        [asking.asked_by],
        subject=f"Просьба исправить карточку {done}",
        body=answer,
        path=reverse("my_card"),
        organisation=asking.participant.organisation,
    )


@transaction.atomic
def cancel_correction(*, asking: CardRequest, actor: User) -> None:
    """The asker takes the request back while nobody has decided."""
    permit(actor, CORRECT, asking)
    move(asking, "cancel", actor=actor, decided_at=timezone.now())
