"""Editing the text of a programme row by row; of two people at once neither overwrites what the other wrote."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import models, transaction

from accounts.models import User
from accounts.permissions import permit
from core.journal import differences, reading, record
from core.transitions import Refused
from mentorship.models import Activity, ActivityState, Focus, Programme, ProgrammeState
from mentorship.models.programme_rules import term_obstacles

CHANGE = "mentorship.programme.change"
LINES = "mentorship.programme.lines"
MOST_LINES, MOST_FOCUSES = 120, 60
CLOSED = {
    ProgrammeState.REVIEW: "Программа на согласовании: текст закрыт. Верните её на доработку, чтобы изменить.",
    ProgrammeState.APPROVED: "Программа утверждена: чтобы изменить текст, начните корректировку.",
}


class Stale(Exception):
    """Somebody has saved the row since the page was opened; `row` is what it says now."""

    def __init__(self, row: Any) -> None:
        self.row = row
        super().__init__("Пока страница была открыта, эту запись изменил другой человек.")


def open_text(programme: Programme) -> Programme:
    """The programme locked, if its text may be edited now."""
    locked = Programme.objects.locked().get(pk=programme.pk)
    if locked.state != ProgrammeState.DRAFT:
        state = ProgrammeState(locked.state)
        raise Refused([CLOSED.get(state, f"Программа «{locked.get_state_display()}»: её текст больше не меняют.")])
    return locked


def write(row: Any, values: dict[str, Any], *, seen: int, about: models.Model, actor: User, text: str) -> Any:
    """Save the values over the locked row unless somebody has saved it since `seen`; the history of `about` tells."""
    if row.revision != seen:
        raise Stale(row)
    before = reading(row, values)
    many = {name for name in values if row._meta.get_field(name).many_to_many}
    for name, value in values.items():
        if name in many:
            getattr(row, name).set(value)
        else:
            setattr(row, name, value)
    changes = differences(before, reading(row, values))
    if changes:
        row.revision += 1
        row.save(update_fields=[*(name for name in values if name not in many), "revision"])
        record(LINES, about, actor=actor, text=text, changes=changes)
    return row


@transaction.atomic
def change_header(*, programme: Programme, values: dict[str, Any], seen: int, actor: User) -> Programme:
    """Change the header of a draft. `seen` is the revision that the page showed; raises `Stale` or `Refused`."""
    permit(actor, CHANGE, programme)
    programme = open_text(programme)
    wanted = Programme(pair=programme.pair, starts_on=values["starts_on"], ends_on=values["ends_on"])
    if faults := term_obstacles(wanted):
        raise Refused(faults)
    return write(programme, values, seen=seen, about=programme, actor=actor, text="Изменены сведения о программе.")


# --- Difficulties and strengths ---------------------------------------------------------------------------------------
@transaction.atomic
def add_focus(*, programme: Programme, values: dict[str, Any], actor: User) -> Focus:
    permit(actor, CHANGE, programme)
    programme = open_text(programme)
    if programme.focuses.count() >= MOST_FOCUSES:
        raise Refused([f"Затруднений и сильных сторон не больше {MOST_FOCUSES}."])
    refuse_strangers(programme, values)
    focus = Focus.objects.create(programme=programme, position=next_place(programme.focuses), **values)
    record(LINES, programme, actor=actor, text=f"Добавлено: {focus.get_kind_display()} — «{focus}».")
    return focus


@transaction.atomic
def change_focus(*, focus: Focus, values: dict[str, Any], seen: int, actor: User) -> Focus:
    permit(actor, CHANGE, focus.programme)
    programme = open_text(focus.programme)
    refuse_strangers(programme, values)
    focus = locked_row(Focus, focus.pk)
    return write(focus, values, seen=seen, about=programme, actor=actor, text=f"Изменено: «{focus}».")


@transaction.atomic
def delete_focus(*, focus: Focus, actor: User) -> None:
    permit(actor, CHANGE, focus.programme)
    programme = open_text(focus.programme)
    aimed = focus.activities.exclude(state=ActivityState.CANCELLED).count()
    if aimed or focus.activities.exists():
        raise Refused([f"На это нацелены мероприятия: {aimed or focus.activities.count()}. Сначала измените их."])
    if focus.overcome_on:
        raise Refused(["Это уже преодолено: запись остаётся в программе."])
    record(LINES, programme, actor=actor, text=f"Удалено: {focus.get_kind_display()} — «{focus}».")
    focus.delete()


# --- Lines ------------------------------------------------------------------------------------------------------------
@transaction.atomic
def add_activity(*, programme: Programme, values: dict[str, Any], actor: User) -> Activity:
    """Add a line at the end of its section."""
    permit(actor, CHANGE, programme)
    programme = open_text(programme)
    if programme.activities.count() >= MOST_LINES:
        raise Refused([f"Мероприятий в программе не больше {MOST_LINES}."])
    refuse_strangers(programme, values)
    refuse_day(programme, values)
    line = Activity.objects.create(programme=programme, position=next_place(programme.activities), **values)
    record(LINES, programme, actor=actor, text=f"Добавлено мероприятие «{line}».")
    return line


@transaction.atomic
def change_activity(*, activity: Activity, values: dict[str, Any], seen: int, actor: User) -> Activity:
    permit(actor, CHANGE, activity.programme)
    programme = open_text(activity.programme)
    refuse_strangers(programme, values)
    refuse_day(programme, values)
    line = locked_row(Activity, activity.pk)
    if line.state in (ActivityState.CHECKED, ActivityState.CANCELLED):
        raise Refused([f"Мероприятие {line.get_state_display()}: его текст больше не меняют."])
    return write(line, values, seen=seen, about=programme, actor=actor, text=f"Изменено мероприятие «{line}».")


@transaction.atomic
def delete_activity(*, activity: Activity, actor: User) -> None:
    """Take a line out. One of a version in force goes only when the correction is approved, and can be put back."""
    permit(actor, CHANGE, activity.programme)
    programme = open_text(activity.programme)
    line = locked_row(Activity, activity.pk)
    if line.state in (ActivityState.CHECKED, ActivityState.CANCELLED):
        raise Refused([f"Мероприятие {line.get_state_display()}: оно остаётся в программе."])
    if not line.is_in_force:
        record(LINES, programme, actor=actor, text=f"Удалено мероприятие «{line}».")
        line.delete()
        return
    line.is_dropped = not line.is_dropped
    line.save(update_fields=["is_dropped"])
    text = "исключается" if line.is_dropped else "остаётся"
    record(LINES, programme, actor=actor, text=f"Мероприятие «{line}» {text}.")


@transaction.atomic
def move_activity(*, activity: Activity, up: bool, actor: User) -> None:
    """Change places with the neighbour in the same section; at the edge nothing happens."""
    permit(actor, CHANGE, activity.programme)
    programme = open_text(activity.programme)
    rows = list(programme.activities.filter(section=activity.section).select_for_update(of=("self",)))
    place = next((number for number, one in enumerate(rows) if one.pk == activity.pk), 0)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(rows):
        return
    rows[place], rows[other] = rows[other], rows[place]
    positions = sorted(one.position for one in rows)
    if len(set(positions)) < len(positions):
        positions = list(range(len(rows)))
    for position, one in zip(positions, rows, strict=True):
        one.position = position
    Activity.objects.bulk_update(rows, ["position"])
    words = "выше" if up else "ниже"
    record(LINES, programme, actor=actor, text=f"Мероприятие «{activity}» передвинуто {words}.")


# --- What they share --------------------------------------------------------------------------------------------------
def locked_row(model: Any, pk: int) -> Any:
    found = model.objects.select_for_update(of=("self",)).filter(pk=pk).first()
    if found is None:
        raise Refused(["Эту запись только что удалил другой человек."])
    return found


def next_place(rows: Any) -> int:
    last = rows.aggregate(last=models.Max("position"))["last"]
    return 0 if last is None else last + 1


def refuse_day(programme: Programme, values: dict[str, Any]) -> None:
    """BR-23: a line has its day within the term."""
    if not programme.starts_on <= values["due_on"] <= programme.ends_on:
        term = f"с {programme.starts_on:%d.%m.%Y} по {programme.ends_on:%d.%m.%Y}"
        raise Refused([f"Срок мероприятия — внутри срока программы: {term}."])


def refuse_strangers(programme: Programme, values: dict[str, Any]) -> None:
    """A row may name only mentees of the pair, and a line only difficulties of its own programme."""
    mentee, focus = values.get("mentee"), values.get("focus")
    if mentee and mentee not in programme.pair.mentees:
        raise Refused([f"{mentee.short_name} не состоит в этой паре."])
    if focus and focus.programme_id != programme.pk:
        raise Refused(["Выберите затруднение или сильную сторону этой программы."])


def conflicts(row: Any, typed: dict[str, Any], labels: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """What the row says now where it is not what was typed: (label, words), in the order of `labels`."""
    found = []
    for name, label in labels:
        now = reading(row, [name]).popitem()[1]
        shadow = in_words_of(row, name, typed.get(name))
        if now != shadow:
            found.append((label, now))
    return found


def in_words_of(row: Any, name: str, value: Any) -> str:
    """A typed value in the words in which `reading` says the stored one."""
    field = row._meta.get_field(name)
    if field.many_to_many:
        return ", ".join(str(one) for one in value or ()) or "—"
    shadow = type(row)(**{name: value})
    return reading(shadow, [name]).popitem()[1]
