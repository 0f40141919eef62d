"""Real threads: two browsers with one code, two clicks on one button. Each law with what happens without it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any
from unittest import mock

import pytest
from django.db import connection
from django.db.models import Q

from accounts.models import Invitation, Organisation, User
from accounts.models.invitations import InvitationQuerySet
from accounts.services.invitations import accept_invitation, issue_invitations
from core.transitions import Refused
from tests.accounts.invited import newcomer, slip


@pytest.fixture
def unlocked(transactional_db: None) -> None:
    """Every thread has its own connection and sees only what is committed."""


def together(*acts: Callable[[], Any]) -> list[Any]:
    """Run the acts in threads that start at one moment; each gives its result or its refusal."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=20)
            results[place] = act()
        except Refused as refusal:
            results[place] = refusal
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert not any(thread.is_alive() for thread in threads)
    return results


def accept_twice(school: Organisation, people: Any) -> tuple[list[str], User]:
    """Two browsers choose different passwords by one code; what each was told, and the person afterwards."""
    issued = slip(newcomer(school), people.curator)
    invitation = Invitation.objects.select_related("user").get(pk=issued.invitation.pk)
    again = Invitation.objects.select_related("user").get(pk=issued.invitation.pk)
    results = together(
        lambda: accept_invitation(invitation=invitation, password="первый-пароль-26"),
        lambda: accept_invitation(invitation=again, password="второй-пароль-26"),
    )
    return sorted(type(one).__name__ for one in results), User.objects.get(pk=invitation.user_id)


def test_one_code_lets_one_browser_in(unlocked, people, school):
    for _ in range(6):
        outcome, person = accept_twice(school, people)
        assert outcome == ["Refused", "User"]
        assert person.check_password("первый-пароль-26") != person.check_password("второй-пароль-26")


def test_one_code_would_let_two_browsers_in_if_its_use_were_not_asked(unlocked, people, school):
    careless = lambda rows, moment: rows.filter(Q(cancelled_at=None), expires_at__gt=moment)  # noqa: E731
    with mock.patch.object(InvitationQuerySet, "open", careless):
        outcome, _ = accept_twice(school, people)
    assert outcome == ["User", "User"]


def test_two_clicks_leave_one_good_slip(unlocked, people, school):
    person = newcomer(school)
    actors = [User.objects.get(pk=people.curator.pk) for _ in range(2)]
    results = together(
        *(lambda actor=actor: issue_invitations(people=[person], organisation=school, actor=actor) for actor in actors)
    )
    assert [len(one) for one in results] == [1, 1]
    assert Invitation.objects.filter(cancelled_at=None).count() == 1
