"""The form field of a table: what comes out of it has been read in a child process, the file goes with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.base import File
from django.forms.widgets import Widget

from core.uploads.child import read_in_child
from core.uploads.kinds import MAX_BYTES, TABLES, accept_attribute, accepted_words
from core.uploads.names import safe_name
from core.uploads.tables import EMPTY, Table
from core.uploads.validation import kind_by_name, read_within, refusing


@dataclass(frozen=True)
class UploadedTable:
    """A file under a safe name, rewound, and the table in it."""

    file: File[bytes]
    table: Table


class TableField(forms.FileField):
    """An .xlsx or .csv with at least one row. Nothing of the file is parsed in the process of the portal itself."""

    widget = forms.FileInput

    def __init__(self, *, max_bytes: int = MAX_BYTES, **options: Any) -> None:
        self.max_bytes = max_bytes
        options.setdefault("help_text", accepted_words(TABLES, max_bytes))
        # An empty file is refused by our own check, in the same words as the other refusals.
        super().__init__(allow_empty_file=True, **options)

    def widget_attrs(self, widget: Widget) -> dict[str, Any]:
        return {**super().widget_attrs(widget), "accept": accept_attribute(TABLES)}

    def to_python(self, data: Any) -> Any:
        """The `UploadedTable` that was sent; `None` when nothing was."""
        file = super().to_python(data)
        if file is None:
            return None
        with refusing(TABLES, self.max_bytes):
            kind = kind_by_name(str(file.name or ""), TABLES)
            table = read_in_child(read_within(file, self.max_bytes), kind)
        if not table.rows:
            raise ValidationError(EMPTY, code="upload")
        file.seek(0)
        file.name = safe_name(str(file.name))
        return UploadedTable(file, table)
