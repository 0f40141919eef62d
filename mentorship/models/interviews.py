"""Interviews with both sides: planned, held, concluded; the conclusion moves the card in the bank."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Case, DateField, OuterRef, Prefetch, Q, Subquery, Value, When
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach
from core.transitions import Transition
from mentorship.models.banks import STANDING, BankCard, BankCardQuerySet
from mentorship.models.participants import russian_order

CHANGE = "mentorship.interview.change"
# People are prepared for a school year in August already: a talk of August counts for the year that follows.
FIRST_MONTH = 8


class InterviewState(models.TextChoices):
    PLANNED = "planned", "назначено"
    HELD = "held", "проведено"
    CANCELLED = "cancelled", "отменено"


class Conclusion(models.TextChoices):
    RECOMMENDED = "recommended", "рекомендован к участию"
    LATER = "later", "вернуться к разговору позже"
    UNFIT = "unfit", "пока не рекомендован"
    DECLINED = "declined", "отказался от участия"


class Progress(models.TextChoices):
    """How far the talk with somebody in the bank has come this year; computed, never stored."""

    MISSED = "missed", "день прошёл, итог не записан"
    WITHOUT = "without", "не назначено"
    PLANNED = "planned", "назначено"
    HELD = "held", "проведено"


def year_began(day: dt.date) -> dt.date:
    """The first day whose interviews count for the school year of the day."""
    return dt.date(day.year if day.month >= FIRST_MONTH else day.year - 1, FIRST_MONTH, 1)


class InterviewQuerySet(PermittedQuerySet["Interview"]):
    def planned(self) -> Self:
        return self.filter(state=InterviewState.PLANNED)

    def held_this_year(self, day: dt.date) -> Self:
        return self.filter(state=InterviewState.HELD, held_on__gte=year_began(day))

    def missed(self, day: dt.date) -> Self:
        """Planned for an earlier day and still without a conclusion."""
        return self.planned().filter(planned_for__lt=day)


class Interview(models.Model):
    """A talk with a person about one of their bank cards. The record is never public."""

    card = models.ForeignKey(BankCard, models.CASCADE, related_name="interviews", verbose_name="карточка банка")
    planned_for = models.DateField("день")
    place = models.CharField("время и место", max_length=150, blank=True)
    interviewer = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="проводит")
    state = models.CharField("состояние", max_length=10, choices=InterviewState, default=InterviewState.PLANNED)
    held_on = models.DateField("проведено", null=True, blank=True)
    record = models.TextField("запись разговора", blank=True, max_length=4000)
    conclusion = models.CharField("заключение", max_length=12, choices=Conclusion, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("назначено", default=timezone.now)

    objects = InterviewQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "card__participant__organisation", Reach.OWN: "card__participant__user"}
    TRANSITIONS = {
        "hold": Transition(
            "Записать итог",
            frozenset({InterviewState.PLANNED}),
            InterviewState.HELD,
            CHANGE,
            "Собеседование проведено.",
        ),
        "cancel": Transition(
            "Отменить", frozenset({InterviewState.PLANNED}), InterviewState.CANCELLED, CHANGE, "Собеседование отменено."
        ),
    }

    class Meta:
        verbose_name = "собеседование"
        verbose_name_plural = "собеседования"
        ordering = ["-planned_for", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["card"],
                condition=Q(state="planned"),
                name="interview_one_planned",
                violation_error_message="Собеседование уже назначено: запишите его итог или отмените.",
            ),
            models.CheckConstraint(
                condition=~Q(state="held") | (Q(held_on__isnull=False) & ~Q(conclusion="")),
                name="interview_held_is_concluded",
                violation_error_message="У проведённого собеседования есть день и заключение.",
            ),
        ]

    def __str__(self) -> str:
        return f"Собеседование {self.planned_for:%d.%m.%Y}: {self.card.participant}"

    @property
    def journal_scope(self) -> int:
        return self.card.participant.organisation_id


def checklist(cards: BankCardQuerySet, day: dt.date) -> BankCardQuerySet:
    """Cards whom the talks of this year are about, each with `planned_on` and `held_on` (None where there is none)."""
    own = Interview.objects.filter(card=OuterRef("pk"))
    planned = own.planned().values("planned_for")[:1]
    held = own.held_this_year(day).order_by("-held_on", "-pk").values("held_on")[:1]
    rows: Any = cards.annotate(
        planned_on=Subquery(planned, output_field=DateField()), held_on=Subquery(held, output_field=DateField())
    )
    return rows.filter(Q(state__in=sorted(STANDING)) | Q(planned_on__isnull=False) | Q(held_on__isnull=False))


def conditions(day: dt.date) -> dict[str, Q]:
    """What each progress means on the rows of a checklist; every row fits exactly one."""
    planned, held = Q(planned_on__isnull=False), Q(held_on__isnull=False)
    return {
        Progress.MISSED: Q(planned_on__lt=day),
        Progress.WITHOUT: ~planned & ~held,
        Progress.PLANNED: Q(planned_on__gte=day),
        Progress.HELD: ~planned & held,
    }


def by_urgency(rows: BankCardQuerySet, day: dt.date) -> BankCardQuerySet:
    """Rows of a checklist: the missed first, then those nobody has planned, the nearest planned, the held; by name."""
    whens = [When(condition, then=Value(place)) for place, condition in enumerate(conditions(day).values())]
    rank = Case(*whens, default=Value(len(whens)), output_field=models.IntegerField())
    names = ("participant__surname", "participant__given_name", "participant__patronymic")
    ranked: Any = rows.annotate(rank=rank)
    return ranked.order_by("rank", "planned_on", *russian_order(*names), "pk")


def with_talks(cards: BankCardQuerySet, day: dt.date) -> BankCardQuerySet:
    """With the planned interview and those held this year, the newest first, as `talks`; one further query."""
    rows = Interview.objects.planned() | Interview.objects.held_this_year(day)
    talks = rows.select_related("interviewer").order_by("-planned_for", "-pk")
    return cards.prefetch_related(Prefetch("interviews", talks, to_attr="talks"))
