"""Meetings of a pair or group: planned, held, confirmed by the other side; how long ago the last one was."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import DateField, Exists, OuterRef, Q, Subquery
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach, Standing
from core.russian import plural
from core.transitions import Transition
from mentorship.models.meeting_law import MeetingKind, MeetingState, day_faults, order_faults
from mentorship.models.meeting_rules import RED_DAYS, YELLOW_DAYS, Span, holidays_of, idle_days, meeting_rules_of
from mentorship.models.pairs import Pair, PairQuerySet, rests
from mentorship.models.participants import Participant
from mentorship.models.programmes import Activity, of_own_pair

CHANGE = "mentorship.meeting.change"
PAUSED = ("", "пауза")
CONFIRM = "mentorship.meeting.confirm"
EDIT_DAYS = 14
AGREED = "Встречу уже подтвердили: её не переписывают, можно только дополнить заметкой."
TOO_OLD = f"С записи прошло больше {EDIT_DAYS} дней: её не переписывают, можно только дополнить заметкой."


class MeetingQuerySet(PermittedQuerySet["Meeting"]):
    def held(self) -> Self:
        return self.filter(state=MeetingState.HELD)

    def planned(self) -> Self:
        return self.filter(state=MeetingState.PLANNED)

    def standing(self) -> Self:
        """Planned and held ones."""
        return self.exclude(state=MeetingState.CANCELLED)

    def missed(self, day: dt.date) -> Self:
        """Planned for an earlier day and still without a word of how it went."""
        return self.planned().filter(day__lt=day)

    def ahead(self, day: dt.date) -> Self:
        """Plans of the day and later, also those called off, the nearest first."""
        return self.exclude(state=MeetingState.HELD).filter(day__gte=day).order_by("day", "time", "pk")

    def until(self, day: dt.date) -> Self:
        """Everything else: what was, what was called off, plans without a word."""
        return self.filter(Q(state=MeetingState.HELD) | Q(day__lt=day))

    def confirmed(self) -> Self:
        """Held ones that the other side agrees with."""
        return self.held().filter(said(agrees=True), ~said(agrees=False))

    def disputed(self) -> Self:
        return self.held().filter(said(agrees=False))

    def unconfirmed(self) -> Self:
        """Held ones about which the other side has said nothing: silence is not a yes."""
        return self.held().exclude(said())

    def for_rows(self) -> Self:
        """With everything that a row of a list shows."""
        return self.select_related("pair__mentor", "entered_by").prefetch_related(
            "pair__members__mentee", "confirmations__participant"
        )


def said(**more: Any) -> Exists:
    """Whether the other side has said something about a meeting."""
    return Exists(MeetingConfirmation.objects.filter(meeting=OuterRef("pk"), **more))


def hold_faults(meeting: Meeting) -> list[str]:
    return [
        *day_faults(meeting.pair, meeting.day, held=True),
        *order_faults(meeting.kind, meeting.day, meeting.others(), held=True),
    ]


def rewriting_faults(meeting: Meeting) -> list[str]:
    """Why a written entry may not be rewritten any more: the other side has agreed, or too long ago."""
    if any(one.agrees for one in meeting.confirmations.all()):
        return [AGREED]
    if (timezone.now() - meeting.entered_at).days > EDIT_DAYS:
        return [TOO_OLD]
    return []


class Meeting(models.Model):
    """One meeting. `day` is the planned day and, once it is held, the day it was held on.

    `entered_by` planned it and, once it is held, wrote the entry. `sequence` and `changed_at` tell calendars that a
    plan has changed.
    """

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
    sequence = models.PositiveIntegerField("изменений плана", default=0, editable=False)
    changed_at = models.DateTimeField("изменена", default=timezone.now, editable=False)

    objects = MeetingQuerySet.as_manager()

    # What was said between two people: the history keeps that it changed, not the words.
    VEILED = ("goal", "done", "result", "next_step")
    REACH = {Reach.ORGANISATION: "pair__organisation", Reach.OWN: of_own_pair}
    TRANSITIONS = {
        "hold": Transition(
            "Записать встречу",
            frozenset({MeetingState.PLANNED}),
            MeetingState.HELD,
            CHANGE,
            "Встреча проведена.",
            hold_faults,
        ),
        "cancel": Transition(
            "Отменить встречу",
            frozenset({MeetingState.PLANNED}),
            MeetingState.CANCELLED,
            CHANGE,
            "Встреча отменена.",
        ),
        "strike": Transition(
            "Вычеркнуть запись",
            frozenset({MeetingState.HELD}),
            MeetingState.CANCELLED,
            CHANGE,
            "Запись о встрече вычеркнута.",
            rewriting_faults,
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
            ),
            models.CheckConstraint(
                condition=~Q(state="cancelled") | ~Q(cancel_reason=""),
                name="meeting_cancelled_with_reason",
                violation_error_message="У отменённой встречи есть причина.",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | Q(minutes__gt=0),
                name="meeting_held_has_length",
                violation_error_message="У проведённой встречи есть длительность.",
            ),
        ]

    def __str__(self) -> str:
        return f"Встреча {self.day:%d.%m.%Y}"

    @property
    def journal_scope(self) -> int:
        return self.pair.organisation_id

    def others(self) -> list[Meeting]:
        """The other planned and held meetings of the pair."""
        return list(Meeting.objects.filter(pair=self.pair_id).standing().exclude(pk=self.pk))

    @property
    def is_planned(self) -> bool:
        return self.state == MeetingState.PLANNED

    @property
    def is_held(self) -> bool:
        return self.state == MeetingState.HELD

    def confirmers(self) -> list[Participant]:
        """Whose word counts: the side that did not write the entry; of a curator's entry, both."""
        mentor, mentees = self.pair.mentor, self.pair.mentees
        if mentor.user_id == self.entered_by_id:
            return mentees
        if any(mentee.user_id == self.entered_by_id for mentee in mentees):
            return [mentor]
        return [mentor, *mentees]

    def word(self) -> tuple[str, str]:
        """The state in words and the kind of its chip; silence is not a yes."""
        if self.is_planned:
            late = self.day < timezone.localdate()
            return ("нет записи", "late") if late else (self.get_state_display(), "go")
        if not self.is_held:
            return self.get_state_display(), ""
        answers = [one.agrees for one in self.confirmations.all()]
        if not answers:
            return "не подтверждена", "wait"
        return ("подтверждена", "ok") if all(answers) else ("было иначе", "no")


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
        constraints = [
            models.UniqueConstraint(fields=["meeting", "participant"], name="meeting_confirmed_once"),
            models.CheckConstraint(
                condition=Q(agrees=True) | ~Q(text=""),
                name="meeting_disputed_in_words",
                violation_error_message="Напишите, как было на самом деле.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant.short_name}: {self.said_on:%d.%m.%Y}"

    @property
    def journal_scope(self) -> int:
        return self.meeting.pair.organisation_id


def of_own_meeting(standing: Standing) -> Q:
    """Rows about the meetings of the person's own pairs; through `meeting`."""
    own = Meeting.objects.filter(of_own_pair(standing), pk=OuterRef("meeting"))
    return Q(Exists(own))


def meeting_light(
    last: dt.date | None,
    starts_on: dt.date,
    day: dt.date,
    *,
    limits: tuple[int, int] = (YELLOW_DAYS, RED_DAYS),
    off: Iterable[Span] = (),
) -> tuple[str, str]:
    """The light of a pair at work: the kind of its chip (ok, wait, late) and the words beside the colour.

    Days are counted from the last meeting held, or from the first day of the pair, without the school holidays of
    `off`. `limits`: after how many days the light is yellow, then red.
    """
    days = idle_days(last or starts_on, day, off)
    if days <= limits[0]:
        return "ok", "встречи идут"
    words = f"нет встреч {plural(days, 'день', 'дня', 'дней')}"
    return ("late", words) if days > limits[1] else ("wait", words)


def with_last_meeting(pairs: PairQuerySet) -> PairQuerySet:
    """The pairs, each with `last_met`, the day of its last meeting held, None where there was none; no more queries."""
    last = Meeting.objects.filter(pair=OuterRef("pk")).held().order_by("-day").values("day")[:1]
    rows: Any = pairs.annotate(last_met=Subquery(last, output_field=DateField()))
    return rows


def lights_of(pairs: Sequence[Any], day: dt.date) -> dict[int, tuple[str, str]]:
    """The lights of pairs of one organisation read by `with_last_meeting`: pk → `meeting_light`; three queries.

    After a pause the days are counted from its end; on a day of a pause there is no light, only the word.
    """
    if not pairs:
        return {}
    organisation = pairs[0].organisation_id
    rules, holidays = meeting_rules_of(organisation), holidays_of(organisation)
    rested: dict[int, dt.date] = {}
    for pair, last in rests(day).filter(pair__in=[one.pk for one in pairs]).values_list("pair", "last"):
        rested.setdefault(pair, last)
    return {
        pair.pk: PAUSED
        if rested.get(pair.pk) == day
        else meeting_light(
            max(filter(None, [pair.last_met, rested.get(pair.pk)]), default=None),
            pair.starts_on,
            day,
            limits=rules.limits,
            off=holidays,
        )
        for pair in pairs
    }
