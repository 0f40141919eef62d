"""The orders that the engine itself knows: the first one of a programme, and those about earlier orders."""

from orders.order_kinds import introduction, later

__all__ = ["introduction", "later"]
