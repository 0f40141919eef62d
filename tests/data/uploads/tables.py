"""Tables that must be refused, beside those of the general corpus: name of the file, builder, begin of the words."""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Sequence
from typing import Any

import openpyxl

from tests.data.uploads.archives import BAD_ARCHIVES, BOMB, docx, rebuilt, xlsx
from tests.data.uploads.plain import BAD_PLAIN

SPACE = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
XLSX_NAME, CSV_NAME = "список.xlsx", "список.csv"
HUGE = "Файл слишком сильно сжат"
STRANGE = "Файл устроен не так"
DAMAGED, UNREADABLE = "Файл повреждён", "Таблицу не удаётся прочитать"
DECLARED = "Внутри файла есть объявления DTD"
MACRO = "В файле есть макросы"
LINKED = "Файл подгружает данные извне"
TOO_LONG, TOO_WIDE = "В таблице больше 20 000 строк", "В таблице больше 60 колонок"
EMPTY = "В таблице нет ни одной строки с данными"
TOO_HARD = "Таблицу не удалось прочитать: она слишком велика"
TOO_MUCH = "В таблице слишком много текста"


def book(*rows: Sequence[Any], change: Callable[[Any], Any] | None = None) -> bytes:
    """An Excel file as Excel itself would save it."""
    out = io.BytesIO()
    made = openpyxl.Workbook()
    for row in rows:
        made.active.append(list(row))
    if change:
        change(made)
    made.save(out)
    return out.getvalue()


def merged(*ranges: str) -> bytes:
    def merge(made: Any) -> None:
        for area in ranges:
            made.active.merge_cells(area)

    return book(["Фамилия", "Имя"], ["Белова", "Анна"], ["Серова", "Вера"], change=merge)


def with_title() -> bytes:
    """«Список педагогов» over the whole table, as in a report."""
    return book(
        ["Список"], ["Фамилия", "Имя"], ["Белова", "Анна"], change=lambda made: made.active.merge_cells("A1:B1")
    )


def sheet(text: str, head: str = '<?xml version="1.0" encoding="UTF-8"?>', encoding: str = "utf-8") -> bytes:
    """An Excel file whose sheet is written by hand."""
    content = f'{head}<worksheet xmlns="{SPACE}">{text}</worksheet>'.encode(encoding)
    return rebuilt(xlsx(), change={"xl/worksheets/sheet1.xml": lambda old: content})


def strings(
    text: bytes, rows: str = '<row r="1"><c t="s"><v>0</v></c></row><row r="2"><c t="s"><v>1</v></c></row>'
) -> bytes:
    """An Excel file that keeps its texts in a common list, with noise so that the ratio of packing is ordinary."""
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sharedStrings+xml"
    declared = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{kind}"/></Types>'.encode()
    content = f'<worksheet xmlns="{SPACE}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    changes = {
        "[Content_Types].xml": lambda old: old.replace(b"</Types>", declared),
        "xl/worksheets/sheet1.xml": lambda old: content,
    }
    noise = random.Random(1).randbytes(300_000)
    return rebuilt(xlsx(), change=changes, add={"xl/sharedStrings.xml": text, "xl/media/a.bin": noise})


def repeated_giant() -> bytes:
    """One text of three hundred kilobytes shown by fifty thousand cells: small on the disk, gigabytes when written."""
    table = f'<sst xmlns="{SPACE}"><si><t>{"я" * 150_000}</t></si></sst>'.encode()
    cells = "".join(
        f'<row r="{row}">' + "".join('<c t="s"><v>0</v></c>' for _ in range(20)) + "</row>" for row in range(2, 2500)
    )
    return strings(table, f'<row r="1">{"".join(header(number) for number in range(20))}</row>{cells}')


def header(number: int) -> str:
    return f'<c t="inlineStr"><is><t>к{number}</t></is></c>'


def many_rows(count: int) -> bytes:
    """So many rows of one cell, with noise so that the ratio of packing is ordinary."""
    rows = "".join(f"<row><c><v>{number}</v></c></row>" for number in range(count)).encode()
    content = f'<worksheet xmlns="{SPACE}"><sheetData>'.encode() + rows + b"</sheetData></worksheet>"
    noise = {"xl/media/a.bin": random.Random(1).randbytes(1_000_000)}
    return rebuilt(xlsx(), change={"xl/worksheets/sheet1.xml": lambda old: content}, add=noise)


def of_general(corpus: Any) -> dict[str, Any]:
    """The cases of the general corpus that come as tables."""
    return {case: found for case, found in corpus.items() if found[0].endswith((".xlsx", ".csv"))}


