"""The school's terms and holidays, and the production calendar of the country, as data."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from accounts.models.organisations import Organisation
from accounts.permissions import PermittedQuerySet, Reach


class Term(models.Model):
    """A quarter, half-year or holiday of a school's year; both days belong to it."""

    class Kind(models.TextChoices):
        QUARTER = "quarter", "Четверть"
        HALF_YEAR = "half_year", "Полугодие"
        HOLIDAY = "holiday", "Каникулы"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="terms", verbose_name="организация")
    kind = models.CharField("что это", max_length=10, choices=Kind)
    name = models.CharField("название", max_length=60)
    starts_on = models.DateField("с")
    ends_on = models.DateField("по")

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation", Reach.TERRITORY: "organisation"}

    class Meta:
        verbose_name = "учебный период"
        verbose_name_plural = "учебный календарь"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="term_period",
                violation_error_message="Период не может закончиться раньше, чем начался.",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductionDay(models.Model):
    """A day that the production calendar treats otherwise than the week does."""

    class Kind(models.TextChoices):
        HOLIDAY = "holiday", "Нерабочий день"
        WORKING = "working", "Рабочий день по переносу"
        SHORT = "short", "Сокращённый день"

    day = models.DateField("день", unique=True)
    kind = models.CharField("какой он", max_length=10, choices=Kind)
    name = models.CharField("название", max_length=100, blank=True)

    class Meta:
        verbose_name = "день производственного календаря"
        verbose_name_plural = "производственный календарь"
        ordering = ["day"]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}"
