"""Real threads: two approvals about one pair at once. One wins, and what happens without the guards."""

from __future__ import annotations

from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, connection

from core.transitions import Refused
from mentorship.models import Extension, Pair, PairMember, PairState
from mentorship.models.pairs import PairQuerySet
from mentorship.models.participants import ParticipantQuerySet
from mentorship.order_kinds import ending as ending_kind
from mentorship.order_kinds import extension as extension_kind
from mentorship.order_kinds import replacement as replacement_kind
from mentorship.services.pair_endings import finish_pair
from orders.models import Order, OrderState
from orders.services import submit_order
from tests.mentorship.builders import approve, day, form_pair, submitted
from tests.mentorship.pair_life import agreed_extension, ending, extending, in_force, replacing
from tests.mentorship.test_races import together

KINDS = {"ending": ending_kind, "replacement": replacement_kind, "extension": extension_kind}


@pytest.fixture
def unlocked(transactional_db: None) -> None:
    """Every thread has its own connection and sees only what is committed."""


@pytest.fixture
def working(unlocked, pair: Pair, people) -> Pair:
    return in_force(pair, people)


def ready(order: Order, people) -> Order:
    submit_order(order=order, actor=people.curator)
    return Order.objects.get(pk=order.pk)


TRIGGERS = ("pair_closed_is_final", "pair_changes_by_order")


def both(people, *orders: Order) -> list[Any]:
    numbered = enumerate(orders, start=1)
    return together(*(lambda order=order, n=n: approve(order, people, f"пара-{n}") for n, order in numbered))


def outcome(results: list[Any], orders: list[Order]) -> tuple[int, int]:
    approved = Order.objects.filter(pk__in=[one.pk for one in orders], state=OrderState.APPROVED).count()
    return approved, sum(isinstance(one, Refused) for one in results)


def made(kind: str, working: Pair, second, people) -> Order:
    """An order of the kind about the pair that waits for the head."""
    if kind == "ending":
        return ready(ending(people, working), people)
    if kind == "replacement":
        return ready(replacing(people, working, second)[1], people)
    return ready(extending(people, agreed_extension(people, working)), people)


@pytest.mark.parametrize(
    "kinds",
    [("ending", "ending"), ("ending", "replacement"), ("ending", "extension"), ("replacement", "extension")],
    ids="-".join,
)
def test_of_two_approvals_about_one_pair_one_wins(working: Pair, second, people, kinds) -> None:
    orders = [made(kind, working, second, people) for kind in kinds]
    results = both(people, *orders)
    assert outcome(results, orders) == (1, 1)
    assert [words for one in results if isinstance(one, Refused) for words in one.obstacles] != []


def test_without_obstacles_and_locks_the_transition_alone_lets_one_win(working: Pair, people) -> None:
    orders = [ready(ending(people, working, last_day=day(n)), people) for n in (5, 9)]
    with blind():
        assert outcome(both(people, *orders), orders) == (1, 1)


def test_without_any_guard_the_second_order_moves_the_end_again(working: Pair, people) -> None:
    """With the states that a step may start from widened, two orders both end the pair: the last one counts."""
    orders = [ready(ending(people, working, last_day=day(n)), people) for n in (-5, -3)]
    step = Pair.TRANSITIONS["finish"]
    wide = type(step)(step.label, frozenset(PairState), step.target, step.action, step.done)

    def end(order: Order) -> None:
        pair = Pair.objects.get(pk=working.pk)
        finish_pair(pair=pair, order=order, ending=ending_kind.ending_of(order), actor=people.director)

    for name in TRIGGERS:
        sql(f"ALTER TABLE mentorship_pair DISABLE TRIGGER {name}")
    try:
        end(orders[0])
        with pytest.raises(Refused):
            end(orders[1])
        with mock.patch.dict(Pair.TRANSITIONS, {"finish": wide}):
            end(orders[1])
    finally:
        for name in TRIGGERS:
            sql(f"ALTER TABLE mentorship_pair ENABLE TRIGGER {name}")
    assert Pair.objects.get(pk=working.pk).ends_on == day(-3)


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


class blind:  # noqa: N801 - a context, read as a word
    """Nobody asks for obstacles, nobody locks people and pairs."""

    def __enter__(self) -> None:
        unasked = [mock.patch.object(kind, "obstacles", return_value=[]) for kind in KINDS.values()]
        open_rows = [
            mock.patch.object(rows, "locked", lambda self: self.order_by("pk"))
            for rows in (ParticipantQuerySet, PairQuerySet)
        ]
        self.patches = [*unasked, *open_rows]
        for patch in self.patches:
            patch.start()

    def __exit__(self, *error: object) -> None:
        for patch in self.patches:
            patch.stop()


def test_two_extensions_into_the_same_days_open_one_period(working: Pair, people) -> None:
    """A pair extended and a new pair of the same people brought into force meet on the same days."""
    order = made("extension", working, None, people)
    twin = form_pair(working.mentor, working.mentees, people.curator, starts_on=day(201), ends_on=day(320))
    fixing = Order.objects.get(pk=submitted(people, twin).pk)
    orders = [order, fixing]
    results = both(people, *orders)
    assert outcome(results, orders) == (1, 1)
    assert not any(isinstance(one, IntegrityError) for one in results)
    assert (
        PairMember.objects.filter(state=PairState.ACTIVE, starts_on__lte=day(220), ends_on__gte=day(220)).count() == 1
    )
    assert Extension.objects.count() == 1
