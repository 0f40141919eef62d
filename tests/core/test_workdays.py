"""Working days by the production calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.workdays import WorkCalendar, add_working_days, is_working_day, working_days_between

PLAIN = WorkCalendar()
SIX_DAYS = WorkCalendar(days_a_week=6)
# May 2025: the 1st, 2nd, 8th and 9th are days off; 1 November is a working Saturday, 3 and 4 November are days off.
OF_2025 = WorkCalendar(
    holidays=frozenset(
        {date(2025, 5, 1), date(2025, 5, 2), date(2025, 5, 8), date(2025, 5, 9), date(2025, 11, 3), date(2025, 11, 4)}
    ),
    working_days=frozenset({date(2025, 11, 1)}),
)


@pytest.mark.parametrize(
    ("day", "five", "six", "by_calendar"),
    [
        (date(2025, 5, 5), True, True, True),
        (date(2025, 5, 9), True, True, False),
        (date(2025, 5, 10), False, True, False),
        (date(2025, 5, 11), False, False, False),
        (date(2025, 11, 1), False, True, True),
        (date(2025, 11, 3), True, True, False),
    ],
)
def test_working_day_follows_week_and_calendar(day: date, five: bool, six: bool, by_calendar: bool) -> None:
    assert is_working_day(day, calendar=PLAIN) is five
    assert is_working_day(day, calendar=SIX_DAYS) is six
    assert is_working_day(day, calendar=OF_2025) is by_calendar


def test_working_sunday_is_possible() -> None:
    sunday = date(2025, 5, 11)
    assert is_working_day(sunday, calendar=WorkCalendar(working_days=frozenset({sunday}))) is True


@pytest.mark.parametrize(
    ("start", "days", "calendar", "expected"),
    [
        (date(2025, 4, 28), 3, PLAIN, date(2025, 5, 1)),
        (date(2025, 4, 28), 3, OF_2025, date(2025, 5, 5)),
        (date(2025, 4, 28), 3, SIX_DAYS, date(2025, 5, 1)),
        (date(2025, 5, 2), 1, PLAIN, date(2025, 5, 5)),
        (date(2025, 5, 2), 1, SIX_DAYS, date(2025, 5, 3)),
        (date(2025, 10, 31), 1, OF_2025, date(2025, 11, 1)),
        (date(2025, 10, 31), 2, OF_2025, date(2025, 11, 5)),
        (date(2025, 5, 3), 1, PLAIN, date(2025, 5, 5)),
        (date(2025, 5, 3), 0, PLAIN, date(2025, 5, 3)),
        (date(2025, 5, 5), -1, PLAIN, date(2025, 5, 2)),
        (date(2025, 5, 12), -3, OF_2025, date(2025, 5, 5)),
    ],
)
def test_term_does_not_count_the_day_of_notice(start: date, days: int, calendar: WorkCalendar, expected: date) -> None:
    assert add_working_days(start, days, calendar=calendar) == expected


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (date(2025, 4, 28), date(2025, 5, 5), 3),
        (date(2025, 5, 5), date(2025, 4, 28), -3),
        (date(2025, 5, 5), date(2025, 5, 5), 0),
        (date(2025, 5, 8), date(2025, 5, 11), 0),
        (date(2025, 10, 31), date(2025, 11, 5), 2),
    ],
)
def test_days_between_leave_out_the_first_and_count_the_last(start: date, end: date, expected: int) -> None:
    assert working_days_between(start, end, calendar=OF_2025) == expected


@given(start=st.dates(date(2025, 1, 1), date(2025, 12, 31)), days=st.integers(-60, 60))
def test_counting_back_gives_the_term(start: date, days: int) -> None:
    end = add_working_days(start, days, calendar=OF_2025)
    assert working_days_between(start, end, calendar=OF_2025) == days
    assert days == 0 or is_working_day(end, calendar=OF_2025)


def test_term_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(ValueError, match="Срок уходит за пределы календаря"):
        add_working_days(date.max - timedelta(days=3), 5, calendar=PLAIN)
    with pytest.raises(ValueError, match="Срок уходит за пределы календаря"):
        add_working_days(date.min, -1, calendar=PLAIN)


def test_calendar_that_contradicts_itself_is_refused() -> None:
    day = frozenset({date(2025, 11, 1)})
    with pytest.raises(ValueError, match=r"^01\.11\.2025 записано и выходным, и рабочим днём"):
        WorkCalendar(holidays=day, working_days=day)
    with pytest.raises(ValueError, match="пятидневной или шестидневной, а указано: 7"):
        WorkCalendar(days_a_week=7)
    assert WorkCalendar(holidays=day, days_a_week=6).working_days == frozenset()
