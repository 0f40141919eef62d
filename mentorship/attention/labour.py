"""What labour papers bring to the home pages: notices that need an order, missing addenda; where thanks are made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from accounts.attention import Entry, Place, register, register_places
from accounts.models import Organisation
from accounts.permissions import may
from core.russian import plural
from mentorship.attention.pairs import card_of
from mentorship.models import Notice, Pair, PairState, Participant, bases_of

MOST = 10
MENTORS = ("наставник", "наставника", "наставников")


@register
def notices_without_order(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator, who drafts the order that a notice needs, and for the head, who waits for it."""
    drafts = may(user, "mentorship.notice.record", organisation)
    if not drafts and not may(user, "orders.order.approve", organisation):
        return
    rows = Notice.objects.unsettled().filter(participant__organisation=organisation)
    for notice in rows.select_related("participant").order_by("ends_on", "pk")[:MOST]:
        title = f"Нужен приказ о прекращении: {notice.participant.short_name}"
        words = f"Уведомление от {notice.given_on:%d.%m.%Y}: {notice.what}. Само оно пару не прекращает."
        late = notice.ends_on < day
        chip = f"срок прошёл {notice.ends_on:%d.%m.%Y}" if late else f"до {notice.ends_on:%d.%m.%Y}"
        url = reverse("notice_detail", args=[notice.pk])
        kind = "late" if late else "wait"
        yield Entry(title, url, words, "Открыть", chip, kind, notice.ends_on, late, not drafts and not late)


@register
def own_notices(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For a mentor: an early end of the own work that waits for its order."""
    me = card_of(user, organisation)
    if me is None:
        return
    for notice in Notice.objects.unsettled().filter(participant=me):
        words = "Пока приказа нет, работа продолжается. Приказ готовит куратор."
        title = f"Уведомление: {notice.what}"
        url, chip = reverse("notice_detail", args=[notice.pk]), f"последний день {notice.ends_on:%d.%m.%Y}"
        yield Entry(title, url, words, "Открыть", chip, "wait", notice.ends_on, waiting=True)


@register
def mentors_without_addendum(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: mentors at work whose addendum is not recorded, in one line."""
    if not may(user, "mentorship.addendum.record", organisation):
        return
    working = Pair.objects.filter(organisation=organisation, state=PairState.ACTIVE, ends_on__gte=day)
    mentors = list(Participant.objects.filter(pk__in=working.order_by().values("mentor")).by_name())
    bases = bases_of(mentors, day)
    lacking = [mentor for mentor in mentors if not bases[mentor.pk].met]
    if not lacking:
        return
    names = ", ".join(mentor.short_name.rstrip(".") for mentor in lacking[:MOST])
    more = f" и ещё {len(lacking) - MOST}" if len(lacking) > MOST else ""
    title = f"Не записано дополнительное соглашение: {plural(len(lacking), *MENTORS)}"
    words = f"{names}{more}. Напечатайте бланк, подпишите и отметьте подпись в карточке."
    yield Entry(title, reverse("participant_detail", args=[lacking[0].pk]), words, "Открыть первую карточку")


@register_places
def thanks_place(user: Any, organisation: Organisation) -> Iterator[Place]:
    if not organisation.is_municipality and may(user, "mentorship.thanks.make", organisation):
        yield Place("Благодарственные письма", reverse("thanks_new"), "Письма и грамоты людям и партнёрам на бланке")
