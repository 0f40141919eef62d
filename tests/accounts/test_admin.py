"""The administration asks the table of permissions, and nothing else."""

import datetime as dt

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse

from accounts.admin import ScopedAdmin
from accounts.admin_site import site
from accounts.models import Membership, Organisation, ProductionDay, Term, User
from accounts.permissions import Role
from core.journal import record
from core.models import JournalEntry

pytestmark = pytest.mark.django_db
INDEX = "/admin/"


@pytest.fixture
def school_admin(people, school) -> User:
    """An administrator of one school only."""
    Membership.objects.create(user=people.accountant, organisation=school, role=Role.ADMINISTRATOR)
    return people.accountant


def lists(user: User | None = None) -> list[str]:
    """Addresses of the lists of the administration: all, or those the user may see."""
    return [
        reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
        for model, page in site._registry.items()
        if user is None or page.has_view_permission(request_of(user))
    ]


def url_of(model: str, page: str, *args: int) -> str:
    return reverse(f"admin:accounts_{model}_{page}", args=args)


# --- The door -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("who", ["curator", "director", "teacher", "municipal", "inspector", "stranger"])
def test_administration_is_closed_to_other_roles_by_name(client_of, people, who):
    response = client_of(getattr(people, who)).get(INDEX, follow=True)
    assert response.status_code == 403
    assert "Вход в администрирование: доступно ролям — администратор." in response.content.decode()


def test_administration_opens_to_the_administrator(client_of, people):
    page = client_of(people.admin).get(INDEX)
    assert page.status_code == 200
    assert "Наставничество: администрирование" in page.content.decode()


def test_flags_of_the_user_open_nothing(client_of, people):
    """A superuser without a role of the table stays outside."""
    root = User.objects.create_superuser("root", "root@example.org", "пароль-2026", full_name="Суперпользователь")
    client = client_of(root)
    assert client.get(INDEX, follow=True).status_code == 403
    assert [url for url in lists() if client.get(url).status_code != 302] == []


def test_superuser_of_the_table_gets_what_the_table_says(client_of, people):
    User.objects.filter(pk=people.teacher.pk).update(is_superuser=True, is_staff=True)
    assert client_of(people.teacher).get(INDEX, follow=True).status_code == 403


def test_signed_out_is_led_to_the_portals_own_sign_in_and_back(client, people):
    first = client.get(url_of("term", "changelist"))
    second = client.get(first["Location"])
    assert second["Location"] == f"/accounts/login/?next={url_of('term', 'changelist')}"


def test_sign_in_of_the_administrator_returns_to_the_administration(client_of, people):
    client = client_of(people.admin)
    assert client.get("/admin/login/?next=/admin/accounts/term/")["Location"] == "/admin/accounts/term/"
    assert client.get("/admin/login/?next=https://evil.example/")["Location"] == INDEX


def test_password_and_sign_out_are_those_of_the_portal(client_of, people):
    client = client_of(people.admin)
    assert client.get("/admin/password_change/")["Location"] == "/accounts/password/"
    assert client.get("/admin/logout/").status_code == 405
    assert client.post("/admin/logout/")["Location"] == "/accounts/login/"
    assert client.get(INDEX)["Location"] == "/admin/login/?next=/admin/"


# --- Rows -----------------------------------------------------------------------------------------------------------
def test_every_page_of_the_administration_opens(client_of, people):
    client, pages = client_of(people.admin), lists(people.admin)
    assert len(pages) >= 8
    assert [url for url in pages if client.get(url).status_code != 200] == []


def request_of(user):
    class Request:
        pass

    Request.user = user
    return Request()


def test_every_model_of_the_administration_is_scoped():
    assert [model for model, page in site._registry.items() if not isinstance(page, ScopedAdmin)] == []


