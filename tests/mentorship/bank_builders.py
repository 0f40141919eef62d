"""What the tests of the banks are built from: cards in a given state, pairs in force, the addresses."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from mentorship.models import STANDING, BankCard, BankRole, BankState, ConsentKind, Pair, PairState, Participant
from tests.mentorship.builders import agree, approved_order, day, form_pair

LIST, NEW = "/cabinet/banks/", "/cabinet/banks/new/"
MENTOR, MENTEE = BankRole.MENTOR, BankRole.MENTEE


def bank_card(person: Participant, role: str = MENTOR, state: str = BankState.CANDIDATE, **more: Any) -> BankCard:
    """A card in the state, in the bank since long ago where the state asks for it."""
    since = day(-30) if state in STANDING else None
    return BankCard.objects.create(participant=person, role=role, state=state, **{"entered_on": since, **more})


def consented(person: Participant, actor: User, role: str = MENTOR, state: str = BankState.IN_BANK) -> BankCard:
    """A card whose person has agreed to the processing."""
    agree(person, ConsentKind.PROCESSING, actor)
    return bank_card(person, role, state)


def pair_of(mentor: Participant, mentee: Participant, people: Any, state: str = "", **more: Any) -> Pair:
    """A pair in a state, by an approved order where it needs one."""
    pair = form_pair(mentor, [mentee], people.curator, **more)
    if state in (PairState.ACTIVE, PairState.CLOSED):
        order = approved_order(mentor.organisation, people, f"пара {pair.pk}")
        Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)
    if state == PairState.CLOSED:
        Pair.objects.filter(pk=pair.pk).update(state=PairState.CLOSED, closing_ground="term")
    pair.refresh_from_db()
    return pair
