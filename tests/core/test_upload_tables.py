"""Tables are read in a child process with limits: every bad one is refused in Russian, nothing escapes the limits."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
import sys

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from core.sheets import read_table
from core.sheets.fields import TableField
from core.uploads import child, tables
from core.uploads.cells import FORMULA, Flaw
from core.uploads.child import read_in_child, received
from core.uploads.kinds import CSV, MB, XLSX, UploadError
from tests.core.test_uploads import Named
from tests.data.uploads.archives import xlsx
from tests.data.uploads.tables import BAD_TABLES, TOO_HARD, book, merged, sheet

RUSSIAN = re.compile(r"[А-Яа-яЁё]")
# What a child costs the machine at most: the interpreter with its libraries and what the limit allows above them.
MOST_MEMORY = 60 * MB + child.MEMORY


class TableForm(forms.Form):
    file = TableField(label="Файл")


def words_of(name: str, content: bytes) -> str:
    with pytest.raises(ValidationError) as caught:
        read_table(Named(content, name))
    return caught.value.messages[0]


# --- The corpus -------------------------------------------------------------------------------------------------------
def test_corpus_is_large_enough() -> None:
    assert len(BAD_TABLES) >= 40


@pytest.mark.parametrize("case", BAD_TABLES)
def test_bad_table_is_refused_in_its_own_words(case) -> None:
    name, build, words = BAD_TABLES[case]
    said = words_of(name, build())
    assert said[: len(words)] == words
    assert said.endswith("Подойдёт файл Excel (.xlsx) или CSV, до 10 МБ.")


HUNGRY = ("giant_string_repeated", "million_rows_csv", "million_rows_xlsx", "crowd_of_elements", "crowd_of_styles")


@pytest.mark.parametrize("case", HUNGRY)
def test_child_keeps_within_its_memory(case) -> None:
    """The most it has ever held, as it says itself after its answer."""
    name, build, _ = BAD_TABLES[case]
    peak = "open('/proc/self/status').read().split('VmHWM:')[1].split()[0]"
    program = f"import sys; from core.uploads import child; child.main(); print({peak}, file=sys.stderr)"
    command = [sys.executable, "-c", program, name.rpartition(".")[2]]
    done = subprocess.run(command, cwd=child.ROOT, input=build(), capture_output=True, check=True)
    assert int(done.stderr) * 1024 < MOST_MEMORY


# --- The limits -------------------------------------------------------------------------------------------------------
def limited(code: str) -> subprocess.CompletedProcess:
    """Run a line of Python where the reader of tables would run, within its limits."""
    program = f"from core.uploads import child; child.limit_myself(); {code}"
    return subprocess.run([sys.executable, "-c", program], cwd=child.ROOT, capture_output=True, check=False, timeout=60)


def test_limits_of_the_child_are_set() -> None:
    shown = limited(
        "import resource as r; print(*(r.getrlimit(getattr(r, 'RLIMIT_' + n))[1] for n in ['CPU', 'FSIZE', 'CORE']))"
    )
    assert shown.stdout.decode().split() == [str(child.CPU_SECONDS), "0", "0"]


def test_child_cannot_take_more_memory() -> None:
    assert b"MemoryError" in limited(f"bytearray({child.MEMORY + 10 * MB})").stderr
    assert limited("bytearray(50_000_000)").returncode == 0


def test_child_cannot_write_a_file(tmp_path) -> None:
    place = tmp_path / "x"
    done = limited(f"open({str(place)!r}, 'w').write('a' * 100_000)")
    assert (done.returncode != 0, place.read_bytes() if place.exists() else b"") == (True, b"")


def test_child_knows_nothing_of_the_portal(monkeypatch) -> None:
    """Neither Django's settings nor the address of the database is handed down."""
    seen = {}

    def run(command, **options):
        seen.update(options["env"])
        return subprocess.CompletedProcess(command, 0, b'{"refusal": "x"}\n', b"")

    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setattr(child.subprocess, "run", run)
    with pytest.raises(UploadError):
        read_in_child(b"", CSV)
    assert set(seen) <= {"PATH", "LD_LIBRARY_PATH", "LANG"}


def test_reader_of_tables_does_not_set_django_up() -> None:
    program = "import sys, core.uploads.child; print('django.apps.config' in sys.modules, 'psycopg2' in sys.modules)"
    shown = subprocess.run([sys.executable, "-c", program], cwd=child.ROOT, capture_output=True, check=True)
    assert shown.stdout.split()[1] == b"False"


@pytest.mark.parametrize("returncode", [-24, -9, -11, 1])
def test_death_of_the_child_is_a_refusal(monkeypatch, returncode) -> None:
    done = subprocess.CompletedProcess([], returncode, b"", b"")
    monkeypatch.setattr(child.subprocess, "run", lambda *args, **options: done)
    with pytest.raises(UploadError, match=TOO_HARD):
        read_in_child(xlsx(), XLSX)


