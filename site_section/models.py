"""The school's own words on the first page of its public section."""

from __future__ import annotations

from typing import Self

from django.db import models

from accounts.models import Organisation
from accounts.permissions import PermittedQuerySet, Reach


class SectionQuerySet(PermittedQuerySet["Section"]):
    def open_sections(self) -> Self:
        """Sections everybody may read, with their organisations, by name."""
        rows = self.filter(is_open=True, organisation__is_active=True).select_related("organisation")
        return rows.order_by("organisation__name", "pk")


class Section(models.Model):
    """The public section of an organisation: whether it is open and what its first page says."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, related_name="section", verbose_name="организация"
    )
    lead = models.CharField("коротко о программе", max_length=300, blank=True)
    about = models.TextField("о программе", max_length=10_000, blank=True)
    contacts = models.TextField("контакты куратора", max_length=1000, blank=True)
    is_open = models.BooleanField("раздел открыт для всех", default=True)

    objects = SectionQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "открытый раздел"
        verbose_name_plural = "открытые разделы"

    def __str__(self) -> str:
        return f"Раздел «Наставничество»: {self.organisation}"
