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
    programmes,
    ready_acts,
    release,
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
    "programmes",
    "ready_acts",
    "release",
    "replacement",
    "rewards",
    "substitution",
]
