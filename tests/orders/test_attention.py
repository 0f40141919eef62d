"""What orders bring to the home pages."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine

from accounts.attention import TABS, queue_for
from accounts.models import ProductionDay
from orders import services
from orders.attention import orders_of_curator, orders_to_approve
from orders.models import Order
from tests.orders.conftest import params

MONDAY = dt.date(2026, 11, 16)
NOON = dt.datetime(2026, 11, 16, 9, tzinfo=dt.UTC)


def entries(source, user, school, day):
    user.__dict__.pop("standings", None)
    return list(source(user, school, day))


@pytest.mark.parametrize(
    ("day", "special", "late"),
    [
        (MONDAY, (), False),
        (dt.date(2026, 11, 19), (), False),
        (dt.date(2026, 11, 20), (), True),
        (dt.date(2026, 11, 20), ((dt.date(2026, 11, 18), "holiday"),), False),
        (dt.date(2026, 11, 20), ((dt.date(2026, 11, 18), "short"),), True),
        (dt.date(2026, 11, 21), ((dt.date(2026, 11, 18), "holiday"), (dt.date(2026, 11, 21), "working")), True),
        (dt.date(2027, 11, 20), (), True),
    ],
)
def test_order_waits_for_the_head_and_is_late_after_three_working_days(day, special, late, submitted, people, school):
    with time_machine.travel(NOON, tick=False):
        order = submitted()
    for when, kind in special:
        ProductionDay.objects.create(day=when, kind=kind)
    [entry] = entries(orders_to_approve, people.director, school, day)
    assert (entry.title, entry.url, entry.late) == ("О порядке", f"/cabinet/orders/{order.pk}/approve/", late)
    assert entry.detail == "От кого: Лебедева\u00a0О.\u00a0В., 16 ноября 2026 года"


def test_curator_sees_what_came_back_what_lies_and_what_waits(draft, submitted, people, school):
    with time_machine.travel(NOON, tick=False):
        returned, waiting, idle = submitted(title="Вернули"), submitted(title="Ждём"), draft(title="Лежит")
    services.return_order(order=returned, remark="Исправьте цель.", actor=people.director)
    found = entries(orders_of_curator, people.curator, school, MONDAY + dt.timedelta(days=1))
    assert [(one.title, one.detail, one.waiting) for one in found] == [
        ("Вернули", "Замечание: Исправьте цель.", False),
        ("Ждём", "Приказ у директора", True),
        ("Лежит", "Проект не передан директору", False),
    ]
    assert [one.title for one in entries(orders_of_curator, people.curator, school, MONDAY)] == ["Вернули", "Ждём"]
    assert {waiting.state, idle.state} == {"submitted", "draft"}


@pytest.mark.parametrize("name", ["teacher", "inspector", "admin", "municipal", "stranger", "stranger_director"])
def test_others_have_nothing_to_do_with_orders(name, submitted, people, school):
    submitted()
    queue = queue_for(getattr(people, name), school, MONDAY)
    assert [entry for entry in [*queue.late, *queue.now, *queue.waiting] if "/orders/" in entry.url] == []


def test_sources_cost_the_same_for_one_order_and_for_three(submitted, people, school, django_assert_max_num_queries):
    submitted()
    list(people.director.standings), list(people.curator.standings)
    for _ in range(2):
        with django_assert_max_num_queries(2):
            list(orders_to_approve(people.director, school, MONDAY))
        with django_assert_max_num_queries(1):
            list(orders_of_curator(people.curator, school, MONDAY))
        submitted()
        submitted()
    assert Order.objects.count() == 5


def test_tab_of_orders_stands_at_its_place():
    assert [(tab.label, tab.position) for tab in TABS if tab.url_name == "order_list"] == [("Приказы", 40)]
    assert params()["title"] == "О порядке"
