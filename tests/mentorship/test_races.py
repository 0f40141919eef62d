"""Real threads: two orders for one period, a withdrawal during approval. Each law with what happens without it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.core.exceptions import ValidationError
from django.db import connection, transaction

from core.transitions import Refused
from mentorship.models import Consent, ConsentKind, Pair, PairMember, PairState
from mentorship.models.participants import ParticipantQuerySet
from mentorship.order_kinds import pairs as order_kinds
from mentorship.services.consents import withdraw_consent
from orders.models import Order, OrderState
from tests.mentorship.builders import approve, day, form_pair, submitted

ROUNDS = 6


@pytest.fixture
def unlocked(transactional_db: None) -> None:
    """Every thread has its own connection and sees only what is committed."""


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start at one moment; each gives its result or its refusal."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=20)
            results[place] = act()
        except (Refused, ValidationError) as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


# --- Two open periods -------------------------------------------------------------------------------------------------
def twins(pair: Pair, people) -> list[Order]:
    """Two orders wait for the head; each brings the same people into force for overlapping days."""
    twin = form_pair(pair.mentor, pair.mentees, people.curator, starts_on=day(-3), ends_on=day(150))
    return [submitted(people, pair), submitted(people, twin)]


def approve_both(orders: list[Order], people) -> list[Any]:
    fresh = [Order.objects.get(pk=order.pk) for order in orders]
    return together(
        *(
            lambda order=order, number=number: approve(order, people, str(number))
            for number, order in enumerate(fresh, 1)
        )
    )


def open_periods() -> int:
    return PairMember.objects.filter(state=PairState.ACTIVE).count()


def test_two_orders_at_once_open_one_period(unlocked, pair: Pair, people) -> None:
    results = approve_both(twins(pair, people), people)
    refusals = [one for one in results if isinstance(one, Refused)]
    assert (open_periods(), len(refusals)) == (1, 1)
    assert "уже закреплены" in refusals[0].obstacles[0]
    assert Order.objects.filter(state=OrderState.APPROVED, title="О закреплении наставнических пар").count() == 1


def test_the_database_alone_keeps_the_second_period_out(unlocked, pair: Pair, people) -> None:
    """Without the check in words the constraint still refuses, and is still told in words."""
    orders = twins(pair, people)
    with mock.patch.object(Pair, "faults", return_value=[]):
        results = approve_both(orders, people)
    assert (open_periods(), sum(isinstance(one, Refused) for one in results)) == (1, 1)


def test_two_periods_open_without_constraint_and_lock(unlocked, pair: Pair, people) -> None:
    orders = twins(pair, people)
    constraint = next(one for one in PairMember._meta.constraints if one.name == "pair_one_period_at_a_time")
    with connection.schema_editor() as editor:
        editor.remove_constraint(PairMember, constraint)
    try:
        with mock.patch.object(Pair, "faults", return_value=[]):
            approve_both(orders, people)
        assert open_periods() == 2
    finally:
        close_everything()
        with connection.schema_editor() as editor:
            editor.add_constraint(PairMember, constraint)


def close_everything() -> None:
    """Make room for the constraint again."""
    sql("ALTER TABLE mentorship_pair DISABLE TRIGGER USER")
    sql("UPDATE mentorship_pair SET state = 'dissolved'")
    sql("ALTER TABLE mentorship_pair ENABLE TRIGGER USER")


# --- A consent withdrawn while its order is being approved ------------------------------------------------------------
class Meeting:
    """Lets the withdrawal begin when the approval has looked at the consents, and gives it time to finish."""

    def __init__(self) -> None:
        self.looked, self.withdrawn = threading.Event(), threading.Event()

    def approve(self, order: Order, people) -> Any:
        seen = order_kinds.pairs_obstacles

        def look(order: Order) -> list[str]:
            found = seen(order)
            self.looked.set()
            self.withdrawn.wait(timeout=1)
            return found

        # The last look, when the order has its date already.
        with mock.patch.object(order_kinds, "pairs_obstacles", look):
            return approve(order, people)

    def withdraw(self, consent: Consent, people) -> Any:
        self.looked.wait(timeout=10)
        withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
        self.withdrawn.set()
        return "withdrawn"


def race(pair: Pair, people) -> tuple[bool, bool]:
    """Whether the pair came into force, and whether at that moment the consent had already been withdrawn."""
    order = Order.objects.get(pk=submitted(people, pair).pk)
    consent = Consent.objects.get(pair=pair, kind=ConsentKind.PAIR, withdrawn_on=None)
    meeting = Meeting()
    finished: list[str] = []

    def approval() -> Any:
        result = meeting.approve(order, people)
        finished.append("approved")
        return result

    def withdrawal() -> Any:
        result = meeting.withdraw(consent, people)
        finished.append("withdrawn")
        return result

    together(approval, withdrawal)
    approved = Pair.objects.get(pk=pair.pk).state == PairState.ACTIVE
    return approved, bool(finished) and finished[0] == "withdrawn"


def test_withdrawal_waits_for_the_approval_it_meets(unlocked, pair: Pair, people) -> None:
    assert race(pair, people) == (True, False)


def test_without_the_lock_the_order_stands_on_a_withdrawn_consent(unlocked, pair: Pair, people) -> None:
    with mock.patch.object(ParticipantQuerySet, "locked", lambda self: self.order_by("pk")):
        assert race(pair, people) == (True, True)


def test_approval_and_withdrawal_at_once_never_both(unlocked, mentor, mentee, second, people) -> None:
    """Whoever is first wins: the approval after a withdrawal is refused, a withdrawal after it comes too late."""
    outcomes = set()
    for number in range(ROUNDS):
        people_of_pair = [mentee] if number % 2 else [mentee, second]
        pair = form_pair(mentor, people_of_pair, people.curator, starts_on=day(-300 - number), ends_on=day(-150))
        order = Order.objects.get(pk=submitted(people, pair).pk)
        consent = Consent.objects.get(pair=pair, participant=mentee, kind=ConsentKind.PAIR)
        moment: list[str] = []

        def approval(order: Order = order, number: int = number, moment: list[str] = moment) -> None:
            with transaction.atomic():
                approve(order, people, str(number + 1))
                moment.append("approved")

        def withdrawal(consent: Consent = consent, moment: list[str] = moment) -> None:
            with transaction.atomic():
                withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
                moment.append("withdrawn")

        together(approval, withdrawal)
        in_force = Pair.objects.get(pk=pair.pk).state == PairState.ACTIVE
        assert in_force == (moment[0] == "approved")
        outcomes.add(moment[0])
        release(pair)
    assert outcomes <= {"approved", "withdrawn"}


def release(pair: Pair) -> None:
    """Free the days for the next round."""
    sql("ALTER TABLE mentorship_pair DISABLE TRIGGER USER")
    Pair.objects.filter(pk=pair.pk).update(state=PairState.DISSOLVED)
    sql("ALTER TABLE mentorship_pair ENABLE TRIGGER USER")
