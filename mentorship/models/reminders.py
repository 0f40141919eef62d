"""Reminders: one letter of the curator to many people of many pairs, and what each of them was told."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import Letter, Organisation, User
from accounts.permissions import PermittedQuerySet, Reach
from mentorship.models.participants import Participant

SEND = "mentorship.reminder.send"
# Whoever was reminded so lately is left out unless the curator insists.
QUIET_DAYS = 3


class ReminderKind(models.TextChoices):
    MEETINGS = "meetings", "о встречах"
    PROGRAMME = "programme", "о программе"
    CONSENTS = "consents", "о согласиях"
    ENDING = "ending", "о конце срока"
    OTHER = "other", "о другом"


class Audience(models.TextChoices):
    MENTORS = "mentors", "наставникам"
    MENTEES = "mentees", "наставляемым"
    EVERYBODY = "everybody", "и тем и другим"


class Reminder(models.Model):
    """One mailing: its subject and the words common to all its letters."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField("о чём", max_length=9, choices=ReminderKind)
    audience = models.CharField("кому", max_length=9, choices=Audience, default=Audience.MENTORS)
    subject = models.CharField("тема", max_length=150)
    text = models.TextField("текст", max_length=2000)
    sent_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="отправил")
    sent_at = models.DateTimeField("отправлено", default=timezone.now)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "напоминание"
        verbose_name_plural = "напоминания"
        ordering = ["-sent_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "-sent_at"], name="reminder_list")]

    def __str__(self) -> str:
        return f"Напоминание {self.get_kind_display()} {timezone.localtime(self.sent_at):%d.%m.%Y}"


class ReminderLetterQuerySet(PermittedQuerySet["ReminderLetter"]):
    def since(self, moment: dt.datetime) -> Self:
        return self.filter(reminder__sent_at__gte=moment)

    def on_paper(self) -> Self:
        """Letters of those who have no login: a slip is printed and handed over."""
        return self.filter(by_letter=False)


class ReminderLetter(models.Model):
    """What one person was told: a letter in the inbox or, without a login, a slip of paper."""

    reminder = models.ForeignKey(Reminder, models.CASCADE, related_name="letters")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+", verbose_name="кому")
    letter = models.ForeignKey(Letter, models.SET_NULL, null=True, blank=True, related_name="+")
    by_letter = models.BooleanField("письмом")
    body = models.TextField("текст")

    objects = ReminderLetterQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "reminder__organisation"}

    class Meta:
        verbose_name = "письмо напоминания"
        verbose_name_plural = "письма напоминаний"
        ordering = ["pk"]

    def __str__(self) -> str:
        return f"{self.participant.short_name}: {self.reminder}"

    @property
    def journal_scope(self) -> int:
        return self.reminder.organisation_id
