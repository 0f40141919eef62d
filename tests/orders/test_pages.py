"""The way of an order through the pages, and who is let in."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Membership
from accounts.permissions import Role
from orders.models import Order, OrderState
from tests.orders.pages import answers, clause_data, file_name, page, said, url

DAY = dt.date(2022, 9, 1)
PAGES = ["params", "clauses", "submit", "recall", "return", "approve", "delete", "refresh"]


def test_order_goes_the_whole_way_through_the_pages(client_of, people, series):
    curator, director = client_of(people.curator), client_of(people.director)
    assert "Служебная записка" in page(curator.get(reverse("order_new")))
    assert 'value="О бумаге"' in page(curator.get(reverse("order_draft", args=["memo"])))
    response = curator.post(reverse("order_draft", args=["memo"]), answers(basis="приказа № 1\nУстава школы"))
    order = Order.objects.get()
    assert response["Location"] == url("detail", order)
    assert "на основании приказа № 1, на основании Устава школы" in page(curator.get(url("detail", order)))

    assert "Проверьте приказ перед передачей" in page(curator.get(url("submit", order)))
    assert said(curator, curator.post(url("submit", order), {"version": order.version})) == [
        "Приказ передан на утверждение. Директор получил письмо."
    ]
    assert "Вернуть куратору" in page(director.get(url("return", order)))
    response = director.post(url("return", order), {"remark": "Исправьте цель."})
    assert said(director, response) == ["Приказ возвращён. Куратор получил письмо с замечанием."]
    text = page(curator.get(url("detail", order)))
    assert "Исправьте цель." in text

    order.refresh_from_db()
    changed = answers(purpose="В целях исправления", version=order.version)
    assert said(curator, curator.post(url("params", order), changed)) == ["Данные изменены, текст обновлён."]
    order.refresh_from_db()
    curator.post(url("submit", order), {"version": order.version})
    text = page(director.get(url("approve", order)))
    assert "Бумага начнёт действовать." in text
    assert 'value="1-б"' in text
    response = director.post(url("approve", order), {"number": "71-б", "date": "2022-09-01", "version": order.version})
    assert said(director, response) == ["Приказ от 01.09.2022 № 71-б утверждён."]

    for format, kind in (("pdf", "application/pdf"), ("docx", "application/vnd.openxml")):
        response = director.get(url("file", order, format))
        assert response.status_code == 200
        assert response["Content-Type"].startswith(kind)
        first = b"".join(response.streaming_content)
        assert b"".join(director.get(url("file", order, format)).streaming_content) == first
    assert "Приказ № 71-б от 01.09.2022.pdf" in file_name(director.get(url("file", order, "pdf")))


@pytest.mark.parametrize("name", PAGES)
def test_order_of_another_school_does_not_exist(name, draft, client_of, people):
    order = draft()
    for user in (people.stranger, people.stranger_director):
        client = client_of(user)
        for response in (client.get(url(name, order)), client.post(url(name, order), {"version": 1})):
            assert response.status_code in ((404, 405) if name == "refresh" else (404,))
    assert Order.objects.get(pk=order.pk).version == order.version


def test_detail_and_files_of_another_school_do_not_exist(approved, client_of, people):
    order = approved()
    client = client_of(people.stranger_director)
    assert client.get(url("detail", order)).status_code == 404
    assert client.get(url("file", order, "pdf")).status_code == 404
    assert client.get(url("detail", Order(pk=999_999_999))).status_code == 404


@pytest.mark.parametrize(
    ("user", "name", "who"),
    [
        ("curator", "approve", "директор"),
        ("curator", "return", "директор"),
        ("director", "submit", "куратор"),
        ("director", "params", "куратор, администратор"),
        ("director", "clauses", "куратор, администратор"),
        ("director", "delete", "куратор, администратор"),
        ("inspector", "approve", "директор"),
        ("teacher", "detail", "директор, куратор, проверяющий, администратор"),
    ],
)
def test_wrong_role_is_told_who_may(user, name, who, submitted, client_of, people):
    response = client_of(getattr(people, user)).get(url(name, submitted()))
    assert response.status_code == 403
    assert f"доступно ролям — {who}." in response.content.decode()


@pytest.mark.parametrize("user", ["curator", "admin"])
def test_nobody_but_the_head_approves_by_any_way(user, submitted, client_of, people, school):
    Membership.objects.create(user=people.admin, organisation=school, role=Role.ADMINISTRATOR, starts_on=DAY)
    order = submitted()
    client = client_of(getattr(people, user))
    wish = {
        "state": "approved",
        "number": "71-б",
        "date": "2022-09-01",
        "year": "2022",
        "signer_name": "Я",
        "approved_by": people.curator.pk,
        "version": order.version,
        "_save": "",
    }
    assert client.post(url("approve", order), wish).status_code == 403
    for address in (
        reverse("admin:orders_order_change", args=[order.pk]),
        reverse("admin:orders_order_delete", args=[order.pk]),
        reverse("admin:orders_order_add"),
        reverse("admin:orders_order_changelist"),
    ):
        assert client.post(address, wish).status_code in (200, 302, 403)
    client.post(url("params", order), {**answers(), **wish})
    client.post(url("submit", order), wish)
    stored = Order.objects.get(pk=order.pk)
    assert (stored.state, stored.number, stored.approved_by) == (OrderState.SUBMITTED, None, None)
    assert Order.objects.count() == 1


def test_administrator_reads_orders_in_the_admin_and_starts_a_draft_on_the_page(approved, client_of, people, school):
    Membership.objects.filter(user=people.admin).delete()
    Membership.objects.create(user=people.admin, organisation=school, role=Role.ADMINISTRATOR, starts_on=DAY)
    order, client = approved(), client_of(people.admin)
    text = page(client.get(reverse("admin:orders_order_change", args=[order.pk])))
    assert "71-б" in text
    assert 'name="state"' not in text
    assert 'name="_save"' not in text
    assert client.get(reverse("admin:orders_order_add"))["Location"] == reverse("order_new")
    response = client.post(reverse("order_draft", args=["memo"]), answers())
    made = Order.objects.exclude(pk=order.pk).get()
    assert (response["Location"], made.drafted_by) == (url("detail", made), people.admin)
    assert client.get(reverse("admin:orders_series_changelist")).status_code == 200
    assert client.get(reverse("admin:orders_localact_changelist")).status_code == 200


def test_signed_out_visitor_is_asked_to_sign_in(draft, client):
    order = draft()
    assert client.get(url("detail", order))["Location"] == f"/accounts/login/?next={url('detail', order)}"


def test_every_change_through_the_pages_is_in_the_history(draft, client_of, people, journal_count):
    order, client, director = draft(), client_of(people.curator), client_of(people.director)

    def posts(page_name, who=client, **data):
        order.refresh_from_db()
        before = journal_count()
        response = who.post(url(page_name, order), {"version": order.version, **data})
        assert response.status_code == 302
        return journal_count() - before

    assert posts("params", **answers(title="Иначе")) == 1
    order.refresh_from_db()
    assert posts("clauses", **clause_data(order, approve="Ввести.")) == 1
    assert posts("refresh") == 1
    assert posts("submit") == 1
    assert posts("recall") == 1
    assert posts("submit") == 1
    assert posts("return", director, remark="Исправьте") == 1
    assert posts("submit") == 1
    assert posts("approve", director, number="71-б", date="2022-09-01") == 1
    text = page(client.get(url("detail", order)))
    assert "Приказ утверждён: от 01.09.2022 № 71-б." in text