def test_child_that_takes_too_long_is_ended(monkeypatch) -> None:
    monkeypatch.setattr(child, "WALL_SECONDS", 0.001)
    with pytest.raises(UploadError, match=TOO_HARD):
        read_in_child(xlsx(), XLSX)


@pytest.mark.parametrize(
    "output",
    [
        b"",
        b"\n",
        b"nonsense\n",
        b"[]\n",
        b'{"headers": ["a"], "lines": [2]}\n',
        b'{"headers": ["a"], "lines": [2]}\n[1, 2]\n',
        b'{"headers": ["a"], "lines": [2]}\n{"x": "1"}\n',
        b'{"headers": ["a"], "lines": [2]}\n[{"d": "nonsense"}]\n',
        b'{"headers": ["a"], "lines": ["x"]}\n[1]\n',
        b'{"headers": 5, "lines": []}\n',
    ],
)
def test_answer_of_a_child_is_not_believed(output) -> None:
    with pytest.raises(UploadError, match=TOO_HARD):
        received(output)


def test_values_come_through_as_they_are() -> None:
    values = ["Ёж\n«7»", 5, 2.5, True, dt.date(2026, 9, 1), dt.datetime(2026, 9, 1, 14, 30)]  # noqa: DTZ001 - as in Excel
    table = read_in_child(book(list("абвгде"), values), XLSX)
    assert (table.headers, table.rows, table.lines) == (list("абвгде"), [values], [2])


# --- What a guard is for ----------------------------------------------------------------------------------------------
def nothing(*_: object) -> None:
    """A guard that has been taken away."""


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("check_merged", merged("A2:A3")),
        ("check_headed", book(["А", None], ["1", "2"])),
        ("check_unique", book(["А", "а"], ["1", "2"])),
    ],
)
def test_bad_table_passes_when_its_guard_is_removed(monkeypatch, name, content) -> None:
    with pytest.raises(UploadError):
        tables.read_content(content, XLSX)
    monkeypatch.setattr(tables, name, nothing)
    assert len(tables.read_content(content, XLSX).rows) >= 1


def test_merged_cells_below_the_table_do_no_harm() -> None:
    content = book(["А"], ["1"], change=lambda made: made.active.merge_cells("A9:C9"))
    assert tables.read_content(content, XLSX).rows == [["1"]]


# --- Flaws ------------------------------------------------------------------------------------------------------------
def test_formula_without_a_value_is_a_flaw_of_its_cell() -> None:
    table = read_in_child(book(["Фамилия", "Стаж"], ["Белова", "=1+2"], ["Серова", 5]), XLSX)
    assert table.rows == [["Белова", Flaw(FORMULA)], ["Серова", 5]]


def test_error_of_excel_is_a_flaw_of_its_cell() -> None:
    cells = (
        '<row r="1"><c t="inlineStr"><is><t>А</t></is></c></row><row r="2"><c t="e"><f>1/0</f><v>#DIV/0!</v></c></row>'
    )
    table = read_in_child(sheet(f"<sheetData>{cells}</sheetData>"), XLSX)
    assert table.rows == [[Flaw("В ячейке ошибка Excel: #DIV/0!. Исправьте её.")]]


# --- The field --------------------------------------------------------------------------------------------------------
def test_field_gives_the_table_and_the_rewound_file() -> None:
    form = TableForm(files={"file": Named(book(["А"], ["1"]), "../Список\u200b.xlsx")})
    assert form.is_valid(), form.errors
    uploaded = form.cleaned_data["file"]
    assert (uploaded.table.rows, uploaded.file.name, uploaded.file.tell()) == ([["1"]], "Список.xlsx", 0)
    assert form.fields["file"].widget.attrs["accept"].startswith(".xlsx,.csv")


@pytest.mark.parametrize("case", ["giant_string_repeated", "merged_header", "old_excel_by_name", "empty_xlsx"])
def test_field_shows_the_refusal(case) -> None:
    name, build, words = BAD_TABLES[case]
    form = TableForm(files={"file": SimpleUploadedFile(name, build())})
    assert [error[: len(words)] for error in form.errors["file"]] == [words]


def test_field_wants_rows_below_the_headers() -> None:
    form = TableForm(files={"file": SimpleUploadedFile("a.csv", "Фамилия;Имя\n".encode())})
    assert form.errors["file"] == [tables.EMPTY]
    assert TableForm(files={}).errors["file"] == ["Обязательное поле."]


def test_every_refusal_is_russian() -> None:
    assert [case for case, (_, _, words) in BAD_TABLES.items() if not RUSSIAN.search(words)] == []
    assert json.loads(child.written({"refusal": child.TOO_HARD}))["refusal"] == child.TOO_HARD
