"""Whose row it is: the same person again, somebody like a known one, and the curator's answer."""

from __future__ import annotations

import pytest
from django.urls import reverse

from core.models import JournalEntry
from mentorship.models import BatchState, Category, NotSame, Participant, PastName
from tests.mentorship.builders import card, day
from tests.mentorship.test_import_story import apply, upload

HEADERS = ("Фамилия", "Имя", "Отчество", "Год рождения", "Кто это", "Должность")


def row(full_name: str, year: object = "", who: str = "", post: str = "учитель химии") -> list:
    return [*full_name.split(), year, who, post]


def asked(batch) -> dict[int, list[tuple[str, str]]]:
    return {double["row"]: [(one["name"], one["reason"]) for one in double["cards"]] for double in batch.doubles}


def answer(client, batch, **answers: object):
    response = client.post(reverse("import_preview", args=[batch.pk]), answers)
    assert response.status_code == 302
    batch.refresh_from_db()
    return batch


@pytest.mark.parametrize("written", ["Шмелёва Алёна Петровна", "ШМЕЛЕВА АЛЕНА ПЕТРОВНА", "шмелёва  алена петровна"])
def test_same_name_is_the_same_person(people, school, client_of, written) -> None:
    known = card(school, "Шмелёва Алёна Петровна", "учитель химии", birth_year=1980)
    batch = upload(client_of(people.curator), [row(written, 1980)], HEADERS)
    assert (batch.doubles, batch.errors, batch.added) == ([], [], 0)
    assert Participant.objects.get() == known


def test_blank_year_agrees_with_any(people, school, client_of) -> None:
    card(school, "Шмелёва Алёна Петровна", "учитель химии", birth_year=1980)
    batch = upload(client_of(people.curator), [row("Шмелёва Алёна Петровна")], HEADERS)
    assert (batch.doubles, batch.added, batch.unchanged) == ([], 0, 1)


@pytest.mark.parametrize(
    ("written", "year", "who", "reason"),
    [
        ("Шмелёва Алёна Петровна", 1999, "", "то же имя; год рождения разный"),
        ("Шмелёва Алёна Петровна", "", "ученица", "то же имя; на карточке — педагог"),
        ("Шмелёва-Сомова Алёна Петровна", "", "", "двойная фамилия: Шмелёва и Шмелёва-Сомова"),
        ("Шмелова Алёна Петровна", "", "", "одна опечатка в фамилии"),
    ],
)
def test_like_somebody_known_is_asked_about(people, school, client_of, written, year, who, reason) -> None:
    card(school, "Шмелёва Алёна Петровна", birth_year=1980)
    client = client_of(people.curator)
    batch = upload(client, [row(written, year, who)], HEADERS)
    assert asked(batch) == {2: [("Шмелёва Алёна Петровна", reason)]}
    html = client.get(reverse("import_preview", args=[batch.pk])).content.decode()
    assert "О людях в 1 строке нужно решить" in html
    assert apply(client, batch).state == BatchState.CHECKED
    assert Participant.objects.count() == 1


def test_left_person_is_asked_about(people, school, client_of) -> None:
    card(school, "Шмелёва Алёна Петровна", left_on=day(-5))
    batch = upload(client_of(people.curator), [row("Шмелёва Алёна Петровна")], HEADERS)
    assert asked(batch) == {2: [("Шмелёва Алёна Петровна", "то же имя; выбытие записано")]}


def test_answer_the_same_person_changes_the_card_and_keeps_the_old_name(people, school, client_of) -> None:
    known = card(school, "Шмелёва Алёна Петровна", "учитель химии")
    client = client_of(people.curator)
    batch = upload(client, [row("Шмелёва-Сомова Алёна Петровна", 1980)], HEADERS)
    batch = apply(client, answer(client, batch, row_2=known.pk))
    assert (batch.state, batch.added, batch.changed) == (BatchState.DONE, 0, 1)
    known.refresh_from_db()
    assert (known.full_name, known.birth_year) == ("Шмелёва-Сомова Алёна Петровна", 1980)
    assert (known.forms["genitive"], known.forms_checked) == ("Шмелёвой-Сомовой Алёны Петровны", False)
    assert str(PastName.objects.get(participant=known)) == "Шмелёва Алёна Петровна"
    changes = JournalEntry.objects.about(known).get().changes
    assert {"field": "Фамилия", "old": "Шмелёва", "new": "Шмелёва-Сомова"} in changes


