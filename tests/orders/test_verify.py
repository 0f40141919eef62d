"""The page of a code on a paper: that the order is here, what became of it, and nobody's name."""

from __future__ import annotations

import hashlib

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from orders import services
from orders.documents import order_setup, verification_address
from orders.models import Letterhead, Order, OrderLink
from orders.services.files import checked_content
from orders.services.verification import verified


def test_page_says_what_the_order_is_and_names_nobody(approved, people):
    order = approved(title="О поощрении Верескова Ильи", people=[1], number="71-б")
    page = Client().get(f"/verify/{order.token}/").content.decode()
    assert ("№ 71-б" in page, "действует" in page) == (True, True)
    assert [word for word in ("Вересков", order.signer_name.split()[0]) if word in page] == []


@pytest.mark.django_db
@pytest.mark.parametrize("token", ["nothing", "x" * 22, "..", "'", "ключ"])
def test_unknown_key_is_not_found(token):
    assert Client().get(f"/verify/{token}/").status_code == 404


def test_draft_is_not_verified(draft):
    order = draft()
    assert (verified(order.token), Client().get(f"/verify/{order.token}/").status_code) == (None, 404)


def test_later_orders_are_named(approved):
    old, new = approved(number="1"), approved(number="2")
    OrderLink.objects.create(order=new, target=old, relation="amends")
    assert [(one.what, one.number) for one in verified(old.token).later] == [("Изменён", "2")]
    assert verified(old.token).state == "действует с изменениями"
    OrderLink.objects.update(relation="cancels")
    assert verified(old.token).state == "отменён"


def test_file_of_ours_is_told_from_another_one(approved, people):
    order = approved()
    content = checked_content(services.order_file(order=order, format="pdf", actor=people.director)).read()
    assert verified(order.token).sums == [hashlib.sha256(content).hexdigest()]
    same = Client().post(f"/verify/{order.token}/", {"file": SimpleUploadedFile("a.pdf", content)})
    other = Client().post(f"/verify/{order.token}/", {"file": SimpleUploadedFile("a.pdf", content + b" ")})
    assert (same.context["same"], other.context["same"]) == (True, False)
    assert "отличается" in other.context["form"].errors["file"][0]


def test_comparing_without_a_file_says_so(approved):
    page = Client().post(f"/verify/{approved().token}/")
    assert page.context["form"].errors["file"] == ["Обязательное поле."]


def test_code_leads_to_the_page_and_stands_on_approved_orders_only(approved, draft, settings):
    settings.PORTAL_URL = "https://portal.example"
    order = approved()
    assert order_setup(order).code == f"https://portal.example/verify/{order.token}/" == verification_address(order)
    assert (order_setup(draft()).code, order_setup(draft()).draft) == ("", "ПРОЕКТ")


def test_letterhead_may_leave_the_code_out(approved):
    order = approved()
    Letterhead.objects.create(organisation=order.organisation, with_code=False, left_mm=20, font_size_pt=12)
    setup = order_setup(Order.objects.get(pk=order.pk))
    assert (setup.code, setup.left_mm, setup.font_size_pt) == ("", 20, 12)


def test_keys_are_not_alike(approved):
    assert len({approved(number="1").token, approved(number="2").token}) == 2
