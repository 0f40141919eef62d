"""What an address may name: a page of the portal to go to next, the key of a row, a year of the calendar."""

import pytest
from django.test import Client, RequestFactory
from django.urls import reverse

from accounts.forms.people import NewPersonForm
from accounts.http import key_in, safe_next

TOO_LONG_FOR_A_NUMBER = "9" * 5000


@pytest.mark.parametrize(
    ("wanted", "goes_to"),
    [
        ("/cabinet/orders/?page=2", "/cabinet/orders/?page=2"),
        ("", "/home/"),
        ("home", "/home/"),
        ("abc", "/home/"),
        ("//evil.example/", "/home/"),
        ("https://evil.example/", "/home/"),
        ("javascript:alert(1)", "/home/"),
    ],
)
def test_next_page_is_an_address_of_the_portal(rf: RequestFactory, wanted: str, goes_to: str) -> None:
    assert safe_next(rf.get("/", {"next": wanted}), "/home/") == goes_to
    assert safe_next(rf.post("/", {"next": wanted}), "/home/") == goes_to


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("5", 5),
        ("007", 7),
        ("9" * 18, 10**18 - 1),
        ("9" * 19, None),
        (TOO_LONG_FOR_A_NUMBER, None),
        ("", None),
        ("-1", None),
        ("²", None),
        ("٣", None),
        ("1.0", None),
        (" 1", None),
        ("abc", None),
    ],
)
def test_key_is_a_number_that_a_row_may_have(text: str, key: int | None) -> None:
    assert key_in(text) == key


@pytest.mark.parametrize("year", ["02026" + TOO_LONG_FOR_A_NUMBER, "020001", "0", "-1", "abc", "1999", "2101"])
def test_calendar_shows_this_year_where_the_address_names_none(school, people, client_of, year: str) -> None:
    address, client = reverse("term_list", args=[school.pk]), client_of(people.curator)
    usual = client.get(address).context["year"]
    assert client.get(address, {"year": year}).context["year"] == usual
    assert client.get(address, {"year": str(usual - 1)}).context["year"] == usual - 1


@pytest.mark.django_db
def test_signed_in_person_goes_home_where_the_sign_in_page_names_no_address(people, client_of) -> None:
    client: Client = client_of(people.curator)
    assert client.get("/accounts/login/", {"next": "abc"})["Location"] == "/cabinet/"


@pytest.mark.django_db
def test_login_is_measured_after_its_letters_have_grown() -> None:
    """U+FDFA becomes eighteen letters; the database has room for one hundred and fifty."""
    answers = {"full_name": "Проверкина Анна", "role": "teacher", "email": ""}
    long = NewPersonForm({**answers, "username": "\ufdfa" * 150}, gives_roles=False)
    short = NewPersonForm({**answers, "username": "ﬁlin"}, gives_roles=False)
    assert list(long.errors) == ["username"]
    assert short.is_valid()
    assert short.cleaned_data["username"] == "filin"
