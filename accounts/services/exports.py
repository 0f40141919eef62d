"""Taking a list out of the portal as a file: asked for, counted, written into the history."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from accounts.models import Organisation, User
from accounts.permissions import permit, today
from core.journal import record
from core.russian import plural
from core.sheets.exports import FORMATS, ExportColumn, list_file
from core.transitions import Refused

MOST_ROWS = 20_000
TOO_MANY = f"В списке больше {MOST_ROWS:,} строк. Сузьте отбор и выгрузите его по частям.".replace(",", " ")


@dataclass(frozen=True)
class ExportedList:
    """A file to hand out under a name that people know."""

    file: io.BytesIO
    name: str
    content_type: str


@transaction.atomic
def export_list(
    *,
    organisation: Organisation,
    actor: User,
    action: str,
    title: str,
    columns: Sequence[ExportColumn],
    rows: QuerySet[Any] | Sequence[Any],
    filters: str,
    format: str,
    prepare: Callable[[list[Any]], Sequence[Any]] = lambda found: found,
) -> ExportedList:
    """The rows as «Участники 21.11.2026.xlsx»; the history says who took which list, filtered how, how many rows.

    The caller has narrowed the rows to those that the actor may see; `action` is the right to take them out.
    `prepare` turns the rows into what the columns read from, where that is more than the rows themselves.
    """
    permit(actor, action, organisation)
    found = list(rows[: MOST_ROWS + 1])
    if len(found) > MOST_ROWS:
        raise Refused([TOO_MANY])
    kind = FORMATS[format][0]
    words = f"Выгружен список «{title}» ({format.upper()}), {plural(len(found), 'строка', 'строки', 'строк')}."
    record(action, organisation, actor=actor, text=f"{words} Отбор: {filters}." if filters else words)
    content = list_file(title, columns, prepare(found), format)
    return ExportedList(io.BytesIO(content), f"{title} {today():%d.%m.%Y}.{format}", kind.content_type)
