"""Orders about orders: one amends an earlier order, another cancels it. Neither changes a letter of the earlier one."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.transitions import Refused
from orders.kinds import Facts, OrderKind, register
from orders.models import Order, OrderLink
from orders.services.links import cancellation_of, hold_link, later_links

AMENDMENT, CANCELLATION = "amendment", "cancellation"
RELATIONS = {AMENDMENT: OrderLink.Relation.AMENDS, CANCELLATION: OrderLink.Relation.CANCELS}
NOT_CHOSEN = "Выберите приказ, о котором говорит этот."
NO_CHANGES = "Запишите хотя бы одно изменение."


def target_of(order: Order) -> Order | None:
    """The approved order of the same organisation that this one is about."""
    rows = Order.objects.approved().filter(organisation=order.organisation_id, pk=order.params.get("target"))
    return rows.first()


def first_day(order: Order) -> dt.date:
    """The first day on which the new order counts."""
    chosen = order.params.get("effective_on")
    return dt.date.fromisoformat(chosen) if chosen else order.signer_day()


def facts(order: Order) -> Facts:
    """`target` {number, date, title}; `people` of the earlier order, who have to read this one too.

    `changes`: sentences of the amendment. `reason`: why the earlier order is cancelled.
    """
    target = target_of(order)
    found: Facts = {"changes": order.params.get("changes", []), "reason": order.params.get("reason", "")}
    if target is None or target.date is None:
        return {**found, "target": None}
    said = {"number": target.number, "date": f"{target.date:%d.%m.%Y}", "title": target.title}
    return {**found, "target": said, "people": target.facts.get("people", [])}


def obstacles(order: Order) -> list[str]:
    """Why the order may not speak of the earlier one."""
    target = target_of(order)
    if target is None:
        return [NOT_CHOSEN]
    found = []
    if cancelled := cancellation_of(target, but=order):
        found.append(f"Приказ {target.requisites} уже отменён приказом {cancelled.requisites}.")
    if target.date and first_day(order) < target.date:
        found.append(f"Приказ {target.requisites} подписан позже: новый не может действовать раньше него.")
    if order.kind == AMENDMENT and not order.params.get("changes"):
        found.append(NO_CHANGES)
    if order.kind == CANCELLATION and target.kind == CANCELLATION:
        found.append("Отмену не отменяют: чтобы вернуть прежний порядок, издайте новый приказ о том же.")
    return found


def lock(order: Order) -> None:
    """Of two orders about the same earlier one the second waits, and then sees what the first has done."""
    list(Order.objects.filter(pk=order.params.get("target")).select_for_update().values_list("pk"))
    if (target := target_of(order)) and order.kind == CANCELLATION:
        target.kind_entry.lock(target)


def hold(order: Order) -> None:
    target = target_of(order)
    if target is None:
        raise Refused([NOT_CHOSEN])
    hold_link(order=order, target=target, relation=RELATIONS[order.kind])


def apply(order: Order, actor: Any) -> None:
    """The new order counts from its first day; a cancellation also ends what the earlier order opened.

    Asked again with the date of the order, which the obstacles could not know before.
    """
    if found := obstacles(order):
        raise Refused(found)
    since = first_day(order)
    OrderLink.objects.filter(order=order).update(since=since)
    target = target_of(order)
    if order.kind == CANCELLATION and target is not None:
        target.kind_entry.close(target, since, actor)


def release(order: Order, actor: Any) -> None:
    OrderLink.objects.filter(order=order).delete()


def effects(order: Order) -> list[str]:
    target, since = target_of(order), first_day(order)
    if target is None:
        return []
    if order.kind == AMENDMENT:
        return [f"Приказ {target.requisites} будет действовать с изменениями с {since:%d.%m.%Y}. Его текст останется."]
    lost = f"Приказ {target.requisites} утратит силу с {since:%d.%m.%Y}. Его текст и файлы останутся."
    changed = [
        f"Приказ {link.order.requisites}, который его изменял, действовать перестанет." for link in later_links(target)
    ]
    return [lost, *changed, *target.kind_entry.closing(target, since)]


def sample() -> Facts:
    return {
        "target": {"number": "71-б", "date": "01.09.2026", "title": "О закреплении наставнических пар"},
        "changes": ["Пункт 2 изложить в следующей редакции: «2. Куратору представить отчёт до 01.06.2027»."],
        "reason": "в связи с изменением состава участников",
        "people": [],
    }


for code, title, form in (
    (AMENDMENT, "Изменение приказа", "orders.forms.later.AmendmentForm"),
    (CANCELLATION, "Отмена приказа", "orders.forms.later.CancellationForm"),
):
    register(
        OrderKind(
            code=code,
            title=title,
            form=form,
            facts=facts,
            sample=sample,
            obstacles=obstacles,
            hold=hold,
            lock=lock,
            apply=apply,
            release=release,
            effects=effects,
        )
    )
