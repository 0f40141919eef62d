"""An order of any registered kind made of the example that the kind itself gives, so that a new kind is tested too."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, User
from orders.kinds import KINDS
from orders.models import Clause, Order, OrderState, Series
from orders.services.drafting import clause_lines
from orders.services.facts import common_facts
from tests.orders.conftest import params

DAY = dt.date(2026, 9, 1)
WORDS = {"responsible_name": "Теслина С.Н.", "responsible_post": "методист", "responsible_gender": "f"}


def example_draft(organisation: Organisation, series: Series, code: str, drafter: User, **facts: Any) -> Order:
    """A saved draft with its clauses; `facts` stand over those of the example."""
    order = Order(
        organisation=organisation,
        series=series,
        kind=code,
        title=f"О примере: {KINDS[code].title.lower()}",
        params=params(**WORDS),
        drafted_by=drafter,
    )
    order.facts = {**common_facts(order), **KINDS[code].sample(), **facts}
    order.save()
    write_clauses(order)
    return order


def write_clauses(order: Order) -> None:
    """The clauses that the template of the kind makes of the facts of the order."""
    lines = clause_lines(order.kind, order.facts)
    Clause.objects.bulk_create(
        Clause(
            order=order,
            position=place,
            level=line.level,
            marker=line.marker,
            fact=line.fact,
            text=line.text,
            generated=line.text,
        )
        for place, line in enumerate(lines)
    )


def example_approved(order: Order, head: User, number: str) -> Order:
    """The draft as the head has approved it, without the obstacles of the kind: its people are invented."""
    signer = order.signer_facts(DAY)
    Order.objects.filter(pk=order.pk).update(
        state=OrderState.APPROVED,
        number=number,
        date=DAY,
        year=DAY.year,
        signer_name=signer["full_name"],
        signer_post=signer["post"],
        facts={**order.facts, "signer": signer},
        approved_by=head,
        approved_at=timezone.now(),
    )
    order.refresh_from_db()
    return order
