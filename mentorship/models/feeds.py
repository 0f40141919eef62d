"""Secret addresses by which a person's calendar reads their meetings."""

from __future__ import annotations

import secrets

from django.db import models
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach


def new_token() -> str:
    """Forty-three letters and digits, not to be guessed."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is kept of a token: whoever reads the database cannot read the calendar."""
    return salted_hmac("mentorship.feed", token, algorithm="sha256").hexdigest()


class CalendarFeed(models.Model):
    """The one secret address of a person; a new one puts the old one out of use."""

    user = models.OneToOneField(User, models.CASCADE, related_name="meeting_feed", verbose_name="чей календарь")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_at = models.DateTimeField("создан", default=timezone.now)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.OWN: "user"}

    class Meta:
        verbose_name = "адрес календаря"
        verbose_name_plural = "адреса календарей"

    def __str__(self) -> str:
        return f"Адрес календаря: {self.user}"
