"""Working days: counting terms by the production calendar, which comes in as an argument."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True)
class WorkCalendar:
    """What differs from the plain week.

    `holidays`: days off that would be working, public holidays and days off moved to a weekday;
    `working_days`: weekend days that the government made working; `days_a_week`: 5 or 6, a sixth day is Saturday.
    Raises ValueError with a Russian sentence if a day stands in both sets or the week is of another length.
    """

    holidays: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    days_a_week: int = 5

    def __post_init__(self) -> None:
        if self.days_a_week not in (5, 6):
            raise ValueError(f"Рабочая неделя бывает пятидневной или шестидневной, а указано: {self.days_a_week}.")
        both = sorted(self.holidays & self.working_days)
        if both:
            raise ValueError(f"{both[0]:%d.%m.%Y} записано и выходным, и рабочим днём. Оставьте что-нибудь одно.")


def is_working_day(day: date, *, calendar: WorkCalendar) -> bool:
    if day in calendar.working_days:
        return True
    if day in calendar.holidays or day.weekday() == SUNDAY:
        return False
    return day.weekday() != SATURDAY or calendar.days_a_week == 6


def add_working_days(start: date, days: int, *, calendar: WorkCalendar) -> date:
    """The working day that is `days` working days after `start`; `start` itself is not counted.

    A negative number counts backwards, 0 gives `start`. Raises ValueError where the calendar of years ends.
    """
    step = ONE_DAY if days > 0 else -ONE_DAY
    left, day = abs(days), start
    try:
        while left:
            day += step
            left -= is_working_day(day, calendar=calendar)
    except OverflowError as error:
        raise ValueError("Срок уходит за пределы календаря. Проверьте число рабочих дней.") from error
    return day


def working_days_between(start: date, end: date, *, calendar: WorkCalendar) -> int:
    """How many working days follow `start` up to and including `end`; negative if `end` is earlier.

    The inverse of `add_working_days`: the day of the notice is not counted, the last day is.
    """
    if end < start:
        return -sum(is_working_day(day, calendar=calendar) for day in span(end, start - ONE_DAY))
    return sum(is_working_day(day, calendar=calendar) for day in span(start + ONE_DAY, end)) if end > start else 0


def span(first: date, last: date) -> list[date]:
    """Every day from `first` to `last`, both included."""
    return [first + ONE_DAY * number for number in range((last - first).days + 1)]
