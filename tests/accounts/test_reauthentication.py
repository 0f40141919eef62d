"""The password once more: when it is due, what a right and a wrong one do."""

from __future__ import annotations

import pytest
import time_machine
from axes.models import AccessAttempt
from django import forms
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.forms.reauthentication import NO_PASSWORD, WRONG_PASSWORD, ReauthenticationForm
from accounts.services.reauthentication import CONFIRMED, confirm_password, is_confirmed, note_password
from core.models import JournalEntry
from tests.conftest import PASSWORD

MINUTE = 60


class ErasureForm(ReauthenticationForm):
    """Some dangerous action."""

    PURPOSE = "стирание всего"

    word = forms.CharField()


@pytest.fixture
def request_of(people):
    """A request of the director from a browser of their own."""
    request = RequestFactory().post("/")
    request.session, request.user = SessionStore(), people.director
    return request


def form_of(request, **data):
    return ErasureForm({"word": "да", **data}, request=request)


def said():
    return list(JournalEntry.objects.order_by("pk").values_list("text", flat=True))


def test_password_is_fresh_for_a_quarter_of_an_hour_after_the_sign_in(people):
    client = Client()
    with time_machine.travel("2026-11-20 08:00:00+03:00", tick=False) as clock:
        client.post(reverse("login"), {"username": "director", "password": PASSWORD})
        found = []
        for seconds in (0, 15 * MINUTE - 1, 1):
            clock.shift(seconds)
            found.append(is_confirmed(client.session))
    assert found == [True, True, False]


def test_browser_that_never_showed_a_password_is_asked(request_of):
    assert not is_confirmed(request_of.session)


def test_stamp_from_the_future_counts_for_nothing(request_of):
    with time_machine.travel("2026-11-20 09:00:00+03:00"):
        note_password(request_of.session)
    with time_machine.travel("2026-11-20 08:00:00+03:00"):
        assert not is_confirmed(request_of.session)


def test_form_asks_only_when_it_is_due_and_last_of_all(request_of):
    assert list(form_of(request_of).fields) == ["word", "password"]
    note_password(request_of.session)
    form = form_of(request_of)
    assert list(form.fields) == ["word"]
    assert form.is_valid()


@pytest.mark.parametrize(("data", "sentence"), [({}, NO_PASSWORD), ({"password": "нет"}, WRONG_PASSWORD)])
def test_form_without_the_right_password_is_refused_beside_the_field(data, sentence, request_of):
    form = form_of(request_of, **data)
    assert form.errors == {"password": [sentence]}
    assert CONFIRMED not in request_of.session


def test_right_password_is_written_down_and_asked_no_more(request_of):
    assert form_of(request_of, password=PASSWORD).is_valid()
    assert said() == ["Пароль введён ещё раз: стирание всего."]
    assert list(form_of(request_of).fields) == ["word"]


def test_password_of_somebody_else_is_wrong(request_of, people):
    people.curator.set_password("чужой-пароль-куратора")
    people.curator.save()
    assert not form_of(request_of, password="чужой-пароль-куратора").is_valid()
    assert said() == ["Введён неверный пароль: стирание всего."]


def test_wrong_passwords_count_with_those_of_the_sign_in(request_of, people):
    client = Client()
    for _ in range(settings.AXES_FAILURE_LIMIT - 1):
        assert client.post(reverse("login"), {"username": "director", "password": "нет"}).status_code == 200
    assert not form_of(request_of, password="нет").is_valid()
    assert client.post(reverse("login"), {"username": "director", "password": PASSWORD}).status_code == 429
    request = RequestFactory().post("/")
    request.session = SessionStore()
    assert not confirm_password(request=request, actor=people.director, password=PASSWORD, purpose="вход")


def test_wrong_passwords_would_not_count_past_the_sign_in(request_of, people, monkeypatch):
    """Without `authenticate` guessing would be free."""
    monkeypatch.setattr(
        "accounts.services.reauthentication.authenticate",
        lambda request, username, password: people.director if people.director.check_password(password) else None,
    )
    for _ in range(settings.AXES_FAILURE_LIMIT):
        assert not form_of(request_of, password="нет").is_valid()
    assert AccessAttempt.objects.count() == 0
    assert form_of(request_of, password=PASSWORD).is_valid()


def test_right_password_forgets_earlier_failures(request_of):
    assert not form_of(request_of, password="нет").is_valid()
    assert AccessAttempt.objects.count() == 1
    assert form_of(request_of, password=PASSWORD).is_valid()
    assert AccessAttempt.objects.count() == 0
