"""The orders whose facts this app knows."""

from mentorship.order_kinds import banks, curator, mentors, names, pairs, rewards

__all__ = ["banks", "curator", "mentors", "names", "pairs", "rewards"]
