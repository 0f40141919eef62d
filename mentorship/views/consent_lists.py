"""Pages about the consents of many people: the matrix, requests, blanks in one file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest, key_in
from accounts.permissions import holds, may, requires, today
from core.paging import page_of
from core.russian import plural
from core.transitions import Refused
from mentorship.documents.consents import blanks_pdf
from mentorship.forms.consent_lists import ConsentFilter, PrintForm, RequestForm
from mentorship.models import (
    PERSONAL,
    PURPOSES,
    Chip,
    ConsentKind,
    ConsentRequest,
    LegalDuty,
    Participant,
    in_state,
    states_of,
)
from mentorship.models.lights import CHIPS
from mentorship.models.participants import ParticipantQuerySet
from mentorship.services.consent_requests import REQUEST, cancel_request, request_consents
from mentorship.views.consents import VIEW, card_crumbs, sent

RECORD, TEXT, DUTY = "mentorship.consent.record", "mentorship.consent.text", "mentorship.duty.view"
PEOPLE = ("человек", "человека", "человек")
MOST_SHEETS = 100
NAMED = 20


@dataclass(frozen=True)
class Cell:
    """A purpose of a person: what is known, and where it leads."""

    title: str
    chip: Chip
    url: str


@dataclass(frozen=True)
class Row:
    """A line of the matrix."""

    person: Participant
    cells: list[Cell]


@requires(VIEW)
def consent_list(request: CabinetRequest) -> HttpResponse:
    filters = ConsentFilter(request.GET)
    chosen = filters.chosen()
    page = page_of(request, found_people(request, VIEW, chosen).by_name())
    kinds = [ConsentKind(chosen["kind"])] if chosen.get("kind") else list(PERSONAL)
    user, organisation = request.user, request.organisation
    context = {
        "filters": filters,
        "page_obj": page,
        "kinds": [PURPOSES[kind] for kind in kinds],
        "rows": rows_of(page.object_list, kinds, today()),
        "may_record": holds(user, RECORD),
        "may_request": may(user, REQUEST, organisation),
        "may_text": may(user, TEXT, organisation),
        "open_duties": open_duties(request),
        "may_see_duties": holds(user, DUTY),
    }
    return render(request, "mentorship/consent_list.html", context)


def found_people(request: CabinetRequest, action: str, chosen: dict[str, Any]) -> ParticipantQuerySet:
    """People who are here and fit the filter, as far as the reader may do the action."""
    rows = Participant.objects.permitted(request.user, action).filter(organisation=request.organisation).present()
    rows = rows.found(chosen.get("q", "").strip())
    if state := chosen.get("state"):
        kinds = [chosen["kind"]] if chosen.get("kind") else PERSONAL
        rows = rows.filter(reduce(or_, (in_state(kind, state, today()) for kind in kinds)))
    return rows


def rows_of(people: Any, kinds: list[ConsentKind], day: dt.date) -> list[Row]:
    states = states_of(people, day)
    return [Row(person, [cell_of(person, kind, states[person.pk][kind]) for kind in kinds]) for person in people]


def cell_of(person: Participant, kind: ConsentKind, state: Any) -> Cell:
    url = reverse("consent_detail", args=[state.consent]) if state.consent else ""
    return Cell(PURPOSES[kind], Chip(state.words, CHIPS[state.state]), url)


def open_duties(request: CabinetRequest) -> int:
    rows = LegalDuty.objects.permitted(request.user, DUTY).open()
    return rows.filter(consent__participant__organisation=request.organisation).count()


def asked_people(request: CabinetRequest, action: str) -> ParticipantQuerySet:
    """The people whom the address names: `?person=1&person=2`, or all who fit its filter (`?all=1&state=none`)."""
    if request.GET.get("all"):
        return found_people(request, action, ConsentFilter(request.GET).chosen())
    numbers = [number for text in request.GET.getlist("person") if (number := key_in(text)) is not None]
    rows = Participant.objects.permitted(request.user, action).filter(organisation=request.organisation)
    return rows.present().filter(pk__in=numbers)


@requires(REQUEST)
def consent_request_list(request: CabinetRequest) -> HttpResponse:
    """Ask several people; the page says how many and whom, and asks again if that has changed meanwhile."""
    people = asked_people(request, REQUEST)
    crumbs = [("Согласия", reverse("consent_list")), ("Запрос согласий", "")]
    return request_page(request, people, reverse("consent_list"), crumbs)


@requires(REQUEST, Participant)
def consent_request(request: CabinetRequest, person: Participant) -> HttpResponse:
    people = Participant.objects.filter(pk=person.pk)
    back = reverse("participant_detail", args=[person.pk])
    return request_page(request, people, back, [*card_crumbs(request, person), ("Запрос согласий", "")])


def request_page(
    request: CabinetRequest, people: ParticipantQuerySet, back: str, crumbs: list[tuple[str, str]]
) -> HttpResponse:
    count = people.count()
    form = RequestForm(request.POST or None, initial={"count": count})
    if request.method == "POST" and form.is_valid() and count:
        if form.cleaned_data["count"] not in (None, count):
            form.add_error(None, f"Пока страница была открыта, список изменился: теперь {plural(count, *PEOPLE)}.")
            form.data = {**form.data.dict(), "count": count, "kinds": form.cleaned_data["kinds"]}  # type: ignore[attr-defined]
        elif done := ask(request, people, form):
            messages.success(request, done)
            return redirect(back)
    names = [person.short_name for person in people.by_name()[:NAMED]]
    context = {"form": form, "count": count, "names": names, "more": count - len(names), "back": back, "crumbs": crumbs}
    return render(request, "mentorship/consent_request.html", context)


def ask(request: CabinetRequest, people: ParticipantQuerySet, form: RequestForm) -> str:
    """Write the requests; the sentence about what was done, or nothing where the form now says why not."""
    kinds = form.cleaned_data["kinds"]
    rows = Participant.objects.filter(pk__in=people.order_by().values("pk"))
    try:
        asked = request_consents(organisation=request.organisation, people=rows, kinds=kinds, actor=request.user)
    except Refused as refusal:
        form.add_error(None, refusal.obstacles)
        return ""
    if not asked:
        form.add_error(None, "Запрашивать нечего: эти согласия уже есть или уже запрошены.")
        return ""
    return f"Запрошено: {plural(len(asked), 'согласие', 'согласия', 'согласий')}. Кто входит в портал, получил письмо."


@require_POST
@requires(REQUEST, ConsentRequest, related=("participant",))
def consent_request_cancel(request: CabinetRequest, asked: ConsentRequest) -> HttpResponse:
    try:
        cancel_request(request=asked, actor=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.obstacles))
    else:
        messages.success(request, "Запрос снят.")
    return redirect("participant_detail", asked.participant_id)


@requires(RECORD)
def consent_blanks(request: CabinetRequest) -> HttpResponseBase:
    """Blanks of several people in one file; first the page that asks which."""
    people = asked_people(request, RECORD)
    form = PrintForm(request.GET if "print" in request.GET else None)
    count = people.count()
    if form.is_valid() and count:
        kinds = [ConsentKind(kind) for kind in form.cleaned_data["kinds"]]
        sheets = count * len(kinds)
        if sheets <= MOST_SHEETS:
            rows = people.by_name().with_posts().select_related("organisation__parent")
            return sent(("Бланки согласий.pdf", blanks_pdf((one, kind) for one in rows for kind in kinds)), "pdf")
        words = plural(sheets, "бланк", "бланка", "бланков")
        form.add_error("kinds", f"Получается {words}, а в один файл входит {MOST_SHEETS}. Выберите меньше.")
    names = [person.short_name for person in people.by_name()[:NAMED]]
    crumbs = [("Согласия", reverse("consent_list")), ("Печать бланков", "")]
    context = {"form": form, "count": count, "names": names, "more": count - len(names), "crumbs": crumbs}
    return render(request, "mentorship/consent_blanks.html", {**context, "query": query_of(request)})


def query_of(request: CabinetRequest) -> list[tuple[str, str]]:
    """The people that the address names, to be carried along by the form."""
    own = ("kinds", "print")
    return [(name, text) for name, texts in request.GET.lists() for text in texts if name not in own]
