"""Notes on meetings: shared ones for the pair and the curator, private ones for nobody but their author."""

from __future__ import annotations

import re

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from psycopg2.sql import SQL, Identifier

from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Audience, Meeting, MeetingNote, Pair, Pulse
from mentorship.services.duties import destroy
from mentorship.services.meeting_notes import NOT_OWN, NOTE, add_note, delete_note
from tests.mentorship.builders import day
from tests.mentorship.meeting_builders import held, working

SECRET, SHARED = "ТАЙНОЕ-слово", "ОБЩЕЕ-слово"


@pytest.fixture
def pair(mentor, mentee, leader, learner, people) -> Pair:
    return working(mentor, [mentee], people, "1")


@pytest.fixture
def meeting(pair, leader) -> Meeting:
    return held(pair, leader)


@pytest.fixture
def notes(meeting, leader) -> list[MeetingNote]:
    return [
        add_note(meeting=meeting, audience=Audience.AUTHOR, text=SECRET, actor=leader),
        add_note(meeting=meeting, audience=Audience.PAIR, text=SHARED, actor=leader),
    ]


def everything(client, meeting: Meeting) -> str:
    """Every page and file about the meeting that the person may open."""
    pair = meeting.pair_id
    paths = [
        reverse("meeting_list"), reverse("meeting_detail", args=[meeting.pk]), reverse("meeting_export", args=["csv"]),
        reverse("pair_detail", args=[pair]), reverse("home"), reverse("journal"), reverse("inbox"),
        reverse("meeting_journal", args=[pair, "docx"]),
    ]  # fmt: skip
    answers = [client.get(path) for path in paths]
    return "".join(content(answer) for answer in answers if answer.status_code == 200)


def content(answer) -> str:
    raw = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return raw.decode("utf-8", "ignore")


def test_each_reads_what_the_label_promises(notes, meeting, leader, learner, people, client_of) -> None:
    seen = {}
    for person in (leader, learner, people.curator, people.director, people.inspector):
        text = everything(client_of(person), meeting)
        seen[person.username] = (SECRET in text, SHARED in text)
    assert seen == {
        "leader": (True, True),
        "learner": (False, True),
        "curator": (False, True),
        "director": (False, False),
        "inspector": (False, False),
    }


def test_private_note_stands_in_one_column_alone(notes) -> None:
    """Not in the history, nor in a letter, nor in any other table: the canary is looked for everywhere."""
    found = set()
    for model in apps.get_models():
        for field in model._meta.concrete_fields:
            names = Identifier(model._meta.db_table), Identifier(str(field.column))
            sql = SQL("SELECT 1 FROM {} WHERE CAST({} AS text) LIKE %s LIMIT 1").format(*names)
            with connection.cursor() as cursor:
                cursor.execute(sql, [f"%{SECRET}%"])
                if cursor.fetchone():
                    found.add(f"{model.__name__}.{field.name}")
    assert found == {"MeetingNote.text"}


def test_permitted_rows_of_notes_never_hold_a_private_one_of_others(notes, learner, people) -> None:
    rows = MeetingNote.objects
    assert [one.text for one in rows.permitted(people.curator, NOTE)] == [SHARED]
    assert [one.text for one in rows.permitted(learner, NOTE)] == [SHARED]
    assert rows.count() == 2


def test_page_of_others_does_not_even_ask_for_a_private_note(notes, meeting, people, client_of) -> None:
    client = client_of(people.curator)
    with CaptureQueriesContext(connection) as captured:
        client.get(reverse("meeting_detail", args=[meeting.pk]))
    asked = [query["sql"] for query in captured if "mentorship_meetingnote" in query["sql"]]
    assert asked
    assert all(re.search(r"audience.{0,12}'pair'", sql) for sql in asked)


def test_history_of_the_meeting_does_not_tell_of_a_private_note(notes, meeting, learner, client_of) -> None:
    html = client_of(learner).get(reverse("meeting_detail", args=[meeting.pk])).content.decode()
    assert "личная заметка" not in html
    assert "Добавлена заметка о встрече." in html
    assert JournalEntry.objects.filter(text="Добавлена личная заметка.").count() == 1


def test_curator_keeps_private_notes_too(meeting, leader, people, client_of) -> None:
    add_note(meeting=meeting, audience=Audience.AUTHOR, text=SECRET, actor=people.curator)
    assert SECRET in everything(client_of(people.curator), meeting)
    assert SECRET not in everything(client_of(leader), meeting)


def test_note_is_written_through_the_page_with_its_reader_named(meeting, learner, client_of, journal_count) -> None:
    url, before = reverse("meeting_note_new", args=[meeting.pk]), journal_count()
    html = client_of(learner).get(url).content.decode()
    assert ("Видите только вы" in html, "Видят наставник, наставляемый и куратор" in html) == (True, True)
    client_of(learner).post(url, {"audience": "author", "text": "Для себя"})
    assert (MeetingNote.objects.get().audience, journal_count()) == (Audience.AUTHOR, before + 1)


@pytest.mark.parametrize("sent", [{"audience": "author"}, {"text": "есть"}, {"audience": "все", "text": "есть"}])
def test_note_without_reader_or_words_is_refused(meeting, learner, client_of, sent) -> None:
    assert client_of(learner).post(reverse("meeting_note_new", args=[meeting.pk]), sent).status_code == 200
    assert MeetingNote.objects.count() == 0


def test_note_is_deleted_by_its_author_alone(notes, learner, leader, people, client_of) -> None:
    private, shared = notes
    with pytest.raises(Refused) as refused:
        delete_note(note=shared, actor=learner)
    assert refused.value.obstacles == [NOT_OWN]
    gone = reverse("meeting_note_delete", args=[private.pk])
    assert client_of(people.curator).post(gone).status_code == 404
    assert client_of(leader).get(gone).status_code == 405
    client_of(leader).post(gone)
    assert [one.text for one in MeetingNote.objects.all()] == [SHARED]


def test_strangers_and_readers_of_the_journal_write_no_notes(meeting, people) -> None:
    for actor in (people.director, people.stranger, people.teacher):
        with pytest.raises(Forbidden):
            add_note(meeting=meeting, audience=Audience.PAIR, text="x", actor=actor)


def test_destroying_takes_the_own_notes_and_answers_with_it(notes, meeting, leader, learner, mentor, people) -> None:
    """Of the mentor's own words nothing is left; the mentee's stay."""
    mine = add_note(meeting=meeting, audience=Audience.PAIR, text="моё", actor=learner)
    Pulse.objects.create(pair=meeting.pair, participant=mentor, asked_on=day(-10), useful=5)
    with pytest.raises(Refused):
        destroy(mentor, people.curator)
    Pair.objects.filter(pk=meeting.pair_id).update(state="closed", closing_ground="cancelled", ends_on=day(-1))
    destroy(mentor, people.curator)
    assert (list(MeetingNote.objects.all()), Pulse.objects.count()) == ([mine], 0)
