"""A spreadsheet on its way in: uploaded, its columns recognised, checked, applied; personal data wiped in a month."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach
from core.storage import PrivateStorage, random_name

KEPT_DAYS = 30


class BatchState(models.TextChoices):
    UPLOADED = "uploaded", "файл загружен"
    CHECKING = "checking", "проверяется"
    CHECKED = "checked", "проверен"
    APPLYING = "applying", "вносится"
    DONE = "done", "внесён"
    FAILED = "failed", "не удалось прочитать"
    CANCELLED = "cancelled", "отменён"


class BatchQuerySet(PermittedQuerySet["ImportBatch"]):
    def to_wipe(self, moment: dt.datetime) -> Self:
        """Batches whose personal data have been kept for their month."""
        return self.filter(wiped_at=None, created_at__lt=moment - dt.timedelta(days=KEPT_DAYS))


class ImportBatch(models.Model):
    """One file of participants.

    `mapping`: header of the file → name of the column it means ("" for none). `errors`: list of {row, column, text}.
    `doubles`: list of {row, name, pk, reason}. After wiping only the counts stay.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="import_batches")
    file = models.FileField("файл", storage=PrivateStorage(), upload_to=random_name, blank=True)
    file_name = models.CharField("имя файла", max_length=200)
    headers = models.JSONField("заголовки файла", default=list)
    mapping = models.JSONField("колонки", default=dict)
    state = models.CharField("состояние", max_length=10, choices=BatchState, default=BatchState.UPLOADED)
    total = models.PositiveIntegerField("строк", default=0)
    processed = models.PositiveIntegerField("обработано", default=0)
    added = models.PositiveIntegerField("новых", default=0)
    changed = models.PositiveIntegerField("изменено", default=0)
    unchanged = models.PositiveIntegerField("без изменений", default=0)
    errors = models.JSONField("ошибки", default=list)
    doubles = models.JSONField("возможные повторы", default=list)
    failure = models.CharField("почему не прочитан", max_length=500, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="загрузил")
    created_at = models.DateTimeField("загружен", default=timezone.now)
    finished_at = models.DateTimeField("внесён", null=True, blank=True)
    wiped_at = models.DateTimeField("данные стёрты", null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "загрузка таблицы"
        verbose_name_plural = "загрузки таблиц"
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return self.file_name
