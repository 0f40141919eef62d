"""The engine of permissions: one table, and everything derived from it agrees."""

import datetime as dt

import pytest
import time_machine
from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Body, Letter, Membership, Organisation, Term, User
from accounts.permissions import (
    DERIVATIONS,
    GRANTS,
    Forbidden,
    Grant,
    Reach,
    Role,
    Standing,
    grant,
    holds,
    may,
    of_own_organisation,
    permit,
    requires,
)
from mentorship.models import DictionaryEntry, Pair, PairMember, PairState, Participant
from orders.models import Order, OrderState, Series

pytestmark = pytest.mark.django_db
SCOPED = [model for model in apps.get_models() if hasattr(model, "REACH")]
PROBE = "accounts.probe.do"


@pytest.fixture
def probe(monkeypatch):
    """Declare a throw-away action with the given reaches."""

    def declare(**reach: Reach) -> str:
        monkeypatch.setitem(GRANTS, PROBE, Grant("Проба", reach))
        return PROBE

    return declare


@pytest.fixture
def terms(school, other_school):
    """One row of a scoped model in each school."""
    day = dt.date(2026, 9, 1)
    return [
        Term.objects.create(organisation=one, kind=Term.Kind.QUARTER, name="1-я четверть", starts_on=day, ends_on=day)
        for one in (school, other_school)
    ]


def fresh(user: User) -> User:
    """The same person as the next request sees it."""
    return User.objects.get(pk=user.pk)


# --- The rows and the check of one object -------------------------------------------------------------------------
def test_every_scoped_model_has_rows_that_can_be_asked_about():
    assert [model for model in SCOPED if not hasattr(model._default_manager.all(), "permitted")] == []


@pytest.mark.parametrize("role", [role for role in Role.values if role not in ("mentor", "mentee")])
@pytest.mark.parametrize("model", SCOPED, ids=lambda model: model.__name__)
def test_permitted_rows_and_the_check_of_one_object_agree(model, role, people, terms, school, town, probe):
    Letter.objects.create(user=people.teacher, subject="Тема", body="Текст")
    Body.objects.create(organisation=school, kind=Body.Kind.OTHER, name="Орган")
    user = User.objects.create(username="probe", full_name="Проба Проба")
    Membership.objects.create(user=user, organisation=school, role=role)
    for reach in model.REACH:
        action = probe(**{role: reach})
        permitted = set(model.objects.permitted(user, action).values_list("pk", flat=True))
        assert permitted == {obj.pk for obj in model.objects.all() if may(user, action, obj)}


@pytest.mark.parametrize(
    ("reach", "expected"),
    [(Reach.ORGANISATION, ["school17"]), (Reach.TERRITORY, ["school17"])],
)
def test_reach_of_a_school_is_the_school(people, terms, probe, reach, expected):
    action = probe(curator=reach)
    assert slugs(Organisation.objects.permitted(people.curator, action)) == expected
    assert slugs_of_terms(people.curator, action) == expected


def test_reach_of_a_municipality_is_itself_and_its_schools(people, terms, probe):
    assert slugs(Organisation.objects.permitted(people.municipal, probe(municipal=Reach.TERRITORY))) == [
        "canary",
        "priozersk",
        "school17",
    ]
    assert slugs_of_terms(people.municipal, PROBE) == ["canary", "school17"]
    probe(municipal=Reach.ORGANISATION)
    assert slugs(Organisation.objects.permitted(people.municipal, PROBE)) == ["priozersk"]
    assert slugs_of_terms(people.municipal, PROBE) == []


def test_own_reach_is_the_rows_of_the_person(people, probe):
    letters = [Letter.objects.create(user=one, subject="Тема", body="") for one in (people.teacher, people.curator)]
    action = probe(teacher=Reach.OWN, curator=Reach.OWN)
    assert list(Letter.objects.permitted(people.teacher, action)) == letters[:1]
    assert [may(people.curator, action, one) for one in letters] == [False, True]


def slugs(rows) -> list[str]:
    return sorted(rows.values_list("slug", flat=True))


