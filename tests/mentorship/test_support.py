"""A psychologist's records: read by the writer and the named people, and by nobody else anywhere."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.models import Letter, Membership
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Participant, SupportRecord
from mentorship.models import support as support_models
from mentorship.services.support import Support, write_support
from tests.mentorship.builders import card, day

SECRET = "тайна-психолога"
VIEW = "mentorship.support.view"
EVERYBODY = (
    *("director", "curator", "site_editor", "inspector", "psychologist", "class_teacher", "teacher"),
    *("methodical_union", "department_head", "accountant", "municipal", "admin", "stranger", "stranger_director"),
)


@pytest.fixture
def person(school, people) -> Participant:
    return card(school, "Мелова Дарья Сергеевна", user=people.teacher)


def support(**more: Any) -> Support:
    values = {"day": day(-1), "kind": "talk", "text": SECRET, "consent_on": day(-5)}
    return Support(**{**values, **more})


def written(person: Participant, people, *readers: Any, **more: Any) -> SupportRecord:
    return write_support(participant=person, support=support(readers=readers, **more), actor=people.psychologist)


def new(person: Participant) -> str:
    return reverse("support_new", args=[person.pk])


def url(row: SupportRecord) -> str:
    return reverse("support_detail", args=[row.pk])


def data(**more: Any) -> dict[str, Any]:
    values = {"day": day(-1).isoformat(), "kind": "talk", "consent_on": day(-5).isoformat(), "text": "Поговорили"}
    return {**values, **more}


# --- Writing ----------------------------------------------------------------------------------------------------------
def test_psychologist_writes_on_the_card(person, people, client_of, journal_count) -> None:
    client = client_of(people.psychologist)
    assert new(person) in client.get(f"/cabinet/participants/{person.pk}/").content.decode()
    assert client.get(new(person)).status_code == 200
    before = journal_count()
    response = client.post(new(person), data(readers=[people.curator.pk]))
    row = SupportRecord.objects.get()
    assert (response["Location"], row.author) == (url(row), people.psychologist)
    assert list(row.readers.all()) == [people.curator]
    assert (row.text, row.consent_on, journal_count()) == ("Поговорили", day(-5), before + 1)
    assert url(row) in client.get(f"/cabinet/participants/{person.pk}/").content.decode()
    assert client.get(new(person)).context["form"].initial["consent_on"] == day(-5)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"consent_on": ""}, "Обязательное поле."),
        ({"consent_on": day(0).isoformat()}, "Согласие берут до начала работы"),
        ({"day": day(2).isoformat()}, "день не может быть в будущем"),
        ({"day": "0001-01-01"}, "Проверьте год."),
        ({"consent_on": "0001-01-01"}, "Проверьте год."),
        ({"text": " "}, "Обязательное поле."),
        ({"text": "ы" * 4001}, "не более 4000"),
        ({"kind": "ghost"}, "Выберите корректный вариант"),
        ({"readers": ["0"]}, "Выберите корректный вариант"),
    ],
)
def test_bad_record_is_explained(more: dict, words: str, person, people, client_of) -> None:
    response = client_of(people.psychologist).post(new(person), data(**more))
    assert (response.status_code, words in response.content.decode()) == (200, True)
    assert SupportRecord.objects.count() == 0


def test_reader_from_outside_is_refused(person, people) -> None:
    for wrong in (people.stranger, people.inspector, people.admin, people.psychologist):
        with pytest.raises(Refused, match="работает в этой организации"):
            written(person, people, wrong)
    with pytest.raises(Refused, match="Согласие берут"):
        written(person, people, consent_on=day(0))


@pytest.mark.parametrize("who", [name for name in EVERYBODY if name != "psychologist"])
def test_only_the_psychologist_writes(who: str, person, people, client_of) -> None:
    expected = 404 if who in ("municipal", "admin", "stranger", "stranger_director") else 403
    client = client_of(getattr(people, who))
    assert (client.get(new(person)).status_code, client.post(new(person), data()).status_code) == (expected, expected)
    with pytest.raises(Forbidden):
        write_support(participant=person, support=support(), actor=getattr(people, who))


# --- Reading ----------------------------------------------------------------------------------------------------------
def readers_of(row: SupportRecord, people, client_of) -> list[str]:
    return [who for who in EVERYBODY if client_of(getattr(people, who)).get(url(row)).status_code == 200]


def test_author_and_named_people_alone_read_it(person, people, client_of) -> None:
    assert readers_of(written(person, people), people, client_of) == ["psychologist"]
    named = written(person, people, people.curator, people.class_teacher)
    assert readers_of(named, people, client_of) == ["curator", "psychologist", "class_teacher"]


def test_reader_who_has_left_the_school_reads_no_more(person, people, client_of) -> None:
    row = written(person, people, people.class_teacher)
    Membership.objects.filter(user=people.class_teacher).update(ends_on=day(-1))
    assert client_of(people.class_teacher).get(url(row)).status_code == 404


def test_another_psychologist_does_not_read_it(person, people, client_of) -> None:
    row = written(person, people)
    Membership.objects.create(
        user=people.site_editor, organisation=person.organisation, role="psychologist", starts_on=day(-9)
    )
    client = client_of(people.site_editor)
    assert client.get(url(row)).status_code == 404
    assert url(row) not in client.get(f"/cabinet/participants/{person.pk}/").content.decode()


def everything(person: Participant, client: Any) -> str:
    """All the places of the portal where a word of a record could turn up."""
    paths = ["/cabinet/", "/cabinet/journal/", "/cabinet/letters/", "/cabinet/participants/", "/cabinet/card/"]
    paths += [f"/cabinet/participants/{person.pk}/", f"/cabinet/participants/{person.pk}/access/"]
    paths += ["/cabinet/requests/", "/admin/", "/admin/mentorship/participant/"]
    found = "".join(client.get(path).content.decode() for path in paths)
    files = [client.get(f"/cabinet/participants/export.{form}") for form in ("csv", "xlsx")]
    return found + "".join(b"".join(one).decode("utf-8", "ignore") for one in files if one.streaming)


@pytest.mark.parametrize("who", [name for name in EVERYBODY if name != "psychologist"])
def test_nobody_else_learns_of_a_record(who: str, person, people, client_of) -> None:
    row = written(person, people)
    html = everything(person, client_of(getattr(people, who)))
    assert (SECRET in html, url(row) in html, "Поддержка психолога" in html) == (False, False, False)


def test_the_same_places_would_show_it_to_a_named_reader(person, people, client_of, monkeypatch) -> None:
    """The counter-test: the card of a named curator tells of the record; unguarded, it would of every record."""
    row = written(person, people, people.curator)
    assert url(row) in everything(person, client_of(people.curator))
    hidden = written(person, people)
    assert url(hidden) not in everything(person, client_of(people.curator))
    monkeypatch.setitem(
        SupportRecord.REACH,
        next(iter(SupportRecord.REACH)),
        lambda standing: support_models.Q(organisation=standing.organisation_id),
    )
    assert url(hidden) in everything(person, client_of(people.curator))


def test_history_and_letters_name_nobody(person, people) -> None:
    row = written(person, people, people.curator)
    entry = JournalEntry.objects.about(row).get()
    assert (entry.text, entry.subject_text, entry.changes) == ("Записана работа психолога.", str(row), [])
    letter = Letter.objects.get()
    assert (letter.user, letter.path) == (people.curator, url(row))
    assert [word for word in (SECRET, "Мелова") if word in f"{letter.subject} {letter.body} {row}"] == []


@pytest.mark.parametrize("size", [1, 3])
def test_card_costs_the_same(size: int, person, people, client_of, queries) -> None:
    for _ in range(size):
        written(person, people)
    client = client_of(people.psychologist)
    client.get(f"/cabinet/participants/{person.pk}/")
    assert queries(client, f"/cabinet/participants/{person.pk}/") == 20


def test_detail_answers_only_to_reading_people(person, people, client_of) -> None:
    row = written(person, people)
    page = client_of(people.psychologist).get(url(row)).content.decode()
    assert (SECRET in page, "никто" in page) == (True, True)
