"""The writer of calendars, read back by the letter of RFC 5545."""

from __future__ import annotations

import datetime as dt

import pytest

from core.ical import LINE_OCTETS, Event, calendar_text, escaped, folded

STAMP = dt.datetime(2026, 11, 20, 9, 30, tzinfo=dt.UTC)
MOSCOW = dt.timezone(dt.timedelta(hours=3))


def event(**more: object) -> Event:
    return Event(
        **{"uid": "1@x", "stamp": STAMP, "sequence": 2, "summary": "Встреча", "day": dt.date(2026, 11, 24), **more}
    )


def unfolded(text: str) -> list[str]:
    """The content lines: the reader's half of the rule."""
    assert text.endswith("\r\n")
    assert "\n" not in text.replace("\r\n", "")
    return text.replace("\r\n ", "").removesuffix("\r\n").split("\r\n")


def read(text: str) -> list[dict[str, str]]:
    """The events as properties with plain values; parameters stay with the name."""
    found: list[dict[str, str]] = []
    for line in unfolded(text):
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif found and name not in ("BEGIN", "END"):
            found[-1][name] = plain(value)
    return found


def plain(value: str) -> str:
    out, letters = "", iter(value)
    for letter in letters:
        following = next(letters) if letter == "\\" else ""
        out += {"n": "\n"}.get(following, following) if letter == "\\" else letter
    return out


@pytest.mark.parametrize("length", [0, 1, 37, 38, 39, 74, 75, 76, 200])
def test_folding_keeps_letters_whole_and_lines_short(length: int) -> None:
    for letter in ("x", "Ы", "😀"):
        pieces = folded(letter * length).split("\r\n")
        assert max(len(piece.encode()) for piece in pieces) <= LINE_OCTETS
        assert "".join([pieces[0], *(piece[1:] for piece in pieces[1:])]) == letter * length
        assert all(piece.startswith(" ") for piece in pieces[1:])


@pytest.mark.parametrize("text", ["a,b;c\\d", "две\nстроки", "\\n", "конец\\", "BEGIN:VEVENT\nEND:VCALENDAR", "a\r\nb"])
def test_any_text_comes_back_as_it_was(text: str) -> None:
    (found,) = read(calendar_text("x", [event(summary=text)]))
    assert found["SUMMARY"] == text.replace("\r", "")
    assert "\n" not in escaped(text)


def test_moment_is_written_in_utc() -> None:
    start = dt.datetime(2026, 11, 24, 1, 10, tzinfo=MOSCOW)
    (found,) = read(calendar_text("x", [event(start=start, minutes=45)]))
    assert (found["DTSTART"], found["DTEND"]) == ("20261123T221000Z", "20261123T225500Z")


def test_day_without_an_hour_is_a_whole_day() -> None:
    (found,) = read(calendar_text("x", [event()]))
    assert (found["DTSTART;VALUE=DATE"], found["DTEND;VALUE=DATE"]) == ("20261124", "20261125")


def test_event_carries_what_calendars_compare_by() -> None:
    (found,) = read(calendar_text("x", [event(cancelled=True, place="Кабинет 12")]))
    assert (found["UID"], found["SEQUENCE"], found["DTSTAMP"], found["STATUS"], found["LOCATION"]) == (
        "1@x", "2", "20261120T093000Z", "CANCELLED", "Кабинет 12",
    )  # fmt: skip


def test_calendar_without_events_is_whole() -> None:
    lines = unfolded(calendar_text("Встречи", []))
    assert (lines[0], lines[1], lines[-1], len(lines)) == ("BEGIN:VCALENDAR", "VERSION:2.0", "END:VCALENDAR", 7)