def slugs_of_terms(user: User, action: str) -> list[str]:
    return sorted(Term.objects.permitted(user, action).values_list("organisation__slug", flat=True))


# --- By default nothing -------------------------------------------------------------------------------------------
def test_nobody_may_by_default(people, terms, probe):
    action = probe()
    for user in vars(people).values():
        assert not holds(user, action)
        assert not Term.objects.permitted(user, action).exists()
        assert not may(user, action, terms[0])
        with pytest.raises(Forbidden):
            permit(user, action, terms[0])


@pytest.mark.parametrize("nobody", [AnonymousUser(), None])
def test_the_signed_out_may_nothing(people, terms, probe, nobody):
    action = probe(**dict.fromkeys(Role.values, Reach.ORGANISATION))
    assert not holds(nobody, action)
    assert not Term.objects.permitted(nobody, action).exists()


def test_flags_of_the_user_give_nothing(people, terms, probe):
    user = User.objects.create_superuser("root", "root@example.org", "пароль-2026", full_name="Суперпользователь")
    action = probe(**dict.fromkeys(Role.values, Reach.ORGANISATION))
    assert (holds(user, action), Term.objects.permitted(user, action).count()) == (False, 0)
    assert (user.has_perm("accounts.change_term"), user.has_module_perms("accounts")) == (False, False)


# --- Mistakes in the code are loud ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "ask",
    [
        lambda user, term: holds(user, "accounts.nothing.do"),
        lambda user, term: may(user, "accounts.nothing.do", term),
        lambda user, term: permit(user, "accounts.nothing.do", term),
        lambda user, term: list(Term.objects.permitted(user, "accounts.nothing.do")),
        lambda user, term: requires("accounts.nothing.do"),
    ],
)
def test_unknown_action_is_a_mistake_and_not_a_refusal(people, terms, ask):
    with pytest.raises(ImproperlyConfigured, match="accounts.nothing.do"):
        ask(people.curator, terms[0])


def test_action_declared_twice_and_unknown_role_are_mistakes(monkeypatch):
    with pytest.raises(ImproperlyConfigured, match="twice"):
        grant("accounts.user.view", "Ещё раз")
    with pytest.raises(ImproperlyConfigured, match="headmaster"):
        grant(PROBE, "Проба", headmaster=Reach.OWN)
    assert PROBE not in GRANTS


def test_reach_that_a_model_does_not_have_is_a_mistake(people, probe):
    """Personal data have no territorial reach, and nobody can grant it by a slip."""
    action = probe(municipal=Reach.TERRITORY)
    with pytest.raises(ImproperlyConfigured, match="Participant has no reach TERRITORY"):
        list(Participant.objects.permitted(people.municipal, action))


def test_refusal_names_who_may(people, terms, probe):
    action = probe(director=Reach.ORGANISATION, administrator=Reach.TERRITORY)
    with pytest.raises(Forbidden, match="^Проба: доступно ролям — директор, администратор\\.$"):
        permit(people.curator, action, terms[0])


# --- Rows can be locked, changed and deleted ----------------------------------------------------------------------
def test_permitted_rows_can_be_locked_changed_and_deleted(people, terms, probe):
    action = probe(curator=Reach.ORGANISATION)
    rows = Term.objects.permitted(people.curator, action)
    with transaction.atomic():
        assert list(rows.select_for_update()) == terms[:1]
    assert rows.update(name="Иначе") == 1
    assert rows.delete()[0] == 1
    assert list(Term.objects.all()) == terms[1:]


def test_rows_of_a_territory_can_be_locked_changed_and_deleted(people, terms, probe):
    """Here the reach looks at another table, and the rows are still one's own to change."""
    rows = Term.objects.permitted(people.municipal, probe(municipal=Reach.TERRITORY))
    with transaction.atomic():
        assert set(rows.select_for_update()) == set(terms)
    assert rows.update(name="Иначе") == 2
    assert rows.delete()[0] == 2


