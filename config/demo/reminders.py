"""A reminder that the curator has sent to mentors, with a slip for whoever does not come into the portal."""

from __future__ import annotations

import datetime as dt

from config.demo.story import Story
from mentorship.models import Pair, PairState
from mentorship.models.board import with_last_meeting
from mentorship.models.reminders import Audience, ReminderKind
from mentorship.services.reminders import Mailing, planned_letters, send_reminder, words_for

AGO = -9


def tell(story: Story) -> None:
    """Nine days ago everybody at work was asked to look into the journal of meetings."""
    subject, text = words_for(ReminderKind.MEETINGS, Audience.MENTORS)
    mailing = Mailing(ReminderKind.MEETINGS.value, Audience.MENTORS.value, subject, text)
    at_work = Pair.objects.filter(organisation=story.organisation, state=PairState.ACTIVE)
    with story.calendar.at(AGO, hour=15):
        now = dt.datetime.now(tz=dt.UTC)
        pairs = list(with_last_meeting(at_work).for_cards())
        chosen = {one.person.pk for one in planned_letters(pairs, mailing, now)}
        send_reminder(
            organisation=story.organisation,
            pairs=pairs,
            mailing=mailing,
            chosen=chosen,
            shown_at=now,
            in_holidays=True,
            actor=story.curator,
        )
