"""What interviews bring to the home pages: the reader's own soon and missed ones, and how many are still to plan."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from accounts.attention import Entry, register
from accounts.models import Organisation
from accounts.permissions import holds, may
from core.russian import plural
from mentorship.models import BankCard, Interview
from mentorship.models.interviews import CHANGE, Progress, checklist, conditions

SOON = dt.timedelta(days=7)
MOST = 10
TALKS = ("собеседование", "собеседования", "собеседований")


@register
def own_interviews(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For whoever holds interviews: those of the coming week, and those whose day has passed without a record."""
    if not holds(user, CHANGE):
        return
    rows = Interview.objects.planned().filter(
        card__participant__organisation=organisation, interviewer=user, planned_for__lte=day + SOON
    )
    found = list(rows.select_related("card__participant").order_by("planned_for", "pk")[: MOST + 1])
    yield from (entry_of(interview, day) for interview in found[:MOST])
    if len(found) > MOST:
        words, url = "Ещё собеседования на этой неделе", reverse("interview_list")
        yield Entry(words, url, action="Открыть список", due=found[MOST].planned_for)


def entry_of(interview: Interview, day: dt.date) -> Entry:
    card, late = interview.card, interview.planned_for < day
    title = f"Собеседование: {card.participant.short_name}, {card.get_role_display().lower()}"
    when = f"{interview.planned_for:%d.%m.%Y}"
    if late:
        url, detail = reverse("interview_record", args=[interview.pk]), "День прошёл: запишите итог или отмените."
        return Entry(title, url, detail, "Записать итог", "итог не записан", "late", interview.planned_for, late=True)
    detail = f"{when}, {interview.place}" if interview.place else when
    url = reverse("interview_detail", args=[interview.pk])
    return Entry(title, url, detail, "Открыть", "назначено", "go", interview.planned_for)


@register
def people_to_interview(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: how many people in the banks have no interview this year, in one line."""
    if not may(user, "mentorship.bank.change", organisation):
        return
    rows = checklist(BankCard.objects.filter(participant__organisation=organisation), day)
    if count := rows.filter(conditions(day)[Progress.WITHOUT]).count():
        url = f"{reverse('interview_list')}?state={Progress.WITHOUT.value}"
        words = f"Не назначено {plural(count, *TALKS)}"
        yield Entry(words, url, "В этом учебном году с этими людьми из банков ещё не беседовали.", "Назначить")
