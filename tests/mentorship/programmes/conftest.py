"""A working pair and a working group of the first school, whose people sign in."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from accounts.models import User
from mentorship.models import Pair, Participant
from tests.mentorship.builders import word
from tests.mentorship.programmes.builders import login_of, working_pair


@pytest.fixture
def mentor_user(mentor: Participant) -> User:
    return login_of(mentor, "mentor")


@pytest.fixture
def mentee_user(mentee: Participant) -> User:
    return login_of(mentee, "mentee")


@pytest.fixture
def second_user(second: Participant) -> User:
    return login_of(second, "second")


@pytest.fixture
def pair(mentor: Participant, mentee: Participant, people: SimpleNamespace) -> Pair:
    """A pair that works."""
    return working_pair(mentor, [mentee], people)


@pytest.fixture
def group(mentor: Participant, mentee: Participant, second: Participant, people: SimpleNamespace) -> Pair:
    """A mentor with two mentees at work."""
    return working_pair(mentor, [mentee, second], people, direction=word("direction", "lesson-design"))
