"""XLSX and CSV in and out: guarded and capped on the way in, harmless to whoever opens them on the way out."""

from __future__ import annotations

import csv
import datetime as dt
import io
import math
import re
from decimal import Decimal
from typing import Any

import openpyxl
from django.core.files.base import File
from import_export.formats import base_formats
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from tablib import Dataset

from core.sheets.cells import guarded, in_words, local
from core.uploads.cells import RISKY, UNPRINTABLE
from core.uploads.child import read_in_child
from core.uploads.kinds import CSV, MAX_BYTES, TABLES, XLSX, UploadKind
from core.uploads.tables import Table
from core.uploads.validation import kind_by_name, read_within, refusing

WIDEST = 60
FORBIDDEN_IN_TITLE = re.compile(r"[\\*?:/\[\]\x00-\x1f]")
BOLD = Font(bold=True)


class SheetDataset(Dataset):
    """A dataset that remembers in which line of the file each of its rows stood."""

    lines: list[int]


class SheetXLSX(base_formats.XLSX):
    """The first sheet of an Excel file; text goes out as text, never as a formula."""

    def create_dataset(self, in_stream: bytes, **_: Any) -> SheetDataset:
        """Rows of the active sheet; raises `UploadError` for a file that is dangerous, broken or too large."""
        return dataset_of(read_in_child(in_stream, XLSX))

    def export_data(self, dataset: Dataset, **_: Any) -> bytes:
        """The dataset as an Excel file: bold frozen header, native dates, numbers as numbers, text kept verbatim."""
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet(FORBIDDEN_IN_TITLE.sub("-", dataset.title or "Лист 1")[:31])
        sheet.freeze_panes = "A2"
        for number, width in enumerate(widths(dataset), 1):
            sheet.column_dimensions[get_column_letter(number)].width = width
        sheet.append([text_cell(sheet, str(header), font=BOLD) for header in dataset.headers or ()])
        for row in dataset:
            sheet.append([cell(sheet, value) for value in row])
        out = io.BytesIO()
        book.save(out)
        return out.getvalue()


class SheetCSV(base_formats.CSV):
    """A CSV as Excel in Russian reads it: UTF-8 with a mark, semicolons, a quote before what could be a formula."""

    def create_dataset(self, in_stream: bytes, **_: Any) -> SheetDataset:
        """Rows of a CSV in UTF-8 or the Windows encoding; raises `UploadError` for anything else."""
        return dataset_of(read_in_child(in_stream, CSV))

    def export_data(self, dataset: Dataset, **_: Any) -> bytes:
        out = io.StringIO(newline="")
        writer = csv.writer(out, delimiter=";")
        writer.writerow([plain(header) for header in dataset.headers or ()])
        writer.writerows([plain(value) for value in row] for row in dataset)
        return out.getvalue().encode("utf-8-sig")

    def is_binary(self) -> bool:
        return True

    def get_read_mode(self) -> str:
        return "rb"


def lines_of(dataset: Dataset) -> list[int]:
    """In which line of the file each row stood; counted from under the headers when the dataset does not know."""
    lines: list[int] = getattr(dataset, "lines", [])
    return lines if len(lines) == len(dataset) else list(range(2, len(dataset) + 2))


FORMATS: dict[UploadKind, type[Any]] = {XLSX: SheetXLSX, CSV: SheetCSV}


def read_table(file: File[bytes], *, max_bytes: int = MAX_BYTES) -> SheetDataset:
    """The table of an uploaded .xlsx or .csv; raises `ValidationError` with a Russian reason, never anything else."""
    with refusing(TABLES, max_bytes):
        kind = kind_by_name(str(file.name or ""), TABLES)
        return FORMATS[kind]().create_dataset(read_within(file, max_bytes))


def dataset_of(table: Table) -> SheetDataset:
    dataset = SheetDataset(*table.rows, headers=table.headers)
    dataset.lines = table.lines
    return dataset


def widths(dataset: Dataset) -> list[int]:
    """Widths of the columns in characters, by the longest value."""
    columns: list[int] = [len(str(header)) for header in dataset.headers or ()]
    for row in dataset:
        columns = [max(width, len(in_words(value))) for width, value in zip(columns, row, strict=False)]
    return [min(width, WIDEST) + 2 for width in columns]


def cell(sheet: Any, value: Any) -> Any:
    """A cell of the right type: dates and numbers native, nothing empty, all the rest text."""
    if value is None or value == "":
        return None
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool) and math.isfinite(value):
        return value
    if isinstance(value, dt.datetime):
        return formatted_cell(sheet, local(value), "DD.MM.YYYY HH:MM")
    if isinstance(value, dt.date):
        return formatted_cell(sheet, value, "DD.MM.YYYY")
    return text_cell(sheet, value if isinstance(value, str) else in_words(value))


def formatted_cell(sheet: Any, value: Any, number_format: str) -> Any:
    made = WriteOnlyCell(sheet, value)
    made.number_format = number_format
    return made


def text_cell(sheet: Any, text: str, font: Font | None = None) -> Any:
    """Text verbatim. `quotePrefix` keeps it text even after somebody edits the cell."""
    made = WriteOnlyCell(sheet, UNPRINTABLE.sub("", text))
    made.data_type = "s"  # without this the library makes a formula of everything that begins with «=»
    if text.startswith(RISKY):
        made.quotePrefix = True
    if font is not None:
        made.font = font
    return made


def plain(value: Any) -> str:
    """A value as a CSV cell."""
    text = value if isinstance(value, str) else in_words(value)
    return guarded(UNPRINTABLE.sub("", text))
