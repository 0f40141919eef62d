"""The secret calendar of a person: who gets an address, what stands in it, when it says nothing."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Forbidden
from core.models import JournalEntry
from mentorship.models import CalendarFeed, MeetingKind, Pair
from mentorship.services.feeds import make_feed, revoke_feed
from mentorship.services.meeting_plans import Plan, move_meeting
from mentorship.services.meetings import cancel_meeting
from tests.core.test_ical import read
from tests.mentorship.builders import card, day
from tests.mentorship.meeting_builders import held, planned, working


@pytest.fixture
def pair(mentor, mentee, leader, people) -> Pair:
    return working(mentor, [mentee], people, "1")


def address(token: str) -> str:
    return reverse("calendar_feed_file", args=[token])


def events(token: str) -> list[dict[str, str]]:
    answer = Client().get(address(token))
    assert answer.status_code == 200
    return read(answer.content.decode())


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


def test_feed_holds_the_own_meetings_with_short_names(pair, leader, school, people) -> None:
    foreign = working(card(school, "Акимова Зоя Ильинична"), [card(school, "Белов Юрий Петрович")], people, "2")
    held(foreign, people.curator, -2)
    planned(pair, leader, 5, time=dt.time(15, 10), place="Кабинет 12, второй этаж")
    (found,) = events(make_feed(actor=again(leader)))
    assert found["SUMMARY"].replace("\xa0", " ") == "Организационная встреча: Верескова А. П. — Ольхин Б. В."
    assert found["LOCATION"] == "Кабинет 12, второй этаж"
    assert found["DTSTART"] == f"{day(5):%Y%m%d}T121000Z"


def test_feed_tells_of_moves_and_cancellations(pair, leader) -> None:
    meeting = planned(pair, leader, 5)
    token = make_feed(actor=again(leader))
    before = events(token)[0]
    move_meeting(meeting=meeting, plan=Plan(day=day(6), kind=MeetingKind.REGULAR), actor=leader)
    cancel_meeting(meeting=meeting, reason="ТАЙНАЯ причина", actor=leader)
    (after,) = events(token)
    assert (before["UID"], before["SEQUENCE"], before["STATUS"]) == (after["UID"], "0", "CONFIRMED")
    assert (after["SEQUENCE"], after["STATUS"]) == ("2", "CANCELLED")
    assert "ТАЙНАЯ" not in str(after)


def test_story_of_a_meeting_is_not_in_the_feed(pair, leader) -> None:
    held(pair, leader, -2, goal="ТАЙНАЯ цель", done="ТАЙНЫЙ рассказ", next_step="ТАЙНЫЙ шаг")
    assert "ТАЙН" not in str(events(make_feed(actor=again(leader))))


def test_token_is_kept_hashed_and_out_of_the_history(pair, leader) -> None:
    token = make_feed(actor=again(leader))
    assert token not in str(CalendarFeed.objects.values())
    assert not any(token in str((one.text, one.changes, one.subject_text)) for one in JournalEntry.objects.all())


def test_new_address_puts_the_old_one_out_of_use(pair, leader) -> None:
    first, second = make_feed(actor=again(leader)), make_feed(actor=again(leader))
    assert [Client().get(address(token)).status_code for token in (first, second)] == [404, 200]
    assert CalendarFeed.objects.count() == 1
    revoke_feed(actor=again(leader))
    assert Client().get(address(second)).status_code == 404


@pytest.mark.parametrize("token", ["x", "0" * 43, "я", "a" * 5000])
def test_unknown_address_says_nothing(pair, leader, token) -> None:
    make_feed(actor=again(leader))
    assert Client().get(f"/calendar/{token}.ics").status_code == 404


def test_address_of_somebody_whose_sign_in_is_closed_says_nothing(pair, leader) -> None:
    token = make_feed(actor=again(leader))
    User.objects.filter(pk=leader.pk).update(is_active=False)
    assert Client().get(address(token)).status_code == 404


def test_feed_is_empty_once_the_pair_is_over(pair, leader) -> None:
    held(pair, leader, -2)
    token = make_feed(actor=again(leader))
    Pair.objects.filter(pk=pair.pk).update(ends_on=day(-1))
    assert events(token) == []


def test_feed_is_private_and_costs_the_same_for_any_number(pair, leader, queries) -> None:
    token = make_feed(actor=again(leader))
    client = Client()
    held(pair, leader, -9)
    before = queries(client, address(token))
    for offset in (-5, -3):
        held(pair, leader, offset, MeetingKind.REGULAR)
    assert (before, queries(client, address(token))) == (4, 4)
    answer = client.get(address(token))
    assert (answer["Cache-Control"], answer["Content-Type"]) == ("private, max-age=900", "text/calendar; charset=utf-8")
    assert client.post(address(token)).status_code == 405


def test_address_is_shown_once(pair, leader, client_of, journal_count) -> None:
    client, url = client_of(leader), reverse("calendar_feed")
    before = journal_count()
    shown = client.post(url).context["address"]
    assert Client().get(shown.partition("//")[2].partition("/")[1] + shown.split("/", 3)[3]).status_code == 200
    assert (client.get(url).context["address"], journal_count()) == ("", before + 1)
    client.post(reverse("calendar_feed_revoke"))
    assert CalendarFeed.objects.count() == 0
    assert client.get(reverse("calendar_feed_revoke")).status_code == 405


def test_feed_is_for_those_who_meet(people, client_of) -> None:
    for person in (people.curator, people.teacher, people.stranger):
        assert client_of(person).get(reverse("calendar_feed")).status_code == 403
        with pytest.raises(Forbidden):
            make_feed(actor=person)
