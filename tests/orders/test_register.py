"""The register of orders and the books of numbers."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from core.models import JournalEntry
from orders.models import Order, Series
from tests.orders.pages import answers, page, url

DAY = dt.date(2022, 9, 1)


def test_register_costs_the_same_for_one_row_and_for_three(approved, client_of, people, queries):
    client, address = client_of(people.director), reverse("order_list")
    approved("1-б")
    one = queries(client, address)
    approved("2-б")
    approved("3-б")
    assert queries(client, address) == one


def test_page_of_an_order_costs_the_same_for_one_paper_and_for_three(draft, client_of, people, queries):
    client = client_of(people.curator)
    one = queries(client, url("detail", draft(papers=["Один"])))
    assert queries(client, url("detail", draft(papers=["Один", "Два", "Три"]))) == one


def titles(response):
    return [order.title for order in response.context["page_obj"]]


def test_register_is_filtered_and_searched(approved, draft, client_of, people):
    approved("71-б", DAY, title="Об осени")
    approved("5-б", dt.date(2023, 1, 20), title="О зиме")
    draft(title="О весне")
    client, address = client_of(people.inspector), reverse("order_list")
    for query, found in (
        ("", ["О весне", "О зиме", "Об осени"]),
        ("?state=approved", ["О зиме", "Об осени"]),
        ("?year=2022", ["Об осени"]),
        ("?kind=memo", ["О весне", "О зиме", "Об осени"]),
        ("?q=71-Б", ["Об осени"]),
        ("?q=зиме", ["О зиме"]),
        ("?q=нет такого", []),
        ("?state=wrong&kind=unknown&year=abc&page=xyz", ["О весне", "О зиме", "Об осени"]),
        ("?q=" + "я" * 300, ["О весне", "О зиме", "Об осени"]),
    ):
        assert titles(client.get(address + query)) == found, query


def test_register_names_numbers_given_outside_the_portal(approved, client_of, people, kept_series):
    approved("3-б", DAY)
    approved("5-б", DAY)
    approved("", DAY, kept_series)
    client = client_of(people.director)
    response = client.get(reverse("order_list"))
    assert [(one.series, one.ranges) for one in response.context["skipped"]] == [("Основная деятельность", "1–2, 4")]
    assert "Номера вне портала, 2022 год" in page(response)


def test_printed_register_has_all_approved_orders_and_no_filters(approved, draft, client_of, people):
    for number in range(1, 53):
        approved(f"{number}-б")
    client = client_of(people.director)
    assert len(titles(client.get(reverse("order_list")))) == 50
    draft()
    response = client.get(reverse("order_list") + "?print=1")
    assert len(titles(response)) == 52
    assert len(titles(client.get(reverse("order_list") + "?print=1&state=draft"))) == 1
    assert "Журнал регистрации приказов" in page(response)
    assert '<form class="filters' not in page(response)


def test_register_shows_only_the_own_school(approved, client_of, people):
    approved(title="Об осени")
    assert titles(client_of(people.stranger).get(reverse("order_list"))) == []


def test_empty_register_says_what_to_do(client_of, people):
    assert "Новый приказ" in page(client_of(people.curator).get(reverse("order_list")))
    assert "Приказов пока нет" in page(client_of(people.inspector).get(reverse("order_list")))


def test_book_is_started_and_changed_with_history(client_of, people, school):
    client = client_of(people.curator)
    assert "Книг пока нет" in page(client.get(reverse("series_list")))
    client.post(reverse("series_new"), {"name": "Основная", "template": "{n}-о", "kept_here": ""})
    book = Series.objects.get()
    assert (book.organisation, book.template, book.kept_here) == (school, "{n}-о", False)
    client.post(reverse("series_edit", args=[book.pk]), {"name": "Основная", "template": "{n}/о", "kept_here": "on"})
    book.refresh_from_db()
    assert (book.template, book.kept_here) == ("{n}/о", True)
    assert list(JournalEntry.objects.about(book).values_list("text", flat=True)) == [
        "Изменена книга приказов.",
        "Заведена книга приказов.",
    ]


@pytest.mark.parametrize(
    "data",
    [
        {"name": "Основная деятельность", "template": "{n}"},
        {"name": "ОСНОВНАЯ деятельность", "template": "{n}"},
        {"name": "", "template": "{n}"},
        {"name": "Б" * 10_000, "template": "{n}"},
        {"name": "Новая", "template": "без числа"},
        {"name": "Новая", "template": "{n}" * 20},
    ],
)
def test_wrong_book_comes_back(data, series, client_of, people):
    response = client_of(people.curator).post(reverse("series_new"), data)
    assert response.status_code == 200
    assert response.context["form"].errors
    assert Series.objects.count() == 1


def test_books_are_for_curator_and_administrator_of_the_school(series, client_of, people):
    assert client_of(people.director).get(reverse("series_list")).status_code == 403
    assert client_of(people.stranger).get(reverse("series_edit", args=[series.pk])).status_code == 404


def test_choice_of_a_book_appears_where_there_are_several(series, kept_series, client_of, people):
    client, address = client_of(people.curator), reverse("order_draft", args=["memo"])
    assert 'name="series"' in page(client.get(address))
    client.post(address, answers(series=kept_series.pk))
    order = Order.objects.get()
    assert order.series == kept_series
    kept_series.orders.all()
    assert f'value="{kept_series.pk}" selected' in page(client.get(url("params", order)))


def test_first_order_of_a_school_starts_its_book(client_of, people, school):
    client_of(people.curator).post(reverse("order_draft", args=["memo"]), answers())
    assert Order.objects.get().series.name == "Приказы по основной деятельности"
