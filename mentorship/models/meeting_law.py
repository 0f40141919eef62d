"""The law of meetings: which kinds there are, which of them happen once and in what order, and on what days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from django.db import models

from accounts.permissions import today
from mentorship.models.pairs import Pair, PairState


class MeetingKind(models.TextChoices):
    ORGANISATIONAL = "organisational", "организационная"
    TRIAL = "trial", "пробная"
    PLANNING = "planning", "планирование"
    REGULAR = "regular", "рабочая"
    FINAL = "final", "итоговая"
    REQUEST = "request", "по просьбе наставляемого"


class MeetingState(models.TextChoices):
    PLANNED = "planned", "запланирована"
    HELD = "held", "проведена"
    CANCELLED = "cancelled", "отменена"


Kind = MeetingKind
# From the first to the last; each but the regular one happens once.
LADDER = (Kind.ORGANISATIONAL, Kind.TRIAL, Kind.PLANNING, Kind.REGULAR, Kind.FINAL)
ONCE = (Kind.ORGANISATIONAL, Kind.TRIAL, Kind.PLANNING, Kind.FINAL)
FULL = {
    Kind.ORGANISATIONAL: "организационная встреча",
    Kind.TRIAL: "пробная встреча",
    Kind.PLANNING: "встреча-планирование",
    Kind.REGULAR: "рабочая встреча",
    Kind.FINAL: "итоговая встреча",
    Kind.REQUEST: "встреча по просьбе наставляемого",
}
# Not every school holds a trial and a planning meeting, and a pair that works already may still add one.
FREE_OF_EACH_OTHER = ({Kind.REGULAR, Kind.TRIAL}, {Kind.REGULAR, Kind.PLANNING})
NOT_IN_FORCE = "Пара ещё не действует: встречи начинаются после приказа о закреплении."
FORMER = "Пара завершена: её журнал дополняет только куратор, по бумажным записям."
DISSOLVED = "Пара не состоялась, встреч у неё нет."
SPEED = "speed"


class Dated(Protocol):
    """What the order of meetings looks at."""

    kind: str
    day: dt.date
    state: str


def name_of(kind: str) -> str:
    return FULL[Kind(kind)]


def capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def next_kind(others: Iterable[Dated]) -> Kind:
    """The kind to propose for the next meeting: up the ladder until the work goes on by itself."""
    met = {other.kind for other in others}
    if met & {Kind.REGULAR, Kind.FINAL}:
        return Kind.REGULAR
    reached = max((LADDER.index(Kind(kind)) for kind in met if kind in ONCE), default=-1)
    return LADDER[min(reached + 1, LADDER.index(Kind.REGULAR))]


def day_faults(pair: Pair, day: dt.date, *, held: bool) -> list[str]:
    """Why the pair cannot have a meeting on the day; `held`: it has happened, otherwise it is planned."""
    if pair.state == PairState.FORMING:
        return [NOT_IN_FORCE]
    if pair.state == PairState.DISSOLVED:
        return [DISSOLVED]
    if not pair.starts_on <= day <= pair.ends_on:
        return [f"Пара работает с {pair.starts_on:%d.%m.%Y} по {pair.ends_on:%d.%m.%Y}: выберите день этого срока."]
    if held and day > today():
        return [f"День {day:%d.%m.%Y} ещё не наступил: запланируйте встречу или исправьте день."]
    if not held and day < today():
        return [f"День {day:%d.%m.%Y} уже прошёл: запишите встречу в журнал или выберите другой день."]
    return []


def order_faults(kind: str, day: dt.date, others: Iterable[Dated], *, held: bool) -> list[str]:
    """Why a meeting of the kind cannot be on the day beside the other planned and held meetings of the pair (BR-30).

    A meeting that the mentee asked for stands outside the order.
    """
    others = [other for other in others if other.kind != Kind.REQUEST]
    if kind == Kind.REQUEST:
        return []
    twice = next((other for other in others if other.kind == kind and kind in ONCE), None)
    if twice is not None:
        return [f"{capital(name_of(kind))} бывает одна, и она уже есть: {twice.day:%d.%m.%Y}."]
    return [*lacking(kind, day, others, held=held), *crossed(kind, day, others)]


def lacking(kind: str, day: dt.date, others: Iterable[Dated], *, held: bool) -> list[str]:
    """What has to come before: what is held follows what is held, a plan may follow a plan."""
    states = (MeetingState.HELD,) if held else (MeetingState.HELD, MeetingState.PLANNED)
    earlier = [other for other in others if other.state in states and other.day <= day]
    if kind in (Kind.TRIAL, Kind.PLANNING) and not any(other.kind == Kind.ORGANISATIONAL for other in earlier):
        return [f"{capital(name_of(kind))} бывает после организационной: сначала запишите организационную."]
    if kind == Kind.FINAL and not earlier:
        return ["Итоговая встреча не может быть первой: сначала запишите хотя бы одну другую."]
    return []


def crossed(kind: str, day: dt.date, others: Iterable[Dated]) -> list[str]:
    """Meetings of an earlier kind on a later day, and the other way round."""
    place = LADDER.index(Kind(kind))
    faults = []
    for other in others:
        step = LADDER.index(Kind(other.kind)) - place
        if {Kind(kind), Kind(other.kind)} in FREE_OF_EACH_OTHER:
            continue
        if (step < 0 and other.day > day) or (step > 0 and other.day < day):
            side = "раньше, чем" if step < 0 else "позже, чем"
            faults.append(
                f"{capital(name_of(kind))} не может быть {side} {name_of(other.kind)} ({other.day:%d.%m.%Y})."
            )
    return faults[:3]
