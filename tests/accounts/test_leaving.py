"""The roles of somebody who leaves: they end with the last day, except those an organisation cannot be without."""

from __future__ import annotations

import datetime as dt

import pytest
from django.utils import timezone

from accounts.models import Letter, Membership
from accounts.permissions import Forbidden, Role
from accounts.services.leaving import KEPT_ROLES, end_roles, open_roles
from core.models import JournalEntry


def day(offset: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=offset)


def ended(person) -> dict:
    return dict(Membership.objects.filter(user=person).values_list("role", "ends_on"))


def test_roles_end_with_the_last_day_and_one_letter(school, people) -> None:
    Membership.objects.create(user=people.teacher, organisation=school, role=Role.CLASS_TEACHER, starts_on=day(-5))
    end_roles(person=people.teacher, organisation=school, day=day(-1), actor=people.curator)
    assert ended(people.teacher) == {Role.TEACHER: day(-1), Role.CLASS_TEACHER: day(-1)}
    letter = Letter.objects.get(user=people.teacher)
    assert "«Педагог», «Классный руководитель»" in letter.body
    assert JournalEntry.objects.about(people.teacher).count() == 2


def test_earlier_end_is_not_moved(school, people) -> None:
    Membership.objects.filter(user=people.teacher).update(ends_on=day(-9))
    assert end_roles(person=people.teacher, organisation=school, day=day(0), actor=people.curator) == []
    assert (ended(people.teacher), Letter.objects.count()) == ({Role.TEACHER: day(-9)}, 0)


def test_role_that_began_after_the_day_ends_with_its_first_day(school, people) -> None:
    Membership.objects.filter(user=people.teacher).update(starts_on=day(-2))
    end_roles(person=people.teacher, organisation=school, day=day(-5), actor=people.curator)
    assert ended(people.teacher) == {Role.TEACHER: day(-2)}


def test_role_of_the_future_is_left_to_the_administrator(school, people) -> None:
    Membership.objects.filter(user=people.teacher).update(starts_on=day(5))
    ending, kept = open_roles(person=people.teacher, organisation=school, day=day(0))
    assert ([one.role for one in ending], [one.role for one in kept]) == ([], [Role.TEACHER])


@pytest.mark.parametrize("role", KEPT_ROLES)
def test_some_roles_only_the_administrator_ends(school, people, role: str) -> None:
    Membership.objects.filter(user=people.teacher).update(role=role)
    assert end_roles(person=people.teacher, organisation=school, day=day(0), actor=people.curator) == []
    assert ended(people.teacher) == {role: None}


def test_other_organisations_are_not_touched(school, other_school, people) -> None:
    elsewhere = Membership.objects.create(user=people.teacher, organisation=other_school, role=Role.TEACHER)
    end_roles(person=people.teacher, organisation=school, day=day(0), actor=people.curator)
    elsewhere.refresh_from_db()
    assert elsewhere.ends_on is None


@pytest.mark.parametrize("who", ["director", "inspector", "teacher", "stranger"])
def test_ending_roles_asks_the_table(school, people, who: str) -> None:
    with pytest.raises(Forbidden):
        end_roles(person=people.teacher, organisation=school, day=day(0), actor=getattr(people, who))
    assert ended(people.teacher) == {Role.TEACHER: None}
