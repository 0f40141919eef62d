"""Invitations: a printed slip or a link by which a person comes in for the first time, without any e-mail."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.models.organisations import Organisation
from accounts.models.people import User
from accounts.permissions import PermittedQuerySet, Reach


class InvitationQuerySet(PermittedQuerySet["Invitation"]):
    def open(self, moment: dt.datetime) -> Self:
        """Not used, not called back and not too old."""
        return self.filter(used_at=None, cancelled_at=None, expires_at__gt=moment)

    def usable(self, moment: dt.datetime) -> Self:
        """Open, and the person may sign in but has never done so: a forgotten slip is no key to a working login."""
        return self.open(moment).filter(user__is_active=True, user__last_login=None)


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

    def is_open(self, moment: dt.datetime) -> bool:
        return self.used_at is None and self.cancelled_at is None and self.expires_at > moment

    def state_words(self, moment: dt.datetime) -> tuple[str, str]:
        """What became of the slip and the kind of its chip: «годится до 26.11.2026», wait."""
        if self.used_at:
            return "использован", "ok"
        if self.cancelled_at:
            return "отменён", ""
        until = f"{timezone.localtime(self.expires_at):%d.%m.%Y}"
        return (f"годится до {until}", "wait") if self.expires_at > moment else (f"истёк {until}", "late")


@dataclass(frozen=True)
class Issued:
    """A code to hand over. It stands in no other place, and not in the words that a log would write either."""

    invitation: Invitation
    code: str = field(repr=False)

    @property
    def spoken(self) -> str:
        """In capitals, which are told apart more easily on paper: «HK4P-9MTR-W2XD»."""
        return self.code.upper()

    @property
    def link(self) -> str:
        """The address with the code behind «#»: browsers send that part to nobody, so no log ever has it."""
        return f"{join_address()}#{self.spoken}"


def join_address() -> str:
    """Where a code is typed, as it stands on a slip."""
    return f"{settings.PORTAL_URL}{reverse('join')}"


class WrongCode(models.Model):
    """A code that fitted no invitation: after several from one address the page of codes waits a little.

    The address is kept as a keyed hash and for a day at most; the code itself is not kept.
    """

    address_hash = models.CharField(max_length=64, db_index=True)
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        verbose_name = "неверный код"
        verbose_name_plural = "неверные коды"
        default_permissions = ()

    def __str__(self) -> str:
        return f"Неверный код {self.at:%d.%m.%Y %H:%M}"
