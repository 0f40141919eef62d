"""The first sign-in by a slip: what the pages say, what they never tell, and where the code must not stand."""

import datetime as dt
import logging
from pathlib import Path

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.test import Client, override_settings
from django.urls import reverse
from django.utils import timezone

from accounts.http import address_of
from accounts.models import Invitation, Letter, User, WrongCode
from accounts.services.invitations import MOST_WRONG, WRONG_CODE
from tests.accounts.invited import OWN_PASSWORD, newcomer, slip

pytestmark = pytest.mark.django_db
JOIN, PASSWORD = "/join/", "/join/password/"
CHOICE = {"new_password1": OWN_PASSWORD, "new_password2": OWN_PASSWORD}


@pytest.fixture
def new(school) -> User:
    return newcomer(school, email="novikova@example.org")


def faults(page) -> list[str]:
    return page.context["form"].errors.get("code", [])


def who(client: Client) -> str | None:
    number = client.session.get("_auth_user_id")
    return User.objects.get(pk=number).full_name if number else None


# --- The way in -----------------------------------------------------------------------------------------------------
def test_slip_leads_to_the_own_name_the_own_password_and_in(client, people, new):
    issued = slip(new, people.curator)
    assert client.post(JOIN, {"code": issued.spoken})["Location"] == PASSWORD
    page = client.get(PASSWORD).content.decode()
    assert [word in page for word in (new.full_name, new.username)] == [True, True]
    response = client.post(PASSWORD, CHOICE)
    assert (response["Location"], who(client)) == ("/cabinet/", new.full_name)
    new.refresh_from_db()
    assert (new.check_password(OWN_PASSWORD), new.last_login is not None) == (True, True)
    assert f"входите по логину {new.username}" in client.get("/cabinet/").content.decode()
    assert client.session.get_expiry_date() <= timezone.now() + dt.timedelta(seconds=settings.SESSION_COOKIE_AGE)


def test_session_changes_its_key_at_both_steps(client, people, new):
    client.get(JOIN)
    session = client.session
    session["before"] = "1"
    session.save()
    keys = [session.session_key]
    client.post(JOIN, {"code": slip(new, people.curator).code})
    keys.append(client.session.session_key)
    client.post(PASSWORD, CHOICE)
    assert len({*keys, client.session.session_key}) == 3


@pytest.mark.parametrize(
    ("choice", "field"),
    [
        ({"new_password1": "коротко"}, "new_password2"),
        ({"new_password2": "другой-пароль-2026"}, "new_password2"),
        ({"new_password1": ""}, "new_password1"),
    ],
)
def test_bad_password_is_explained_and_leaves_the_code_good(client, people, new, choice, field):
    client.post(JOIN, {"code": slip(new, people.curator).code})
    page = client.post(PASSWORD, {**CHOICE, **choice})
    assert (page.status_code, field in page.context["form"].errors, who(client)) == (200, True, None)
    assert Invitation.objects.get().used_at is None
    assert client.post(PASSWORD, CHOICE).status_code == 302


def test_password_page_needs_a_code_shown_by_this_browser(client, people, new):
    slip(new, people.curator)
    for response in (client.get(PASSWORD), client.post(PASSWORD, CHOICE)):
        assert response["Location"] == JOIN
    assert who(client) is None


def test_code_called_back_between_the_two_pages_opens_nothing(client, people, new):
    client.post(JOIN, {"code": slip(new, people.curator).code})
    slip(new, people.curator)
    assert client.post(PASSWORD, CHOICE)["Location"] == JOIN
    new.refresh_from_db()
    assert (new.has_usable_password(), who(client)) == (False, None)


def test_signed_in_person_is_sent_home(client_of, people, new):
    client = client_of(people.curator)
    for response in (client.get(JOIN), client.post(JOIN, {"code": slip(new, people.curator).code})):
        assert response["Location"] == reverse("home")
    assert who(client) == people.curator.full_name


def test_sign_in_page_leads_to_the_code(client, db):
    assert f'href="{JOIN}"' in client.get("/accounts/login/").content.decode()


# --- One sentence for everything ------------------------------------------------------------------------------------
def test_every_reason_is_refused_in_one_sentence(people, school, new):
    codes = {"never": "aaaa-bbbb-cccc", "half": "abcd", "script": "<script>", "spaces": "- - -"}
    for name in ("used", "expired", "cancelled", "came", "closed"):
        person = newcomer(school, name)
        issued = slip(person, people.curator)
        codes[name] = issued.code
        rows = Invitation.objects.filter(pk=issued.invitation.pk)
        {
            "used": lambda rows=rows: rows.update(used_at=timezone.now()),
            "expired": lambda rows=rows: rows.update(expires_at=timezone.now()),
            "cancelled": lambda rows=rows: rows.update(cancelled_at=timezone.now()),
            "came": lambda person=person: User.objects.filter(pk=person.pk).update(last_login=timezone.now()),
            "closed": lambda person=person: User.objects.filter(pk=person.pk).update(is_active=False),
        }[name]()
    answers = {}
    for name, code in codes.items():
        WrongCode.objects.all().delete()
        page = Client().post(JOIN, {"code": code})
        answers[name] = (page.status_code, faults(page))
    assert answers == dict.fromkeys(codes, (200, [WRONG_CODE]))


