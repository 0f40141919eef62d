"""The orders whose facts this app knows."""

from mentorship.order_kinds import curator, pairs, rewards

__all__ = ["curator", "pairs", "rewards"]
