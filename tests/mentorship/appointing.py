"""What the tests of the order on mentors are built from: who may be appointed, the order in every state."""

from __future__ import annotations

from typing import Any

from mentorship.models import BankCard, Participant, words_of_cards
from orders import services
from orders.kinds import kind_of
from orders.models import Order
from tests.mentorship.bank_builders import bank_card
from tests.mentorship.builders import agree, approve, day, params

KIND = kind_of("mentors")
WHO = "Верескова\u00a0А.\u00a0П."
TERMS = {
    "content": "разбор уроков",
    "term": "учебный год",
    "form": "педагог – молодой педагог",
    "pay": "10 % оклада",
}


def ready(person: Participant, people: Any, state: str = "selected", **terms: Any) -> BankCard:
    """Somebody who may be appointed: in the bank, talked to, agreed to both."""
    agree(person, "processing", people.curator)
    agree(person, "mentor", people.curator, terms=terms or TERMS)
    return bank_card(person, state=state)


def started(people: Any, *chosen: Participant, **more: Any) -> Order:
    values = {**params(), "title": "О назначении наставников", "people": [one.pk for one in chosen]}
    values |= {"need_interview": True, "until": None, **more}
    del values["pairs"]
    school = chosen[0].organisation
    return services.draft_order(organisation=school, kind="mentors", params=values, actor=people.curator)


def submitted(people: Any, *chosen: Participant, **more: Any) -> Order:
    order = started(people, *chosen, **more)
    services.submit_order(order=order, actor=people.curator)
    return order


def cancelled(people: Any, target: Order, on: int = 0, number: str = "99-б") -> Order:
    values = {**params(), "title": "Об отмене", "target": target.pk, "reason": "", "effective_on": day(on).isoformat()}
    order = services.draft_order(
        organisation=target.organisation, kind="cancellation", params=values, actor=people.curator
    )
    services.submit_order(order=order, actor=people.curator)
    return approve(order, people, number)


def texts(order: Order) -> list[str]:
    return [clause.text.replace("\u00a0", " ") for clause in order.clauses.standing().exclude(level=0)]


def again(order: Order) -> list[str]:
    return KIND.obstacles(Order.objects.get(pk=order.pk))


def chips(one: BankCard) -> list[str]:
    row = BankCard.objects.for_cards().get(pk=one.pk)
    return [chip.word for chip in words_of_cards([row], day(0))[row.pk].chips]
