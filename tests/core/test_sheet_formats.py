"""Spreadsheet files: formulas never leave, bombs and broken files never enter, our own files come back unchanged."""

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from import_export.formats import base_formats
from openpyxl.chart import BarChart
from tablib import Dataset

from core.sheets import MAX_ROWS, SheetCSV, SheetXLSX, read_table
from core.uploads.kinds import CSV, XLSX, UploadError
from core.uploads.tables import read_content
from tests.data.uploads.archives import BAD_ARCHIVES, docx, rebuilt, xlsx

FORMULAS = ["=1+2", "==1+2", "+7 900 000-00-00", "-1+2", "@SUM(A1)", "\t=1+2", "\r=1+2", '=HYPERLINK("http://e.org")']
DAMAGED = "Таблицу не удаётся прочитать. Откройте её в Excel, сохраните заново и загрузите снова."


def naive(*parts: int) -> dt.datetime:
    """A moment as Excel keeps it."""
    return dt.datetime(*parts)  # noqa: DTZ001 - a spreadsheet knows no zones


def saved(*rows, change=None) -> bytes:
    """An Excel file as Excel itself would save it, formulas and all."""
    out = io.BytesIO()
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    if change:
        change(book)
    book.save(out)
    return out.getvalue()


def cells(content: bytes):
    return [list(row) for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows()]


def sheet_with(text: str, content: bytes = b"") -> bytes:
    """An Excel file whose sheet is written by hand."""
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    sheet = f'<worksheet xmlns="{space}">{text}</worksheet>'.encode()
    return rebuilt(content or xlsx(), change={"xl/worksheets/sheet1.xml": lambda old: sheet})


def text_cell(place: str, text: str) -> str:
    return f'<c r="{place}" t="inlineStr"><is><t>{text}</t></is></c>'


def read(content: bytes):
    table = read_content(content, XLSX)
    return table.headers, table.rows, table.lines


def read_csv(content: bytes):
    return read_content(content, CSV)


def refusal(call, *args) -> str:
    with pytest.raises(UploadError) as caught:
        call(*args)
    return str(caught.value)


def test_xlsx_export_keeps_formulas_as_text():
    content = SheetXLSX().export_data(Dataset(*[[value] for value in FORMULAS], headers=["=1+2"]))
    made = [row[0] for row in cells(content)]
    assert [cell.data_type for cell in made] == ["s"] * (len(FORMULAS) + 1)
    assert [cell.value for cell in made][:6] == ["=1+2", *FORMULAS[:5]]
    assert [cell.quotePrefix for cell in made] == [True] * (len(FORMULAS) + 1)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


@pytest.mark.parametrize(("escape", "value"), [(False, "=1+2"), (True, "==1+2")])
def test_stock_xlsx_export_lets_a_formula_out(settings, escape, value):
    settings.IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = escape
    content = base_formats.XLSX().export_data(Dataset([value], headers=["a"]))
    assert cells(content)[1][0].data_type == "f"


def test_setting_of_the_library_changes_nothing(settings):
    settings.IMPORT_EXPORT_ESCAPE_FORMULAE_ON_EXPORT = True
    content = SheetXLSX().export_data(Dataset(["=1", None, "b"], headers=["a", "b", "c"]))
    assert [cell.value for cell in cells(content)[1]] == ["=1", None, "b"]


def test_csv_export_puts_a_quote_before_formulas():
    content = SheetCSV().export_data(Dataset(*[[value, "Ёж"] for value in FORMULAS], headers=["=a", "б"]))
    assert content.startswith(b"\xef\xbb\xbf'=a;\xd0\xb1\r\n")
    values = list(SheetCSV().create_dataset(content).get_col(0))
    assert values == [value.strip() for value in FORMULAS]
    starts = {line.lstrip('"')[0] for line in re.split(r";Ёж\r\n", content.decode("utf-8-sig"))[1:-1]}
    assert starts == {"'"}


