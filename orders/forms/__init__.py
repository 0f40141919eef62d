"""Input of orders and local acts."""

from __future__ import annotations

from django.utils.module_loading import import_string

from orders.forms.orders import OrderForm
from orders.kinds import OrderKind

__all__ = ["OrderForm", "form_of"]


def form_of(kind: OrderKind) -> type[OrderForm]:
    """The form that asks for an order of the kind."""
    return import_string(kind.form)
