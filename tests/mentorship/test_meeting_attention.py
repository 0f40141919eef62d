"""What meetings bring to the home pages: reminders that come once, rest in holidays, and the next meeting."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from accounts.attention import panels_for, queue_for
from accounts.models import Term, User
from mentorship.models import Meeting, MeetingKind, MeetingRules, Pair, PairPause
from mentorship.services.meetings import confirm_meeting
from mentorship.services.pulses import answer_pulse, mark_seen
from tests.mentorship.builders import day
from tests.mentorship.meeting_builders import held, in_state, planned, working


@pytest.fixture
def pair(mentor, mentee, leader, learner, people) -> Pair:
    return working(mentor, [mentee], people, "1", first=-20)


@pytest.fixture
def old(mentor, mentee, leader, learner, people) -> Pair:
    """A pair of a hundred days."""
    return working(mentor, [mentee], people, "2")


def titles(user: User, school, on: dt.date | None = None) -> list[str]:
    queue = queue_for(User.objects.get(pk=user.pk), school, on or day(0))
    words = ("Как прошла", "всё верно", "Давно", "Верескова", "Как идёт", "Работа пар")
    entries = [*queue.late, *queue.now, *queue.waiting]
    mine = [one.title for one in entries if any(word in one.title for word in words)]
    return [title for title in mine if "программ" not in title]


def rest(school, first: int, last: int) -> None:
    Term.objects.create(
        organisation=school, kind=Term.Kind.HOLIDAY, name="Каникулы", starts_on=day(first), ends_on=day(last)
    )


def entered(meeting: Meeting, days: int) -> None:
    Meeting.objects.filter(pk=meeting.pk).update(entered_at=timezone.now() - dt.timedelta(days=days))


# --- A plan without a word --------------------------------------------------------------------------------------------
def test_mentor_is_asked_about_a_meeting_that_nobody_wrote_down(pair, leader, learner, school) -> None:
    planned(pair, leader, -1)
    assert titles(leader, school) == [f"Как прошла встреча {day(-1):%d.%m.%Y}?"]
    assert titles(learner, school) == []


def test_meeting_of_today_is_not_asked_about(pair, leader, school) -> None:
    planned(pair, leader, 0)
    assert titles(leader, school) == []


def test_nobody_is_asked_in_the_holidays(pair, leader, school) -> None:
    planned(pair, leader, -1)
    rest(school, 0, 3)
    assert titles(leader, school) == []


# --- The other side ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "asked"), [(0, True), (6, True), (7, False), (30, False)])
def test_other_side_is_asked_for_seven_days(pair, leader, learner, school, days, asked) -> None:
    entered(held(pair, leader), days)
    assert titles(learner, school) == ([f"Встреча {day(-1):%d.%m.%Y}: всё верно?"] if asked else [])
    assert titles(leader, school) == []


def test_seven_days_hold_one_monday(pair, leader, learner, school) -> None:
    """Whatever the weekday of the entry: of the letters of eight weeks exactly one repeats the question."""
    meeting = held(pair, leader)
    for shift in range(7):
        with time_machine.travel(timezone.now() + dt.timedelta(days=shift)):
            Meeting.objects.filter(pk=meeting.pk).update(entered_at=timezone.now())
            start = timezone.localdate()
        mondays = [one for one in (start + dt.timedelta(days=n) for n in range(56)) if one.weekday() == 0]
        assert sum("всё верно" in str(titles(learner, school, monday)) for monday in mondays) == 1


def test_whoever_answered_is_not_asked(pair, leader, learner, school) -> None:
    meeting = held(pair, leader)
    confirm_meeting(meeting=meeting, agrees=False, text="Было иначе", actor=learner)
    assert titles(learner, school) == []


def test_confirming_is_not_asked_in_the_holidays(pair, leader, learner, school) -> None:
    held(pair, leader)
    rest(school, -1, 1)
    assert titles(learner, school) == []


# --- Long silence -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("days", "asked"), [(21, False), (22, True), (28, True), (29, False), (36, False)])
def test_mentor_is_told_once_of_a_long_silence(old, leader, people, school, days, asked) -> None:
    held(old, leader, -days)
    entered(Meeting.objects.get(), 60)
    assert len(titles(leader, school)) == int(asked)


@pytest.mark.parametrize(("days", "told"), [(35, False), (36, True), (90, True)])
def test_curator_is_told_after_the_mentor(old, leader, people, school, days, told) -> None:
    held(old, leader, -days)
    found = [title for title in titles(people.curator, school) if title.startswith("Давно не встречались")]
    assert len(found) == int(told)


def test_silence_follows_the_rules_and_rests_in_holidays(old, leader, people, school) -> None:
    held(old, leader, -40)
    MeetingRules.objects.create(organisation=school, yellow_days=50, red_days=60)
    assert not any(title.startswith("Давно") for title in titles(people.curator, school))
    MeetingRules.objects.update(yellow_days=5, red_days=10)
    assert any(title.startswith("Давно") for title in titles(people.curator, school))
    rest(school, 0, 2)
    assert not any(title.startswith("Давно") for title in titles(people.curator, school))


# --- Pauses -----------------------------------------------------------------------------------------------------------
def test_nothing_is_asked_of_a_pair_that_rests(old, leader, learner, people, school) -> None:
    """The page that pauses a pair promises so; the day the pause ends the questions of the pair are back."""
    meeting = held(old, leader, -40)
    entered(meeting, 1)
    in_state(old, leader, "planned")

    def asked() -> list[bool]:
        silence = any(title.startswith("Давно не встречались") for title in titles(people.curator, school))
        return [bool(titles(leader, school)), bool(titles(learner, school)), silence]

    assert asked() == [True, True, True]
    pause = PairPause.objects.create(pair=old, starts_on=day(0), ends_on=day(0), reason="болезнь")
    assert asked() == [False, False, False]
    pause.delete()
    assert asked() == [True, True, True]


# --- Questions --------------------------------------------------------------------------------------------------------
@pytest.fixture
def month_old(mentor, mentee, leader, learner, people) -> Pair:
    return working(mentor, [mentee], people, "3", first=-31)


def test_both_sides_are_asked_how_the_work_goes(month_old, leader, learner, school) -> None:
    assert "Как идёт работа?" in titles(leader, school)
    assert titles(learner, school) == ["Как идёт работа?"]
    answer_pulse(pair=month_old, values={}, text="", actor=learner)
    assert titles(learner, school) == []


def test_nobody_is_asked_where_the_school_does_not_ask(month_old, learner, school) -> None:
    MeetingRules.objects.create(organisation=school, asks=False)
    assert titles(learner, school) == []


def test_low_answer_waits_for_the_curator_until_it_is_read(month_old, learner, people, school) -> None:
    pulse = answer_pulse(pair=month_old, values={"trust": 1}, text="", actor=learner)
    assert "Работа пар: 1 ответ просит разговора" in titles(people.curator, school)
    assert not any("Работа пар" in title for title in titles(people.director, school))
    mark_seen(pulse=pulse, actor=people.curator, day=day(0))
    assert not any("Работа пар" in title for title in titles(people.curator, school))


# --- The panel --------------------------------------------------------------------------------------------------------
def test_panel_shows_the_next_meeting_and_one_button(pair, leader, learner, people, school, client_of) -> None:
    planned(pair, leader, 9, MeetingKind.REGULAR)
    planned(pair, leader, 4)
    for user in (leader, learner):
        panel = next(one for one in panels_for(User.objects.get(pk=user.pk), school, day(0)) if one.title == "Встречи")
        assert [(row["pair"], row["next"].day, row["word"]) for row in panel.data] == [(pair, day(4), "встречи идут")]
    html = client_of(leader).get(reverse("home")).content.decode()
    assert html.count(f"/cabinet/meetings/new/?pair={pair.pk}") == 2
    assert "Встречи" not in [one.title for one in panels_for(people.curator, school, day(0))]


def test_home_costs_the_same_for_one_and_three_meetings(pair, leader, client_of, queries) -> None:
    client = client_of(leader)
    planned(pair, leader, 4)
    before = queries(client, reverse("home"))
    for offset in (5, 6):
        planned(pair, leader, offset, MeetingKind.REGULAR)
    assert before == queries(client, reverse("home"))
