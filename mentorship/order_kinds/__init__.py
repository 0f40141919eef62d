"""The orders whose facts this app knows."""

from mentorship.order_kinds import banks, pairs

__all__ = ["banks", "pairs"]
