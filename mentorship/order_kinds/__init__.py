"""The orders whose facts this app knows."""

from mentorship.order_kinds import banks, curator, pairs, ready_acts, rewards

__all__ = ["banks", "curator", "pairs", "ready_acts", "rewards"]
