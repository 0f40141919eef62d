"""What follows a consent by law: duties with terms opened by withdrawals and conditions, and their execution."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.permissions import permit, today
from core.journal import SECRET, Change, record
from core.transitions import Refused, move
from mentorship.models import (
    AFTER_WITHDRAWAL,
    BankCard,
    Consent,
    ConsentKind,
    Interview,
    LegalDuty,
    MeetingNote,
    Pair,
    PairState,
    Participant,
    Pulse,
    Resource,
    appointments_of,
    calendar_from,
    due_on,
)
from mentorship.models.needs import sentence
from mentorship.services.histories import delete_later

CHANGE = "mentorship.duty.change"
SHOWN_BY_PORTAL = "Условия и запреты показывает сам открытый раздел портала."
# What the portal keeps of a person besides the name, the posts and the consents, which orders and the law still need.
BANK_DATA = ("request", "achievements", "interests", "wishes", "time_resource", "support", "outcome", "story_url")


def open_duty(consent: Consent, kind: LegalDuty.Kind, since: dt.date, actor: User, done: str = "") -> LegalDuty:
    """A new duty with its term counted by the production calendar; `done` says how it is already fulfilled."""
    fulfilled = {"done_on": today(), "done_by": actor, "note": done} if done else {}
    duty = LegalDuty.objects.create(
        consent=consent, kind=kind, since=since, due_on=due_on(kind, since, calendar_from(since)), **fulfilled
    )
    text = sentence(f"{duty.get_kind_display()}: {duty.deadline}, {consent.participant.short_name}")
    record("mentorship.duty.open", duty, actor=actor, text=text)
    return duty


def open_for_conditions(*, consent: Consent, actor: User) -> LegalDuty | None:
    """Conditions and bans are to be published. Of a mentor whom only the open section shows it shows them too."""
    if consent.kind != ConsentKind.DISSEMINATION or not consent.limits:
        return None
    leads = Pair.objects.in_force(today()).filter(mentor=consent.participant_id).exists()
    by_portal = SHOWN_BY_PORTAL if leads and consent.resources == [Resource.SECTION] else ""
    return open_duty(consent, LegalDuty.Kind.PUBLISH_CONDITIONS, consent.signed_on, actor, by_portal)


def open_after_withdrawal(*, consent: Consent, person: Participant, actor: User) -> str:
    """What stops at once stops here; what takes time becomes a duty. Returns the duty in a sentence, or nothing."""
    kind = ConsentKind(consent.kind)
    if kind == ConsentKind.PROCESSING:
        leave_banks(person, actor)
    if kind == ConsentKind.PHOTO:
        drop_photo(person, actor)
    wanted = duty_after(consent)
    if wanted is None:
        return ""
    duty = open_duty(consent, wanted, consent.withdrawn_on or today(), actor)
    return f"{duty.get_kind_display()}: {duty.deadline}."


def duty_after(consent: Consent) -> LegalDuty.Kind | None:
    """What the withdrawal obliges to; a consent to work only while there is a pair or an appointment to end by an
    order."""
    pairs = Pair.objects.filter(state=PairState.ACTIVE)
    if consent.kind == ConsentKind.PAIR and not pairs.filter(consents=consent).exists():
        return None
    if consent.kind == ConsentKind.MENTOR and not pairs.filter(mentor=consent.participant_id).exists():
        return AFTER_WITHDRAWAL[ConsentKind.MENTOR] if is_appointed(consent.participant) else None
    return AFTER_WITHDRAWAL[ConsentKind(consent.kind)]


def is_appointed(person: Participant) -> bool:
    """Whether an order makes the person a mentor today or from a later day."""
    return any(one.is_open_on(today()) for one in appointments_of([person])[person.pk])


def leave_banks(person: Participant, actor: User) -> None:
    """Without a consent to processing nobody stands in a bank."""
    for card in BankCard.objects.standing().locked().filter(participant=person):
        move(card, "lose_consent", actor=actor)


def drop_photo(person: Participant, actor: User) -> None:
    """Take the photograph off the card at once, and off the disk as soon as the transaction holds."""
    if not person.photo:
        return
    storage, name = person.photo.storage, person.photo.name
    Participant.objects.filter(pk=person.pk).update(photo="")
    delete_later(storage, name)
    text = "Фотография удалена: согласие отозвано."
    record("mentorship.participant.photo", person, actor=actor, text=text)


@transaction.atomic
def fulfil_duty(*, duty: LegalDuty, actor: User, note: str) -> None:
    """Mark a duty as done today, saying how. Destroying also empties the person's card and bank cards.

    Raises `Refused` where it is already done, or where the person still works in a pair and cannot be forgotten.
    """
    permit(actor, CHANGE, duty)
    person = Participant.objects.locked().get(pk=duty.consent.participant_id)
    if duty.kind == LegalDuty.Kind.DESTROY:
        destroy(person, actor)
    rows = LegalDuty.objects.filter(pk=duty.pk, done_on=None)
    if not rows.update(done_on=today(), done_by=actor, note=note):
        raise Refused(["Отметка уже стоит."])
    changes = [Change(field="Сделано", old="—", new=f"{today():%d.%m.%Y}"), Change(field="Как", old="—", new=note)]
    text = sentence(f"Исполнено: {duty.get_kind_display().lower()}, {person.short_name}")
    record(CHANGE, duty, actor=actor, text=text, changes=changes)


def destroy(person: Participant, actor: User) -> None:
    """Empty what the portal keeps of the person, unless a newer consent allows to keep it."""
    if Consent.objects.live(today()).filter(participant=person, kind=ConsentKind.PROCESSING).exists():
        return
    if pair := Pair.objects.of(person).filter(state__in=[PairState.FORMING, PairState.ACTIVE]).for_cards().first():
        raise Refused(
            [f"Сначала завершите пару: {sentence(pair.title)} Пока она работает, данные нужны для приказа о ней."]
        )
    drop_photo(person, actor)
    empty = {"phone": "", "email": "", "note": "", "qualification": "", "works_since": None}
    Participant.objects.filter(pk=person.pk).update(**empty, birth_date=None, birth_year=None)
    cards = BankCard.objects.filter(participant=person)
    for card in cards:
        card.competences.clear()
        card.difficulties.clear()
    cards.update(**dict.fromkeys(BANK_DATA, ""))
    Interview.objects.filter(card__participant=person).update(record="", place="")
    Pulse.objects.filter(participant=person).delete()
    if person.user_id is not None:
        MeetingNote.objects.filter(author=person.user_id, meeting__pair__in=Pair.objects.of(person).order_by()).delete()
    changes = [Change(field="Персональные данные", old=SECRET, new="уничтожены")]
    text = sentence(f"Уничтожены персональные данные: {person.short_name}")
    record("mentorship.participant.destroy", person, actor=actor, text=text, changes=changes)
