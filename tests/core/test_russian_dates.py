"""Dates, school years and counted words."""

from __future__ import annotations

from datetime import date

import pytest

from core.russian import (
    MONTHS,
    MONTHS_GENITIVE,
    MONTHS_PREPOSITIONAL,
    date_digits,
    date_words,
    in_month,
    month_of,
    plural,
    plural_word,
    school_year,
)

DAY = date(2022, 9, 1)


def test_date_is_written_as_orders_write_it() -> None:
    assert date_words(DAY) == "1 сентября 2022 года"
    assert date_words(DAY, short=True) == "1 сентября 2022 г."
    assert date_words(DAY, year=False) == "1 сентября"
    assert date_words(DAY, year=False, short=True) == "1 сентября"
    assert date_digits(DAY) == "01.09.2022"
    assert date_digits(date(987, 1, 2)) == "02.01.0987"


def test_months_stand_in_their_cases() -> None:
    assert [month_of(date(2026, month, 1)) for month in range(1, 13)] == list(MONTHS)
    assert date_words(date(2026, 5, 9)) == "9 мая 2026 года"
    assert in_month(date(2026, 5, 9)) == "в мае"
    assert in_month(date(2026, 2, 9), year=True) == "в феврале 2026 года"
    assert [len(set(months)) for months in (MONTHS, MONTHS_GENITIVE, MONTHS_PREPOSITIONAL)] == [12, 12, 12]
    assert (MONTHS_GENITIVE[7], MONTHS_PREPOSITIONAL[7]) == ("августа", "августе")


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        (date(2026, 8, 31), "2025/2026"),
        (date(2026, 9, 1), "2026/2027"),
        (date(2027, 1, 1), "2026/2027"),
        (date(1999, 12, 31), "1999/2000"),
    ],
)
def test_school_year_begins_in_september(day: date, expected: str) -> None:
    assert school_year(day) == expected


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0 пар"),
        (1, "1 пара"),
        (2, "2 пары"),
        (4, "4 пары"),
        (5, "5 пар"),
        (11, "11 пар"),
        (12, "12 пар"),
        (14, "14 пар"),
        (20, "20 пар"),
        (21, "21 пара"),
        (22, "22 пары"),
        (111, "111 пар"),
        (121, "121 пара"),
        (-1, "-1 пара"),
        (-12, "-12 пар"),
    ],
)
def test_plural_agrees_with_the_number(number: int, expected: str) -> None:
    assert plural(number, "пара", "пары", "пар") == expected
    assert plural_word(number, "пара", "пары", "пар") == expected.split()[1]
