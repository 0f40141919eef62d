"""The order on encouraging mentors: the measures it names, the rules it brings into force and takes out again."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from core.documents.blocks import plain_text
from core.transitions import Refused
from orders import services
from orders.documents import order_blocks
from orders.kinds import kind_of
from orders.models import LocalAct, Order
from tests.mentorship.builders import approve, day
from tests.orders.conftest import params

KIND = kind_of("incentives")
TEXT = "1. Общие положения\n1.1. Поощряют за работу."


def rules(school: Any, title: str = "Порядок поощрения", **more: Any) -> LocalAct:
    values = {"kind": LocalAct.Kind.INCENTIVES, "text": TEXT, **more}
    return LocalAct.objects.create(organisation=school, title=title, **values)


def started(people: Any, act: LocalAct | None, **more: Any) -> Order:
    chosen = {"act": act.pk if act else None, "paid": ["премия"], "unpaid": ["благодарность"], **more}
    school = people.curator.memberships.first().organisation
    return services.draft_order(organisation=school, kind="incentives", params=params(**chosen), actor=people.curator)


def submitted(people: Any, act: LocalAct) -> Order:
    order = started(people, act)
    services.submit_order(order=order, actor=people.curator)
    return order


def again(order: Order) -> list[str]:
    return KIND.obstacles(Order.objects.get(pk=order.pk))


def test_text_names_the_measures(school, people) -> None:
    order = started(people, rules(school), paid=["выплата", "премия"])
    assert [clause.text for clause in order.clauses.standing().exclude(level=0)] == [
        "Утвердить и ввести в действие с даты подписания прилагаемый документ «Порядок поощрения».",
        "Применять к наставникам материальные меры поощрения:",
        "выплата;",
        "премия.",
        "Применять к наставникам нематериальные меры поощрения:",
        "благодарность.",
        "Меры применять по представлению куратора за объём и качество работы наставника; выплаты производить в "
        "пределах фонда оплаты труда.",
        "Контроль за исполнением приказа оставляю за собой.",
    ]
    assert "1.1. Поощряют за работу." in plain_text(order_blocks(order))


def test_money_is_not_mentioned_where_nothing_is_paid(school, people) -> None:
    texts = " ".join(clause.text for clause in started(people, rules(school), paid=[]).clauses.all())
    assert ("материальные меры поощрения: премия" in texts, "фонда" in texts) == (False, False)


def test_approval_brings_the_rules_into_force_and_the_earlier_ones_out(school, people) -> None:
    old = rules(school, "Прежний порядок")
    first = started(people, old, effective_on=day(-30).isoformat())
    services.submit_order(order=first, actor=people.curator)
    approve(first, people)
    new = rules(school)
    order = submitted(people, new)
    assert KIND.effects(order) == [
        "Вступит в силу: Порядок поощрения.",
        f"Утратит силу прежняя редакция: Прежний порядок. Последний день: {day(-1):%d.%m.%Y}.",
    ]
    approve(order, people, "72-б")
    assert [list(LocalAct.objects.in_force(day(days))) for days in (-1, 0)] == [[old], [new]]


def test_cancellation_ends_the_rules(school, people) -> None:
    act = rules(school)
    order = approve(submitted(people, act), people)
    assert KIND.closing(order, day(1)) == [
        "Утратит силу: Порядок поощрения. Если нужен другой, утвердите его приказом."
    ]
    KIND.close(order, day(1), people.director)
    assert [list(LocalAct.objects.in_force(day(days))) for days in (0, 1)] == [[act], []]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, []),
        ({"paid": [], "unpaid": []}, ["Запишите хотя бы одну меру поощрения."]),
        ({"act": 0}, ["Выберите порядок или положение, которое утверждает приказ."]),
    ],
)
def test_order_without_rules_or_measures_is_refused(school, people, changes: dict, words: list[str]) -> None:
    order = started(people, rules(school))
    Order.objects.filter(pk=order.pk).update(params={**order.params, **changes})
    assert again(order) == words


def test_rules_without_text_are_refused(school, people) -> None:
    [found] = again(started(people, rules(school, text="")))
    assert found.startswith("«Порядок поощрения»: нет ни текста, ни файла.")


def test_act_of_another_kind_or_school_is_not_taken(school, other_school, people) -> None:
    strange = [rules(school, kind=LocalAct.Kind.COUNCIL), rules(other_school)]
    found = [started(people, act).facts["act"] for act in strange]
    assert (found, list(LocalAct.objects.exclude(order=None))) == ([None, None], [])


def test_rules_of_another_draft_are_taken_until_that_draft_is_gone(school, people) -> None:
    act = rules(school)
    first = started(people, act)
    with pytest.raises(Refused, match="уже готовит другой приказ"):
        started(people, act)
    services.delete_draft(order=first, actor=people.curator)
    assert again(started(people, act)) == []


def test_draft_lets_go_what_it_no_longer_approves(school, people) -> None:
    first, second = rules(school, "Первый"), rules(school, "Второй")
    order = started(people, first)
    services.change_params(order=order, params={**order.params, "act": second.pk}, actor=people.curator)
    assert {act.title: act.order_id for act in LocalAct.objects.all()} == {"Первый": None, "Второй": order.pk}


def test_text_changed_after_submission_asks_for_another_order(school, people) -> None:
    act = rules(school)
    order = submitted(people, act)
    assert again(order) == []
    LocalAct.objects.filter(pk=act.pk).update(text="1. Другое")
    [found] = again(order)
    assert found.startswith("«Порядок поощрения»: текст изменился после передачи приказа.")


def test_form_reads_measures_line_by_line(school, people, client_of) -> None:
    act, client, url = rules(school), client_of(people.curator), reverse("order_draft", args=["incentives"])
    data = {"title": "О мерах", "purpose": "В целях поддержки", "control": "self", "act": act.pk}
    assert client.post(url, data).context["form"].errors == {
        "paid": ["Запишите хотя бы одну меру: материальную или нематериальную."]
    }
    many = client.post(url, {**data, "unpaid": "мера\n" * 16}).context["form"].errors
    assert many == {"unpaid": ["Мер не больше 15."]}
    client.post(url, {**data, "paid": "премия;\n\n выплата  за работу. ", "unpaid": ""})
    order = Order.objects.get(kind="incentives")
    assert [order.params[name] for name in ("act", "paid", "unpaid")] == [act.pk, ["премия", "выплата за работу"], []]
    form = client.get(reverse("order_params", args=[order.pk])).context["form"]
    assert (form["paid"].value(), form["act"].value()) == ("премия\nвыплата за работу", act.pk)
