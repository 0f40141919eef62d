"""Reminders to many pairs: what is shown, what leaves, who is left out, the slips."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.utils import timezone

from accounts.models import Letter, ProductionDay
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Pair, PairState, Participant, Reminder
from mentorship.models.reminders import ReminderKind
from mentorship.services.reminders import (
    HOLIDAYS,
    MOST_PAIRS,
    NOBODY,
    TOO_MANY,
    Mailing,
    rest_on,
    send_reminder,
    words_for,
)
from tests.mentorship.builders import day
from tests.mentorship.reminding import MENTORS, holiday, loaded, pairs, send, shown

__all__ = ["holiday", "pairs"]
pytestmark = pytest.mark.django_db


# --- The letters ------------------------------------------------------------------------------------------------------
def test_person_of_several_pairs_gets_one_letter(pairs) -> None:
    letters = shown()
    assert list(letters) == ["Верескова", "Осокина"]
    assert letters["Верескова"].body.splitlines() == [
        "Алла Петровна, здравствуйте!",
        "",
        "Общие слова.",
        "",
        f"– {pairs[0].title}: последняя встреча {day(-40):%d.%m.%Y}",
        f"– {pairs[1].title}: записанных встреч ещё нет",
    ]
    assert [one.by_letter for one in letters.values()] == [True, False]


@pytest.mark.parametrize(
    ("audience", "names"),
    [
        ("mentors", ["Верескова", "Осокина"]),
        ("mentees", ["Ивин", "Ольхин", "Ракитина"]),
        ("everybody", ["Верескова", "Ивин", "Ольхин", "Осокина", "Ракитина"]),
    ],
)
def test_letters_go_to_the_chosen_side(pairs, audience: str, names: list[str]) -> None:
    assert list(shown(Mailing("other", audience, "Тема", "Слова"))) == names


def test_closed_pairs_and_those_who_left_are_not_written_to(pairs) -> None:
    Pair.objects.filter(pk=pairs[2].pk).update(state=PairState.CLOSED, closing_ground="term")
    assert list(shown()) == ["Верескова"]
    Participant.objects.filter(pk=pairs[0].mentor_id).update(left_on=day(-1))
    assert shown() == {}


def test_letter_names_the_consents_of_its_reader_alone(pairs) -> None:
    letters = shown(Mailing("consents", "everybody", "Тема", "Слова"))
    assert (
        letters["Ивин"]
        .body.splitlines()[-1]
        .endswith(": согласие: обработка персональных данных; согласие: участие в паре")
    )
    assert "участие в паре" not in letters["Осокина"].body


@pytest.mark.parametrize("kind", [kind for kind in ReminderKind.values if kind != "other"])
def test_every_kind_has_words_for_both_sides(kind: str) -> None:
    (subject, to_mentors), (same, to_mentees) = words_for(kind, "mentors"), words_for(kind, "mentees")
    assert (subject == same, bool(to_mentors), bool(to_mentees), to_mentors != to_mentees) == (True, True, True, True)


def test_nothing_is_demanded_of_a_mentee() -> None:
    words = " ".join(words_for(kind, "mentees")[1].lower() for kind in ReminderKind.values)
    assert [word for word in ("обязан", "должн", "необходимо", "срочно", "требует") if word in words] == []


# --- Sending ----------------------------------------------------------------------------------------------------------
def test_sending_writes_letters_rows_and_history(pairs, school, people, journal_count) -> None:
    before = journal_count()
    reminder = send(school, people)
    letter = Letter.objects.get()
    assert (letter.user, letter.subject, letter.organisation) == (people.teacher, "Тема", school)
    rows = {one.participant.surname: one for one in reminder.letters.all()}
    assert {name: (one.by_letter, one.letter) for name, one in rows.items()} == {
        "Верескова": (True, letter),
        "Осокина": (False, None),
    }
    assert rows["Верескова"].body == letter.body == shown()["Верескова"].body
    assert journal_count() == before + 1
    entry = JournalEntry.objects.latest("pk")
    assert (entry.event, entry.text) == ("mentorship.reminder.send", "Разослано: 1 письмо, 1 записка. Тема: Тема.")


def test_only_the_chosen_are_written_to(pairs, school, people) -> None:
    reminder = send(school, people, ["Осокина"])
    assert ([one.participant.surname for one in reminder.letters.all()], Letter.objects.count()) == (["Осокина"], 0)


def test_blocked_login_gets_a_slip(pairs, school, people) -> None:
    people.teacher.is_active = False
    people.teacher.save(update_fields=["is_active"])
    send(school, people)
    assert Letter.objects.count() == 0


def test_second_click_finds_nobody_left(pairs, school, people) -> None:
    at = timezone.now()
    send(school, people, shown_at=at)
    with pytest.raises(Refused) as refusal:
        send(school, people, shown_at=at)
    assert (refusal.value.obstacles, Reminder.objects.count()) == ([NOBODY], 1)


def test_without_the_compare_a_second_click_sends_again(pairs, school, people, monkeypatch) -> None:
    """What the question «who was reminded since the letters were shown» is there for."""
    at = timezone.now()
    send(school, people, shown_at=at)
    monkeypatch.setattr("mentorship.services.reminders.reminded", lambda people, since: {})
    send(school, people, shown_at=at)
    assert (Reminder.objects.count(), Letter.objects.count()) == (2, 2)


def test_moment_from_the_future_opens_no_way_to_send_twice(pairs, school, people) -> None:
    with time_machine.travel(timezone.now(), tick=False):
        send(school, people)
        with pytest.raises(Refused):
            send(school, people, shown_at=timezone.now() + dt.timedelta(days=9))


def test_too_many_pairs_are_refused(pairs, school, people, monkeypatch) -> None:
    monkeypatch.setattr("mentorship.services.reminders.MOST_PAIRS", 2)
    with pytest.raises(Refused) as refusal:
        send(school, people)
    assert (refusal.value.obstacles, MOST_PAIRS) == ([TOO_MANY], 300)


def test_pairs_of_another_school_are_refused(pairs, other_school, people) -> None:
    with pytest.raises(Forbidden):
        send_reminder(
            organisation=other_school,
            pairs=loaded(),
            mailing=MENTORS,
            chosen={pairs[0].mentor_id},
            shown_at=timezone.now(),
            actor=people.stranger,
        )


@pytest.mark.parametrize("who", ["director", "inspector", "teacher", "stranger"])
def test_only_the_curator_of_the_school_reminds(pairs, school, people, who: str) -> None:
    with pytest.raises(Forbidden):
        send(school, people, actor=getattr(people, who))


# --- Holidays ---------------------------------------------------------------------------------------------------------
def test_holidays_are_those_of_the_school_and_of_the_country(school, other_school, holiday) -> None:
    assert (rest_on(school, day(0)), rest_on(school, day(1)), rest_on(other_school, day(0))) == (
        *("осенние каникулы", "", ""),
    )
    ProductionDay.objects.update_or_create(day=day(1), defaults={"kind": "holiday", "name": "День знаний"})
    assert rest_on(other_school, day(1)) == "День знаний"


def test_in_holidays_letters_leave_only_confirmed(pairs, school, people, holiday) -> None:
    with pytest.raises(Refused) as refusal:
        send(school, people)
    assert refusal.value.obstacles == [HOLIDAYS]
    assert send(school, people, in_holidays=True).letters.count() == 2
