"""People and their roles: who may add, change, give and end, and what the history says."""

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Letter, Membership, User
from accounts.permissions import Forbidden, Role, today
from accounts.services.people import create_user, end_role, give_role
from core.models import JournalEntry
from core.transitions import Refused

pytestmark = pytest.mark.django_db
NEW = {"full_name": " Новикова  Алла Юрьевна ", "role": "teacher", "username": "novikova", "email": "Alla@Example.org"}


def names(page) -> list[str]:
    return [person.full_name for person in page.context["page_obj"]]


# --- The list -------------------------------------------------------------------------------------------------------
def test_list_of_the_curator_has_the_school_and_nobody_else(client_of, people, canary):
    page = client_of(people.curator).get("/cabinet/users/")
    assert len(names(page)) == 10
    assert [word for word in canary if word in page.content.decode()] == []


def test_list_of_the_administrator_has_the_whole_municipality(client_of, people):
    page = client_of(people.admin).get("/cabinet/users/")
    assert len(names(page)) == 14
    assert "organisation" in page.context["form"].fields


def test_list_is_in_russian_order_whatever_the_collation(client_of, people, school):
    for number, name in enumerate(["Ёлкин Ян", "Елкин Аскар", "Ежов Пётр", "Жуков Ян", "абрамов Ян"]):
        person = User.objects.create(username=f"u{number}", full_name=name)
        Membership.objects.create(user=person, organisation=school, role=Role.CLASS_TEACHER)
    page = client_of(people.curator).get("/cabinet/users/?role=class_teacher")
    assert names(page) == [
        "абрамов Ян",
        "Дневникова Ирина Олеговна",
        "Ежов Пётр",
        "Елкин Аскар",
        "Ёлкин Ян",
        "Жуков Ян",
    ]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=мелова", ["Мелова Дарья Сергеевна"]),
        ("q=дарья+мел", ["Мелова Дарья Сергеевна"]),
        ("q=петр", ["Ревякин Пётр Ильич"]),
        ("q=psychologist@", ["Тихая Анна Львовна"]),
        ("q=чужестранов", []),
        ("role=director", ["Громова Елена Павловна"]),
        ("role=director&q=мелова", []),
        ("state=former", []),
    ],
)
def test_list_is_searched_and_filtered(client_of, people, query, expected):
    assert names(client_of(people.curator).get(f"/cabinet/users/?{query}")) == expected


@pytest.mark.parametrize(
    "query", ["role=nobody", "organisation=0", "page=-5", "page=x", "state=1", "q=%25%5C_", "q=" + "я" * 5000]
)
def test_list_survives_a_senseless_address(client_of, people, query):
    assert client_of(people.admin).get(f"/cabinet/users/?{query}").status_code == 200


def test_list_keeps_who_lost_the_last_role_within_reach(client_of, people):
    Membership.objects.filter(user=people.teacher).update(ends_on="2021-01-01")
    client = client_of(people.curator)
    assert "Мелова Дарья Сергеевна" not in names(client.get("/cabinet/users/"))
    assert names(client.get("/cabinet/users/?state=former")) == ["Мелова Дарья Сергеевна"]
    assert client.get(reverse("user_edit", args=[people.teacher.pk])).status_code == 200


def test_who_has_moved_to_another_school_is_out_of_reach(client_of, people, other_school):
    Membership.objects.filter(user=people.teacher).update(ends_on="2021-01-01")
    Membership.objects.create(user=people.teacher, organisation=other_school, role=Role.TEACHER)
    assert client_of(people.curator).get(reverse("user_edit", args=[people.teacher.pk])).status_code == 404
    assert names(client_of(people.curator).get("/cabinet/users/?state=former")) == []


def test_list_costs_the_same_for_one_person_and_for_three(client_of, people, school, queries):
    client = client_of(people.curator)
    url = "/cabinet/users/?role=class_teacher"
    one = queries(client, url)
    for number in range(2):
        person = User.objects.create(username=f"u{number}", full_name="Ещё Один")
        Membership.objects.create(user=person, organisation=school, role=Role.CLASS_TEACHER)
    assert (one, queries(client, url)) == (12, 12)


@pytest.mark.parametrize(
    ("who", "status"), [("director", 403), ("teacher", 403), ("inspector", 403), ("municipal", 403), ("stranger", 200)]
)
def test_list_is_for_the_curator_and_the_administrator(client_of, people, who, status):
    assert client_of(getattr(people, who)).get("/cabinet/users/").status_code == status


