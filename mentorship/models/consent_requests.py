"""Requests of consents: the curator asks, the person answers with a signed paper."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach, today
from mentorship.models.consents import Consent, ConsentKind
from mentorship.models.participants import Participant, led_pupils


class RequestQuerySet(PermittedQuerySet["ConsentRequest"]):
    def waiting(self) -> Self:
        """Asked and neither answered nor taken back."""
        return self.filter(answered_by=None, cancelled_on=None)


class ConsentRequest(models.Model):
    """The curator asked a person for a consent; the answer is a Consent, given or refused."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="consent_requests")
    kind = models.CharField("на что", max_length=15, choices=ConsentKind)
    pair = models.ForeignKey("mentorship.Pair", models.CASCADE, null=True, blank=True, related_name="+")
    asked_on = models.DateField("запрошено", default=today)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Consent, models.SET_NULL, null=True, blank=True, related_name="requests")
    cancelled_on = models.DateField("запрос снят", null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    REACH = {
        Reach.ORGANISATION: "participant__organisation",
        Reach.OWN: "participant__user",
        Reach.LED: led_pupils,
    }

    class Meta:
        verbose_name = "запрос согласия"
        verbose_name_plural = "запросы согласий"
        ordering = ["asked_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "kind", "pair"],
                condition=Q(answered_by=None, cancelled_on=None),
                nulls_distinct=False,
                name="consent_request_waiting_once",
                violation_error_message="Это согласие уже запрошено.",
            )
        ]

    def __str__(self) -> str:
        return f"Запрошено согласие: {self.participant}"

    @property
    def journal_scope(self) -> int:
        return self.participant.organisation_id
