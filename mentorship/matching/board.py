"""Everybody weighed once; from that the proposals, the other choices of a mentee, and why not."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from mentorship.matching import optimum, words
from mentorship.matching.results import Choice, Proposal, Result, Unmatched
from mentorship.matching.scores import Matrix, bar_matrix, point_matrix, value_matrices
from mentorship.matching.sides import BARRED, TERMS, Bar, MenteeSide, MentorSide, Rules

Fixed = Iterable[tuple[int, int]]
MOST_HELPERS = 3


class Board:
    """The matrices of a school: rows are mentees, columns mentors, both by key, whatever order they came in."""

    def __init__(self, mentors: Iterable[MentorSide], mentees: Iterable[MenteeSide], rules: Rules) -> None:
        self.mentors = sorted(mentors, key=lambda one: one.key)
        self.mentees = sorted(mentees, key=lambda one: one.key)
        self.rules = rules
        self.column = {one.key: place for place, one in enumerate(self.mentors)}
        self.row = {one.key: place for place, one in enumerate(self.mentees)}
        self.values = value_matrices(self.mentees, self.mentors, rules)
        self.points: Matrix = point_matrix(self.values, rules)
        self.bars: Matrix = bar_matrix(self.mentees, self.mentors, rules, self.values)
        self.permitted: Matrix = self.bars == Bar.NONE

    # --- The best set ---------------------------------------------------------------------------------------------
    def propose(self, fixed: Fixed = ()) -> Result:
        """The best set that keeps the fixed pairs, (mentee, mentor) by keys.

        A fixed pair that is barred, or beyond the mentor's places, is left out and told with its mentee.
        """
        free = np.array([one.free for one in self.mentors], dtype=np.int64)
        kept, broken = self.settle(fixed, free)
        open_rows = [row for row in range(len(self.mentees)) if row not in kept and row not in broken]
        found = optimum.assign(self.points[open_rows], self.permitted[open_rows], free)
        chosen = kept | {row: int(column) for row, column in zip(open_rows, found, strict=True) if column >= 0}
        proposals = [self.proposal(row, column, row in kept) for row, column in sorted(chosen.items())]
        return Result(
            proposals=tuple(proposals),
            mentees=tuple(self.waiting(row, broken) for row in range(len(self.mentees)) if row not in chosen),
            mentors=tuple(self.idle(set(chosen.values()))),
        )

    def settle(self, fixed: Fixed, free: Matrix) -> tuple[dict[int, int], dict[int, Bar]]:
        """Rows whose mentor the curator has fixed, and rows whose fixed pair cannot be; places are taken off `free`.

        A pair that is only weak is the curator's to decide.
        """
        kept: dict[int, int] = {}
        broken: dict[int, Bar] = {}
        for mentee, mentor in sorted(set(fixed)):
            row, column = self.row.get(mentee), self.column.get(mentor)
            if row is None or column is None or row in kept:
                continue
            bar = Bar(int(self.bars[row, column]))
            bar = Bar.FULL if bar in (Bar.NONE, Bar.WEAK) and free[column] < 1 else bar
            if bar in (Bar.NONE, Bar.WEAK):
                kept[row] = column
                free[column] -= 1
            else:
                broken[row] = bar
        return kept, broken

    def proposal(self, row: int, column: int, fixed: bool) -> Proposal:
        return Proposal(
            mentee=self.mentees[row].key,
            mentor=self.mentors[column].key,
            points=int(self.points[row, column]),
            share=self.share(row, column),
            sentence=self.sentence(row, column),
            fixed=fixed,
        )

    def share(self, row: int, column: int) -> int:
        return min(100, int(self.points[row, column]) * 100 // max(self.rules.weights.full, 1))

    def terms(self, row: int, column: int) -> dict[str, int]:
        """Points of each term of one pair."""
        return {term: getattr(self.rules.weights, term) * int(self.values[term][row, column]) for term in TERMS}

    def sentence(self, row: int, column: int) -> str:
        return words.reason(self.mentors[column], self.mentees[row], self.rules, self.terms(row, column))

    # --- Whoever is left over -------------------------------------------------------------------------------------
    def waiting(self, row: int, broken: dict[int, Bar]) -> Unmatched:
        """What would help a mentee without a mentor."""
        mentee = self.mentees[row]
        if row in broken:
            return Unmatched(mentee.key, words.HELP_BARRED.format(reason=BARRED[broken[row]].lower()))
        if not mentee.consented:
            return Unmatched(mentee.key, words.HELP_CONSENT)
        if not mentee.difficulties and not mentee.subjects and not mentee.wishes:
            return Unmatched(mentee.key, words.HELP_EMPTY_MENTEE)
        bars = self.bars[row]
        if busy := self.best(row, (bars == Bar.FULL) | (bars == Bar.NONE)):
            return Unmatched(mentee.key, words.HELP_FULL, busy)
        if silent := self.best(row, bars == Bar.MENTOR_CONSENT):
            return Unmatched(mentee.key, words.HELP_ASK, silent)
        return Unmatched(mentee.key, words.missing_words(mentee, self.rules))

    def best(self, row: int, where: Matrix) -> tuple[int, ...]:
        """Keys of the few mentors with the most points among those marked."""
        columns = np.flatnonzero(where)
        ordered = columns[np.lexsort((columns, -self.points[row, columns]))]
        return tuple(self.mentors[column].key for column in ordered[:MOST_HELPERS])

    def idle(self, used: set[int]) -> list[Unmatched]:
        """What would help mentors with free places to whom nobody is proposed."""
        suits = self.permitted.any(axis=0) if self.mentees else np.zeros(len(self.mentors), dtype=bool)
        return [
            Unmatched(mentor.key, self.idle_words(mentor, bool(suits[column])))
            for column, mentor in enumerate(self.mentors)
            if column not in used and mentor.free > 0
        ]

    def idle_words(self, mentor: MentorSide, suits: bool) -> str:
        if not mentor.consented:
            return words.HELP_CONSENT
        if not mentor.competences and not mentor.subjects:
            return words.HELP_EMPTY_MENTOR
        if not self.mentees:
            return words.HELP_NO_MENTEES
        return words.HELP_OUTBID if suits else words.HELP_UNNEEDED

    # --- One mentee -----------------------------------------------------------------------------------------------
    def choices(self, mentee: int, result: Result) -> list[Choice]:
        """Every mentor for one mentee: the permitted first, the strongest of them first."""
        row, proposed = self.row[mentee], result.mentor_of.get(mentee)
        found = [
            Choice(
                mentor=mentor.key,
                points=int(self.points[row, column]),
                share=self.share(row, column),
                permitted=bool(self.permitted[row, column]),
                proposed=mentor.key == proposed,
                sentence=self.sentence(row, column),
                why_not=self.why_not(mentee, mentor.key, result),
            )
            for column, mentor in enumerate(self.mentors)
        ]
        return sorted(found, key=lambda one: (not one.proposed, not one.permitted, -one.points, one.mentor))

    def why_not(self, mentee: int, mentor: int, result: Result) -> str:
        """Why this mentor is not proposed to this mentee; empty where they are."""
        row, column = self.row[mentee], self.column[mentor]
        given = result.mentor_of.get(mentee)
        if given == mentor:
            return ""
        if bar := self.bars[row, column]:
            return BARRED[Bar(int(bar))]
        if any(one.fixed for one in result.proposals if one.mentee == mentee) and given in self.column:
            return words.FIXED.format(name=self.mentors[self.column[given]].name).replace("..", ".")
        if given in self.column and (term := self.weaker_by(row, column, self.column[given])):
            return words.weaker(self.mentors[self.column[given]], term)
        rivals = [one.mentee for one in result.proposals if one.mentor == mentor]
        if len(rivals) >= self.mentors[column].free:
            return words.needed_elsewhere([self.mentees[self.row[key]] for key in rivals if key in self.row])
        return words.EQUAL

    def weaker_by(self, row: int, column: int, other: int) -> str:
        """The term by which another mentor is ahead most; empty unless they are ahead on the whole."""
        if self.points[row, other] <= self.points[row, column]:
            return ""
        mine, theirs = self.terms(row, column), self.terms(row, other)
        return max(TERMS, key=lambda term: (theirs[term] - mine[term], -TERMS.index(term)))

    def bar(self, mentee: int, mentor: int) -> str:
        """Why the pair must not be, empty where it may; whether it is too weak is for people to decide."""
        bar = Bar(int(self.bars[self.row[mentee], self.column[mentor]]))
        return "" if bar == Bar.WEAK else BARRED[bar]

    def why_barred(self, mentee: int, mentor: int) -> str:
        """Why the pair is not permitted, weakness included."""
        return BARRED[Bar(int(self.bars[self.row[mentee], self.column[mentor]]))]
