"""The one history of the portal: what happened to which object, append-only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone

if TYPE_CHECKING:
    from collections.abc import Iterable


class JournalQuerySet(models.QuerySet["JournalEntry"]):
    def about(self, *objects: models.Model) -> JournalQuerySet:
        """Entries about any of the given objects, newest first."""
        wanted = models.Q(pk__in=[])
        for obj in objects:
            wanted |= models.Q(subject_type=ContentType.objects.get_for_model(obj), subject_id=obj.pk)
        return self.filter(wanted).order_by("-at", "-pk")

    def within(self, scopes: Iterable[int]) -> JournalQuerySet:
        """Entries of the given tenants, newest first."""
        return self.filter(scope__in=list(scopes)).order_by("-at", "-pk")


class JournalEntry(models.Model):
    """One thing that happened, in Russian words; a database trigger refuses any change or deletion.

    `changes` is a list of {"field", "old", "new"}, all three as a person would read them.
    `scope` is the number of the tenant whose history this belongs to (empty: the whole installation).
    """

    at = models.DateTimeField("когда", default=timezone.now, db_index=True)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="кто")
    actor_name = models.CharField("кто, словами", max_length=200)
    event = models.CharField("событие", max_length=100)
    text = models.TextField("что произошло")
    changes = models.JSONField("изменения", default=list)
    subject_type = models.ForeignKey(ContentType, models.PROTECT, related_name="+", verbose_name="вид объекта")
    subject_id = models.BigIntegerField("номер объекта")
    subject_text = models.CharField("объект", max_length=300)
    scope = models.BigIntegerField("организация", null=True)

    objects = JournalQuerySet.as_manager()

    class Meta:
        verbose_name = "запись журнала"
        verbose_name_plural = "журнал"
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "-at"], name="journal_subject"),
            models.Index(fields=["scope", "-at"], name="journal_scope"),
        ]

    def __str__(self) -> str:
        return self.text
