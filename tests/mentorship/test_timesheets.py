"""The timesheet of mentors and the printed journal of a pair."""

from __future__ import annotations

import datetime as dt
import io

import docx
import openpyxl
import pytest
from django.urls import reverse
from pypdf import PdfReader

from accounts.permissions import Forbidden
from core.models import JournalEntry
from mentorship.models import Activity, Addendum, Meeting, MeetingKind, Pair, Programme, ProgrammeState
from mentorship.models.timesheets import Month, hours, lines_of, month_in
from mentorship.services.meeting_notes import add_note
from mentorship.services.meetings import confirm_meeting
from mentorship.services.timesheets import print_timesheet
from tests.mentorship.builders import card, day
from tests.mentorship.labour import addendum
from tests.mentorship.meeting_builders import held, planned, working

THIS = Month(day(0).replace(day=1))
PAGE, OWN = "/cabinet/timesheet/", "/cabinet/timesheet/mine/"


@pytest.fixture
def pair(mentor, mentee, leader, learner, people) -> Pair:
    return working(mentor, [mentee], people, "1")


def put(meeting: Meeting, on: dt.date) -> None:
    """The day of a meeting, so that it stands in a known month whatever the day of the test."""
    Meeting.objects.filter(pk=meeting.pk).update(day=on)


def whole(response) -> bytes:
    return b"".join(response.streaming_content)


@pytest.mark.parametrize(
    ("minutes", "words"), [(0, "0 ч"), (45, "45 мин"), (60, "1 ч"), (90, "1 ч 30 мин"), (600, "10 ч")]
)
def test_hours_read_as_people_say_them(minutes, words) -> None:
    assert hours(minutes) == words


def test_month_knows_its_days_and_neighbours() -> None:
    february = Month(dt.date(2028, 2, 1))
    assert (february.last, february.before.first, february.after.first) == (
        dt.date(2028, 2, 29), dt.date(2028, 1, 1), dt.date(2028, 3, 1),
    )  # fmt: skip
    assert Month(dt.date(2026, 12, 1)).after.code == "2027-01"


@pytest.mark.parametrize("text", ["", "чушь", "2026-13", "2026", "2026-11-20", "0001-01", "9999-12"])
def test_unreadable_month_is_the_present_one(text) -> None:
    assert month_in(text, day(0)) == THIS


def test_line_adds_up_held_meetings_of_the_month(pair, leader, learner, school) -> None:
    confirmed = held(pair, leader, -5, minutes=60)
    confirm_meeting(meeting=confirmed, agrees=True, text="", actor=learner)
    silent = held(pair, leader, -4, MeetingKind.REGULAR, minutes=30)
    disputed = held(pair, leader, -3, MeetingKind.REGULAR, minutes=20)
    confirm_meeting(meeting=disputed, agrees=False, text="не было", actor=learner)
    before = held(pair, leader, -2, MeetingKind.REGULAR, minutes=500)
    plan = planned(pair, leader, 3, MeetingKind.REGULAR, minutes=600)
    for meeting in (confirmed, silent, disputed, plan):
        put(meeting, THIS.first)
    put(before, THIS.before.last)
    (line,) = lines_of(school, THIS)
    assert (line.meetings, line.confirmed, line.unconfirmed, line.minutes, line.norm) == (3, 60, 50, 110, None)


def test_both_ends_of_the_month_belong_to_it(pair, leader, school) -> None:
    for on in (THIS.before.first, THIS.before.last):
        put(held(pair, leader, -5, MeetingKind.REQUEST, done=str(on)), on)
    (line,) = lines_of(school, THIS.before)
    assert line.meetings == 2


def test_mentor_without_meetings_stands_with_nothing(pair, school, other_school) -> None:
    (line,) = lines_of(school, THIS)
    assert (line.mentor, line.minutes) == (pair.mentor, 0)
    assert lines_of(other_school, THIS) == []
    assert lines_of(school, Month(dt.date(2001, 1, 1))) == []


def test_norm_comes_from_the_addendum_in_force(pair, mentor, people, school) -> None:
    addendum(mentor, people, month_hours=8)
    (line,) = lines_of(school, Month(day(40).replace(day=1)))
    assert line.norm == 8
    Addendum.objects.update(ended_on=day(-1))
    (line,) = lines_of(school, Month(day(40).replace(day=1)))
    assert line.norm is None


def test_page_shows_every_mentor_with_the_same_queries(pair, school, people, client_of, queries) -> None:
    client = client_of(people.accountant)
    before = queries(client, PAGE)
    for number, surname in enumerate(("Акимова", "Белова"), start=2):
        working(
            card(school, f"{surname} Зоя Ильинична"),
            [card(school, f"{surname[:-1]} Юрий Петрович")],
            people,
            str(number),
        )
    assert (before, queries(client, PAGE)) == (12, 12)
    names = [row["line"].mentor.surname for row in client.get(PAGE).context["rows"]]
    assert names == ["Акимова", "Белова", "Верескова"]


