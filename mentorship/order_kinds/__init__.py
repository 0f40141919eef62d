"""The orders whose facts this app knows."""

from mentorship.order_kinds import (
    banks,
    curator,
    ending,
    extension,
    mentors,
    names,
    pairs,
    payments,
    ready_acts,
    replacement,
    rewards,
    substitution,
)

__all__ = [
    "banks",
    "curator",
    "ending",
    "extension",
    "mentors",
    "names",
    "pairs",
    "payments",
    "ready_acts",
    "replacement",
    "rewards",
    "substitution",
]
from mentorship.order_kinds import programmes

__all__ = ["banks", "curator", "mentors", "names", "pairs", "programmes", "ready_acts", "rewards"]
from mentorship.order_kinds import release

__all__ = ["banks", "curator", "mentors", "names", "pairs", "ready_acts", "release", "rewards"]
