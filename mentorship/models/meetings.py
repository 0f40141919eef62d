"""Meetings of a pair or group: planned, held, confirmed by the other side; how long ago the last one was."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach
from core.transitions import Transition
from mentorship.models.pairs import Pair
from mentorship.models.participants import Participant
from mentorship.models.programmes import Activity, of_own_pair

CHANGE = "mentorship.meeting.change"


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


class MeetingQuerySet(PermittedQuerySet["Meeting"]):
    def held(self) -> Self:
        return self.filter(state=MeetingState.HELD)

    def planned(self) -> Self:
        return self.filter(state=MeetingState.PLANNED)

    def missed(self, day: dt.date) -> Self:
        """Planned for an earlier day and still without a word of how it went."""
        return self.planned().filter(day__lt=day)


class Meeting(models.Model):
    """One meeting. `day` is the planned day and, once it is held, the day it was held on."""

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="meetings", verbose_name="пара или группа")
    kind = models.CharField("вид встречи", max_length=14, choices=MeetingKind, default=MeetingKind.REGULAR)
    state = models.CharField("состояние", max_length=9, choices=MeetingState, default=MeetingState.PLANNED)
    day = models.DateField("день")
    time = models.TimeField("время", null=True, blank=True)
    minutes = models.PositiveSmallIntegerField(
        "длительность, минут", null=True, blank=True, validators=[MinValueValidator(5), MaxValueValidator(600)]
    )
    place = models.CharField("место или ссылка", max_length=200, blank=True)
    activity = models.ForeignKey(
        Activity, models.SET_NULL, null=True, blank=True, related_name="meetings", verbose_name="мероприятие программы"
    )
    goal = models.CharField("цель", max_length=300, blank=True)
    done = models.TextField("что сделано", max_length=2000, blank=True)
    result = models.TextField("результат", max_length=2000, blank=True)
    next_step = models.CharField("следующий шаг", max_length=300, blank=True)
    cancel_reason = models.CharField("почему отменена", max_length=300, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="записал")
    entered_at = models.DateTimeField("записана", default=timezone.now)

    objects = MeetingQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "pair__organisation", Reach.OWN: of_own_pair}
    TRANSITIONS = {
        "hold": Transition(
            "Записать встречу",
            frozenset({MeetingState.PLANNED}),
            MeetingState.HELD,
            CHANGE,
            "Встреча проведена.",
        ),
        "cancel": Transition(
            "Отменить встречу",
            frozenset({MeetingState.PLANNED}),
            MeetingState.CANCELLED,
            CHANGE,
            "Встреча отменена.",
        ),
    }

    class Meta:
        verbose_name = "встреча"
        verbose_name_plural = "встречи"
        ordering = ["-day", "-time", "-pk"]
        indexes = [models.Index(fields=["pair", "state", "day"], name="meeting_of_pair")]
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "kind"],
                condition=Q(kind__in=["organisational", "trial", "planning", "final"], state__in=["planned", "held"]),
                name="meeting_once_of_kind",
                violation_error_message="Встреча этого вида у пары уже есть.",
            )
        ]

    def __str__(self) -> str:
        return f"Встреча {self.day:%d.%m.%Y}"

    @property
    def journal_scope(self) -> int:
        return self.pair.organisation_id


class MeetingConfirmation(models.Model):
    """The other side says that the meeting was so, and may add to it; silence is not a yes."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="confirmations")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+")
    agrees = models.BooleanField("всё верно", default=True)
    text = models.CharField("дополнение", max_length=500, blank=True)
    said_on = models.DateField("когда")

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "meeting__pair__organisation"}

    class Meta:
        verbose_name = "подтверждение встречи"
        verbose_name_plural = "подтверждения встреч"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["meeting", "participant"], name="meeting_confirmed_once")]

    def __str__(self) -> str:
        return f"{self.participant.short_name}: {self.said_on:%d.%m.%Y}"

    @property
    def journal_scope(self) -> int:
        return self.meeting.pair.organisation_id


# Days since the last meeting (or the pair's first day) after which the light changes; a school may set its own later.
YELLOW_DAYS, RED_DAYS = 21, 35


def meeting_light(last: dt.date | None, starts_on: dt.date, day: dt.date) -> tuple[str, str]:
    """The light of a pair at work: the kind of its chip (ok, wait, late) and the words beside the colour."""
    days = (day - (last or starts_on)).days
    if days <= YELLOW_DAYS:
        return "ok", "встречи идут"
    words = f"нет встреч {days} дн."
    return ("late", words) if days > RED_DAYS else ("wait", words)
