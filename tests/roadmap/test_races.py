"""Real threads: two drafts and two approvals of the same papers. Each guard with what happens without it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import IntegrityError, connection

from accounts.models import Organisation
from core.transitions import Refused
from orders.kinds import KINDS
from orders.models import LocalAct, Order, OrderState, Series
from orders.services import act_terms
from roadmap import order_kinds
from roadmap.models import Roadmap, RoadmapState
from tests.mentorship.builders import day
from tests.roadmap.builders import KIND, approve, draft, make_act, params, ready, submitted

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment, each with its own connection; results or exceptions, in order."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=20)
            results[place] = work()
        except (Refused, IntegrityError) as error:
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


class Crossroads:
    """Lets every thread look before any of them goes on; a thread that is held up by a lock is not waited for."""

    def __init__(self, travellers: int = 2) -> None:
        self.barrier = threading.Barrier(travellers)

    def after(self, look: Callable[..., Any]) -> Callable[..., Any]:
        def looked(*args: Any) -> Any:
            found = look(*args)
            try:
                self.barrier.wait(timeout=1)
            except threading.BrokenBarrierError:
                return found
            return found

        return looked


def kind_with(**changes: Any) -> Any:
    """The kind of the order with some of its functions replaced."""
    kind = KINDS[KIND]
    words = {name: getattr(kind, name) for name in kind.__dataclass_fields__}
    return mock.patch.dict(KINDS, {KIND: type(kind)(**{**words, **changes})})


def approve_both(orders: list[Order], people: Any, **changes: Any) -> list[Any]:
    """Both orders meet after their obstacles have been asked; each is in a book of its own."""
    for number, order in enumerate(orders):
        book = Series.objects.create(organisation=order.organisation, name=f"Книга {number}")
        Order.objects.filter(pk=order.pk).update(series=book)
    fresh = [Order.objects.get(pk=order.pk) for order in orders]
    crossroads = Crossroads()
    with kind_with(**{"obstacles": crossroads.after(KINDS[KIND].obstacles), **changes}):
        return together(
            *(
                lambda order=order, number=number: approve(order, people, str(number))
                for number, order in enumerate(fresh, 1)
            )
        )


def kinds_of(results: list[Any]) -> list[str]:
    return sorted(type(one).__name__ for one in results)


# --- Two drafts take one act ------------------------------------------------------------------------------------------
def draft_both(school: Organisation, people: Any) -> tuple[list[Any], LocalAct]:
    act = make_act(school)
    draft(people, make_act(school, "Другое"))  # the book of orders exists
    results = together(*(lambda: draft(people, LocalAct.objects.get(pk=act.pk)) for _ in range(2)))
    act.refresh_from_db()
    return results, act


def test_of_two_drafts_at_once_one_gets_the_act(school, people) -> None:
    results, act = draft_both(school, people)
    assert (kinds_of(results), Order.objects.count()) == (["Order", "Refused"], 2)
    assert act.order_id in [one.pk for one in results if isinstance(one, Order)]


def take_anyway(order: Order) -> None:
    """Hold without asking whether another order does."""
    LocalAct.objects.filter(pk=order.params["act"]).update(order=order)


def test_without_the_condition_one_draft_robs_the_other(school, people) -> None:
    with kind_with(hold=take_anyway):
        results, _ = draft_both(school, people)
    assert (kinds_of(results), Order.objects.count()) == (["Order", "Order"], 3)


# --- Two orders approve one act ---------------------------------------------------------------------------------------
def two_orders_on_one_act(school: Organisation, people: Any) -> list[Order]:
    """The second order was submitted with its own act and names the other's since: only the first may approve it."""
    act = make_act(school)
    first, second = submitted(people, act), submitted(people, make_act(school, "Другое"))
    words, facts = params(act), Order.objects.get(pk=first.pk).facts
    Order.objects.filter(pk=second.pk).update(params=words, facts=facts)
    return [first, second]


def approved_orders() -> int:
    return Order.objects.filter(state=OrderState.APPROVED).count()


def test_of_two_orders_at_once_one_approves_the_act(school, people) -> None:
    results = approve_both(two_orders_on_one_act(school, people), people)
    assert (kinds_of(results), approved_orders()) == (["Order", "Refused"], 1)
    assert LocalAct.objects.get(state="in_force").order_id == results[0].pk


def test_the_act_itself_refuses_the_second_order(school, people) -> None:
    """Without the obstacles in words the service still looks whose the act is."""
    results = approve_both(two_orders_on_one_act(school, people), people, obstacles=lambda order: [])
    assert (kinds_of(results), approved_orders()) == (["Order", "Refused"], 1)


def bring_anyway(*, act: LocalAct, order: Order, first_day: Any, actor: Any) -> None:
    """Bring into force without asking who holds the act."""
    LocalAct.objects.filter(pk=act.pk, state="draft").update(state="in_force", in_force_from=first_day, order=order)


def test_without_the_guards_two_orders_approve_one_act(school, people) -> None:
    orders = two_orders_on_one_act(school, people)
    with mock.patch.object(order_kinds, "bring_into_force", bring_anyway):
        results = approve_both(orders, people, obstacles=lambda order: [])
    assert (kinds_of(results), approved_orders()) == (["Order", "Order"], 2)


# --- Two acts of one kind, two roadmaps of one year -------------------------------------------------------------------
def two_acts(school: Organisation, people: Any) -> list[Order]:
    return [submitted(people, make_act(school, title)) for title in ("Первое", "Второе")]


def states(model: type[LocalAct] | type[Roadmap]) -> list[str]:
    return sorted(model.objects.values_list("state", flat=True))


def test_of_two_acts_at_once_the_second_supersedes_the_first(school, people) -> None:
    results = approve_both(two_acts(school, people), people)
    assert (kinds_of(results), states(LocalAct)) == (["Order", "Order"], ["in_force", "superseded"])


def test_without_the_lock_the_second_act_fails_on_the_constraint(school, people) -> None:
    orders = two_acts(school, people)
    with mock.patch.object(act_terms, "record_state", Crossroads().after(act_terms.record_state)):
        results = approve_both(orders, people, lock=lambda order: None)
    assert kinds_of(results) == ["IntegrityError", "Order"]


def two_roadmaps(school: Organisation, people: Any) -> list[Order]:
    plans = [ready(school, "Первая", -100, 200), ready(school, "Вторая", 0, 300)]
    return [submitted(people, roadmap=plan) for plan in plans]


def test_of_two_roadmaps_at_once_the_second_replaces_the_first(school, people) -> None:
    results = approve_both(two_roadmaps(school, people), people)
    assert (kinds_of(results), states(Roadmap)) == (["Order", "Order"], ["approved", "replaced"])


def test_without_the_lock_two_roadmaps_of_one_year_are_in_force(school, people) -> None:
    orders, crossroads = two_roadmaps(school, people), Crossroads()
    original = type(Roadmap.objects.all()).overlapping

    def search(self: Any, roadmap: Roadmap) -> Any:
        return crossroads.after(lambda: list(original(self, roadmap)))()

    with mock.patch.object(type(Roadmap.objects.all()), "overlapping", search):
        approve_both(orders, people, lock=lambda order: None)
    assert states(Roadmap) == ["approved", "approved"]
    covering = Roadmap.objects.approved().filter(starts_on__lte=day(50), ends_on__gte=day(50))
    assert covering.filter(state=RoadmapState.APPROVED).count() == 2
