"""The table inside an uploaded .xlsx or .csv: headers, rows, the lines where they stood; strict about the headers.

Knows no Django and no database: it runs in a child process with limits (`core.uploads.child`).
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import FORMULA_TAG, WorkSheetParser

from core.uploads.cells import FORMULA, Flaw, read, unguarded
from core.uploads.contents import check_content, decode_text
from core.uploads.kinds import XLSX, UploadError, UploadKind

MAX_ROWS = 20_000
MAX_COLUMNS = 60
# A file of ten megabytes holds no more; a common text that a thousand cells show counts a thousand times.
MAX_LETTERS = 12_000_000
EXCEL_ROWS = 1_048_576
QUOTED = re.compile(r'"[^"]*"')

DAMAGED = "Таблицу не удаётся прочитать. Откройте её в Excel, сохраните заново и загрузите снова."
TOO_LONG = f"В таблице больше {MAX_ROWS:,} строк. Разделите её на части.".replace(",", " ")
TOO_WIDE = f"В таблице больше {MAX_COLUMNS} колонок. Удалите лишние."
TOO_MUCH = "В таблице слишком много текста. Удалите лишние колонки или разделите её на части."
EMPTY = "В таблице нет ни одной строки с данными. Первая строка должна содержать названия колонок."
ONE_ROW = "Названия колонок должны стоять в одной строке, у каждой колонки своё."


class HeadlessError(UploadError):
    """A value stands under no header; `line` is where."""

    def __init__(self, text: str, line: int) -> None:
        self.line = line
        super().__init__(text)


Rows = Iterable[tuple[int, Sequence[Any]]]


@dataclass
class Table:
    """`rows` hold text, numbers, dates, booleans, "" or `Flaw`; `lines` are their numbers in the file, from 1."""

    headers: list[str]
    rows: list[list[Any]] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)


class Cells(WorkSheetParser):
    """The library's reader that also notices a formula nobody has counted and the error values of Excel."""

    def parse_cell(self, element: Element) -> dict[str, Any]:
        cell: dict[str, Any] = super().parse_cell(element)
        if cell["data_type"] == "e":
            cell["value"] = Flaw(f"В ячейке ошибка Excel: {str(cell['value'])[:20]}. Исправьте её.")
        elif cell["value"] is None and element.find(FORMULA_TAG) is not None:
            cell["value"] = Flaw(FORMULA)
        return cell


def read_content(content: bytes, kind: UploadKind) -> Table:
    """The table of a whole file; raises `UploadError` for one that is dangerous, broken, too large or headless."""
    check_content(content, kind)
    return xlsx_table(content) if kind is XLSX else table_of(enumerate(csv_rows(decode_text(content)), 1))


def xlsx_table(content: bytes) -> Table:
    """The active sheet; the size that it claims to have is ignored."""
    try:
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = book.active if book.active in book.worksheets else book.worksheets[0]
        with sheet._get_source() as source:
            cells = Cells(
                source,
                sheet._shared_strings,
                data_only=True,
                epoch=book.epoch,
                date_formats=book._date_formats,
                timedelta_formats=book._timedelta_formats,
            )
            table = headed_table(cells)
    except (UploadError, MemoryError):
        raise
    except Exception as error:  # a broken file makes the library stumble in a dozen ways
        raise UploadError(DAMAGED) from error
    return table


def headed_table(cells: Cells) -> Table:
    """The table of a sheet. Merged cells stand at its very end, but explain best why a header is lacking."""
    rows = numbered(cells)
    try:
        table = table_of(rows)
    except HeadlessError as refusal:
        for _ in rows:
            pass
        check_merged(cells, refusal.line, refusal.line)
        raise
    check_merged(cells, table.lines[0] if table.lines else EXCEL_ROWS, table.lines[-1] if table.lines else 1)
    return table


def numbered(cells: Cells) -> Iterator[tuple[int, Sequence[Any]]]:
    """(line, values) of the rows that are there; cells beyond the widest table allowed are left out."""
    for line, row in cells.parse():
        if line > EXCEL_ROWS:
            return
        values = [None] * min(max((cell["column"] for cell in row), default=0), MAX_COLUMNS + 1)
        for cell in row:
            if cell["column"] <= len(values):
                values[cell["column"] - 1] = cell["value"]
        yield line, values


