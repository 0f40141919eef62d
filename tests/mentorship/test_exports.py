"""Lists as files: what is on the screen, written into the history, harmless to whoever opens it."""

from __future__ import annotations

import csv
import datetime as dt
import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Partner
from accounts.services import exports as service
from core.models import JournalEntry
from mentorship.models import BankCard, Pair, Participant
from orders.models import Order
from roadmap.models import Item, Roadmap, Stage
from tests.mentorship.builders import card, day, form_pair
from tests.mentorship.test_import_story import apply, upload

PERSONAL = ("participant", "pair", "bank", "consent", "interview", "duty")
OTHERS = ("order", "journal", "user", "partner")
RISKY = ["=1+2", "+1", "-1", "@A1", "\t=1", "\r=1", '=HYPERLINK("a")']
BEGINNINGS = ("=", "+", "-", "@", "\t", "\r")


def cells(response) -> list[list]:
    """All cells of an Excel answer as (value, type)."""
    sheet = openpyxl.load_workbook(io.BytesIO(b"".join(response.streaming_content))).active
    return [[(cell.value, cell.data_type) for cell in row] for row in sheet.iter_rows()]


def table(client, name: str, **filters: str) -> list[tuple]:
    response = client.get(reverse(f"{name}_export", args=["xlsx"]), filters)
    assert response.status_code == 200
    return [tuple(value for value, _ in row) for row in cells(response)]


def csv_rows(client, name: str) -> list[list[str]]:
    content = b"".join(client.get(reverse(f"{name}_export", args=["csv"])).streaming_content)
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline=""), delimiter=";"))


# --- Who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", PERSONAL)
def test_personal_lists_are_taken_out_by_few(people, reference, client_of, name) -> None:
    url = reverse(f"{name}_export", args=["xlsx"])
    users = (people.curator, people.director, people.inspector, people.psychologist, people.teacher)
    assert [client_of(user).get(url).status_code for user in users] == [200, 200, 403, 403, 403]


@pytest.mark.parametrize("name", [*PERSONAL, *OTHERS])
def test_other_formats_are_not_found(people, reference, client_of, name) -> None:
    client = client_of(people.curator)
    assert [client.get(reverse(f"{name}_export", args=[format])).status_code for format in ("csv", "pdf")] == [200, 404]


@pytest.mark.parametrize(("name", "role"), [("order", "teacher"), ("journal", "teacher"), ("user", "director")])
def test_other_lists_are_taken_out_by_their_readers(people, client_of, name, role) -> None:
    assert client_of(getattr(people, role)).get(reverse(f"{name}_export", args=["csv"])).status_code == 403


def test_links_stand_on_the_list_for_whoever_may(people, school, client_of) -> None:
    card(school, "Теслина Светлана Николаевна")
    links = {
        name: "/cabinet/participants/export.xlsx?q=%D0%A2%D0%B5%D1%81"
        in client_of(getattr(people, name)).get("/cabinet/participants/", {"q": "Тес", "page": "1"}).content.decode()
        for name in ("curator", "inspector")
    }
    assert links == {"curator": True, "inspector": False}


# --- What is in it ----------------------------------------------------------------------------------------------------
def test_file_holds_what_the_filter_leaves(people, school, other_school, client_of) -> None:
    card(school, "Ёлкина Анна Петровна", young_flag=True, phone="+7 900 000-00-00", birth_year=1990)
    card(school, "Яшина Вера Егоровна")
    card(school, "Жуков Ян Ильич", left_on=day(-1), young_flag=True)
    card(other_school, "Чужестранова Анна Петровна", young_flag=True)
    rows = table(client_of(people.director), "participant", young="on")
    assert len(rows) == 2
    assert dict(zip(*rows, strict=True)) == {
        **dict.fromkeys(rows[0]),
        "Фамилия": "Ёлкина",
        "Имя": "Анна",
        "Отчество": "Петровна",
        "Пол": "женский",
        "Кто это": "Педагог",
        "Должность": "учитель физики",
        "Молодой специалист": "да",
        "Год рождения": 1990,
        "Телефон": "+7 900 000-00-00",
    }


def test_export_is_written_into_the_history(people, school, client_of) -> None:
    card(school, "Теслина Светлана Николаевна", young_flag=True)
    table(client_of(people.director), "participant", young="on", category="teacher", q="тес", pair="неверное")
    entry = JournalEntry.objects.get()
    assert (entry.event, entry.actor, entry.scope) == ("mentorship.participant.export", people.director, school.pk)
    assert entry.text == (
        "Выгружен список «Участники» (XLSX), 1 строка. "
        "Отбор: Фамилия, имя или отчество: тес; Кто: Педагог; Молодые специалисты."
    )


def test_refused_export_leaves_no_trace(people, client_of, journal_count) -> None:
    client_of(people.inspector).get(reverse("participant_export", args=["xlsx"]))
    assert journal_count() == 0


