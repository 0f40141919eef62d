"""Everybody against everybody as matrices: a row for a mentee, a column for a mentor."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from mentorship.matching.sides import SUBSTANCE, TERMS, Bar, MenteeSide, MentorSide, Rules

Matrix = Any
WISH_VALUES = (100, 85, 70)
YEARS_WORTH = 10


def value_matrices(mentees: Sequence[MenteeSide], mentors: Sequence[MentorSide], rules: Rules) -> dict[str, Matrix]:
    """Term → whole numbers 0…100 for each pair."""
    return {
        "needs": needs(mentees, mentors, rules),
        "subject": 100 * common([one.subjects for one in mentees], [one.subjects for one in mentors]),
        "mentee_wish": wishes(mentees, mentors),
        "mentor_wish": wishes(mentors, mentees).T,
        "experience": experience(mentees, mentors),
        "time": 100 * common([one.days for one in mentees], [one.days for one in mentors]),
        "place": 100 * common([one.places for one in mentees], [one.places for one in mentors]),
    }


def point_matrix(values: dict[str, Matrix], rules: Rules, terms: Iterable[str] = TERMS) -> Matrix:
    """The weighted sum of the terms."""
    weighted = [getattr(rules.weights, term) * values[term] for term in terms]
    return np.sum(weighted, axis=0, dtype=np.int32)


def marks(words: Sequence[Iterable[str]], places: dict[str, int]) -> Matrix:
    """A row for each set of words with a 1 in the column of each known word."""
    found = np.zeros((len(words), len(places)), dtype=np.float32)
    hits = [(row, places[word]) for row, own in enumerate(words) for word in own if word in places]
    if hits:
        rows, columns = zip(*hits, strict=True)
        found[list(rows), list(columns)] = 1
    return found


def common(mine: Sequence[frozenset[str]], theirs: Sequence[frozenset[str]]) -> Matrix:
    """1 where two sets share a word, otherwise 0."""
    words = sorted(set().union(*mine) & set().union(*theirs))
    places = {word: place for place, word in enumerate(words)}
    return (marks(mine, places) @ marks(theirs, places).T > 0).astype(np.int32)


def needs(mentees: Sequence[MenteeSide], mentors: Sequence[MentorSide], rules: Rules) -> Matrix:
    """How well the difficulties are answered on the average, each by the mentor's best competence for it."""
    difficulties = sorted(set().union(*(one.difficulties for one in mentees)))
    offered = sorted(set().union(*(one.competences for one in mentors)))
    relation = np.array(
        [[rules.answers.get(difficulty, {}).get(code, 0) for code in offered] for difficulty in difficulties],
        dtype=np.float32,
    ).reshape(len(difficulties), len(offered))
    has = marks([one.competences for one in mentors], {code: place for place, code in enumerate(offered)})
    answered = np.zeros((len(difficulties), len(mentors)), dtype=np.float32)
    for place in range(len(offered)):
        np.maximum(answered, relation[:, place, None] * has[None, :, place], out=answered)
    asked = marks([one.difficulties for one in mentees], {code: place for place, code in enumerate(difficulties)})
    sums = np.rint(asked @ answered).astype(np.int32)
    return sums // np.maximum(asked.sum(axis=1).astype(np.int32), 1)[:, None]


def wishes(those: Sequence[Any], others: Sequence[Any]) -> Matrix:
    """How much those want the others: a row for each of those."""
    places = {one.key: place for place, one in enumerate(others)}
    found = np.zeros((len(those), len(others)), dtype=np.int32)
    for row, one in enumerate(those):
        for key, value in zip(one.wishes, WISH_VALUES, strict=False):
            if key in places:
                found[row, places[key]] = value
    return found


def experience(mentees: Sequence[MenteeSide], mentors: Sequence[MentorSide]) -> Matrix:
    """Ten for each year by which the mentor has taught longer, up to ten years; nothing where one is unknown."""
    mine = np.array([-1 if one.years is None else one.years for one in mentees], dtype=np.int32)
    theirs = np.array([-1 if one.years is None else one.years for one in mentors], dtype=np.int32)
    known = (mine >= 0)[:, None] & (theirs >= 0)[None, :]
    gap = theirs[None, :] - mine[:, None]
    return np.where(known, np.clip(gap * YEARS_WORTH, 0, 100), 0).astype(np.int32)


def bar_matrix(
    mentees: Sequence[MenteeSide], mentors: Sequence[MentorSide], rules: Rules, values: dict[str, Matrix]
) -> Matrix:
    """The value of `Bar` for each pair: the first one where there are several."""
    shape = (len(mentees), len(mentors))
    substance = point_matrix(values, rules, SUBSTANCE)
    found = {
        Bar.SELF: same(mentees, mentors),
        Bar.FORM: without_form(mentees, mentors, rules),
        Bar.SUPERIOR: superiors(mentees, mentors) if rules.bars_superiors else np.zeros(shape, dtype=bool),
        Bar.PAST: paired_before(mentees, mentors, rules.topic),
        Bar.PRIVATE: vetoed(mentees, mentors),
        Bar.WEAK: substance == 0,
        Bar.MENTEE_CONSENT: np.array([not one.consented for one in mentees], dtype=bool)[:, None],
        Bar.MENTOR_CONSENT: np.array([not one.consented for one in mentors], dtype=bool)[None, :],
        Bar.FULL: np.array([one.free < 1 for one in mentors], dtype=bool)[None, :],
    }
    bars = np.zeros(shape, dtype=np.int8)
    for bar, where in sorted(found.items(), reverse=True):
        bars[np.broadcast_to(where, shape)] = bar
    return bars


def same(mentees: Sequence[MenteeSide], mentors: Sequence[MentorSide]) -> Matrix:
    mine = np.array([one.key for one in mentees], dtype=np.int64)
    return mine[:, None] == np.array([one.key for one in mentors], dtype=np.int64)[None, :]


def without_form(mentees: Sequence[MenteeSide], mentors: Sequence[MentorSide], rules: Rules) -> Matrix:
    kinds = sorted({one.category for one in (*mentees, *mentors)})
    places = {kind: place for place, kind in enumerate(kinds)}
    table = np.array([[(theirs, mine) not in rules.forms for theirs in kinds] for mine in kinds], dtype=bool)
    table = table.reshape(len(kinds), len(kinds))
    rows = [places[one.category] for one in mentees]
    return table[np.ix_(rows, [places[one.category] for one in mentors])]


def superiors(mentees: Sequence[MenteeSide], mentors: Sequence[MentorSide]) -> Matrix:
    everybody = np.array([one.leads_everybody for one in mentors], dtype=bool)[None, :]
    return everybody | common([one.places for one in mentees], [one.leads for one in mentors]).astype(bool)


def paired_before(mentees: Sequence[MenteeSide], mentors: Sequence[MentorSide], topic: str) -> Matrix:
    mentor_keys = [[key for key, about in one.past if about == topic] for one in mentees]
    return named(mentor_keys, mentors)


def vetoed(mentees: Sequence[MenteeSide], mentors: Sequence[MentorSide]) -> Matrix:
    return named([one.vetoes for one in mentees], mentors) | named([one.vetoes for one in mentors], mentees).T


def named(keys: Sequence[Iterable[int]], others: Sequence[Any]) -> Matrix:
    """True where a row names one of the others by key."""
    places = {one.key: place for place, one in enumerate(others)}
    found = np.zeros((len(keys), len(others)), dtype=bool)
    for row, own in enumerate(keys):
        for key in own:
            if key in places:
                found[row, places[key]] = True
    return found
