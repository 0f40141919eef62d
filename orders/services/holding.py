"""How an order holds what it approves: a draft of its own, of one order at a time, unchanged since its submission."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet

from core.transitions import Refused
from orders.models import Order

NOT_DRAFT = "«{title}»: состояние — «{state}». Выберите другой документ."
TAKEN = "«{title}» уже готовит другой приказ. Обновите страницу и выберите другой документ."
CHANGED = "«{title}»: текст изменился после передачи приказа. Верните приказ, чтобы обновить его."


def holding_obstacles(order: Order, part: Any, *, changed: bool) -> list[str]:
    """Why this order may not speak of its part: it is no draft, another order's, `changed` since the submission."""
    if part.state != "draft":
        return [NOT_DRAFT.format(title=part.title, state=part.get_state_display())]
    if part.order_id != order.pk:
        return [TAKEN.format(title=part.title)]
    return [CHANGED.format(title=part.title)] if changed else []


def lock_parts(order: Order, *models: type[Model]) -> None:
    """Hold every row of the organisation: of two orders at once the second sees what the first has done."""
    for model in models:
        rows = model._default_manager.filter(organisation=order.organisation_id).order_by("pk")
        list(rows.select_for_update().values_list("pk"))


def hold_part(order: Order, chosen: QuerySet[Any]) -> None:
    """Tie the chosen part (one row or none) to the draft and let go what it no longer approves; of two drafts at once
    one is refused."""
    held = chosen.model._default_manager.filter(organisation=order.organisation_id, order=order)
    held.exclude(pk__in=chosen.values("pk")).update(order=None)
    free = chosen.filter(Q(order=None) | Q(order=order), state="draft")
    if not free.update(order=order) and (taken := chosen.first()):
        raise Refused([TAKEN.format(title=taken)])


def release_parts(order: Order, *models: type[Model]) -> None:
    """Let everything go when the draft is deleted."""
    for model in models:
        model._default_manager.filter(order=order).update(order=None)
