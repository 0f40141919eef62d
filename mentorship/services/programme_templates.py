"""Templates of programmes: the common ones loaded once, the school's own, and their days laid on a calendar."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any

from django.db import transaction

from accounts.models import Organisation, ProductionDay, Term, User
from accounts.permissions import permit
from core.journal import entry, in_words, record, record_many
from core.transitions import Refused
from core.workdays import WorkCalendar, add_working_days, is_working_day, span
from mentorship.models import Activity, Focus, Programme, ProgrammeTemplate, plus_months
from mentorship.models.programme_rules import lines_of

CHANGE = "mentorship.template.change"
SOURCE = Path(__file__).resolve().parent.parent / "data" / "programme_templates"
COMMON = "Общий шаблон меняют вместе с порталом. Составьте по нему программу и сохраните её как свой шаблон."
WEEK = dt.timedelta(days=7)
MOST_LINES = 80


@transaction.atomic
def load_programme_templates() -> int:
    """Add the common templates that are not there yet, by their codes; returns how many were added."""
    known = set(ProgrammeTemplate.objects.filter(organisation=None).values_list("code", flat=True))
    wanted = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(SOURCE.glob("*.json"))]
    added = ProgrammeTemplate.objects.bulk_create(
        ProgrammeTemplate(
            **{name: one[name] for name in ("code", "title", "summary", "months", "position")}, content=one["content"]
        )
        for one in wanted
        if one["code"] not in known
    )
    record_many(
        entry("mentorship.template.load", one, actor=None, text=f"Добавлен общий шаблон программы «{one}».")
        for one in added
    )
    return len(added)


# --- Days -------------------------------------------------------------------------------------------------------------
def school_calendar(organisation: Organisation, first: dt.date, last: dt.date) -> WorkCalendar:
    """The production calendar of the term with the holidays of the school as days off; two queries."""
    rows = list(ProductionDay.objects.filter(day__range=(first, last)).values_list("day", "kind"))
    working = {day for day, kind in rows if kind == ProductionDay.Kind.WORKING}
    off = {day for day, kind in rows if kind == ProductionDay.Kind.HOLIDAY}
    holidays = Term.objects.filter(
        organisation=organisation, kind=Term.Kind.HOLIDAY, starts_on__lte=last, ends_on__gte=first
    )
    for term in holidays:
        off.update(span(max(term.starts_on, first), min(term.ends_on, last)))
    return WorkCalendar(frozenset(off), frozenset(working - off))


def lay_day(week: int, starts_on: dt.date, ends_on: dt.date, calendar: WorkCalendar, stretch: float = 1) -> dt.date:
    """The working day of a week counted from the first day, never outside the term.

    A day off gives way to the next working day, or to the last one before where the term is over by then. `stretch`
    below 1 presses the weeks of a longer template into the term.
    """
    wanted = min(starts_on + dt.timedelta(days=round(week * WEEK.days * stretch)), ends_on)
    if is_working_day(wanted, calendar=calendar):
        return wanted
    later = add_working_days(wanted, 1, calendar=calendar)
    if later <= ends_on:
        return later
    earlier = add_working_days(wanted, -1, calendar=calendar)
    return max(earlier, starts_on)


def stretch_of(months: int, starts_on: dt.date, ends_on: dt.date) -> float:
    """How much the weeks of a template of so many months have to be pressed together."""
    whole = (plus_months(starts_on, months) - starts_on).days
    return min(1, ((ends_on - starts_on).days + 1) / whole)


# --- The school's own -------------------------------------------------------------------------------------------------
def content_for_template(programme: Programme) -> dict[str, Any]:
    """What of a programme is worth repeating: no names, no words about one person, days as weeks."""
    common = [one for one in programme.focuses.all() if one.mentee_id is None or one.entry_id]
    place = {one.pk: number for number, one in enumerate(common)}
    return {
        **{name: getattr(programme, name) for name in ("goal", "tasks", "expected", "frequency")},
        "focuses": [focus_for_template(one) for one in common],
        "lines": [
            {
                "section": line.section,
                "week": max((line.due_on - programme.starts_on).days // WEEK.days, 0),
                "focus": place.get(line.focus_id or 0),
                "title": line.title,
                "result": line.planned_result,
            }
            for line in lines_of(programme)
        ],
    }


def focus_for_template(focus: Focus) -> dict[str, Any]:
    """A difficulty of a dictionary in the dictionary's words, another in its own."""
    entry_ = focus.entry
    return {"kind": focus.kind, "code": entry_.code if entry_ else "", "text": entry_.title if entry_ else focus.text}


