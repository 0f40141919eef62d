"""A spreadsheet on its way in: uploaded, its columns recognised, checked, applied; personal data wiped in a month."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach
from core.russian import plural
from core.storage import PrivateStorage, random_name
from core.transitions import Transition

IMPORT = "mentorship.participant.import"
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


def apply_obstacles(batch: ImportBatch) -> list[str]:
    """Why a checked file cannot be written yet, and what to do about it."""
    found = []
    if batch.errors:
        rows = plural(batch.error_rows, "строке", "строках", "строках")
        found.append(f"Ошибки в {rows}. Исправьте их в своём файле и загрузите его заново.")
    if waiting := batch.waiting_doubles:
        rows = plural(len(waiting), "строке", "строках", "строках")
        found.append(f"О людях в {rows} нужно решить: это тот, чья карточка уже есть, или новый человек.")
    if not found and not batch.added and not batch.changed:
        found.append("В таблице нет ничего нового: всё это в портале уже есть.")
    return found


class ImportBatch(models.Model):
    """One file of participants.

    `headers`: list of {title, values} with the first values of each column. `mapping`: header of the file → name of
    the column it means ("" for none). `errors`: list of {row, column, text}, `row` empty when about the whole table.
    `doubles`: list of {row, name, choice, cards: [{pk, name, reason}]}; `choice` is the key of a card, "new" or "".
    After wiping only the counts stay.
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
    started_at = models.DateTimeField("взят в работу", null=True, blank=True)
    finished_at = models.DateTimeField("внесён", null=True, blank=True)
    wiped_at = models.DateTimeField("данные стёрты", null=True, blank=True)

    objects = BatchQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}
    TRANSITIONS = {
        "check": Transition(
            "Проверить",
            frozenset({BatchState.UPLOADED, BatchState.CHECKED}),
            BatchState.CHECKING,
            IMPORT,
            "Таблица отправлена на проверку.",
        ),
        "checked": Transition(
            "Показать проверку",
            frozenset({BatchState.CHECKING, BatchState.APPLYING}),
            BatchState.CHECKED,
            IMPORT,
            "Таблица проверена.",
        ),
        "apply": Transition(
            "Внести в портал",
            frozenset({BatchState.CHECKED}),
            BatchState.APPLYING,
            IMPORT,
            "Таблица отправлена на внесение.",
            apply_obstacles,
        ),
        "done": Transition(
            "Завершить", frozenset({BatchState.APPLYING}), BatchState.DONE, IMPORT, "Таблица внесена в портал."
        ),
        "fail": Transition(
            "Прервать",
            frozenset({BatchState.UPLOADED, BatchState.CHECKING, BatchState.APPLYING}),
            BatchState.FAILED,
            IMPORT,
            "Таблицу внести не удалось.",
        ),
        "cancel": Transition(
            "Отменить загрузку",
            frozenset({BatchState.UPLOADED, BatchState.CHECKING, BatchState.CHECKED, BatchState.FAILED}),
            BatchState.CANCELLED,
            IMPORT,
            "Загрузка отменена.",
        ),
    }

    class Meta:
        verbose_name = "загрузка таблицы"
        verbose_name_plural = "загрузки таблиц"
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(state="applying"),
                name="import_one_at_a_time",
                violation_error_message="Сейчас вносится другая таблица. Дождитесь, пока она закончится.",
            )
        ]

    def __str__(self) -> str:
        """Without the name of the file: the history keeps these words for good, and a name may say too much."""
        return f"Таблица от {timezone.localtime(self.created_at):%d.%m.%Y}"

    @property
    def is_busy(self) -> bool:
        return self.state in (BatchState.CHECKING, BatchState.APPLYING)

    @property
    def percent(self) -> int:
        """How much of the file has been gone through, 0…100."""
        return min(100, self.processed * 100 // self.total) if self.total else 0

    @property
    def error_rows(self) -> int:
        return len({error["row"] for error in self.errors})

    @property
    def waiting_doubles(self) -> list[dict]:
        """Rows about which the curator has not said whether it is somebody known."""
        return [double for double in self.doubles if not double.get("choice")]
