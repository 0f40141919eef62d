"""How strictly a school prepares its pairs; one row an organisation, without one the defaults."""

from __future__ import annotations

from django.db import models

from accounts.models import Organisation
from accounts.permissions import PermittedQuerySet, Reach

REQUIRED, WARNING, OFF = "required", "warning", "off"


class PairRules(models.Model):
    class Interviews(models.TextChoices):
        REQUIRED = REQUIRED, "обязательно: без него приказ о паре не утвердить"
        WARNING = WARNING, "желательно: портал только напомнит"
        OFF = OFF, "школа собеседований не проводит"

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="pair_rules")
    interviews = models.CharField(
        "собеседование с каждым участником пары", max_length=8, choices=Interviews, default=Interviews.WARNING
    )

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "правила о парах"
        verbose_name_plural = "правила о парах"

    def __str__(self) -> str:
        return f"Правила о парах: {self.organisation}"


def pair_rules_of(organisation: Organisation) -> PairRules:
    """The organisation's own rules, or the defaults in a row that is not saved."""
    return PairRules.objects.filter(organisation=organisation).first() or PairRules(organisation=organisation)
