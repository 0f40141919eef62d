"""What requests bring to the home pages: those that wait for the reader, and the answers to one's own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from accounts.attention import Entry, Tab, register, register_tab
from accounts.models import Organisation
from accounts.permissions import holds, may
from core.russian import plural
from mentorship.models import PairRequest, RequestState
from mentorship.models.requests import CONCLUDE, CONSIDER, DECIDE, OPEN, SUBMIT, PairRequestQuerySet

LATE = dt.timedelta(days=7)
NEWS = dt.timedelta(days=14)
MOST = 5
CHIPS = {RequestState.DONE.value: "ok", RequestState.DECLINED.value: "no"}
REQUESTS = ("обращение", "обращения", "обращений")
HINT = "Просьбы о помощи, замене, освобождении и предложения"


def rows_for(user: Any, organisation: Organisation, action: str, *states: str) -> PairRequestQuerySet:
    rows = PairRequest.objects.permitted(user, action).filter(organisation=organisation, state__in=states)
    return rows.for_rows().order_by("submitted_at", "pk")


def entries_of(rows: Iterable[PairRequest], words: str, action: str, day: dt.date) -> Iterator[Entry]:
    """One line each, the oldest first; the rest in one line."""
    found = list(rows)
    for one in found[:MOST]:
        since = timezone.localtime(one.decided_at).date() if one.decided_at else one.day
        late = day - since > LATE
        url = reverse("request_detail", args=[one.pk])
        chip = f"ждёт с {since:%d.%m.%Y}"
        yield Entry(str(one), url, words, action, chip, "late" if late else "wait", since, late)
    if (rest := len(found) - MOST) > 0:
        yield Entry(f"Ещё {plural(rest, *REQUESTS)}", f"{reverse('request_list')}?state=open", action="Открыть список")


@register
def requests_to_consider(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: what nobody has considered, and what the head has granted and nobody has carried out."""
    if not may(user, CONSIDER, organisation):
        return
    rows = list(rows_for(user, organisation, CONSIDER, RequestState.SUBMITTED, RequestState.GRANTED))
    waiting = [one for one in rows if one.state == RequestState.SUBMITTED]
    yield from entries_of(waiting, "Рассмотрите обращение.", "Рассмотреть", day)
    without = [one for one in rows if one.state == RequestState.GRANTED and one.order_id is None]
    yield from entries_of(without, "Директор согласен: составьте приказ или отметьте исполнение.", "Исполнить", day)


@register
def requests_to_decide(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the head: what the curator has referred."""
    if not may(user, DECIDE, organisation):
        return
    referred = rows_for(user, organisation, DECIDE, RequestState.REFERRED)
    yield from entries_of(referred, "Куратор просит вашего решения.", "Решить", day)


@register
def quarrels_to_settle(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the mediators named on a request."""
    if not holds(user, CONCLUDE) or may(user, CONSIDER, organisation):
        return
    entrusted = rows_for(user, organisation, CONCLUDE, RequestState.MEDIATION)
    yield from entries_of(entrusted, "Поговорите с обеими сторонами и запишите итог.", "Открыть", day)


@register
def own_requests(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the author: what is still with others, and for two weeks the answers."""
    if not holds(user, SUBMIT):
        return
    fresh = Q(state__in=[RequestState.DONE, RequestState.DECLINED], decided_at__gte=timezone.now() - NEWS)
    own = PairRequest.objects.filter(fresh | Q(state__in=OPEN), organisation=organisation, author__user=user)
    for one in own.order_by("-submitted_at", "-pk")[: 2 * MOST]:
        url, kind = reverse("request_detail", args=[one.pk]), CHIPS.get(one.state, "wait")
        if one.state in OPEN:
            yield Entry(one.title, url, "", "Открыть", one.get_state_display(), kind, waiting=True)
        else:
            yield Entry(f"{one.title}: ответ", url, "Прочитайте ответ.", "Открыть", one.get_state_display(), kind)


register_tab(Tab("Обращения", "request_list", "mentorship.request.view", 27, HINT))
