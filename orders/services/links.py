"""Which later orders speak of an order, and from what day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db.models import Q

from accounts.permissions import today
from core.transitions import Refused
from orders.models import Order, OrderLink, OrderState

Relation = OrderLink.Relation


def hold_link(*, order: Order, target: Order, relation: str) -> None:
    """Tie a draft to the order it speaks of; of two drafts that cancel the same order one is refused."""
    if relation == Relation.CANCELS:
        # Held until the end of the transaction: a second draft about the same order then sees this one.
        list(Order.objects.filter(pk=target.pk).select_for_update().values_list("pk"))
        rivals = OrderLink.objects.filter(target=target, relation=relation).exclude(order=order)
        if rival := rivals.select_related("order").first():
            raise Refused([f"Приказ {target.requisites} уже отменяет другой документ: {rival.order}."])
    OrderLink.objects.filter(order=order).exclude(target=target).delete()
    OrderLink.objects.update_or_create(order=order, target=target, defaults={"relation": relation})


def later_links(order: Order, day: dt.date | None = None) -> list[OrderLink]:
    """Approved orders that amend or cancel this one and are not cancelled themselves, the earliest first.

    With a day: only those that count by then.
    """
    cancelled = Order.objects.filter(
        linked_by__relation=Relation.CANCELS, linked_by__order__state=OrderState.APPROVED
    ).values("pk")
    rows = OrderLink.objects.filter(target=order, order__state=OrderState.APPROVED).exclude(order__in=cancelled)
    if day:
        rows = rows.filter(Q(since=None) | Q(since__lte=day))
    return list(rows.select_related("order").order_by("order__date", "order__ordinal", "pk"))


def cancellation_of(order: Order, *, but: Order | None = None) -> Order | None:
    """The approved order that cancels this one, whatever its first day; `but` is not looked at."""
    rows = OrderLink.objects.filter(target=order, relation=Relation.CANCELS, order__state=OrderState.APPROVED)
    found = rows.exclude(order=but).select_related("order").first() if but else rows.select_related("order").first()
    return found.order if found else None


def standing_words(links: Iterable[OrderLink], day: dt.date | None = None) -> tuple[str, str]:
    """What became of an approved order, for a chip: the word and its kind; `links` as `later_links` gives them."""
    day = day or today()
    relations = {link.relation: link.since for link in links}
    if Relation.CANCELS in relations:
        since = relations[Relation.CANCELS]
        return ("отменён", "no") if since is None or since <= day else (f"отменяется с {since:%d.%m.%Y}", "wait")
    return ("изменён", "go") if relations else ("", "")


def links_of(orders: Iterable[Order]) -> dict[int, list[OrderLink]]:
    """For a page of the register: pk of the earlier order → approved links; one query."""
    rows = OrderLink.objects.filter(target__in=[order.pk for order in orders], order__state=OrderState.APPROVED)
    found: dict[int, list[OrderLink]] = {}
    for link in rows.order_by("order__date", "pk"):
        found.setdefault(link.target_id, []).append(link)
    return found
