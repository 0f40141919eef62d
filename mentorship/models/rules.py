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
SHORT_TERM, REVERSE, SPEED, VIRTUAL, SITUATIONAL = "short-term", "reverse", "speed", "virtual", "situational"


def plus_months(day: dt.date, months: int) -> dt.date:
    """The same day of a later month, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return dt.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def longest_end(starts_on: dt.date) -> dt.date:
    """The latest last day of a pair that begins on the day."""
    return plus_months(starts_on, LONGEST_MONTHS)


def term_faults(starts_on: dt.date, ends_on: dt.date, *, replacing: bool = False) -> list[str]:
    """Why the term is not acceptable: it lasts from three months to a year, both days included.

    A pair that goes on with the work of another one (`replacing`) may be shorter: the mentees' period is the whole.
    """
    if not (FIRST_YEAR <= starts_on.year <= LAST_YEAR and FIRST_YEAR <= ends_on.year <= LAST_YEAR):
        return [f"Проверьте год: он должен быть от {FIRST_YEAR} до {LAST_YEAR}."]
    shortest = plus_months(starts_on, SHORTEST_MONTHS) - dt.timedelta(days=1)
    longest = longest_end(starts_on)
    if ends_on < starts_on:
        return ["Окончание не может быть раньше начала."]
    if ends_on < shortest and not replacing:
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


def goal_fault(kinds: Iterable[DictionaryEntry], goal: str) -> str:
    """Why the pair cannot come into force without a goal, or nothing."""
    if goal or SHORT_TERM not in {kind.code for kind in kinds}:
        return ""
    return "Краткосрочному наставничеству нужна цель: впишите, чего пара хочет достичь."


def kind_hints(
    mentor: Participant, mentees: Iterable[Participant], kinds: Iterable[DictionaryEntry], *, has_place: bool
) -> list[tuple[str, str]]:
    """What the kinds of a pair ask to look at, nothing of it forbids: (title, what to do).

    `has_place`: some meeting of the pair has a place or a link.
    """
    codes = {kind.code for kind in kinds}
    found = []
    older = [one.short_name for one in mentees if not is_younger(mentor, one)]
    if REVERSE in codes and older:
        words = f"Обычно младший учит старшего. Проверьте год рождения или снимите вид: {', '.join(older)}"
        found.append(("Реверсивное наставничество: наставник не моложе наставляемого", words))
    if SPEED in codes:
        found.append(
            ("Скоростное наставничество", "Одна встреча: запланируйте её на первые дни, срок пары не меняется")
        )
    if VIRTUAL in codes and not has_place:
        found.append(("Дистанционное: нет места встреч", "Запланируйте встречу и впишите ссылку или площадку"))
    return found


def is_younger(mentor: Participant, mentee: Participant) -> bool:
    """Whether the mentor was born later; True where a year is not known, so that nobody is warned for nothing."""
    first, second = year_of(mentor), year_of(mentee)
    return first is None or second is None or first > second


def year_of(person: Participant) -> int | None:
    return person.birth_date.year if person.birth_date else person.birth_year
