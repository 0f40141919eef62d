"""The clock of the demo: everything happens on days counted from the day it is shown."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator

import time_machine
from django.utils import timezone

SATURDAY = 5


class Calendar:
    """Days relative to the day of the demo; what falls on a weekend moves back to Friday."""

    def __init__(self, today: dt.date) -> None:
        self.today = today

    def day(self, offset: int) -> dt.date:
        day = self.today + dt.timedelta(days=offset)
        return day - dt.timedelta(days=max(day.weekday() - SATURDAY + 1, 0))

    @contextlib.contextmanager
    def at(self, offset: int, hour: int = 11) -> Iterator[dt.date]:
        """Live on that day at that hour of the portal's time zone."""
        day = self.day(offset)
        moment = dt.datetime(day.year, day.month, day.day, hour, tzinfo=timezone.get_default_timezone())
        with time_machine.travel(moment, tick=True):
            yield day
