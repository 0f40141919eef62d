"""The law of meetings: which kinds once and in what order, on what days; when a school begins to worry."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Term
from core.transitions import Refused
from mentorship.models import (
    Meeting,
    MeetingKind,
    MeetingRules,
    Pair,
    PairPause,
    lights_of,
    meeting_light,
    with_last_meeting,
)
from mentorship.models.meeting_law import NOT_IN_FORCE, order_faults
from mentorship.models.meeting_rules import idle_days
from mentorship.services.meetings import (
    cancel_meeting,
    meeting_warnings,
)
from tests.mentorship.builders import day, form_pair, word
from tests.mentorship.meeting_builders import held, planned, working

Kind = MeetingKind


@pytest.fixture
def pair(mentor, mentee, leader, learner, people) -> Pair:
    """In force for a hundred days already; both of its people sign in."""
    return working(mentor, [mentee], people, "1")


def refusals(refused: pytest.ExceptionInfo[Refused]) -> list[str]:
    return refused.value.obstacles


# --- BR-30: kinds and days --------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [Kind.ORGANISATIONAL, Kind.TRIAL, Kind.PLANNING, Kind.FINAL])
def test_br_30_each_kind_but_the_regular_happens_once(pair, leader, kind) -> None:
    if kind != Kind.ORGANISATIONAL:
        held(pair, leader, -20)
    held(pair, leader, -10, kind)
    with pytest.raises(Refused) as refused:
        held(pair, leader, -9, kind, done="Ещё раз.")
    assert "бывает одна" in refusals(refused)[0]


def test_br_30_regular_meetings_happen_any_number_of_times(pair, leader) -> None:
    held(pair, leader, -20)
    for offset in (-3, -2, -1):
        held(pair, leader, offset, Kind.REGULAR)
    assert Meeting.objects.held().count() == 4


def test_br_30_database_forbids_what_a_service_would_miss(pair, leader) -> None:
    held(pair, leader, -20)
    rows = {"pair": pair, "day": day(-1), "minutes": 45, "entered_by": leader, "state": "held"}
    with pytest.raises(IntegrityError), transaction.atomic():
        Meeting.objects.create(kind=Kind.ORGANISATIONAL, **rows)
    Meeting.objects.create(kind=Kind.REGULAR, **rows)


def test_br_30_a_cancelled_meeting_frees_its_kind(pair, leader) -> None:
    cancel_meeting(meeting=planned(pair, leader, 3), reason="болезнь", actor=leader)
    assert held(pair, leader, 0).kind == Kind.ORGANISATIONAL


@pytest.mark.parametrize(
    ("kind", "offset", "words"),
    [
        (Kind.TRIAL, -30, "бывает после организационной"),
        (Kind.PLANNING, -30, "бывает после организационной"),
        (Kind.REGULAR, -30, "не может быть раньше, чем организационная встреча"),
        (Kind.FINAL, -30, "не может быть первой"),
    ],
)
def test_br_30_nothing_comes_before_the_organisational(pair, leader, kind, offset, words) -> None:
    held(pair, leader, -20)
    with pytest.raises(Refused) as refused:
        held(pair, leader, offset, kind)
    assert words in refusals(refused)[0]
    held(pair, leader, -19, kind)


def test_br_30_planning_is_not_before_the_trial(pair, leader) -> None:
    held(pair, leader, -20)
    held(pair, leader, -10, Kind.TRIAL)
    with pytest.raises(Refused) as refused:
        held(pair, leader, -15, Kind.PLANNING)
    assert refusals(refused) == [
        f"Встреча-планирование не может быть раньше, чем пробная встреча ({day(-10):%d.%m.%Y})."
    ]
    held(pair, leader, -10, Kind.PLANNING)


def test_br_30_final_is_not_the_first(pair, leader) -> None:
    with pytest.raises(Refused) as refused:
        held(pair, leader, -1, Kind.FINAL)
    assert refusals(refused) == ["Итоговая встреча не может быть первой: сначала запишите хотя бы одну другую."]
    held(pair, leader, -2)
    assert held(pair, leader, -1, Kind.FINAL).kind == Kind.FINAL


def test_br_30_nothing_follows_the_final_but_a_request(pair, leader) -> None:
    held(pair, leader, -20)
    held(pair, leader, -10, Kind.FINAL)
    with pytest.raises(Refused) as refused:
        held(pair, leader, -5, Kind.REGULAR)
    assert "не может быть позже, чем итоговая" in refusals(refused)[0]
    assert held(pair, leader, -5, Kind.REQUEST).kind == Kind.REQUEST


def test_br_30_a_plan_is_enough_for_a_plan_but_not_for_an_entry(pair, leader) -> None:
    planned(pair, leader, -3)
    assert order_faults(Kind.TRIAL, day(5), Meeting.objects.all(), held=False) == []
    assert order_faults(Kind.TRIAL, day(-1), Meeting.objects.all(), held=True) != []


@pytest.mark.parametrize("offset", [-101, 1, 101])
def test_br_30_no_meeting_outside_the_term_or_in_the_future(pair, leader, offset) -> None:
    with pytest.raises(Refused) as refused:
        held(pair, leader, offset)
    assert "ещё не наступил" in refusals(refused)[0] if offset == 1 else "этого срока" in refusals(refused)[0]
    assert Meeting.objects.count() == 0


def test_br_30_first_and_present_day_of_the_term_are_good(pair, leader) -> None:
    held(pair, leader, -100)
    assert held(pair, leader, 0, Kind.REGULAR).day == day(0)


def test_pair_before_its_order_has_no_meetings(mentor, second, people) -> None:
    forming = form_pair(mentor, [second], people.curator)
    with pytest.raises(Refused) as refused:
        held(forming, people.curator)
    assert refusals(refused) == [NOT_IN_FORCE]


def test_speed_pair_is_warned_of_a_second_meeting_and_may_hold_it(pair, leader) -> None:
    pair.kinds.set([word("kind", "speed")])
    assert meeting_warnings(pair) == []
    held(pair, leader, -2)
    assert len(meeting_warnings(pair)) == 1
    held(pair, leader, -1, Kind.REGULAR)


def test_ordinary_pair_is_not_warned(pair, leader) -> None:
    held(pair, leader, -2)
    assert meeting_warnings(pair) == []


# --- Lights -----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("days", "light"),
    [
        (0, ("ok", "встречи идут")),
        (21, ("ok", "встречи идут")),
        (22, ("wait", "нет встреч 22 дня")),
        (35, ("wait", "нет встреч 35 дней")),
        (36, ("late", "нет встреч 36 дней")),
    ],
)
def test_light_counts_from_the_last_meeting(days, light) -> None:
    assert meeting_light(day(-days), day(-300), day(0)) == light


def test_light_counts_from_the_first_day_where_nobody_has_met() -> None:
    assert meeting_light(None, day(-22), day(0)) == ("wait", "нет встреч 22 дня")


def test_days_off_are_not_counted() -> None:
    spans = [(day(-10), day(-5)), (day(-7), day(-3)), (day(-60), day(-29)), (day(2), day(9))]
    assert idle_days(day(-30), day(0), spans) == 30 - 8 - 1
    assert idle_days(day(-30), day(0)) == 30


def test_last_meeting_comes_with_the_pairs_in_one_query(pair, leader, django_assert_num_queries) -> None:
    held(pair, leader, -9)
    held(pair, leader, -4, Kind.REGULAR)
    planned(pair, leader, 3, kind=Kind.REGULAR)
    with django_assert_num_queries(1):
        assert [one.last_met for one in with_last_meeting(Pair.objects.all())] == [day(-4)]


def test_lights_of_pairs_cost_three_queries_and_know_holidays_rules_and_pauses(
    pair, leader, school, django_assert_num_queries
) -> None:
    held(pair, leader, -40)
    pairs = list(with_last_meeting(Pair.objects.all()))
    with django_assert_num_queries(3):
        assert lights_of(pairs, day(0)) == {pair.pk: ("late", "нет встреч 40 дней")}
    Term.objects.create(
        organisation=school, kind=Term.Kind.HOLIDAY, name="Каникулы", starts_on=day(-20), ends_on=day(-11)
    )
    assert lights_of(pairs, day(0)) == {pair.pk: ("wait", "нет встреч 30 дней")}
    MeetingRules.objects.create(organisation=school, yellow_days=5, red_days=10)
    assert lights_of(pairs, day(0)) == {pair.pk: ("late", "нет встреч 30 дней")}
    PairPause.objects.create(pair=pair, starts_on=day(-10), ends_on=day(-6), reason="отпуск")
    assert lights_of(pairs, day(0)) == {pair.pk: ("wait", "нет встреч 6 дней")}
    assert lights_of(pairs, day(-8)) == {pair.pk: ("", "пауза")}


def test_red_comes_after_yellow(school) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        MeetingRules.objects.create(organisation=school, yellow_days=10, red_days=10)
