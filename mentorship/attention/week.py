"""The week of a mentor or a mentee: planned meetings, activities due, and the one thing to press first."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import DateField, Q
from django.db.models.functions import Coalesce
from django.urls import reverse

from accounts.attention import Panel, Place, register_main, register_panels
from accounts.models import Organisation
from core.russian import date_words, plural
from mentorship.attention.pairs import card_of
from mentorship.models import Activity, ActivityState, Meeting, MeetingConfirmation, Pair, Participant

WEEK = dt.timedelta(days=7)
MOST = 5
ACTIVITIES = ("мероприятие", "мероприятия", "мероприятий")
WEEKDAYS = ("пн", "вт", "ср", "чт", "пт", "сб", "вс")


@dataclass(frozen=True)
class Line:
    """One thing of the week: when («ср, 25 ноября, 14:30»), what, a detail, where it leads."""

    when: str
    title: str
    detail: str
    url: str


@dataclass(frozen=True)
class Week:
    """What the panel shows: the nearest lines, how many more there are, one line about what is left from before."""

    lines: list[Line]
    more: int
    left: Line | None


def day_words(day: dt.date, time: dt.time | None = None) -> str:
    """«ср, 25 ноября», with the time where it is set."""
    words = f"{WEEKDAYS[day.weekday()]}, {date_words(day, year=False)}"
    return f"{words}, {time:%H:%M}" if time else words


def due() -> Coalesce:
    """SQL of the day that counts: the later one that the mentor has accepted, else that of the programme."""
    return Coalesce("delayed_until", "approved_due_on", output_field=DateField())


def open_activities(me: Participant, pairs: list[Pair]) -> Any:
    """Lines of the programmes in force that wait: a mentor's of everybody, a mentee's own and those of the group."""
    led = [pair.pk for pair in pairs if pair.mentor_id == me.pk]
    mine = Q(programme__pair__in=led) | Q(mentee=None) | Q(mentee=me)
    rows = Activity.objects.in_force().filter(mine, programme__pair__in=pairs, state=ActivityState.PLANNED)
    return rows.annotate(due_day=due()).select_related("programme", "mentee").order_by("due_day", "position", "pk")


@register_panels
def this_week(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Panel]:
    """For a mentor or a mentee: what this week holds, above everything else; three queries besides the pairs."""
    me = card_of(user, organisation)
    pairs = list(Pair.objects.of(me).working(day).for_cards()) if me else []
    if me is None or not pairs:
        return
    monday = day - dt.timedelta(days=day.weekday())
    sunday = monday + WEEK - dt.timedelta(days=1)
    lines = [*meeting_lines(me, pairs, day, sunday), *activity_lines(me, pairs, monday, sunday)]
    lines.sort(key=lambda one: one[0])
    left = left_line(me, pairs, monday)
    if lines or left:
        shown = Week([line for _, line in lines[:MOST]], max(len(lines) - MOST, 0), left)
        yield Panel("Эта неделя", "mentorship/includes/week.html", shown, first=True)


Dated = tuple[dt.date, Line]


def meeting_lines(me: Participant, pairs: list[Pair], day: dt.date, sunday: dt.date) -> Iterator[Dated]:
    """Meetings still to come this week."""
    titles = {pair.pk: with_whom(me, pair) for pair in pairs}
    rows = Meeting.objects.planned().filter(pair__in=pairs, day__gte=day, day__lte=sunday).order_by("day", "time")
    for meeting in rows:
        detail = ", ".join(part for part in (meeting.place, meeting.goal) if part)
        url = reverse("meeting_detail", args=[meeting.pk])
        title = f"Встреча: {titles[meeting.pair_id]}"
        yield meeting.day, Line(day_words(meeting.day, meeting.time), title, detail, url)


def with_whom(me: Participant, pair: Pair) -> str:
    return ", ".join(person.short_name for person in pair.people if person != me)


def activity_lines(me: Participant, pairs: list[Pair], monday: dt.date, sunday: dt.date) -> Iterator[Dated]:
    """Lines of programmes whose day is this week, delays counted."""
    led = {pair.pk for pair in pairs if pair.mentor_id == me.pk}
    for activity in open_activities(me, pairs).filter(due_day__gte=monday, due_day__lte=sunday):
        pair = activity.programme.pair_id
        whom = activity.mentee.short_name if activity.mentee and pair in led else ""
        url = reverse("activity_detail", args=[activity.pk])
        yield activity.due_day, Line(f"до {day_words(activity.due_day)}", activity.title, whom, url)


def left_line(me: Participant, pairs: list[Pair], monday: dt.date) -> Line | None:
    """How many lines are left from earlier weeks, for a mentee; a mentor finds them in the queue."""
    learning = [pair for pair in pairs if pair.mentor_id != me.pk]
    earlier = list(open_activities(me, learning).filter(due_day__lt=monday)) if learning else []
    if not earlier:
        return None
    title = f"С прошлых недель осталось: {plural(len(earlier), *ACTIVITIES)}"
    words = "Срок можно перенести: скажите наставнику."
    return Line("", title, words, reverse("programme_detail", args=[earlier[0].programme.pk]))


@register_main
def main_step(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Place]:
    """The one button of a mentor or a mentee; a mentee is offered, not told."""
    me = card_of(user, organisation)
    pairs = list(Pair.objects.of(me).in_force(day).order_by("pk")) if me else []
    if me is None or not pairs:
        return
    led = [pair for pair in pairs if pair.mentor_id == me.pk]
    first = (led or pairs)[0].pk
    if led:
        yield Place("Записать встречу", reverse("meeting_new") + (f"?pair={first}" if len(led) == 1 else ""))
    elif step := mentee_step(me, pairs, day):
        yield step
    else:
        yield Place("Открыть свою пару", reverse("pair_detail", args=[first]))


def mentee_step(me: Participant, pairs: list[Pair], day: dt.date) -> Place | None:
    """A meeting of the last week that the mentee has said nothing of, else the nearest activity."""
    heard = MeetingConfirmation.objects.filter(participant=me).values("meeting")
    held = Meeting.objects.held().filter(pair__in=pairs, day__gt=day - WEEK, day__lte=day).exclude(pk__in=heard)
    meeting = held.order_by("day", "pk").first()
    if meeting is not None:
        return Place("Подтвердить встречу", reverse("meeting_confirm", args=[meeting.pk]))
    activity = open_activities(me, pairs).filter(due_day__gte=day).first()
    if activity is None:
        return None
    return Place("Ближайшее мероприятие", reverse("activity_detail", args=[activity.pk]))
