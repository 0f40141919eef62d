"""The orders whose facts this app knows."""

from mentorship.order_kinds import banks, curator, mentors, names, pairs, ready_acts, release, rewards

__all__ = ["banks", "curator", "mentors", "names", "pairs", "ready_acts", "release", "rewards"]
