"""Dates, school years and counted things as orders write them."""

from __future__ import annotations

from datetime import date

MONTHS = (
    *("январь", "февраль", "март", "апрель", "май", "июнь"),
    *("июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь"),
)
MONTHS_GENITIVE = (
    *("января", "февраля", "марта", "апреля", "мая", "июня"),
    *("июля", "августа", "сентября", "октября", "ноября", "декабря"),
)
MONTHS_PREPOSITIONAL = (
    *("январе", "феврале", "марте", "апреле", "мае", "июне"),
    *("июле", "августе", "сентябре", "октябре", "ноябре", "декабре"),
)

FIRST_MONTH = 9  # the school year begins on 1 September


def date_words(day: date, *, year: bool = True, short: bool = False) -> str:
    """«1 сентября 2022 года»; `short`: «1 сентября 2022 г.»; without the year «1 сентября»."""
    day_and_month = f"{day.day} {MONTHS_GENITIVE[day.month - 1]}"
    return f"{day_and_month} {day.year} {'г.' if short else 'года'}" if year else day_and_month


def date_digits(day: date) -> str:
    """«01.09.2022»."""
    return f"{day.day:02}.{day.month:02}.{day.year:04}"


def month_of(day: date) -> str:
    """«сентябрь»."""
    return MONTHS[day.month - 1]


def in_month(day: date, *, year: bool = False) -> str:
    """«в сентябре»; with the year «в сентябре 2022 года»."""
    month = f"в {MONTHS_PREPOSITIONAL[day.month - 1]}"
    return f"{month} {day.year} года" if year else month


def school_year(day: date) -> str:
    """«2026/2027»: the school year in which the day falls, 1 September to 31 August."""
    start = day.year if day.month >= FIRST_MONTH else day.year - 1
    return f"{start}/{start + 1}"


def plural(number: int, one: str, few: str, many: str) -> str:
    """«1 пара», «2 пары», «5 пар», «11 пар», «21 пара»: the number with the word that it asks for."""
    return f"{number} {plural_word(number, one, few, many)}"


def plural_word(number: int, one: str, few: str, many: str) -> str:
    """The word alone, for a sentence that writes the number elsewhere."""
    rest = abs(number) % 100
    if 11 <= rest <= 14:
        return many
    return {1: one, 2: few, 3: few, 4: few}.get(rest % 10, many)
