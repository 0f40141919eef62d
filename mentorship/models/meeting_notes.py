"""Notes on a meeting: for the pair and the curator, or for the author alone."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach, Standing
from mentorship.models.meetings import Meeting, of_own_meeting


class Audience(models.TextChoices):
    PAIR = "pair", "Видят наставник, наставляемый и куратор"
    AUTHOR = "author", "Видите только вы"


class MeetingNoteQuerySet(PermittedQuerySet["MeetingNote"]):
    def own(self, user: Any) -> Self:
        return self.filter(author=user)


def shared_or_own(standing: Standing) -> Q:
    """Whose words a standing opens, whatever else it reaches: a private note is its author's alone."""
    return Q(audience=Audience.PAIR) | Q(author=standing.user_id)


def of_organisation(standing: Standing) -> Q:
    return shared_or_own(standing) & Q(meeting__pair__organisation=standing.organisation_id)


def of_pair(standing: Standing) -> Q:
    return shared_or_own(standing) & of_own_meeting(standing)


class MeetingNote(models.Model):
    """One note. `REACH` never gives a private one to anybody but its author: not to a curator, not to a list."""

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="кто написал")
    audience = models.CharField("кто прочитает", max_length=6, choices=Audience)
    text = models.TextField("заметка", max_length=2000)
    written_at = models.DateTimeField("написана", default=timezone.now)

    objects = MeetingNoteQuerySet.as_manager()

    VEILED = ("text",)
    REACH = {Reach.ORGANISATION: of_organisation, Reach.OWN: of_pair}

    class Meta:
        verbose_name = "заметка о встрече"
        verbose_name_plural = "заметки о встречах"
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(text=""), name="meeting_note_says_something", violation_error_message="Заметка пуста."
            ),
        ]

    def __str__(self) -> str:
        return f"Заметка {timezone.localdate(self.written_at):%d.%m.%Y}"

    @property
    def journal_scope(self) -> int:
        return self.meeting.pair.organisation_id

    @property
    def is_private(self) -> bool:
        return self.audience == Audience.AUTHOR