def months_of(programme: Programme) -> int:
    """The length of the programme in whole months, three at least."""
    months = 3
    while months < 12 and plus_months(programme.starts_on, months) <= programme.ends_on:
        months += 1
    return months


@transaction.atomic
def save_as_template(*, programme: Programme, title: str, summary: str, actor: User) -> ProgrammeTemplate:
    """Keep the lines of a programme as a template of its school, without anything about its people."""
    permit(actor, CHANGE, programme.organisation)
    refuse_title(programme.organisation, title, 0)
    template = ProgrammeTemplate.objects.create(
        organisation=programme.organisation,
        title=title,
        summary=summary,
        months=months_of(programme),
        content=content_for_template(programme),
    )
    record(CHANGE, template, actor=actor, text=f"Сохранён шаблон программы «{template}».")
    return template


def refuse_title(organisation: Organisation, title: str, own: int) -> None:
    same = ProgrammeTemplate.objects.filter(organisation=organisation, title__iexact=title).exclude(pk=own)
    if same.exists():
        raise Refused([f"Шаблон «{title}» у школы уже есть. Назовите этот иначе."])


@transaction.atomic
def change_template(*, template: ProgrammeTemplate, values: dict[str, Any], actor: User) -> None:
    """Rename a template of the school, change its lines, hide or offer it; programmes made of it stay as they are."""
    permit(actor, CHANGE, template)
    template = ProgrammeTemplate.objects.select_for_update().get(pk=template.pk)
    if template.organisation is None:
        raise Refused([COMMON])
    refuse_title(template.organisation, values["title"], template.pk)
    before = words_of(template)
    content = {**template.content, **{name: values.pop(name) for name in ("focuses", "lines")}}
    for name, value in {**values, "content": content}.items():
        setattr(template, name, value)
    template.save(update_fields=[*values, "content"])
    changes = [
        {"field": label, "old": before[label], "new": new}
        for label, new in words_of(template).items()
        if before[label] != new
    ]
    if changes:
        record(CHANGE, template, actor=actor, text=f"Изменён шаблон программы «{template}».", changes=changes)


def words_of(template: ProgrammeTemplate) -> dict[str, str]:
    """A template in words, for the history."""
    return {
        "Название": template.title,
        "Для кого": in_words(template.summary),
        "Месяцев": str(template.months),
        "Предлагается": in_words(template.is_active),
        "Затруднения и сильные стороны": "; ".join(str(one["text"]) for one in template.focuses) or "—",
        "Мероприятия": "; ".join(str(one["title"]) for one in template.lines) or "—",
    }


def lines_from(template: ProgrammeTemplate, programme: Programme, focuses: list[Focus | None]) -> list[Activity]:
    """The lines of a template on the days of a programme, unsaved; `focuses` are those of the template in order."""
    first, last = programme.starts_on, programme.ends_on
    calendar = school_calendar(programme.organisation, first, last)
    stretch = stretch_of(template.months, first, last)
    found = []
    for position, raw in enumerate(template.lines[:MOST_LINES]):
        line: dict[str, Any] = dict(raw)
        place = line.get("focus")
        found.append(
            Activity(
                programme=programme,
                section=line["section"],
                focus=focuses[place] if place is not None and place < len(focuses) else None,
                title=line["title"],
                due_on=lay_day(line["week"], first, last, calendar, stretch),
                planned_result=line["result"],
                position=position,
            )
        )
    return found