def csv_rows(text: str) -> Iterator[list[str]]:
    """Rows of a CSV; quotes that our own export put before formulas are taken off."""
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter_of(text)):
            yield [unguarded(value) for value in row[: MAX_COLUMNS + 1]]
    except csv.Error as error:
        raise UploadError(DAMAGED) from error


def delimiter_of(text: str) -> str:
    """The separator met most often in the first line, outside quotes."""
    unquoted = QUOTED.sub("", text[:10_000]).strip("\r\n")
    return max(";,\t", key=unquoted.partition("\n")[0].count)


def table_of(rows: Rows) -> Table:
    """The first row that is not blank gives the headers, the others are data; blank rows and columns are left out.

    Values under no header are refused: nothing of a file may be passed over in silence.
    """
    filled = ((line, row) for line, row in rows if not is_blank(row))
    first_line, first = next(filled, (0, ()))
    headers = [header_of(value, first_line, number) for number, value in enumerate(first, 1)]
    columns = [number for number, header in enumerate(headers) if header]
    if not columns:
        raise UploadError(EMPTY)
    if columns[-1] >= MAX_COLUMNS:
        raise UploadError(TOO_WIDE)
    check_unique([headers[number] for number in columns])
    table = Table([headers[number] for number in columns])
    letters = 0
    for line, row in filled:
        letters += sum(len(value) for value in row if isinstance(value, str))
        if letters > MAX_LETTERS:
            raise UploadError(TOO_MUCH)
        check_headed(row, columns, first_line, line)
        table.rows.append([read(row[number]) if number < len(row) else "" for number in columns])
        table.lines.append(line)
        if len(table.rows) > MAX_ROWS:
            raise UploadError(TOO_LONG)
    return table


def is_blank(row: Sequence[Any]) -> bool:
    """Quick for the long runs of empty rows that Excel likes to keep."""
    return row.count(None) == len(row) or all(read(value) == "" for value in row)


def header_of(value: Any, line: int, number: int) -> str:
    """A header in one line."""
    value = read(value)
    if isinstance(value, Flaw):
        raise UploadError(f"В ячейке {place(line, number)} вместо названия колонки формула или ошибка. {ONE_ROW}")
    return " ".join(str(value).split())


def check_unique(headers: list[str]) -> None:
    counts = Counter(header.casefold() for header in headers)
    if twice := [header for header in headers if counts.pop(header.casefold(), 0) > 1]:
        names = ", ".join(f"«{header}»" for header in twice)
        raise UploadError(f"Названия колонок повторяются: {names}. {ONE_ROW}")


def check_headed(row: Sequence[Any], columns: list[int], first_line: int, line: int) -> None:
    """Refuse a value in a column without a name, as under a header of two rows."""
    if len(columns) == columns[-1] + 1 >= len(row):
        return
    for number, value in enumerate(row, 1):
        if value not in (None, "") and number - 1 not in columns and read(value) != "":
            empty = f"В ячейке {place(first_line, number)} нет названия колонки"
            raise HeadlessError(f"{empty}, а в ячейке {place(line, number)} есть значение. {ONE_ROW}", line)


def place(line: int, column: int) -> str:
    """«C12»."""
    return f"{get_column_letter(column)}{line}"


def check_merged(cells: Cells, first: int, last: int) -> None:
    """Refuse merged cells inside the table: only the first of them holds the value.

    `first` and `last` are the lines of its first and last row; what stands above is the header.
    """
    for merged in cells.merged_cells.mergeCell if cells.merged_cells else ():
        if merged.min_row > last or merged.min_col > MAX_COLUMNS:
            continue
        if merged.min_row < first:
            raise UploadError(f"Ячейки {merged.coord} объединены. {ONE_ROW} Разъедините их, лишние строки удалите.")
        words = f"Ячейки {merged.coord} объединены, и значение есть только в первой из них."
        raise UploadError(f"{words} Разъедините их и заполните каждую.")
