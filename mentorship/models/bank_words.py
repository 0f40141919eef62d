"""The state of a bank card in words: what is stored and what follows from consents, pairs and the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q

from mentorship.models.appointments import Appointment, appointments_of
from mentorship.models.bank_rules import OPEN_PAIRS, BankRole, BankState
from mentorship.models.banks import BankCard
from mentorship.models.consent_states import ConsentState, KindState, states_of
from mentorship.models.consents import ConsentKind
from mentorship.models.lights import Chip, Light, light
from mentorship.models.pairs import PairMember, PairState
from mentorship.models.participants import Participant

KINDS = {BankState.CANDIDATE: "", BankState.REFUSED: "no", BankState.ARCHIVED: ""}
OUT = (BankState.REFUSED, BankState.ARCHIVED)
# The consents that matter in each bank.
ASKED_OF = {
    BankRole.MENTOR: (ConsentKind.PROCESSING, ConsentKind.MENTOR, ConsentKind.DISSEMINATION),
    BankRole.MENTEE: (ConsentKind.PROCESSING, ConsentKind.DISSEMINATION),
}
States = dict[str, KindState]


@dataclass(frozen=True)
class Period:
    """One mentee's time in a pair, as the pair's mentor and mentee see it."""

    state: str
    starts_on: dt.date
    ends_on: dt.date
    mentee: int

    def is_in_force_on(self, day: dt.date) -> bool:
        return self.state == PairState.ACTIVE and self.starts_on <= day <= self.ends_on


@dataclass(frozen=True)
class CardWords:
    """What a list says of a card; `free` is how many more people a mentor could lead, never below zero."""

    chips: list[Chip]
    lights: list[Light]
    free: int
    lacks_consent: bool


def words_of_cards(cards: Iterable[BankCard], day: dt.date) -> dict[int, CardWords]:
    """Words of everybody on a page: pk → words, two queries, three where there are mentors; the cards come with
    their participants."""
    cards = list(cards)
    states = states_of([card.participant for card in cards], day)
    periods = periods_of(cards)
    held = appointments_of(card.participant for card in cards if card.role == BankRole.MENTOR)
    return {
        card.pk: words_of(card, states[card.participant_id], periods[card.pk], appointments_for(card, held), day)
        for card in cards
    }


def appointments_for(card: BankCard, held: Mapping[int, Sequence[Appointment]]) -> Sequence[Appointment]:
    return held[card.participant_id] if card.role == BankRole.MENTOR else ()


def words_of(
    card: BankCard, states: States, periods: Sequence[Period], held: Sequence[Appointment], day: dt.date
) -> CardWords:
    return CardWords(
        chips=chips_of_card(card, states[ConsentKind.PROCESSING], periods, held, day),
        lights=lights_of(card.role, states),
        free=free_places(card, periods),
        lacks_consent=not states[ConsentKind.PROCESSING].holds,
    )


def lights_of(role: str, states: States) -> list[Light]:
    return [light(kind, states[kind]) for kind in ASKED_OF[BankRole(role)]]


def bank_lights(people: Iterable[Participant], role: str, day: dt.date) -> dict[int, list[Light]]:
    """The lights that matter in a bank for everybody on a page: pk → lights; one query."""
    return {pk: lights_of(role, states) for pk, states in states_of(people, day).items()}


def periods_of(cards: Sequence[BankCard]) -> dict[int, list[Period]]:
    """The periods of each card's person in the card's role; one query."""
    people = {card.participant_id for card in cards}
    found: dict[tuple[str, int], list[Period]] = {}
    rows = PairMember.objects.filter(Q(mentor__in=people) | Q(mentee__in=people)).exclude(state=PairState.DISSOLVED)
    for row in rows.order_by("ends_on"):
        period = Period(row.state, row.starts_on, row.ends_on, row.mentee_id)
        found.setdefault((BankRole.MENTOR, row.mentor_id), []).append(period)
        found.setdefault((BankRole.MENTEE, row.mentee_id), []).append(period)
    return {card.pk: found.get((card.role, card.participant_id), []) for card in cards}


def free_places(card: BankCard, periods: Sequence[Period]) -> int:
    led = {period.mentee for period in periods if period.state in OPEN_PAIRS}
    return max(card.capacity - len(led), 0)


def chips_of_card(
    card: BankCard, consent: KindState, periods: Sequence[Period], held: Sequence[Appointment], day: dt.date
) -> list[Chip]:
    """The stored state first, then what it lacks, the appointment, the pairs, and how fresh the card is."""
    chips = [Chip(card.get_state_display(), KINDS.get(BankState(card.state), "ok"))]
    if card.state in OUT:
        return chips
    if not consent.holds:
        asked = consent.state == ConsentState.ASKED
        chips.append(Chip("согласие запрошено", "wait") if asked else Chip("нет согласия", "no"))
    chips += appointment_chips(held, day)
    chips += pair_chips(card, periods, day)
    if card.is_outdated_on(day):
        chips.append(Chip("сведения устарели", "late"))
    if card.long_term:
        chips.append(Chip("долгосрочная база"))
    return chips


def appointment_chips(held: Sequence[Appointment], day: dt.date) -> list[Chip]:
    """An order that makes the person a mentor: in force, or from a later day."""
    if any(one.holds_on(day) for one in held):
        return [Chip("назначен наставником", "ok")]
    coming = [one.since for one in held if one.is_open_on(day)]
    return [Chip(f"назначен наставником с {min(coming):%d.%m.%Y}", "go")] if coming else []


def pair_chips(card: BankCard, periods: Sequence[Period], day: dt.date) -> list[Chip]:
    """What the pairs say: in force, appointed, expired, forming, completed; a mentee whom nobody leads."""
    in_force = [period for period in periods if period.is_in_force_on(day)]
    chips = [Chip(f"в паре до {period.ends_on:%d.%m.%Y}", "ok") for period in in_force[-1:]]
    active = [period for period in periods if period.state == PairState.ACTIVE]
    if coming := [period.starts_on for period in active if period.starts_on > day]:
        chips.append(Chip(f"назначен приказом с {min(coming):%d.%m.%Y}", "go"))
    if any(period.ends_on < day for period in active):
        chips.append(Chip("срок пары истёк", "late"))
    if any(period.state == PairState.FORMING for period in periods):
        chips.append(Chip("в потенциальной паре", "wait"))
    if not chips and any(period.state == PairState.CLOSED for period in periods):
        chips.append(Chip("программа завершена"))
    if card.stands and card.role == BankRole.MENTEE and not in_force:
        chips.append(Chip("без наставника", "wait"))
    return chips