def test_stock_csv_export_lets_formulas_out():
    content = base_formats.CSV().export_data(Dataset(["+1", "@A1"], headers=["a", "b"]))
    assert content == "a,b\r\n+1,@A1\r\n"


def test_csv_leaves_other_text_and_its_quotes_alone():
    content = SheetCSV().export_data(Dataset(["'цитата'", 'кавычки ";"', None, True], headers=list("абвг")))
    assert content.decode("utf-8-sig") == 'а;б;в;г\r\n\'цитата\';"кавычки "";""";;да\r\n'
    assert list(SheetCSV().create_dataset(content)) == [("'цитата'", 'кавычки ";"', "", "да")]


def test_xlsx_export_writes_native_values():
    moment = dt.datetime(2026, 9, 1, 11, 30, tzinfo=dt.UTC)
    values = [dt.date(2026, 9, 1), moment, 5, Decimal("5.7"), True, None, "", "текст", float("nan")]
    made = cells(SheetXLSX().export_data(Dataset(values, headers=[str(n) for n in range(9)])))[1]
    assert [cell.value for cell in made] == [
        naive(2026, 9, 1),
        naive(2026, 9, 1, 14, 30),
        5,
        5.7,
        "да",
        None,
        None,
        "текст",
        "nan",
    ]
    assert [made[0].number_format, made[1].number_format] == ["DD.MM.YYYY", "DD.MM.YYYY HH:MM"]


def test_xlsx_export_survives_any_text_and_title():
    dataset = Dataset(["a\x00b\x0b\ud800\uffff", "я" * 40_000], headers=["a", "b"], title="Список: [1/2] " + "я" * 50)
    content = SheetXLSX().export_data(dataset)
    made = cells(content)[1]
    assert (made[0].value, len(made[1].value)) == ("ab", 32_767)
    assert openpyxl.load_workbook(io.BytesIO(content)).sheetnames == ["Список- -1-2- " + "я" * 17]


def test_xlsx_import_reads_what_people_write():
    headers, rows, lines = read(
        saved(
            [None],
            [" Имя\xa0 полное", "Дата", None, "Класс"],
            [" Анна ", naive(2026, 9, 1), " ", 7.0],
            [None, None, None],
            ["Пётр", naive(2026, 9, 1, 14, 30), None, True, ""],
        )
    )
    assert headers == ["Имя полное", "Дата", "Класс"]
    assert rows == [["Анна", dt.date(2026, 9, 1), 7], ["Пётр", naive(2026, 9, 1, 14, 30), True]]
    assert lines == [3, 5]


def test_xlsx_import_reads_values_of_formulas_not_formulas():
    _, rows, _ = read(
        sheet_with(
            f'<sheetData><row r="1">{text_cell("A1", "А")}{text_cell("B1", "Б")}</row>'
            f'<row r="2"><c r="A2"><f>1+2</f><v>3</v></c>{text_cell("B2", "x")}</row></sheetData>'
        )
    )
    assert rows == [[3, "x"]]


def test_xlsx_import_opens_a_book_whose_first_sheet_is_a_chart():
    def add_chart(book):
        book.create_chartsheet("Диаграмма", 0).add_chart(BarChart())
        book.active = 0

    assert read(saved(["А"], ["1"], change=add_chart))[1] == [["1"]]


def test_claimed_size_of_the_sheet_is_ignored():
    claim = '<dimension ref="A1:XFD1048576"/>'
    rows = f'<row r="1">{text_cell("A1", "А")}</row><row r="2">{text_cell("A2", "x")}</row>'
    content = sheet_with(f"{claim}<sheetData>{rows}</sheetData>")
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active
    assert (sheet.max_row, sheet.max_column) == (1_048_576, 16_384)
    assert read(content) == (["А"], [["x"]], [2])


@pytest.mark.parametrize("far", [1_048_576, 5_000_000_000])
def test_far_away_row_is_no_trap(far):
    rows = f'<row r="1">{text_cell("A1", "А")}</row><row r="2">{text_cell("A2", "x")}</row>'
    _, found, lines = read(sheet_with(f'<sheetData>{rows}<row r="{far}">{text_cell(f"A{far}", "y")}</row></sheetData>'))
    assert lines == [line for line in (2, far) if line <= 1_048_576]
    assert len(found) == len(lines)


