"""What a pair must be whatever page or table it comes from: its term and who may stand in it."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mentorship.models.dictionaries import DictionaryEntry
    from mentorship.models.participants import Participant

SHORTEST_MONTHS = 3
LONGEST_MONTHS = 12
FIRST_YEAR, LAST_YEAR = 2000, 2100
GROUP = "group"
ONE_TO_ONE = "traditional"


def plus_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def term_faults(starts_on: dt.date, ends_on: dt.date) -> list[str]:
    """Why the term is not acceptable: it lasts from three months to a year, both days included."""
    if not (FIRST_YEAR <= starts_on.year <= LAST_YEAR and FIRST_YEAR <= ends_on.year <= LAST_YEAR):
        return [f"Проверьте год: он должен быть от {FIRST_YEAR} до {LAST_YEAR}."]
    shortest = plus_months(starts_on, SHORTEST_MONTHS) - dt.timedelta(days=1)
    longest = plus_months(starts_on, LONGEST_MONTHS)
    if ends_on < starts_on:
        return ["Окончание не может быть раньше начала."]
    if ends_on < shortest:
        return [f"Срок короче трёх месяцев: окончание — не раньше {shortest:%d.%m.%Y}."]
    if ends_on > longest:
        return [f"Срок длиннее года: окончание — не позже {longest:%d.%m.%Y}."]
    return []


def composition_faults(
    mentor: Participant, mentees: Iterable[Participant], kinds: Iterable[DictionaryEntry]
) -> list[str]:
    """Why these people cannot make a pair or a group of these kinds."""
    mentees, codes = list(mentees), {kind.code for kind in kinds}
    faults = []
    if not mentees:
        faults.append("Выберите хотя бы одного наставляемого.")
    if mentor in mentees:
        faults.append(f"{mentor.short_name} не может быть наставником самому себе: уберите из наставляемых.")
    if len(mentees) > 1 and GROUP not in codes:
        faults.append("Наставляемых несколько — отметьте вид «групповое».")
    if len(mentees) > 1 and ONE_TO_ONE in codes:
        faults.append("Вид «один на один» не подходит группе: снимите отметку или оставьте одного наставляемого.")
    if len(mentees) == 1 and GROUP in codes:
        faults.append("Вид «групповое» — для двух и более наставляемых: добавьте их или снимите отметку.")
    gone = [person for person in (mentor, *mentees) if person.left_on]
    return faults + [
        f"{person.short_name}: последний день в организации — {person.left_on:%d.%m.%Y}." for person in gone
    ]
