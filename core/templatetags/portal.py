"""What templates say in Russian: words after numbers, dates, short names, a dash for nothing, page numbers."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.core.paginator import Page
from django.utils import timezone

from core import russian

register = template.Library()

NOTHING = "—"
EMPTY: tuple[Any, ...] = (None, "", [], (), {})


@register.filter
def plural(number: int | None, words: str) -> str:
    """The word that agrees with a number: `{{ n }} {{ n|plural:"пара,пары,пар" }}`; `words` are for 1, 2 and 5."""
    one, few, many = words.split(",")
    return russian.plural_word(number or 0, one, few, many)


@register.filter
def date_ru(day: dt.date | None) -> str:
    """«20 ноября 2026»; a moment is taken in local time, no date is a dash."""
    return f"{russian.date_words(local, year=False)} {local.year}" if (local := _local(day)) else NOTHING


@register.filter
def date_short(day: dt.date | None) -> str:
    """«20.11.2026», for tables; a moment is taken in local time, no date is a dash."""
    return russian.date_digits(local) if (local := _local(day)) else NOTHING


def _local(day: dt.date | None) -> dt.date | None:
    return timezone.localtime(day) if isinstance(day, dt.datetime) and timezone.is_aware(day) else day


@register.filter
def short_name(full_name: str | None) -> str:
    """«Иванова А. П.» of «Иванова Анна Петровна»; nothing of nothing."""
    return russian.short_name(full_name, surname_first=True) if full_name else ""


@register.filter
def initials(full_name: str | None) -> str:
    """«АИ» of «Иванова Анна Петровна»: the first letters of the name and the surname, for the circle of a person."""
    words = (full_name or "").split()
    return "".join(word[0] for word in reversed(words[:2])).upper()


@register.filter
def dash(value: Any) -> Any:
    """«—» for what is empty; a zero and «нет» are values, not emptiness."""
    return NOTHING if value in EMPTY else value


@register.filter
def pages(page: Page[Any]) -> list[int | str]:
    """Numbers of pages around the current one, the first and the last, with «…» in the gaps."""
    return list(page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1))
