"""The library of acts: laws and papers from above that orders refer to, with their validity and who checked it."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach, Standing


def common_and_own(standing: Standing) -> Q:
    """The acts that everybody has, and those of the organisation and of its municipality."""
    return (
        Q(organisation=None)
        | Q(organisation=standing.organisation_id)
        | Q(organisation__children=standing.organisation_id)
    )


def common_and_below(standing: Standing) -> Q:
    return (
        Q(organisation=None)
        | Q(organisation=standing.organisation_id)
        | Q(organisation__parent=standing.organisation_id)
    )


class LegalActQuerySet(PermittedQuerySet["LegalAct"]):
    def for_organisation(self, organisation: Organisation) -> Self:
        """What an order of the organisation may cite."""
        mine = Q(organisation=None) | Q(organisation=organisation)
        if organisation.parent_id:
            mine |= Q(organisation=organisation.parent_id)
        return self.filter(mine)

    def valid(self, day: dt.date) -> Self:
        """In force on the day; both ends belong to the term."""
        return self.filter(Q(valid_from=None) | Q(valid_from__lte=day), Q(valid_to=None) | Q(valid_to__gte=day))

    def found(self, text: str) -> Self:
        rows = self
        for word in text.split():
            rows = rows.filter(Q(title__icontains=word) | Q(number__icontains=word) | Q(issuer__icontains=word))
        return rows


class LegalAct(models.Model):
    """One version of an act. `citation` is how a preamble names it, in the genitive: «распоряжения … от … № …».

    An act of everybody has no organisation; a changed act is a new row whose `replaces` names the earlier one.
    """

    class Level(models.TextChoices):
        FEDERAL = "federal", "федеральный"
        REGIONAL = "regional", "региональный"
        MUNICIPAL = "municipal", "муниципальный"

    class Check(models.TextChoices):
        CHECKED = "checked", "проверено"
        DOUBTFUL = "doubtful", "нужно сверить"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="организация"
    )
    code = models.SlugField("код", max_length=40, blank=True, editable=False)
    level = models.CharField("уровень", max_length=10, choices=Level)
    form = models.CharField("вид акта", max_length=120, help_text="Например: «распоряжение», «письмо», «приказ».")
    issuer = models.CharField("кто издал", max_length=200)
    number = models.CharField("номер", max_length=60, blank=True)
    date = models.DateField("дата")
    title = models.CharField("название", max_length=600)
    citation = models.CharField(
        "как ссылаться",
        max_length=800,
        help_text="В родительном падеже, как в преамбуле: «распоряжения Минпросвещения России от 25.12.2019 № Р-145».",
    )
    gives = models.CharField("что даёт школе", max_length=400, blank=True)
    url = models.URLField("где прочитать", blank=True)
    valid_from = models.DateField("действует с", null=True, blank=True)
    valid_to = models.DateField("действует по", null=True, blank=True)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="заменяет"
    )
    check_state = models.CharField("проверка", max_length=8, choices=Check, default=Check.CHECKED)
    checked_on = models.DateField("проверено", null=True, blank=True)
    checked_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="проверил"
    )

    objects = LegalActQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: common_and_own, Reach.TERRITORY: common_and_below}

    class Meta:
        verbose_name = "нормативный акт"
        verbose_name_plural = "библиотека актов"
        ordering = ["level", "-date", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_from=None) | Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="legal_act_period",
                violation_error_message="Акт не может перестать действовать раньше, чем начал.",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=~Q(code=""),
                name="legal_act_code_once",
                violation_error_message="Акт с таким кодом уже есть.",
            ),
        ]

    def __str__(self) -> str:
        number = f" № {self.number}" if self.number else ""
        return f"{self.issuer}, {self.form} от {self.date:%d.%m.%Y}{number}"

    @property
    def journal_scope(self) -> int | None:
        return self.organisation_id

    def is_valid_on(self, day: dt.date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or self.valid_to >= day)


class Protocol(models.Model):
    """Minutes of a collegial body: the ground that preambles name as «протокол № 1 от …»."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="protocols")
    body = models.ForeignKey("accounts.Body", models.PROTECT, related_name="protocols", verbose_name="орган")
    number = models.CharField("номер", max_length=30)
    held_on = models.DateField("дата")
    chair = models.CharField("председатель", max_length=200)
    secretary = models.CharField("секретарь", max_length=200)
    present = models.TextField("присутствовали", max_length=5000, blank=True, help_text="Каждый с новой строки.")
    agenda = models.TextField("повестка", max_length=5000, help_text="Каждый вопрос с новой строки.")
    heard = models.TextField("слушали", max_length=20000, blank=True)
    decided = models.TextField("решили", max_length=20000, help_text="Каждое решение с новой строки.")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="записал")
    recorded_at = models.DateTimeField("записан", default=timezone.now)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "протокол"
        verbose_name_plural = "протоколы"
        ordering = ["-held_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["body", "number", "held_on"],
                name="protocol_once",
                violation_error_message="Такой протокол уже записан.",
            )
        ]

    def __str__(self) -> str:
        return f"Протокол № {self.number} от {self.held_on:%d.%m.%Y}, {self.body}"