def test_no_more_is_asked_than_the_columns_of_the_row(people, terms, probe):
    """A reach over a column of the row costs a long list no second look at the table."""
    own = Term.objects.permitted(people.curator, probe(curator=Reach.ORGANISATION))
    joined = Term.objects.permitted(people.municipal, probe(municipal=Reach.TERRITORY))
    assert ["EXISTS" in str(rows.query) for rows in (own, joined)] == [False, True]


def test_several_standings_in_one_place_do_not_repeat_a_row(people, school, terms, probe):
    Membership.objects.create(user=people.curator, organisation=school, role=Role.TEACHER)
    action = probe(curator=Reach.ORGANISATION, teacher=Reach.ORGANISATION)
    assert list(Term.objects.permitted(fresh(people.curator), action)) == terms[:1]


# --- Flags of a list ------------------------------------------------------------------------------------------------
def test_flags_cost_one_query_and_agree_with_the_check(people, terms, probe):
    action = probe(municipal=Reach.TERRITORY)
    holds(people.municipal, action)
    with CaptureQueriesContext(
        connection,
    ) as captured:
        flags = {
            term.pk: (term.may_do, term.may_change)
            for term in Term.objects.flag(people.municipal, action, "accounts.calendar.change")
        }
    assert len(captured) == 1
    assert flags == {term.pk: (True, False) for term in terms}
    assert [may(people.municipal, action, term) for term in terms] == [True, True]


# --- Dates ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-08-31", False), ("2026-09-01", True), ("2027-05-31", True), ("2027-06-01", False)],
)
def test_membership_counts_from_its_first_day_to_its_last(people, school, terms, probe, day, expected):
    user = User.objects.create(username="dated", full_name="Срочная Роль")
    Membership.objects.create(
        user=user, organisation=school, role=Role.DIRECTOR, starts_on="2026-09-01", ends_on="2027-05-31"
    )
    action = probe(director=Reach.ORGANISATION)
    with time_machine.travel(f"{day} 12:00+03:00", tick=False):
        assert holds(user, action) is expected
        assert may(fresh(user), action, terms[0]) is expected


def test_day_is_that_of_the_portal_and_not_of_the_server(people, school, terms, probe):
    """At 23:30 UTC it is already tomorrow in Moscow."""
    user = User.objects.create(username="dated", full_name="Срочная Роль")
    Membership.objects.create(user=user, organisation=school, role=Role.DIRECTOR, starts_on="2026-09-01")
    with time_machine.travel("2026-08-31 23:30+00:00", tick=False):
        assert holds(user, probe(director=Reach.ORGANISATION))


def test_organisation_that_left_the_portal_takes_its_roles_with_it(people, school, terms, probe):
    action = probe(curator=Reach.ORGANISATION)
    Organisation.objects.filter(pk=school.pk).update(is_active=False)
    assert not may(fresh(people.curator), action, terms[0])


def test_derived_role_lasts_as_long_as_its_reason(people, school, probe, monkeypatch):
    """Derived standings are asked for the day, so they end with the data they follow from."""
    last = dt.date(2026, 12, 31)

    def until_new_year(user, day):
        return [Standing(Role.MENTOR, school.pk, user.pk, day)] if user == people.teacher and day <= last else []

    monkeypatch.setattr("accounts.permissions.DERIVATIONS", [*DERIVATIONS, until_new_year])
    monkeypatch.setattr("accounts.models.people.DERIVATIONS", [*DERIVATIONS, until_new_year])
    action = probe(mentor=Reach.ORGANISATION)
    for day, expected in (("2026-12-31", True), ("2027-01-01", False)):
        with time_machine.travel(f"{day} 12:00+03:00", tick=False):
            assert may(fresh(people.teacher), action, school) is expected


