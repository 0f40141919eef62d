"""The registry of order kinds: other apps tell here what their orders say and do."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ImproperlyConfigured

Facts = dict[str, Any]


def nothing(order: Any) -> None:
    """A kind whose approval changes no other rows."""


def nothing_by(order: Any, actor: Any) -> None:
    """A kind whose approval changes no other rows."""


def no_obstacles(order: Any) -> list[str]:
    return []


def no_effects(order: Any) -> list[str]:
    return []


def close_nothing(order: Any, since: dt.date, actor: Any) -> None:
    """A kind that opened nothing which its cancellation could close."""


def closes_nothing(order: Any, since: dt.date) -> list[str]:
    return []


def redact_nothing(facts: Facts, shown: frozenset[int]) -> Facts:
    return facts


@dataclass(frozen=True)
class OrderKind:
    """All that a kind of order is.

    code      names the templates `orders/kinds/<code>.txt` (clauses) and `orders/appendices/<code>.html` (optional)
    title     the kind in lists: «Закрепление наставнических пар»
    form      dotted path of the form that asks the drafter (a subclass of `orders.forms.OrderForm`)
    facts     order → JSON-ready facts, declined forms included; reads only
    obstacles order → Russian sentences that forbid submission and approval
    hold      order → None: ties the chosen rows to the draft, lets go those no longer chosen (after every change)
    lock      order → None: locks the rows that the obstacles depend on, people first, in the order of their keys
    apply     (order, actor): what approval changes, in the same transaction
    release   (order, actor): what deleting the draft lets go
    close     (order, first day without it, actor): what its cancellation ends; nothing is deleted
    closing   (order, first day without it) → Russian sentences: what its cancellation will end
    effects   order → Russian sentences: what approval will change, for whoever approves
    redact    (facts, numbers of people who may be named) → facts for publication
    sample    () → facts of an invented example, for tests and previews
    """

    code: str
    title: str
    form: str
    facts: Callable[[Any], Facts]
    sample: Callable[[], Facts]
    obstacles: Callable[[Any], list[str]] = no_obstacles
    hold: Callable[[Any], None] = nothing
    lock: Callable[[Any], None] = nothing
    apply: Callable[[Any, Any], None] = nothing_by
    release: Callable[[Any, Any], None] = nothing_by
    close: Callable[[Any, dt.date, Any], None] = close_nothing
    closing: Callable[[Any, dt.date], list[str]] = closes_nothing
    effects: Callable[[Any], list[str]] = no_effects
    redact: Callable[[Facts, frozenset[int]], Facts] = redact_nothing


KINDS: dict[str, OrderKind] = {}


def register(kind: OrderKind) -> None:
    if KINDS.get(kind.code, kind) != kind:
        raise ImproperlyConfigured(f"Order kind {kind.code} is registered twice")
    KINDS[kind.code] = kind


def kind_of(code: str) -> OrderKind:
    try:
        return KINDS[code]
    except KeyError:
        raise ImproperlyConfigured(f"Unknown order kind {code}") from None


def order_obstacles(order: Any) -> list[str]:
    """Why the order cannot be approved now: its kind's own reasons."""
    return kind_of(order.kind).obstacles(order)


@dataclass(frozen=True)
class NameCheck:
    """Why the forms of somebody's name have to be looked at, and the page where that is done."""

    doubts: tuple[str, ...]
    url: str


# (order, numbers of people) → those among them whose names nobody has looked at although the grammars disagree.
NAME_CHECKS: list[Callable[[Any, frozenset[int]], Mapping[int, NameCheck]]] = []


def register_name_checks(check: Callable[[Any, frozenset[int]], Mapping[int, NameCheck]]) -> None:
    """Let an app that keeps the cards of people say whose forms are still in doubt."""
    if check not in NAME_CHECKS:
        NAME_CHECKS.append(check)


def unchecked_names(order: Any, numbers: frozenset[int]) -> dict[int, NameCheck]:
    """Everybody among the numbers whose name still has to be looked at."""
    return {number: one for check in NAME_CHECKS for number, one in check(order, numbers).items()} if numbers else {}
