"""Actions on consents: recording a person's answer and withdrawing it; nothing is ever edited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role, permit, today
from accounts.services.letters import write_letters
from core.journal import Change, record
from core.transitions import Refused
from core.uploads import safe_name
from mentorship.models import PURPOSES, Consent, ConsentKind, Pair, Participant

Answer, Method = Consent.Answer, Consent.Method
EARLIEST = dt.date(2000, 1, 1)
NOTHING_TO_WITHDRAW = "Отказ не отзывают: если решение изменилось, запишите новое согласие более поздней датой."


@dataclass(frozen=True)
class Signed:
    """What the person has signed: the content of one consent or refusal.

    `shown` lists values of PublicField, for publication only; `representative` signs for a minor.
    """

    answer: str
    signed_on: dt.date
    method: str
    shown: Sequence[str] = field(default_factory=list)
    valid_until: dt.date | None = None
    representative: str = ""
    scan: File | None = None


@transaction.atomic
def record_consent(
    *, participant: Participant, kind: str, signed: Signed, actor: User, pair: Pair | None = None
) -> Consent:
    """Record a signed answer as a new row. An earlier live consent for the same purpose gives way to it.

    The person's row is locked, so that an order about them is approved before or after, never meanwhile.
    Raises `Refused` where the paper cannot be as described.
    """
    permit(actor, "mentorship.consent.record", participant)
    person = Participant.objects.locked().get(pk=participant.pk)
    earlier = list(Consent.objects.filter(participant=person, kind=kind, pair=pair))
    if faults := [*paper_faults(person, kind, signed, pair), *order_faults(earlier, signed)]:
        raise Refused(faults)
    replace_live(earlier, signed, actor)
    consent = Consent.objects.create(
        participant=person,
        kind=kind,
        pair=pair,
        answer=signed.answer,
        signed_on=signed.signed_on,
        method=signed.method,
        fields=sorted(signed.shown) if kind == ConsentKind.DISSEMINATION and signed.answer == Answer.GIVEN else [],
        valid_until=signed.valid_until,
        representative=signed.representative,
        scan=signed.scan or "",
        scan_name=safe_name(str(signed.scan.name)) if signed.scan else "",
        recorded_by=actor,
    )
    record("mentorship.consent.record", consent, actor=actor, text=f"{words_of(consent)}.")
    return consent


def words_of(consent: Consent) -> str:
    """«Записано согласие: Петров Б. В. — участие в паре, подписано 01.09.2026»."""
    what = "согласие" if consent.answer == Answer.GIVEN else "отказ"
    purpose = PURPOSES[ConsentKind(consent.kind)]
    return (
        f"Записано {what}: " if what == "согласие" else f"Записан {what}: "
    ) + f"{consent.participant.short_name} — {purpose}, подписано {consent.signed_on:%d.%m.%Y}"


def paper_faults(person: Participant, kind: str, signed: Signed, pair: Pair | None) -> list[str]:
    """What is wrong with the paper itself."""
    faults = []
    if signed.signed_on > today():
        faults.append("Дата подписи не может быть в будущем.")
    if signed.signed_on < EARLIEST:
        faults.append("Проверьте год подписи.")
    if signed.valid_until and signed.valid_until < signed.signed_on:
        faults.append("Срок согласия не может закончиться раньше подписи.")
    if person.is_minor_on(signed.signed_on) and not signed.representative:
        faults.append(f"{person.short_name} — несовершеннолетний участник: укажите законного представителя.")
    return faults + purpose_faults(person, kind, signed, pair)


def purpose_faults(person: Participant, kind: str, signed: Signed, pair: Pair | None) -> list[str]:
    """What the purpose requires besides: the fields to show, the pair to take part in."""
    if kind == ConsentKind.DISSEMINATION and signed.answer == Answer.GIVEN and not signed.shown:
        return ["Отметьте, что разрешено показывать на сайте: без этого публикация невозможна."]
    if kind == ConsentKind.PAIR and (pair is None or person not in pair.mentees):
        return ["Укажите пару, на участие в которой дано согласие."]
    return []


def order_faults(earlier: Sequence[Consent], signed: Signed) -> list[str]:
    """Why the answer cannot stand beside the earlier ones: a later answer is never overtaken by an older paper."""
    faults = []
    for consent in earlier:
        if consent.answer == Answer.REFUSED and signed.signed_on <= consent.signed_on:
            faults.append(f"Записан отказ от {consent.signed_on:%d.%m.%Y}: новый ответ должен быть подписан позже.")
        elif signed.signed_on < (consent.withdrawn_on or consent.signed_on):
            faults.append(
                f"Есть более поздняя запись от {consent.withdrawn_on or consent.signed_on:%d.%m.%Y}: "
                "новый ответ не может быть подписан раньше."
            )
    if signed.answer == Answer.REFUSED and any(consent.is_live_on(signed.signed_on) for consent in earlier):
        faults.append("Согласие уже дано и действует: чтобы прекратить его, оформите отзыв.")
    return faults[:1]


def replace_live(earlier: Sequence[Consent], signed: Signed, actor: User) -> None:
    """Close what the new consent replaces, so that exactly one paper speaks for a purpose."""
    if signed.answer != Answer.GIVEN:
        return
    for consent in earlier:
        if consent.is_live_on(signed.signed_on):
            reason = f"Заменено согласием от {signed.signed_on:%d.%m.%Y}."
            close(consent, signed.signed_on, reason)
            record("mentorship.consent.replace", consent, actor=actor, text=reason)


def close(consent: Consent, day: dt.date, reason: str) -> bool:
    """The only change a recorded consent allows, once; whether this call was the one that made it."""
    rows = Consent.objects.filter(pk=consent.pk, withdrawn_on=None)
    return bool(rows.update(withdrawn_on=day, withdrawal_reason=reason))


@transaction.atomic
def withdraw_consent(*, consent: Consent, actor: User, withdrawn_on: dt.date, reason: str) -> None:
    """Withdraw a consent from the day on; curators get a letter, and so does the person if somebody else did it.

    Takes the same lock as the approval of an order about the person. Raises `Refused` where there is nothing to
    withdraw or the day is impossible.
    """
    permit(actor, "mentorship.consent.withdraw", consent)
    person = Participant.objects.locked().get(pk=consent.participant_id)
    consent.refresh_from_db()
    if faults := withdrawal_faults(consent, withdrawn_on):
        raise Refused(faults)
    if not close(consent, withdrawn_on, reason):
        raise Refused(["Согласие уже отозвано."])
    purpose = PURPOSES[ConsentKind(consent.kind)]
    text = f"Отозвано согласие: {person.short_name} — {purpose}, с {withdrawn_on:%d.%m.%Y}."
    changes = [
        Change(field="Отозвано", old="—", new=f"{withdrawn_on:%d.%m.%Y}"),
        Change(field="Основание отзыва", old="—", new=reason or "—"),
    ]
    record("mentorship.consent.withdraw", consent, actor=actor, text=text, changes=changes)
    tell_about_withdrawal(person, text, actor)


def withdrawal_faults(consent: Consent, withdrawn_on: dt.date) -> list[str]:
    if consent.answer == Answer.REFUSED:
        return [NOTHING_TO_WITHDRAW]
    if consent.withdrawn_on:
        return [f"Согласие уже отозвано {consent.withdrawn_on:%d.%m.%Y}."]
    if withdrawn_on > today():
        return ["Дата отзыва не может быть в будущем."]
    if withdrawn_on < consent.signed_on:
        return [f"Согласие подписано {consent.signed_on:%d.%m.%Y}: отозвать его раньше нельзя."]
    return []


def tell_about_withdrawal(person: Participant, text: str, actor: User) -> None:
    body = f"{text} Проверьте пары и приказы, которые на него опираются; с сайта имя снято сразу."
    told = [*User.objects.with_role(person.organisation, Role.CURATOR).exclude(pk=actor.pk)]
    path = reverse("participant_detail", args=[person.pk])
    write_letters(told, subject="Отозвано согласие", body=body, path=path, organisation=person.organisation)
    if person.user and person.user != actor:
        own = reverse("my_card")
        write_letters(
            [person.user], subject="Отозвано ваше согласие", body=text, path=own, organisation=person.organisation
        )
