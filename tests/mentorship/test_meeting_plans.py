"""Meetings ahead: one, a series by the school calendar, moved, told to the other side."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Letter, ProductionDay, Term
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Meeting, MeetingKind, Pair
from mentorship.services.meeting_plans import MOST, Plan, move_meeting, plan_meetings, series_days
from tests.mentorship.builders import day
from tests.mentorship.meeting_builders import held, planned, working

Kind = MeetingKind


@pytest.fixture
def pair(mentor, mentee, leader, learner, people) -> Pair:
    return working(mentor, [mentee], people, "1")


def series(first: int, last: int, every: int = 7, **more: object) -> Plan:
    return Plan(**{"day": day(first), "kind": Kind.ORGANISATIONAL, "every": every, "until": day(last), **more})


def test_series_repeats_until_its_last_day() -> None:
    kept, left = series_days(series(1, 22), [])
    assert (kept, left) == ([day(1), day(8), day(15), day(22)], [])


def test_series_leaves_holidays_out_but_keeps_the_chosen_first_day() -> None:
    off = [(day(0), day(2)), (day(8), day(8)), (day(16), day(30))]
    kept, left = series_days(series(1, 36), off)
    assert (kept, left) == ([day(1), day(15), day(36)], [day(8), day(22), day(29)])


def test_series_is_never_endless() -> None:
    kept, _ = series_days(Plan(day=day(0), kind=Kind.REGULAR, every=1, until=day(1000)), [])
    assert len(kept) == MOST


def test_plan_follows_the_calendars_of_school_and_country(pair, leader, school) -> None:
    Term.objects.create(organisation=school, kind=Term.Kind.HOLIDAY, name="Каникулы", starts_on=day(7), ends_on=day(9))
    Term.objects.create(organisation=school, kind=Term.Kind.QUARTER, name="1", starts_on=day(10), ends_on=day(90))
    ProductionDay.objects.create(day=day(15), kind=ProductionDay.Kind.HOLIDAY)
    ProductionDay.objects.create(day=day(22), kind=ProductionDay.Kind.SHORT)
    made, left = plan_meetings(pair=pair, plan=series(1, 22), actor=leader)
    assert [one.day for one in made] == [day(1), day(22)]
    assert left == [day(8), day(15)]


def test_series_begins_with_its_kind_and_goes_on_as_work(pair, leader, learner) -> None:
    made, _ = plan_meetings(pair=pair, plan=series(1, 15, goal="Познакомиться"), actor=leader)
    assert [(one.kind, one.goal) for one in made] == [
        (Kind.ORGANISATIONAL, "Познакомиться"), (Kind.REGULAR, ""), (Kind.REGULAR, ""),
    ]  # fmt: skip
    assert [(one.user, one.subject) for one in Letter.objects.all()] == [(learner, "Запланировано: 3 встречи")]
    assert JournalEntry.objects.filter(text__startswith="Запланирована встреча").count() == 3


@pytest.mark.parametrize(
    ("offset", "kind", "words"),
    [
        (-1, Kind.REGULAR, "уже прошёл"),
        (101, Kind.REGULAR, "этого срока"),
        (3, Kind.FINAL, "не может быть первой"),
        (3, Kind.TRIAL, "после организационной"),
    ],
)
def test_plan_keeps_to_the_law_of_meetings(pair, leader, offset, kind, words) -> None:
    with pytest.raises(Refused) as refused:
        plan_meetings(pair=pair, plan=Plan(day=day(offset), kind=kind), actor=leader)
    assert words in refused.value.obstacles[0]
    assert Meeting.objects.count() == 0


def test_series_is_planned_whole_or_not_at_all(pair, leader) -> None:
    with pytest.raises(Refused):
        plan_meetings(pair=pair, plan=series(90, 120), actor=leader)
    assert Meeting.objects.count() == 0


def test_one_plan_a_day(pair, leader) -> None:
    planned(pair, leader, 5)
    with pytest.raises(Refused) as refused:
        planned(pair, leader, 5, Kind.REGULAR)
    assert refused.value.obstacles == [f"На {day(5):%d.%m.%Y} встреча уже запланирована."]
    planned(pair, leader, 6, Kind.REGULAR)


def test_moving_tells_calendars_people_and_the_history(pair, leader, learner) -> None:
    meeting = planned(pair, leader, 5)
    Letter.objects.all().delete()
    plan = Plan(day=day(6), kind=Kind.ORGANISATIONAL, time=dt.time(15, 10), place="Кабинет 4")
    moved = move_meeting(meeting=meeting, plan=plan, actor=leader)
    assert (moved.day, moved.sequence, moved.kind) == (day(6), 1, Kind.ORGANISATIONAL)
    assert [(one.user, one.subject) for one in Letter.objects.all()] == [
        (learner, f"Встреча перенесена на {day(6):%d.%m.%Y} в 15:10")
    ]
    assert JournalEntry.objects.about(meeting)[0].text == "Встреча перенесена."


def test_moving_nowhere_tells_nobody(pair, leader, journal_count) -> None:
    meeting = planned(pair, leader, 5)
    Letter.objects.all().delete()
    before = journal_count()
    move_meeting(meeting=meeting, plan=Plan(day=day(5), kind=Kind.ORGANISATIONAL), actor=leader)
    assert (Letter.objects.count(), journal_count()) == (0, before)


def test_only_a_plan_is_moved_and_only_within_the_law(pair, leader, people) -> None:
    written = held(pair, leader, -5)
    with pytest.raises(Refused):
        move_meeting(meeting=written, plan=Plan(day=day(5), kind=Kind.REGULAR), actor=leader)
    plan = planned(pair, leader, 5, Kind.REGULAR)
    with pytest.raises(Refused):
        move_meeting(meeting=plan, plan=Plan(day=day(101), kind=Kind.REGULAR), actor=leader)
    with pytest.raises(Forbidden):
        move_meeting(meeting=plan, plan=Plan(day=day(6), kind=Kind.REGULAR), actor=people.stranger)


# --- Pages ------------------------------------------------------------------------------------------------------------
def sent(**more: object) -> dict[str, object]:
    return {"day": day(3).isoformat(), "kind": "organisational", "every": "0", **more}


def test_planning_through_the_page(pair, leader, client_of) -> None:
    url = reverse("meeting_plan")
    assert client_of(leader).get(url).context["form"].initial["kind"] == Kind.ORGANISATIONAL
    response = client_of(leader).post(url, sent(every="14", until=day(40).isoformat(), time="15:10", minutes="45"))
    assert response.url == f"/cabinet/meetings/?pair={pair.pk}"
    assert [one.day for one in Meeting.objects.order_by("day")] == [day(3), day(17), day(31)]


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"every": "7"}, "until", "последний день"),
        ({"every": "7", "until": day(101).isoformat()}, "until", "до"),
        ({"every": "7", "until": day(1).isoformat()}, "until", "раньше первой"),
        ({"every": "5"}, "every", "корректный"),
        ({"day": day(-1).isoformat()}, "day", "уже прошёл"),
        ({"time": "25:99"}, "time", "Напишите время"),
        ({"minutes": "601"}, "minutes", "600"),
    ],
)
def test_bad_plan_is_refused_beside_its_field(pair, leader, client_of, more, field, words) -> None:
    response = client_of(leader).post(reverse("meeting_plan"), sent(place="ЧЕРНОВИК", **more))
    assert words in response.context["form"].errors[field][0]
    assert "ЧЕРНОВИК" in response.content.decode()
    assert Meeting.objects.count() == 0


def test_moving_through_the_page(pair, leader, client_of) -> None:
    meeting = planned(pair, leader, 5)
    url = reverse("meeting_move", args=[meeting.pk])
    response = client_of(leader).post(url, {"day": day(-5).isoformat()})
    assert "уже прошёл" in response.context["form"].errors["day"][0]
    client_of(leader).post(url, {"day": day(7).isoformat(), "time": "14:00", "place": "Зал"})
    meeting.refresh_from_db()
    assert (meeting.day, meeting.place) == (day(7), "Зал")
    written = held(pair, leader, -5, Kind.REQUEST)
    assert client_of(leader).get(reverse("meeting_move", args=[written.pk])).status_code == 302


def test_planning_is_closed_to_others(pair, people, client_of) -> None:
    assert client_of(people.inspector).get(reverse("meeting_plan")).status_code == 403
    client_of(people.stranger).post(f"{reverse('meeting_plan')}?pair={pair.pk}", sent())
    assert Meeting.objects.count() == 0
