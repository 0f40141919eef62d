"""The database itself refuses to change approved papers; each guard is also switched off to see the harm."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, connection, transaction
from psycopg2.sql import SQL, Identifier

from orders import services
from orders.models import LocalAct, Order, OrderFile

DAY = dt.date(2022, 9, 1)
COLUMNS = [field.column for field in Order._meta.concrete_fields if field.name != "id"]


def run(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.rowcount


def refused(sql, *values):
    with pytest.raises(IntegrityError), transaction.atomic():
        run(sql, *values)


def disable(table):
    """Switch the guards of a table off; what deferred keys still have to check is checked now."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    run("SET CONSTRAINTS ALL DEFERRED")


def without_triggers(table, sql, *values):
    """The same statement with the guards of the table off; everything is rolled back."""
    with transaction.atomic():
        disable(table)
        changed = run(sql, *values)
        transaction.set_rollback(True)
    return changed


OTHER_VALUES = {
    "organisation_id": "organisation_id + 1",
    "series_id": "series_id + 1",
    "params": "'{\"a\": 1}'",
    "facts": "facts || '{\"a\": 1}'",
    "state": "'draft'",
    "drafted_by_id": "drafted_by_id + 1",
    "submitted_by_id": "NULL",
    "approved_by_id": "approved_by_id + 1",
    "ordinal": "ordinal + 1",
    "year": "year + 1",
    "version": "version + 1",
    "date": "date + 1",
    "drafted_at": "now()",
    "submitted_at": "now()",
    "approved_at": "now()",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_no_column_of_an_approved_order_changes(column, approved):
    order = approved()
    value = SQL(OTHER_VALUES.get(column, f"{column} || 'x'"))
    refused(SQL("UPDATE orders_order SET {} = {} WHERE id = %s").format(Identifier(column), value), order.pk)


def test_approved_order_is_neither_changed_nor_deleted_through_the_models(approved):
    order = approved()
    refused("DELETE FROM orders_order WHERE id = %s", order.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Order.objects.filter(pk=order.pk).update(title="Другое")
    assert without_triggers("orders_order", "UPDATE orders_order SET title = 'Другое' WHERE id = %s", order.pk) == 1


def test_orders_that_are_not_approved_may_change(submitted):
    order = submitted()
    assert Order.objects.filter(pk=order.pk).update(title="Другое") == 1


def test_clauses_of_an_approved_order_never_change(approved, draft):
    order, other = approved(), draft()
    statements = [
        ("UPDATE orders_clause SET text = 'Иначе' WHERE order_id = %s", order.pk),
        ("DELETE FROM orders_clause WHERE order_id = %s", order.pk),
        ("UPDATE orders_clause SET order_id = %s, fact = fact || 'x' WHERE order_id = %s", other.pk, order.pk),
        ("UPDATE orders_clause SET order_id = %s, fact = fact || 'x' WHERE order_id = %s", order.pk, other.pk),
        (
            "INSERT INTO orders_clause (order_id, position, level, marker, fact, text, generated, edited,"
            " source_changed, removed) VALUES (%s, 9, 1, 'number', 'late', 'Поздно', '', false, false, false)",
            order.pk,
        ),
    ]
    for sql, *values in statements:
        refused(sql, *values)
        assert without_triggers("orders_clause", sql, *values) > 0
    assert other.clauses.update(text="Можно") == other.clauses.count()


def test_files_stay_as_they_were_made_and_only_approved_orders_have_them(approved, draft, people):
    order, other = approved(), draft()
    services.order_file(order=order, format="pdf", actor=people.director)
    statements = [
        ("UPDATE orders_orderfile SET sha256 = 'x' WHERE order_id = %s", order.pk),
        ("DELETE FROM orders_orderfile WHERE order_id = %s", order.pk),
        (
            "INSERT INTO orders_orderfile (order_id, format, file, sha256, made_at)"
            " VALUES (%s, 'docx', 'a', 'b', now())",
            other.pk,
        ),
    ]
    for sql, value in statements:
        refused(sql, value)
        assert without_triggers("orders_orderfile", sql, value) == 1
    assert OrderFile.objects.count() == 1


def test_act_in_force_changes_only_by_giving_way(approved, school):
    act = LocalAct.objects.create(
        organisation=school, title="Положение", text="1. Общее", state="in_force", order=approved(), in_force_from=DAY
    )
    for column, value in (("title", "Иначе"), ("text", "Иначе"), ("kind", "council"), ("state", "draft")):
        sql = SQL("UPDATE orders_localact SET {} = %s WHERE id = %s").format(Identifier(column))
        refused(sql, value, act.pk)
        assert without_triggers("orders_localact", sql, value, act.pk) == 1
    refused("DELETE FROM orders_localact WHERE id = %s", act.pk)
    assert LocalAct.objects.filter(pk=act.pk).update(state="superseded") == 1
    refused("UPDATE orders_localact SET state = 'in_force' WHERE id = %s", act.pk)


def test_order_is_approved_only_with_number_date_and_signer(submitted):
    order = submitted()
    refused("UPDATE orders_order SET state = 'approved' WHERE id = %s", order.pk)
    refused("UPDATE orders_order SET number = '1', year = 2022 WHERE id = %s", order.pk)


def test_number_is_unique_in_the_book_and_the_year_whatever_its_letters(approved, series, kept_series):
    order = approved("71-б", DAY)
    assert approved("71-б", dt.date(2023, 9, 1)).number == order.number
    other = approved("72-б", DAY)
    sql = "UPDATE orders_order SET number = '71-Б' WHERE id = %s"
    with transaction.atomic():
        disable("orders_order")
        with pytest.raises(IntegrityError, match="order_number_once"), transaction.atomic():
            run(sql, other.pk)
        run("DROP INDEX order_number_once")
        assert run(sql, other.pk) == 1
        transaction.set_rollback(True)


@pytest.mark.parametrize("table", ["orders_order", "orders_clause", "orders_orderfile", "orders_localact"])
def test_tables_of_approved_papers_are_never_emptied(table, approved):
    approved()
    run("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match="never emptied"), transaction.atomic():
        run(f"TRUNCATE {table} CASCADE")
    with transaction.atomic():
        for one in ("orders_order", "orders_clause", "orders_orderfile", "orders_localact"):
            disable(one)
        run("SET CONSTRAINTS ALL IMMEDIATE")
        run(f"TRUNCATE {table} CASCADE")
        transaction.set_rollback(True)
