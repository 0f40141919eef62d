"""The frame of every page: who one is, where one works, and large letters for everybody."""

import pytest
from django.db import connection
from django.template import RequestContext, Template
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organisation
from accounts.permissions import Role

pytestmark = pytest.mark.django_db
EYE = "/accounts/low-vision/"


def test_frame_names_the_person_the_role_and_the_place(client_of, people, school):
    Membership.objects.create(user=people.curator, organisation=school, role=Role.TEACHER)
    frame = client_of(people.curator).get("/cabinet/letters/").context["frame"]
    assert frame.user_short == "Лебедева\xa0О.\xa0В."
    assert (frame.role_label, frame.organisation, frame.organisations) == ("Куратор, педагог", school, [])
    assert [link.label for link in frame.links] == ["Сменить пароль"]
    assert [link.label for link in frame.foot] == ["Об организации", "Пользователи", "Партнёры", "Журнал действий"]


def test_frame_of_the_administrator_leads_to_the_administration(client_of, people):
    frame = client_of(people.admin).get("/cabinet/letters/").context["frame"]
    assert [(link.label, link.url) for link in frame.links] == [
        ("Сменить пароль", "/accounts/password/"),
        ("Администрирование", "/admin/"),
    ]


def test_frame_of_somebody_without_a_role_is_there_too(client_of, people):
    Membership.objects.filter(user=people.teacher).update(ends_on="2021-01-01")
    frame = client_of(people.teacher).get("/cabinet/").context["frame"]
    assert (frame.role_label, frame.organisation, frame.tabs) == ("Без роли", None, [])


def test_frame_costs_nothing_until_a_page_shows_it(client, people, rf: RequestFactory):
    page = Template("{% if low_vision %}крупно{% endif %}")
    with CaptureQueriesContext(connection) as captured:
        client.get("/accounts/login/")
    session = [query for query in captured.captured_queries if "session" in query["sql"]]
    request = rf.get("/")
    with CaptureQueriesContext(connection) as lazy:
        assert page.render(RequestContext(request)) == ""
    assert (session, len(lazy)) == ([], 0)


# --- The organisation one works in --------------------------------------------------------------------------------
@pytest.fixture
def both(people, other_school):
    Membership.objects.create(user=people.teacher, organisation=other_school, role=Role.CURATOR)
    return people.teacher


def test_switching_changes_the_place_and_the_rights(client_of, both, school, other_school):
    client = client_of(both)
    assert client.get("/cabinet/").context["frame"].organisation == school
    assert client.post("/accounts/organisation/", {"organisation": other_school.pk})["Location"] == "/cabinet/"
    frame = client.get("/cabinet/").context["frame"]
    assert (frame.organisation, frame.role_label) == (other_school, "Куратор")
    assert frame.organisations == [other_school, school]


@pytest.mark.parametrize("number", ["", "0", "-1", "999999", "abc", "1e3", "9" * 40])
def test_switching_to_what_is_not_ones_own_changes_nothing(client_of, both, school, number):
    client = client_of(both)
    assert client.post("/accounts/organisation/", {"organisation": number}).status_code == 302
    assert client.get("/cabinet/").context["frame"].organisation == school


def test_switching_to_a_foreign_organisation_changes_nothing(client_of, people, school, other_school):
    client = client_of(people.teacher)
    client.post("/accounts/organisation/", {"organisation": other_school.pk})
    assert client.get("/cabinet/").context["frame"].organisation == school


def test_chosen_organisation_is_left_when_the_role_there_ends(client_of, both, school, other_school):
    client = client_of(both)
    client.post("/accounts/organisation/", {"organisation": other_school.pk})
    Membership.objects.filter(user=both, organisation=other_school).update(ends_on="2021-01-01", starts_on="2020-01-01")
    assert client.get("/cabinet/").context["frame"].organisation == school


def test_switching_takes_post_only(client_of, both):
    assert client_of(both).get("/accounts/organisation/").status_code == 405


def test_page_has_the_colour_of_the_organisation(client_of, people, school):
    Organisation.objects.filter(pk=school.pk).update(accent="plum")
    assert 'data-accent="plum"' in client_of(people.curator).get("/cabinet/letters/").content.decode()


# --- Large letters --------------------------------------------------------------------------------------------------
def flags(response) -> tuple:
    return tuple(response.context[name] for name in ("low_vision", "lv_invert", "lv_size"))


def test_low_vision_is_kept_for_everybody_signed_in_or_not(client, people):
    assert flags(client.get("/accounts/login/")) == (False, False, "")
    client.get(f"{EYE}?mode=on&next=/accounts/login/")
    assert flags(client.get("/accounts/login/")) == (True, False, "")
    client.get(f"{EYE}?mode=invert")
    client.get(f"{EYE}?size=huge")
    page = client.get("/accounts/login/")
    assert flags(page) == (True, True, "huge")
    assert '<html lang="ru" class="low-vision lv-invert lv-huge"' in page.content.decode()
    client.post(EYE, {"size": "normal"})
    assert flags(client.get("/accounts/login/")) == (True, True, "")
    client.get(f"{EYE}?mode=off")
    assert flags(client.get("/accounts/login/")) == (False, False, "")


@pytest.mark.parametrize(
    ("wanted", "target"),
    [("/s/school17/?a=1", "/s/school17/?a=1"), ("https://evil.example/", "/"), ("//evil.example", "/"), ("", "/")],
)
def test_low_vision_returns_only_into_the_portal(client, wanted, target):
    assert client.get(EYE, {"mode": "on", "next": wanted})["Location"] == target


@pytest.mark.parametrize("cookie", ["", "on-", "off", "invert-<b>", "x-large", "on-huge-", "\"'>"])
def test_low_vision_cookie_that_makes_no_sense_does_no_harm(client, people, cookie):
    client.cookies["low_vision"] = cookie
    page = client.get("/accounts/login/")
    assert (page.status_code, page.context["lv_size"]) == (200, "")
