"""Bodies and the calendar of the organisation."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Body, BodyMember, ProductionDay, Term
from core.models import JournalEntry

pytestmark = pytest.mark.django_db
TERM = {"kind": "quarter", "name": "1-я четверть", "starts_on": "2026-09-01", "ends_on": "2026-10-25"}


@pytest.fixture
def body(school) -> Body:
    return Body.objects.create(organisation=school, kind=Body.Kind.MENTORS_COUNCIL, name="Совет наставников")


@pytest.fixture
def term(school) -> Term:
    return Term.objects.create(
        organisation=school,
        kind="quarter",
        name="1-я четверть",
        starts_on=dt.date(2026, 9, 1),
        ends_on=dt.date(2026, 10, 25),
    )


# --- Bodies ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("who", "view", "change"),
    [
        ("curator", 200, 200),
        ("director", 200, 403),
        ("inspector", 200, 403),
        ("teacher", 403, 403),
        ("admin", 200, 200),
        ("municipal", 404, 404),
        ("stranger", 404, 404),
    ],
)
def test_body_by_role(client_of, people, body, who, view, change):
    client = client_of(getattr(people, who))
    pages = [
        client.get(reverse(name, args=[body.pk])).status_code
        for name in ("body_detail", "body_edit", "body_member_new")
    ]
    assert pages == [view, change, change]


def test_body_is_added_and_renamed_with_history(client_of, people, school):
    client = client_of(people.curator)
    client.post(reverse("body_new", args=[school.pk]), {"kind": "working_group", "name": "Рабочая группа"})
    body = Body.objects.get()
    client.post(reverse("body_edit", args=[body.pk]), {"kind": "working_group", "name": "Проектная группа"})
    assert Body.objects.get().name == "Проектная группа"
    assert list(JournalEntry.objects.order_by("pk").values_list("text", flat=True)) == [
        "Орган добавлен.",
        "Сведения об органе изменены.",
    ]


def test_member_joins_once_and_leaves_with_a_date(client_of, people, body):
    client = client_of(people.curator)
    form = {"user": people.teacher.pk, "duty": "председатель", "starts_on": "2026-09-01", "ends_on": ""}
    join = reverse("body_member_new", args=[body.pk])
    assert client.post(join, form).status_code == 302
    again = client.post(join, form)
    assert again.context["form"].non_field_errors() == ["Этот человек уже входит в состав."]
    member = BodyMember.objects.get()
    leave = reverse("body_member_end", args=[member.pk])
    early = client.post(leave, {"ends_on": "2026-08-01"})
    assert len(early.context["form"].errors["ends_on"]) == 1
    assert client.post(leave, {"ends_on": "2026-11-01"}).status_code == 302
    member.refresh_from_db()
    assert member.ends_on == dt.date(2026, 11, 1)
    assert list(BodyMember.objects.on(dt.date(2026, 11, 2))) == []


def test_member_is_somebody_of_the_same_organisation(client_of, people, body, canary):
    client, url = client_of(people.curator), reverse("body_member_new", args=[body.pk])
    assert [word for word in canary if word in client.get(url).content.decode()] == []
    page = client.post(url, {"user": people.stranger.pk, "starts_on": "2026-09-01"})
    assert list(page.context["form"].errors) == ["user"]


def test_leaving_is_out_of_reach_of_strangers(client_of, people, body):
    member = BodyMember.objects.create(body=body, user=people.teacher, starts_on="2026-09-01")
    url = reverse("body_member_end", args=[member.pk])
    others = (people.stranger, people.teacher)
    assert [client_of(one).post(url, {"ends_on": "2026-10-01"}).status_code for one in others] == [404, 403]


def test_body_costs_the_same_for_one_member_and_for_three(client_of, people, body, queries):
    client, url, counts = client_of(people.curator), reverse("body_detail", args=[body.pk]), []
    for group in ([people.teacher], [people.director, people.psychologist]):
        BodyMember.objects.bulk_create(BodyMember(body=body, user=one, starts_on="2026-09-01") for one in group)
        counts.append(queries(client, url))
    assert counts == [11, 11]


# --- The calendar ---------------------------------------------------------------------------------------------------
def test_calendar_shows_the_asked_year(client_of, people, school, term):
    for day in ("2026-11-04", "2027-01-01", "2027-01-02", "2027-01-04", "2027-09-01"):
        ProductionDay.objects.create(day=day, kind="holiday", name="Праздник")
    client, url = client_of(people.teacher), reverse("term_list", args=[school.pk])
    asked = client.get(f"{url}?year=2026")
    assert (list(asked.context["terms"]), asked.context["year_label"]) == ([term], "2026/27")
    assert [(one.first.isoformat(), one.last.isoformat()) for one in asked.context["spells"]] == [
        ("2026-11-04", "2026-11-04"),
        ("2027-01-01", "2027-01-02"),
        ("2027-01-04", "2027-01-04"),
    ]
    assert list(client.get(f"{url}?year=2025").context["terms"]) == []


@pytest.mark.parametrize("year", ["", "0", "-1", "двадцать", "99999999999999", "2026.5", "²"])
def test_calendar_survives_a_senseless_year(client_of, people, school, year):
    assert client_of(people.teacher).get(reverse("term_list", args=[school.pk]), {"year": year}).status_code == 200


def test_term_is_added_changed_and_removed_with_history(client_of, people, school):
    client = client_of(people.curator)
    added = client.post(reverse("term_new", args=[school.pk]), TERM)
    assert added["Location"] == f"{reverse('term_list', args=[school.pk])}?year=2026"
    term = Term.objects.get()
    client.post(reverse("term_edit", args=[term.pk]), TERM | {"ends_on": "2026-10-26"})
    assert client.get(reverse("term_delete", args=[term.pk])).status_code == 200
    assert Term.objects.get().ends_on == dt.date(2026, 10, 26)
    client.post(reverse("term_delete", args=[term.pk]))
    assert (Term.objects.count(), list(JournalEntry.objects.order_by("pk").values_list("text", flat=True))) == (
        0,
        [
            "Период добавлен в календарь.",
            "Период календаря изменён.",
            "Период учебного календаря удалён.",
        ],
    )


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({}, "starts_on"),
        ({"kind": "holiday"}, None),
        ({"starts_on": "2026-10-26", "ends_on": "2026-12-30"}, None),
        ({"starts_on": "2026-12-30", "ends_on": "2026-11-01"}, "__all__"),
        ({"starts_on": "32.10.2026"}, "starts_on"),
        ({"name": "", "kind": "holiday"}, "name"),
    ],
)
def test_term_may_not_overlap_one_of_its_kind(client_of, people, school, term, changed, field):
    response = client_of(people.curator).post(reverse("term_new", args=[school.pk]), TERM | changed)
    errors = list(response.context["form"].errors) if response.status_code == 200 else [None]
    assert errors == [field]


@pytest.mark.parametrize(
    ("who", "status"), [("teacher", 403), ("director", 403), ("stranger", 404), ("municipal", 404)]
)
def test_calendar_is_changed_by_the_curator_and_the_administrator(client_of, people, school, term, who, status):
    client = client_of(getattr(people, who))
    answers = [
        client.post(reverse("term_new", args=[school.pk]), TERM).status_code,
        client.post(reverse("term_edit", args=[term.pk]), TERM).status_code,
        client.post(reverse("term_delete", args=[term.pk])).status_code,
    ]
    assert (answers, Term.objects.count()) == ([status] * 3, 1)