# --- Adding ---------------------------------------------------------------------------------------------------------
def test_curator_adds_a_teacher_and_goes_on_to_the_first_password(client_of, people, school):
    response = client_of(people.curator).post("/cabinet/users/new/", NEW)
    person = User.objects.get(username="novikova")
    assert response["Location"] == reverse("password_issue", args=[person.pk])
    assert (person.full_name, person.email, person.has_usable_password()) == (
        "Новикова Алла Юрьевна",
        "alla@example.org",
        False,
    )
    assert list(person.memberships.values_list("organisation", "role")) == [(school.pk, "teacher")]
    entry = JournalEntry.objects.get(event="accounts.user.add")
    assert entry.text == "Добавлен пользователь, роль — педагог."
    assert (entry.scope, entry.actor) == (school.pk, people.curator)


def test_curator_adds_teachers_only(client_of, people, school):
    page = client_of(people.curator).post("/cabinet/users/new/", {**NEW, "role": "director"})
    assert list(page.context["form"].errors) == ["role"]
    with pytest.raises(Forbidden):
        create_user(organisation=school, full_name="Новый", username="new", role=Role.DIRECTOR, actor=people.curator)
    assert not User.objects.filter(username__in=["new", "novikova"]).exists()


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"username": "Curator"}, "__all__"),
        ({"email": "CURATOR@example.org"}, "__all__"),
        ({"username": "curator@example.org"}, "__all__"),
        ({"username": "два слова"}, "username"),
        ({"full_name": ""}, "full_name"),
        ({"full_name": "я" * 10_000}, "full_name"),
        ({"email": "не адрес"}, "email"),
        ({"role": "mentor"}, "role"),
    ],
)
def test_adding_explains_what_is_wrong(client_of, people, changed, field):
    before = User.objects.count()
    page = client_of(people.admin).post("/cabinet/users/new/", {**NEW, **changed})
    assert (page.status_code, list(page.context["form"].errors), User.objects.count()) == (200, [field], before)


def test_same_login_at_the_same_moment_is_refused_in_words(people, school, monkeypatch):
    """The check of the form has passed in both browsers; the database lets one in."""
    monkeypatch.setattr(User, "full_clean", lambda person, **options: None)
    with pytest.raises(Refused, match="только что появился"):
        create_user(organisation=school, full_name="Двойник", username="CURATOR", actor=people.curator)


# --- Changing -------------------------------------------------------------------------------------------------------
def test_curator_corrects_a_name_and_the_history_shows_old_and_new(client_of, people):
    url = reverse("user_edit", args=[people.teacher.pk])
    form = {
        "full_name": "Мелова-Белая Дарья Сергеевна",
        "username": "teacher",
        "email": "teacher@example.org",
        "is_active": "on",
    }
    assert client_of(people.curator).post(url, form)["Location"] == url
    assert JournalEntry.objects.get(event="accounts.user.change").changes == [
        {"field": "Фамилия, имя, отчество", "old": "Мелова Дарья Сергеевна", "new": "Мелова-Белая Дарья Сергеевна"},
    ]


@pytest.mark.parametrize(
    ("person", "changed"),
    [
        ("director", {"email": "thief@example.org"}),
        ("director", {"username": "chief"}),
        ("director", {"is_active": ""}),
        ("curator", {"is_active": ""}),
    ],
)
def test_curator_cannot_change_a_more_powerful_sign_in_nor_close_the_own(client_of, people, person, changed):
    one = getattr(people, person)
    form = {"full_name": one.full_name, "username": one.username, "email": one.email, "is_active": "on", **changed}
    page = client_of(people.curator).post(reverse("user_edit", args=[one.pk]), form)
    assert page.status_code == 200
    assert len(page.context["form"].errors) == 1
    stored = User.objects.get(pk=one.pk)
    assert (stored.email, stored.username, stored.is_active) == (one.email, one.username, True)


def test_page_of_a_person_shows_only_roles_within_reach(client_of, people, other_school, canary):
    Membership.objects.create(user=people.teacher, organisation=other_school, role=Role.TEACHER)
    page = client_of(people.curator).get(reverse("user_edit", args=[people.teacher.pk]))
    assert [one.organisation.slug for one in page.context["memberships"]] == ["school17"]
    assert [word for word in canary if word in page.content.decode()] == []


# --- Roles ----------------------------------------------------------------------------------------------------------
ROLE = {"role": "methodical_union", "starts_on": "2026-09-01", "ends_on": ""}


