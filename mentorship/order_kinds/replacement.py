"""The order that changes mentors: the old pairs close on the day before, the new ones go on with the same mentees."""

from __future__ import annotations

from typing import Any

from accounts.permissions import today
from mentorship.models import ORDER, Pair, addendum_obstacles, addendum_warnings, consents_of, needs_of
from mentorship.order_kinds.pair_parts import (
    hide_pair_people,
    line_of,
    lock_pairs,
    notice_obstacles,
    said_of,
    sample_line,
    sample_people,
)
from mentorship.order_kinds.pairs import (
    basis_of,
    chosen,
    holding_obstacles,
    name_obstacles,
    pairs_close,
    pairs_closing,
    pairs_hold,
    pairs_release,
    people_of,
    regulation_obstacles,
)
from mentorship.services.pair_changes import ONE_DAY, replace_mentors, replacement_faults
from orders.kinds import Facts, OrderKind, register
from orders.models import Order

CODE = "replacement"
NOT_CHOSEN = "Выберите замены, которые утверждает приказ."
NOT_A_REPLACEMENT = "{title}: эта пара никого не заменяет. Закрепите её обычным приказом о парах."
OTHER_MENTEES = "{title}: наставляемые не те, что в прежней паре. Верните прежних или составьте новую пару."
OTHER_END = "{title}: срок при замене не меняется, последний день — {day:%d.%m.%Y}. Продлевают отдельным приказом."


def facts(order: Order) -> Facts:
    """`people` in every case; `pairs` — {…line_of, previous, last_day, basis}: the new pair, who led it, until when."""
    pairs = chosen(order)
    replaced = [pair.replaces for pair in pairs if pair.replaces]
    people = people_of([*pairs, *replaced])
    said, consents = said_of(people), consents_of(people.values())
    return {
        "people": list(said.values()),
        "pairs": [
            {
                **line_of(pair, said),
                "previous": said[pair.replaces.mentor_id],
                "fixed": pair.replaces.order.requisites if pair.replaces.order else "",
                "last_day": f"{pair.starts_on - ONE_DAY:%d.%m.%Y}",
                "basis": list(basis_of(pair, consents)),
            }
            for pair in pairs
            if pair.replaces
        ],
    }


def obstacles(order: Order) -> list[str]:
    """Everything that forbids the order on its date (today while it has none), naming people and consents."""
    day, pairs = order.date or today(), chosen(order)
    if not pairs:
        return [NOT_CHOSEN]
    found = regulation_obstacles(order, day)
    for pair in pairs:
        found += holding_obstacles(order, pair) + change_obstacles(pair)
        found += [f"{pair.title}: {fault}" for fault in pair.faults()]
    found += [need.text for needs in needs_of(pairs, day).values() for need in needs if need.what != ORDER]
    found += addendum_obstacles(order.organisation, pairs, day)
    return list(dict.fromkeys(found + name_obstacles(people_of(pairs).values())))


def change_obstacles(pair: Pair) -> list[str]:
    """Why the new pair cannot take the place of the old one."""
    old = pair.replaces
    if old is None:
        return [NOT_A_REPLACEMENT.format(title=pair.title)]
    found = replacement_faults(old, pair.mentor, pair.starts_on)
    if {one.pk for one in old.mentees} != {one.pk for one in pair.mentees}:
        found.append(OTHER_MENTEES.format(title=pair.title))
    if not found and old.ends_on != pair.ends_on:
        found.append(OTHER_END.format(title=pair.title, day=old.ends_on))
    return found + ([] if found else notice_obstacles(old, pair.starts_on - ONE_DAY))


def lock(order: Order) -> None:
    pairs = chosen(order)
    lock_pairs([*pairs, *(pair.replaces for pair in pairs if pair.replaces)])


def apply(order: Order, actor: Any) -> None:
    """Asked again with the date of the order: consents must not be younger than it."""
    reason = order.params.get("reason", "")
    replace_mentors(order=order, pairs=chosen(order), obstacles=obstacles(order), reason=reason, actor=actor)


def effects(order: Order) -> list[str]:
    found = []
    for pair in chosen(order):
        if pair.replaces:
            last = pair.starts_on - ONE_DAY
            found.append(f"Пара {pair.replaces.title} завершится {last:%d.%m.%Y}.")
            found.append(f"Пара {pair.title} начнёт работу с {pair.starts_on:%d.%m.%Y}; программа перейдёт к ней.")
    warnings = addendum_warnings(chosen(order), order.date or today())
    return [*found, *warnings, "Открытые заявления о замене будут отмечены исполненными, участники получат письма."]


def sample() -> Facts:
    people = sample_people()
    basis = [
        {"number": 3, "who": people[2]["short"]["nominative"], "what": "работа наставником", "date": "20.10.2026"},
        {"number": 2, "who": people[1]["short"]["nominative"], "what": "участие в паре", "date": "21.10.2026"},
    ]
    pair = sample_line(
        1, [people[2], people[1]], starts_on="01.11.2026", previous=people[0], last_day="31.10.2026", basis=basis
    )
    return {"people": people[:3], "pairs": [pair]}


def redact(facts: Facts, shown: frozenset[int]) -> Facts:
    hidden = hide_pair_people(facts, shown)
    pairs = [{**pair, "basis": [one for one in pair["basis"] if one["number"] in shown]} for pair in hidden["pairs"]]
    return {**hidden, "pairs": pairs}


register(
    OrderKind(
        code=CODE,
        title="Замена наставника",
        form="mentorship.forms.pair_orders.ReplacementOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        hold=pairs_hold,
        lock=lock,
        apply=apply,
        release=pairs_release,
        close=pairs_close,
        closing=pairs_closing,
        effects=effects,
        redact=redact,
    )
)
