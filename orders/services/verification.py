"""What the code on a paper tells everybody: that such an order is here and what became of it. Names of nobody."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from accounts.permissions import today
from orders.models import Order, OrderLink
from orders.services.links import later_links


@dataclass(frozen=True)
class LaterOrder:
    """An order that amends or cancels; `what` is «Изменён» or «Отменён»."""

    what: str
    number: str
    date: dt.date


@dataclass(frozen=True)
class Verified:
    """An approved order without its heading: a heading may name people. `sums` are SHA-256 of its files."""

    organisation: str
    number: str
    date: dt.date
    state: str
    state_kind: str
    later: list[LaterOrder]
    sums: list[str]


def verified(token: str) -> Verified | None:
    """The approved order with this key, or None."""
    order = Order.objects.approved().filter(token=token).select_related("organisation").first()
    if order is None or order.date is None:
        return None
    later = list(later_orders(order))
    cancelled = any(one.what == "Отменён" for one in later)
    changed = "действует с изменениями" if later else "действует"
    return Verified(
        # As the paper calls it, whatever its name has become since.
        organisation=order.facts.get("organisation", {}).get("name") or order.organisation.name,
        number=order.number or "",
        date=order.date,
        state="отменён" if cancelled else changed,
        state_kind="no" if cancelled else "ok",
        later=later,
        sums=list(order.files.order_by("format").values_list("sha256", flat=True)),
    )


def later_orders(order: Order) -> list[LaterOrder]:
    """Approved orders that change this one, the earliest first; what begins later does not count yet."""
    words = {OrderLink.Relation.AMENDS: "Изменён", OrderLink.Relation.CANCELS: "Отменён"}
    return [
        LaterOrder(words[OrderLink.Relation(link.relation)], link.order.number or "", link.order.date or dt.date.min)
        for link in later_links(order, today())
    ]
