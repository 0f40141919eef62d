"""The orders that the engine itself knows: the first one of a programme, on incentives, about earlier orders."""

from orders.order_kinds import incentives, introduction, later

__all__ = ["incentives", "introduction", "later"]
