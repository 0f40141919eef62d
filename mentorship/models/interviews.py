"""Interviews with both sides: planned, held, concluded; the conclusion moves the card in the bank."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach
from core.transitions import Transition
from mentorship.models.banks import BankCard

CHANGE = "mentorship.interview.change"


class InterviewState(models.TextChoices):
    PLANNED = "planned", "назначено"
    HELD = "held", "проведено"
    CANCELLED = "cancelled", "отменено"


class Conclusion(models.TextChoices):
    RECOMMENDED = "recommended", "рекомендован к участию"
    LATER = "later", "вернуться к разговору позже"
    UNFIT = "unfit", "пока не рекомендован"
    DECLINED = "declined", "отказался от участия"


class InterviewQuerySet(PermittedQuerySet["Interview"]):
    def planned(self) -> Self:
        return self.filter(state=InterviewState.PLANNED)

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