def test_nobody_may_anything_on_a_page_without_actions(people):
    page = ScopedAdmin(Term, site)
    for user in (people.admin, AnonymousUser()):
        request = request_of(user)
        answers = (
            page.has_view_permission(request),
            page.has_change_permission(request),
            page.has_add_permission(request),
            page.has_delete_permission(request),
        )
        assert answers == (False,) * 4


def test_administrator_of_a_school_sees_its_rows_only(client_of, school_admin, school, other_school, canary):
    client = client_of(school_admin)
    for model in ("organisation", "user", "membership", "term", "body"):
        page = client.get(url_of(model, "changelist"))
        assert page.status_code == 200
        assert [word for word in canary if word in page.content.decode()] == []
    assert client.get(url_of("organisation", "change", other_school.pk)).status_code == 302
    assert client.get(url_of("organisation", "change", school.pk)).status_code == 200


def test_choices_of_a_form_are_the_permitted_rows(client_of, people, school_admin, school, other_school, canary):
    client, url = client_of(school_admin), url_of("membership", "add")
    assert [word for word in canary if word in client.get(url).content.decode()] == []
    foreign = {"user": people.stranger.pk, "organisation": other_school.pk, "role": "teacher"}
    page = client.post(url, foreign | {"starts_on": "2026-09-01"})
    assert sorted(page.context["adminform"].form.errors) == ["organisation", "user"]


def test_filters_of_a_list_offer_only_what_occurs_in_it(client_of, school_admin, people, canary):
    page = client_of(school_admin).get(url_of("membership", "changelist")).content.decode()
    assert [word for word in canary if word in page] == []


def test_filter_by_a_foreign_number_shows_nothing_foreign(client_of, school_admin, school, other_school):
    url = f"{url_of('membership', 'changelist')}?organisation__id__exact={other_school.pk}"
    shown = client_of(school_admin).get(url).context["cl"].queryset
    assert set(shown.values_list("organisation", flat=True)) <= {school.pk}


# --- Writing --------------------------------------------------------------------------------------------------------
TERM = {"kind": "quarter", "name": "1-я четверть", "starts_on": "01.09.2026", "ends_on": "25.10.2026"}


def test_adding_changing_and_deleting_is_in_the_one_history(client_of, people, school):
    client = client_of(people.admin)
    client.post(url_of("term", "add"), TERM | {"organisation": school.pk})
    term = Term.objects.get()
    client.post(url_of("term", "change", term.pk), TERM | {"organisation": school.pk, "name": "I четверть"})
    client.post(url_of("term", "change", term.pk), TERM | {"organisation": school.pk, "name": "I четверть"})
    client.post(url_of("term", "delete", term.pk), {"post": "yes"})
    assert Term.objects.count() == 0
    assert list(JournalEntry.objects.order_by("pk").values_list("text", "actor", "scope")) == [
        ("Добавлено через администрирование.", people.admin.pk, school.pk),
        ("Изменено через администрирование.", people.admin.pk, school.pk),
        ("Удалено через администрирование.", people.admin.pk, school.pk),
    ]
    assert JournalEntry.objects.order_by("pk")[1].changes == [
        {"field": "Название", "old": "1-я четверть", "new": "I четверть"},
    ]
    assert LogEntry.objects.count() == 0


def test_row_cannot_be_moved_out_of_reach(client_of, school_admin, school, other_school):
    day = dt.date(2026, 9, 1)
    term = Term.objects.create(organisation=school, kind="quarter", name="1", starts_on=day, ends_on=day)
    page = client_of(school_admin).post(url_of("term", "change", term.pk), TERM | {"organisation": other_school.pk})
    assert list(page.context["adminform"].form.errors) == ["organisation"]
    assert Term.objects.get().organisation == school


def test_organisation_cannot_be_hung_elsewhere_by_the_administrator_of_a_school(client_of, school_admin, school, town):
    """The list of parents has only what the action reaches, and a row that leaves the reach is refused."""
    client, url = client_of(school_admin), url_of("organisation", "change", school.pk)
    form = {
        name: getattr(school, name)
        for name in ("kind", "slug", "full_name", "name", "place", "head_post", "head_name", "head_gender", "accent")
    }
    page = client.post(url, form | {"parent": town.pk, "is_active": "on"})
    assert list(page.context["adminform"].form.errors) == ["parent"]


