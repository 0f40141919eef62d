"""What the cards bring to the curator's home page: courses that end, people who left while their pair still works,
photographs that may be kept no longer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.attention import Entry, register
from accounts.models import Organisation
from accounts.permissions import may
from core.russian import plural
from mentorship.models import Consent, ConsentKind, Course, Pair, PairState, Participant
from mentorship.models.pairs import with_people
from mentorship.services.participants import CHANGE

MOST = 5
MORE_COURSES = ("курс", "курса", "курсов")


@register
def card_work(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: what the cards of people need."""
    if may(user, CHANGE, organisation):
        yield from departed_in_pairs(organisation)
        yield from ending_courses(organisation, day)
        yield from photos_without_consent(organisation, day)


def departed_in_pairs(organisation: Organisation) -> Iterator[Entry]:
    """Pairs in force one of whose people has left: only an order ends them."""
    left = Participant.objects.filter(organisation=organisation).exclude(left_on=None)
    pairs = Pair.objects.filter(with_people(left), organisation=organisation, state=PairState.ACTIVE)
    for pair in pairs.for_cards().order_by("ends_on", "pk")[:MOST]:
        gone = ", ".join(f"{one.short_name} ({one.left_on:%d.%m.%Y})" for one in pair.people if one.left_on)
        words = f"Выбытие: {gone}. Нужен приказ о прекращении пары или замене участника."
        url = reverse("pair_detail", args=[pair.pk])
        yield Entry(pair.title, url, words, "Открыть пару", "нужен приказ", "late", late=True)


def ending_courses(organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """Courses whose term ends within a month or ended within the last one; the rest in one line."""
    courses = Course.objects.reminding(day).filter(participant__organisation=organisation, participant__left_on=None)
    found = list(courses.select_related("participant").order_by("valid_until", "pk"))
    for course in found[:MOST]:
        word, kind = course.state_on(day)
        yield Entry(
            f"{course.participant.short_name} — курс «{course.title}»",
            reverse("participant_detail", args=[course.participant_id]),
            "Запланируйте новый курс и запишите его на карточке.",
            "Открыть карточку",
            word,
            kind,
            course.valid_until,
            kind == "late",
        )
    if (rest := len(found) - MOST) > 0:
        url = f"{reverse('participant_list')}?courses=on"
        yield Entry(f"Истекает ещё {plural(rest, *MORE_COURSES)}", url, action="Открыть список")


def photos_without_consent(organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """Photographs that nothing allows to keep any more."""
    allowed = Consent.objects.live(day).filter(kind=ConsentKind.PHOTO, participant=OuterRef("pk"))
    people = Participant.objects.filter(~Exists(allowed), organisation=organisation).exclude(photo="")
    for person in people.by_name()[:MOST]:
        words = "Согласия на съёмку больше нет: удалите фотографию или возьмите новое согласие."
        url = reverse("participant_photo_edit", args=[person.pk])
        yield Entry(f"{person.short_name} — фотография", url, words, "Открыть", "нет согласия", "late", late=True)
