"""Letters: written in the caller's transaction, read in the portal, sent by e-mail where there is an address."""

from __future__ import annotations

import uuid

from django.db import models
from django.utils import timezone

from accounts.models.organisations import Organisation
from accounts.models.people import User
from accounts.permissions import PermittedQuerySet, Reach


class LetterQuerySet(PermittedQuerySet["Letter"]):
    def unread(self) -> LetterQuerySet:
        return self.filter(read_at=None)

    def due(self) -> LetterQuerySet:
        """Letters whose e-mail waits to be sent now, oldest first."""
        return self.filter(delivery=Letter.Delivery.QUEUED, next_try_at__lte=timezone.now()).order_by("next_try_at")


class Letter(models.Model):
    """One letter to one person. The inbox in the portal is the delivery; the e-mail is only a copy."""

    class Delivery(models.TextChoices):
        PORTAL = "portal", "Только в портале"
        QUEUED = "queued", "Ждёт отправки"
        SENT = "sent", "Отправлено"
        FAILED = "failed", "Не отправлено"

    user = models.ForeignKey(User, models.CASCADE, related_name="letters", verbose_name="кому")
    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, related_name="+")
    subject = models.CharField("тема", max_length=200)
    body = models.TextField("текст")
    path = models.CharField("страница", max_length=300, blank=True, help_text="Адрес внутри портала.")
    created_at = models.DateTimeField("когда", default=timezone.now)
    read_at = models.DateTimeField("прочитано", null=True)
    delivery = models.CharField("почта", max_length=10, choices=Delivery, default=Delivery.PORTAL)
    message_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    attempts = models.PositiveSmallIntegerField("попыток", default=0)
    next_try_at = models.DateTimeField("следующая попытка", default=timezone.now)
    sent_at = models.DateTimeField("отправлено", null=True)
    failure = models.CharField("почему не отправлено", max_length=300, blank=True)

    objects = LetterQuerySet.as_manager()

    REACH = {Reach.OWN: "user"}

    class Meta:
        verbose_name = "письмо"
        verbose_name_plural = "письма"
        ordering = ["-created_at", "-pk"]
        indexes = [
            models.Index(fields=["user", "-created_at"], name="letter_inbox"),
            models.Index(fields=["next_try_at"], name="letter_queue", condition=models.Q(delivery="queued")),
        ]

    def __str__(self) -> str:
        return self.subject
