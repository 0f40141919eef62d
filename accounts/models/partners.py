"""Partners: organisations outside the school that give mentors, places for practice and publish results."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Concat

from accounts.models.organisations import Organisation
from accounts.models.people import plain
from accounts.permissions import PermittedQuerySet, Reach
from core.storage import PrivateStorage, random_name

SOON = dt.timedelta(days=30)


class PartnerQuerySet(PermittedQuerySet["Partner"]):
    def found(self, text: str) -> Self:
        """Search by any part of the title, the taxpayer number or the contact person."""
        rows = self.alias(words=plain(Concat("title", Value(" "), "contact_name")))
        for word in text.lower().replace("ё", "е").split():
            rows = rows.filter(Q(words__contains=word) | Q(inn__contains=word))
        return rows

    def by_title(self) -> Self:
        return self.order_by(plain("title"), "pk")

    def with_agreements(self) -> Self:
        """With all agreements, the newest first, as `all_agreements`; one further query."""
        return self.prefetch_related(Prefetch("agreements", Agreement.objects.all(), to_attr="all_agreements"))

    def with_agreement(self, day: dt.date) -> Self:
        """Partners with an agreement in force on the day."""
        return self.filter(Exists(Agreement.objects.on(day).filter(partner=OuterRef("pk"))))

    def without_agreement(self, day: dt.date) -> Self:
        return self.exclude(Exists(Agreement.objects.on(day).filter(partner=OuterRef("pk"))))


class Partner(models.Model):
    """An organisation the school works with. Contacts are for the curator and never public."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="partners")
    title = models.CharField("название", max_length=250)
    inn = models.CharField(
        "ИНН",
        max_length=12,
        blank=True,
        validators=[RegexValidator(r"^(\d{10}|\d{12})$", "ИНН — это 10 или 12 цифр.")],
    )
    address = models.CharField("адрес", max_length=300, blank=True)
    site = models.URLField("сайт", blank=True)
    contact_name = models.CharField("контактное лицо", max_length=200, blank=True)
    contact_post = models.CharField("должность контактного лица", max_length=200, blank=True)
    phone = models.CharField("телефон", max_length=60, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    note = models.TextField("заметка", blank=True, max_length=2000)
    is_active = models.BooleanField("сотрудничаем", default=True)

    objects = PartnerQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "партнёр"
        verbose_name_plural = "партнёры"
        ordering = ["title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "title"],
                name="partner_title_once",
                violation_error_message="Партнёр с таким названием уже есть.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def best_agreement(self, day: dt.date) -> Agreement | None:
        """The agreement that tells how things stand: in force the longest, otherwise the one that ended last."""
        found: Iterable[Agreement] = getattr(self, "all_agreements", self.agreements.all())
        last = dt.date.max
        return max(found, key=lambda one: (one.is_in_force_on(day), one.ends_on or last, one.pk), default=None)


class AgreementQuerySet(PermittedQuerySet["Agreement"]):
    def on(self, day: dt.date) -> Self:
        """Agreements in force on the day; both ends belong to the term."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), signed_on__lte=day)


class Agreement(models.Model):
    """A signed agreement with a partner: number, term and the paper itself."""

    partner = models.ForeignKey(Partner, models.PROTECT, related_name="agreements")
    number = models.CharField("номер", max_length=60)
    subject = models.CharField("о чём", max_length=300)
    signed_on = models.DateField("дата")
    ends_on = models.DateField("действует по", null=True, blank=True)
    file = models.FileField("файл", storage=PrivateStorage(), upload_to=random_name, blank=True)
    file_name = models.CharField("имя файла", max_length=200, blank=True)

    objects = AgreementQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "partner__organisation"}

    class Meta:
        verbose_name = "соглашение"
        verbose_name_plural = "соглашения"
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("signed_on")),
                name="agreement_period",
                violation_error_message="Соглашение не может закончиться раньше, чем подписано.",
            )
        ]

    def __str__(self) -> str:
        return f"Соглашение № {self.number} от {self.signed_on:%d.%m.%Y}"

    @property
    def journal_scope(self) -> int:
        return self.partner.organisation_id

    def is_in_force_on(self, day: dt.date) -> bool:
        return self.signed_on <= day and (self.ends_on is None or self.ends_on >= day)

    def state_words(self, day: dt.date) -> tuple[str, str]:
        """Whether it is in force, and the kind of its chip: «действует до 26.11.2026», ok."""
        if self.signed_on > day:
            return f"с {self.signed_on:%d.%m.%Y}", "wait"
        if self.ends_on is None:
            return "действует", "ok"
        if self.ends_on < day:
            return f"закончилось {self.ends_on:%d.%m.%Y}", "late"
        return f"действует до {self.ends_on:%d.%m.%Y}", "wait" if self.ends_on <= day + SOON else "ok"
