"""An order about pairs that another order cancels: the pairs end, nothing is deleted."""

from __future__ import annotations

import datetime as dt

import pytest

from core.models import JournalEntry
from mentorship.models import Pair, PairMember, PairState
from orders import services
from tests.mentorship.builders import approve, day, submitted
from tests.orders.conftest import params


def cancel(people, order, on: dt.date | None = None, since: dt.date | None = None):
    chosen = params(
        target=order.pk, reason="в связи с отъездом наставника", effective_on=since.isoformat() if since else None
    )
    new = services.draft_order(
        organisation=order.organisation, kind="cancellation", params=chosen, actor=people.curator
    )
    services.submit_order(order=new, actor=people.curator)
    services.approve_order(order=new, number="99", date=on or day(0), actor=people.director)
    return new


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    """A pair in force since ten days ago."""
    approve(submitted(people, pair), people)
    pair.refresh_from_db()
    return pair


def test_working_pair_ends_on_the_day_before(working: Pair, people) -> None:
    planned = working.ends_on
    cancel(people, working.order)
    working.refresh_from_db()
    assert (working.state, working.ends_on, working.planned_ends_on) == (PairState.CLOSED, day(-1), planned)
    assert PairMember.objects.get(pair=working).ends_on == day(-1)
    assert working.closing_reason == f"приказ {working.order.requisites} отменён"
    assert JournalEntry.objects.about(working).filter(text__contains="Пара прекращена").count() == 1


def test_cancellation_from_a_later_day_leaves_the_days_before(working: Pair, people) -> None:
    cancel(people, working.order, since=day(30))
    working.refresh_from_db()
    assert (working.state, working.ends_on) == (PairState.CLOSED, day(29))


def test_pair_that_is_over_stays_as_it_was(working: Pair, people) -> None:
    last = working.ends_on
    cancel(people, working.order, since=last + dt.timedelta(days=1))
    working.refresh_from_db()
    assert (working.state, working.ends_on) == (PairState.ACTIVE, last)


def test_head_is_told_what_ends(working: Pair, people) -> None:
    chosen = params(target=working.order_id, reason="в связи с отъездом")
    new = services.draft_order(
        organisation=working.organisation, kind="cancellation", params=chosen, actor=people.curator
    )
    assert f"Пара {working.title} прекратится {day(-1):%d.%m.%Y}." in new.kind_entry.effects(new)
