"""Passwords: changed by oneself, by a letter, or given out for one sign-in by whoever may."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Letter, Membership, User
from accounts.permissions import Forbidden, Role
from accounts.services.passwords import (
    ALPHABET,
    OWN_SIGN_IN,
    RESET_SUBJECT,
    issue_password,
    obstacles_to_sign_in_data,
    one_time_password,
    send_reset_link,
)
from core.models import JournalEntry
from core.transitions import Refused
from tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
NEW = "зимние-вечера-2026"
OTHER_PLACE = "У человека есть роль в другой организации: вход меняет администратор муниципалитета."
POWERFUL = "Вход директора, куратора и администратора меняет только администратор."


def may_enter(username: str, password: str) -> bool:
    return Client().post("/accounts/login/", {"username": username, "password": password}).status_code == 302


def test_password_change_keeps_this_browser_and_ends_the_others(client_of, people):
    here, elsewhere = client_of(people.teacher), client_of(people.teacher)
    form = {"old_password": PASSWORD, "new_password1": NEW, "new_password2": NEW}
    assert here.post("/accounts/password/", form)["Location"] == "/cabinet/"
    assert here.get("/cabinet/").status_code == 200
    assert elsewhere.get("/cabinet/").status_code == 302
    assert (may_enter("teacher", PASSWORD), may_enter("teacher", NEW)) == (False, True)
    assert JournalEntry.objects.get(event="accounts.user.own_password").text == "Пароль изменён самим пользователем."


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({"old_password": "не тот", "new_password1": NEW, "new_password2": NEW}, "old_password"),
        ({"old_password": PASSWORD, "new_password1": NEW, "new_password2": "другое"}, "new_password2"),
        ({"old_password": PASSWORD, "new_password1": "коротко", "new_password2": "коротко"}, "new_password2"),
        ({"old_password": PASSWORD, "new_password1": PASSWORD, "new_password2": PASSWORD}, "new_password1"),
    ],
)
def test_password_change_explains_what_is_wrong(client_of, people, form, field):
    response = client_of(people.teacher).post("/accounts/password/", form)
    assert list(response.context["form"].errors) == [field]
    assert may_enter("teacher", PASSWORD)


def test_reset_answers_the_same_for_a_known_and_an_unknown_address(client, people):
    known = client.post("/accounts/reset/", {"email": "Teacher@example.org"})
    unknown = client.post("/accounts/reset/", {"email": "nobody@example.org"})
    assert known["Location"] == unknown["Location"] == "/accounts/reset/done/"
    assert list(Letter.objects.values_list("user__username", "subject")) == [("teacher", RESET_SUBJECT)]


def link_of(person: User) -> str:
    send_reset_link(email=person.email)
    return Letter.objects.get(user=person, subject=RESET_SUBJECT).path


def test_reset_link_sets_a_password_once(client, people):
    link = link_of(people.teacher)
    form_page = client.get(link)["Location"]
    assert "token" not in form_page or link not in form_page
    response = client.post(form_page, {"new_password1": NEW, "new_password2": NEW})
    assert response["Location"] == "/accounts/reset/complete/"
    assert may_enter("teacher", NEW)
    again = Client().get(link)
    assert (again.status_code, again.context["validlink"]) == (200, False)


@pytest.mark.parametrize("link", ["MQ/abc-def", "%D0%B6/x", "AAAA/set-password"])
def test_reset_link_that_is_wrong_offers_a_new_one(client, people, link):
    response = client.get(f"/accounts/reset/{link}/")
    assert (response.status_code, response.context["validlink"]) == (200, False)


def test_reset_writes_one_letter_in_five_minutes_and_none_to_the_inactive(people):
    User.objects.filter(pk=people.curator.pk).update(is_active=False)
    for _ in range(3):
        send_reset_link(email="teacher@example.org")
    send_reset_link(email="curator@example.org")
    assert list(Letter.objects.values_list("user__username", flat=True)) == ["teacher"]


def test_one_time_password_is_readable_and_never_the_same():
    drawn = {one_time_password() for _ in range(200)}
    assert len(drawn) == 200
    assert all(re.fullmatch(rf"[{ALPHABET}]{{4}}(-[{ALPHABET}]{{4}}){{2}}", one) for one in drawn)


def test_issued_password_works_once_and_must_be_changed(client_of, people):
    curator, there = client_of(people.curator), client_of(people.teacher)
    page = curator.post(reverse("password_issue", args=[people.teacher.pk]))
    password = page.context["password"]
    assert password in page.content.decode()
    assert "no-store" in page["Cache-Control"]
    assert there.get("/cabinet/").status_code == 302
    client = Client()
    client.post("/accounts/login/", {"username": "teacher", "password": password})
    for closed in ("/cabinet/", "/cabinet/letters/", reverse("organisation_detail", args=[1]), "/admin/login/"):
        assert client.get(closed)["Location"] == "/accounts/password/"
    client.post("/accounts/password/", {"old_password": password, "new_password1": NEW, "new_password2": NEW})
    assert client.get("/cabinet/").status_code == 200
    assert not User.objects.get(pk=people.teacher.pk).must_change_password


def test_issued_password_lifts_the_lock(client_of, people):
    for _ in range(10):
        may_enter("teacher", "нет")
    password = issue_password(person=people.teacher, actor=people.curator)
    assert may_enter("teacher", password)


def test_issued_password_is_not_in_the_history_and_the_history_says_who(people):
    password = issue_password(person=people.teacher, actor=people.curator)
    entry = JournalEntry.objects.get(event="accounts.user.password")
    assert (entry.actor, entry.text) == (people.curator, "Выдан одноразовый пароль.")
    assert entry.subject_text == "Мелова Дарья Сергеевна"
    assert password not in str(vars(entry))


def test_issuing_asks_first_and_shows_nothing_on_get(client_of, people, journal_count):
    before = people.teacher.password
    page = client_of(people.curator).get(reverse("password_issue", args=[people.teacher.pk]))
    assert "password" not in page.context or not page.context.get("password")
    assert User.objects.get(pk=people.teacher.pk).password == before
    assert journal_count() == 0


@pytest.mark.parametrize(
    ("actor", "person", "status"),
    [
        ("curator", "stranger", 404),
        ("teacher", "curator", 403),
        ("director", "teacher", 403),
        ("municipal", "teacher", 404),
        ("municipal", "admin", 403),
    ],
)
def test_issuing_is_for_the_curator_and_the_administrator(client_of, people, actor, person, status):
    url = reverse("password_issue", args=[getattr(people, person).pk])
    assert client_of(getattr(people, actor)).post(url).status_code == status


@pytest.mark.parametrize("role", ["director", "admin"])
def test_curator_cannot_take_over_a_more_powerful_account(client_of, people, school, role):
    """Otherwise the drafter of an order could sign it."""
    person = getattr(people, role)
    if role == "admin":
        Membership.objects.create(user=person, organisation=school, role=Role.TEACHER)
    before = person.password
    page = client_of(people.curator).post(reverse("password_issue", args=[person.pk]))
    assert page.status_code == 200
    assert len(page.context["obstacles"]) == 1
    assert User.objects.get(pk=person.pk).password == before


def test_curator_cannot_take_over_somebody_who_works_elsewhere_too(people, other_school):
    Membership.objects.create(user=people.teacher, organisation=other_school, role=Role.TEACHER)
    with pytest.raises(Refused, match="другой организации"):
        issue_password(person=people.teacher, actor=people.curator)


def test_obstacles_name_the_reason_and_the_administrator_has_none(people, other_school):
    Membership.objects.create(user=people.teacher, organisation=other_school, role=Role.TEACHER)
    assert obstacles_to_sign_in_data(people.director, people.curator) == [POWERFUL]
    assert obstacles_to_sign_in_data(people.teacher, people.curator) == [OTHER_PLACE]
    assert obstacles_to_sign_in_data(people.psychologist, people.curator) == []
    assert [obstacles_to_sign_in_data(one, people.admin) for one in (people.director, people.teacher)] == [[], []]


def test_service_refuses_by_the_table(people):
    with pytest.raises(Forbidden):
        issue_password(person=people.teacher, actor=people.director)


def test_nobody_issues_a_password_to_themselves(client_of, people):
    """It would end the very session in which the password is shown."""
    page = client_of(people.curator).post(reverse("password_issue", args=[people.curator.pk]))
    assert (page.status_code, page.context["obstacles"]) == (200, [OWN_SIGN_IN])
    assert client_of(people.curator).get(reverse("user_edit", args=[people.curator.pk])).context["may_issue"] is False
    with pytest.raises(Refused):
        issue_password(person=people.curator, actor=people.curator)
