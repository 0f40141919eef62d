"""Matching against its own floor (weights and solver alone), and against mentor-match under that program's rules.

Imported by `bench.py`; needs no database. The rules of mentor-match are a few lines of matrices here, so that both
solve the same task: the difference is how.
"""

from __future__ import annotations

import operator
import random
import time
from collections.abc import Callable
from typing import Any

import numpy as np

from bench.measure import Case, Ratio, ratios
from mentorship.matching import MenteeSide, MentorSide, Rules, board_of
from mentorship.matching.optimum import assign
from mentorship.matching.scores import point_matrix, value_matrices
from mentorship.services.matching_sides import RELATION

SCHOOL, TOWN, PEERS = (100, 50), (2000, 1000), 200
PEER_ROUNDS = 3
TARGETS = {
    "matching a school": ("time of a whole proposal for 100 people to that of weights and solver alone", 5.0, False),
    "matching a town": ("time of a whole proposal for 2000 people to that of weights and solver alone", 10.0, False),
    "matching peer": ("speed of matching 200 with 200 to that of mentor-match, by its own rules", 300.0, True),
}
CODES = sorted(RELATION["answers"])
SUBJECTS = ("физика", "химия", "биология", "история", "алгебра", "музыка", "география", "литература")
RULES = Rules(
    answers=RELATION["answers"],
    topic="1",
    difficulty_words={code: code for code in CODES},
    competence_words={code: code for code in CODES},
)


def town_of(count: int, mentors: int) -> tuple[list[MentorSide], list[MenteeSide]]:
    """So many invented mentees and mentors with everything that a card may say."""
    chance = random.Random(count)

    def common(key: int, most_years: int) -> dict[str, Any]:
        return {
            "key": key,
            "name": f"Человек {key}",
            "subjects": frozenset([chance.choice(SUBJECTS)]),
            "years": chance.randint(0, most_years),
            "days": frozenset([chance.choice(("mon", "tue", "wed"))]),
            "places": frozenset([f"кафедра {chance.randint(1, 9)}"]),
            "consented": chance.random() > 0.05,
        }

    able = [
        MentorSide(
            **common(10**6 + number, 30),
            competences=frozenset(chance.sample(CODES, 3)),
            free=chance.randint(1, 3),
            wishes=(chance.randrange(count),),
        )
        for number in range(mentors)
    ]
    waiting = [
        MenteeSide(
            **common(number, 4),
            difficulties=frozenset(chance.sample(CODES, 2)),
            wishes=tuple(10**6 + place for place in chance.sample(range(mentors), 2)),
            vetoes=frozenset([10**6 + chance.randrange(mentors)]),
        )
        for number in range(count)
    ]
    return able, waiting


def whole_ratio(name: str, size: tuple[int, int], repeat: int) -> Ratio:
    """The whole answer, with bars, sentences and those left over, to the matrix of points and the solver."""
    able, waiting = town_of(*size)
    free = np.array([one.free for one in able])
    everybody = np.ones((len(waiting), len(able)), dtype=bool)

    def floor() -> None:
        assign(point_matrix(value_matrices(waiting, able, RULES), RULES), everybody, free)

    anchor = Case(f"floor of {name}", floor, repeat)
    return ratios(anchor, [Case(name, lambda: board_of(able, waiting, RULES).propose(), repeat)])[1]


# --- mentor-match -----------------------------------------------------------------------------------------------------
def peer_people(count: int) -> list[dict[str, Any]]:
    """People as that program reads them: a grade, an organisation, a profession."""
    chance = random.Random(7)
    return [
        {
            "grade": str(chance.randint(0, 6)),
            "organisation": f"org {chance.randint(1, 12)}",
            "profession": f"job {chance.randint(1, 8)}",
            "email": f"person{number}@example.org",
        }
        for number in range(2 * count)
    ]


def peer_rules() -> list[Any]:
    """The rules of its own sample: nobody above or far from the other, another organisation, the same profession."""
    from matching.rules import rule  # noqa: PLC0415 - the other program is asked for only here

    return [
        rule.Disqualify(lambda match: match.mentee.organisation == match.mentor.organisation),
        rule.Disqualify(rule.Grade(target_diff=2, logical_operator=operator.gt).evaluate),
        rule.Disqualify(rule.Grade(target_diff=0, logical_operator=operator.le).evaluate),
        rule.Grade(1, operator.eq, {True: 9, False: 0}),
        rule.Grade(2, operator.eq, {True: 12, False: 0}),
        rule.Equivalent("profession", {True: 4, False: 0}),
    ]


def peer_total(people: list[dict[str, Any]]) -> int:
    """The best total as mentor-match finds it: its matrix of matches and munkres."""
    from matching import process  # noqa: PLC0415 - see peer_rules
    from matching.mentee import Mentee  # noqa: PLC0415 - see peer_rules
    from matching.mentor import Mentor  # noqa: PLC0415 - see peer_rules

    half = len(people) // 2
    mentors, mentees = [Mentor(**one) for one in people[:half]], [Mentee(**one) for one in people[half:]]
    matches = process.generate_match_matrix(mentors, mentees, peer_rules())
    good = process.create_matches(matches)
    return sum(good[row][column].score for row, column in process.calculate_matches(process.prepare_matrix(good)))


def own_total(people: list[dict[str, Any]]) -> int:
    """The same by matrices and our solver; that program pairs everybody, and counts nothing for the disqualified."""
    points = peer_matrix(people)
    found = assign(points, np.ones(points.shape, dtype=bool), np.ones(points.shape[1], dtype=np.int64))
    return sum(int(points[row, column]) for row, column in enumerate(found) if column >= 0)


def peer_matrix(people: list[dict[str, Any]]) -> Any:
    """The same rules on whole columns: a row for a mentee, nothing for the disqualified."""
    half = len(people) // 2
    grade = np.array([int(one["grade"]) for one in people])
    place, job = (numbered([one[name] for one in people]) for name in ("organisation", "profession"))
    gap = grade[None, :half] - grade[half:, None]
    permitted = (place[half:, None] != place[None, :half]) & (gap <= 2) & (gap > 0)
    points = 9 * (gap == 1) + 12 * (gap == 2) + 4 * (job[half:, None] == job[None, :half])
    return np.where(permitted, points, 0)


def numbered(words: list[str]) -> Any:
    """Equal words get equal numbers."""
    known: dict[str, int] = {}
    return np.array([known.setdefault(word, len(known)) for word in words])


def seconds(work: Callable[[], object], repeat: int) -> float:
    start = time.perf_counter()
    for _ in range(repeat):
        work()
    return (time.perf_counter() - start) / repeat


def peer_ratio() -> Ratio:
    """How many times faster; the totals must be equal, or the figure says nothing."""
    people = peer_people(PEERS)
    if (theirs := peer_total(people)) != (ours := own_total(people)):
        raise RuntimeError(f"The totals differ: {theirs} and {ours}.")
    each = []
    for _ in range(PEER_ROUNDS):
        slow = seconds(lambda: peer_total(people), 1)
        each.append(slow / seconds(lambda: own_total(people), 20))
    return Ratio("matching peer", sorted(each)[len(each) // 2], min(each), max(each))


def found() -> list[Ratio]:
    """All figures of matching."""
    return [
        whole_ratio("matching a school", SCHOOL, 30),
        whole_ratio("matching a town", TOWN, 1),
        peer_ratio(),
    ]
