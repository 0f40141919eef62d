"""Buttons of an order's page: the steps of its table with everything that stands in their way."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.urls import reverse

from accounts.buttons import Button, step_buttons
from accounts.permissions import may
from orders.models import Order
from orders.services.approval import signing_obstacles, submission_obstacles

STEPS = {"submit": "order_submit", "approve": "order_approve", "return": "order_return", "recall": "order_recall"}


def order_buttons(user: Any, order: Order) -> list[Button]:
    """The steps that lead on from the state and that the user may make, the main one first; then deletion."""
    urls = {step: reverse(name, args=[order.pk]) for step, name in STEPS.items()}
    buttons = []
    for button in step_buttons(user, order, urls):
        extra = engine_obstacles(user, order, button.url == urls["submit"], button.url == urls["approve"])
        main = button.url in (urls["submit"], urls["approve"])
        buttons.append(replace(button, obstacles=unique([*extra, *button.obstacles]), primary=main))
    if order.is_editable and may(user, "orders.order.draft", order):
        buttons.append(Button("Удалить проект", reverse("order_delete", args=[order.pk])))
    return buttons


def engine_obstacles(user: Any, order: Order, submits: bool, approves: bool) -> list[str]:
    if submits:
        return submission_obstacles(order)
    return signing_obstacles(order, user) if approves else []


def approval_obstacles(user: Any, order: Order) -> list[str]:
    """Why the user cannot approve the order now; empty: nothing in the way."""
    return unique([*signing_obstacles(order, user), *order.kind_entry.obstacles(order)])


def unique(sentences: list[str]) -> list[str]:
    """Each sentence once: the engine and a kind may have the same against an order."""
    return list(dict.fromkeys(sentences))
