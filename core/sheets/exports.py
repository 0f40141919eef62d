"""A list as a file: its columns, its rows, the filter in words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from tablib import Dataset

from core.journal import in_words
from core.sheets.formats import SheetCSV, SheetXLSX
from core.uploads.kinds import CSV, XLSX, UploadKind

FORMATS: dict[str, tuple[UploadKind, type[Any]]] = {"xlsx": (XLSX, SheetXLSX), "csv": (CSV, SheetCSV)}


@dataclass(frozen=True)
class ExportColumn:
    """A column of a file: its header and what of a row stands in it (text, number, date, yes or no, nothing)."""

    title: str
    value: Callable[[Any], Any]


def list_file(title: str, columns: Sequence[ExportColumn], rows: Iterable[Any], format: str) -> bytes:
    """The rows as a file of one of `FORMATS`; text stays text whatever it begins with."""
    dataset = Dataset(headers=[column.title for column in columns], title=title)
    for row in rows:
        dataset.append([column.value(row) for column in columns])
    content: bytes = FORMATS[format][1]().export_data(dataset)
    return content


def filter_words(form: forms.Form) -> str:
    """What a valid or half-valid filter narrows, in words: «Кто: Педагог; молодые специалисты»."""
    cleaned = getattr(form, "cleaned_data", {})
    said = []
    for name, field in form.fields.items():
        value = cleaned.get(name)
        if value in (None, "", False) or isinstance(field.widget, forms.HiddenInput):
            continue
        label = str(field.label or name)
        said.append(label if value is True else f"{label}: {shown(field, value)}")
    return "; ".join(said)


def shown(field: forms.Field, value: Any) -> str:
    """The label of a choice, any other value in words."""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        choices: Any = field.choices
        return str(dict(choices).get(value, value))
    return in_words(value)