@pytest.mark.parametrize("code", ["", "я" * 61])
def test_empty_and_endless_codes_are_not_counted_as_guesses(client, db, code):
    page = client.post(JOIN, {"code": code})
    assert (page.status_code, len(faults(page)), WrongCode.objects.count()) == (200, 1, 0)


# --- Guessing -------------------------------------------------------------------------------------------------------
def guess(times: int, address: str = "10.0.0.1") -> list[int]:
    return [Client(REMOTE_ADDR=address).post(JOIN, {"code": "aaaa-bbbb-cccc"}).status_code for _ in range(times)]


def test_guessing_is_paused_by_address_and_goes_on_later(people, new):
    code = slip(new, people.curator).code
    with time_machine.travel(timezone.now(), tick=False) as clock:
        assert guess(MOST_WRONG + 2) == [200] * MOST_WRONG + [429] * 2
        waiting = Client(REMOTE_ADDR="10.0.0.1").post(JOIN, {"code": code})
        assert (waiting.status_code, "Подождите десять минут" in waiting.content.decode()) == (429, True)
        assert Client(REMOTE_ADDR="10.0.0.2").post(JOIN, {"code": code}).status_code == 302
        clock.shift(601)
        assert Client(REMOTE_ADDR="10.0.0.1").post(JOIN, {"code": code}).status_code == 302


def test_guessing_would_go_on_without_the_pause(db, monkeypatch):
    monkeypatch.setattr("accounts.views.joining.must_wait", lambda address: False)
    assert guess(MOST_WRONG + 2) == [200] * (MOST_WRONG + 2)


def test_staff_room_does_not_wait_after_somebody_has_come_in(people, new):
    guess(MOST_WRONG - 1)
    client = Client(REMOTE_ADDR="10.0.0.1")
    client.post(JOIN, {"code": slip(new, people.curator).code})
    client.post(PASSWORD, CHOICE)
    assert guess(MOST_WRONG) == [200] * MOST_WRONG


def test_address_is_that_of_the_visitor_and_not_of_nginx(rf):
    request = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="10.0.0.7")
    with override_settings(PRODUCTION=True):
        assert address_of(request) == "10.0.0.7"
        forged = rf.get("/", REMOTE_ADDR="127.0.0.1", HTTP_X_FORWARDED_FOR="1.1.1.1, 10.0.0.7")
        assert address_of(forged) == "10.0.0.7"
    with override_settings(PRODUCTION=False):
        assert address_of(request) == "127.0.0.1"


# --- Where the code never stands ------------------------------------------------------------------------------------
def everything_kept() -> str:
    """Every row of every table as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT quote_ident(tablename) FROM pg_tables WHERE schemaname = 'public'")
        names = [name for (name,) in cursor.fetchall()]
        rows = []
        for name in names:
            cursor.execute(f"SELECT t::text FROM {name} t")  # noqa: S608 - names come from the catalogue of the database
            rows += [text for (text,) in cursor.fetchall()]
    return "\n".join(rows).lower()


def test_code_stands_in_no_table_letter_or_log(client_of, people, new, caplog, mailoutbox):
    caplog.set_level(logging.DEBUG)
    curator, client = client_of(people.curator), Client()
    issued = curator.post("/cabinet/users/invitations/issue/", {"person": new.pk}).context["issued"][0]
    curator.post("/cabinet/users/invitations/slips/", {"code": issued.spoken})
    client.post(JOIN, {"code": f"{issued.spoken[:-1]}q"})
    client.post(JOIN, {"code": issued.spoken})
    half_way = everything_kept()
    client.post(PASSWORD, CHOICE)
    kept = everything_kept()
    code = issued.code
    forms = (code, code.replace("-", ""), code[:-1], code.replace("-", "")[:-1])
    for text in (half_way, kept, caplog.text.lower(), str([mail.body for mail in mailoutbox]).lower()):
        assert [form for form in forms if form in text] == []
    assert Invitation.objects.get().code_hash in kept
    assert not Letter.objects.filter(user=new).exists()


def test_search_of_the_tables_would_find_a_code(people, new):
    Letter.objects.create(user=new, subject="Код", body="HK4P-9MTR-W2XD")
    assert "hk4p-9mtr-w2xd" in everything_kept()


def test_address_with_the_code_never_reaches_the_server(people, new):
    """Everything after «#» stays in the browser; the page reads it by its own small script."""
    link = slip(new, people.curator).link
    assert link.count("#") == 1
    assert link.partition("#")[0].endswith("/join/")
    script = (Path(settings.BASE_DIR) / "static/js/join.js").read_text()
    assert "replaceState" in script
    assert "join.js" in Client().get(JOIN).content.decode()


def test_pages_are_not_kept_by_browsers_and_say_nothing_to_other_sites(client, people, new):
    client.post(JOIN, {"code": slip(new, people.curator).code})
    for url in (JOIN, PASSWORD):
        page = client.get(url)
        assert ("no-store" in page["Cache-Control"], page["Referrer-Policy"]) == (True, "same-origin")
