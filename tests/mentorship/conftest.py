"""A mentor, two mentees and a formed pair of the first school."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from accounts.models import Organisation, User
from mentorship.models import Pair, Participant
from tests.mentorship.builders import card, form_pair
from tests.mentorship.meeting_builders import signs_in


@pytest.fixture
def mentor(school: Organisation, people: SimpleNamespace, reference: None) -> Participant:
    return card(school, "Верескова Алла Петровна", "учитель математики")


@pytest.fixture
def mentee(school: Organisation, people: SimpleNamespace) -> Participant:
    return card(school, "Ольхин Борис Викторович", "учитель физики", works_since=None, young_flag=True)


@pytest.fixture
def second(school: Organisation, people: SimpleNamespace) -> Participant:
    return card(school, "Осокина Мария Ильинична", "учитель музыки")


@pytest.fixture
def pair(mentor: Participant, mentee: Participant, people: SimpleNamespace) -> Pair:
    """A formed pair that lacks everything."""
    return form_pair(mentor, [mentee], people.curator)


@pytest.fixture
def leader(mentor: Participant) -> User:
    """The mentor's own sign-in."""
    return signs_in(mentor, "leader")


@pytest.fixture
def learner(mentee: Participant) -> User:
    """The mentee's own sign-in."""
    return signs_in(mentee, "learner")
