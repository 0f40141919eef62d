"""The journal of meetings: what becomes an entry, who mends it, what the other side says, when a school worries."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from accounts.models import Letter
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused, move
from mentorship.models import (
    Activity,
    Meeting,
    MeetingConfirmation,
    MeetingKind,
    MeetingState,
    Pair,
    Programme,
    ProgrammeState,
)
from mentorship.models.meeting_law import FORMER, next_kind
from mentorship.models.meetings import AGREED, TOO_OLD
from mentorship.services.meetings import (
    NOT_AUTHOR,
    NOT_HELD,
    NOT_YOURS,
    WRITTEN_TWICE,
    cancel_meeting,
    change_meeting,
    confirm_meeting,
    proposal,
    record_meeting,
)
from tests.mentorship.builders import day
from tests.mentorship.meeting_builders import entry, held, in_state, planned, working

Kind = MeetingKind


@pytest.fixture
def pair(mentor, mentee, leader, learner, people) -> Pair:
    """In force for a hundred days already; both of its people sign in."""
    return working(mentor, [mentee], people, "1")


def refusals(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return refused.value.obstacles


# --- What a new entry begins with -------------------------------------------------------------------------------------
def test_first_entry_is_organisational_today_of_usual_length(pair) -> None:
    assert proposal(pair) == {
        "day": day(0), "kind": Kind.ORGANISATIONAL, "minutes": 45, "place": "", "goal": "", "activity": None,
    }  # fmt: skip


def test_entry_repeats_place_and_length_and_takes_the_next_step_for_its_goal(pair, leader) -> None:
    held(pair, leader, -3, place="Кабинет 12", minutes=30, next_step="Составить конспект")
    known = proposal(pair)
    assert (known["place"], known["minutes"], known["goal"]) == ("Кабинет 12", 30, "Составить конспект")


def test_entry_takes_the_next_activity_where_nobody_said_what_is_next(pair, leader) -> None:
    programme = Programme.objects.create(
        organisation=pair.organisation, pair=pair, title="Программа", starts_on=pair.starts_on, ends_on=pair.ends_on,
        state=ProgrammeState.APPROVED, version=1,
    )  # fmt: skip
    Activity.objects.create(programme=programme, title="Второе", due_on=day(20))
    nearest = Activity.objects.create(programme=programme, title="Разбор урока", due_on=day(5))
    known = proposal(pair)
    assert (known["goal"], known["activity"]) == ("Разбор урока", nearest)
    Programme.objects.update(state=ProgrammeState.DROPPED)
    assert proposal(pair)["activity"] is None


def test_entry_takes_over_the_plan_of_the_day(pair, leader) -> None:
    planned(pair, leader, 0, place="Библиотека", minutes=60, goal="Познакомиться")
    known = proposal(pair)
    assert (known["place"], known["minutes"], known["goal"]) == ("Библиотека", 60, "Познакомиться")


@pytest.mark.parametrize(
    ("met", "expected"),
    [
        ([], Kind.ORGANISATIONAL),
        ([Kind.REQUEST], Kind.ORGANISATIONAL),
        ([Kind.ORGANISATIONAL], Kind.TRIAL),
        ([Kind.ORGANISATIONAL, Kind.TRIAL], Kind.PLANNING),
        ([Kind.ORGANISATIONAL, Kind.PLANNING], Kind.REGULAR),
        ([Kind.ORGANISATIONAL, Kind.REGULAR], Kind.REGULAR),
        ([Kind.ORGANISATIONAL, Kind.FINAL], Kind.REGULAR),
    ],
)
def test_proposed_kind_climbs_the_ladder(met, expected) -> None:
    assert next_kind([Meeting(kind=kind, day=day(0)) for kind in met]) == expected


# --- Writing down -----------------------------------------------------------------------------------------------------
def test_recording_writes_the_journal_without_the_story(pair, leader, journal_count) -> None:
    before = journal_count()
    meeting = held(pair, leader, done="КАНАРЕЙКА-рассказ")
    assert (meeting.state, meeting.entered_by, meeting.minutes) == (MeetingState.HELD, leader, 45)
    assert journal_count() == before + 1
    assert not any("КАНАРЕЙКА" in str((one.text, one.changes)) for one in JournalEntry.objects.all())


def test_meeting_planned_for_the_day_becomes_the_entry(pair, leader) -> None:
    plan = planned(pair, leader, 0, place="Библиотека")
    meeting = held(pair, leader, 0, place="Кабинет 3")
    assert (meeting.pk, meeting.state, meeting.place, Meeting.objects.count()) == (plan.pk, "held", "Кабинет 3", 1)


def test_meeting_of_another_day_stays_planned(pair, leader) -> None:
    planned(pair, leader, 5, kind=Kind.REGULAR)
    held(pair, leader, 0)
    assert sorted(Meeting.objects.values_list("state", flat=True)) == ["held", "planned"]


def test_named_plan_becomes_the_entry_on_another_day(pair, leader) -> None:
    plan = planned(pair, leader, -5)
    meeting = record_meeting(pair=pair, entry=entry(-4), actor=leader, planned=plan)
    assert (meeting.pk, meeting.day, Meeting.objects.count()) == (plan.pk, day(-4), 1)


def test_same_entry_is_not_written_twice(pair, leader) -> None:
    held(pair, leader, -2, Kind.ORGANISATIONAL)
    held(pair, leader, -1, Kind.REGULAR)
    with pytest.raises(Refused) as refused:
        held(pair, leader, -1, Kind.REGULAR)
    assert refusals(refused) == [WRITTEN_TWICE]
    held(pair, leader, -1, Kind.REGULAR, done="Вторая встреча того же дня.")


def test_curator_enters_a_paper_journal_and_both_sides_are_asked(pair, people) -> None:
    meeting = held(pair, people.curator, -30)
    assert [one.surname for one in meeting.confirmers()] == ["Верескова", "Ольхин"]


def test_former_pair_is_added_to_by_the_curator_alone(pair, leader, people) -> None:
    Pair.objects.filter(pk=pair.pk).update(state="closed", closing_ground="cancelled", ends_on=day(-5))
    pair.refresh_from_db()
    with pytest.raises(Forbidden):
        held(pair, leader, -10)
    assert held(pair, people.curator, -10).state == MeetingState.HELD
    assert "только куратор" in FORMER


def test_strangers_do_not_write(pair, people) -> None:
    for actor in (people.stranger, people.director, people.teacher):
        with pytest.raises(Forbidden):
            held(pair, actor)


# --- States -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", MeetingState.values)
@pytest.mark.parametrize("step", Meeting.TRANSITIONS)
def test_each_step_leads_only_from_its_states(pair, leader, state, step) -> None:
    meeting = in_state(pair, leader, state)
    if state in Meeting.TRANSITIONS[step].sources:
        move(meeting, step, actor=leader, cancel_reason="болезнь" if step != "hold" else "")
        assert meeting.state == Meeting.TRANSITIONS[step].target
    else:
        with pytest.raises(Refused):
            move(meeting, step, actor=leader)
        meeting.refresh_from_db()
        assert meeting.state == state


def test_cancelling_needs_a_reason_in_the_data_too(pair, leader) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(pair=pair, state="cancelled", day=day(0), entered_by=leader)


def test_cancelling_tells_the_others_and_keeps_the_reason_out_of_the_history(pair, leader, learner) -> None:
    meeting = planned(pair, leader, 3)
    Letter.objects.all().delete()
    cancel_meeting(meeting=meeting, reason="КАНАРЕЙКА-болезнь", actor=leader)
    assert [(one.user, one.subject) for one in Letter.objects.all()] == [
        (learner, f"Встреча {day(3):%d.%m.%Y} отменена")
    ]
    assert not any("КАНАРЕЙКА" in str((one.text, one.changes)) for one in JournalEntry.objects.all())
    meeting.refresh_from_db()
    assert (meeting.sequence, meeting.cancel_reason) == (1, "КАНАРЕЙКА-болезнь")


def test_entry_is_struck_out_by_its_author_until_it_is_agreed(pair, leader, learner) -> None:
    meeting = held(pair, leader)
    with pytest.raises(Refused) as refused:
        cancel_meeting(meeting=meeting, reason="по ошибке", actor=learner)
    assert refusals(refused) == [NOT_AUTHOR]
    confirm_meeting(meeting=meeting, agrees=True, text="", actor=learner)
    with pytest.raises(Refused) as refused:
        cancel_meeting(meeting=meeting, reason="по ошибке", actor=leader)
    assert refusals(refused) == [AGREED]
    MeetingConfirmation.objects.all().delete()
    cancel_meeting(meeting=meeting, reason="по ошибке", actor=leader)
    assert Meeting.objects.get().state == MeetingState.CANCELLED


# --- Mending ----------------------------------------------------------------------------------------------------------
def test_author_mends_an_entry_and_the_history_says_what(pair, leader) -> None:
    meeting = held(pair, leader, -3, place="Кабинет 1", done="Старое")
    change_meeting(meeting=meeting, entry=entry(-2, place="Кабинет 2", done="Новое"), actor=leader)
    last = JournalEntry.objects.about(meeting)[0]
    assert {one["field"]: (one["old"], one["new"]) for one in last.changes} == {
        "День": (f"{day(-3):%d.%m.%Y}", f"{day(-2):%d.%m.%Y}"),
        "Место или ссылка": ("Кабинет 1", "Кабинет 2"),
        "Что сделано": ("указано", "изменено"),
    }


def test_mending_nothing_writes_nothing(pair, leader, journal_count) -> None:
    meeting = held(pair, leader, -3)
    before = journal_count()
    change_meeting(meeting=meeting, entry=entry(-3), actor=leader)
    assert journal_count() == before


def test_other_side_does_not_rewrite_an_entry(pair, leader, learner, people) -> None:
    meeting = held(pair, leader)
    for actor in (learner, people.curator):
        with pytest.raises(Refused) as refused:
            change_meeting(meeting=meeting, entry=entry(), actor=actor)
        assert refusals(refused) == [NOT_AUTHOR]


def test_agreed_entry_is_not_rewritten(pair, leader, learner) -> None:
    meeting = held(pair, leader)
    confirm_meeting(meeting=meeting, agrees=True, text="", actor=learner)
    with pytest.raises(Refused) as refused:
        change_meeting(meeting=meeting, entry=entry(done="Иначе"), actor=leader)
    assert refusals(refused) == [AGREED]


@pytest.mark.parametrize(("days", "free"), [(14, True), (15, False)])
def test_entry_is_rewritten_for_two_weeks(pair, leader, days, free) -> None:
    meeting = held(pair, leader)
    Meeting.objects.update(entered_at=timezone.now() - dt.timedelta(days=days, hours=1))
    meeting.refresh_from_db()
    if free:
        change_meeting(meeting=meeting, entry=entry(done="Иначе"), actor=leader)
    else:
        with pytest.raises(Refused) as refused:
            change_meeting(meeting=meeting, entry=entry(done="Иначе"), actor=leader)
        assert refusals(refused) == [TOO_OLD]


def test_planned_meeting_is_not_mended_as_an_entry(pair, leader) -> None:
    with pytest.raises(Refused) as refused:
        change_meeting(meeting=planned(pair, leader), entry=entry(), actor=leader)
    assert refusals(refused) == [NOT_HELD]


def test_mended_entry_asks_whoever_disagreed_again(pair, leader, learner) -> None:
    meeting = held(pair, leader)
    confirm_meeting(meeting=meeting, agrees=False, text="Встреча была короче", actor=learner)
    change_meeting(meeting=meeting, entry=entry(minutes=20), actor=leader)
    assert Meeting.objects.get().word() == ("не подтверждена", "wait")


def test_mending_keeps_to_the_order_of_kinds(pair, leader) -> None:
    held(pair, leader, -5)
    meeting = held(pair, leader, -3, Kind.REGULAR)
    with pytest.raises(Refused):
        change_meeting(meeting=meeting, entry=entry(-3, Kind.ORGANISATIONAL), actor=leader)


# --- The word of the other side ---------------------------------------------------------------------------------------
def test_silence_is_not_a_yes(pair, leader) -> None:
    meeting = held(pair, leader)
    assert meeting.word() == ("не подтверждена", "wait")
    assert list(Meeting.objects.unconfirmed()) == [meeting]
    assert list(Meeting.objects.confirmed()) == []


@pytest.mark.parametrize(
    ("agrees", "text", "word", "lists"),
    [
        (True, "", ("подтверждена", "ok"), (1, 0, 0)),
        (True, "И обсудили план", ("подтверждена", "ok"), (1, 0, 0)),
        (False, "Было 20 минут", ("было иначе", "no"), (0, 0, 1)),
    ],
)
def test_other_side_confirms_adds_or_disputes(pair, leader, learner, agrees, text, word, lists) -> None:
    meeting = held(pair, leader)
    confirm_meeting(meeting=meeting, agrees=agrees, text=text, actor=learner)
    rows = Meeting.objects
    assert Meeting.objects.get().word() == word
    assert (rows.confirmed().count(), rows.unconfirmed().count(), rows.disputed().count()) == lists


def test_dispute_needs_words(pair, leader, learner) -> None:
    with pytest.raises(Refused):
        confirm_meeting(meeting=held(pair, leader), agrees=False, text="", actor=learner)
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingConfirmation.objects.create(
            meeting=Meeting.objects.get(), participant=pair.mentor, agrees=False, said_on=day(0)
        )


def test_dispute_tells_the_author_and_may_be_taken_back(pair, leader, learner) -> None:
    meeting = held(pair, leader)
    Letter.objects.all().delete()
    confirm_meeting(meeting=meeting, agrees=False, text="Было иначе", actor=learner)
    assert [one.user for one in Letter.objects.all()] == [leader]
    confirm_meeting(meeting=meeting, agrees=True, text="", actor=learner)
    assert Meeting.objects.get().word() == ("подтверждена", "ok")


def test_nobody_confirms_their_own_entry_or_twice(pair, leader, learner) -> None:
    meeting = held(pair, leader)
    with pytest.raises(Refused) as refused:
        confirm_meeting(meeting=meeting, agrees=True, text="", actor=leader)
    assert refusals(refused) == [NOT_YOURS]
    confirm_meeting(meeting=meeting, agrees=True, text="", actor=learner)
    with pytest.raises(Refused):
        confirm_meeting(meeting=meeting, agrees=True, text="", actor=learner)


def test_mentor_confirms_what_a_mentee_wrote(pair, leader, learner) -> None:
    meeting = held(pair, learner)
    assert [one.surname for one in meeting.confirmers()] == ["Верескова"]
    confirm_meeting(meeting=meeting, agrees=True, text="", actor=leader)
    assert Meeting.objects.confirmed().count() == 1


def test_only_the_pair_confirms(pair, leader, people) -> None:
    for actor in (people.curator, people.stranger):
        with pytest.raises(Forbidden):
            confirm_meeting(
                meeting=held(pair, leader, done=actor.username, kind="request"), agrees=True, text="", actor=actor
            )
