"""Three pairs to be reminded, a mailing to their mentors, holidays: what tests of reminders share."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from accounts.models import Term
from mentorship.models import Pair, Participant, Reminder, with_last_meeting
from mentorship.models.reminders import Audience, ReminderKind
from mentorship.services.reminders import Mailing, planned_letters, send_reminder
from tests.mentorship.board import at_work, met
from tests.mentorship.builders import card, day, form_pair

MENTORS = Mailing(ReminderKind.MEETINGS.value, Audience.MENTORS.value, "Тема", "Общие слова.")


@pytest.fixture
def pairs(pair: Pair, second, school, people) -> list[Pair]:
    """Two pairs of one mentor who has a login, one of a mentor without."""
    Participant.objects.filter(pk=pair.mentor_id).update(user=people.teacher)
    more = form_pair(pair.mentor, [card(school, "Ракитина Мария Ильинична")], people.curator)
    third = form_pair(second, [card(school, "Ивин Пётр Ильич")], people.curator)
    made = [at_work(one, people) for one in (pair, more, third)]
    met(made[0], -40, people.curator)
    return made


def loaded() -> list[Pair]:
    return list(with_last_meeting(Pair.objects.order_by("pk")).for_cards())


def shown(mailing: Mailing = MENTORS) -> dict[str, Any]:
    return {one.person.surname: one for one in planned_letters(loaded(), mailing, timezone.now())}


def send(school, people, chosen: list[str] | None = None, **more: Any) -> Reminder:
    keys = {one.person.pk for name, one in shown().items() if chosen is None or name in chosen}
    values = {"mailing": MENTORS, "chosen": keys, "shown_at": timezone.now(), "actor": people.curator, **more}
    return send_reminder(organisation=school, pairs=loaded(), **values)


@pytest.fixture
def holiday(school) -> Term:
    return Term.objects.create(
        organisation=school, kind="holiday", name="осенние каникулы", starts_on=day(-1), ends_on=day(0)
    )
