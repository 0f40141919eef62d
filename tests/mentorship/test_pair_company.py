"""Beside a working pair: helpers with their consent, pauses, substitutes and payments by orders, the school's rules."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Forbidden
from core.transitions import Refused
from mentorship.models import (
    BankCard,
    Interview,
    Pair,
    PairHelper,
    PairRules,
    PairState,
    Participant,
    Substitution,
    checks_of,
    further_checks,
    needs_of,
)
from mentorship.order_kinds import payments
from mentorship.order_kinds import substitution as substitutions
from mentorship.services import pair_company
from mentorship.services.merging_rows import follow, follow_helpers
from mentorship.services.pair_company import Help, add_helper, end_helper, end_pause, pause_pair
from orders.kinds import kind_of
from orders.services import submit_order
from tests.mentorship.builders import agree, card, day, form_pair, submitted, word
from tests.mentorship.labour import TERMS, addendum
from tests.mentorship.pair_life import carried_out, draft_of, in_force, programme

SUBSTITUTION, PAYMENTS = kind_of("substitution"), kind_of("payments")


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    return in_force(pair, people)


def fresh(pair: Pair) -> Pair:
    return Pair.objects.get(pk=pair.pk)


def given(person, **more) -> Help:
    values = {"role": "разбор уроков", "starts_on": day(0), "consent_on": day(-1), "original_place": "сейф"}
    return Help(**{"participant": person, **values, **more})


# --- BR-27: helpers ---------------------------------------------------------------------------------------------------
def test_br_27_helper_joins_with_a_signed_consent(working: Pair, second, people) -> None:
    helper = add_helper(pair=working, given=given(second), actor=people.curator)
    assert (list(working.helpers.on(day(0))), helper.consent_on) == ([helper], day(-1))
    end_helper(helper=helper, ends_on=day(3), reason="уходит в отпуск", actor=people.curator)
    assert (list(working.helpers.on(day(3))), list(working.helpers.on(day(4)))) == ([helper], [])


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"consent_on": day(1), "starts_on": day(2)}, "не может быть в будущем"),
        ({"consent_on": day(0), "starts_on": day(-2)}, "согласие подписано позже"),
        ({"original_place": ""}, "где хранится"),
        ({"starts_on": day(201)}, "Последний день пары"),
        ({"ends_on": day(-3)}, "не раньше первого"),
    ],
)
def test_br_27_without_a_consent_before_the_first_day_nobody_helps(working: Pair, second, people, more, words) -> None:
    with pytest.raises(Refused, match=words):
        add_helper(pair=working, given=given(second, **more), actor=people.curator)


def test_br_27_the_database_alone_asks_for_the_consent(working: Pair, second, people, monkeypatch) -> None:
    monkeypatch.setattr(pair_company, "helper_faults", lambda pair, given: {})
    with pytest.raises(IntegrityError, match="helper_by_consent"), transaction.atomic():
        add_helper(pair=working, given=given(second, consent_on=day(5)), actor=people.curator)
    assert PairHelper.objects.count() == 0


def test_helper_is_somebody_else_and_only_once(working: Pair, second, people) -> None:
    with pytest.raises(Refused, match="и так в этой паре"):
        add_helper(pair=working, given=given(working.mentor), actor=people.curator)
    add_helper(pair=working, given=given(second), actor=people.curator)
    with pytest.raises(Refused, match="уже помогает"):
        add_helper(pair=working, given=given(second), actor=people.curator)


def test_helper_of_two_cards_helps_once_when_they_are_merged(working: Pair, second, school, people) -> None:
    twin = card(school, "Осокина Мария Ивановна")
    for person in (second, twin):
        add_helper(pair=working, given=given(person), actor=people.curator)
    follow_helpers(PairHelper.objects.filter(participant=twin), "participant", second, people.curator)
    assert list(PairHelper.objects.values_list("participant", "ends_on")) == [(second.pk, None), (second.pk, day(0))]


def test_helper_of_two_cards_breaks_the_merging_without_the_step(working: Pair, second, school, people) -> None:
    twin = card(school, "Осокина Мария Ивановна")
    for person in (second, twin):
        add_helper(pair=working, given=given(person), actor=people.curator)
    with pytest.raises(IntegrityError, match="helper_once"), transaction.atomic():
        follow(PairHelper.objects.filter(participant=twin), "participant", second, people.curator)


def test_only_the_curator_records_helpers_and_pauses(working: Pair, second, people) -> None:
    for actor in (people.director, people.teacher, people.stranger):
        with pytest.raises(Forbidden):
            add_helper(pair=working, given=given(second), actor=actor)
        with pytest.raises(Forbidden):
            pause_pair(pair=working, starts_on=day(0), ends_on=None, reason="отпуск", actor=actor)


# --- Pauses -----------------------------------------------------------------------------------------------------------
def test_paused_pair_is_in_force_but_does_not_work(working: Pair, people) -> None:
    pause = pause_pair(pair=working, starts_on=day(0), ends_on=None, reason="отпуск", actor=people.curator)
    assert [fresh(working).is_paused_on(day(n)) for n in (-1, 0, 50)] == [False, True, True]
    assert (list(Pair.objects.working(day(0))), list(Pair.objects.in_force(day(0)))) == ([], [working])
    end_pause(pause=pause, ends_on=day(5), actor=people.curator)
    assert (list(Pair.objects.working(day(5))), list(Pair.objects.working(day(6)))) == ([], [working])
    assert fresh(working).ends_on == day(200)


@pytest.mark.parametrize(("first", "last"), [(-11, None), (201, None), (0, 201), (5, 4), (3, 30)])
def test_pause_lies_in_the_term_and_meets_no_other(working: Pair, people, first, last) -> None:
    pause_pair(pair=working, starts_on=day(20), ends_on=day(40), reason="отпуск", actor=people.curator)
    with pytest.raises(Refused):
        pause_pair(
            pair=working, starts_on=day(first), ends_on=last and day(last), reason="болезнь", actor=people.curator
        )


# --- BR-29: interviews ------------------------------------------------------------------------------------------------
def talked(person, role: str, people, conclusion: str = "recommended") -> None:
    card = BankCard.objects.create(participant=person, role=role)
    Interview.objects.create(
        card=card, planned_for=day(-5), held_on=day(-5), interviewer=people.curator, state="held", conclusion=conclusion
    )


def rule(pair: Pair, interviews: str) -> None:
    PairRules.objects.update_or_create(organisation=pair.organisation, defaults={"interviews": interviews})


def interview_words(pair: Pair) -> list[str]:
    return [need.text for need in needs_of([fresh(pair)], day(0))[pair.pk] if need.what == "interview"]


def test_br_29_required_interview_of_every_member_stops_the_order(pair: Pair, people) -> None:
    mentor, mentee = pair.people
    rule(pair, "required")
    talked(mentor, "mentor", people)
    talked(mentee, "mentee", people, conclusion="later")
    assert interview_words(pair) == [f"Нет собеседования: {mentee.short_name}"]
    with pytest.raises(Refused, match="Нет собеседования"):
        submitted(people, pair)
    Interview.objects.update(conclusion="recommended")
    assert interview_words(pair) == []


@pytest.mark.parametrize(("interviews", "shown"), [("warning", 2), ("off", 0), (None, 2)])
def test_br_29_without_the_rule_the_order_passes(pair: Pair, people, interviews, shown: int) -> None:
    if interviews:
        rule(pair, interviews)
    checks = checks_of([pair], day(0))[pair.pk]
    assert (sum(one.what == "interview" for one in checks), interview_words(pair)) == (shown, [])
    assert fresh(submitted(people, pair).pairs.get()).state == PairState.FORMING


# --- Kinds ------------------------------------------------------------------------------------------------------------
def of_kind(pair: Pair, people, code: str, **more) -> Pair:
    return form_pair(pair.mentor, pair.mentees, people.curator, kinds=[word("kind", code)], **more)


def test_short_term_pair_needs_a_goal_before_its_order(pair: Pair, people) -> None:
    made = of_kind(pair, people, "short-term")
    with pytest.raises(Refused, match="краткосрочному наставничеству нужна цель"):
        submitted(people, made)
    Pair.objects.filter(pk=made.pk).update(goal="Провести открытый урок")
    assert [need.what for need in needs_of([fresh(made)], day(0))[made.pk]] == ["order"]


@pytest.mark.parametrize(
    ("code", "years", "titles"),
    [
        ("reverse", (1970, 1990), ["Реверсивное наставничество: наставник не моложе наставляемого"]),
        ("reverse", (1990, 1970), []),
        ("reverse", (None, 1970), []),
        ("speed", (1970, 1990), ["Скоростное наставничество"]),
        ("virtual", (1970, 1990), ["Дистанционное: нет места встреч"]),
        ("traditional", (1970, 1990), []),
    ],
)
def test_kinds_only_warn(pair: Pair, people, code: str, years, titles: list[str]) -> None:
    made = of_kind(pair, people, code)
    for person, year in zip(made.people, years, strict=True):
        Participant.objects.filter(pk=person.pk).update(birth_year=year)
    hints = further_checks(fresh(made))
    assert ([one.title for one in hints], [one.blocks for one in hints]) == (titles, [False] * len(titles))


def test_programme_is_asked_of_a_working_pair(pair: Pair, people) -> None:
    assert further_checks(pair) == []
    working = in_force(pair, people)
    made = programme(working, version=0)
    said = []
    for change in ({}, {"state": "review"}, {"state": "approved", "version": 1}, {"state": "dropped"}):
        type(made).objects.filter(pk=made.pk).update(**change)
        [check] = further_checks(working)
        said.append((check.met, check.detail))
    assert said == [
        (False, "черновик"),
        (False, "на согласовании"),
        (True, "утверждена"),
        (False, "нет программы: её составляет наставник вместе с наставляемым"),
    ]


def test_reverse_pairs_name_each_other(pair: Pair, people) -> None:
    mirror = form_pair(pair.mentees[0], [pair.mentor], people.curator)
    assert (mirror.reverse_of, list(pair.reversed_by.all())) == (pair, [mirror])


# --- Substitutes ------------------------------------------------------------------------------------------------------
def standing_in(people, pair: Pair, person, first: int = 0, last: int = 14):
    days = {"starts_on": day(first).isoformat(), "last_day": day(last).isoformat()}
    return draft_of(people, pair.organisation, "substitution", pairs=[pair.pk], substitute=person.pk, **days)


def test_substitute_stands_in_only_by_an_order(working: Pair, second, people) -> None:
    agree(second, "mentor", people.curator)
    order = standing_in(people, working, second)
    assert Substitution.objects.count() == 0
    carried_out(people, order)
    row = Substitution.objects.get()
    assert (row.pair, row.substitute, row.starts_on, row.ends_on, row.order) == (
        working,
        second,
        day(0),
        day(14),
        order,
    )
    assert (fresh(working).mentor, SUBSTITUTION.closing(order, day(3))) == (
        working.mentor,
        [f"{second.short_name} перестанет замещать наставника."],
    )
    SUBSTITUTION.close(order, day(3), people.director)
    assert Substitution.objects.get().ends_on == day(2)


def test_substitute_signs_first(working: Pair, second, people, monkeypatch) -> None:
    order = standing_in(people, working, second)
    with pytest.raises(Refused, match="Нет согласия"):
        submit_order(order=order, actor=people.curator)
    monkeypatch.setattr(substitutions, "person_obstacles", lambda order, pair, person: [])
    carried_out(people, order)
    assert Substitution.objects.count() == 1


def test_substitution_lies_in_the_term_and_meets_no_other(working: Pair, second, people) -> None:
    agree(second, "mentor", people.curator)
    for first, last in ((-11, 5), (5, 201)):
        assert [words[:9] for words in SUBSTITUTION.obstacles(standing_in(people, working, second, first, last))] == [
            "Замещение"
        ]
    twin = standing_in(people, working, second, 10, 20)
    carried_out(people, standing_in(people, working, second))
    assert SUBSTITUTION.obstacles(twin) == [f"В эти дни наставника уже замещает {second.short_name}: исправьте дни."]


# --- Payments ---------------------------------------------------------------------------------------------------------
def paying(people, pair: Pair, **more):
    return draft_of(
        people, pair.organisation, "payments", people=[pair.mentor_id], payment="monthly", until=None, **more
    )


def test_payment_comes_from_the_addendum(working: Pair, people) -> None:
    made = addendum(working.mentor, people)
    order = paying(people, working)
    assert [(one["pay"], one["paper"]) for one in order.facts["mentors"]] == [
        (TERMS["pay"], f"№ 3 от {made.signed_on:%d.%m.%Y}")
    ]
    assert carried_out(people, order).state == "approved"


def test_mentor_without_an_addendum_is_not_paid(working: Pair, people, monkeypatch) -> None:
    order = paying(people, working)
    with pytest.raises(Refused, match="нет действующего дополнительного соглашения"):
        submit_order(order=order, actor=people.curator)
    monkeypatch.setattr(payments, "paper_obstacles", lambda person, addendum: [])
    assert carried_out(people, order).state == "approved"


def test_whoever_leads_nobody_is_not_paid(pair: Pair, people) -> None:
    addendum(pair.mentor, people)
    words = f"{pair.mentor.short_name}: сейчас никого не ведёт по приказу. Уберите этого человека из приказа."
    assert PAYMENTS.obstacles(paying(people, pair)) == [words]


def test_nobodys_pay_is_published(working: Pair, people) -> None:
    addendum(working.mentor, people)
    facts = paying(people, working).facts
    hidden = PAYMENTS.redact(facts, frozenset({working.mentor_id}))["mentors"]
    assert [(one["pay"], one["paper"], one["person"]["number"]) for one in hidden] == [("—", "—", working.mentor_id)]
