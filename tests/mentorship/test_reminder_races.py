"""Real threads: the button pressed twice at one moment sends one mailing."""

from __future__ import annotations

from threading import Barrier
from typing import Any
from unittest import mock

import pytest
from django.utils import timezone

from accounts.models import Letter
from core.transitions import Refused
from mentorship.models import Pair, Participant, Reminder, with_last_meeting
from mentorship.models.participants import ParticipantQuerySet
from mentorship.services.reminders import Mailing, send_reminder, write_all
from tests.mentorship.board import at_work
from tests.mentorship.test_races import together


@pytest.fixture
def ready(transactional_db: None, pair: Pair, people) -> Pair:
    Participant.objects.filter(pk=pair.mentor_id).update(user=people.teacher)
    return at_work(pair, people)


def press(pair: Pair, people) -> Any:
    pairs = list(with_last_meeting(Pair.objects.filter(pk=pair.pk)).for_cards())
    return send_reminder(
        organisation=pair.organisation,
        pairs=pairs,
        mailing=Mailing("meetings", "mentors", "Тема", "Слова"),
        chosen={pair.mentor_id},
        shown_at=pair.created_at,
        actor=people.curator,
    )


def test_two_clicks_at_once_send_one_mailing(ready: Pair, people) -> None:
    results = together(lambda: press(ready, people), lambda: press(ready, people))
    assert sorted(type(one) for one in results if isinstance(one, Refused)) == [Refused]
    assert (Reminder.objects.count(), Letter.objects.count()) == (1, 1)
    assert ready.created_at < timezone.now()


def test_without_the_lock_both_clicks_send(ready: Pair, people) -> None:
    """What locking the people is there for: both ask who was reminded before either has written."""
    meeting_point = Barrier(2)

    def after_both_asked(*arguments: Any) -> None:
        meeting_point.wait(timeout=20)
        write_all(*arguments)

    with (
        mock.patch.object(ParticipantQuerySet, "locked", lambda self: self.order_by("pk")),
        mock.patch("mentorship.services.reminders.write_all", after_both_asked),
    ):
        together(lambda: press(ready, people), lambda: press(ready, people))
    assert (Reminder.objects.count(), Letter.objects.count()) == (2, 2)
