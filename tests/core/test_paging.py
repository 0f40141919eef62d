"""Long lists page by page: the same rows whichever end they are reached from."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from core import paging
from core.paging import page_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def groups() -> None:
    Group.objects.bulk_create(Group(name=f"{number:02}") for number in range(23))


def names(number: object, rows=None) -> list[str]:
    request = RequestFactory().get("/", {"page": number})
    return [group.name for group in page_of(request, Group.objects.order_by("name") if rows is None else rows, 5)]


def every_page() -> list[list[str]]:
    return [names(number) for number in range(1, 6)]


def test_pages_are_the_same_from_either_end(groups, monkeypatch) -> None:
    from_the_beginning = every_page()
    monkeypatch.setattr(paging, "LONG", 1)
    assert every_page() == from_the_beginning
    assert from_the_beginning[4] == ["20", "21", "22"]


def test_second_half_is_reached_from_the_end(groups, monkeypatch) -> None:
    monkeypatch.setattr(paging, "LONG", 1)
    counted = {}
    for number in (1, 5):
        with CaptureQueriesContext(connection) as captured:
            names(number)
        counted[number] = (len(captured), "DESC" in captured[1]["sql"], "OFFSET" in captured[1]["sql"])
    assert counted == {1: (2, False, False), 5: (2, True, False)}


def test_pages_in_the_middle_find_their_keys_first(groups, monkeypatch) -> None:
    monkeypatch.setattr(paging, "LONG", 1)
    rows = Group.objects.order_by("name")
    sql = str(page_of(RequestFactory().get("/", {"page": 2}), rows, 5).object_list.query)
    assert (sql.count("SELECT"), "DESC" in sql, "OFFSET 5" in sql) == (2, False, True)


def test_lists_are_left_to_the_library(groups, monkeypatch) -> None:
    monkeypatch.setattr(paging, "LONG", 1)
    assert names(5, list(Group.objects.order_by("name"))) == ["20", "21", "22"]


@pytest.mark.parametrize("number", ["-1", "0", "10000000000000000000", "нет", ""])
def test_wrong_number_is_the_nearest_page(groups, monkeypatch, number) -> None:
    monkeypatch.setattr(paging, "LONG", 1)
    assert names(number)[0] in ("00", "20")


def test_page_remains_a_query(groups, monkeypatch) -> None:
    """Views ask further about the people of a page, whichever half it is from."""
    monkeypatch.setattr(paging, "LONG", 1)
    request = RequestFactory().get("/", {"page": 5})
    page = page_of(request, Group.objects.order_by("name"), 5)
    assert list(page.object_list.values_list("name", flat=True)) == ["20", "21", "22"]
