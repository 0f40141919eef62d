"""Real threads: a consent withdrawn while its person enters the bank, two curators opening the same card."""

from __future__ import annotations

import threading
from typing import Any
from unittest import mock

from core import transitions
from mentorship.models import BankCard, Consent, Participant
from mentorship.models.participants import ParticipantQuerySet
from mentorship.services.banks import enter_bank, open_card
from mentorship.services.consents import withdraw_consent
from tests.mentorship.bank_builders import MENTOR, consented
from tests.mentorship.builders import day
from tests.mentorship.test_races import together, unlocked

__all__ = ["unlocked"]


def race(mentor: Participant, people: Any) -> tuple[str, bool]:
    """The withdrawal begins when the entry has looked at the consents; the state of the card afterwards."""
    card = consented(mentor, people.curator, state="candidate")
    consent = Consent.objects.get()
    looked, withdrawn = threading.Event(), threading.Event()
    seen = transitions.obstacles_of

    def look(obj: Any, name: str) -> list[str]:
        found = seen(obj, name)
        if name == "enter":
            looked.set()
            withdrawn.wait(timeout=1)
        return found

    def enter() -> None:
        # The last look, just before the step.
        with mock.patch.object(transitions, "obstacles_of", look):
            enter_bank(card=card, actor=people.curator)

    def withdraw() -> None:
        looked.wait(timeout=10)
        withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
        withdrawn.set()

    together(enter, withdraw)
    live = Consent.objects.live(day(0)).exists()
    return BankCard.objects.get().state, live


def test_withdrawal_waits_for_the_entry_and_takes_the_person_out_again(unlocked, mentor, people) -> None:
    assert race(mentor, people) == ("candidate", False)


def test_without_the_lock_somebody_stands_in_the_bank_without_a_consent(unlocked, mentor, people) -> None:
    with mock.patch.object(ParticipantQuerySet, "locked", lambda self: self.order_by("pk")):
        assert race(mentor, people) == ("in_bank", False)


def test_one_card_is_opened_by_two_curators_at_once(unlocked, mentor, people) -> None:
    opened = together(*[lambda: open_card(participant=mentor, role=MENTOR, actor=people.curator)] * 2)
    refusals = [one.obstacles for one in opened if not isinstance(one, BankCard)]
    assert (BankCard.objects.count(), refusals) == (1, [["Карточка в этом банке уже есть: Верескова\u00a0А.\u00a0П."]])
