"""What a matching run answers: proposals, those left over with what would help, and how two answers differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STRONG, GOOD = 60, 30


@dataclass(frozen=True)
class Proposal:
    """A pair and its reason. `share`: points as a percentage of a pair that fits in everything, 0…100."""

    mentee: int
    mentor: int
    points: int
    share: int
    sentence: str
    fixed: bool = False


@dataclass(frozen=True)
class Unmatched:
    """Somebody left over: what would help, and whom it is about."""

    key: int
    sentence: str
    people: tuple[int, ...] = ()


@dataclass(frozen=True)
class Result:
    """Everything in the order of the keys of mentees and of mentors. `total`: points of all proposals."""

    proposals: tuple[Proposal, ...]
    mentees: tuple[Unmatched, ...]
    mentors: tuple[Unmatched, ...]

    @property
    def total(self) -> int:
        return sum(one.points for one in self.proposals)

    @property
    def mentor_of(self) -> dict[int, int]:
        """Key of a mentee → key of the proposed mentor."""
        return {one.mentee: one.mentor for one in self.proposals}


@dataclass(frozen=True)
class Choice:
    """A mentor as one mentee could have them. `why_not` is empty for the one proposed."""

    mentor: int
    points: int
    share: int
    permitted: bool
    proposed: bool
    sentence: str
    why_not: str


@dataclass(frozen=True)
class Change:
    """A mentee whose mentor differs between two answers; None where there is none."""

    mentee: int
    before: Proposal | None
    after: Proposal | None


@dataclass(frozen=True)
class Comparison:
    """Two answers side by side: totals in points, and everybody for whom something changes."""

    before: int
    after: int
    changes: tuple[Change, ...]


def strength(share: int) -> str:
    """How well a pair fits, in words."""
    return "сильное" if share >= STRONG else "хорошее" if share >= GOOD else "слабое"


def compared(before: Result, after: Result) -> Comparison:
    """What another set of pairs would change."""
    old, new = by_mentee(before), by_mentee(after)
    changed = [key for key in sorted(old.keys() | new.keys()) if pair_of(old, key) != pair_of(new, key)]
    return Comparison(before.total, after.total, tuple(Change(key, old.get(key), new.get(key)) for key in changed))


def by_mentee(result: Result) -> dict[int, Proposal]:
    return {one.mentee: one for one in result.proposals}


def pair_of(found: Mapping[int, Proposal], mentee: int) -> int | None:
    one = found.get(mentee)
    return one.mentor if one else None
