"""The home pages of a mentor and a mentee: this week, what is left, the one button."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from accounts.attention import main_for, panels_for
from accounts.models import User
from mentorship.attention import week
from mentorship.attention.board import board_figures
from mentorship.models import MeetingConfirmation, Pair, PairPause, Participant
from tests.mentorship.board import activity, at_work, met, programme
from tests.mentorship.builders import card, day, form_pair

pytestmark = pytest.mark.django_db
WEDNESDAY = dt.datetime(2026, 11, 25, 6, tzinfo=dt.UTC)
PAIR_PAGE = "/cabinet/pairs/{}/"


@pytest.fixture(autouse=True)
def _wednesday():
    with time_machine.travel(WEDNESDAY, tick=False):
        yield


@pytest.fixture
def own(pair: Pair, people) -> Pair:
    """A pair at work; the mentor and the mentee sign in."""
    Participant.objects.filter(pk=pair.mentor_id).update(user=people.teacher)
    Participant.objects.filter(pk=pair.mentees[0].pk).update(user=people.accountant)
    return at_work(pair, people)


@pytest.fixture
def pages(monkeypatch) -> None:
    """The pages of meetings and programmes as if they were there."""
    known = {"meeting_new": "/m/new/", "meeting_detail": "/m/{}/", "meeting_confirm": "/m/{}/confirm/"}
    known |= {"activity_detail": "/a/{}/", "programme_detail": "/p/{}/"}

    def there(name: str, args: tuple = ()) -> str:
        return known[name].format(*args) if name in known else reverse(name, args=args)

    monkeypatch.setattr(week, "reverse", there)


def shown(user: User, pair: Pair) -> week.Week | None:
    found = panels_for(User.objects.get(pk=user.pk), pair.organisation, day(0))
    return next((panel.data for panel in found if panel.title == "Эта неделя"), None)


def main(user: User, pair: Pair) -> tuple[str, str] | None:
    place = main_for(User.objects.get(pk=user.pk), pair.organisation, day(0))
    return place and (place.label, place.url)


def test_week_holds_meetings_to_come_and_activities_of_the_week(own: Pair, people, pages) -> None:
    planned = met(own, 1, people.teacher, "planned")
    type(planned).objects.filter(pk=planned.pk).update(time=dt.time(14, 30), place="каб. 21", goal="Урок")
    for offset in (-1, 5):
        met(own, offset, people.teacher, "planned")
    made = programme(own)
    lines = {offset: activity(made, offset, title=f"День {offset}") for offset in (-2, 4, 5)}
    activity(made, 0, "checked", title="Проверено")
    data = shown(people.teacher, own)
    assert data is not None
    assert [(line.when, line.title, line.detail, line.url) for line in data.lines] == [
        ("до пн, 23 ноября", "День -2", "", f"/a/{lines[-2].pk}/"),
        (
            "чт, 26 ноября, 14:30",
            f"Встреча: {own.mentees[0].short_name}",
            "каб. 21, Урок",
            f"/m/{planned.pk}/",
        ),
        ("до вс, 29 ноября", "День 4", "", f"/a/{lines[4].pk}/"),
    ]
    assert (data.more, data.left) == (0, None)


def test_delay_moves_an_activity_to_its_new_week(own: Pair, people) -> None:
    made = programme(own)
    activity(made, 0, title="Перенесено", delayed_until=day(10))
    activity(made, -30, title="Сюда", delayed_until=day(2))
    data = shown(people.teacher, own)
    assert data is not None
    assert ([line.title for line in data.lines], data.left) == (["Сюда"], None)


@pytest.mark.parametrize(
    ("state", "version", "seen"),
    [("approved", 1, True), ("draft", 1, True), ("review", 0, False), ("draft", 0, False), ("completed", 1, False)],
)
def test_only_programmes_in_force_fill_the_week(own: Pair, people, state: str, version: int, seen: bool) -> None:
    activity(programme(own, state, version=version), 0)
    assert (shown(people.teacher, own) is not None) is seen


def test_mentee_sees_the_own_and_the_common_lines(own: Pair, people, school) -> None:
    other = card(school, "Ивин Пётр Ильич")
    made = programme(own)
    activity(made, 0, title="Общее")
    activity(made, 1, title="Моё", mentee=own.mentees[0])
    activity(made, 2, title="Чужое", mentee=other)
    seen = {who: shown(getattr(people, who), own) for who in ("accountant", "teacher")}
    assert [line.title for line in seen["accountant"].lines] == ["Общее", "Моё"]
    assert [(line.title, line.detail) for line in seen["teacher"].lines] == [
        ("Общее", ""),
        ("Моё", own.mentees[0].short_name),
        ("Чужое", other.short_name),
    ]


def test_earlier_weeks_are_one_line_for_a_mentee(own: Pair, people, pages) -> None:
    """The mentor's home says it once, in the queue of what is late."""
    made = programme(own)
    for offset in (-20, -9):
        activity(made, offset)
    line = shown(people.accountant, own).left
    assert (line.title, line.detail, line.url) == (
        "С прошлых недель осталось: 2 мероприятия",
        "Срок можно перенести: скажите наставнику.",
        f"/p/{made.pk}/",
    )
    assert shown(people.teacher, own) is None


