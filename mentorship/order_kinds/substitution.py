"""The order by which somebody stands in for a mentor who is away for a time."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.permissions import today
from mentorship.models import PURPOSES, Consent, ConsentKind, Pair, Participant, Substitution
from mentorship.models.participants import here_on
from mentorship.order_kinds.pair_parts import (
    hide_pair_people,
    iso_day,
    line_of,
    lock_pairs,
    said_of,
    sample_line,
    sample_people,
    state_obstacles,
    working_pairs,
)
from mentorship.order_kinds.pairs import name_obstacles, people_of
from mentorship.services.pair_changes import end_substitutions, put_substitute
from orders.kinds import Facts, OrderKind, register
from orders.models import Order

CODE = "substitution"
NOT_CHOSEN = "Выберите пару и того, кто заместит наставника."
ONE_OF_THEM = "{name} и так в этой паре: выберите другого человека."
GONE = "{name} больше не работает в организации: выберите другого человека."
NO_CONSENT = "Нет согласия: {name} — {what}. Замещать наставника можно только с письменного согласия."
OUTSIDE = "Замещение — в пределах срока пары, с {first:%d.%m.%Y} по {last:%d.%m.%Y}: исправьте дни."
TAKEN = "В эти дни наставника уже замещает {name}: исправьте дни."


def pair_of(order: Order) -> Pair | None:
    return next(iter(working_pairs(order)), None)


def substitute_of(order: Order) -> Participant | None:
    rows = Participant.objects.filter(organisation=order.organisation_id, pk=order.params.get("substitute"))
    return rows.with_posts().select_related("user").first()


def term_of(order: Order) -> tuple[dt.date, dt.date]:
    first, last = iso_day(order.params.get("starts_on")), iso_day(order.params.get("last_day"))
    return first or today(), last or today()


def facts(order: Order) -> Facts:
    """`people` in every case; `pairs` — the one pair: {…line_of, substitute, first_day, last_day}."""
    pairs, person = working_pairs(order)[:1], substitute_of(order)
    people = people_of(pairs) | ({person.pk: person} if person else {})
    said, (first, last) = said_of(people), term_of(order)
    return {
        "people": list(said.values()),
        "pairs": [
            {
                **line_of(pair, said),
                "substitute": said[person.pk],
                "first_day": f"{first:%d.%m.%Y}",
                "last_day": f"{last:%d.%m.%Y}",
            }
            for pair in pairs
            if person
        ],
    }


def obstacles(order: Order) -> list[str]:
    pair, person = pair_of(order), substitute_of(order)
    if pair is None or person is None:
        return [NOT_CHOSEN]
    found = state_obstacles(order, pair) or term_obstacles(order, pair)
    found += person_obstacles(order, pair, person)
    return found + name_obstacles([*people_of([pair]).values(), person])


def term_obstacles(order: Order, pair: Pair) -> list[str]:
    first, last = term_of(order)
    if not pair.starts_on <= first <= last <= pair.ends_on:
        return [OUTSIDE.format(first=pair.starts_on, last=pair.ends_on)]
    rows = pair.substitutions.filter(starts_on__lte=last, ends_on__gte=first).select_related("substitute")
    return [TAKEN.format(name=row.substitute.short_name) for row in rows]


def person_obstacles(order: Order, pair: Pair, person: Participant) -> list[str]:
    if person in pair.people:
        return [ONE_OF_THEM.format(name=person.short_name)]
    first, _ = term_of(order)
    if not Participant.objects.filter(here_on(first), pk=person.pk).exists():
        return [GONE.format(name=person.short_name)]
    day = order.date or today()
    given = Consent.objects.live(day).filter(participant=person, kind=ConsentKind.MENTOR, answer=Consent.Answer.GIVEN)
    if given.exists():
        return []
    return [NO_CONSENT.format(name=person.short_name, what=PURPOSES[ConsentKind.MENTOR])]


def lock(order: Order) -> None:
    lock_pairs(working_pairs(order), [order.params.get("substitute") or 0])


def apply(order: Order, actor: Any) -> None:
    pair, person, found = pair_of(order), substitute_of(order), obstacles(order)
    first, last = term_of(order)
    if pair is not None and person is not None:
        put_substitute(
            order=order, pair=pair, substitute=person, starts_on=first, ends_on=last, obstacles=found, actor=actor
        )


def close(order: Order, since: dt.date, actor: Any) -> None:
    end_substitutions(order=order, since=since, actor=actor)


def closing(order: Order, since: dt.date) -> list[str]:
    rows = Substitution.objects.filter(order=order, ends_on__gte=since).select_related("substitute")
    return [f"{row.substitute.short_name} перестанет замещать наставника." for row in rows]


def effects(order: Order) -> list[str]:
    pair, person = pair_of(order), substitute_of(order)
    if pair is None or person is None:
        return []
    first, last = term_of(order)
    words = f"{person.short_name} будет замещать наставника в паре {pair.title} с {first:%d.%m.%Y} по {last:%d.%m.%Y}."
    return [words, "Наставник пары не меняется, её участники получат письма."]


def sample() -> Facts:
    people = sample_people()
    more = {"substitute": people[2], "first_day": "01.12.2026", "last_day": "20.12.2026"}
    return {"people": people[:3], "pairs": [sample_line(1, people[:2], **more)]}


register(
    OrderKind(
        code=CODE,
        title="Временное замещение наставника",
        form="mentorship.forms.pair_orders.SubstitutionOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        lock=lock,
        apply=apply,
        close=close,
        closing=closing,
        effects=effects,
        redact=hide_pair_people,
    )
)
