"""One cell: how a value is tidied on the way in, compared, and put into words on the way out."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from core.uploads.cells import RISKY, tidy

DATE = "%d.%m.%Y"
MOMENT = "%d.%m.%Y %H:%M"
YES, NO = "да", "нет"


def folded(value: Any) -> str:
    """Text for comparison: one space between words, lower case, ё as е."""
    return " ".join(in_words(value).split()).casefold().replace("ё", "е")


def folded_header(value: Any) -> str:
    """A header for comparison: also without the asterisk or colon people put after it."""
    return folded(value).rstrip("*: .")


def in_words(value: Any) -> str:
    """A value as a school writes it: 01.09.2026, 01.09.2026 14:30, «да», whole numbers without «.0»."""
    value = tidy(value)
    if isinstance(value, bool):
        return YES if value else NO
    if isinstance(value, dt.datetime):
        return local(value).strftime(MOMENT)
    if isinstance(value, dt.date):
        return value.strftime(DATE)
    return str(value)


def local(moment: dt.datetime) -> dt.datetime:
    """The same moment by the clock of the portal, without a zone: spreadsheets know none."""
    return timezone.make_naive(moment) if timezone.is_aware(moment) else moment


def guarded(text: str) -> str:
    """Text for a CSV cell that no program will run."""
    return f"'{text}" if text.startswith(RISKY) else text
