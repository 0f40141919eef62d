"""The order that begins mentoring: tasks with terms and whoever answers for them."""

from __future__ import annotations

import pytest

from core.transitions import Refused
from orders import services
from orders.forms.introduction import read_task
from orders.models import Order
from tests.orders.conftest import params

URL = "/cabinet/orders/new/introduction/"
DATA = {
    "title": "О внедрении",
    "purpose": "В целях развития",
    "control": "self",
    "responsible_name": "Теслина Светлана Николаевна",
    "responsible_post": "методист",
}


@pytest.mark.parametrize(
    ("line", "task"),
    [
        ("Опрос", ("Опрос", "", "")),
        ("Опрос. | до 15.09 | куратор;", ("Опрос", "до 15.09", "куратор")),
        ("А | Б | В | Г", ("А", "Б", "В | Г")),
        (" | до 1.09", ("", "до 1.09", "")),
    ],
)
def test_line_is_read_as_a_task(line, task):
    assert tuple(read_task(line).values()) == task


def test_tasks_stand_as_clauses_and_come_back_into_the_form(people, client_of, series):
    client = client_of(people.curator)
    client.post(URL, {**DATA, "tasks": "Провести опрос | до 15.09.2026 | куратор\n\nСобрать согласия"})
    order = Order.objects.get()
    texts = list(order.clauses.filter(level=2).values_list("text", flat=True))
    assert texts == ["Провести опрос; срок — до 15.09.2026; ответственный — куратор.", "Собрать согласия."]
    assert "Теслину Светлану Николаевну, методиста" in order.clauses.get(fact="responsible").text
    form = client.get(f"/cabinet/orders/{order.pk}/params/").context["form"]
    assert form.initial["tasks"] == "Провести опрос | до 15.09.2026 | куратор\nСобрать согласия"


@pytest.mark.parametrize(
    ("change", "field"),
    [({"tasks": ""}, "tasks"), ({"tasks": " | до 1.09"}, "tasks"), ({"responsible_name": ""}, "responsible_name")],
)
def test_bad_input_is_explained_and_kept(people, client_of, series, change, field):
    form = client_of(people.curator).post(URL, {**DATA, "tasks": "Опрос", **change}).context["form"]
    assert (field in form.errors, form["purpose"].value()) == (True, "В целях развития")


def test_order_without_tasks_or_a_person_is_not_submitted(school, people, series):
    order = services.draft_order(
        organisation=school, kind="introduction", params=params(tasks=[]), actor=people.curator
    )
    with pytest.raises(Refused, match="хотя бы одно дело"):
        services.submit_order(order=order, actor=people.curator)