@pytest.fixture
def pair(people, school) -> Pair:
    """The teacher leads the class teacher from September to May."""
    mentor, mentee = (
        Participant.objects.create(organisation=school, user=user, surname="Мелова", given_name="Дарья", gender="f")
        for user in (people.teacher, people.class_teacher)
    )
    form, direction = (
        DictionaryEntry.objects.create(dictionary=name, title="Проба", code="probe") for name in ("form", "direction")
    )
    series = Series.objects.create(organisation=school, name="Книга")
    order = Order.objects.create(
        organisation=school,
        series=series,
        kind="probe",
        title="О закреплении",
        drafted_by=people.curator,
        state=OrderState.APPROVED,
        number="1",
        ordinal=1,
        date=dt.date(2026, 9, 1),
        year=2026,
        signer_name="Громова Е. П.",
        approved_by=people.director,
    )
    pair = Pair.objects.create(
        organisation=school,
        mentor=mentor,
        form=form,
        direction=direction,
        order=order,
        starts_on=dt.date(2026, 9, 1),
        ends_on=dt.date(2027, 5, 31),
    )
    PairMember(pair=pair, mentee=mentee).copy_pair().save()
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE)
    return pair


@pytest.mark.parametrize(
    ("day", "expected"),
    [("2026-08-31", False), ("2026-09-01", True), ("2027-05-31", True), ("2027-06-01", False)],
)
def test_mentor_and_mentee_are_roles_for_as_long_as_their_pair_works(people, school, pair, day, expected):
    with time_machine.travel(f"{day} 12:00+03:00", tick=False):
        teacher, mentee = fresh(people.teacher), fresh(people.class_teacher)
        assert (Role.MENTOR in teacher.roles_in(school)) is expected
        assert (Role.MENTEE in mentee.roles_in(school)) is expected
        assert [may(one, "mentorship.pair.view", pair) for one in (teacher, mentee)] == [expected, expected]
        assert not may(fresh(people.psychologist), "mentorship.pair.change", pair)


def test_pair_that_is_over_gives_no_roles(people, school, pair):
    Pair.objects.filter(pk=pair.pk).update(state=PairState.CLOSED, closing_ground="term")
    with time_machine.travel("2026-10-01 12:00+03:00", tick=False):
        assert fresh(people.teacher).roles_in(school) == {Role.TEACHER}


def test_rights_of_a_running_session_follow_the_table_at_the_next_request(client_of, people):
    client = client_of(people.teacher)
    assert client.get("/cabinet/users/").status_code == 403
    membership = Membership.objects.get(user=people.teacher)
    Membership.objects.filter(pk=membership.pk).update(role=Role.CURATOR)
    assert client.get("/cabinet/users/").status_code == 200
    Membership.objects.filter(pk=membership.pk).update(ends_on="2021-01-01")
    assert client.get("/cabinet/users/").status_code == 403


# --- What an address answers ----------------------------------------------------------------------------------------
def test_address_of_an_object_answers_by_who_asks(client, client_of, people, school, other_school):
    mine, foreign, absent = (reverse("organisation_edit", args=[pk]) for pk in (school.pk, other_school.pk, 10**9))
    assert client.get(mine)["Location"] == f"/accounts/login/?next={mine}"
    answers = {
        name: [client_of(getattr(people, name)).get(url).status_code for url in (mine, foreign, absent)]
        for name in ("curator", "teacher", "stranger", "admin", "municipal")
    }
    assert answers == {
        "curator": [200, 404, 404],
        "teacher": [403, 404, 404],
        "stranger": [404, 200, 404],
        "admin": [200, 200, 404],
        "municipal": [404, 404, 404],
    }


def test_refusal_names_who_may_and_a_foreign_address_tells_nothing(client_of, people, school, other_school, canary):
    client = client_of(people.teacher)
    mine, foreign, absent = (
        client.get(reverse("organisation_edit", args=[pk])).content.decode() for pk in (school.pk, other_school.pk, 9)
    )
    assert "Изменение реквизитов организации: доступно ролям — куратор, администратор." in mine
    assert foreign == absent
    assert [word for word in canary if word in foreign] == []


def test_huge_number_in_an_address_is_not_found(client_of, people):
    assert client_of(people.curator).get(f"/cabinet/organisations/{10**30}/").status_code == 404


def test_own_organisation_is_asked_of_any_role(people, school, other_school, terms):
    assert [of_own_organisation(people.teacher, one) for one in (school, other_school, *terms)] == [
        True,
        False,
        True,
        False,
    ]
