"""For the home pages: possible duplicates and requests to correct a card; for the asker, the answer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone

from accounts.attention import Entry, register
from accounts.models import Organisation
from accounts.permissions import may
from core.russian import plural
from mentorship.models import CardRequest, Participant
from mentorship.models.sameness import doubles_in
from mentorship.services.card_requests import CHANGE
from mentorship.services.merging import MERGE

MOST = 5
# Comparing everybody with everybody takes seconds in a bank of thousands: there the page is opened on purpose.
MOST_COMPARED = 1000
LATE_AFTER = dt.timedelta(days=14)
ANSWER_SHOWN = dt.timedelta(days=14)


@register
def possible_duplicates(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: how many pairs of cards may be of one person."""
    if organisation.is_municipality or not may(user, MERGE, organisation):
        return
    if Participant.objects.filter(organisation=organisation).count() > MOST_COMPARED:
        return
    if count := len(doubles_in(organisation)):
        words = "Сравните карточки: один это человек или однофамильцы."
        yield Entry(f"Возможные повторы: {count}", reverse("duplicate_list"), words, "Сравнить")


@register
def corrections_to_decide(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: people who ask to correct their cards; after two weeks it is late."""
    if not may(user, CHANGE, organisation):
        return
    rows = CardRequest.objects.waiting().filter(participant__organisation=organisation)
    waiting = list(rows.select_related("participant").order_by("asked_at", "pk"))
    for asking in waiting[:MOST]:
        asked = timezone.localtime(asking.asked_at).date()
        url, due = reverse("card_request_detail", args=[asking.pk]), asked + LATE_AFTER
        title = f"{asking.participant.short_name} просит исправить карточку"
        words = "Посмотрите, что изменить, и ответьте."
        late = due < day
        yield Entry(title, url, words, "Ответить", "ждёт давно" if late else "", "late", due if late else asked, late)
    rest = len(waiting) - MOST
    if rest > 0:
        words = plural(rest, "просьба", "просьбы", "просьб")
        yield Entry(f"Ещё {words} исправить карточку", reverse("card_request_list"), action="Открыть список")


@register
def own_correction(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the asker: the request that waits; for two weeks, an answer that left the card as it was."""
    asked = CardRequest.objects.filter(participant__organisation=organisation, participant__user=user).first()
    if asked is None:
        return
    url = reverse("my_card")
    if asked.state == CardRequest.State.WAITING:
        words = "Карточка изменится, когда куратор примет просьбу."
        yield Entry("Просьба исправить карточку у куратора", url, words, "Открыть карточку", waiting=True)
    elif asked.state == CardRequest.State.DECLINED and asked.decided_at and is_fresh(asked.decided_at):
        yield Entry("Карточка не исправлена", url, asked.answer, "Открыть карточку", "просьба отклонена", "no")


def is_fresh(moment: dt.datetime) -> bool:
    return timezone.now() - moment < ANSWER_SHOWN
