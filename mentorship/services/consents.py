"""Actions on consents: recording a person's answer and withdrawing it; nothing is ever edited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role, permit, today
from accounts.services.letters import write_letters
from core.journal import Change, record
from core.transitions import Refused
from core.uploads import safe_name
from mentorship.documents.consent_bodies import text_in_use
from mentorship.documents.consents import paper_html
from mentorship.models import PURPOSES, Consent, ConsentKind, ConsentRequest, Pair, Participant
from mentorship.services.consent_papers import Answer, Signed, order_faults, paper_faults
from mentorship.services.duties import open_after_withdrawal, open_for_conditions

NOTHING_TO_WITHDRAW = "Отказ не отзывают: если решение изменилось, запишите новое согласие более поздней датой."


@transaction.atomic
def record_consent(
    *, participant: Participant, kind: str, signed: Signed, actor: User, pair: Pair | None = None
) -> Consent:
    """Record a signed answer as a new row with the text that was signed. An earlier live consent for the same purpose
    gives way to it, an unanswered request is closed, conditions and bans open their legal term.

    The person's row is locked, so that an order about them is approved before or after, never meanwhile.
    Raises `Refused` where the paper cannot be as described.
    """
    permit(actor, "mentorship.consent.record", participant)
    person = Participant.objects.locked().get(pk=participant.pk)
    earlier = list(Consent.objects.filter(participant=person, kind=kind, pair=pair))
    if faults := paper_faults(person, kind, signed, pair) | order_faults(earlier, signed):
        raise Refused(faults.values())
    replace_live(earlier, signed, actor)
    consent = written(person, ConsentKind(kind), signed, pair, actor)
    record("mentorship.consent.record", consent, actor=actor, text=f"{words_of(consent)}.")
    waiting = ConsentRequest.objects.waiting().filter(participant=person, kind=kind, pair=pair)
    waiting.update(answered_by=consent)
    open_for_conditions(consent=consent, actor=actor)
    return consent


def written(person: Participant, kind: ConsentKind, signed: Signed, pair: Pair | None, actor: User) -> Consent:
    """The new row; what a purpose does not have, and what a refusal does not say, stays empty."""
    said = said_of(kind, signed) if signed.given else {}
    text = text_in_use(person, kind, signed.signed_on)
    signer = {
        "representative": signed.representative,
        "relation": signed.relation,
        "signed_on": signed.signed_on,
        "valid_until": signed.valid_until,
    }
    paper = paper_html(person, kind, pair, signed.signed_on, text, {**said, **signer})
    return Consent.objects.create(
        participant=person,
        kind=kind,
        pair=pair,
        answer=signed.answer,
        method=signed.method,
        own_signature=signed.own_signature,
        original_place=signed.original_place,
        text=text if signed.given and text.pk else None,
        signed_text=paper if signed.given else "",
        scan=signed.scan or "",
        scan_name=safe_name(str(signed.scan.name)) if signed.scan else "",
        recorded_by=actor,
        **said,
        **signer,
    )


def said_of(kind: ConsentKind, signed: Signed) -> dict[str, object]:
    """What the paper says for its purpose: names of Consent's fields → values."""
    public = kind == ConsentKind.DISSEMINATION
    resources = sorted(signed.resources) if kind in (ConsentKind.DISSEMINATION, ConsentKind.PHOTO) else []
    return {
        "fields": sorted(signed.shown) if public else [],
        "conditions": {name: text for name, text in signed.conditions.items() if text} if public else {},
        "resources": resources,
        "bans": signed.bans if resources else "",
        "terms": dict(signed.terms) if kind == ConsentKind.MENTOR else {},
    }


def words_of(consent: Consent) -> str:
    """«Записано согласие: Петров Б. В. — участие в паре, подписано 01.09.2026»."""
    what = "Записано согласие" if consent.answer == Answer.GIVEN else "Записан отказ"
    purpose = PURPOSES[ConsentKind(consent.kind)]
    return f"{what}: {consent.participant.short_name} — {purpose}, подписано {consent.signed_on:%d.%m.%Y}"


def replace_live(earlier: Sequence[Consent], signed: Signed, actor: User) -> None:
    """Close what the new consent replaces, so that exactly one paper speaks for a purpose."""
    if not signed.given:
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
    """Withdraw a consent from the day on: what it allowed stops at once, what the law demands besides becomes a duty
    with a term; curators get a letter, and so does the person if somebody else did it.

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
    consent.refresh_from_db()
    purpose = PURPOSES[ConsentKind(consent.kind)]
    text = f"Отозвано согласие: {person.short_name} — {purpose}, с {withdrawn_on:%d.%m.%Y}."
    changes = [
        Change(field="Отозвано", old="—", new=f"{withdrawn_on:%d.%m.%Y}"),
        Change(field="Основание отзыва", old="—", new=reason or "—"),
    ]
    record("mentorship.consent.withdraw", consent, actor=actor, text=text, changes=changes)
    duty = open_after_withdrawal(consent=consent, person=person, actor=actor)
    tell_about_withdrawal(consent, person, text, duty, actor)


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


def tell_about_withdrawal(consent: Consent, person: Participant, text: str, duty: str, actor: User) -> None:
    """The curators read what they have to do and until when, the person only what has happened."""
    told = [*User.objects.with_role(person.organisation, Role.CURATOR).exclude(pk=actor.pk)]
    words = " ".join(part for part in (text, duty, "Проверьте пары и приказы, которые на него опираются.") if part)
    path = reverse("consent_detail", args=[consent.pk])
    write_letters(told, subject="Отозвано согласие", body=words, path=path, organisation=person.organisation)
    if person.user and person.user != actor:
        own = reverse("my_card")
        write_letters(
            [person.user], subject="Отозвано ваше согласие", body=text, path=own, organisation=person.organisation
        )
