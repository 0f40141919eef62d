"""Wrong method, wrong state, bad input: a clear sentence in its place."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.permissions import Role
from orders import services
from orders.models import Order
from orders.services.approval import OWN_DRAFT, READ_AGAIN
from orders.services.drafts import LOCKED
from tests.orders import memo
from tests.orders.conftest import params
from tests.orders.pages import answers, page, said, url

DAY = dt.date(2022, 9, 1)


def test_refresh_is_a_post(draft, client_of, people):
    assert client_of(people.curator).get(url("refresh", draft())).status_code == 405


@pytest.mark.parametrize("name", ["params", "clauses", "delete", "submit"])
def test_page_of_a_submitted_order_leads_back_with_the_reason(name, submitted, client_of, people):
    client = client_of(people.curator)
    order = submitted()
    submitted_already = "Действие «Передать на утверждение» недоступно: состояние — «на утверждении»."
    sentence = submitted_already if name == "submit" else LOCKED
    assert said(client, client.get(url(name, order))) == [sentence]


@pytest.mark.parametrize(("user", "name"), [("curator", "recall"), ("director", "return"), ("director", "approve")])
def test_step_of_the_head_on_a_draft_leads_back_with_the_reason(user, name, draft, client_of, people):
    client, order = client_of(getattr(people, user)), draft()
    for ask in (client.get, client.post):
        [sentence] = said(client, ask(url(name, order), {"remark": "Исправьте"}))
        assert sentence.endswith("недоступно: состояние — «проект».")


def test_unknown_kind_and_unknown_format_do_not_exist(approved, client_of, people):
    client = client_of(people.curator)
    assert client.get(reverse("order_draft", args=["unknown"])).status_code == 404
    assert client.post(reverse("order_draft", args=["unknown"]), answers()).status_code == 404
    assert client.get(url("file", approved(), "exe")).status_code == 404


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", ""),
        ("title", "О" * 10_000),
        ("title", "О\x00порядке"),
        ("purpose", "В" * 10_000),
        ("basis", "приказа\n" * 21),
        ("basis", "п" * 10_000),
        ("effective_on", "31.02.2026"),
        ("effective_on", "вчера"),
        ("effective_on", "0026-09-01"),
        ("effective_on", "9999-12-31"),
        ("control", "никто"),
        ("responsible_name", "Т" * 10_000),
        ("responsible_name", "Теслина Светлана Николаевна"),
    ],
)
def test_bad_answer_comes_back_with_a_sentence(field, value, client_of, people, series):
    response = client_of(people.curator).post(reverse("order_draft", args=["memo"]), answers(**{field: value}))
    assert not Order.objects.exists()
    if "\x00" in value:
        assert response.status_code == 400
        return
    assert response.status_code == 200
    errors = response.context["form"].errors
    assert list(errors) == ["responsible_post" if value.startswith("Теслина") else field]


def test_gender_is_asked_only_where_the_name_does_not_tell_it(client_of, people, series):
    client, address = client_of(people.curator), reverse("order_draft", args=["memo"])
    named = answers(responsible_name="Теслина С.Н.", responsible_post="заместитель директора")
    response = client.post(address, answers(responsible_name="Ким С.Н.", responsible_post="заместитель директора"))
    assert list(response.context["form"].errors) == ["responsible_gender"]
    assert "responsible_gender" not in client.get(address).content.decode()
    response = client.post(address, {**named, "responsible_name": "Ким С.Н.", "responsible_gender": "f"})
    assert response.status_code == 302
    assert Order.objects.get().params["responsible_gender"] == "f"


def test_control_needs_a_person(client_of, people, series):
    client, address = client_of(people.curator), reverse("order_draft", args=["memo"])
    response = client.post(address, answers(control="person"))
    assert list(response.context["form"].errors) == ["control_name"]
    who = {"control_name": "Теслина Светлана Николаевна", "control_post": "заместитель директора"}
    client.post(address, answers(control="person", **who))
    sentence = "Контроль за исполнением приказа возложить на Теслину\u00a0С.\u00a0Н., заместителя директора."
    assert Order.objects.get().clauses.get(fact="control").text == sentence


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"number": "", "date": "2022-09-01"}, "number"),
        ({"number": "б/н", "date": "2022-09-01"}, "number"),
        ({"number": "1" * 31, "date": "2022-09-01"}, "number"),
        ({"number": "71-Б", "date": "2022-09-01"}, "number"),
        ({"number": "72-б", "date": "2999-09-01"}, "date"),
        ({"number": "72-б", "date": "1999-12-31"}, "date"),
        ({"number": "72-б", "date": "31.02.2022"}, "date"),
        ({"number": "72-б", "date": ""}, "date"),
    ],
)
def test_error_of_approval_stands_beside_its_field(data, field, approved, submitted, client_of, people):
    approved("71-б")
    order = submitted()
    response = client_of(people.director).post(url("approve", order), {**data, "version": order.version})
    assert list(response.context["form"].errors) == [field]
    assert response.context["form"]["number"].value() == data["number"]
    assert Order.objects.get(pk=order.pk).state == "submitted"


def test_head_sees_what_stands_in_the_way_and_has_no_button(submitted, client_of, people):
    order, client = submitted(), client_of(people.director)
    memo.in_the_way.append("Нет согласия: Черных М. О.")
    text = page(client.get(url("approve", order)))
    assert "Нет согласия: Черных М. О." in text
    assert 'name="number"' not in text
    response = client.post(url("approve", order), {"number": "1", "date": "2022-09-01", "version": order.version})
    assert response.context["form"].non_field_errors() == ["Нет согласия: Черных М. О."]
    assert "Нет согласия: Черных М. О." in page(client.get(url("detail", order)))


def test_own_draft_is_shown_as_an_obstacle(series, school, people, client_of):
    Membership.objects.create(user=people.director, organisation=school, role=Role.CURATOR, starts_on=DAY)
    words = {"organisation": school, "kind": "memo", "params": params(), "series": series}
    order = services.draft_order(actor=people.director, **words)
    services.submit_order(order=order, actor=people.director)
    assert OWN_DRAFT in page(client_of(people.director).get(url("approve", order)))


def test_head_who_read_another_version_reads_again(submitted, client_of, people):
    order, client = submitted(), client_of(people.director)
    seen = order.version
    services.recall_order(order=order, actor=people.curator)
    services.change_params(order=order, params=params(title="О другом"), actor=people.curator)
    services.submit_order(order=order, actor=people.curator)
    response = client.post(url("approve", order), {"number": "1", "date": "2022-09-01", "version": seen})
    assert response.context["form"].non_field_errors() == [READ_AGAIN]
