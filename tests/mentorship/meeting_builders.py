"""What tests of meetings are built from: a pair at work whose people sign in, entries, plans."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from accounts.models import User
from mentorship.models import Meeting, MeetingKind, MeetingState, Pair, Participant
from mentorship.services.meeting_plans import Plan, plan_meetings
from mentorship.services.meetings import Entry, record_meeting
from tests.mentorship.builders import day, form_pair
from tests.mentorship.labour import at_work


def signs_in(person: Participant, username: str) -> User:
    """Give the person of a card a sign-in of their own."""
    user = User.objects.create(username=username, full_name=person.full_name, email=f"{username}@example.org")
    Participant.objects.filter(pk=person.pk).update(user=user)
    person.refresh_from_db()
    return user


def working(mentor: Participant, mentees: list[Participant], people: SimpleNamespace, number: str, **more: Any) -> Pair:
    """A pair in force; `starts_on` and `ends_on` as days from today."""
    span = {"starts_on": day(more.pop("first", -100)), "ends_on": day(more.pop("last", 100))}
    pair = at_work(form_pair(mentor, mentees, people.curator, **{**span, **more}), people, number)
    return Pair.objects.select_related("mentor", "organisation").get(pk=pair.pk)


def entry(offset: int = -1, kind: str = MeetingKind.ORGANISATIONAL, **more: Any) -> Entry:
    values: dict[str, Any] = {"day": day(offset), "kind": kind, "minutes": 45, "done": "Посмотрели урок."}
    return Entry(**{**values, **more})


def held(pair: Pair, actor: User, offset: int = -1, kind: str = MeetingKind.ORGANISATIONAL, **more: Any) -> Meeting:
    return record_meeting(pair=pair, entry=entry(offset, kind, **more), actor=actor)


def planned(pair: Pair, actor: User, offset: int = 7, kind: str = MeetingKind.ORGANISATIONAL, **more: Any) -> Meeting:
    """A planned meeting; of a day that has passed too, as if it had been planned before."""
    found = plan_meetings(pair=pair, plan=Plan(day=day(max(offset, 0)), kind=kind, **more), actor=actor)[0][0]
    Meeting.objects.filter(pk=found.pk).update(day=day(offset))
    found.refresh_from_db()
    return found


def in_state(pair: Pair, actor: User, state: str) -> Meeting:
    """A meeting in any state, made past the services."""
    reason = "болезнь" if state == MeetingState.CANCELLED else ""
    return Meeting.objects.create(
        pair=pair, kind="regular", state=state, day=day(-1), minutes=45, cancel_reason=reason, entered_by=actor
    )


def monday(after: dt.date) -> dt.date:
    return after + dt.timedelta(days=(7 - after.weekday()) % 7)
