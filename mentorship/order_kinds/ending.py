"""The order that ends pairs before their term: on what ground, from what day, what stands in its way."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.permissions import today
from mentorship.models import ClosingGround, Initiator, Pair
from mentorship.order_kinds.pair_parts import (
    hide_pair_people,
    iso_day,
    line_of,
    lock_pairs,
    notice_obstacles,
    said_in,
    sample_line,
    sample_people,
    state_obstacles,
    working_pairs,
)
from mentorship.order_kinds.pairs import name_obstacles, people_of
from mentorship.services.pair_endings import ENDS_BY_ORDER, Ending, ending_faults, finish_pairs
from orders.kinds import Facts, OrderKind, register
from orders.models import Order

CODE = "ending"
NOT_CHOSEN = "Выберите пары, работу которых завершает приказ."
OUTSIDE = "{title}: последний день должен быть с {first:%d.%m.%Y} и раньше {last:%d.%m.%Y}, когда пара закончится сама."
# How the text of the order names each ground.
GROUNDS = {
    ClosingGround.FULL.value: "в связи с выполнением программ в полном объёме",
    ClosingGround.CURATOR.value: "по инициативе куратора",
    Initiator.MENTOR.value: "по инициативе наставника",
    Initiator.MENTEE.value: "по инициативе наставляемого",
    Initiator.BOTH.value: "по обоюдному решению наставника и наставляемого",
}


def ending_of(order: Order) -> Ending:
    params = order.params
    day = iso_day(params.get("last_day")) or today()
    return Ending(params.get("ground", ""), params.get("reason", ""), params.get("initiator", ""), day)


def ground_words(ending: Ending) -> str:
    key = ending.initiator if ending.ground == ClosingGround.PARTIES else ending.ground
    return GROUNDS.get(key, "")


def facts(order: Order) -> Facts:
    """`people` in every case; `pairs` as `line_of` gives them, each with its `last_day`; `ground` in words.

    The circumstances stay on the card of the pair: a published order says nothing of anybody's health.
    """
    pairs, ending = working_pairs(order), ending_of(order)
    said = said_in(pairs)
    last = f"{ending.last_day:%d.%m.%Y}"
    return {
        "people": list(said.values()),
        "pairs": [{**line_of(pair, said), "last_day": last} for pair in pairs],
        "ground": ground_words(ending),
    }


def obstacles(order: Order) -> list[str]:
    """Everything that forbids the order, naming the pair and what to do."""
    pairs, ending = working_pairs(order), ending_of(order)
    if not pairs:
        return [NOT_CHOSEN]
    found: list[str] = []
    for pair in pairs:
        wrong = state_obstacles(order, pair)
        found += wrong or [*day_obstacles(pair, ending.last_day), *notice_obstacles(pair, ending.last_day)]
        found += [] if wrong else [f"{pair.title}: {fault}" for fault in ending_faults(pair, ending)]
    return list(dict.fromkeys(found + name_obstacles(people_of(pairs).values())))


def day_obstacles(pair: Pair, last_day: dt.date) -> list[str]:
    if pair.ends_by_order:
        return [f"{pair.title}. {ENDS_BY_ORDER.format(day=pair.ends_on)}"]
    if pair.starts_on <= last_day < pair.ends_on:
        return []
    return [OUTSIDE.format(title=pair.title, first=pair.starts_on, last=pair.ends_on)]


def lock(order: Order) -> None:
    lock_pairs(working_pairs(order))


def apply(order: Order, actor: Any) -> None:
    ending = ending_of(order)
    finish_pairs(order=order, pairs=working_pairs(order), ending=ending, obstacles=obstacles(order), actor=actor)


def effects(order: Order) -> list[str]:
    last = ending_of(order).last_day
    found = [
        f"Пара {pair.title} завершится {last:%d.%m.%Y}, её программа — вместе с ней." for pair in working_pairs(order)
    ]
    return [*found, "Другие пары, закреплённые теми же приказами, продолжат работу.", "Участники получат письма."]


def sample() -> Facts:
    people = sample_people()
    pairs = [
        sample_line(1, people[:2], last_day="30.11.2026"),
        sample_line(2, [people[2], people[3], people[1]], last_day="30.11.2026"),
    ]
    return {"people": people, "pairs": pairs, "ground": GROUNDS["mentor"]}


register(
    OrderKind(
        code=CODE,
        title="Завершение работы пар",
        form="mentorship.forms.pair_orders.EndingOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        lock=lock,
        apply=apply,
        effects=effects,
        redact=hide_pair_people,
    )
)
