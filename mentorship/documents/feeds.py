"""The meetings of a person as a calendar."""

from __future__ import annotations

import datetime as dt
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role, Standing
from core.ical import Event, calendar_text
from mentorship.models import Meeting, MeetingState
from mentorship.models.meeting_law import capital, name_of
from mentorship.models.programmes import of_own_pair

USUAL_MINUTES = 45
PAST = dt.timedelta(days=60)
NAME = "Встречи наставничества"


def feed_text(user: User, day: dt.date) -> str:
    """What stands in the person's calendar: meetings of the pairs that work on the day, two months back and all ahead.

    A constant number of queries; of others only the short names.
    """
    own = of_own_pair(Standing(Role.MENTOR, 0, user.pk, day))
    rows = Meeting.objects.filter(own, day__gte=day - PAST).select_related("pair__mentor")
    meetings = rows.prefetch_related("pair__members__mentee").order_by("day", "time", "pk")
    return calendar_text(NAME, [event_of(meeting) for meeting in meetings])


def event_of(meeting: Meeting) -> Event:
    host = urlsplit(settings.PORTAL_URL).hostname or "portal"
    start = None
    if meeting.time is not None:
        start = dt.datetime.combine(meeting.day, meeting.time, timezone.get_default_timezone())
    return Event(
        uid=f"meeting-{meeting.pk}@{host}",
        stamp=meeting.changed_at,
        sequence=meeting.sequence,
        summary=f"{capital(name_of(meeting.kind))}: {meeting.pair.title}",
        day=meeting.day,
        start=start,
        minutes=meeting.minutes or USUAL_MINUTES,
        place=meeting.place,
        cancelled=meeting.state == MeetingState.CANCELLED,
    )
