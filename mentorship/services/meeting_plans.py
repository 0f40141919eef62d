"""Actions on meetings ahead: one or a series by the school calendar, moved to another day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import ProductionDay, User
from accounts.permissions import permit
from accounts.services.letters import write_letters
from core.journal import differences, entry, reading, record, record_many
from core.russian import plural
from core.transitions import Refused
from mentorship.models import Activity, Meeting, MeetingKind, MeetingState, Pair
from mentorship.models.meeting_law import day_faults, order_faults
from mentorship.models.meeting_rules import Span, holidays_of, within
from mentorship.models.meetings import CHANGE
from mentorship.services.meetings import locked_pair, tell_others

MOST = 60
MEETINGS = ("встреча", "встречи", "встреч")
TAKEN = "На {day:%d.%m.%Y} встреча уже запланирована."
ONLY_PLANNED = "Перенести можно только запланированную встречу."
PLAN_FIELDS = ["day", "time", "minutes", "place"]


@dataclass(frozen=True)
class Plan:
    """A meeting ahead; with `every` days between and a last day `until`, a series of them."""

    day: dt.date
    kind: str
    time: dt.time | None = None
    minutes: int | None = None
    place: str = ""
    goal: str = ""
    activity: Activity | None = None
    every: int = 0
    until: dt.date | None = None


def days_off(pair: Pair, first: dt.date, last: dt.date) -> list[Span]:
    """School holidays and days off of the country between two days; two queries."""
    rows = ProductionDay.objects.filter(kind=ProductionDay.Kind.HOLIDAY, day__range=(first, last))
    return [*holidays_of(pair.organisation_id), *((day, day) for day in rows.values_list("day", flat=True))]


def series_days(plan: Plan, off: Iterable[Span]) -> tuple[list[dt.date], list[dt.date]]:
    """The days of the series and those that it leaves out. The first day was chosen by a person and stays."""
    kept: list[dt.date] = [plan.day]
    left: list[dt.date] = []
    off, day = list(off), plan.day
    while plan.every and plan.until and len(kept) < MOST:
        day += dt.timedelta(days=plan.every)
        if day > plan.until:
            break
        (left if within(day, off) else kept).append(day)
    return kept, left


def plan_faults(pair: Pair, plan: Plan, days: Iterable[dt.date], others: list[Meeting]) -> list[str]:
    """Why the meetings cannot be planned; the first three reasons."""
    faults: list[str] = []
    for number, day in enumerate(days):
        kind = kind_at(plan, number)
        faults += day_faults(pair, day, held=False) or order_faults(kind, day, others, held=False)
        if any(one.day == day and one.is_planned for one in others):
            faults.append(TAKEN.format(day=day))
    return faults[:3]


def kind_at(plan: Plan, number: int) -> str:
    """The chosen kind is the first one's; the work goes on by itself."""
    return plan.kind if number == 0 or plan.kind == MeetingKind.REQUEST else MeetingKind.REGULAR


@transaction.atomic
def plan_meetings(*, pair: Pair, plan: Plan, actor: User) -> tuple[list[Meeting], list[dt.date]]:
    """Plan a meeting or a series, all or none; the others of the pair get one letter.

    Gives the meetings and the days left out because of holidays. Raises `Refused` where the law of meetings forbids.
    """
    pair = locked_pair(pair, actor)
    days, left = series_days(plan, days_off(pair, plan.day, plan.until or plan.day) if plan.every else ())
    others = list(Meeting.objects.filter(pair=pair).standing())
    if faults := plan_faults(pair, plan, days, others):
        raise Refused(faults)
    planned = [
        Meeting.objects.create(
            pair=pair,
            kind=kind_at(plan, number),
            state=MeetingState.PLANNED,
            day=day,
            time=plan.time,
            minutes=plan.minutes,
            place=plan.place,
            goal=plan.goal if number == 0 else "",
            activity=plan.activity if number == 0 else None,
            entered_by=actor,
        )
        for number, day in enumerate(days)
    ]
    record_many(entry(CHANGE, one, actor=actor, text=f"Запланирована встреча {one.day:%d.%m.%Y}.") for one in planned)
    tell_of_plan(pair, planned, actor)
    return planned, left


def tell_of_plan(pair: Pair, planned: list[Meeting], actor: User) -> None:
    users = [person.user for person in pair.people if person.user and person.user_id != actor.pk]
    days = ", ".join(f"{one.day:%d.%m.%Y}" for one in planned[:10])
    more = f" и ещё {len(planned) - 10}" if len(planned) > 10 else ""
    write_letters(
        users,
        subject=f"Запланировано: {plural(len(planned), *MEETINGS)}",
        body=f"{pair.title}: {days}{more}.",
        path=reverse("meeting_detail", args=[planned[0].pk]),
        organisation=pair.organisation,
    )


@transaction.atomic
def move_meeting(*, meeting: Meeting, plan: Plan, actor: User) -> Meeting:
    """Give a planned meeting another day, hour, length or place; the others of the pair get a letter."""
    permit(actor, CHANGE, meeting)
    pair = locked_pair(meeting.pair, actor)
    kept = Meeting.objects.get(pk=meeting.pk)
    kept.pair = pair
    if not kept.is_planned:
        raise Refused([ONLY_PLANNED])
    others = kept.others()
    if faults := plan_faults(pair, Plan(plan.day, kept.kind), [plan.day], others):
        raise Refused(faults)
    was = reading(kept, PLAN_FIELDS)
    for name in PLAN_FIELDS:
        setattr(kept, name, getattr(plan, name))
    changes = differences(was, reading(kept, PLAN_FIELDS))
    if not changes:
        return kept
    kept.sequence, kept.changed_at = kept.sequence + 1, timezone.now()
    kept.save(update_fields=[*PLAN_FIELDS, "sequence", "changed_at"])
    record(CHANGE, kept, actor=actor, text="Встреча перенесена.", changes=changes)
    at = f" в {kept.time:%H:%M}" if kept.time else ""
    tell_others(kept, actor, f"Встреча перенесена на {kept.day:%d.%m.%Y}{at}", f"Место: {kept.place or 'не указано'}.")
    return kept
