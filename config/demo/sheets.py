"""Tables of people in the demo: one loaded and done with, one that waits for an answer and a mended row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.core.files.base import ContentFile
from tablib import Dataset

from config.demo.story import Story
from core.sheets import SheetXLSX
from core.sheets.fields import UploadedTable
from core.uploads.child import read_in_child
from core.uploads.kinds import XLSX
from mentorship.models import ImportBatch, Participant
from mentorship.services.imports import name_columns
from mentorship.sheets import batches

HEADERS = ("ФИО", "Должность", "Предмет", "Стаж с", "Категория", "Тел.")
SEPTEMBER = (
    ("Бондаренко Людмила Фёдоровна", "учитель начальных классов", "начальные классы", "", "высшая", "+7 900 000-11-01"),
    ("Ткач Лев Борисович", "учитель информатики", "информатика", "", "высшая", "+7 900 000-11-02"),
    ("Гнедых Тамара Львовна", "учитель математики", "алгебра, геометрия", "", "высшая", "+7 900 000-11-03"),
    ("Репина Инна Геннадьевна", "педагог-библиотекарь", "", "01.09.2011", "соответствие", "+7 900 000-11-04"),
    ("Юшков Степан Ильич", "учитель технологии", "технология", "15.08.2018", "первая", "+7 900 000-11-05"),
)
NOVEMBER = (
    ("Ефремова-Лунина Дарья Андреевна", "учитель русского языка и литературы", "русский язык", "", "", ""),
    ("Мокшина Евгения Павловна", "социальный педагог", "", "01.09.2020", "", "+7 900 000-11-07"),
    ("Дорофеев Кирилл Андреевич", "учитель музыки", "музыка", "31.09.2021", "", "+7 900 000-11-08"),
)


def tell(story: Story) -> None:
    """The curator loads the list of September, and stops half-way through that of November."""
    with story.calendar.at(-76):
        batch = load(story, "Педагоги на 1 сентября.xlsx", SEPTEMBER)
        batches.apply(batch=batch, actor=story.curator)
        for name in ("Репина", "Юшков"):
            story.cards[name] = Participant.objects.get(organisation=story.organisation, surname=name)
    with story.calendar.at(-1):
        load(story, "Пришли в ноябре.xlsx", NOVEMBER)


def load(story: Story, name: str, rows: Sequence[Sequence[Any]]) -> ImportBatch:
    """Send a table and check it, its columns being what they seem."""
    content = SheetXLSX().export_data(Dataset(*rows, headers=HEADERS))
    uploaded = UploadedTable(ContentFile(content, name=name), read_in_child(content, XLSX))
    batch = batches.take_in(organisation=story.organisation, actor=story.curator, uploaded=uploaded)
    name_columns(batch=batch, actor=story.curator, mapping=batch.mapping)
    batches.check(batch=batch, actor=story.curator)
    return batch
