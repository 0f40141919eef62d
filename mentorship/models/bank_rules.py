"""The banks as law: their two roles, the states of a card, what stands in the way of entering and of leaving."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.models import Q

from accounts.permissions import today
from mentorship.models.consents import Consent, ConsentKind
from mentorship.models.needs import sentence
from mentorship.models.pairs import Pair, PairState
from mentorship.models.participants import Participant

if TYPE_CHECKING:
    from mentorship.models.banks import BankCard

VOLUNTARY = "Участие добровольное — нужно новое согласие, подписанное позже отказа."


class BankRole(models.TextChoices):
    MENTOR = "mentor", "Наставник"
    MENTEE = "mentee", "Наставляемый"


class BankState(models.TextChoices):
    """What is stored; consent, pair and questionnaire states are read from their own records."""

    CANDIDATE = "candidate", "кандидат"
    IN_BANK = "in_bank", "в банке"
    INTERVIEWED = "interviewed", "собеседование пройдено"
    SELECTED = "selected", "отобран"
    TRAINED = "trained", "обучен"
    REFUSED = "refused", "отказ"
    ARCHIVED = "archived", "в архиве"


OPEN_PAIRS = (PairState.FORMING, PairState.ACTIVE)
STANDING = frozenset({BankState.IN_BANK, BankState.INTERVIEWED, BankState.SELECTED, BankState.TRAINED})


def entry_obstacles(card: BankCard) -> list[str]:
    """Why the person cannot stand in the bank: gone, no consent, or a refusal that nothing has taken back."""
    person = card.participant
    answers = list(Consent.objects.filter(participant=person, kind__in=[ConsentKind.PROCESSING, ConsentKind.MENTOR]))
    gone = [f"{person.short_name}: последний день в организации — {person.left_on:%d.%m.%Y}."] if person.left_on else []
    return gone + processing_obstacles(card, answers) + mentoring_obstacles(card, answers)


def processing_obstacles(card: BankCard, answers: Iterable[Consent]) -> list[str]:
    """A live consent to processing is needed: a minor's signed by the representative, younger than any refusal."""
    person, day = card.participant, today()
    live = [one for one in answers if one.kind == ConsentKind.PROCESSING and one.is_live_on(day)]
    if not live:
        return [f"Нет согласия на обработку персональных данных: {person.short_name} — запишите подписанное согласие."]
    if not any(is_signed_for(person, one) for one in live):
        return [
            f"{person.short_name} — несовершеннолетний участник: нужно согласие законного представителя, "
            "а с 14 лет — и подпись самого участника."
        ]
    if card.refused_on and all(one.signed_on <= card.refused_on for one in live):
        return [f"{person.short_name}: записан отказ от {card.refused_on:%d.%m.%Y}. {VOLUNTARY}"]
    return []


def is_signed_for(person: Participant, consent: Consent) -> bool:
    """Whether everybody has signed whom the age on that day asks for: the representative, from 14 on both."""
    day = consent.signed_on
    if not person.is_minor_on(day):
        return True
    return bool(consent.representative) and (consent.own_signature or not person.signs_too_on(day))


def mentoring_obstacles(card: BankCard, answers: Iterable[Consent]) -> list[str]:
    """A refusal to work as a mentor keeps the person out of the bank of mentors until a later consent."""
    latest = next((one for one in answers if one.kind == ConsentKind.MENTOR), None)
    if card.role != BankRole.MENTOR or latest is None or latest.answer != Consent.Answer.REFUSED:
        return []
    name = card.participant.short_name
    return [f"{name}: записан отказ от работы наставником от {latest.signed_on:%d.%m.%Y}. {VOLUNTARY}"]


def archive_obstacles(card: BankCard) -> list[str]:
    """A card stays in the bank while its person is in a pair that is being formed or works."""
    mine = Q(mentor=card.participant) if card.role == BankRole.MENTOR else Q(members__mentee=card.participant)
    pair = Pair.objects.filter(mine, state__in=OPEN_PAIRS).first()
    if pair is None:
        return []
    step = "расформируйте" if pair.state == PairState.FORMING else "завершите"
    return [sentence(f"Сначала {step} пару: {pair.title}")]


def only(role: BankRole) -> Any:
    """Obstacle of a step that belongs to one of the two banks."""
    words = {BankRole.MENTOR: "Этот шаг — только для наставников.", BankRole.MENTEE: "Этот шаг — для наставляемых."}
    return lambda card: [] if card.role == role else [words[role]]