def test_too_many_rows_are_refused_and_blank_ones_do_not_count():
    words = "В таблице больше 20 000 строк. Разделите её на части."
    full = [["А"], *([str(number)] for number in range(MAX_ROWS))]
    blank = [[None]] * 500
    assert len(read(saved(*full, *blank))[1]) == MAX_ROWS
    assert refusal(read, saved(*full, *blank, ["ещё"])) == words
    text = "А\n" + "1\n" * (MAX_ROWS + 1)
    assert refusal(read_csv, text.encode()) == words
    assert len(read_csv(text[:-2].encode()).rows) == MAX_ROWS


def test_too_many_columns_are_refused():
    headers = [f"к{number}" for number in range(61)]
    assert refusal(read, saved(headers, range(61))) == "В таблице больше 60 колонок. Удалите лишние."
    assert len(read(saved(headers[:60], range(60)))[0]) == 60


def test_table_without_headers_is_refused():
    words = "В таблице нет ни одной строки с данными. Первая строка должна содержать названия колонок."
    assert refusal(read, saved([None, " "])) == words
    assert refusal(read_csv, b" \n;;\n") == words


@pytest.mark.parametrize("case", ["bomb", "bomb_lying_small", "xxe_in_xlsx", "macro_sheet", "external_book"])
def test_dangerous_file_is_refused_before_it_is_opened(case, monkeypatch):
    monkeypatch.setattr("core.uploads.tables.openpyxl.load_workbook", None)
    _, build, words = BAD_ARCHIVES[case]
    assert refusal(read, build())[: len(words)] == words


def test_broken_sheet_is_refused_in_russian():
    for row in ('<row r="x"/>', '<row r="1"><c r="??"><v>1</v></c></row>'):
        assert refusal(read, sheet_with(f"<sheetData>{row}</sheetData>")) == DAMAGED
    assert refusal(read_csv, b"a;b\n" + b"x" * 200_000) == DAMAGED


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
def test_csv_import_guesses_encoding_and_separator(separator, encoding):
    text = f'Имя{separator}"Класс, буква; профиль"\r\nЁлкина{separator}"7 «А»\nхим-био"\r\n'
    table = read_csv(text.encode(encoding))
    assert (table.headers, table.rows) == (["Имя", "Класс, буква; профиль"], [["Ёлкина", "7 «А»\nхим-био"]])


def test_read_table_takes_excel_and_csv():
    tables = [
        read_table(SimpleUploadedFile("список.xlsx", saved(["А"], ["1"]))),
        read_table(SimpleUploadedFile("список.csv", b"\xd0\x90\n1\n")),
    ]
    assert [(table.headers, list(table)) for table in tables] == [(["А"], [("1",)])] * 2


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("список.xls", b"\xd0\xcf\x11\xe0", "Файлы .xls здесь не принимаются. Откройте таблицу в Excel и сохраните"),
        ("список.xlsx", docx(), "По содержимому это не Excel (.xlsx)"),
        ("список.xlsx", b"", "Файл пустой"),
        ("список.csv", b"\xff\xfea\0", "Это не текст"),
        ("список.xlsx", saved([None]), "В таблице нет ни одной строки с данными"),
    ],
)
def test_read_table_refuses_in_russian(name, content, words):
    with pytest.raises(ValidationError) as caught:
        read_table(SimpleUploadedFile(name, content))
    said = caught.value.messages[0]
    assert said[: len(words)] == words
    assert said.endswith("Подойдёт файл Excel (.xlsx) или CSV, до 10 МБ.")


def test_read_table_has_a_limit_of_size():
    file = SimpleUploadedFile("список.csv", b"a\n" + b"1\n" * 1000)
    assert len(read_table(file)) == 1000
    with pytest.raises(ValidationError, match="Файл больше"):
        read_table(file, max_bytes=1000)
