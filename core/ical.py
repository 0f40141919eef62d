"""Calendars as text (RFC 5545): lines, escapes and folds, nothing else.

Our own forty lines and no library: the portal only writes plain events, and the one thing that is hard there, folding
by octets without cutting a letter, is tested here; the libraries bring readers and time zones that nobody asks for.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

LINE_OCTETS = 75
ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})


@dataclass(frozen=True)
class Event:
    """One event. With a `time` it is `minutes` long and both ends are moments with a zone; otherwise a whole day."""

    uid: str
    stamp: dt.datetime
    sequence: int
    summary: str
    day: dt.date
    start: dt.datetime | None = None
    minutes: int = 45
    place: str = ""
    cancelled: bool = False


def escaped(text: str) -> str:
    return text.translate(ESCAPES)


def folded(line: str) -> str:
    """The line cut into pieces of at most 75 octets, each further one begun with a space; letters stay whole."""
    pieces, piece, size = [], "", 0
    for letter in line:
        octets = len(letter.encode())
        if size + octets > LINE_OCTETS:
            pieces.append(piece)
            piece, size = " ", 1
        piece, size = piece + letter, size + octets
    return "\r\n".join([*pieces, piece])


def moment(value: dt.datetime) -> str:
    return value.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")


def event_lines(event: Event) -> list[str]:
    if event.start is None:
        end = event.day + dt.timedelta(days=1)
        when = [f"DTSTART;VALUE=DATE:{event.day:%Y%m%d}", f"DTEND;VALUE=DATE:{end:%Y%m%d}"]
    else:
        end_at = event.start + dt.timedelta(minutes=event.minutes)
        when = [f"DTSTART:{moment(event.start)}", f"DTEND:{moment(end_at)}"]
    return [
        "BEGIN:VEVENT",
        f"UID:{event.uid}",
        f"DTSTAMP:{moment(event.stamp)}",
        f"SEQUENCE:{event.sequence}",
        *when,
        f"SUMMARY:{escaped(event.summary)}",
        *([f"LOCATION:{escaped(event.place)}"] if event.place else []),
        f"STATUS:{'CANCELLED' if event.cancelled else 'CONFIRMED'}",
        "END:VEVENT",
    ]


def calendar_text(name: str, events: Iterable[Event]) -> str:
    """A whole calendar; every line ends with CRLF."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Nastavnichestvo//Meetings//RU",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escaped(name)}",
        *(line for event in events for line in event_lines(event)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)
