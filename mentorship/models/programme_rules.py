"""What a programme must be to be agreed and approved: its term, its parts, its lines, its marks; and who still lacks.

The rules take the programme itself, so that the model can name them in its table of transitions.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from mentorship.models.pairs import PairState
from mentorship.models.rules import term_faults

if TYPE_CHECKING:
    from mentorship.models.participants import Participant
    from mentorship.models.programmes import Activity, Programme

NOT_IN_FORCE = "Мероприятия ещё нет в утверждённой программе: отмечать выполнение можно после утверждения."
NO_CORRECTION = "У программы ещё нет утверждённой редакции: отменять нечего."
PAIR_FORMING = "Пара ещё не закреплена приказом: программу утверждают после приказа о паре."
HELD = "Программу утверждает приказ «{title}». Удалите его проект, чтобы утвердить программу в портале."
MOST_NAMED = 3


def term_obstacles(programme: Programme) -> list[str]:
    """BR-01: from three months to a year, both days included, within the term of the pair."""
    pair = programme.pair
    found = term_faults(programme.starts_on, programme.ends_on)
    if programme.starts_on < pair.starts_on or programme.ends_on > pair.ends_on:
        found.append(
            f"Срок программы — внутри срока пары: с {pair.starts_on:%d.%m.%Y} по {pair.ends_on:%d.%m.%Y}. "
            "Измените срок программы."
        )
    return found


def composition_obstacles(programme: Programme) -> list[str]:
    """BR-22: what a programme has at least."""
    parts: list[tuple[Any, str]] = [
        (programme.forms.all(), "Выберите хотя бы одну форму наставничества."),
        (programme.kinds.all(), "Выберите хотя бы один вид наставничества."),
        (programme.directions.all(), "Выберите хотя бы одно направление."),
        (programme.pair.mentees, "В паре нет наставляемого."),
        (programme.focuses.all(), "Запишите хотя бы одно затруднение или сильную сторону."),
        (lines_of(programme), "Запишите хотя бы одно мероприятие."),
    ]
    return [words for rows, words in parts if not rows]


def line_obstacles(programme: Programme) -> list[str]:
    """BR-23 and the aim: each line within the term, each aimed at a difficulty or a strength."""
    lines = lines_of(programme)
    outside = [one for one in lines if not programme.starts_on <= one.due_on <= programme.ends_on]
    aimless = [one for one in lines if one.focus_id is None]
    found = []
    if outside:
        term = f"с {programme.starts_on:%d.%m.%Y} по {programme.ends_on:%d.%m.%Y}"
        found.append(f"Срок мероприятия вне срока программы ({term}): {named(outside)}.")
    if aimless:
        found.append(f"Укажите, на что нацелено мероприятие: {named(aimless)}.")
    return found


def lines_of(programme: Programme) -> list[Activity]:
    """The lines that the text will have: neither cancelled nor taken out."""
    return [one for one in programme.activities.all() if one.state != "cancelled" and not one.is_dropped]


def named(lines: list[Activity]) -> str:
    """«Первое», «Второе» и ещё 4."""
    words = ", ".join(f"«{one.title}»" for one in lines[:MOST_NAMED])
    rest = len(lines) - MOST_NAMED
    return f"{words} и ещё {rest}" if rest > 0 else words


def text_obstacles(programme: Programme) -> list[str]:
    """Everything that is wrong with the text itself."""
    return [*term_obstacles(programme), *composition_obstacles(programme), *line_obstacles(programme)]


def section_warnings(programme: Programme) -> list[str]:
    """Sections of the federal table without a single line: allowed, but rarely meant."""
    filled = {one.section for one in lines_of(programme)}
    sections = programme.activities.model.Section.choices
    return [f"В разделе {number} «{title}» нет мероприятий." for number, title in sections if number not in filled]


def missing_marks(programme: Programme) -> list[Participant]:
    """People of the pair who have not agreed with the text yet: the mentor and every mentee must (BR-18)."""
    marked = {mark.participant_id for mark in programme.marks.all()}
    return [person for person in programme.pair.people if person.pk not in marked]


def mark_obstacles(people: Iterable[Participant]) -> list[str]:
    return [f"Нет отметки о согласовании: {person.short_name}" for person in people]


def delivery_obstacles(programme: Programme) -> list[str]:
    """Why the programme cannot be handed over for agreement."""
    if programme.pair.state not in (PairState.FORMING, PairState.ACTIVE):
        return ["Пара уже не работает: программу для неё не согласовать."]
    return text_obstacles(programme)


def approval_obstacles(programme: Programme) -> list[str]:
    """Why the programme cannot be approved, be it in the portal or by an order."""
    if programme.pair.state != PairState.ACTIVE:
        return [PAIR_FORMING]
    return [*text_obstacles(programme), *mark_obstacles(missing_marks(programme))]


def correction_only(programme: Programme) -> list[str]:
    return [] if programme.version else [NO_CORRECTION]


def first_draft_only(programme: Programme) -> list[str]:
    if programme.version:
        return ["У программы есть утверждённая редакция: завершите её вместе с парой."]
    return [f"Программа включена в проект приказа «{programme.draft_order.title}»."] if programme.draft_order else []


def in_force_only(activity: Activity) -> list[str]:
    """Progress is marked on lines of an approved version."""
    return [] if activity.is_in_force and activity.programme.is_in_force else [NOT_IN_FORCE]
