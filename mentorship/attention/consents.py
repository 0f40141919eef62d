"""What consents bring to the home pages: asked for, unanswered, ending, and the terms that the law has set."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from accounts.attention import Entry, register
from accounts.models import Organisation
from accounts.permissions import may
from core.russian import plural
from mentorship.attention.pairs import card_of
from mentorship.models import (
    PURPOSES,
    Consent,
    ConsentKind,
    ConsentRequest,
    ConsentState,
    LegalDuty,
    Need,
    Pair,
    Participant,
    needs_of,
)
from mentorship.models.needs import sentence

SOON = dt.timedelta(days=30)
MOST = 10
ASKED = ("запрошенное согласие", "запрошенных согласия", "запрошенных согласий")
# What stops showing or working the day the paper ends, so that the end itself has to be told of.
TOLD_WHEN_ENDED = (ConsentKind.DISSEMINATION, ConsentKind.PHOTO, ConsentKind.TRANSFER)
ENDED_WORDS = {
    ConsentKind.DISSEMINATION: "Имя снято с сайта, пока нет нового согласия.",
    ConsentKind.PHOTO: "Снимать и показывать фото больше нельзя: возьмите новое согласие.",
    ConsentKind.TRANSFER: "Передавать данные муниципалитету больше нельзя: возьмите новое согласие.",
}


@register
def open_duties(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: what the law demands after withdrawals, the nearest term first; the rest in one line."""
    if not may(user, "mentorship.duty.change", organisation):
        return
    rows = LegalDuty.objects.open().filter(consent__participant__organisation=organisation)
    duties = list(rows.select_related("consent__participant").order_by("due_on", "pk")[: MOST + 1])
    for duty in duties[:MOST]:
        title = f"{duty.get_kind_display()}: {duty.consent.participant.short_name}"
        late = duty.is_late_on(day)
        chip = f"срок прошёл {duty.due_on:%d.%m.%Y}" if late else duty.deadline
        url = reverse("duty_done", args=[duty.pk])
        yield Entry(title, url, duty.rule.hint, "Отметить", chip, "late" if late else "wait", duty.due_on, late)
    if len(duties) > MOST:
        yield Entry("Есть и другие сроки по согласиям", reverse("duty_list"), action="Открыть список")


@register
def ending_consents(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: consents that end within a month, and those that have ended without a new paper."""
    if not may(user, "mentorship.consent.request", organisation):
        return
    near = Consent.objects.filter(
        participant__organisation=organisation,
        participant__left_on=None,
        answer=Consent.Answer.GIVEN,
        withdrawn_on=None,
        valid_until__range=(day - SOON, day + SOON),
    )
    consents = list(near.select_related("participant").order_by("valid_until"))
    people = [consent.participant_id for consent in consents]
    later = Consent.objects.live(day + SOON + dt.timedelta(days=1)).filter(participant__in=people)
    renewed = set(later.values_list("participant", "kind", "pair"))
    for consent in consents:
        ended = consent.valid_until is not None and consent.valid_until < day
        if (consent.participant_id, consent.kind, consent.pair_id) in renewed:
            continue
        if not ended or consent.kind in TOLD_WHEN_ENDED:
            yield ending_entry(consent, ended)


def ending_entry(consent: Consent, ended: bool) -> Entry:
    url = reverse("consent_new", args=[consent.participant_id, consent.kind])
    address = f"{url}?pair={consent.pair_id}" if consent.pair_id else url
    kind = ConsentKind(consent.kind)
    title = f"{consent.participant.short_name} — {PURPOSES[kind]}"
    words = ENDED_WORDS.get(kind, "") if ended else "Согласие скоро закончится: возьмите новое."
    chip = "истекло" if ended else f"до {consent.valid_until:%d.%m.%Y}"
    return Entry(title, address, words, "Записать новое", chip, "late" if ended else "wait", consent.valid_until, ended)


@register
def unanswered_requests(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: how many of the consents asked for have no answer yet, in one line."""
    if not may(user, "mentorship.consent.request", organisation):
        return
    waiting = ConsentRequest.objects.waiting().filter(participant__organisation=organisation, participant__left_on=None)
    count, first = waiting.count(), waiting.first()
    if first:
        url = f"{reverse('consent_list')}?state={ConsentState.ASKED.value}"
        words = "Люди подписывают бланки; когда бумага придёт, отметьте подпись."
        chip = f"с {first.asked_on:%d.%m.%Y}"
        yield Entry(plural(count, *ASKED), url, words, "Открыть список", chip, waiting=True)


@register
def asked_consents(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For whoever a consent is wanted from: by a pair that is being formed, or asked for by the curator."""
    me = card_of(user, organisation)
    if me is None:
        return
    forming = list(Pair.objects.of(me).forming().for_cards())
    needs = needs_of(forming, day)
    wanted: set[str] = set()
    for pair in forming:
        mine = [need for need in needs[pair.pk] if need.person == me and need.is_consent]
        wanted |= {need.what for need in mine}
        yield from (needed_entry(pair, me, need) for need in mine)
    for request in ConsentRequest.objects.waiting().filter(participant=me, pair=None).exclude(kind__in=wanted):
        yield asked_entry(request, me, f"От вас нужно согласие: {PURPOSES[ConsentKind(request.kind)]}")


def needed_entry(pair: Pair, me: Participant, need: Need) -> Entry:
    """A consent that a pair needs: the blank to read, sign and hand to the curator."""
    url = reverse("consent_blank", args=[me.pk, need.what, "pdf"])
    title = f"От вас нужно согласие: {PURPOSES[ConsentKind(need.what)]}"
    words = f"Пара: {sentence(pair.title)} Прочитайте бланк; если согласны, подпишите и отдайте куратору."
    return Entry(title, f"{url}?pair={pair.pk}", words, "Скачать бланк", "ждёт подписи", "wait", pair.starts_on)


def asked_entry(request: ConsentRequest, person: Participant, title: str) -> Entry:
    url = reverse("consent_blank", args=[person.pk, request.kind, "pdf"])
    words = "Прочитайте бланк; если согласны, подпишите и отдайте куратору. Согласие добровольное."
    return Entry(title, url, words, "Скачать бланк", f"запрошено {request.asked_on:%d.%m.%Y}", "wait")


@register
def consents_of_pupils(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For a class teacher: consents asked for from the parents of the pupils."""
    about = {"participant__organisation": organisation, "participant__left_on": None, "pair": None}
    rows = ConsentRequest.objects.waiting().filter(participant__class_teacher=user, **about)
    for request in rows.select_related("participant")[:MOST]:
        person = request.participant
        purpose = PURPOSES[ConsentKind(request.kind)]
        yield asked_entry(request, person, f"Нужно согласие родителей: {person.short_name} — {purpose}")
