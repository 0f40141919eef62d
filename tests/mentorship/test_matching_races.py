"""Real threads: two curators take the last place of one mentor at once."""

from __future__ import annotations

import contextlib
import threading
from typing import Any
from unittest import mock

from mentorship.models import BankCard, Pair
from mentorship.models.banks import BankCardQuerySet
from mentorship.services import matching
from mentorship.services.matching import Terms, accept
from tests.mentorship.bank_builders import MENTEE, MENTOR
from tests.mentorship.builders import card, day
from tests.mentorship.matched import search, stands, topic
from tests.mentorship.test_races import together, unlocked

__all__ = ["unlocked"]


def race(school: Any, people: Any) -> tuple[int, list[list[str]]]:
    """Both have read how many places there are before either forms a pair, unless the second has to wait.

    How many pairs there are afterwards, and what was refused.
    """
    mentor = stands(card(school, "Дубов Пётр Ильич"), people, MENTOR, "discipline", capacity=2)
    mentees = [stands(card(school, f"{name} Пётр Ильич"), people, MENTEE, "discipline") for name in ("Сойкин", "Чижов")]
    run = search(school, people)
    assert len(run.result["proposals"]) == 2
    BankCard.objects.filter(pk=mentor.pk).update(capacity=1)
    meeting, known = threading.Barrier(2), matching.field_of

    def read(*args: Any) -> Any:
        found = known(*args)
        with contextlib.suppress(threading.BrokenBarrierError):
            meeting.wait(timeout=1.5)
        return found

    terms = Terms(direction=topic(), starts_on=day(0), ends_on=day(200))
    with mock.patch.object(matching, "field_of", read):
        results = together(
            *(
                lambda one=one: accept(run=run, mentees=[one.participant_id], terms=terms, actor=people.curator)
                for one in mentees
            )
        )
    return Pair.objects.count(), [words for _, refused in results for words in refused.values()]


def test_last_place_is_taken_once(unlocked, school, people, reference) -> None:
    assert race(school, people) == (1, [["Дубов\u00a0П.\u00a0И.: свободных мест больше нет."]])


def test_without_the_lock_one_place_is_taken_twice(unlocked, school, people, reference) -> None:
    with mock.patch.object(BankCardQuerySet, "locked", lambda self: self.order_by("pk")):
        assert race(school, people) == (2, [])
