"""The order that rewards people of the programme: who, with what and for what."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.russian import Case
from mentorship.models import Participant
from mentorship.order_kinds.pairs import facts_of, name_obstacles, nameless
from mentorship.services.appointments import awards_of, reward, strike_rewards
from orders.kinds import Facts, OrderKind, register
from orders.models import Order
from orders.services.facts import overrides_for, person_facts

CODE = "rewards"
# code → what the order does, the case of whom it names, what stands on the card
AWARDS = {
    "gratitude": ("Объявить благодарность", Case.DATIVE, "благодарность директора"),
    "diploma": ("Наградить почётной грамотой", Case.ACCUSATIVE, "почётная грамота"),
    "prize": ("Премировать", Case.ACCUSATIVE, "премия"),
}
NOT_CHOSEN = "Отметьте, кого наградить."


def chosen(order: Order) -> list[Participant]:
    rows = Participant.objects.filter(organisation=order.organisation_id, pk__in=order.params.get("people", []))
    return list(rows.by_name().with_posts())


def facts(order: Order) -> Facts:
    """`people` in every case; `named`: {full, post} in the case that the award asks; `award` and `grounds` («за …»)."""
    people = chosen(order)
    overrides = overrides_for([word for person in people for word in (person.full_name, person.post)], order)
    said = [facts_of(person, overrides) for person in people]
    return award_facts(said, order.params.get("award", "gratitude"), order.params.get("grounds", ""))


def award_facts(people: list[dict[str, Any]], award: str, grounds: str) -> Facts:
    words, case, _ = AWARDS[award]
    named = [{"full": one["full"][case.value], "post": one["post"][case.value]} for one in people]
    return {"people": people, "named": named, "code": award, "award": words, "grounds": grounds}


def obstacles(order: Order) -> list[str]:
    people = chosen(order)
    return name_obstacles(people) if people else [NOT_CHOSEN]


def lock(order: Order) -> None:
    list(Participant.objects.locked().filter(pk__in=order.params.get("people", [])))


def apply(order: Order, actor: Any) -> None:
    params = order.params
    reward(people=chosen(order), award=AWARDS[params["award"]][2], grounds=params["grounds"], order=order, actor=actor)


def close(order: Order, since: dt.date, actor: Any) -> None:
    strike_rewards(order=order, since=since, actor=actor)


def closing(order: Order, since: dt.date) -> list[str]:
    rows = awards_of(order).select_related("participant")
    return [f"{row.participant.short_name}: в карточке будет отмечено, что награда отменена." for row in rows]


def effects(order: Order) -> list[str]:
    return [f"{person.short_name}: награда встанет в карточку." for person in chosen(order)]


def redact(facts: Facts, shown: frozenset[int]) -> Facts:
    """Names of those who have not agreed give way to a word."""
    people = [one if one["number"] in shown else nameless("member") for one in facts["people"]]
    return {**facts, **award_facts(people, facts["code"], facts["grounds"])}


def sample() -> Facts:
    people = [
        person_facts("Верескова Алла Петровна", "f", "учитель математики", number=1),
        person_facts("Ольхин Борис Викторович", "m", "учитель физики", number=2),
    ]
    return award_facts(people, "gratitude", "за успешную работу наставником")


register(
    OrderKind(
        code=CODE,
        title="Поощрение участников",
        form="mentorship.forms.appointments.RewardsOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        lock=lock,
        apply=apply,
        close=close,
        closing=closing,
        effects=effects,
        redact=redact,
    )
)
