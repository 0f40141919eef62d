"""The clock of the demo: everything happens on days counted from the day it is shown."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

import time_machine
from django.utils import timezone

SATURDAY = 5


class Calendar:
    """Days relative to the day of the demo; what falls on a weekend moves back to Friday.

    Two things told one after the other may so meet on one day: the second then begins when the first is over.
    """

    def __init__(self, today: dt.date) -> None:
        self.today = today
        self.free_from: dict[dt.date, dt.datetime] = {}

    def day(self, offset: int) -> dt.date:
        day = self.today + dt.timedelta(days=offset)
        return day - dt.timedelta(days=max(day.weekday() - SATURDAY + 1, 0))

    @contextlib.contextmanager
    def at(self, offset: int, hour: int = 11) -> Iterator[dt.date]:
        """Live on that day at that hour of the portal's time zone, or later if something has happened since."""
        day = self.day(offset)
        moment = dt.datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_default_timezone())
        with time_machine.travel(max(moment, self.free_from.get(day, moment)), tick=True):
            yield day
            self.free_from[day] = timezone.now() + dt.timedelta(minutes=1)
