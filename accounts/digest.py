"""The Monday letter: what waits for a person, from the same registry as the home page."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.attention import Queue, queue_for
from accounts.models import Organisation, User
from accounts.services.letters import write_letters
from core.russian import plural

MONDAY, FIRST_HOUR = 0, 7
AT_ONCE = 20
SHOWN = 10


def write_digests() -> int:
    """Write the letters of this Monday to those who have something to do; returns how many were written.

    Safe to call at any time and by several workers: nothing happens on other days, and each person is locked and
    marked with the day.
    """
    now = timezone.localtime()
    if now.weekday() != MONDAY or now.hour < FIRST_HOUR:
        return 0
    waiting = User.objects.filter(Q(digested_on=None) | Q(digested_on__lt=now.date()), is_active=True)
    numbers = list(waiting.order_by("pk").values_list("pk", flat=True)[:AT_ONCE])
    return sum(write_digest(number, now.date()) for number in numbers)


@transaction.atomic
def write_digest(number: int, day: dt.date) -> int:
    """One person's letter: 1 written, 0 nothing to write or somebody else is writing it."""
    person = User.objects.select_for_update(skip_locked=True).filter(pk=number).exclude(digested_on=day).first()
    if person is None:
        return 0
    User.objects.filter(pk=number).update(digested_on=day)
    written = 0
    organisations = dict.fromkeys(standing.organisation_id for standing in person.standings)
    for organisation in Organisation.objects.filter(pk__in=organisations):
        queue = queue_for(person, organisation, day)
        if queue.count:
            subject = f"На этой неделе: {plural(queue.count, 'дело', 'дела', 'дел')}"
            write_letters(
                [person], subject=subject, body=digest_text(queue), path=reverse("home"), organisation=organisation
            )
            written = 1
    return written


def digest_text(queue: Queue) -> str:
    """The nearest entries, late ones first; the rest is counted."""
    entries = [*queue.late, *queue.now]
    lines = [f"– {entry.title}{f' ({entry.chip})' if entry.chip else ''}" for entry in entries[:SHOWN]]
    if more := len(entries) - SHOWN:
        lines += [f"и ещё {more}"] if more > 0 else []
    return "\n".join(lines)
