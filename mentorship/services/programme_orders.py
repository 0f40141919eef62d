"""How the draft of an order holds the programmes that it is to approve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from django.db import transaction

from accounts.models import User
from core.journal import record
from core.transitions import Refused
from mentorship.models import Programme, ProgrammeState
from orders.models import Order

EVENT = "mentorship.programme.hold"


@transaction.atomic
def hold_programmes(*, order: Order, numbers: Sequence[int]) -> None:
    """Tie the chosen programmes to a draft and let go those no longer chosen; the history names the drafter."""
    wanted = list(Programme.objects.locked().filter(organisation=order.organisation_id, pk__in=numbers))
    for one in wanted:
        if one.state != ProgrammeState.REVIEW or one.draft_order_id not in (None, order.pk):
            raise Refused([f"«{one.title}»: программу уже держит другой приказ, или она не на согласовании."])
    held = Programme.objects.filter(draft_order=order).exclude(pk__in=[one.pk for one in wanted])
    let_programmes_go(order=order, programmes=held, actor=order.drafted_by)
    for one in wanted:
        if one.draft_order_id is None:
            Programme.objects.filter(pk=one.pk).update(draft_order=order)
            record(EVENT, one, actor=order.drafted_by, text=f"Программа включена в документ: {order}.")


@transaction.atomic
def let_programmes_go(*, order: Order, programmes: Iterable[Programme], actor: User) -> None:
    """Free programmes that a draft held: they can be approved in the portal, or by another order."""
    rows = list(programmes)
    Programme.objects.filter(pk__in=[one.pk for one in rows], draft_order=order).update(draft_order=None)
    for one in rows:
        record(EVENT, one, actor=actor, text=f"Программа больше не в проекте приказа «{order.title}».")
