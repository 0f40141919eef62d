"""Real threads: two people record the same interview, or plan one for the same card, at one moment."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError

from core.transitions import Refused
from mentorship.models import BankCard, BankRole, BankState, Conclusion, Interview
from mentorship.models.banks import BankCardQuerySet
from mentorship.models.participants import ParticipantQuerySet
from mentorship.services.interviews import Outcome, plan_interview, record_interview, record_now
from tests.mentorship.builders import day
from tests.mentorship.federal import banked
from tests.mentorship.test_races import together


@pytest.fixture
def found(transactional_db: None, mentor, people) -> BankCard:
    return banked(mentor, BankRole.MENTOR, people)


def said(conclusion: str) -> Outcome:
    return Outcome(held_on=day(0), conclusion=conclusion)


def refusals(results: list[Any]) -> list[Refused]:
    return [one for one in results if isinstance(one, Refused)]


def plan(card: BankCard, people) -> Interview:
    return plan_interview(card=card, planned_for=day(1), place="", interviewer=people.curator, actor=people.curator)


def test_two_records_of_one_interview_leave_one(found, people) -> None:
    interview = plan(found, people)
    BankCard.objects.filter(pk=found.pk).update(state=BankState.SELECTED)
    results = together(
        *(
            lambda conclusion=conclusion: record_interview(
                interview=Interview.objects.get(pk=interview.pk), outcome=said(conclusion), actor=people.curator
            )
            for conclusion in (Conclusion.RECOMMENDED, Conclusion.UNFIT)
        )
    )
    interview.refresh_from_db()
    state = {"recommended": BankState.SELECTED, "unfit": BankState.IN_BANK}[interview.conclusion]
    assert (len(refusals(results)), BankCard.objects.get().state) == (1, state)
    assert "проведено" in refusals(results)[0].obstacles[0]


def record_both_now(card: BankCard, people) -> list[Any]:
    return together(
        *(
            lambda: record_now(
                card=card, outcome=said(Conclusion.RECOMMENDED), interviewer=people.curator, actor=people.curator
            )
            for _ in range(2)
        )
    )


def test_two_records_at_once_of_an_unplanned_talk_leave_one(found, people) -> None:
    assert (len(refusals(record_both_now(found, people))), Interview.objects.count()) == (1, 1)


def test_two_plans_at_once_leave_one(found, people) -> None:
    results = together(lambda: plan(found, people), lambda: plan(found, people))
    assert (len(refusals(results)), Interview.objects.planned().count()) == (1, 1)
    assert "уже назначено" in refusals(results)[0].obstacles[0]


def test_without_locks_the_database_alone_keeps_the_second_plan_out(found, people) -> None:
    def try_plan() -> Any:
        try:
            return plan(found, people)
        except IntegrityError as error:
            return str(error)

    unlocked = lambda self: self.order_by("pk")  # noqa: E731 - two classes lose the same method
    with (
        mock.patch.object(ParticipantQuerySet, "locked", unlocked),
        mock.patch.object(BankCardQuerySet, "locked", unlocked),
        mock.patch("mentorship.services.interviews.planning_faults", return_value=[]),
    ):
        results = together(try_plan, try_plan)
    assert sum(isinstance(one, str) and "interview_one_planned" in one for one in results) == 1
    assert Interview.objects.planned().count() == 1


def test_without_locks_and_checks_the_same_talk_is_written_twice(found, people) -> None:
    """What the lock and the question after it are there for."""
    with mock.patch("mentorship.services.interviews.unplanned_faults", return_value=[]):
        results = record_both_now(found, people)
    assert (len(refusals(results)), Interview.objects.count()) == (0, 2)
