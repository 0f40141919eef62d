"""Sign-in: who gets in, what a refusal tells, and that guessing is stopped by account."""

import pytest
import time_machine
from django.conf import settings
from django.test import Client
from django.urls import reverse

from accounts.forms.sign_in import SignInForm
from accounts.models import Membership, User
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
LOGIN = "/accounts/login/"
WRONG = "Логин или пароль не подошли. Проверьте раскладку клавиатуры и заглавные буквы."


def attempt(client: Client, username: str, password: str = PASSWORD, query: str = ""):
    return client.post(LOGIN + query, {"username": username, "password": password})


def who(client: Client) -> str | None:
    number = client.session.get("_auth_user_id")
    return User.objects.get(pk=number).username if number else None


@pytest.mark.parametrize("word", ["curator", "CURATOR", " curator ", "curator@example.org", "Curator@Example.org"])
def test_sign_in_takes_login_or_email_in_any_case(client, people, word):
    response = attempt(client, word)
    assert (response.status_code, response["Location"], who(client)) == (302, "/cabinet/", "curator")


@pytest.mark.parametrize(
    ("username", "password"), [("curator", "нет"), ("никто", PASSWORD), ("", ""), ("a" * 10_000, "x")]
)
def test_sign_in_refuses_in_the_same_words_whoever_it_is(client, people, username, password):
    response = attempt(client, username, password)
    assert response.status_code == 200
    assert who(client) is None


def test_sign_in_says_the_same_of_a_known_and_an_unknown_account(client, people):
    known = attempt(client, "curator", "нет").context["form"].non_field_errors()
    unknown = attempt(client, "nobody", "нет").context["form"].non_field_errors()
    assert (known, unknown) == ([WRONG], [WRONG])


def test_sign_in_refuses_the_inactive_in_the_same_words(client, people):
    User.objects.filter(pk=people.teacher.pk).update(is_active=False)
    response = attempt(client, "teacher")
    assert (response.context["form"].non_field_errors(), who(client)) == ([WRONG], None)


def test_sign_in_of_the_inactive_ends_at_the_next_request(client_of, people):
    client = client_of(people.teacher)
    assert client.get("/cabinet/").status_code == 200
    User.objects.filter(pk=people.teacher.pk).update(is_active=False)
    assert client.get("/cabinet/")["Location"] == f"{LOGIN}?next=/cabinet/"


@pytest.mark.parametrize(
    ("wanted", "target"),
    [
        ("/cabinet/letters/", "/cabinet/letters/"),
        ("https://evil.example/", "/cabinet/"),
        ("//evil.example/", "/cabinet/"),
        ("javascript:alert(1)", "/cabinet/"),
        ("/\\evil.example", "/cabinet/"),
    ],
)
def test_sign_in_returns_only_into_the_portal(client, people, wanted, target):
    assert attempt(client, "curator", query=f"?next={wanted}")["Location"] == target


def test_signed_out_page_leads_to_sign_in_and_back(client, people):
    asked = client.get("/cabinet/letters/?unread=1")
    assert asked["Location"] == "/accounts/login/?next=/cabinet/letters/%3Funread%3D1"
    response = client.post(asked["Location"], {"username": "curator", "password": PASSWORD})
    assert response["Location"] == "/cabinet/letters/?unread=1"


def test_sign_in_changes_the_session_key(client, people):
    client.get(LOGIN)
    session = client.session
    session["before"] = "1"
    session.save()
    before = session.session_key
    attempt(client, "curator")
    assert client.session.session_key != before


def guess(client: Client, username: str, times: int) -> list[int]:
    return [attempt(client, username, "нет").status_code for _ in range(times)]


