"""Progress of a programme in force: done by the mentee, checked by the mentor, delayed with a reason, overcome."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import File
from django.db import transaction

from accounts.models import User
from accounts.permissions import may, permit, today
from core.journal import Change, record
from core.transitions import Refused, move
from mentorship.models import Activity, ActivityState, Focus, Programme
from mentorship.models.programme_rules import NOT_IN_FORCE
from mentorship.services.programme_papers import attach
from mentorship.services.programme_review import tell

DO, CHECK = "mentorship.activity.do", "mentorship.activity.check"


def locked_line(activity: Activity) -> Activity:
    """The line locked together with its programme, the programme first."""
    programme = Programme.objects.locked().get(pk=activity.programme_id)
    line = Activity.objects.select_for_update(of=("self",)).get(pk=activity.pk)
    line.programme = programme
    return line


def refuse_others(line: Activity, actor: User) -> None:
    """A line of one mentee is marked by that mentee, by the mentor, or by the curator from their words."""
    if line.mentee and actor.pk != line.mentee.user_id and not may(actor, CHECK, line):
        raise Refused([f"Это мероприятие — для другого наставляемого: {line.mentee.short_name}"])


def due_words(line: Activity) -> str:
    return f"«{line.title}», срок {line.due:%d.%m.%Y}"


@transaction.atomic
def do_activity(*, activity: Activity, result: str, done_on: dt.date, actor: User, file: File | None = None) -> None:
    """Mark a line done, with what came of it and a file if there is one; the mentor gets a letter."""
    permit(actor, DO, activity)
    line = locked_line(activity)
    refuse_others(line, actor)
    if not line.programme.starts_on <= done_on <= today():
        first = f"{line.programme.starts_on:%d.%m.%Y}"
        raise Refused([f"День выполнения — не раньше начала программы ({first}) и не позже сегодняшнего."])
    values: dict[str, Any] = {"actual_result": result, "done_on": done_on, "return_reason": "", **NO_DELAY}
    move(line, "do", actor=actor, text=f"Выполнено: «{line}».", **values)
    if file is not None:
        attach(line.programme, line, file=file, title="", actor=actor)
    body = f"{due_words(line)}. Результат: {result}"
    tell(line.programme, [line.programme.pair.mentor.user], "Мероприятие ждёт вашей проверки", body, actor)


# A delay that was asked for is settled by the doing.
NO_DELAY: dict[str, Any] = {"delay_until_asked": None, "delay_reason": ""}


@transaction.atomic
def check_activity(*, activity: Activity, mark: str, result: str, actor: User) -> None:
    """The mentor accepts a line with a mark in words; one that the mentee forgot to mark is done by this too."""
    permit(actor, CHECK, activity)
    line = locked_line(activity)
    values: dict[str, Any] = {"mark": mark, "checked_on": today(), "actual_result": result or line.actual_result}
    values |= {"done_on": line.done_on or today(), "return_reason": "", **NO_DELAY}
    move(line, "check", actor=actor, text=f"Проверено: «{line}». Оценка: {mark}", **values)
    tell(
        line.programme, learners(line), "Мероприятие проверено", f"{due_words(line)}. Оценка наставника: {mark}", actor
    )


def learners(line: Activity) -> list[User | None]:
    """Users of the mentees whom the line concerns."""
    return [line.mentee.user] if line.mentee else [one.user for one in line.programme.pair.mentees]


@transaction.atomic
def give_back_activity(*, activity: Activity, reason: str, actor: User) -> None:
    """The mentor returns a line that was marked done, saying what is missing."""
    permit(actor, CHECK, activity)
    line = locked_line(activity)
    move(line, "give_back", actor=actor, text=f"Возвращено: «{line}». {reason}", return_reason=reason, done_on=None)
    tell(line.programme, learners(line), "Мероприятие возвращено", f"{due_words(line)}. {reason}", actor)


# --- Delays -----------------------------------------------------------------------------------------------------------
@transaction.atomic
def ask_delay(*, activity: Activity, until: dt.date, reason: str, actor: User) -> None:
    """Ask the mentor for a later day within the term; whoever checks the lines and asks has so decided."""
    permit(actor, DO, activity)
    line = locked_line(activity)
    refuse_others(line, actor)
    refuse_delay(line, until)
    if may(actor, CHECK, line):
        settle(line, until, reason, actor)
        return
    words = f"Просьба перенести «{line}» на {until:%d.%m.%Y}: {reason}"
    save_line(line, {"delay_until_asked": until, "delay_reason": reason}, actor, words)
    tell(line.programme, [line.programme.pair.mentor.user], "Просьба о переносе срока", words, actor)


def refuse_delay(line: Activity, until: dt.date) -> None:
    if not line.is_in_force or not line.programme.is_in_force:
        raise Refused([NOT_IN_FORCE])
    if line.state != ActivityState.PLANNED:
        raise Refused([f"Мероприятие — «{line.get_state_display()}»: переносить срок не нужно."])
    if not max(line.due, line.programme.starts_on) < until <= line.programme.ends_on:
        last = f"{line.programme.ends_on:%d.%m.%Y}"
        raise Refused([f"Новый срок — позже прежнего ({line.due:%d.%m.%Y}) и внутри срока программы (до {last})."])


@transaction.atomic
def answer_delay(*, activity: Activity, accepted: bool, actor: User) -> None:
    """The mentor accepts the day that was asked for, and the line is not overdue until then, or declines."""
    permit(actor, CHECK, activity)
    line = locked_line(activity)
    until = line.delay_until_asked
    if until is None:
        raise Refused(["Просьбы о переносе нет: на неё уже ответили."])
    if accepted:
        refuse_delay(line, until)
        settle(line, until, line.delay_reason, actor)
    else:
        save_line(line, NO_DELAY, actor, f"Перенос «{line}» отклонён.")
    answer = f"срок — {until:%d.%m.%Y}" if accepted else "срок прежний"
    tell(line.programme, learners(line), "Ответ о переносе срока", f"«{line.title}»: {answer}.", actor)


def settle(line: Activity, until: dt.date, reason: str, actor: User) -> None:
    change = Change(field="Срок", old=f"{line.due:%d.%m.%Y}", new=f"{until:%d.%m.%Y}")
    values = {"delayed_until": until, "delay_until_asked": None, "delay_reason": reason}
    save_line(line, values, actor, f"Срок «{line}» перенесён: {reason}", [change])


def save_line(line: Activity, values: dict[str, Any], actor: User, text: str, changes: Any = ()) -> None:
    Activity.objects.filter(pk=line.pk).update(**values)
    for name, value in values.items():
        setattr(line, name, value)
    record("mentorship.activity.delay", line, actor=actor, text=text, changes=list(changes))


# --- What is overcome -------------------------------------------------------------------------------------------------
@transaction.atomic
def overcome_focus(*, focus: Focus, overcome: bool, actor: User) -> None:
    """The mentor says that a difficulty is overcome (a strength has grown), or takes the word back."""
    permit(actor, CHECK, focus)
    programme = Programme.objects.locked().get(pk=focus.programme_id)
    if not programme.is_in_force:
        raise Refused([f"Программа — «{programme.get_state_display()}»: отмечать можно, пока она действует."])
    day = today() if overcome else None
    if not Focus.objects.filter(pk=focus.pk, overcome_on__isnull=overcome).update(overcome_on=day):
        return
    words = "Преодолено" if focus.kind == Focus.Kind.DIFFICULTY else "Сильная сторона выросла"
    text = f"{words}: «{focus}»." if overcome else f"Снята отметка: «{focus}»."
    record("mentorship.focus.overcome", programme, actor=actor, text=text)