def test_answer_another_person_opens_a_card_and_tells_the_two_apart(people, school, client_of) -> None:
    known = card(school, "Шмелёва Алёна Петровна", birth_year=1980)
    client = client_of(people.curator)
    batch = upload(client, [row("Шмелёва Алёна Петровна", 1999)], HEADERS)
    batch = answer(client, batch, row_2="new")
    assert (batch.added, batch.waiting_doubles) == (1, [])
    apply(client, batch)
    new = Participant.objects.exclude(pk=known.pk).get()
    assert NotSame.objects.filter(first=known, second=new).count() == 1


def test_answered_file_is_not_asked_about_again(people, school, client_of) -> None:
    card(school, "Шмелёва Алёна Петровна", birth_year=1980)
    client = client_of(people.curator)
    rows = [row("Шмелёва Алёна Петровна", 1999)]
    apply(client, answer(client, upload(client, rows, HEADERS), row_2="new"))
    again = upload(client, rows, HEADERS)
    assert (again.doubles, again.added, again.unchanged) == ([], 0, 1)


def test_card_that_was_not_offered_cannot_be_chosen(people, school, other_school, client_of) -> None:
    card(school, "Шмелёва Алёна Петровна", birth_year=1980)
    other = card(school, "Теслина Светлана Николаевна")
    foreign = card(other_school, "Шмелёва Алёна Петровна")
    client = client_of(people.curator)
    batch = upload(client, [row("Шмелёва Алёна Петровна", 1999)], HEADERS)
    for key in (other.pk, foreign.pk, 999_999_999_999, "нет", "-1"):
        client.post(reverse("import_preview", args=[batch.pk]), {"row_2": key})
        batch.refresh_from_db()
        assert [double["choice"] for double in batch.doubles] == [""]


def test_people_of_another_school_are_nobody_here(people, other_school, client_of) -> None:
    card(other_school, "Шмелёва Алёна Петровна")
    batch = upload(client_of(people.curator), [row("Шмелёва Алёна Петровна")], HEADERS)
    assert (batch.doubles, batch.added) == ([], 1)


def test_repeated_row_is_an_error_and_another_year_is_another_person(people, client_of) -> None:
    rows = [row("Шмелёва Алёна Петровна", 1980), row("Шмелева Алена Петровна"), row("Шмелёва Алёна Петровна", 1999)]
    batch = upload(client_of(people.curator), [*rows[:1], *rows[2:], rows[1]], HEADERS)
    assert batch.errors == [{"row": 4, "column": "", "text": "Повторяет строку 2. Оставьте одну из них."}]


def test_two_rows_cannot_be_one_card(people, school, client_of) -> None:
    known = card(school, "Шмелёва Алёна Петровна", "учитель химии")
    client = client_of(people.curator)
    rows = [row("Шмелёва Алёна Петровна"), row("Шмелёва-Сомова Алёна Петровна")]
    batch = answer(client, upload(client, rows, HEADERS), row_3=known.pk)
    assert batch.errors == [{"row": 3, "column": "", "text": "Повторяет строку 2. Оставьте одну из них."}]


def test_full_date_of_birth_is_kept_for_minors_alone(people, client_of) -> None:
    headers = ("ФИО ученика", "Дата рождения", "Класс", "Кто")
    born = day(0).year - 15
    rows = [
        ["Шмелёва Алёна Петровна", f"01.02.{born}", "9 «А»", ""],
        ["Теслина Светлана Николаевна", "1 февраля 1980 г.", "", "педагог"],
    ]
    client = client_of(people.curator)
    apply(client, upload(client, rows, headers))
    pupil, teacher = Participant.objects.by_name()[::-1]
    assert (pupil.category, pupil.class_name, pupil.birth_date.year) == (Category.PUPIL, "9 «А»", born)
    assert (teacher.category, teacher.birth_date, teacher.birth_year) == (Category.TEACHER, None, 1980)
    assert [(one.birth_year, one.came_of_age) for one in (pupil, teacher)] == [(born, False), (1980, True)]


@pytest.mark.parametrize(
    ("cells", "column", "text"),
    [
        (
            ("педагог", ""),
            "Дата рождения",
            "Полная дата нужна только у обучающихся и студентов: укажите один год рождения.",
        ),
        (("обучающийся", "1991"), "Год рождения", "Год не совпадает с датой рождения."),
    ],
)
def test_date_of_birth_that_does_not_fit_is_an_error_of_its_row(people, client_of, cells, column, text) -> None:
    who, year = cells
    headers = ("ФИО", "Дата рождения", "Кто", "Год рождения", "Должность")
    row = ["Шмелёва Алёна Петровна", f"01.02.{day(0).year - 15}", who, year, "учитель химии"]
    batch = upload(client_of(people.curator), [row], headers)
    assert [(one["column"], one["text"]) for one in batch.errors] == [(column, text)]
