"""Queries whose SQL is made once: the same answers as the query itself gives, asked anew every time."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from django.db import connection, transaction
from django.db.models import QuerySet

from accounts.models import Organisation
from core.journal import record
from core.models import JournalEntry
from core.prepared import columns, prepared


def schools_of(town: int, name: str) -> QuerySet[Organisation, Any]:
    rows = Organisation.objects.filter(parent=town, name__lte=name).order_by("name")
    return rows.values_list("slug", "accent", "pk")


def test_answers_are_those_of_the_query(town, school, other_school) -> None:
    asked = prepared(schools_of)
    for name in ("МБОУ «Школа № 17» г. Приозёрска", "МБОУ «Канарейкинская школа»", "А", "100 %s"):
        assert asked(town.pk, name) == list(schools_of(town.pk, name))
        assert asked(town=town.pk, name=name) == asked(town.pk, name=name) == asked(town.pk, name)
    assert [slug for slug, *_ in asked(town.pk, "Я")] == ["canary", "school17"]
    assert asked(school.pk, "Я") == []


def test_every_call_asks_the_database(town, school, django_assert_num_queries) -> None:
    asked = prepared(schools_of)
    assert [slug for slug, *_ in asked(town.pk, "Я")] == ["school17"]
    Organisation.objects.filter(pk=school.pk).update(slug="other")
    with django_assert_num_queries(1):
        assert [slug for slug, *_ in asked(town.pk, "Я")] == ["other"]


def test_query_is_built_once(town) -> None:
    built = []

    @prepared
    def schools(town: int) -> QuerySet[Organisation, Any]:
        built.append(town)
        return Organisation.objects.filter(parent=town).values_list("slug")

    for number in (town.pk, 0, town.pk):
        schools(number)
    assert len(built) == 1


def test_texts_of_the_driver_become_values_of_the_fields(people, school) -> None:
    changes = [{"field": "Название", "old": "", "new": "Школа"}]
    record("core.test", school, text="Проба", actor=people.curator, changes=changes)

    @prepared
    def entries(text: str) -> QuerySet[JournalEntry, Any]:
        return JournalEntry.objects.filter(text=text).values_list("changes", "text")

    assert entries("Проба") == [(changes, "Проба")]


def statements() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_prepared_statements WHERE name LIKE 'portal%%'")
        return {name for (name,) in cursor.fetchall()}


def test_connection_learns_a_query_once_and_keeps_it_after_a_rollback(town, school) -> None:
    asked = prepared(lambda town: Organisation.objects.filter(parent=town, head_name__gt="").values_list("slug"))
    before = statements()
    with transaction.atomic():
        asked(town.pk)
        transaction.set_rollback(True)
    learnt = statements() - before
    assert [asked(town.pk) for _ in range(2)] == [[("school17",)]] * 2
    assert (len(learnt), statements() - before) == (1, learnt)


@pytest.mark.django_db(transaction=True)
def test_fresh_connection_learns_the_query_anew() -> None:
    asked = prepared(lambda slug: Organisation.objects.filter(slug=slug).values_list("slug"))
    assert asked("school17") == []
    connection.close()
    assert (asked("school17"), len(statements())) == ([], 1)


def test_argument_that_the_query_does_not_ask_for_is_left_out(town, school) -> None:
    asked = prepared(lambda town, unused: Organisation.objects.filter(parent=town).values_list("slug"))
    assert asked(town.pk, None) == [("school17",)]


def test_arguments_cannot_be_looked_into() -> None:
    @prepared
    def first(number: int) -> QuerySet[Organisation, Any]:
        return Organisation.objects.values_list("pk")[:number]

    with pytest.raises(TypeError):
        first(3)


@pytest.mark.django_db(transaction=True)
def test_threads_share_the_query_but_neither_arguments_nor_connections() -> None:
    @prepared
    def said(words: str) -> QuerySet[Organisation, Any]:
        return Organisation.objects.filter(name=words).values_list("name")

    for name in "абвг":
        values = {"full_name": name, "place": "г. Приозёрск", "head_name": "Иванов И. И."}
        Organisation.objects.create(slug=name, name=name, **values)
    answers: dict[str, set[Any]] = {}

    def ask(name: str) -> None:
        answers[name] = {tuple(said(name)) for _ in range(20)}
        connection.close()

    threads = [threading.Thread(target=ask, args=[name]) for name in "абвг"]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert answers == {name: {((name,),)} for name in "абвг"}


def test_columns_stand_in_the_order_of_the_model(school) -> None:
    wanted = columns(Organisation, "accent", "name", "slug", "id")
    assert wanted == ["id", "slug", "name", "accent"]
    [row] = Organisation.objects.filter(pk=school.pk).values_list(*wanted)
    found = Organisation.from_db(None, wanted, row)
    assert (found.slug, found.name, found.accent) == (school.slug, school.name, school.accent)
    [whole] = Organisation.objects.filter(pk=school.pk).values_list(*columns(Organisation))
    assert vars(Organisation.from_db("default", columns(Organisation), whole)).keys() == vars(school).keys()


def test_column_left_out_is_read_when_asked_for(school, django_assert_num_queries) -> None:
    found = Organisation.from_db(None, columns(Organisation, "id"), [school.pk])
    with django_assert_num_queries(1):
        assert found.head_name == school.head_name
