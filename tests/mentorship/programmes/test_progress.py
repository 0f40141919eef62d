"""Progress: done, checked, returned, delayed, overdue, overcome; every state × every step; also while corrected."""

from __future__ import annotations

import pytest

from accounts.permissions import Forbidden
from core.transitions import Refused, move, obstacles_of
from mentorship.models import Activity, ActivityState
from mentorship.services.programme_lines import change_activity
from mentorship.services.programme_progress import (
    answer_delay,
    ask_delay,
    check_activity,
    do_activity,
    give_back_activity,
    overcome_focus,
)
from tests.mentorship.builders import day
from tests.mentorship.programmes.builders import approved, corrected, drafted, fresh, line
from tests.mentorship.programmes.test_lines import values_of

STEPS = {
    ("planned", "do"),
    ("planned", "check"),
    ("planned", "cancel"),
    ("done", "check"),
    ("done", "give_back"),
    ("done", "cancel"),
}


@pytest.fixture
def activity(pair, people, mentor_user, mentee_user) -> Activity:
    """The first line of an approved programme whose people sign in."""
    return approved(pair, people).activities.first()


def do(activity: Activity, user, result: str = "Посетил два урока") -> None:
    do_activity(activity=activity, result=result, done_on=day(0), actor=fresh(user))


@pytest.mark.parametrize("step", Activity.TRANSITIONS)
@pytest.mark.parametrize("state", ActivityState.values)
def test_every_state_and_every_step(state, step, activity, people) -> None:
    Activity.objects.filter(pk=activity.pk).update(state=state)
    activity.refresh_from_db()
    allowed = (state, step) in STEPS
    assert (obstacles_of(activity, step) == []) is allowed
    if allowed:
        move(activity, step, actor=people.curator)
        assert activity.state == Activity.TRANSITIONS[step].target


def test_mentee_does_and_the_mentor_checks(activity, mentor_user, mentee_user) -> None:
    do(activity, mentee_user)
    activity.refresh_from_db()
    assert (activity.state, activity.actual_result, activity.done_on) == ("done", "Посетил два урока", day(0))
    check_activity(activity=activity, mark="Отлично", result="", actor=fresh(mentor_user))
    activity.refresh_from_db()
    assert (activity.state, activity.mark, activity.actual_result) == ("checked", "Отлично", "Посетил два урока")


def test_mentor_returns_with_a_reason(activity, mentor_user, mentee_user) -> None:
    do(activity, mentee_user)
    give_back_activity(activity=activity, reason="Нет разбора", actor=fresh(mentor_user))
    activity.refresh_from_db()
    assert (activity.state, activity.return_reason, activity.done_on) == ("planned", "Нет разбора", None)


def test_mentee_does_not_check(activity, mentee_user) -> None:
    do(activity, mentee_user)
    with pytest.raises(Forbidden):
        check_activity(activity=activity, mark="Сам", result="", actor=fresh(mentee_user))


def test_draft_has_no_progress(pair, people, mentor_user) -> None:
    row = drafted(pair, people).activities.first()
    with pytest.raises(Refused, match="после утверждения"):
        do(row, mentor_user)


def test_day_of_doing_is_not_in_the_future(activity, mentee_user) -> None:
    with pytest.raises(Refused, match="не позже сегодняшнего"):
        do_activity(activity=activity, result="Успел", done_on=day(1), actor=fresh(mentee_user))


def test_line_of_another_mentee_is_not_marked(group, people, mentor_user, mentee_user, second_user) -> None:
    programme = approved(group, people)
    Activity.objects.filter(pk=programme.activities.first().pk).update(mentee=group.mentees[1])
    row = programme.activities.first()
    with pytest.raises(Refused, match="для другого наставляемого"):
        do(row, mentee_user)
    do(row, second_user)


# --- Delays -----------------------------------------------------------------------------------------------------------
def late(activity: Activity) -> Activity:
    Activity.objects.filter(pk=activity.pk).update(due_on=day(-3), approved_due_on=day(-3))
    activity.refresh_from_db()
    return activity


