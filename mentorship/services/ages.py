"""The day a person comes of age: the date of birth, kept for minors alone, gives way to the year."""

from __future__ import annotations

from django.db import transaction

from accounts.permissions import today
from core.journal import HIDDEN, Change, entry, record_many
from mentorship.models import Participant

AT_ONCE = 500


@transaction.atomic
def forget_birth_dates() -> int:
    """Replace the date of birth of everybody who is 18 by the year; returns how many there were.

    Safe to call at any time and by several workers: rows that another one holds are left to it. The history says
    that the date is gone, not what it was.
    """
    rows = Participant.objects.grown_up(today()).order_by("pk").select_for_update(skip_locked=True, no_key=True)
    people = list(rows[:AT_ONCE])
    for person in people:
        if person.birth_date:
            person.birth_year, person.birth_date, person.came_of_age = person.birth_date.year, None, True
    Participant.objects.bulk_update(people, ["birth_year", "birth_date", "came_of_age"])
    change = Change(field="Дата рождения", old=HIDDEN, new="—")
    record_many(
        entry(
            "mentorship.participant.age",
            person,
            actor=None,
            text="Исполнилось 18 лет: вместо даты рождения хранится год.",
            changes=[change],
        )
        for person in people
    )
    return len(people)