def test_roles_are_ended_and_never_deleted_or_rewritten(client_of, people, school):
    membership = Membership.objects.get(user=people.teacher)
    client = client_of(people.admin)
    assert client.post(url_of("membership", "delete", membership.pk), {"post": "yes"}).status_code == 403
    form = {
        "user": people.director.pk,
        "organisation": school.pk,
        "role": "director",
        "starts_on": "01.01.2026",
        "ends_on": "31.12.2026",
    }
    assert client.post(url_of("membership", "change", membership.pk), form).status_code == 302
    stored = Membership.objects.get(pk=membership.pk)
    assert (stored.user, stored.role, stored.starts_on, stored.ends_on) == (
        people.teacher,
        "teacher",
        dt.date(2020, 9, 1),
        dt.date(2026, 12, 31),
    )


def test_people_are_changed_by_the_same_law_as_on_the_page(client_of, people, school_admin, other_school):
    """Somebody who works elsewhere too: the name may be corrected, the sign-in not."""
    Membership.objects.create(user=people.teacher, organisation=other_school, role=Role.TEACHER)
    url = url_of("user", "change", people.teacher.pk)
    form = {"full_name": "Мелова Дарья", "username": "teacher", "email": "teacher@example.org", "is_active": "on"}
    client = client_of(school_admin)
    assert client.post(url, form).status_code == 302
    page = client.post(url, form | {"email": "thief@example.org"})
    assert page.context["adminform"].form.non_field_errors() == [
        "У человека есть роль в другой организации: вход меняет администратор муниципалитета.",
    ]
    stored = User.objects.get(pk=people.teacher.pk)
    assert (stored.full_name, stored.email) == ("Мелова Дарья", "teacher@example.org")


def test_nobody_becomes_a_superuser_through_the_form(client_of, people):
    form = {
        "full_name": "Мелова Дарья",
        "username": "teacher",
        "email": "",
        "is_active": "on",
        "is_superuser": "on",
        "is_staff": "on",
        "password": "x",
    }
    client_of(people.admin).post(url_of("user", "change", people.teacher.pk), form)
    stored = User.objects.get(pk=people.teacher.pk)
    assert (stored.is_superuser, stored.is_staff, stored.password) == (False, False, people.teacher.password)


def test_journal_is_read_only_and_of_ones_own_places(client_of, people, school_admin, school, other_school):
    mine = record("a.b.c", school, actor=None, text="Своё.")
    foreign = record("a.b.c", other_school, actor=None, text="Чужестранова.")
    client = client_of(school_admin)
    listed = client.get(reverse("admin:core_journalentry_changelist"))
    assert list(listed.context["cl"].queryset) == [mine]
    change = reverse("admin:core_journalentry_change", args=[mine.pk])
    assert (client.get(change).status_code, client.post(change, {"text": "Иначе."}).status_code) == (200, 403)
    assert client.get(reverse("admin:core_journalentry_change", args=[foreign.pk])).status_code == 302
    assert client.get(reverse("admin:core_journalentry_add")).status_code == 403


def test_reference_data_are_for_the_administrator(client_of, people):
    form = {"day": "04.11.2026", "kind": "holiday", "name": "День народного единства"}
    client_of(people.admin).post(url_of("productionday", "add"), form)
    assert ProductionDay.objects.get().day == dt.date(2026, 11, 4)
    assert JournalEntry.objects.get().scope is None


def test_list_has_no_bulk_actions(client_of, people):
    page = client_of(people.admin).post(
        url_of("organisation", "changelist"), {"action": "delete_selected", "_selected_action": "1"}
    )
    assert (Organisation.objects.count(), page.status_code) == (3, 200)


def test_default_site_of_django_is_not_served():
    assert admin.site is not site
