"""The journal page: whose history is read by whom, and how it is searched."""

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.forms.journal import JournalFilter
from core.journal import Change, entry, record
from core.models import JournalEntry

pytestmark = pytest.mark.django_db
PAGE = "/cabinet/journal/"


@pytest.fixture
def written(people, school, other_school, town):
    """One entry of each place, and one about a person."""
    changes = [Change(field="Адрес", old="—", new="ул.")]
    record("a.b.c", school, actor=people.curator, text="Изменён адрес.", changes=changes)
    record("a.b.c", other_school, actor=people.stranger, text="Чужестранова изменила адрес.")
    record("a.b.c", town, actor=people.admin, text="Изменён телефон.")
    record("a.b.c", people.teacher, actor=people.admin, text="Дана роль.")


def texts(page) -> list[str]:
    return [one.text for one in page.context["page_obj"]]


@pytest.mark.parametrize("who", ["curator", "director", "inspector"])
def test_school_reads_its_own_history(client_of, people, written, canary, who):
    page = client_of(getattr(people, who)).get(PAGE)
    assert texts(page) == ["Дана роль.", "Изменён адрес."]
    assert [word for word in canary if word in page.content.decode()] == []


def test_administrator_reads_the_history_of_the_municipality(client_of, people, written):
    assert len(texts(client_of(people.admin).get(PAGE))) == 4


@pytest.mark.parametrize(("who", "status"), [("teacher", 403), ("municipal", 403), ("psychologist", 403)])
def test_others_do_not_read_the_history(client_of, people, who, status):
    assert client_of(getattr(people, who)).get(PAGE).status_code == status


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=адрес", ["Изменён адрес."]),
        ("q=школа+адрес", ["Изменён адрес."]),
        ("who=лебедева", ["Изменён адрес."]),
        ("kind=accounts.user", ["Дана роль."]),
        ("q=ничего", []),
        ("since=2099-01-01", []),
        ("until=2020-01-01", []),
        ("since=2020-01-01&until=2099-01-01", ["Дана роль.", "Изменён адрес."]),
    ],
)
def test_journal_is_searched(client_of, people, written, query, expected):
    assert texts(client_of(people.curator).get(f"{PAGE}?{query}")) == expected


def test_journal_of_one_object(client_of, people, written):
    page = client_of(people.curator).get(f"{PAGE}?kind=accounts.user&number={people.teacher.pk}")
    assert texts(page) == ["Дана роль."]


def test_days_of_the_filter_are_those_of_the_portal(client_of, people, school):
    """23:30 UTC is already the next day in Moscow."""
    one = entry("a.b.c", school, actor=None, text="Ночью.")
    one.at = timezone.datetime(2026, 8, 31, 23, 30, tzinfo=timezone.get_fixed_timezone(0))
    one.save()
    client = client_of(people.curator)
    assert texts(client.get(f"{PAGE}?since=2026-09-01&until=2026-09-01")) == ["Ночью."]
    assert texts(client.get(f"{PAGE}?until=2026-08-31")) == []


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("since=завтра", "since"),
        ("since=2026-02-01&until=2026-01-01", "until"),
        ("kind=auth.group", "kind"),
        ("number=x", "number"),
        (f"number={10**30}", "number"),
    ],
)
def test_senseless_filter_shows_its_error_and_the_whole_journal(client_of, people, written, query, field):
    page = client_of(people.curator).get(f"{PAGE}?{query}")
    assert (list(page.context["form"].errors), len(texts(page))) == ([field], 2)


def test_journal_costs_the_same_for_one_entry_and_for_three(client_of, people, school, queries):
    client, counts = client_of(people.curator), []
    for more in (1, 2):
        JournalEntry.objects.bulk_create(entry("a.b.c", school, actor=None, text="Текст.") for _ in range(more))
        counts.append(queries(client, PAGE))
    assert counts == [11, 11]


def test_pages_keep_the_filter(client_of, people, school):
    JournalEntry.objects.bulk_create(entry("a.b.c", school, actor=None, text=f"Запись {n}.") for n in range(120))
    page = client_of(people.curator).get(f"{PAGE}?q=запись&page=2")
    assert (page.context["page_obj"].number, len(texts(page))) == (2, 50)
    assert "?q=%D0%B7%D0%B0%D0%BF%D0%B8%D1%81%D1%8C&amp;page=3" in page.content.decode()


def test_entry_of_the_page_shows_old_and_new(client_of, people, written):
    page = client_of(people.curator).get(PAGE).content.decode()
    assert "Адрес: <del>—</del>" in page
    assert "<ins>ул.</ins>" in page


def test_filter_needs_no_kinds():
    form = JournalFilter({}, kinds=[])
    assert form.is_valid()
    assert not form.condition()


def test_history_link_of_the_administration_leads_here(client_of, people):
    url = reverse("admin:accounts_user_history", args=[people.teacher.pk])
    response = client_of(people.admin).get(url)
    assert response["Location"] == f"{PAGE}?kind=accounts.user&number={people.teacher.pk}"
