"""Courses with their terms and papers, contests and conferences: written, corrected, deleted, remembered."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.attention import Entry, queue_for
from accounts.models import User
from accounts.permissions import Forbidden
from core.models import JournalEntry
from mentorship.forms.histories import AchievementForm, CourseForm
from mentorship.models import Achievement, Course, Participant
from mentorship.services.histories import delete_record, save_achievement, save_course
from tests.data.uploads.plain import PDF
from tests.mentorship.builders import card, day


@pytest.fixture
def person(school, people) -> Participant:
    return card(school, "Теслина Светлана Николаевна")


def course_data(**more: object) -> dict:
    return {"title": "Оценивание", "ended_on": day(-300).isoformat(), "valid_until": day(200).isoformat(), **more}


def achievement_data(**more: object) -> dict:
    return {"kind": "contest", "title": "Учитель года", "level": "regional", "held_on": day(-9).isoformat(), **more}


def course_of(person: Participant, **more: object) -> Course:
    values = {"title": "Оценивание", "ended_on": day(-300), **more}
    return Course.objects.create(participant=person, **values)


def url(name: str, pk: int) -> str:
    return reverse(name, args=[pk])


# --- Courses ----------------------------------------------------------------------------------------------------------
def test_course_is_written_with_its_paper(person, people, client_of) -> None:
    data = course_data(provider="ИРО", hours="72", paper="ПК № 1", new_file=SimpleUploadedFile("у.pdf", PDF))
    response = client_of(people.curator).post(url("course_new", person.pk), data)
    course = person.courses.get()
    assert (response.status_code, response["Location"]) == (302, url("participant_detail", person.pk))
    assert (course.title, course.hours, course.file_name, course.file.read()) == ("Оценивание", 72, "у.pdf", PDF)
    entries = list(JournalEntry.objects.about(person).values_list("event", "text"))
    assert entries == [
        ("mentorship.course.save", "Документ о курсе: Оценивание."),
        ("mentorship.course.save", "Записан курс: Оценивание."),
    ]
    html = client_of(people.curator).get(url("participant_detail", person.pk)).content.decode()
    assert ("Оценивание" in html, f'href="{url("course_file", course.pk)}"' in html) == (True, True)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"title": ""}, "Обязательное поле."),
        ({"title": "д" * 301}, "не более 300 символов"),
        ({"hours": "-1"}, "больше либо равно 0"),
        ({"ended_on": day(1).isoformat()}, "День не может быть в будущем."),
        ({"ended_on": "0001-01-01"}, "Проверьте год."),
        ({"valid_until": day(-301).isoformat()}, "Срок действия курса не может закончиться раньше его окончания."),
        ({"new_file": SimpleUploadedFile("a.exe", b"MZ")}, "не принимаются"),
    ],
)
def test_bad_course_is_explained(person, people, client_of, more: dict, words: str) -> None:
    response = client_of(people.curator).post(url("course_new", person.pk), course_data(**more))
    assert (response.status_code, words in response.content.decode(), Course.objects.count()) == (200, True, 0)


def test_term_of_a_course_is_a_rule_of_the_database(person) -> None:
    with pytest.raises(IntegrityError, match="course_period"), transaction.atomic():
        course_of(person, valid_until=day(-301))
    with pytest.raises(IntegrityError, match="course_period"), transaction.atomic():
        Course.objects.filter(pk=course_of(person).pk).update(valid_until=day(-301))


def test_course_is_corrected_and_its_paper_replaced(
    person, people, client_of, django_capture_on_commit_callbacks
) -> None:
    course, client = course_of(person), client_of(people.curator)
    page = url("course_edit", course.pk)
    client.post(page, course_data(new_file=SimpleUploadedFile("a.pdf", PDF)))
    course.refresh_from_db()
    first = Path(course.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, course_data(new_file=SimpleUploadedFile("b.pdf", PDF)))
    course.refresh_from_db()
    assert (first.exists(), course.file_name, Path(course.file.path).exists()) == (False, "b.pdf", True)
    second = Path(course.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, course_data(drop_file="on"))
    course.refresh_from_db()
    assert (second.exists(), course.file.name, course.file_name) == (False, "", "")
    both = {"drop_file": "on", "new_file": SimpleUploadedFile("c.pdf", PDF)}
    save_course(form=filled(CourseForm, course, course_data()), actor=people.curator, file=ContentFile(PDF, "d.pdf"))
    assert "Выберите одно" in client.post(page, course_data(**both)).content.decode()


def filled(kind: type, row: object, data: dict) -> object:
    form = kind(data, instance=row)
    assert form.is_valid(), form.errors
    return form


def test_course_is_deleted_after_a_question(person, people, client_of, django_capture_on_commit_callbacks) -> None:
    course = course_of(person)
    save_course(form=filled(CourseForm, course, course_data()), actor=people.curator, file=ContentFile(PDF, "d.pdf"))
    path, client = Path(course.file.path), client_of(people.curator)
    assert "вместе с файлом" in client.get(url("course_delete", course.pk)).content.decode()
    assert Course.objects.count() == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(url("course_delete", course.pk))
    assert (Course.objects.count(), path.exists()) == (0, False)
    assert JournalEntry.objects.about(person)[0].text == "Удалена запись: курс — Оценивание."


def test_file_of_a_course_is_for_the_readers_of_the_card(person, people, client_of) -> None:
    course = course_of(person)
    assert client_of(people.curator).get(url("course_file", course.pk)).status_code == 404
    save_course(form=filled(CourseForm, course, course_data()), actor=people.curator, file=ContentFile(PDF, "d.pdf"))
    answers = {
        who: client_of(getattr(people, who)).get(url("course_file", course.pk)).status_code
        for who in ("curator", "director", "psychologist", "teacher", "class_teacher", "stranger")
    }
    assert answers == {
        "curator": 200,
        "director": 200,
        "psychologist": 200,
        "teacher": 403,
        "class_teacher": 403,
        "stranger": 404,
    }
    Participant.objects.filter(pk=person.pk).update(user=people.teacher)
    own = client_of(people.teacher).get(url("course_file", course.pk))
    assert (own.status_code, own["Content-Type"]) == (200, "application/pdf")


# --- The term ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("until", "state"),
    [
        (None, ("", "")),
        (31, ("", "")),
        (30, (f"истекает {day(30):%d.%m.%Y}", "wait")),
        (0, (f"истекает {day(0):%d.%m.%Y}", "wait")),
        (-1, ("истёк", "late")),
    ],
)
def test_course_tells_how_its_term_stands(until: int | None, state: tuple) -> None:
    assert Course(valid_until=None if until is None else day(until)).state_on(day(0)) == state


def told(people, school) -> list[Entry]:
    queue = queue_for(User.objects.get(pk=people.curator.pk), school, day(0))
    return [one for one in (*queue.late, *queue.now) if "курс" in one.title]


@pytest.mark.parametrize(("until", "late"), [(31, None), (30, False), (0, False), (-1, True), (-30, True), (-31, None)])
def test_curator_is_reminded_a_month_before_the_end(person, people, school, until: int, late: bool | None) -> None:
    course_of(person, ended_on=day(-900), valid_until=day(until))
    assert [entry.late for entry in told(people, school)] == ([] if late is None else [late])


def test_nobody_is_reminded_of_the_courses_of_those_who_left(person, people, school) -> None:
    course_of(person, valid_until=day(3))
    assert [entry.title for entry in told(people, school)] == ["Теслина\u00a0С.\u00a0Н. — курс «Оценивание»"]
    Participant.objects.filter(pk=person.pk).update(left_on=day(-1))
    assert told(people, school) == []


def test_many_courses_end_in_one_line(person, people, school, client_of) -> None:
    for number in range(8):
        course_of(person, title=f"Курс {number}", valid_until=day(number))
    found = told(people, school)
    assert (len(found), found[-1].title, found[-1].url) == (
        6,
        "Истекает ещё 3 курса",
        "/cabinet/participants/?courses=on",
    )


@pytest.mark.parametrize("who", ["director", "psychologist", "teacher", "class_teacher", "stranger"])
def test_others_are_not_reminded(person, people, school, who: str) -> None:
    course_of(person, valid_until=day(3))
    queue = queue_for(User.objects.get(pk=getattr(people, who).pk), school, day(0))
    assert [one for one in (*queue.late, *queue.now) if "курс" in one.title] == []


# --- Contests and conferences -----------------------------------------------------------------------------------------
def test_achievement_is_written_corrected_and_deleted(person, people, client_of) -> None:
    client = client_of(people.curator)
    assert client.post(url("achievement_new", person.pk), achievement_data(result="призёр")).status_code == 302
    one = person.achievements.get()
    html = client.get(url("participant_detail", person.pk)).content.decode()
    assert ("Учитель года — призёр" in html, "Конкурс, региональный уровень" in html) == (True, True)
    client.post(url("achievement_edit", one.pk), achievement_data(result="победитель"))
    one.refresh_from_db()
    assert one.result == "победитель"
    client.post(url("achievement_delete", one.pk))
    assert Achievement.objects.count() == 0
    assert list(JournalEntry.objects.about(person).values_list("text", flat=True)) == [
        "Удалена запись: достижение — Учитель года.",
        "Изменено достижение: Учитель года.",
        "Записано достижение: Учитель года.",
    ]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"kind": "ghost"}, "Выберите корректный вариант"),
        ({"level": ""}, "Обязательное поле."),
        ({"held_on": day(1).isoformat()}, "День не может быть в будущем."),
        ({"title": "д" * 301}, "не более 300 символов"),
    ],
)
def test_bad_achievement_is_explained(person, people, client_of, more: dict, words: str) -> None:
    response = client_of(people.curator).post(url("achievement_new", person.pk), achievement_data(**more))
    assert (response.status_code, words in response.content.decode(), Achievement.objects.count()) == (200, True, 0)


# --- Who may ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("who", "status"), [("curator", 200), ("director", 403), ("teacher", 403), ("stranger", 404)])
def test_pages_ask_the_table(person, people, client_of, who: str, status: int) -> None:
    """The teacher is the owner: own records are looked at, not written."""
    Participant.objects.filter(pk=person.pk).update(user=people.teacher)
    course = course_of(person)
    one = Achievement.objects.create(participant=person, kind="award", title="Г", level="school", held_on=day(-1))
    pages = [url(name, person.pk) for name in ("course_new", "achievement_new")]
    pages += [url(name, course.pk) for name in ("course_edit", "course_delete")]
    pages += [url(name, one.pk) for name in ("achievement_edit", "achievement_delete")]
    client = client_of(getattr(people, who))
    assert {client.get(page).status_code for page in pages} == {status}
    if status != 200:
        assert {client.post(page, course_data()).status_code for page in pages} == {status}
        for row in (course, one):
            with pytest.raises(Forbidden):
                delete_record(row=row, actor=getattr(people, who))
        with pytest.raises(Forbidden):
            save_course(form=filled(CourseForm, course, course_data()), actor=getattr(people, who))
        with pytest.raises(Forbidden):
            save_achievement(form=filled(AchievementForm, one, achievement_data()), actor=getattr(people, who))


def test_teacher_reads_the_own_courses_on_the_own_card(person, people, client_of) -> None:
    Participant.objects.filter(pk=person.pk).update(user=people.teacher)
    client = client_of(people.teacher)
    assert "Курсов пока нет" in client.get("/cabinet/card/").content.decode()
    course = course_of(person)
    html = client.get("/cabinet/card/").content.decode()
    assert ("Оценивание" in html, url("course_edit", course.pk) in html) == (True, False)