def test_file_of_people_comes_back_unchanged(people, school, client_of) -> None:
    partner = Partner.objects.create(organisation=school, title="Технопарк")
    card(school, "Теслина Светлана Николаевна", works_since=dt.date(2010, 9, 1), qualification="first", birth_year=1980)
    card(school, "Мамедов Рашид Гусейн", category="external", partner=partner, gender="m")
    card(school, "Ким Анна Львовна", "", category="pupil", class_name="7 «А»", email="a@example.org")
    client = client_of(people.curator)
    header, *rows = table(client, "participant")
    batch = upload(client, rows, header)
    assert (batch.errors, batch.doubles, batch.added, batch.changed, batch.unchanged) == ([], [], 0, 0, 3)
    assert apply(client, batch).state == "checked"


def test_pairs_are_told_in_words(people, mentor, mentee, client_of) -> None:
    form_pair(mentor, [mentee], people.curator)
    header, row = table(client_of(people.curator), "pair")
    told = dict(zip(header, row, strict=True))
    assert (told["Наставник"], told["Наставляемые"]) == ("Верескова Алла Петровна", "Ольхин Борис Викторович")
    assert (told["Состояние"], told["Приказ"]) == (Pair.objects.get().get_state_display(), None)


def test_roadmap_is_taken_out_item_by_item(people, school, client_of) -> None:
    roadmap = Roadmap.objects.create(organisation=school, title="Карта", starts_on=day(-10), ends_on=day(100))
    stage = Stage.objects.create(roadmap=roadmap, title="Начало", position=1)
    Item.objects.create(stage=stage, position=1, text="=1+2", due_on=day(5), responsible="Куратор")
    url = reverse("roadmap_export", args=[roadmap.pk, "xlsx"])
    row = [value for value, _ in cells(client_of(people.curator).get(url))[1]]
    assert row[:3] == ["Начало", "1.1", "=1+2"]
    statuses = [client_of(user).get(url).status_code for user in (people.teacher, people.stranger)]
    assert statuses == [403, 404]


def test_list_that_is_too_long_is_explained(people, school, client_of, monkeypatch) -> None:
    monkeypatch.setattr(service, "MOST_ROWS", 1)
    for name in ("Теслина Светлана Николаевна", "Яшина Вера Егоровна"):
        card(school, name)
    response = client_of(people.curator).get(reverse("participant_export", args=["xlsx"]), {"category": "teacher"})
    assert response["Location"] == "/cabinet/participants/?category=teacher"
    assert JournalEntry.objects.count() == 0


def test_number_of_queries_does_not_depend_on_the_rows(people, school, client_of) -> None:
    client = client_of(people.curator)
    counts = []
    for names in (["Теслина Светлана Николаевна"], ["Яшина Вера Егоровна", "Ким Анна Львовна"]):
        for name in names:
            card(school, name)
        with CaptureQueriesContext(connection) as captured:
            table(client, "participant")
        counts.append(sum("SAVEPOINT" not in query["sql"] for query in captured.captured_queries))
    assert counts == [10, 10]


# --- Harmless ---------------------------------------------------------------------------------------------------------
def poison(school, people, value: str) -> None:
    """The same text in every field of every list that may hold text."""
    person = card(school, "Теслина Светлана Николаевна", value)
    texts = dict.fromkeys(("surname", "given_name", "patronymic", "class_name", "phone", "email", "left_reason"), value)
    Participant.objects.filter(pk=person.pk).update(**texts)
    person.posts.update(subjects=value, department=value, workplace=value)
    Pair.objects.update(goal=value)
    BankCard.objects.create(participant=person, role="mentor", wishes=value, outcome=value)
    Partner.objects.create(organisation=school, title=value, contact_name=value, phone=value, address=value)
    people.teacher.__class__.objects.filter(pk=people.teacher.pk).update(full_name=value)
    Order.objects.update(title=value)
    JournalEntry.objects.create(
        actor=people.curator,
        actor_name=value,
        event="test",
        text=value,
        changes=[{"field": value, "old": value, "new": value}],
        subject_type_id=1,
        subject_id=1,
        subject_text=value,
        scope=school.pk,
    )


@pytest.mark.parametrize("value", RISKY)
def test_no_text_becomes_a_formula(people, school, mentor, mentee, client_of, value) -> None:
    form_pair(mentor, [mentee], people.curator)
    poison(school, people, value)
    client = client_of(people.curator)
    for name in (*PERSONAL, *OTHERS):
        content = cells(client.get(reverse(f"{name}_export", args=["xlsx"])))
        assert [one for row in content for one in row if one[1] == "f"] == []
        assert [one for row in csv_rows(client, name) for one in row if one.startswith(BEGINNINGS)] == []
    said = {value for row in csv_rows(client, "participant") for value in row}
    assert f"'{value}" in said or f"'{value.strip()}" in said


@pytest.mark.parametrize("value", RISKY)
def test_without_the_guard_they_would(people, school, client_of, value, monkeypatch) -> None:
    monkeypatch.setattr("core.sheets.formats.guarded", lambda text: text)
    poison(school, people, value)
    assert [
        one for row in csv_rows(client_of(people.curator), "participant") for one in row if one.startswith(BEGINNINGS)
    ]
