"""Several people at once, with real threads; beside each guard the same race without it."""

from __future__ import annotations

import datetime as dt
import random
import threading
import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.db import connection, transaction
from django.db.models import Max

from core.transitions import Refused
from orders import services
from orders.models import Order, OrderFile, OrderState
from orders.services import approval, files
from tests.orders import memo

pytestmark = pytest.mark.django_db(transaction=True)
DAY = dt.date(2022, 9, 1)
WRITERS, EACH, LOST = 8, 5, 0.2


class Lost(Exception):
    """A writer whose transaction ends badly."""


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run all at the same moment, each with its own connection; results or exceptions, in order."""
    barrier = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=30)
            results[place] = work()
        except Exception as error:  # noqa: BLE001 - whatever happened is the result
            results[place] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return results


def approve_many(orders: Sequence[Order], actor: Any, seed: int) -> tuple[int, int]:
    """Approve one after another, some of them in transactions that fail; returns (approved, refused)."""
    fate, done, refused = random.Random(seed), 0, 0
    for order in orders:
        try:
            with transaction.atomic():
                services.approve_order(order=order, number="", date=DAY, actor=actor)
                if fate.random() < LOST:
                    raise Lost
            done += 1
        except Lost:
            continue
        except (ValidationError, Refused):
            refused += 1
    return done, refused


def race_for_numbers(make, book, actor) -> tuple[list[int], int, int]:
    """All ordinals given, how many approvals succeeded, how many were refused."""
    batches = [[make(book) for _ in range(EACH)] for _ in range(WRITERS)]
    works = [lambda batch=batch, seed=seed: approve_many(batch, actor, seed) for seed, batch in enumerate(batches)]
    results = together(*works)
    assert not [one for one in results if isinstance(one, Exception)]
    ordinals = Order.objects.approved().filter(series=book).order_by("ordinal").values_list("ordinal", flat=True)
    return list(ordinals), sum(done for done, _ in results), sum(refused for _, refused in results)


def test_numbers_of_a_kept_book_have_neither_gaps_nor_duplicates(submitted, kept_series, people):
    ordinals, done, refused = race_for_numbers(submitted, kept_series, people.director)
    assert ordinals == list(range(1, done + 1))
    assert refused == 0
    assert 0 < done < WRITERS * EACH


def test_reading_the_highest_number_instead_gives_duplicates(submitted, kept_series, people, monkeypatch):
    def naive(series, year):
        last = Order.objects.filter(series=series, year=year).aggregate(last=Max("ordinal"))["last"] or 0
        time.sleep(0.02)
        return last + 1

    monkeypatch.setattr(approval, "take", naive)
    _, _, refused = race_for_numbers(submitted, kept_series, people.director)
    assert refused > 0


def test_a_sequence_instead_leaves_gaps(submitted, kept_series, people, monkeypatch):
    def from_sequence(series, year):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('naive_numbers')")
            return cursor.fetchone()[0]

    with connection.cursor() as cursor:
        cursor.execute("CREATE SEQUENCE naive_numbers")
    monkeypatch.setattr(approval, "take", from_sequence)
    try:
        ordinals, done, _ = race_for_numbers(submitted, kept_series, people.director)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP SEQUENCE naive_numbers")
    assert ordinals != list(range(1, done + 1))


def approvals_at_once(order: Order, actor: Any) -> list[Any]:
    def approve(number: str) -> str:
        mine = Order.objects.get(pk=order.pk)
        services.approve_order(order=mine, number=number, date=DAY, actor=actor)
        return number

    return together(lambda: approve("1"), lambda: approve("2"))


def test_one_order_is_approved_once(submitted, people):
    order = submitted()
    results = approvals_at_once(order, people.director)
    won = [one for one in results if isinstance(one, str)]
    lost = [one for one in results if isinstance(one, Refused)]
    assert (len(won), len(lost)) == (1, 1)
    assert Order.objects.get(pk=order.pk).number == won[0]
    assert memo.calls.count(("apply", order.pk)) == 1


def test_reading_the_state_without_lock_and_comparison_approves_twice(submitted, people, monkeypatch):
    order = submitted()

    def naive_move(obj, name, *, actor, text="", **values):
        assert Order.objects.get(pk=obj.pk).state == OrderState.SUBMITTED
        time.sleep(0.3)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
        Order.objects.filter(pk=obj.pk).update(state=OrderState.APPROVED, **values)

    monkeypatch.setattr(approval, "lock_order", lambda order: None)
    monkeypatch.setattr(approval, "move", naive_move)
    monkeypatch.setattr(approval, "tell", lambda *words: None)
    # The counter of the book would put the two one after the other.
    monkeypatch.setattr(approval, "numbered", lambda order, number, year: (number, None))
    results = approvals_at_once(order, people.director)
    assert sorted(results, key=str) == ["1", "2"]
    assert memo.calls.count(("apply", order.pk)) == 2


def test_of_two_orders_with_one_number_the_second_gets_a_field_error(submitted, people):
    orders = [submitted(), submitted()]

    def approve(order: Order) -> str:
        services.approve_order(order=order, number="71-б", date=DAY, actor=people.director)
        return "approved"

    results = together(*(lambda order=order: approve(order) for order in orders))
    assert results.count("approved") == 1
    errors = [one for one in results if isinstance(one, ValidationError)]
    assert [list(one.message_dict) for one in errors] == [["number"]]
    assert Order.objects.approved().count() == 1


def files_at_once(order: Order, actor: Any) -> list[Any]:
    return together(*[lambda: services.order_file(order=order, format="docx", actor=actor)] * 4)


def on_disk() -> int:
    storage: Any = OrderFile._meta.get_field("file").storage  # type: ignore[union-attr]
    assert isinstance(storage, FileSystemStorage)
    return sum(len(storage.listdir(folder)[1]) for folder in storage.listdir("")[0])


def test_simultaneous_makers_give_one_file(approved, people):
    order, before = approved(), on_disk()
    results = files_at_once(order, people.director)
    assert len({one.pk for one in results}) == 1
    assert len({files.checked_content(one).read() for one in results}) == 1
    assert on_disk() == before + 1


def test_without_the_constraint_every_maker_leaves_a_file(approved, people):
    order, before = approved(), on_disk()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE orders_orderfile DROP CONSTRAINT order_file_once")
    try:
        results = files_at_once(order, people.director)
        assert len({one.pk for one in results}) == on_disk() - before > 1
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE orders_orderfile DISABLE TRIGGER USER")
            cursor.execute("TRUNCATE orders_orderfile")
            cursor.execute("ALTER TABLE orders_orderfile ENABLE TRIGGER USER")
            cursor.execute("ALTER TABLE orders_orderfile ADD CONSTRAINT order_file_once UNIQUE (order_id, format)")


LATE = (
    "INSERT INTO orders_clause (order_id, position, level, marker, fact, text, generated, edited, source_changed,"
    " removed) VALUES (%s, 9, 1, 'number', 'late', 'Поздно', '', false, false, false)"
)


def write_clause_during_approval(order: Order, actor: Any) -> list[Any]:
    """One approves and commits a moment later, the other writes a clause in between."""

    def approve() -> str:
        with transaction.atomic():
            services.approve_order(order=order, number="71-б", date=DAY, actor=actor)
            time.sleep(0.5)
        return "approved"

    def write() -> str:
        time.sleep(0.2)
        with connection.cursor() as cursor:
            cursor.execute(LATE, [order.pk])
        return "written"

    return together(approve, write)


def test_clause_written_during_an_approval_comes_too_late(submitted, people):
    results = write_clause_during_approval(submitted(), people.director)
    assert results[0] == "approved"
    assert "never change" in str(results[1])


def test_without_its_lock_the_guard_of_clauses_lets_one_through(submitted, people):
    order = submitted()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_functiondef('orders_keep_clauses'::regproc)")
        source = cursor.fetchone()[0]
        cursor.execute(source.replace(" FOR SHARE", "").replace("%", "%%"), [])
    try:
        assert write_clause_during_approval(order, people.director) == ["approved", "written"]
    finally:
        with connection.cursor() as cursor:
            cursor.execute(source.replace("%", "%%"), [])
