"""Who works beside a mentor: helpers by their own consent, substitutes by an order."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach
from mentorship.models.pairs import Pair
from mentorship.models.participants import Participant
from orders.models import Order


def term_words(starts_on: dt.date, ends_on: dt.date | None) -> str:
    """«с 01.02.2027 по 28.02.2027»."""
    return f"с {starts_on:%d.%m.%Y}" + (f" по {ends_on:%d.%m.%Y}" if ends_on else "")


class DatedQuerySet(PermittedQuerySet["PairHelper"]):
    def on(self, day: dt.date) -> Self:
        """Whoever helps on the day; the last day still counts."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)

    def not_over(self, day: dt.date) -> Self:
        """Whoever helps on the day or will help later."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day))


class PairHelper(models.Model):
    """A colleague whom the mentor has drawn in, only with their written consent. A helper is no mentor by law."""

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="helpers", verbose_name="пара или группа")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+", verbose_name="помощник")
    role = models.CharField("чем помогает", max_length=200)
    consent_on = models.DateField("согласие подписано")
    original_place = models.CharField("где хранится согласие", max_length=200)
    starts_on = models.DateField("помогает с")
    ends_on = models.DateField("последний день", null=True, blank=True)
    end_reason = models.CharField("почему закончил", max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="записал")
    recorded_at = models.DateTimeField("записано", default=timezone.now)

    objects = DatedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "pair__organisation"}

    class Meta:
        verbose_name = "помощник наставника"
        verbose_name_plural = "помощники наставников"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent_on__lte=F("starts_on")) & ~Q(original_place=""),
                name="helper_by_consent",
                violation_error_message="Помощник начинает не раньше, чем подписал согласие.",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="helper_period",
                violation_error_message="Последний день не может быть раньше первого.",
            ),
            models.UniqueConstraint(
                fields=["pair", "participant"],
                condition=Q(ends_on=None),
                name="helper_once",
                violation_error_message="Этот человек паре уже помогает.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.participant.short_name}, {self.role}"

    @property
    def journal_scope(self) -> int:
        return self.pair.organisation_id

    @property
    def term(self) -> str:
        return term_words(self.starts_on, self.ends_on)


class SubstitutionQuerySet(PermittedQuerySet["Substitution"]):
    def on(self, day: dt.date) -> Self:
        return self.filter(starts_on__lte=day, ends_on__gte=day)

    def not_over(self, day: dt.date) -> Self:
        return self.filter(ends_on__gte=day)


class Substitution(models.Model):
    """Days on which another mentor stands in for the one of the pair. A row exists only by an approved order."""

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="substitutions", verbose_name="пара или группа")
    substitute = models.ForeignKey(Participant, models.PROTECT, related_name="+", verbose_name="кто замещает")
    starts_on = models.DateField("первый день")
    ends_on = models.DateField("последний день")
    order = models.ForeignKey(Order, models.PROTECT, related_name="substitutions", verbose_name="приказ")

    objects = SubstitutionQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "pair__organisation"}

    class Meta:
        verbose_name = "замещение наставника"
        verbose_name_plural = "замещения наставников"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="substitution_period",
                violation_error_message="Последний день не может быть раньше первого.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.substitute.short_name}, {self.term}"

    @property
    def journal_scope(self) -> int:
        return self.pair.organisation_id

    @property
    def term(self) -> str:
        return term_words(self.starts_on, self.ends_on)
