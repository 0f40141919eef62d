"""Orders with their clauses and files, number series, local acts."""

from orders.models.acts import LocalAct
from orders.models.numbering import Counter, Series
from orders.models.orders import Clause, Order, OrderFile, OrderQuerySet, OrderState

__all__ = ["Clause", "Counter", "LocalAct", "Order", "OrderFile", "OrderQuerySet", "OrderState", "Series"]
