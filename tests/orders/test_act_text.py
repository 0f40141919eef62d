"""The text of an act as sections and numbered lines."""

from __future__ import annotations

import pytest

from orders.models.act_text import lines_of, renumbered, sections_of, with_section

TEXT = "Вводная строка\n1. Общее\n1.1. Цель.\n1.2. Задачи.\n2. Участники\n2.1. Куратор."


def test_sections_begin_with_headings() -> None:
    found = [(section.title, section.lines) for section in sections_of(TEXT)]
    assert found == [
        ("Начало документа", ["Вводная строка"]),
        ("1. Общее", ["1.1. Цель.", "1.2. Задачи."]),
        ("2. Участники", ["2.1. Куратор."]),
    ]
    assert sections_of(" \n ") == []


def test_sections_hold_every_line_once() -> None:
    assert [line for section in sections_of(TEXT) for line in section.all_lines] == lines_of(TEXT)


@pytest.mark.parametrize(
    ("place", "lines", "text"),
    [
        (0, ["Иначе"], TEXT.replace("Вводная строка", "Иначе")),
        (1, ["1. Общее", "1.1. Одно."], TEXT.replace("1.1. Цель.\n1.2. Задачи.", "1.1. Одно.")),
        (2, [], TEXT.partition("\n2. ")[0]),
    ],
)
def test_section_gives_way_to_other_lines(place: int, lines: list[str], text: str) -> None:
    assert with_section(TEXT, place, lines) == text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (TEXT, TEXT),
        ("3. Общее\n3.4. А.\n7.1. Б.\n3.2.9. В.", "1. Общее\n1.1. А.\n1.2. Б.\n1.2.1. В."),
        ("3. Общее\n9. Другое\n1.1. Г.", "1. Общее\n2. Другое\n2.1. Г."),
        ("IV. Общее\n4.4. А.\nбез номера", "IV. Общее\n1.1. А.\nбез номера"),
        ("1. Сделать.\n3. Проверить.", "1. Сделать.\n3. Проверить."),
        ("1.5. До разделов.\n2. Общее", "1.5. До разделов.\n1. Общее"),
    ],
)  # fmt: skip
def test_numbers_are_put_in_order(before: str, after: str) -> None:
    assert renumbered(before) == after
