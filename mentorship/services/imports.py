"""The life of an uploaded table: taken in, its columns named, checked, written or left, wiped after a month.

What the rows mean is not known here: `mentorship.sheets.batches` reads them and comes back with an `Outcome`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import permit
from core.journal import record
from core.russian import plural
from core.transitions import Refused, move
from mentorship.models import BatchState, ImportBatch, NotSame
from mentorship.models.imports import IMPORT

# Both numbers of an advisory lock: whose locks these are, and the key of the batch.
LOCKS = 1746
SILENCE = dt.timedelta(minutes=2)
ONE_AT_A_TIME = "Сейчас вносится другая таблица. Дождитесь, пока она закончится, и повторите."
CRASHED = "Произошёл сбой, ничего не записано. Загрузите файл снова; если повторится, скажите администратору."
ABANDONED = "Работа над таблицей прервалась, ничего не записано. Загрузите файл снова."
WIPED = "Личные данные из загруженной таблицы стёрты: прошёл месяц."
MOST_ERRORS = 2000


@dataclass
class Outcome:
    """What a run of the import has found; the lists are those of `ImportBatch`."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    doubles: list[dict[str, Any]] = field(default_factory=list)

    @property
    def stops(self) -> bool:
        """Something must be mended or answered before the rows may be written."""
        return bool(self.errors) or any(not double["choice"] for double in self.doubles)

    def values(self) -> dict[str, Any]:
        return {
            "added": self.added,
            "changed": self.changed,
            "unchanged": self.unchanged,
            "errors": self.errors[:MOST_ERRORS],
            "doubles": self.doubles,
        }

    def words(self) -> str:
        wrong = len({error["row"] for error in self.errors})
        return f"новых {self.added}, изменений {self.changed}, без изменений {self.unchanged}, строк с ошибками {wrong}"


@transaction.atomic
def upload_batch(
    *,
    organisation: Organisation,
    actor: User,
    file: File[bytes],
    headers: Sequence[Mapping[str, Any]],
    mapping: Mapping[str, str],
    total: int,
) -> ImportBatch:
    """Keep a file that has been read, with its headers and what they seem to mean."""
    permit(actor, IMPORT, organisation)
    batch = ImportBatch(
        organisation=organisation,
        file_name=str(file.name)[:200],
        headers=list(headers),
        mapping=dict(mapping),
        total=total,
        created_by=actor,
    )
    file.seek(0)
    batch.file.save(str(file.name), file, save=False)
    batch.save(force_insert=True)
    rows = plural(total, "строка", "строки", "строк")
    record(f"{IMPORT}.upload", batch, actor=actor, text=f"Загружена таблица участников, {rows}.")
    return batch


@transaction.atomic
def name_columns(*, batch: ImportBatch, actor: User, mapping: Mapping[str, str]) -> None:
    """Remember which header means which column, "" for none. Earlier answers about duplicates are forgotten."""
    permit(actor, IMPORT, batch)
    batch.mapping, batch.errors, batch.doubles = dict(mapping), [], []
    batch.save(update_fields=["mapping", "errors", "doubles"])
    used = sum(bool(name) for name in mapping.values())
    record(f"{IMPORT}.columns", batch, actor=actor, text=f"Загружается колонок: {used} из {len(mapping)}.")


@transaction.atomic
def answer_doubles(*, batch: ImportBatch, actor: User, answers: Mapping[int, Any]) -> None:
    """Remember who is who: line → key of the card, or "new". What was not asked about is passed over."""
    permit(actor, IMPORT, batch)
    for double in batch.doubles:
        answer = answers.get(double["row"])
        if answer == "new" or answer in [card["pk"] for card in double["cards"]]:
            double["choice"] = answer
    batch.save(update_fields=["doubles"])
    left = len(batch.waiting_doubles)
    words = f"Решено, кто из таблицы уже есть в портале; осталось решить: {left}."
    record(f"{IMPORT}.doubles", batch, actor=actor, text=words)


@transaction.atomic
def send(*, batch: ImportBatch, step: str, actor: User) -> None:
    """Send the table to be checked («check») or written («apply»); of two tables of a school one is written."""
    permit(actor, IMPORT, batch)
    try:
        with transaction.atomic():
            move(batch, step, actor=actor, processed=0, started_at=None)
    except IntegrityError:
        raise Refused([ONE_AT_A_TIME]) from None


