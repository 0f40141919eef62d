"""Who suits whom: the best set of pairs out of those permitted, each with its reason; no Django, no database."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from mentorship.matching.results import Change, Choice, Comparison, Proposal, Result, Unmatched, compared
from mentorship.matching.sides import MenteeSide, MentorSide, Rules, Weights

if TYPE_CHECKING:
    from mentorship.matching.board import Board

__all__ = [
    "Change",
    "Choice",
    "Comparison",
    "MenteeSide",
    "MentorSide",
    "Proposal",
    "Result",
    "Rules",
    "Unmatched",
    "Weights",
    "board_of",
    "compared",
]


def board_of(mentors: Iterable[MentorSide], mentees: Iterable[MenteeSide], rules: Rules) -> Board:
    """Everybody weighed against everybody; keys are unique on each side."""
    from mentorship.matching.board import Board  # noqa: PLC0415 - numpy and scipy cost half a second: not at the start

    return Board(mentors, mentees, rules)
