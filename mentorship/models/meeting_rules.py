"""After how many days without a meeting a school begins to worry, and which days it does not count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from accounts.models import Organisation, Term
from accounts.permissions import PermittedQuerySet, Reach

YELLOW_DAYS, RED_DAYS = 21, 35
ONE_DAY = dt.timedelta(days=1)
DAYS = [MinValueValidator(3), MaxValueValidator(365)]
# The first and the last day, both belong to it.
Span = tuple[dt.date, dt.date]


class MeetingRules(models.Model):
    """How long a pair may go without meetings; one row an organisation, without one the defaults."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="meeting_rules")
    yellow_days = models.PositiveSmallIntegerField(
        "напоминать наставнику, если встреч нет дольше (дней)",
        default=YELLOW_DAYS,
        validators=DAYS,
        help_text="Дни каникул не считаются.",
    )
    red_days = models.PositiveSmallIntegerField(
        "показывать куратору, если встреч нет дольше (дней)", default=RED_DAYS, validators=DAYS
    )
    asks = models.BooleanField(
        "спрашивать наставников и наставляемых, как идёт работа",
        default=True,
        help_text="Через месяц после начала и потом раз в два месяца: три вопроса, отвечать необязательно.",
    )

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "правила о встречах"
        verbose_name_plural = "правила о встречах"
        constraints = [
            models.CheckConstraint(
                condition=Q(red_days__gt=F("yellow_days")),
                name="meeting_rules_in_order",
                violation_error_message="Сначала напоминают наставнику, потом показывают куратору: "
                "второе число должно быть больше первого.",
            ),
        ]

    def __str__(self) -> str:
        return f"Правила о встречах: {self.organisation}"

    @property
    def limits(self) -> tuple[int, int]:
        return self.yellow_days, self.red_days


def meeting_rules_of(organisation: Organisation | int) -> MeetingRules:
    """The organisation's own rules, or the defaults in a row that is not saved."""
    key = organisation if isinstance(organisation, int) else organisation.pk
    return MeetingRules.objects.filter(organisation=key).first() or MeetingRules(organisation_id=key)


def holidays_of(organisation: Organisation | int) -> list[Span]:
    """The school's holidays by its own calendar, as spans."""
    rows = Term.objects.filter(organisation=organisation, kind=Term.Kind.HOLIDAY)
    return list(rows.values_list("starts_on", "ends_on"))


def within(day: dt.date, spans: Iterable[Span]) -> bool:
    return any(first <= day <= last for first, last in spans)


def idle_days(since: dt.date, day: dt.date, off: Iterable[Span] = ()) -> int:
    """How many days follow `since` up to and including `day`, without those that lie in a span of `off`."""
    counted, edge = (day - since).days, since
    for first, last in sorted(off):
        start, end = max(first, edge + ONE_DAY), min(last, day)
        if start <= end:
            counted -= (end - start).days + 1
            edge = end
    return counted
