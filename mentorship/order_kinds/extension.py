"""The order that extends pairs with the agreement of all their people."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mentorship.models import Extension, ExtensionState, silent_people
from mentorship.order_kinds.pair_parts import (
    hide_pair_people,
    line_of,
    lock_pairs,
    said_in,
    sample_line,
    sample_people,
    state_obstacles,
)
from mentorship.order_kinds.pairs import name_obstacles, people_of
from mentorship.services.extensions import (
    extend_pairs,
    extension_faults,
    hold_extensions,
    let_go,
    shortened,
    take_extensions_back,
)
from orders.kinds import Facts, OrderKind, register
from orders.models import Order

CODE = "extension"
NOT_CHOSEN = "Выберите продления, которые утверждает приказ."
NOT_HELD = "{title}: продление не в этом приказе, состояние — «{state}». Уберите его из приказа."


def chosen(order: Order) -> list[Extension]:
    """The extensions that the draft names, by key, with pairs, people and marks."""
    rows = Extension.objects.filter(pair__organisation=order.organisation_id, pk__in=order.params.get("extensions", []))
    return list(rows.order_by("pk").for_cards().select_related("pair__order", "pair__direction"))


def facts(order: Order) -> Facts:
    """`people` in every case; `pairs` — {…line_of, last_day: the new last day, agreed: the days of the marks}."""
    extensions = chosen(order)
    said = said_in([one.pair for one in extensions])
    return {
        "people": list(said.values()),
        "pairs": [
            {
                **line_of(one.pair, said),
                "ends_on": f"{(one.previous_ends_on or one.pair.ends_on):%d.%m.%Y}",
                "last_day": f"{one.ends_on:%d.%m.%Y}",
            }
            for one in extensions
        ],
    }


def obstacles(order: Order) -> list[str]:
    """Everything that forbids the order, naming the pair and whose word is missing (BR-18)."""
    extensions = chosen(order)
    if not extensions:
        return [NOT_CHOSEN]
    found: list[str] = []
    for one in extensions:
        pair = one.pair
        held = one.state == ExtensionState.IN_ORDER and one.order_id == order.pk
        found += [] if held else [NOT_HELD.format(title=pair.title, state=one.get_state_display())]
        wrong = state_obstacles(order, pair) + silent_people(one) + extension_faults(pair, one.ends_on)
        found += [f"{pair.title}: {fault}" for fault in wrong] if held else []
    return list(dict.fromkeys(found + name_obstacles(people_of(one.pair for one in extensions).values())))


def hold(order: Order) -> None:
    hold_extensions(order=order, numbers=order.params.get("extensions", []))


def lock(order: Order) -> None:
    extensions = chosen(order)
    lock_pairs([one.pair for one in extensions])
    list(Extension.objects.locked().filter(pk__in=[one.pk for one in extensions]))


def apply(order: Order, actor: Any) -> None:
    extend_pairs(order=order, extensions=chosen(order), obstacles=obstacles(order), actor=actor)


def release(order: Order, actor: Any) -> None:
    let_go(order=order, extensions=list(order.extensions.all()), actor=actor)


def close(order: Order, since: dt.date, actor: Any) -> None:
    take_extensions_back(order=order, since=since, actor=actor)


def closing(order: Order, since: dt.date) -> list[str]:
    return [f"Пара {one.pair.title} снова будет работать до {last:%d.%m.%Y}." for one, last in shortened(order, since)]


def effects(order: Order) -> list[str]:
    found = [
        f"Пара {one.pair.title} будет работать до {one.ends_on:%d.%m.%Y} вместо {one.pair.ends_on:%d.%m.%Y}, "
        "её программа — тоже."
        for one in chosen(order)
    ]
    return [*found, "Участники получат письма."]


def sample() -> Facts:
    people = sample_people()
    pairs = [
        sample_line(1, people[:2], ends_on="31.03.2027", last_day="31.05.2027"),
        sample_line(2, [people[2], people[3], people[1]], ends_on="31.03.2027", last_day="30.06.2027"),
    ]
    return {"people": people, "pairs": pairs}


register(
    OrderKind(
        code=CODE,
        title="Продление срока пар",
        form="mentorship.forms.pair_orders.ExtensionOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        hold=hold,
        lock=lock,
        apply=apply,
        release=release,
        close=close,
        closing=closing,
        effects=effects,
        redact=hide_pair_people,
    )
)
