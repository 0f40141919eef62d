"""Series of order numbers and their yearly counters."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import Organisation
from accounts.permissions import PermittedQuerySet, Reach

LEADING_NUMBER = re.compile(r"(\d{1,6})(?!\d)")


def validate_template(template: str) -> None:
    if template.count("{n}") != 1:
        raise ValidationError("В образце номера должно один раз стоять {n}: на его месте будет число.")


class Series(models.Model):
    """A book of orders with its own numbering, counted anew each calendar year.

    `kept_here`: every order of the book is made in the portal, so numbers are given by it without gaps.
    Otherwise the portal only proposes the next number and the director types what the school's own book says.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="series", verbose_name="организация")
    name = models.CharField("название", max_length=100)
    template = models.CharField(
        "образец номера",
        max_length=20,
        default="{n}",
        validators=[validate_template],
        help_text="{n} — порядковый номер, например «{n}-б» или «{n}/од».",
    )
    kept_here = models.BooleanField(
        "книга ведётся в портале",
        default=False,
        help_text="Номера присваивает портал, без пропусков. Иначе портал предлагает номер, а вводит его директор.",
    )

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "книга приказов"
        verbose_name_plural = "книги приказов"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "name"],
                name="series_name_once",
                violation_error_message="Книга с таким названием уже есть.",
            )
        ]

    def __str__(self) -> str:
        return self.name

    def number(self, ordinal: int) -> str:
        """The number as text: 71 → «71-б»."""
        return self.template.replace("{n}", str(ordinal))

    def ordinal(self, number: str) -> int | None:
        """The counting part of a number: «71-б» → 71; None for a number that does not begin as the book's do."""
        before = self.template.partition("{n}")[0]
        found = LEADING_NUMBER.match(number, len(before)) if number.startswith(before) else None
        return int(found.group(1)) if found else None


class Counter(models.Model):
    """The last ordinal used in a series in a year; its row is the lock of whoever takes the next one."""

    series = models.ForeignKey(Series, models.PROTECT, related_name="counters")
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "счётчик номеров"
        verbose_name_plural = "счётчики номеров"
        constraints = [models.UniqueConstraint(fields=["series", "year"], name="counter_once_a_year")]

    def __str__(self) -> str:
        return f"{self.series}, {self.year}: {self.last}"
