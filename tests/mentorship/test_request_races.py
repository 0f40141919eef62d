"""Real threads: two decisions on one request at once. One wins; without the compare-and-set both would."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest

from core import transitions
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Pair, PairRequest, RequestKind
from mentorship.models.requests import State
from mentorship.services.request_decisions import take_step
from orders.services import draft_order
from tests.mentorship.asking import release_draft, request_in, with_logins
from tests.mentorship.builders import params
from tests.mentorship.test_races import together

ROUNDS = 4


@pytest.fixture
def unlocked(transactional_db: None) -> None:
    """Every thread has its own connection and sees only what is committed."""


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    return with_logins(pair, people)


def decide_both(working: Pair, people) -> tuple[list[Any], int]:
    """The head agrees and refuses at one moment; what came of it, and how many decisions the history holds."""
    request = request_in(working, people, State.REFERRED)
    before = JournalEntry.objects.about(request).count()

    def act(step: str) -> Any:
        mine = PairRequest.objects.get(pk=request.pk)
        return lambda: take_step(request=mine, step=step, words="Так решено", actor=people.director)

    results = together(act("grant"), act("refuse"))
    return results, JournalEntry.objects.about(request).count() - before


def test_of_two_decisions_at_once_one_wins(unlocked, working, people) -> None:
    for _ in range(ROUNDS):
        results, written = decide_both(working, people)
        assert (sum(isinstance(one, Refused) for one in results), written) == (1, 1)


def test_without_compare_and_set_both_would_be_written(unlocked, working, people) -> None:
    def careless(obj: Any, name: str, *, actor: Any, text: str = "", **values: Any) -> None:
        step = obj.TRANSITIONS[name]
        type(obj)._base_manager.filter(pk=obj.pk).update(state=step.target, **values)
        transitions.record(step.action, obj, actor=actor, text=text)

    with mock.patch("mentorship.services.request_decisions.move", careless):
        results, written = decide_both(working, people)
    assert (sum(isinstance(one, Refused) for one in results), written) == (0, 2)


def test_author_withdraws_while_the_head_decides(unlocked, working, people) -> None:
    request = request_in(working, people, State.REFERRED)
    mine, heads = (PairRequest.objects.get(pk=request.pk) for _ in range(2))
    results = together(
        lambda: take_step(request=mine, step="cancel", actor=people.teacher),
        lambda: take_step(request=heads, step="refuse", words="Нет", actor=people.director),
    )
    assert sum(isinstance(one, Refused) for one in results) == 1


def test_two_drafts_at_once_hold_one_release(unlocked, working, people) -> None:
    granted = request_in(working, people, State.GRANTED, RequestKind.RELEASE)
    results = together(*[lambda: release_draft(people, granted)] * 2)
    assert sum(isinstance(one, Refused) for one in results) == 1
    chosen = {**params(), "requests": []}
    empty = draft_order(organisation=working.organisation, kind="release", params=chosen, actor=people.curator)
    assert PairRequest.objects.filter(order=empty).count() == 0