def test_week_of_a_pair_that_rests_is_empty(own: Pair, people) -> None:
    activity(programme(own), 0)
    assert shown(people.teacher, own) is not None
    PairPause.objects.create(pair=own, starts_on=day(0), reason="болезнь")
    assert shown(people.teacher, own) is None


def test_long_week_is_cut(own: Pair, people) -> None:
    made = programme(own)
    for number in range(7):
        activity(made, 0, title=f"Дело {number}")
    data = shown(people.teacher, own)
    assert data is not None
    assert (len(data.lines), data.more) == (5, 2)


def test_nothing_planned_is_no_panel(own: Pair, people) -> None:
    assert (shown(people.teacher, own), shown(people.curator, own)) == (None, None)


def test_strangers_and_people_without_a_pair_have_no_week(own: Pair, people) -> None:
    activity(programme(own), 0)
    Pair.objects.filter(pk=own.pk).update(ends_on=day(-1))
    assert [shown(one, own) for one in (people.teacher, people.stranger, people.curator)] == [None] * 3
    assert [main(one, own) for one in (people.teacher, people.stranger, people.curator)] == [None] * 3


# --- The button -------------------------------------------------------------------------------------------------------
def test_mentor_records_a_meeting(own: Pair, second, people, pages) -> None:
    assert main(people.teacher, own) == ("Записать встречу", f"/m/new/?pair={own.pk}")
    at_work(form_pair(own.mentor, [second], people.curator), people)
    assert main(people.teacher, own) == ("Записать встречу", "/m/new/")


def test_mentee_confirms_a_meeting_or_opens_the_nearest_activity(own: Pair, people, pages) -> None:
    assert main(people.accountant, own) == ("Открыть свою пару", PAIR_PAGE.format(own.pk))
    made = programme(own)
    activity(made, -3)
    later = activity(made, 3)
    assert main(people.accountant, own) == ("Ближайшее мероприятие", f"/a/{later.pk}/")
    held = met(own, -6, people.teacher)
    met(own, -7, people.teacher)
    assert main(people.accountant, own) == ("Подтвердить встречу", f"/m/{held.pk}/confirm/")
    MeetingConfirmation.objects.create(meeting=held, participant=own.mentees[0], said_on=day(0))
    assert main(people.accountant, own) == ("Ближайшее мероприятие", f"/a/{later.pk}/")


def fill(pair: Pair, people) -> None:
    made = programme(pair)
    activity(made, 0)
    activity(made, -20)
    met(pair, 1, people.teacher, "planned")
    met(pair, -2, people.teacher)


@pytest.mark.parametrize("who", ["teacher", "accountant", "curator", "director"])
def test_homes_cost_the_same_for_one_and_three(own: Pair, school, people, client_of, queries, who: str) -> None:
    fill(own, people)
    client = client_of(getattr(people, who))
    first = queries(client, "/cabinet/")
    for name in ("Ракитина Мария Ильинична", "Ивин Пётр Ильич"):
        fill(at_work(form_pair(own.mentor, [card(school, name)], people.curator), people), people)
    assert queries(client, "/cabinet/") == first


def test_week_button_and_figures_cost_so_many_queries(
    own: Pair, school, people, pages, django_assert_num_queries
) -> None:
    fill(own, people)
    for name in ("Ракитина Мария Ильинична", "Ивин Пётр Ильич"):
        fill(at_work(form_pair(own.mentor, [card(school, name)], people.curator), people), people)
    with django_assert_num_queries(6):
        assert len(list(week.this_week(people.teacher, school, day(0)))) == 1
    with django_assert_num_queries(2):
        assert len(list(week.main_step(people.teacher, school, day(0)))) == 1
    with django_assert_num_queries(3):
        assert len(list(week.main_step(people.accountant, school, day(0)))) == 1
    assert people.curator.standings
    with django_assert_num_queries(4):
        assert len(list(board_figures(people.curator, school, day(0)))) == 2
