"""Tables of people as a school keeps them: forty teachers with five planted faults, and the same list mended."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl

HEADERS = (
    "ФИО",
    "Должность",
    "Предмет",
    "Кафедра",
    "Ставка",
    "Стаж с",
    "Категория",
    "Год рождения",
    "Тел.",
    "E-mail",
)
SURNAMES = (
    *("Абрикосова", "Берёзкина", "Васильковская", "Грибова", "Донская", "Ежевикина", "Жаворонкова", "Зимина"),
    *("Ивушкина", "Калинина", "Ландышева", "Малинина", "Незабудкина", "Орешникова", "Пшеницына", "Ромашкина"),
    *("Смородинская", "Тополева", "Уварова", "Фиалкина", "Хмелевская", "Цветкова", "Черешнева", "Шиповникова"),
    *("Щавелева", "Юркина", "Яблокова", "Боярышникова", "Гвоздикина", "Дубравина", "Ковылина", "Лопухова"),
    *("Мятная", "Рощина", "Снегирёва", "Травина", "Укропова", "Чернобровцева", "Шалфеева", "Яснева"),
)
GIVEN = ("Анна Петровна", "Елена Ивановна", "Мария Сергеевна", "Ольга Дмитриевна", "Татьяна Николаевна")
POSTS = (("учитель математики", "алгебра"), ("учитель физики", "физика"), ("учитель музыки", "музыка"))
QUALIFICATIONS = ("первая", "высшая", "соответствие", "")
# Line of the file → (column, what stands there, beginning of the refusal).
FAULTS = {
    5: ("ФИО", "Гpибова Ольга Дмитриевна", "Латинская буква «p» в слове «Гpибова»"),
    12: ("Стаж с", "31.09.2015", "Не дата: «31.09.2015»"),
    20: ("ФИО", "", "Обязательное поле"),
    27: ("Категория", "золотая", "Нет такого значения: «золотая»"),
    33: ("ФИО", "Абрикосова Анна Петровна", "Повторяет строку 2"),
}


def teachers(count: int = 40) -> list[list[Any]]:
    """Rows without a fault."""
    return [
        [
            f"{SURNAMES[number % len(SURNAMES)]} {GIVEN[(number + number // len(SURNAMES)) % len(GIVEN)]}",
            *POSTS[number % len(POSTS)],
            f"МО № {number % 4 + 1}",
            1 if number % 5 else 0.5,
            f"{number % 27 + 1:02}.09.{1995 + number % 25}",
            QUALIFICATIONS[number % len(QUALIFICATIONS)],
            1960 + number,
            f"+7 900 000-{number // 100:02}-{number % 100:02}",
            f"teacher{number}@example.org",
        ]
        for number in range(count)
    ]


def with_faults() -> list[list[Any]]:
    """The same forty with the five faults of `FAULTS`."""
    rows = teachers()
    for line, (column, value, _) in FAULTS.items():
        rows[line - 2][HEADERS.index(column)] = value
    rows[33 - 2][HEADERS.index("Год рождения")] = rows[0][HEADERS.index("Год рождения")]
    return rows


def xlsx(rows: Iterable[Sequence[Any]], headers: Sequence[str] = HEADERS) -> bytes:
    """An Excel file as Excel itself would save it."""
    out = io.BytesIO()
    book = openpyxl.Workbook()
    for row in (headers, *rows):
        book.active.append(list(row))
    book.save(out)
    return out.getvalue()


def write_files(folder: Path) -> tuple[Path, Path]:
    """Both files for a journey through a browser: the one with the faults and the mended one."""
    faulty, mended = folder / "Педагоги.xlsx", folder / "Педагоги, исправлено.xlsx"
    faulty.write_bytes(xlsx(with_faults()))
    mended.write_bytes(xlsx(teachers()))
    return faulty, mended
