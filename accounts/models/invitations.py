"""Invitations: a printed slip or a link by which a person comes in for the first time, without any e-mail."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models.organisations import Organisation
from accounts.models.people import User
from accounts.permissions import PermittedQuerySet, Reach


class InvitationQuerySet(PermittedQuerySet["Invitation"]):
    def open(self, moment: dt.datetime) -> Self:
        """Not used, not called back and not too old."""
        return self.filter(used_at=None, cancelled_at=None, expires_at__gt=moment)


class Invitation(models.Model):
    """A one-time code for one login. Only the hash of the code is kept; the slip is printed once, when it is made."""

    user = models.ForeignKey(User, models.CASCADE, related_name="invitations", verbose_name="кому")
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="invitations")
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField("выдано", default=timezone.now)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="выдал")
    expires_at = models.DateTimeField("годится до")
    used_at = models.DateTimeField("использовано", null=True, blank=True)
    cancelled_at = models.DateTimeField("отменено", null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation", Reach.TERRITORY: "organisation"}

    class Meta:
        verbose_name = "приглашение"
        verbose_name_plural = "приглашения"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(used_at=None, cancelled_at=None),
                name="invitation_open_once",
                violation_error_message="Приглашение этому человеку уже выдано.",
            )
        ]

    def __str__(self) -> str:
        return f"Приглашение: {self.user}"