def test_administrator_gives_a_role_and_the_person_gets_a_letter(client_of, people, school):
    response = client_of(people.admin).post(
        reverse("membership_new", args=[people.teacher.pk]), {**ROLE, "organisation": school.pk}
    )
    assert response.status_code == 302
    given = Membership.objects.get(user=people.teacher, role="methodical_union")
    assert (given.organisation, given.starts_on, given.ends_on) == (school, dt.date(2026, 9, 1), None)
    assert Letter.objects.get(user=people.teacher).body == (
        "Вам дана роль «Методическое объединение»: МБОУ «Школа № 17» г. Приозёрска."
    )
    assert [change["new"] for change in JournalEntry.objects.get(text="Дана роль.").changes] == [
        "Методическое объединение",
        "01.09.2026",
        "—",
    ]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"role": "teacher"}, "__all__"),
        ({"role": "mentor"}, "role"),
        ({"ends_on": "2026-08-01"}, "__all__"),
        ({"starts_on": "31.02.2026"}, "starts_on"),
        ({"organisation": "999999"}, "organisation"),
    ],
)
def test_giving_a_role_explains_what_is_wrong(client_of, people, school, changed, field):
    form = {**ROLE, "organisation": school.pk, **changed}
    page = client_of(people.admin).post(reverse("membership_new", args=[people.teacher.pk]), form)
    assert (page.status_code, list(page.context["form"].errors)) == (200, [field])


@pytest.mark.parametrize("who", ["curator", "director", "teacher", "stranger"])
def test_roles_are_given_and_ended_by_the_administrator_only(client_of, people, school, who):
    client = client_of(getattr(people, who))
    expected = 404 if who == "stranger" else 403
    membership = Membership.objects.get(user=people.teacher)
    given = client.post(reverse("membership_new", args=[people.teacher.pk]), {**ROLE, "organisation": school.pk})
    ended = client.post(reverse("membership_end", args=[membership.pk]), {"ends_on": "2026-12-01"})
    assert (given.status_code, ended.status_code) == (expected, expected)
    with pytest.raises(Forbidden):
        give_role(person=people.teacher, organisation=school, role=Role.DIRECTOR, actor=getattr(people, who))
    with pytest.raises(Forbidden):
        end_role(membership=membership, ends_on=today(), actor=getattr(people, who))
    assert list(people.teacher.memberships.values_list("role", "ends_on")) == [("teacher", None)]


def test_administrator_of_one_school_gives_no_roles_in_another(people, school, other_school):
    Membership.objects.create(user=people.accountant, organisation=school, role=Role.ADMINISTRATOR)
    actor = User.objects.get(pk=people.accountant.pk)
    with pytest.raises(Forbidden):
        give_role(person=people.teacher, organisation=other_school, role=Role.TEACHER, actor=actor)
    with pytest.raises(Forbidden):
        give_role(person=people.stranger, organisation=school, role=Role.TEACHER, actor=actor)


def test_ending_a_role_keeps_it_in_the_history(client_of, people):
    membership = Membership.objects.get(user=people.teacher)
    url = reverse("membership_end", args=[membership.pk])
    assert client_of(people.admin).get(url).status_code == 200
    assert Membership.objects.get(pk=membership.pk).ends_on is None
    assert client_of(people.admin).post(url, {"ends_on": "2026-12-31"}).status_code == 302
    assert Membership.objects.get(pk=membership.pk).ends_on == dt.date(2026, 12, 31)
    assert JournalEntry.objects.get(event="accounts.membership.change").changes == [
        {"field": "По", "old": "—", "new": "31.12.2026"},
    ]


def test_ending_a_role_explains_what_is_wrong(client_of, people):
    teacher, own = (Membership.objects.get(user=one) for one in (people.teacher, people.admin))
    client = client_of(people.admin)
    early = client.post(reverse("membership_end", args=[teacher.pk]), {"ends_on": "2019-01-01"})
    mine = client.post(reverse("membership_end", args=[own.pk]), {"ends_on": "2026-12-31"})
    assert early.context["form"].non_field_errors() == ["Роль началась 01.09.2020: закончиться раньше она не может."]
    assert mine.context["form"].non_field_errors() == [
        "Свою роль администратора снять нельзя: это делает другой администратор.",
    ]


def test_role_that_is_over_cannot_be_ended_again(people):
    membership = Membership.objects.get(user=people.teacher)
    Membership.objects.filter(pk=membership.pk).update(ends_on="2021-01-01")
    with pytest.raises(Refused, match="уже закончилась"):
        end_role(membership=membership, ends_on=dt.date(2026, 12, 31), actor=people.admin)
    assert Membership.objects.get(pk=membership.pk).ends_on == dt.date(2021, 1, 1)
