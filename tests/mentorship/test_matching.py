"""The best set of pairs: as good as any, the same whatever the order; every bar, every term, every sentence."""

from __future__ import annotations

import random
import subprocess
import sys
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mentorship.matching import Rules, Weights, board_of, compared, optimum
from mentorship.matching.results import strength
from mentorship.matching.sides import BARRED, TERMS, Bar
from mentorship.matching.words import (
    EQUAL,
    HELP_ASK,
    HELP_CONSENT,
    HELP_EMPTY_MENTEE,
    HELP_EMPTY_MENTOR,
    HELP_FULL,
    HELP_OUTBID,
    HELP_UNNEEDED,
)
from tests.mentorship.matched import RULES, best_of, mentee_side, mentor_side, pairs_of, schools

QUIET = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
SAME: dict[str, Any] = {"subjects": frozenset({"физика"})}


# --- The best set -----------------------------------------------------------------------------------------------------
@QUIET
@given(schools())
def test_proposed_set_is_as_good_as_any(school) -> None:
    board = board_of(*school)
    result = board.propose()
    assert (len(result.proposals), result.total) == best_of(board)


@QUIET
@given(schools(most=6), st.randoms(use_true_random=False))
def test_order_of_people_changes_nothing(school, chance) -> None:
    mentors, mentees, rules = school
    turned = [*mentors], [*mentees]
    for people in turned:
        chance.shuffle(people)
    assert board_of(mentors, mentees, rules).propose() == board_of(*turned, rules).propose()


@QUIET
@given(schools())
def test_thinned_search_finds_the_same_in_a_small_school(school) -> None:
    """With no more mentors than are looked at for each, thinning leaves nothing out."""
    board = board_of(*school)
    free = np.array([one.free for one in board.mentors], dtype=np.int64)
    found = [optimum.assign(board.points, board.permitted, free, many=many) for many in (10**6, 1)]
    totals = [
        (
            sum(column >= 0 for column in columns),
            sum(board.points[row, at] for row, at in enumerate(columns) if at >= 0),
        )
        for columns in found
    ]
    assert totals[0] == totals[1]


def test_greedy_choice_would_be_worse() -> None:
    """The strongest pair first leaves somebody alone: the set as a whole gives both a mentor."""
    mentees = [mentee_side(1, "a"), mentee_side(2, "a", **SAME)]
    mentors = [mentor_side(11, "a", **SAME), mentor_side(12, subjects=frozenset({"физика"}))]
    board = board_of(mentors, mentees, RULES)
    assert int(board.points[1, 0]) == board.points.max()
    assert pairs_of(board.propose()) == {1: 11, 2: 12}


def test_free_places_are_all_a_mentor_gets() -> None:
    mentees = [mentee_side(key, "a") for key in (1, 2, 3)]
    assert pairs_of(board_of([mentor_side(11, "a", free=2)], mentees, RULES).propose()) == {1: 11, 2: 11}
    assert len(board_of([mentor_side(11, "a", free=3)], mentees, RULES).propose().proposals) == 3


def test_nobody_on_either_side_gives_an_empty_answer() -> None:
    assert board_of([], [], RULES).propose().proposals == ()
    assert [one.key for one in board_of([], [mentee_side(1, "a")], RULES).propose().mentees] == [1]
    assert [one.key for one in board_of([mentor_side(11, "a")], [], RULES).propose().mentors] == [11]


def test_large_school_is_matched_the_same_each_time() -> None:
    chance = random.Random(3)
    mentors = [mentor_side(5000 + n, chance.choice("abcd"), free=chance.randint(1, 2)) for n in range(700)]
    mentees = [mentee_side(n, *chance.sample("abcd", 2)) for n in range(1100)]
    first = board_of(mentors, mentees, RULES).propose()
    chance.shuffle(mentors)
    chance.shuffle(mentees)
    assert board_of(mentors, mentees, RULES).propose() == first


