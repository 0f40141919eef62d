"""The register as a table file, and the journal of a book for a year on paper."""

from __future__ import annotations

import datetime as dt
import io

import openpyxl
import pypdf
import pytest
from django.urls import reverse

from accounts.permissions import Forbidden
from core.documents.blocks import plain_text
from core.models import JournalEntry
from core.transitions import Refused
from orders.models import Order, OrderLink
from orders.services import journals
from orders.services.journals import EMPTY, TOO_LONG, journal_blocks, journal_rows, yearly_journal
from tests.orders.pages import file_name, letters, page, said

DAY = dt.date(2022, 9, 1)
NEXT_YEAR = dt.date(2023, 1, 20)


def address(series, year=2022):
    return reverse("order_journal", args=[series.pk, year])


def lines(series, year=2022):
    orders = Order.objects.approved().filter(series=series, year=year).order_by("ordinal", "date", "pk")
    return [(row.number, row.date, row.title, row.remark) for row in journal_rows(series, orders)]


def table(client, query=""):
    content = b"".join(client.get(reverse("order_export", args=["xlsx"]) + query).streaming_content)
    return [[cell.value for cell in row] for row in openpyxl.load_workbook(io.BytesIO(content)).active.rows]


def test_table_file_has_the_rows_of_the_filters(approved, draft, client_of, people):
    approved("71-б", DAY, title="Об осени")
    approved("5-б", NEXT_YEAR, title="О зиме")
    draft(title="О весне")
    client = client_of(people.director)
    head, *rows = table(client)
    assert head == ["Номер", "Дата", "Заголовок", "Вид", "Книга", "Состояние", "Подписал"]
    assert [row[2] for row in rows] == ["О весне", "О зиме", "Об осени"]
    for query, found in (
        ("?year=2022", ["Об осени"]),
        ("?state=approved", ["О зиме", "Об осени"]),
        ("?state=draft", ["О весне"]),
        ("?q=зиме", ["О зиме"]),
        ("?kind=pairs", []),
    ):
        assert [row[2] for row in table(client, query)[1:]] == found, query
    assert JournalEntry.objects.filter(text__contains="Год: 2022").count() == 1


def test_journal_lists_the_year_by_number_with_those_given_outside(approved, series, kept_series):
    approved("9-б", DAY, title="О девятом")
    approved("3-б", DAY, title="О третьем")
    approved("1-б", NEXT_YEAR, title="Об ином годе")
    approved("", DAY, kept_series, title="Об иной книге")
    assert lines(series) == [
        ("1-б – 2-б", "", "", "вне портала"),
        ("3-б", "01.09.2022", "О третьем", ""),
        ("4-б – 8-б", "", "", "вне портала"),
        ("9-б", "01.09.2022", "О девятом", ""),
    ]
    assert lines(kept_series) == [("1/л", "01.09.2022", "Об иной книге", "")]


def test_single_number_outside_is_one_and_uncountable_ones_stand_last(approved, series):
    approved("2-б", DAY)
    approved("а-7", DAY)
    assert [row[0] for row in lines(series)] == ["1-б", "2-б", "а-7"]


def test_journal_says_what_later_orders_have_done(approved, series):
    first, second = approved("1-б"), approved("2-б")
    OrderLink.objects.create(order=second, target=first, relation=OrderLink.Relation.CANCELS, since=DAY)
    assert [row[3] for row in lines(series)] == ["отменён", ""]


def test_journal_is_printed_and_written_into_the_history(approved, series, client_of, people):
    approved("2-б", title="О порядке работы")
    response = client_of(people.inspector).get(address(series))
    assert (response.status_code, response["Content-Type"]) == (200, "application/pdf")
    assert "Журнал регистрации приказов за 2022 год, Основная деятельность.pdf" in file_name(response)
    reader = pypdf.PdfReader(io.BytesIO(b"".join(response.streaming_content)))
    said_there = letters("".join(sheet.extract_text() for sheet in reader.pages))
    orders = list(Order.objects.all())
    assert said_there == letters(plain_text(journal_blocks(series.organisation, series, 2022, orders)))
    assert letters("за 2022 год Книга: Основная деятельность") in said_there
    assert letters("1-б вне портала 2-б 01.09.2022 О порядке работы Громова Е. П.") in said_there
    box = reader.pages[0].mediabox
    assert box.width > box.height
    entry = JournalEntry.objects.about(series)[0]
    assert entry.text == (
        "Напечатан документ «Журнал регистрации приказов за 2022 год, Основная деятельность»: 1 приказ."
    )
    assert entry.actor == people.inspector


def test_empty_and_endless_journals_are_refused_with_the_reason(approved, series, client_of, people, monkeypatch):
    client = client_of(people.director)
    assert said(client, client.get(address(series, 1999))) == [EMPTY.format(year=1999)]
    approved("1-б")
    approved("2-б")
    monkeypatch.setattr(journals, "MOST_ROWS", 1)
    with pytest.raises(Refused) as refusal:
        yearly_journal(series=series, year=2022, actor=people.director)
    assert refusal.value.obstacles == [TOO_LONG]
    assert JournalEntry.objects.about(series).count() == 0


@pytest.mark.parametrize(
    ("user", "status"), [("director", 200), ("curator", 200), ("inspector", 200), ("stranger", 404), ("teacher", 403)]
)
def test_journal_is_for_those_who_may_print_it(user, status, approved, series, client_of, people):
    approved("1-б")
    assert client_of(getattr(people, user)).get(address(series)).status_code == status


def test_service_asks_the_permission_itself(approved, series, people):
    approved("1-б")
    with pytest.raises(Forbidden):
        yearly_journal(series=series, year=2022, actor=people.teacher)


def test_register_offers_the_books_that_have_orders_of_the_year(approved, series, kept_series, client_of, people):
    client = client_of(people.director)
    assert "Журнал регистрации приказов за" not in page(client.get(reverse("order_list")))
    approved("1-б", DAY)
    approved("", NEXT_YEAR, kept_series)
    text = page(client.get(reverse("order_list")))
    assert (address(kept_series, 2023) in text, address(series, 2023) in text) == (True, False)
    text = page(client.get(reverse("order_list") + "?year=2022"))
    assert (address(kept_series, 2022) in text, address(series, 2022) in text) == (False, True)


def test_journal_costs_the_same_for_one_row_and_for_three(approved, series, client_of, people, queries):
    client = client_of(people.director)
    approved("1-б")
    one = queries(client, address(series))
    approved("2-б")
    approved("3-б")
    assert queries(client, address(series)) == one
