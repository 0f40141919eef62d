"""How the papers of an organisation look: margins, type, spacing, emblem, code to check by."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models

from accounts.models import Organisation
from accounts.permissions import PermittedQuerySet, Reach
from core.documents.stamps import Style


def letterhead_of(organisation: Organisation) -> Letterhead:
    """How the papers of the organisation look: its own settings, or the defaults in a row that is not saved."""
    return Letterhead.objects.filter(organisation=organisation).first() or Letterhead(organisation=organisation)


class Letterhead(models.Model):
    """One row an organisation; the defaults are those of GOST R 7.0.97-2025. Lengths in millimetres, type in points."""

    class Stamp(models.TextChoices):
        BY_ORDER = Style.BY_ORDER, "«УТВЕРЖДЕНО приказом …»: по приказу"
        BY_HEAD = Style.BY_HEAD, "«УТВЕРЖДАЮ»: с подписью руководителя"

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="letterhead")
    left_mm = models.PositiveSmallIntegerField(
        "левое поле, мм", default=30, validators=[MinValueValidator(20), MaxValueValidator(40)]
    )
    right_mm = models.PositiveSmallIntegerField(
        "правое поле, мм", default=10, validators=[MinValueValidator(10), MaxValueValidator(30)]
    )
    top_mm = models.PositiveSmallIntegerField(
        "верхнее поле, мм", default=20, validators=[MinValueValidator(20), MaxValueValidator(40)]
    )
    bottom_mm = models.PositiveSmallIntegerField(
        "нижнее поле, мм", default=20, validators=[MinValueValidator(20), MaxValueValidator(40)]
    )
    font_size_pt = models.PositiveSmallIntegerField("кегль", default=14, choices=[(12, "12"), (13, "13"), (14, "14")])
    line_spacing = models.DecimalField(
        "междустрочный интервал",
        max_digits=3,
        decimal_places=2,
        default=Decimal("1.15"),
        validators=[MinValueValidator(1), MaxValueValidator(Decimal("1.5"))],
    )
    with_emblem = models.BooleanField("эмблема над шапкой", default=False)
    with_code = models.BooleanField(
        "код проверки внизу справа", default=True, help_text="Квадратный код ведёт на страницу проверки приказа."
    )
    stamp = models.CharField("гриф утверждения", max_length=6, choices=Stamp, default=Stamp.BY_ORDER)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "бланк организации"
        verbose_name_plural = "бланки организаций"

    def __str__(self) -> str:
        return f"Бланк: {self.organisation}"

    @property
    def journal_scope(self) -> int:
        return self.organisation_id
