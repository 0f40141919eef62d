"""What the filters of templates say."""

import datetime as dt
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template

from core.templatetags import portal


@pytest.mark.parametrize(
    ("number", "word"),
    [
        (0, "пар"),
        (1, "пара"),
        (2, "пары"),
        (4, "пары"),
        (5, "пар"),
        (11, "пар"),
        (12, "пар"),
        (14, "пар"),
        (21, "пара"),
        (22, "пары"),
        (111, "пар"),
        (1001, "пара"),
        (None, "пар"),
    ],
)
def test_plural_agrees_with_the_number(number: int | None, word: str) -> None:
    assert portal.plural(number, "пара,пары,пар") == word


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 11, 20), "20 ноября 2026"),
        (dt.date(2027, 5, 1), "1 мая 2027"),
        (dt.datetime(2026, 11, 20, 22, 30, tzinfo=dt.UTC), "21 ноября 2026"),
        (dt.datetime(2026, 11, 20, 22, 30), "20 ноября 2026"),  # noqa: DTZ001 - a moment without a zone is the case
        (None, "—"),
    ],
)
def test_date_ru_is_in_words_and_local(day: dt.date | None, words: str, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Moscow"
    assert portal.date_ru(day) == words


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (dt.date(2026, 11, 2), "02.11.2026"),
        (dt.datetime(2026, 11, 20, 22, 30, tzinfo=dt.UTC), "21.11.2026"),
        (None, "—"),
    ],
)
def test_date_short_is_in_figures_and_local(day: dt.date | None, words: str, settings: Any) -> None:
    settings.TIME_ZONE = "Europe/Moscow"
    assert portal.date_short(day) == words


@pytest.mark.parametrize(
    ("full", "letters"),
    [
        ("Лебедева Ольга Викторовна", "ОЛ"),
        ("Константинопольская-Добровольская Александра Вячеславовна", "АК"),
        ("Мамедов Рашид Гусейн оглы", "РМ"),
        ("ёлкина  ирина", "ИЁ"),
        ("Мадонна", "М"),
        ("", ""),
        (None, ""),
    ],
)
def test_initials_take_the_name_before_the_surname(full: str | None, letters: str) -> None:
    assert portal.initials(full) == letters


@pytest.mark.parametrize("full", ["", None])
def test_short_name_of_nothing_is_nothing(full: str | None) -> None:
    assert portal.short_name(full) == ""


def test_short_name_puts_the_surname_first() -> None:
    assert portal.short_name("Иванова Анна Петровна").replace("\xa0", " ") == "Иванова А. П."


@pytest.mark.parametrize("value", [None, "", [], (), {}])
def test_dash_stands_for_what_is_empty(value: Any) -> None:
    assert portal.dash(value) == "—"


@pytest.mark.parametrize("value", [0, False, "0", "нет", [0]])
def test_dash_leaves_zero_and_no_alone(value: Any) -> None:
    assert portal.dash(value) == value


def test_pages_leave_gaps_around_the_current_one() -> None:
    page = Paginator(range(200), 10).page(10)
    assert portal.pages(page) == [1, "…", 8, 9, 10, 11, 12, "…", 20]


def test_pages_of_a_short_list_are_all_there() -> None:
    assert portal.pages(Paginator(range(30), 10).page(2)) == [1, 2, 3]


def test_library_is_loaded_under_its_name() -> None:
    drawn = Template('{% load portal %}{{ n }} {{ n|plural:"день,дня,дней" }}, {{ day|date_ru }}, {{ none|dash }}')
    assert drawn.render(Context({"n": 3, "day": dt.date(2026, 9, 1)})) == "3 дня, 1 сентября 2026, —"
