"""Forty teachers with five planted faults: refused by row and column, mended, written, the same file writes nothing."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from core.models import JournalEntry
from mentorship.models import BatchState, ImportBatch, Participant, Post
from tests.mentorship.tables import FAULTS, HEADERS, teachers, with_faults, xlsx

NEW = "/cabinet/imports/new/"
MAPPING = {
    "ФИО": "full_name",
    "Должность": "post_title",
    "Предмет": "subjects",
    "Кафедра": "department",
    "Ставка": "load",
    "Стаж с": "works_since",
    "Категория": "qualification",
    "Год рождения": "birth_year",
    "Тел.": "phone",
    "E-mail": "email",
}


def upload(client, rows, headers=HEADERS, name="Педагоги.xlsx") -> ImportBatch:
    """Send a file, agree with what the portal makes of its columns."""
    response = client.post(NEW, {"file": SimpleUploadedFile(name, xlsx(rows, headers))})
    assert response.status_code == 302, response.context["form"].errors
    batch = ImportBatch.objects.latest("pk")
    assert response["Location"] == reverse("import_columns", args=[batch.pk])
    data = {f"column_{number}": batch.mapping[header["title"]] for number, header in enumerate(batch.headers)}
    assert client.post(response["Location"], data).status_code == 302
    batch.refresh_from_db()
    return batch


def apply(client, batch: ImportBatch) -> ImportBatch:
    client.post(reverse("import_apply", args=[batch.pk]))
    batch.refresh_from_db()
    return batch


def test_five_faults_are_told_by_row_and_column(people, client_of) -> None:
    client = client_of(people.curator)
    batch = upload(client, with_faults())
    assert batch.mapping == MAPPING
    assert (batch.state, batch.total, batch.added) == (BatchState.CHECKED, 40, 35)
    assert {
        error["row"]: (error["column"], error["text"][: len(FAULTS[error["row"]][2])]) for error in batch.errors
    } == {line: ("" if line == 33 else column, words) for line, (column, _, words) in FAULTS.items()}
    html = client.get(reverse("import_preview", args=[batch.pk])).content.decode()
    assert "Ошибки в 5 строках. Исправьте их в своём файле и загрузите его заново." in html
    assert "Правильно, скорее всего: «Грибова»." in html


def test_nothing_is_written_while_there_are_faults(people, client_of, journal_count) -> None:
    client = client_of(people.curator)
    batch = apply(client, upload(client, with_faults()))
    assert (batch.state, Participant.objects.count(), Post.objects.count()) == (BatchState.CHECKED, 0, 0)
    assert set(JournalEntry.objects.values_list("event", flat=True)) == {
        "mentorship.participant.import.upload",
        "mentorship.participant.import.columns",
        "mentorship.participant.import",
    }


def test_bad_rows_come_back_with_what_is_wrong(people, client_of) -> None:
    client = client_of(people.curator)
    batch = upload(client, with_faults())
    response = client.get(reverse("import_errors", args=[batch.pk]))
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active.values)
    assert rows[0] == ("Ошибка", "Строка файла", *HEADERS)
    assert [row[1] for row in rows[1:]] == sorted(FAULTS)
    assert rows[2][0] == "Стаж с: Не дата: «31.09.2015». Пишите так: 01.09.2026."
    assert rows[2][2:] == tuple(value if value != "" else None for value in with_faults()[10])


def test_mended_file_opens_forty_cards(people, school, client_of) -> None:
    client = client_of(people.curator)
    upload(client, with_faults())
    batch = apply(client, upload(client, teachers()))
    assert (batch.state, batch.added, batch.changed, batch.unchanged) == (BatchState.DONE, 40, 0, 0)
    assert batch.finished_at is not None
    assert Participant.objects.filter(organisation=school).count() == 40
    person = Participant.objects.get(surname="Абрикосова")
    assert (person.full_name, person.gender, person.category) == ("Абрикосова Анна Петровна", "f", "teacher")
    assert (person.qualification, person.birth_year, person.email) == ("first", 1960, "teacher0@example.org")
    assert person.forms["dative"] == "Абрикосовой Анне Петровне"
    post = person.posts.get()
    assert (post.title, post.subjects, post.department, post.load) == ("учитель математики", "алгебра", "МО № 1", 0.5)
    entry = JournalEntry.objects.about(person).get()
    assert (entry.event, entry.actor, entry.scope) == ("mentorship.participant.add", people.curator, school.pk)
    assert entry.text == "Заведена карточка из таблицы: Абрикосова Анна Петровна."
    assert {"field": "Категория", "old": "—", "new": "первая"} in entry.changes
    html = client.get(reverse("import_detail", args=[batch.pk])).content.decode()
    assert "новых карточек" in html


def test_same_file_twice_adds_nothing(people, client_of) -> None:
    client = client_of(people.curator)
    apply(client, upload(client, teachers()))
    entries = JournalEntry.objects.count()
    again = upload(client, teachers())
    assert (again.added, again.changed, again.unchanged, again.errors, again.doubles) == (0, 0, 40, [], [])
    html = client.get(reverse("import_preview", args=[again.pk])).content.decode()
    assert "В таблице нет ничего нового: всё это в портале уже есть." in html
    assert apply(client, again).state == BatchState.CHECKED
    assert (Participant.objects.count(), Post.objects.count()) == (40, 40)
    about_batch = JournalEntry.objects.about(again).count()
    assert JournalEntry.objects.count() == entries + about_batch


def test_second_file_changes_only_what_differs(people, client_of) -> None:
    client = client_of(people.curator)
    apply(client, upload(client, teachers()))
    rows = teachers()
    rows[0][HEADERS.index("Тел.")] = "+7 900 111-11-11"
    rows[1][HEADERS.index("Тел.")] = ""
    rows[2][HEADERS.index("Предмет")] = "сольфеджио"
    batch = apply(client, upload(client, rows))
    assert (batch.added, batch.changed, batch.unchanged) == (0, 2, 38)
    first, second, third = Participant.objects.filter(
        surname__in=["Абрикосова", "Берёзкина", "Васильковская"]
    ).by_name()
    assert (first.phone, second.phone) == ("+7 900 111-11-11", "+7 900 000-00-01")
    assert third.posts.get().subjects == "сольфеджио"
    entry = JournalEntry.objects.about(first).filter(event="mentorship.participant.change").get()
    assert entry.changes == [{"field": "Телефон", "old": "указано", "new": "изменено"}]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1251"])
@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_csv_in_any_dress_is_understood(people, client_of, encoding, separator) -> None:
    lines = [HEADERS, *teachers(3)]
    text = "\r\n".join(separator.join(f'"{cell}"' for cell in line) for line in lines)
    client = client_of(people.curator)
    client.post(NEW, {"file": SimpleUploadedFile("Педагоги.csv", text.encode(encoding))})
    batch = ImportBatch.objects.get()
    assert (batch.mapping, batch.total) == (MAPPING, 3)