def overdue() -> list[str]:
    return [one.title for one in Activity.objects.overdue(day(0))]


def test_accepted_delay_makes_a_line_not_overdue(activity, mentor_user, mentee_user) -> None:
    late(activity)
    assert (overdue(), activity.is_overdue_on(day(0))) == (["Шаг 1"], True)
    ask_delay(activity=activity, until=day(5), reason="Болел", actor=fresh(mentee_user))
    assert overdue() == ["Шаг 1"]
    answer_delay(activity=activity, accepted=True, actor=fresh(mentor_user))
    activity.refresh_from_db()
    assert (overdue(), activity.due, activity.is_overdue_on(day(0))) == ([], day(5), False)


def test_declined_delay_leaves_the_day(activity, mentor_user, mentee_user) -> None:
    late(activity)
    ask_delay(activity=activity, until=day(5), reason="Болел", actor=fresh(mentee_user))
    answer_delay(activity=activity, accepted=False, actor=fresh(mentor_user))
    assert overdue() == ["Шаг 1"]
    with pytest.raises(Refused, match="уже ответили"):
        answer_delay(activity=activity, accepted=True, actor=fresh(mentor_user))


def test_delay_stays_within_the_term(activity, pair, mentee_user) -> None:
    with pytest.raises(Refused, match="внутри срока программы"):
        ask_delay(activity=activity, until=day(300), reason="Потом", actor=fresh(mentee_user))
    with pytest.raises(Refused, match="позже прежнего"):
        ask_delay(activity=activity, until=day(1), reason="Раньше", actor=fresh(mentee_user))


def test_mentor_who_asks_has_decided(activity, mentor_user) -> None:
    ask_delay(activity=activity, until=day(50), reason="Каникулы", actor=fresh(mentor_user))
    activity.refresh_from_db()
    assert (activity.delayed_until, activity.delay_until_asked) == (day(50), None)


def test_delay_within_two_days_of_each_other_is_kept(activity, mentor_user) -> None:
    """A second delay goes on from the first."""
    ask_delay(activity=activity, until=day(50), reason="Каникулы", actor=fresh(mentor_user))
    with pytest.raises(Refused, match="позже прежнего"):
        ask_delay(activity=Activity.objects.get(pk=activity.pk), until=day(40), reason="Ой", actor=fresh(mentor_user))


# --- While a correction is drafted ------------------------------------------------------------------------------------
def test_lines_in_force_go_on_while_they_are_being_corrected(pair, people, mentor_user, mentee_user) -> None:
    programme = corrected(pair, people)
    row = programme.activities.first()
    values = values_of(row, due_on=day(100), title="Иначе")
    change_activity(activity=row, values=values, seen=row.revision, actor=people.curator)
    do(row, mentee_user)
    row.refresh_from_db()
    assert (row.state, row.approved_due_on, row.due) == ("done", day(20), day(20))
    added = line(programme, people, "Ещё не утверждено")
    with pytest.raises(Refused, match="после утверждения"):
        do(added, mentee_user)


def test_proposed_day_does_not_hide_what_is_overdue(pair, people) -> None:
    programme = corrected(pair, people)
    row = late(programme.activities.first())
    Activity.objects.filter(pk=row.pk).update(due_on=day(100))
    assert overdue() == ["Шаг 1"]


# --- What is overcome -------------------------------------------------------------------------------------------------
def test_mentor_says_that_a_difficulty_is_overcome(activity, mentor_user, mentee_user) -> None:
    focus = activity.focus
    with pytest.raises(Forbidden):
        overcome_focus(focus=focus, overcome=True, actor=fresh(mentee_user))
    overcome_focus(focus=focus, overcome=True, actor=fresh(mentor_user))
    focus.refresh_from_db()
    assert focus.overcome_on == day(0)
    overcome_focus(focus=focus, overcome=False, actor=fresh(mentor_user))
    focus.refresh_from_db()
    assert focus.overcome_on is None
