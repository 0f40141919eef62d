"""Running an import: the file read in a child process, the rows gone through, everything written or nothing."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import transaction
from django_tasks import task

from accounts.models import Organisation, User
from core.russian.parts import CHILD_OF, Role, words_of
from core.russian.parts import tidy as tidy_name
from core.sheets import SheetError, SheetXLSX, row_errors
from core.sheets.cells import in_words
from core.sheets.fields import UploadedTable
from core.sheets.formats import SheetDataset
from core.transitions import Refused
from core.uploads.cells import Flaw
from core.uploads.child import read_in_child
from core.uploads.kinds import XLSX, UploadError
from core.uploads.names import kind_of
from core.uploads.tables import Table
from mentorship.models import BatchState, ImportBatch
from mentorship.services import imports
from mentorship.services.imports import Outcome
from mentorship.sheets.columns import BY_NAME, FULL_NAME, IN_SAMPLE, NAME_PARTS, SAMPLES, recognise, texts
from mentorship.sheets.known import Match, Sought, choices_of
from mentorship.sheets.participants import ParticipantResource
from mentorship.sheets.progress import Progress

logger = logging.getLogger(__name__)

# So many rows are gone through while the browser waits; more go to the worker.
SHORT = 200
GONE = "Загруженного файла больше нет. Загрузите его снова."
ERROR_HEADER = "Ошибка"


def take_in(*, organisation: Organisation, actor: User, uploaded: UploadedTable) -> ImportBatch:
    """Keep an uploaded table, its headers recognised."""
    table = uploaded.table
    headers = [
        {"title": header, "values": texts(table, number, SAMPLES)} for number, header in enumerate(table.headers)
    ]
    return imports.upload_batch(
        organisation=organisation,
        actor=actor,
        file=uploaded.file,
        headers=headers,
        mapping=recognise(table),
        total=len(table.rows),
    )


def check(*, batch: ImportBatch, actor: User) -> None:
    """Check the table: at once if it is short, otherwise by the worker."""
    imports.send(batch=batch, step="check", actor=actor)
    carry_out(batch, actor)


def apply(*, batch: ImportBatch, actor: User) -> None:
    """Write the table, at once or by the worker. What has changed since the check may send it back with questions."""
    imports.send(batch=batch, step="apply", actor=actor)
    carry_out(batch, actor)


def carry_out(batch: ImportBatch, actor: User) -> None:
    if batch.total <= SHORT:
        imports.start(batch)
        attempt(batch, actor, lambda done: None)
    else:
        run_batch.enqueue(batch_id=batch.pk, actor_id=actor.pk)


@task
def run_batch(batch_id: int, actor_id: int) -> None:
    """Go through a sent table in the background, telling how far it is."""
    batch: Any = ImportBatch.objects.select_related("organisation").filter(pk=batch_id).first()
    if batch is None or not imports.start(batch):
        return
    with Progress(batch) as progress:
        attempt(batch, User.objects.get(pk=actor_id), progress)


def attempt(batch: ImportBatch, actor: User, progress: Callable[[int], None]) -> None:
    """One run in one transaction; whatever stops it, nothing is written and the batch says why."""
    try:
        with transaction.atomic():
            run(batch, actor, progress)
    except UploadError as refusal:
        reason = str(refusal)
    except Refused as refusal:
        reason = " ".join(refusal.obstacles)
    except Exception as error:
        # The name and the place alone: the message may carry somebody's personal data.
        place = traceback.extract_tb(error.__traceback__)[-1]
        logger.error("An import failed with %s at %s:%s", type(error).__name__, place.filename, place.lineno)
        reason = imports.CRASHED
    else:
        return
    batch.refresh_from_db()
    if batch.is_busy:
        imports.fail(batch=batch, actor=actor, reason=reason)


def run(batch: ImportBatch, actor: User, progress: Callable[[int], None]) -> None:
    """Do the real import; a check is rolled back, and so is what must be mended or answered first."""
    dataset = dataset_of(stored_table(batch), batch.mapping)
    choices = choices_of(batch.doubles)
    resource = ParticipantResource(organisation=batch.organisation, actor=actor, choices=choices, progress=progress)
    with transaction.atomic():
        result = resource.import_data(dataset)
        outcome = outcome_of(result, resource, batch)
        if batch.state != BatchState.APPLYING or outcome.stops:
            transaction.set_rollback(True)
        else:
            imports.remember_two_people(resource.told_apart(), actor)
    imports.finish(batch=batch, outcome=outcome, actor=actor)


def stored_table(batch: ImportBatch) -> Table:
    """The table of the kept file, read anew."""
    try:
        with batch.file.open() as file:
            content = file.read()
    except (FileNotFoundError, ValueError):
        raise UploadError(GONE) from None
    return read_in_child(content, kind_of(str(batch.file.name)) or XLSX)


# --- From the file to the resource and back ---------------------------------------------------------------------------
def dataset_of(table: Table, mapping: Mapping[str, str]) -> SheetDataset:
    """The chosen columns under the names that the resource knows; a whole name taken apart."""
    chosen = [(number, mapping.get(header, "")) for number, header in enumerate(table.headers)]
    columns = [(number, name) for number, name in chosen if name and name != FULL_NAME]
    whole = next((number for number, name in chosen if name == FULL_NAME), None)
    names = [*(NAME_PARTS if whole is not None else ()), *(name for _, name in columns)]
    dataset = SheetDataset(headers=[BY_NAME[name].title for name in names])
    for row in table.rows:
        parts = split_name(row[whole]) if whole is not None else ()
        dataset.append([*parts, *(row[number] for number, _ in columns)])
    dataset.lines = table.lines
    return dataset


def split_name(value: Any) -> tuple[Any, Any, Any]:
    """Surname, given name and patronymic of a whole name, in whatever order it is written."""
    if isinstance(value, Flaw):
        return (value, "", "")
    words = words_of(tidy_name(in_words(value)))
    parts: dict[Role, list[str]] = {}
    for word in words:
        role = Role.PATRONYMIC if word.role is Role.FATHER or word.text.lower() in CHILD_OF else word.role
        parts.setdefault(Role.SURNAME if role is Role.FIXED else role, []).append(word.text)
    if Role.INITIAL in parts:
        return (Flaw("Вместо имени инициалы. Напишите имя и отчество полностью."), "", "")
    surname, given, patronymic = (" ".join(parts.get(role, [])) for role in (Role.SURNAME, Role.GIVEN, Role.PATRONYMIC))
    if words and not (surname and given):
        return (Flaw("Не понять, где фамилия, а где имя. Напишите фамилию, имя и отчество через пробел."), "", "")
    return (surname, given, patronymic)


def outcome_of(result: Any, resource: ParticipantResource, batch: ImportBatch) -> Outcome:
    """What the run has found, its errors under the headers of the file."""
    headers = {BY_NAME[name].title: header for header, name in batch.mapping.items() if name}
    whole = next((header for header, name in batch.mapping.items() if name == FULL_NAME), "")
    if whole:
        headers |= {BY_NAME[name].title: whole for name in NAME_PARTS}
    totals = result.totals
    asked = sum(not resource.choices.get(sought.line) for sought, _ in resource.asked)
    return Outcome(
        added=max(totals["new"] - asked, 0),
        changed=totals["update"],
        unchanged=totals["skip"],
        errors=unrepeated(as_row(error, headers) for error in row_errors(result)),
        doubles=[double_of(sought, match, resource.choices) for sought, match in resource.asked],
    )


def unrepeated(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Each refusal once: the parts of a whole name stand in one cell."""
    return list({tuple(row.values()): row for row in rows}.values())


