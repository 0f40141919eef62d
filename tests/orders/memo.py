"""A small kind of order for the tests of the engine: it names papers and people, and remembers what was done to it."""

from __future__ import annotations

from typing import Any

from django import forms

from orders.forms import OrderForm
from orders.kinds import Facts, OrderKind
from orders.models import Order
from orders.services.facts import person_facts

CODE = "memo"
PEOPLE = {
    1: ("Константинопольская-Добровольская Александра Вячеславовна", "f", "учитель математики"),
    2: ("Черных Максим Олегович", "m", "учитель физики"),
    3: ("Иванова Анна Петровна", "f", "учитель химии"),
    4: ("Иванова Белла Сергеевна", "f", "учитель музыки"),
}
# What the engine has called, in order: ("lock", order), ("apply", order) …
calls: list[tuple[str, int | None]] = []
# Sentences that stand in the way of every order of the kind, and an error that its effects end with.
in_the_way: list[str] = []
failures: list[Exception] = []


class MemoForm(OrderForm):
    """Asks for one paper."""

    paper = forms.CharField(label="Бумага", max_length=200, required=False)

    def defaults(self) -> dict[str, Any]:
        return {"title": "О бумаге", "purpose": "В целях порядка"}

    def params(self) -> dict[str, Any]:
        return {**super().params(), "papers": [self.cleaned_data["paper"]], "people": []}


def facts(order: Order) -> Facts:
    people = [person_facts(*PEOPLE[number], number=number) for number in order.params.get("people", [])]
    return {"papers": order.params.get("papers", []), "people": people}


def obstacles(order: Order) -> list[str]:
    return list(in_the_way)


def apply(order: Order, actor: Any) -> None:
    calls.append(("apply", order.pk))
    if failures:
        raise failures[0]


KIND = OrderKind(
    code=CODE,
    title="Служебная записка",
    form="tests.orders.memo.MemoForm",
    facts=facts,
    sample=dict,
    obstacles=obstacles,
    hold=lambda order: calls.append(("hold", order.pk)),
    lock=lambda order: calls.append(("lock", order.pk)),
    apply=apply,
    release=lambda order, actor: calls.append(("release", order.pk)),
    effects=lambda order: ["Бумага начнёт действовать."],
)