def test_session_ends_twelve_hours_after_sign_in_however_busy_it_is(client, people):
    with time_machine.travel("2026-11-20 08:00:00+03:00", tick=False) as clock:
        client.post(reverse("login"), {"username": "curator", "password": PASSWORD})
        clock.shift(11 * 60 * 60)
        chosen = (
            people.curator.memberships.get().organisation_id
        )  # the choice is kept in the session: it is written again
        assert client.post(reverse("switch_organisation"), {"organisation": chosen}).status_code == 302
        assert client.get(reverse("home")).status_code == 200
        clock.shift(60 * 60 + 1)
        assert client.get(reverse("home")).status_code == 302


def test_guessing_is_locked_by_account_after_ten_attempts(client, people):
    statuses = guess(client, "curator", settings.AXES_FAILURE_LIMIT)
    assert statuses == [200] * 9 + [429]
    locked = attempt(Client(), "curator")
    assert locked.status_code == 429
    assert "Вход закрыт на 15 минут" in locked.content.decode()
    assert attempt(Client(), "director").status_code == 302


def test_other_spellings_and_the_email_give_no_further_attempts(people):
    words = ["curator", "CURATOR", "curator@example.org", "Curator@Example.ORG", " curator"] * 2
    statuses = [attempt(Client(), word, "нет").status_code for word in words]
    assert statuses == [200] * 9 + [429]


def test_other_spellings_would_give_further_attempts_without_the_account_of_the_form(people, monkeypatch):
    monkeypatch.setattr(SignInForm, "clean_username", lambda form: form.cleaned_data["username"])
    words = ["curator", "CURATOR", "curator@example.org", "Curator@Example.ORG", " curator"] * 2
    statuses = [attempt(Client(), word, "нет").status_code for word in words]
    assert statuses == [200] * 10


def test_lock_reads_the_same_for_an_unknown_account(people):
    guess(Client(), "curator", 10)
    guess(Client(), "nobody", 10)
    known, unknown = (attempt(Client(), name, "нет") for name in ("curator", "nobody"))
    assert (known.status_code, unknown.status_code) == (429, 429)
    assert known.content == unknown.content


def test_success_forgets_earlier_failures(people):
    guess(Client(), "curator", 9)
    assert attempt(Client(), "curator").status_code == 302
    assert guess(Client(), "curator", 9) == [200] * 9


def test_sign_out_takes_post_and_ends_the_session(client_of, people):
    client = client_of(people.curator)
    assert client.get("/accounts/logout/").status_code == 405
    assert who(client) == "curator"
    assert client.post("/accounts/logout/")["Location"] == LOGIN
    assert who(client) is None


def test_demo_logins_are_named_in_a_teaching_copy(client, people):
    demo = client.get(LOGIN).context["demo"]
    logins = [(one["login"], one["role"]) for one in demo["logins"]]
    assert logins == [
        ("curator", "куратор"),
        ("director", "директор"),
        ("teacher", "педагог"),
        ("psychologist", "педагог-психолог"),
        ("inspector", "проверяющий"),
        ("accountant", "бухгалтер"),
        ("admin", "администратор"),
    ]
    assert demo["password"] == settings.DEMO_PASSWORD


def test_demo_logins_are_never_named_in_production(client, people, settings):
    settings.PRODUCTION = True
    response = client.get(LOGIN)
    assert response.context["demo"] is None
    assert settings.DEMO_PASSWORD not in response.content.decode()


def test_demo_logins_are_absent_where_there_is_no_demo(client, school):
    assert client.get(LOGIN).context["demo"] is None


def test_sign_in_page_says_where_a_password_comes_from_without_mail(client, people, settings):
    assert reverse("password_reset") in client.get(LOGIN).content.decode()
    settings.SENDS_EMAIL = False
    assert reverse("password_reset") not in client.get(LOGIN).content.decode()


def test_person_without_a_role_gets_in_and_reads_whom_to_ask(client, people):
    Membership.objects.filter(user=people.teacher).update(ends_on="2021-01-01")
    attempt(client, "teacher")
    page = client.get("/cabinet/")
    assert page.status_code == 200
    assert "роль назначает администратор" in page.content.decode()
    assert client.get("/cabinet/users/").status_code == 403