def as_row(error: SheetError, headers: Mapping[str, str]) -> dict[str, Any]:
    return {"row": error.row, "column": headers.get(error.column, error.column), "text": error.text}


def double_of(sought: Sought, match: Match, choices: Mapping[int, Any]) -> dict[str, Any]:
    cards = [{"pk": known.pk, "name": known.full_name, "reason": reason} for known, reason in match.cards]
    return {"row": sought.line, "name": sought.full_name, "choice": choices.get(sought.line, ""), "cards": cards}


# --- Files for the curator --------------------------------------------------------------------------------------------
def sample() -> bytes:
    """An Excel file with the columns and one row as an example."""
    dataset = SheetDataset(headers=[column.title for column in IN_SAMPLE], title="Участники")
    dataset.append([column.example for column in IN_SAMPLE])
    return SheetXLSX().export_data(dataset)


def bad_rows(batch: ImportBatch) -> bytes:
    """An Excel file of the rows that are wrong, as they stand in the file, with what is wrong in the first column."""
    table = stored_table(batch)
    words: dict[int, list[str]] = {}
    for error in batch.errors:
        if error["row"] is not None:
            column = f"{error['column']}: " if error["column"] else ""
            words.setdefault(error["row"], []).append(f"{column}{error['text']}")
    dataset = SheetDataset(headers=[ERROR_HEADER, "Строка файла", *table.headers], title="Строки с ошибками")
    for line, row in zip(table.lines, table.rows, strict=True):
        if line in words:
            values = ["" if isinstance(value, Flaw) else value for value in row]
            dataset.append([" ".join(words[line]), line, *values])
    return SheetXLSX().export_data(dataset)
