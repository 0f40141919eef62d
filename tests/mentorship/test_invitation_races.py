"""Real threads: two clicks on «Пригласить» make one login; and what happens without the lock."""

from __future__ import annotations

import threading
from typing import Any
from unittest import mock

import pytest

from accounts.models import Invitation, User
from core.transitions import Refused
from mentorship.models import Participant
from mentorship.models.participants import ParticipantQuerySet
from mentorship.services import invitations
from mentorship.services.invitations import checked, invite_participants
from tests.mentorship.builders import card
from tests.mentorship.test_races import together


@pytest.fixture
def unlocked(transactional_db: None) -> None:
    """Every thread has its own connection and sees only what is committed."""


def invite_twice(person: Participant, people: Any) -> list[Any]:
    actors = [User.objects.get(pk=people.curator.pk) for _ in range(2)]
    school = person.organisation
    return together(
        *(
            lambda actor=actor: invite_participants(people=[person], organisation=school, actor=actor)
            for actor in actors
        )
    )


def logins(name: str) -> int:
    return User.objects.filter(full_name=name).count()


def test_two_clicks_make_one_login_and_one_good_slip(unlocked, people, school) -> None:
    for number in range(3):
        person = card(school, f"Верескова{'а' * number} Алла Петровна")
        results = invite_twice(person, people)
        assert [len(one) for one in results] == [1, 1]
        assert logins(person.full_name) == 1
    assert Invitation.objects.filter(cancelled_at=None).count() == 3


def test_two_clicks_would_quarrel_without_the_lock(unlocked, people, school) -> None:
    """Both make a login of the same word: one is refused, or the card is left with one of two."""
    person = card(school, "Верескова Алла Петровна")
    both_have_read = threading.Barrier(2)

    def checked_together(*said: Any) -> None:
        both_have_read.wait(timeout=20)
        checked(*said)

    without_lock = mock.patch.object(ParticipantQuerySet, "locked", lambda rows: rows.order_by("pk"))
    with without_lock, mock.patch.object(invitations, "checked", checked_together):
        results = invite_twice(person, people)
    refused = [one for one in results if isinstance(one, Refused)]
    assert refused or logins(person.full_name) == 2