OWN: dict[str, tuple[str, Callable[[], bytes], str]] = {
    "million_rows_csv": (CSV_NAME, lambda: b"a\n" + b"1\n" * 1_000_001, TOO_LONG),
    "million_rows_xlsx": (XLSX_NAME, lambda: many_rows(1_000_001), HUGE),
    "rows_over_the_limit": (XLSX_NAME, lambda: many_rows(20_002), TOO_LONG),
    "too_wide_xlsx": (XLSX_NAME, lambda: book([f"к{n}" for n in range(61)], range(61)), TOO_WIDE),
    "too_wide_csv": (CSV_NAME, lambda: b";".join([b"a"] * 61) + b"\n", TOO_WIDE),
    "ten_thousand_columns": (CSV_NAME, lambda: b";".join(b"a%d" % n for n in range(10_000)) + b"\n1\n", TOO_WIDE),
    "no_rows": (XLSX_NAME, lambda: book([None]), EMPTY),
    "only_blanks": (CSV_NAME, lambda: b" ;;\n;;\n", EMPTY),
    "merged_header": (XLSX_NAME, lambda: merged("A1:B1"), "Ячейки A1:B1 объединены. Названия колонок"),
    "merged_title": (XLSX_NAME, with_title, "Ячейки A1:B1 объединены. Названия колонок"),
    "merged_rows": (XLSX_NAME, lambda: merged("A2:A3"), "Ячейки A2:A3 объединены, и значение есть только в первой"),
    "two_header_rows": (
        XLSX_NAME,
        lambda: book(["ФИО", "Контакты", None], [None, "Телефон", "Почта"], ["Белова Анна", "1", "2"]),
        "В ячейке C1 нет названия колонки, а в ячейке C2 есть значение",
    ),
    "value_beyond_the_headers": (
        CSV_NAME,
        "Фамилия;Имя\nБелова;Анна;лишнее\n".encode,
        "В ячейке C1 нет названия колонки, а в ячейке C2 есть значение",
    ),
    "same_header_twice": (CSV_NAME, "Тел;Имя;тел\n1;2;3\n".encode, "Названия колонок повторяются: «Тел»"),
    "formula_in_header": (
        XLSX_NAME,
        lambda: book(["=A2", "Имя"], ["Белова", "Анна"]),
        "В ячейке A1 вместо названия колонки формула",
    ),
    "xxe_in_sheet": (
        XLSX_NAME,
        lambda: sheet("", '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>'),
        DECLARED,
    ),
    "xxe_in_sheet_utf16": (
        XLSX_NAME,
        lambda: sheet("", '<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE x [<!ENTITY a "b">]>', "utf-16"),
        DECLARED,
    ),
    "dtd_in_strings": (XLSX_NAME, lambda: strings(b'<?xml version="1.0"?><!DOCTYPE sst><sst/>'), DECLARED),
    "strings_missing": (XLSX_NAME, lambda: strings(f'<sst xmlns="{SPACE}"/>'.encode()), UNREADABLE),
    "strings_broken": (XLSX_NAME, lambda: strings(b"<sst><si>"), DAMAGED),
    "giant_string_repeated": (XLSX_NAME, repeated_giant, TOO_MUCH),
    "row_number_is_a_word": (XLSX_NAME, lambda: sheet('<sheetData><row r="x"><c/></row></sheetData>'), UNREADABLE),
    "place_is_no_place": (
        XLSX_NAME,
        lambda: sheet('<sheetData><row r="1"><c r="??"><v>1</v></c></row></sheetData>'),
        UNREADABLE,
    ),
    "sheet_is_cut": (
        XLSX_NAME,
        lambda: rebuilt(xlsx(), change={"xl/worksheets/sheet1.xml": lambda old: old[:-60]}),
        DAMAGED,
    ),
    "sheet_is_absent": (XLSX_NAME, lambda: rebuilt(xlsx(), drop="xl/worksheets/sheet1.xml"), UNREADABLE),
    "macro_in_xlsx": (XLSX_NAME, lambda: rebuilt(xlsx(), add={"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0"}), MACRO),
    "macro_book_by_name": ("список.xlsm", xlsx, "Файлы .xlsm здесь не принимаются. Сохраните таблицу без макросов"),
    "old_excel_by_name": ("список.xls", lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "Файлы .xls здесь не принимаются"),
    "old_excel_renamed": (XLSX_NAME, lambda: b"\xd0\xcf\x11\xe0" + bytes(600), "Это файл старого Word или Excel"),
    "open_document": ("список.ods", xlsx, "Файлы .ods здесь не принимаются. Сохраните таблицу как .xlsx"),
    "query_from_the_net": (
        XLSX_NAME,
        lambda: rebuilt(xlsx(), add={"xl/externalLinks/externalLink1.xml": b"<a/>"}),
        LINKED,
    ),
    "zip_inside": (XLSX_NAME, lambda: rebuilt(xlsx(), add={"xl/inner.zip": b"12345"}), "Внутри файла спрятан"),
    "program_inside": (
        XLSX_NAME,
        lambda: rebuilt(xlsx(), add={"xl/media/image1.png": b"MZ\x90\0" + bytes(99)}),
        "Внутри файла спрятан",
    ),
    "upwards": (XLSX_NAME, lambda: rebuilt(xlsx(), add={"../../etc/cron.d/x": b"1"}), STRANGE),
    "bomb_in_a_sheet": (XLSX_NAME, lambda: rebuilt(xlsx(), add={"xl/worksheets/sheet9.xml": BOMB * 60}), HUGE),
    "tail_after_the_file": (XLSX_NAME, lambda: xlsx() + b"<script>1</script>", STRANGE),
    "word_named_xlsx": (XLSX_NAME, docx, "По содержимому это не Excel"),
    "empty_xlsx": (XLSX_NAME, lambda: b"", "Файл пустой"),
    "over_ten_megabytes": (CSV_NAME, lambda: b"a\n" + b"1\n" * (5 * 1024 * 1024), "Файл больше 10 МБ"),
    "turned_name": ("спи\u202exlsx.csv", lambda: b"a\n1\n", "В имени файла есть скрытые знаки"),
    "nul_in_name": ("список.csv\0.xlsx", lambda: b"a\n1\n", "В имени файла есть скрытые знаки"),
    "quote_never_closed": (CSV_NAME, lambda: b'a;b\n1;"' + b"x" * 200_000, UNREADABLE),
}
BAD_TABLES = {**OWN, **of_general(BAD_PLAIN), **of_general(BAD_ARCHIVES)}
