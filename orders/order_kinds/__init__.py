"""The orders that the engine itself knows: those about earlier orders."""

from orders.order_kinds import later

__all__ = ["later"]