def start(batch: ImportBatch) -> bool:
    """Take a sent table into work; false if it has been cancelled or taken by somebody else."""
    waiting = ImportBatch.objects.filter(
        pk=batch.pk, state__in=[BatchState.CHECKING, BatchState.APPLYING], started_at=None
    )
    batch.started_at = timezone.now()
    return bool(waiting.update(started_at=batch.started_at))


@transaction.atomic
def finish(*, batch: ImportBatch, outcome: Outcome, actor: User) -> None:
    """Write down what a run has found: the table is checked, or written and done."""
    permit(actor, IMPORT, batch)
    written = batch.state == BatchState.APPLYING and not outcome.stops
    values = {**outcome.values(), "processed": batch.total}
    if written:
        move(batch, "done", actor=actor, text=f"Таблица внесена: {outcome.words()}.", **values)
        ImportBatch.objects.filter(pk=batch.pk).update(finished_at=timezone.now())
    else:
        move(batch, "checked", actor=actor, text=f"Таблица проверена: {outcome.words()}.", **values)


@transaction.atomic
def fail(*, batch: ImportBatch, actor: User | None, reason: str) -> None:
    """Give up a table with a sentence about the file, not about its people; nothing of it has been written."""
    move(batch, "fail", actor=actor, text=f"Таблица не внесена. {reason}", failure=reason[:500])


@transaction.atomic
def cancel(*, batch: ImportBatch, actor: User) -> None:
    """Leave a table alone; its file and everything personal in it go at once."""
    permit(actor, IMPORT, batch)
    move(batch, "cancel", actor=actor, text="Загрузка отменена, файл удалён.")
    wipe(batch)


def remember_two_people(pairs: Iterable[tuple[int, int]], actor: User) -> None:
    """Cards that the curator has told apart (pairs of keys) are not offered as one person again."""
    NotSame.objects.bulk_create(
        [NotSame(first_id=min(pair), second_id=max(pair), decided_by=actor) for pair in set(pairs)],
        ignore_conflicts=True,
    )


def wipe(batch: ImportBatch) -> None:
    """Take everything personal out of a batch: the file, its name, headers, values in errors, names. Counts stay."""
    name, storage = batch.file.name, batch.file.storage
    values: dict[str, Any] = {
        "file": "",
        "file_name": str(batch),
        "headers": [],
        "mapping": {},
        "errors": [],
        "doubles": [],
        "wiped_at": timezone.now(),
    }
    if batch.state in (BatchState.UPLOADED, BatchState.CHECKED):
        values["state"] = BatchState.CANCELLED
    ImportBatch.objects.filter(pk=batch.pk).update(**values)
    for field_name, value in values.items():
        setattr(batch, field_name, value)
    if name:
        transaction.on_commit(lambda: storage.delete(name))


def wipe_old() -> int:
    """Wipe what has been kept for its month; how many batches. Safe to call at any time and by several at once."""
    wiped = 0
    with transaction.atomic():
        for batch in ImportBatch.objects.to_wipe(timezone.now()).select_for_update(skip_locked=True):
            wipe(batch)
            record(
                f"{IMPORT}.wipe", batch, actor=None, text="Личные данные из загруженной таблицы стёрты: прошёл месяц."
            )
            wiped += 1
    return wiped


def give_up_abandoned() -> int:
    """Give up tables whose worker has died; how many. One that lives holds the lock of its batch."""
    given_up = 0
    late = ImportBatch.objects.filter(
        state__in=[BatchState.CHECKING, BatchState.APPLYING], started_at__lt=timezone.now() - SILENCE
    )
    for batch in late:
        with transaction.atomic():
            if is_abandoned(batch):
                fail(batch=batch, actor=None, reason=ABANDONED)
                given_up += 1
    return given_up


def is_abandoned(batch: ImportBatch) -> bool:
    """Whether nobody holds the lock of the batch; until the end of the transaction it is ours."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s)", [LOCKS, batch.pk])
        return bool(cursor.fetchone()[0])