def test_timesheet_is_for_accountant_curator_and_director(pair, leader, people, client_of) -> None:
    found = {
        person.username: client_of(person).get(PAGE).status_code
        for person in (people.accountant, people.curator, people.director, people.inspector, people.teacher, leader)
    }
    assert found == {
        "accountant": 200, "curator": 200, "director": 200, "inspector": 403, "teacher": 403, "leader": 403,
    }  # fmt: skip


def test_another_school_has_a_timesheet_of_its_own(pair, people, client_of) -> None:
    assert client_of(people.stranger).get(PAGE).context["rows"] == []


def test_mentor_sees_the_own_month_and_the_meetings_behind_it(pair, leader, learner, school, people, client_of) -> None:
    foreign = working(card(school, "Акимова Зоя Ильинична"), [card(school, "Белов Юрий Петрович")], people, "2")
    put(held(foreign, people.curator, -5), THIS.first)
    put(held(pair, leader, -5), THIS.first)
    context = client_of(leader).get(OWN).context
    assert (context["row"]["total"], [one.pair for one, *_ in context["meetings"]]) == ("45 мин", [pair])
    assert client_of(learner).get(OWN).status_code == 403
    assert client_of(people.curator).get(OWN).status_code == 403


def test_files_hold_the_numbers_of_the_page_and_leave_a_trace(pair, leader, people, client_of) -> None:
    put(held(pair, leader, -5, minutes=90), THIS.first)
    client = client_of(people.accountant)
    pdf = whole(client.get(reverse("timesheet_file", args=["pdf"])))
    text = PdfReader(io.BytesIO(pdf)).pages[0].extract_text()
    assert ("Верескова Алла Петровна" in text, "1 ч 30 мин" in text) == (True, True)
    book = openpyxl.load_workbook(io.BytesIO(whole(client.get(reverse("timesheet_file", args=["xlsx"])))))
    rows = [[cell.value for cell in row] for row in book.active.iter_rows()]
    assert rows[1][:1] + rows[1][2:] == ["Верескова Алла Петровна", 1, 0, 1.5, 1.5, None]
    said = [one.text for one in JournalEntry.objects.filter(event="mentorship.timesheet.view").order_by("pk")]
    assert said == [f"Выгружен табель наставников за {THIS.words} ({form}), строк: 1." for form in ("PDF", "XLSX")]
    assert client.get(reverse("timesheet_file", args=["docx"])).status_code == 404


def test_file_of_the_timesheet_is_closed_to_others(pair, leader, people, school, client_of) -> None:
    assert client_of(leader).get(reverse("timesheet_file", args=["pdf"])).status_code == 403
    with pytest.raises(Forbidden):
        print_timesheet(organisation=school, month=THIS, form="pdf", actor=people.stranger)


# --- The printed journal ----------------------------------------------------------------------------------------------
@pytest.fixture
def told(pair, leader) -> Meeting:
    programme = Programme.objects.create(
        organisation=pair.organisation, pair=pair, title="Программа", starts_on=pair.starts_on, ends_on=pair.ends_on,
        state=ProgrammeState.SUMMED, version=1, results="ИТОГ-работы",
    )  # fmt: skip
    Activity.objects.create(programme=programme, title="ДЕЛО-программы", due_on=day(5))
    meeting = held(pair, leader, goal="ЦЕЛЬ-встречи", done="РАССКАЗ-встречи", result="ПЛОД-встречи")
    add_note(meeting=meeting, audience="pair", text="ЗАМЕТКА-общая", actor=leader)
    return meeting


@pytest.mark.parametrize("form", ["pdf", "docx"])
def test_journal_on_paper_tells_everything_but_notes(told, people, client_of, form) -> None:
    response = client_of(people.curator).get(reverse("meeting_journal", args=[told.pair_id, form]))
    content = whole(response)
    text = text_of(content, form)
    words = (
        "ЦЕЛЬ-встречи",
        "РАССКАЗ-встречи",
        "ПЛОД-встречи",
        "ДЕЛО-программы",
        "ИТОГ-работы",
        "Верескова Алла Петровна",
    )
    assert [word for word in words if word not in text] == []
    assert "ЗАМЕТКА" not in text


def text_of(content: bytes, form: str) -> str:
    if form == "pdf":
        return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages).split())
    return docx_text(content)


def docx_text(content: bytes) -> str:
    document = docx.Document(io.BytesIO(content))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return " ".join([*(one.text for one in document.paragraphs), *cells])


def test_journal_on_paper_is_for_those_who_read_it(told, learner, people, client_of) -> None:
    url = reverse("meeting_journal", args=[told.pair_id, "pdf"])
    assert client_of(learner).get(url).status_code == 200
    assert client_of(people.stranger).get(url).status_code == 404
    assert client_of(people.teacher).get(url).status_code == 403
    assert client_of(learner).get(reverse("meeting_journal", args=[told.pair_id, "exe"])).status_code == 404
