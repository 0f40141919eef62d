"""Numbers: proposed, kept without gaps, typed, and given outside the portal."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.exceptions import ValidationError

from core.transitions import Refused
from orders import services
from orders.models import Counter, Order, Series
from orders.models.numbering import validate_template
from orders.services.numbering import clean_number, gaps, propose, skipped
from tests.orders import memo

DAY = dt.date(2022, 9, 1)


@pytest.mark.parametrize(
    ("template", "number", "ordinal"),
    [
        ("{n}-б", "71-б", 71),
        ("{n}", "14/2", 14),
        ("2022/{n}", "2022/15", 15),
        ("{n}-б", "б-71", None),
        ("од-{n}", "71", None),
        ("{n}", "1234567", None),
    ],
)
def test_ordinal_is_read_where_the_book_puts_it(template, number, ordinal):
    assert Series(template=template).ordinal(number) == ordinal


@pytest.mark.parametrize(
    ("typed", "number"),
    [("71-б", "71-б"), (" № 71-б ", "71-б"), ("№71", "71"), ("N 5", "5"), ("181/1", "181/1"), ("40\u00a0од", "40 од")],
)
def test_number_is_cleaned(typed, number):
    assert clean_number(typed) == number


@pytest.mark.parametrize("typed", ["", "   ", "№", "б/н", "Б / Н", "без номера", "абв", "1" * 31, "5\u202e6"])
def test_wrong_number_is_refused(typed):
    with pytest.raises(ValidationError):
        clean_number(typed)


@pytest.mark.parametrize("template", ["", "б", "{n}{n}", "{m}"])
def test_pattern_of_a_book_has_one_place_for_the_number(template):
    with pytest.raises(ValidationError):
        validate_template(template)


def test_gaps_are_ranges_with_both_ends():
    assert gaps([]) == []
    assert gaps([1, 2, 3]) == []
    assert gaps([2, 3, 7, 9]) == [(1, 1), (4, 6), (8, 8)]


def test_counter_follows_the_highest_typed_number_of_the_year(series, approved):
    assert propose(series, 2022) == "1-б"
    approved("71-б", DAY)
    assert propose(series, 2022) == "72-б"
    approved("30-б", DAY)
    assert propose(series, 2022) == "72-б"
    assert propose(series, 2023) == "1-б"
    assert skipped(series, 2022) == [(1, 29), (31, 70)]


def test_kept_book_gives_numbers_itself_and_begins_anew_each_year(kept_series, approved):
    numbers = [approved("777", day, kept_series).number for day in (DAY, DAY, dt.date(2023, 1, 9))]
    assert numbers == ["1/л", "2/л", "1/л"]
    assert skipped(kept_series, 2022) == []


def test_refused_approval_gives_the_number_back(kept_series, series, approved, submitted, people):
    approved("71-б", DAY)
    order = submitted()
    with pytest.raises(ValidationError) as refusal:
        services.approve_order(order=order, number="71-Б", date=DAY, actor=people.director)
    assert refusal.value.message_dict == {
        "number": ["Приказ № 71-Б в 2022 году в книге «Основная деятельность» уже есть. Укажите другой номер."]
    }
    order.refresh_from_db()
    assert (order.state, order.number) == ("submitted", None)
    services.approve_order(order=order, number="71-Б", date=dt.date(2023, 9, 1), actor=people.director)
    assert order.number == "71-Б"


def test_failure_of_the_effects_leaves_neither_number_nor_counter(kept_series, submitted, people):
    order = submitted(kept_series)
    memo.failures.append(Refused(["Нельзя."]))
    with pytest.raises(Refused):
        services.approve_order(order=order, number="", date=DAY, actor=people.director)
    assert not Counter.objects.exists()
    memo.failures.clear()
    order.refresh_from_db()
    services.approve_order(order=order, number="", date=DAY, actor=people.director)
    assert order.number == "1/л"


def test_kept_book_has_no_room_for_an_earlier_day(kept_series, series, approved, submitted, people):
    approved("", DAY, kept_series)
    approved("5-б", DAY + dt.timedelta(9), series)
    order = submitted(kept_series)
    with pytest.raises(ValidationError) as refusal:
        services.approve_order(order=order, number="", date=DAY - dt.timedelta(1), actor=people.director)
    assert refusal.value.message_dict == {
        "date": [
            "В этой книге номера даёт портал по порядку, и в ней уже есть приказ от 01.09.2022 № 1/л. "
            "Более раннему дню места нет: укажите 01.09.2022 или позже."
        ]
    }
    services.approve_order(order=order, number="", date=DAY, actor=people.director)
    assert Order.objects.get(pk=order.pk).number == "2/л"


def test_earlier_day_would_break_the_order_of_a_kept_book_without_the_check(kept_series, approved, monkeypatch):
    approved("", DAY, kept_series)
    monkeypatch.setattr("orders.services.approval.check_room", lambda order, date: None)
    assert approved("", DAY - dt.timedelta(1), kept_series).number == "2/л"


def test_last_days_of_the_former_year_have_room_in_a_kept_book(kept_series, approved):
    approved("", dt.date(2022, 12, 20), kept_series)
    approved("", dt.date(2023, 1, 9), kept_series)
    assert approved("", dt.date(2022, 12, 30), kept_series).number == "2/л"
