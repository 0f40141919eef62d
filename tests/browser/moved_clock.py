"""Settings of a server that lives on another day: the pages of a story that takes a year."""

from __future__ import annotations

import datetime as dt
import os
from typing import Any

import time_machine

# The guardian of the workers compares clocks; theirs is moved.
timeout = 0


def post_fork(server: Any, worker: Any) -> None:
    """Every worker wakes up in the morning of the day and goes on from there."""
    morning = dt.datetime.fromisoformat(os.environ["PORTAL_TEST_DAY"]).replace(hour=9)
    time_machine.travel(morning.astimezone(), tick=True).start()
