"""What the tests of matching are built from: invented sides, a brute search for the best set, a school."""

from __future__ import annotations

import itertools
from typing import Any

from hypothesis import strategies as st

from mentorship.matching import MenteeSide, MentorSide, Result, Rules, Weights
from mentorship.matching.board import Board
from mentorship.models import BankCard, BankState, DictionaryEntry, MatchingRun, Participant
from mentorship.services.matching import ask
from tests.mentorship.bank_builders import MENTEE, MENTOR, consented
from tests.mentorship.builders import card, word

CODES = ("a", "b", "c", "d")
ANSWERS = {"a": {"a": 100, "b": 50}, "b": {"b": 100}, "c": {"c": 100, "d": 40}, "d": {"d": 100}}
RULES = Rules(
    answers=ANSWERS,
    topic="topic",
    difficulty_words={"a": "порядок на уроке", "b": "оценивание", "c": "опыты", "d": "бумаги"},
    competence_words={"a": "держит порядок", "b": "умеет оценивать", "c": "ставит опыты", "d": "знает бумаги"},
)


def mentor_side(key: int, *competences: str, **more: Any) -> MentorSide:
    return MentorSide(**{"key": key, "name": f"Наставник {key}", "competences": frozenset(competences), **more})


def mentee_side(key: int, *difficulties: str, **more: Any) -> MenteeSide:
    return MenteeSide(**{"key": key, "name": f"Ученик {key}", "difficulties": frozenset(difficulties), **more})


def pairs_of(result: Result) -> dict[int, int]:
    return result.mentor_of


# --- Any small school -------------------------------------------------------------------------------------------------
some = st.frozensets(st.sampled_from(CODES), max_size=2)
shared = {
    "subjects": st.frozensets(st.sampled_from(["физика", "химия"]), max_size=1),
    "years": st.none() | st.integers(0, 20),
    "days": st.frozensets(st.sampled_from(["mon", "tue"]), max_size=1),
    "places": st.frozensets(st.sampled_from(["кафедра", "отдел"]), max_size=1),
    "consented": st.sampled_from([True, True, True, False]),
}


@st.composite
def schools(draw: st.DrawFn, most: int = 7) -> tuple[list[MentorSide], list[MenteeSide], Rules]:
    """Up to seven of each, who may be the same people, with places, bars and wishes of any sort."""
    mentees, mentors = range(1, draw(st.integers(0, most)) + 1), range(5, draw(st.integers(0, most)) + 5)
    ours, theirs = st.sampled_from([*mentees, 99]), st.sampled_from([*mentors, 99])
    left = [
        MentorSide(
            key=key,
            competences=draw(some),
            free=draw(st.integers(0, 3)),
            wishes=tuple(draw(st.lists(ours, max_size=2, unique=True))),
            vetoes=draw(st.frozensets(ours, max_size=1)),
            leads=draw(shared["places"]),
            leads_everybody=draw(st.integers(0, 9)) == 0,
            **{name: draw(one) for name, one in shared.items()},
        )
        for key in mentors
    ]
    right = [
        MenteeSide(
            key=key,
            difficulties=draw(some),
            wishes=tuple(draw(st.lists(theirs, max_size=3, unique=True))),
            vetoes=draw(st.frozensets(theirs, max_size=1)),
            past=draw(st.frozensets(st.tuples(theirs, st.sampled_from(["topic", "other"])), max_size=1)),
            **{name: draw(one) for name, one in shared.items()},
        )
        for key in mentees
    ]
    weights = Weights(*(draw(st.integers(0, 3)) for _ in range(7)))
    return left, right, Rules(weights=weights, answers=ANSWERS, topic="topic")


def best_of(board: Board) -> tuple[int, int]:
    """The most pairs and the most points of any set, by trying all of them: (number, points)."""
    options = [[*map(int, row.nonzero()[0]), -1] for row in board.permitted]
    found = (0, 0)
    for chosen in itertools.product(*options):
        used = [column for column in chosen if column >= 0]
        if all(used.count(column) <= board.mentors[column].free for column in set(used)):
            points = sum(int(board.points[row, column]) for row, column in enumerate(chosen) if column >= 0)
            found = max(found, (len(used), points))
    return found


# --- A school with its banks ------------------------------------------------------------------------------------------
def stands(person: Participant, people: Any, role: str, *codes: str, **more: Any) -> BankCard:
    """The person in a bank with a consent, the words of the codes on the card."""
    one = consented(person, people.curator, role, BankState.IN_BANK)
    for name, value in more.items():
        setattr(one, name, value)
    one.save()
    dictionary = "competence" if role == MENTOR else "difficulty"
    (one.competences if role == MENTOR else one.difficulties).set([word(dictionary, code) for code in codes])
    return one


def topic() -> DictionaryEntry:
    return word("direction", "entering-profession")


def search(school: Any, people: Any, **more: Any) -> MatchingRun:
    return ask(organisation=school, direction=topic(), actor=people.curator, **more)


def small_school(school: Any, people: Any) -> dict[str, BankCard]:
    """Two mentors and three mentees: who suits whom is plain, and one is left without."""
    made = {
        "Дубов": (MENTOR, ("discipline",)),
        "Клёнов": (MENTOR, ("grading",)),
        "Сойкин": (MENTEE, ("discipline",)),
        "Стрижов": (MENTEE, ("grading",)),
        "Чижов": (MENTEE, ("ict",)),
    }
    return {
        name: stands(card(school, f"{name} Пётр Ильич"), people, role, *codes) for name, (role, codes) in made.items()
    }
