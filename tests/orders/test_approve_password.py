"""Approval asks for the password again when the last one was long ago."""

from __future__ import annotations

import pytest
import time_machine
from django.conf import settings

from accounts.forms.reauthentication import NO_PASSWORD, WRONG_PASSWORD
from core.models import JournalEntry
from orders.models import Order, OrderState
from tests.conftest import PASSWORD
from tests.orders.pages import page, said, url

START = "2026-11-20 08:00:00+03:00"
MINUTES_16 = 16 * 60


@pytest.fixture
def late(submitted, people, client_of):
    """An order that waits, and the director whose page has been open for 16 minutes."""
    with time_machine.travel(START, tick=False) as clock:
        order, client = submitted(), client_of(people.director)
        assert "Ваш пароль" not in page(client.get(url("approve", order)))
        clock.shift(MINUTES_16)
        yield order, client


def answer(order, **changes):
    return {"number": "88-б", "date": "2026-11-20", "version": order.version, **changes}


def state(order):
    return Order.objects.get(pk=order.pk).state


def test_page_has_the_field_when_the_password_is_due(late):
    order, client = late
    assert 'type="password"' in page(client.get(url("approve", order)))


@pytest.mark.parametrize(("data", "sentence"), [({}, NO_PASSWORD), ({"password": "нет"}, WRONG_PASSWORD)])
def test_approval_without_the_password_keeps_what_was_typed(data, sentence, late):
    order, client = late
    response = client.post(url("approve", order), answer(order, **data))
    assert response.context["form"].errors == {"password": [sentence]}
    text = page(response)
    assert 'value="88-б"' in text
    assert text.count('id="errors"') == 1
    assert "нет" not in str(response.context["form"]["password"])
    assert state(order) == OrderState.SUBMITTED


def test_approval_with_the_password_goes_through_and_is_in_the_history(late):
    order, client = late
    response = client.post(url("approve", order), answer(order, password=PASSWORD))
    assert said(client, response) == ["Приказ от 20.11.2026 № 88-б утверждён."]
    assert JournalEntry.objects.filter(text="Пароль введён ещё раз: утверждение приказа.").count() == 1


def test_right_password_beside_another_mistake_is_not_asked_twice(late):
    order, client = late
    response = client.post(url("approve", order), answer(order, number="", password=PASSWORD))
    assert list(response.context["form"].errors) == ["number"]
    assert client.post(url("approve", order), answer(order)).status_code == 302
    assert state(order) == OrderState.APPROVED


def test_approval_would_go_through_without_the_check(late, monkeypatch):
    order, client = late
    monkeypatch.setattr("accounts.forms.reauthentication.is_confirmed", lambda session: True)
    assert client.post(url("approve", order), answer(order)).status_code == 302
    assert state(order) == OrderState.APPROVED


def test_guessing_on_the_page_is_locked_like_guessing_at_the_sign_in(late):
    order, client = late
    statuses = [
        client.post(url("approve", order), answer(order, password="нет")).status_code
        for _ in range(settings.AXES_FAILURE_LIMIT)
    ]
    assert statuses == [200] * (settings.AXES_FAILURE_LIMIT - 1) + [429]
    assert client.post(url("approve", order), answer(order, password=PASSWORD)).status_code == 429
    assert state(order) == OrderState.SUBMITTED