def test_the_site_starts_without_the_solver() -> None:
    """Sheets load numpy anyway where it is installed; scipy and the matrices come with the first search."""
    code = (
        "import os, sys; os.environ.setdefault('DJANGO_SETTINGS_MODULE', 'config.settings'); import django; "
        "django.setup(); import config.urls; print({'scipy', 'mentorship.matching.board'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


# --- Bars -------------------------------------------------------------------------------------------------------------
BARS: dict[Bar, tuple[dict[str, Any], dict[str, Any]]] = {
    Bar.SELF: ({"key": 1}, {}),
    Bar.FORM: ({"category": "pupil"}, {}),
    Bar.SUPERIOR: ({"leads_everybody": True}, {}),
    Bar.PAST: ({}, {"past": frozenset({(11, "topic")})}),
    Bar.PRIVATE: ({"vetoes": frozenset({1})}, {}),
    Bar.WEAK: ({"competences": frozenset({"d"})}, {}),
    Bar.MENTEE_CONSENT: ({}, {"consented": False}),
    Bar.MENTOR_CONSENT: ({"consented": False}, {}),
    Bar.FULL: ({"free": 0}, {}),
}


def barred(mentor: dict[str, Any], mentee: dict[str, Any], rules: Rules = RULES) -> tuple[dict[int, int], str]:
    """The proposals of two people, and why not."""
    left = replace(mentor_side(11, "a"), **mentor)
    board = board_of([left], [replace(mentee_side(1, "a"), **mentee)], rules)
    result = board.propose()
    return pairs_of(result), board.why_not(1, left.key, result)


def test_without_a_bar_the_two_are_paired() -> None:
    assert barred({}, {}) == ({1: 11}, "")


@pytest.mark.parametrize("bar", BARS)
def test_each_bar_forbids_and_is_told(bar: Bar) -> None:
    assert barred(*BARS[bar]) == ({}, BARRED[bar])
    assert set(BARS) == set(Bar) - {Bar.NONE}


def test_veto_of_either_side_reads_the_same() -> None:
    """Nobody can tell from the words whose wish it was, nor that there was one."""
    told = [barred(*sides)[1] for sides in (({"vetoes": frozenset({1})}, {}), ({}, {"vetoes": frozenset({11})}))]
    assert told == ["Пару не предлагаем по личным обстоятельствам."] * 2
    assert barred({"vetoes": frozenset({2})}, {"vetoes": frozenset({12})})[0] == {1: 11}


def test_superior_of_the_same_place_is_barred_unless_the_school_allows() -> None:
    leads = {"leads": frozenset({"кафедра"})}
    assert barred(leads, {"places": frozenset({"кафедра"})}) == ({}, BARRED[Bar.SUPERIOR])
    assert barred(leads, {"places": frozenset({"отдел"})})[0] == {1: 11}
    assert barred({"leads_everybody": True}, {}, replace(RULES, bars_superiors=False))[0] == {1: 11}


def test_pair_of_another_topic_is_no_bar() -> None:
    assert barred({}, {"past": frozenset({(11, "other")})})[0] == {1: 11}


def test_convenience_alone_makes_no_pair() -> None:
    near: dict[str, Any] = {"places": frozenset({"кафедра"}), "days": frozenset({"mon"}), "years": 20}
    assert barred({"competences": frozenset(), **near}, {"years": 0, **{k: near[k] for k in ("places", "days")}}) == (
        {},
        BARRED[Bar.WEAK],
    )


# --- Terms and their sentences ----------------------------------------------------------------------------------------
TOLD = {
    "needs": ({}, {}, "Наставник силён в том, что трудно: порядок на уроке."),
    "subject": (SAME, SAME, "Совпадает предмет — физика"),
    "mentee_wish": ({}, {"wishes": (12, 11)}, "Наставляемый назвал этого наставника вторым"),
    "mentor_wish": ({"wishes": (1,)}, {}, "Наставник назвал этого наставляемого первым"),
    "experience": ({"years": 12}, {"years": 1}, "Стаж больше на 11 лет"),
    "time": ({"days": frozenset({"tue"})}, {"days": frozenset({"tue", "mon"})}, "Обоим удобен день: вторник"),
    "place": ({"places": frozenset({"кафедра"})}, {"places": frozenset({"кафедра"})}, "Работают вместе: кафедра"),
}


@pytest.mark.parametrize("term", TERMS)
def test_deciding_term_is_named_first(term: str) -> None:
    """The term that weighs most begins the sentence; without its data it is not in it at all."""
    left, right, words = TOLD[term]
    rules = replace(RULES, weights=replace(Weights(), **{term: 10}))

    def sentence(mentor: dict[str, Any], mentee: dict[str, Any]) -> str:
        board = board_of([replace(mentor_side(11, "a"), **mentor)], [replace(mentee_side(1, "a"), **mentee)], rules)
        return board.propose().proposals[0].sentence

    assert sentence(left, right).startswith(words)
    if term != "needs":
        assert words.lower() not in sentence({}, {}).lower()


@pytest.mark.parametrize(("term", "points"), [("needs", 400), ("subject", 300), ("experience", 100), ("time", 100)])
def test_weight_multiplies_the_term(term: str, points: int) -> None:
    left, right, _ = TOLD[term]
    board = board_of([replace(mentor_side(11, "a"), **left)], [replace(mentee_side(1, "a"), **right)], RULES)
    assert board.terms(0, 0)[term] == points
    off = replace(RULES, weights=replace(Weights(), **{term: 0}))
    assert board_of(board.mentors, board.mentees, off).terms(0, 0)[term] == 0


def test_needs_are_the_average_of_the_best_answers() -> None:
    board = board_of([mentor_side(11, "b", "d")], [mentee_side(1, "a", "b"), mentee_side(2, "c", "a")], RULES)
    assert [int(value) for value in board.values["needs"][:, 0]] == [75, 45]


def test_strength_is_a_word() -> None:
    assert [strength(share) for share in (100, 60, 59, 30, 29, 0)] == [
        *["сильное"] * 2,
        *["хорошее"] * 2,
        *["слабое"] * 2,
    ]


# --- Why not somebody else --------------------------------------------------------------------------------------------
def test_why_not_names_the_stronger_mentor_and_the_term() -> None:
    board = board_of([mentor_side(11, "a", **SAME), mentor_side(12, "a")], [mentee_side(1, "a", **SAME)], RULES)
    assert board.why_not(1, 12, board.propose()) == "Совпадение слабее: Наставник 11 — ближе по предмету."


def test_why_not_tells_where_the_mentor_is_needed_more() -> None:
    mentees = [mentee_side(1, "a"), mentee_side(2, "a", **SAME)]
    mentors = [mentor_side(11, "a", **SAME), mentor_side(12, "b")]
    board = board_of(mentors, mentees, RULES)
    result = board.propose()
    assert pairs_of(result) == {1: 12, 2: 11}
    assert board.why_not(1, 11, result) == ("Нужнее в другой паре: Ученик 2 — там совпадение сильнее или замены нет.")


def test_why_not_of_an_equal_mentor() -> None:
    board = board_of([mentor_side(11, "a"), mentor_side(12, "a")], [mentee_side(1, "a")], RULES)
    result = board.propose()
    assert (pairs_of(result), board.why_not(1, 12, result)) == ({1: 11}, EQUAL)


def test_choices_of_a_mentee_begin_with_the_proposed_and_end_with_the_barred() -> None:
    mentors = [mentor_side(11, "d"), mentor_side(12, "b"), mentor_side(13, "a")]
    board = board_of(mentors, [mentee_side(1, "a")], RULES)
    choices = board.choices(1, board.propose())
    assert [(one.mentor, one.proposed, one.permitted) for one in choices] == [
        (13, True, True),
        (12, False, True),
        (11, False, False),
    ]


# --- Fixed pairs ------------------------------------------------------------------------------------------------------
def test_fixed_pair_stays_and_the_rest_is_found_anew() -> None:
    mentees, mentors = [mentee_side(1, "a"), mentee_side(2, "b")], [mentor_side(11, "a", "b"), mentor_side(12, "b")]
    board = board_of(mentors, mentees, RULES)
    free = board.propose()
    fixed = board.propose([(2, 11)])
    assert (pairs_of(free), pairs_of(fixed)) == ({1: 11, 2: 12}, {1: 12, 2: 11})
    assert [one.fixed for one in fixed.proposals if one.mentee == 2] == [True]


def test_why_not_where_another_pair_is_fixed() -> None:
    board = board_of([mentor_side(11, "b"), mentor_side(12, "a")], [mentee_side(1, "a")], RULES)
    assert board.why_not(1, 12, board.propose([(1, 11)])) == "Вы закрепили другую пару: Наставник 11."


def test_weak_pair_is_kept_where_the_curator_has_fixed_it() -> None:
    board = board_of([mentor_side(11, "d")], [mentee_side(1, "a")], RULES)
    assert (pairs_of(board.propose()), pairs_of(board.propose([(1, 11)]))) == ({}, {1: 11})


def test_fixed_pair_that_cannot_be_is_told() -> None:
    board = board_of([mentor_side(11, "a", free=1)], [mentee_side(1, "a"), mentee_side(2, "a")], RULES)
    told = board.propose([(1, 11), (2, 11)])
    assert pairs_of(told) == {1: 11}
    assert [one.sentence for one in told.mentees] == [
        "Закреплённую пару составить нельзя: у наставника нет свободных мест."
    ]
    board = board_of([mentor_side(11, "a", vetoes=frozenset({1}))], [mentee_side(1, "a")], RULES)
    assert pairs_of(board.propose([(1, 11)])) == {}


@QUIET
@given(schools(most=5), st.data())
def test_any_fixed_pair_that_may_be_is_kept(school, data) -> None:
    board = board_of(*school)
    places = [*zip(*board.permitted.nonzero(), strict=True)]
    if places:
        row, column = data.draw(st.sampled_from(places))
        pair = board.mentees[row].key, board.mentors[column].key
        assert pairs_of(board.propose([pair]))[pair[0]] == pair[1]


def test_comparison_shows_totals_and_everybody_who_changes() -> None:
    mentees, mentors = [mentee_side(1, "a"), mentee_side(2, "b")], [mentor_side(11, "a", "b"), mentor_side(12, "b")]
    board = board_of(mentors, mentees, RULES)
    before, after = board.propose(), board.propose([(2, 11)])
    found = compared(before, after)
    assert (found.before, found.after) == (before.total, after.total)
    assert [(one.mentee, one.before.mentor, one.after and one.after.mentor) for one in found.changes] == [
        (1, 11, 12),
        (2, 12, 11),
    ]
    assert compared(before, before).changes == ()


# --- Whoever is left over ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("mentor", "mentee", "words", "people"),
    [
        ({}, {"consented": False}, HELP_CONSENT, ()),
        ({}, {"difficulties": frozenset()}, HELP_EMPTY_MENTEE, ()),
        ({"free": 0}, {}, HELP_FULL, (11,)),
        ({"consented": False}, {}, HELP_ASK, (11,)),
        (
            {"competences": frozenset({"d"})},
            {},
            "Подходящего наставника в банке нет. Ищите того, кто: держит порядок.",
            (),
        ),
    ],
)
def test_mentee_left_over_is_told_what_would_help(mentor, mentee, words: str, people) -> None:
    board = board_of([replace(mentor_side(11, "a"), **mentor)], [replace(mentee_side(1, "a"), **mentee)], RULES)
    assert [(one.key, one.sentence, one.people) for one in board.propose().mentees] == [(1, words, people)]


def test_those_who_could_take_one_more_are_named_strongest_first() -> None:
    mentors = [mentor_side(11, "b", free=0), mentor_side(12, "a"), mentor_side(13, "a", **SAME, free=0)]
    mentees = [mentee_side(1, "a", **SAME, wishes=(12,)), mentee_side(2, "a", **SAME)]
    told = board_of(mentors, mentees, RULES).propose().mentees
    assert [(one.key, one.people) for one in told] == [(2, (13, 12, 11))]


@pytest.mark.parametrize(
    ("mentor", "words"),
    [
        ({"consented": False}, HELP_CONSENT),
        ({"competences": frozenset()}, HELP_EMPTY_MENTOR),
        ({"competences": frozenset({"b"})}, HELP_OUTBID),
        ({"competences": frozenset({"d"})}, HELP_UNNEEDED),
    ],
)
def test_idle_mentor_is_told_why(mentor, words: str) -> None:
    mentors = [mentor_side(11, "a"), replace(mentor_side(12, "a"), **mentor)]
    told = board_of(mentors, [mentee_side(1, "a")], RULES).propose().mentors
    assert [(one.key, one.sentence) for one in told] == [(12, words)]
