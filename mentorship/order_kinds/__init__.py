"""The orders whose facts this app knows."""

from mentorship.order_kinds import pairs

__all__ = ["pairs"]
