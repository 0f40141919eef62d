"""Pairs at work for tests of the board: approved, with meetings and programmes."""

from __future__ import annotations

from typing import Any

from accounts.models import User
from mentorship.models import Activity, Meeting, Pair, PairState, Programme
from orders.models import Order
from tests.mentorship.builders import approved_order, day


def at_work(pair: Pair, people: Any, **changes: Any) -> Pair:
    """The pair as an approved order leaves it, whatever its consents."""
    order = Order.objects.filter(organisation=pair.organisation, number="1").first()
    values = {"state": PairState.ACTIVE, "order": order or approved_order(pair.organisation, people), **changes}
    Pair.objects.filter(pk=pair.pk).update(**values)
    return Pair.objects.get(pk=pair.pk)


def met(pair: Pair, offset: int, user: User, state: str = "held") -> Meeting:
    more = {"minutes": 45, "cancel_reason": "болезнь" if state == "cancelled" else ""}
    return Meeting.objects.create(pair=pair, state=state, day=day(offset), entered_by=user, **more)


def the_school() -> int:
    """The organisation of the pairs of a test."""
    return Pair.objects.values_list("organisation", flat=True)[0]


def programme(pair: Pair, state: str = "approved", **more: Any) -> Programme:
    values = {"version": int(state == "approved"), "starts_on": pair.starts_on, "ends_on": pair.ends_on, **more}
    return Programme.objects.create(
        organisation=pair.organisation, pair=pair, title="Первый год", state=state, **values
    )


def activity(of: Programme, offset: int, state: str = "planned", **more: Any) -> Activity:
    more.setdefault("approved_due_on", day(offset) if of.version else None)
    return Activity.objects.create(
        programme=of, title=more.pop("title", "Урок"), due_on=day(offset), state=state, **more
    )
