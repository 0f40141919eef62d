"""Pages of pairs and groups."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.buttons import Button, step_buttons
from accounts.http import CabinetRequest
from accounts.permissions import may, permit, requires, today
from core.models import JournalEntry
from core.paging import page_of
from core.storage import private_response
from core.transitions import Refused
from mentorship.documents.consents import FORMATS, missing_blanks_file
from mentorship.forms.pairs import CloseForm, DissolveForm, PairFilter, PairForm, prefill
from mentorship.models import (
    ORDER,
    Chip,
    ConsentKind,
    Need,
    Pair,
    PairState,
    Participant,
    checks_of,
    chips_of,
    needs_of,
)
from mentorship.services.pairs import CHANGE, LOCKED, change_pair, close_pair, create_pair, dissolve_pair
from mentorship.views.labour import labour_of_pair
from mentorship.views.programme_parts import programme_of_pair

VIEW = "mentorship.pair.view"
# What a person has not agreed to, short enough for a telephone.
LACKING = {
    ConsentKind.PROCESSING.value: "на данные",
    ConsentKind.MENTOR.value: "наставника",
    ConsentKind.PAIR.value: "на участие",
}


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    pair: Pair
    chips: list[Chip]


@dataclass(frozen=True)
class NeedItem:
    """A line of the list of what is ready and what is missing."""

    state: str
    text: str
    detail: str
    url: str = ""
    label: str = ""


@dataclass(frozen=True)
class Member:
    """A person on the page of a pair."""

    person: Participant
    role: str
    chips: list[Chip]
    url: str


@requires(VIEW)
def pair_list(request: CabinetRequest) -> HttpResponse:
    filters = PairFilter(request.GET)
    rows = Pair.objects.permitted(request.user, VIEW).filter(organisation=request.organisation)
    page = page_of(request, narrowed(rows, filters.chosen(), today()).for_cards())
    needs = needs_of(page.object_list, today())
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [Row(pair, chips_of(pair, needs[pair.pk], today())) for pair in page.object_list],
        "may_add": may(request.user, CHANGE, request.organisation),
    }
    return render(request, "mentorship/pair_list.html", context)


def narrowed(rows: Any, chosen: dict[str, Any], day: dt.date) -> Any:
    """The rows that fit the filter."""
    rows = rows.found(chosen.get("q", ""))
    state = chosen.get("state")
    if state == PairFilter.LACKING:
        needs = needs_of(rows.forming(), day)
        return rows.filter(pk__in=[pk for pk, missing in needs.items() if any(need.what != ORDER for need in missing)])
    if state == PairFilter.DRAFT:
        return rows.in_draft()
    if state == PairFilter.OVERDUE:
        return rows.overdue(day)
    return rows.filter(state=state) if state else rows


@requires(CHANGE)
def pair_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    more = "more" in request.POST
    form = PairForm(
        request.POST or None, organisation=request.organisation, initial=prefill(request.GET), more=int(more)
    )
    if request.method == "POST" and not more and form.is_valid():
        try:
            pair = create_pair(organisation=request.organisation, plan=form.plan(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Пара составлена. Ниже — чего ей не хватает, чтобы начать работу.")
            return redirect("pair_detail", pair.pk)
    context = {"form": unchecked(form) if more else form, "crumbs": [list_crumb(), ("Новая пара или группа", "")]}
    return render(request, "mentorship/pair_new.html", context)


@requires(CHANGE, Pair, related=("order", "mentor", "organisation"))
def pair_edit(request: CabinetRequest, pair: Pair) -> HttpResponse:
    if pair.is_locked:
        messages.error(request, LOCKED)
        return redirect("pair_detail", pair.pk)
    more = "more" in request.POST
    form = PairForm(request.POST or None, organisation=pair.organisation, pair=pair, more=int(more))
    if request.method == "POST" and not more and form.is_valid():
        try:
            change_pair(pair=pair, plan=form.plan(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Изменения сохранены.")
            return redirect("pair_detail", pair.pk)
    crumbs = [*pair_crumbs(pair), ("Изменить", "")]
    context = {"form": unchecked(form) if more else form, "pair": pair, "crumbs": crumbs}
    return render(request, "mentorship/pair_edit.html", context)


def unchecked(form: PairForm) -> PairForm:
    """The same choices without errors: the curator has only asked for one more line."""
    sent: Any = form.data
    values = {name: sent.getlist(name) if name == "kinds" else sent.get(name) for name in form.fields}
    given = {name: value for name, value in values.items() if value}
    mentees = {name: given.get(name, "") for name in form.rows}
    return PairForm(organisation=form.organisation, pair=form.pair, initial={**given, **mentees})


@requires(VIEW, Pair, related=("order", "mentor", "form", "direction", "organisation"))
def pair_detail(request: CabinetRequest, pair: Pair) -> HttpResponse:
    user, day = request.user, today()
    checks = checks_of([pair], day)[pair.pk]
    missing = [need for need in checks if not need.met]
    context = {
        "pair": pair,
        "chips": chips_of(pair, missing, day),
        "members": members_of(user, pair, missing),
        "items": need_items(user, pair, checks),
        "missing": len(missing),
        "ready": len(checks) - len(missing),
        "missing_consents": [need for need in missing if need.what != ORDER],
        "buttons": buttons_of(user, pair),
        "may_see_order": pair.order and may(user, "orders.order.view", pair.order),
        "may_print": may(user, "mentorship.consent.request", pair),
        "labour": labour_of_pair(request, pair),
        "plan": programme_of_pair(request, pair),
        "history": JournalEntry.objects.about(pair)[:20],
        "crumbs": [list_crumb(), (pair.title, "")],
    }
    return render(request, "mentorship/pair_detail.html", context)


def members_of(user: Any, pair: Pair, missing: Sequence[Need]) -> list[Member]:
    """The people of the pair; a link to the card only where the reader may open it."""
    people = Participant.objects.filter(pk__in=[person.pk for person in pair.people]).with_posts()
    loaded = {person.pk: person for person in people}
    open_to_reader = set(people.permitted(user, "mentorship.participant.view").values_list("pk", flat=True))
    found = []
    for person in pair.people:
        lacking = [need for need in missing if need.person == person]
        chips = [Chip(f"нет согласия {LACKING[need.what]}", "no") for need in lacking]
        url = reverse("participant_detail", args=[person.pk]) if person.pk in open_to_reader else ""
        role = "Наставник" if person == pair.mentor else "Наставляемый"
        found.append(Member(loaded[person.pk], role, chips, url))
    return found


def need_items(user: Any, pair: Pair, checks: Sequence[Need]) -> list[NeedItem]:
    """The list of the page: what is missing first, each with the one action of the reader."""
    may_record = may(user, "mentorship.consent.request", pair)
    ordered = sorted(checks, key=lambda need: need.met)
    items = []
    for need in ordered:
        url, label = ("", "") if need.met else action_for(user, pair, need, may_record)
        waiting = need.what == ORDER and pair.order is not None
        state = "ok" if need.met else "wait" if waiting else "no"
        items.append(NeedItem(state, need.title, need.detail, url, label))
    return items


def action_for(user: Any, pair: Pair, need: Need, may_record: bool) -> tuple[str, str]:
    """The address and the word of the button beside a missing thing."""
    if need.what == ORDER:
        return order_action(user, pair)
    if not may_record or need.person is None:
        return "", ""
    url = reverse("consent_new", args=[need.person.pk, need.what])
    return f"{url}?pair={pair.pk}", "Отметить подпись"


def order_action(user: Any, pair: Pair) -> tuple[str, str]:
    if pair.order is not None:
        if not may(user, "orders.order.view", pair.order):
            return "", ""
        return reverse("order_detail", args=[pair.order.pk]), "Открыть приказ"
    if pair.state == PairState.FORMING and may(user, "orders.order.draft", pair.organisation):
        return f"{reverse('order_draft', args=['pairs'])}?pairs={pair.pk}", "Составить проект"
    return "", ""


def buttons_of(user: Any, pair: Pair) -> list[Button]:
    """What may be done with the pair itself."""
    buttons = []
    if pair.state == PairState.FORMING and may(user, CHANGE, pair):
        locked = [LOCKED] if pair.is_locked else []
        buttons.append(Button("Изменить пару", reverse("pair_edit", args=[pair.pk]), locked))
    urls = {step: reverse(f"pair_{step}", args=[pair.pk]) for step in ("dissolve", "close")}
    return buttons + step_buttons(user, pair, urls, danger="dissolve")


@requires(CHANGE, Pair, related=("order", "mentor"))
def pair_dissolve(request: CabinetRequest, pair: Pair) -> HttpResponse:
    form = DissolveForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            dissolve_pair(pair=pair, actor=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Пара расформирована: её карточка и согласия остались в истории.")
            return redirect("pair_list")
    crumbs = [*pair_crumbs(pair), ("Расформировать", "")]
    return render(request, "mentorship/pair_dissolve.html", {"form": form, "pair": pair, "crumbs": crumbs})


@requires(CHANGE, Pair, related=("order", "mentor"))
def pair_close(request: CabinetRequest, pair: Pair) -> HttpResponse:
    form = CloseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            close_pair(pair=pair, actor=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Пара завершена.")
            return redirect("pair_detail", pair.pk)
    crumbs = [*pair_crumbs(pair), ("Завершить", "")]
    return render(request, "mentorship/pair_close.html", {"form": form, "pair": pair, "crumbs": crumbs})


@requires("mentorship.consent.request", Pair, related=("mentor", "organisation"))
def pair_blanks(request: CabinetRequest, pair: Pair) -> HttpResponseBase:
    missing = [need for need in pair.missing(today()) if need.what != ORDER]
    if not missing:
        raise Http404
    name, content = missing_blanks_file(pair, missing)
    return private_response(ContentFile(content), filename=name, content_type=FORMATS["pdf"].content_type)


def list_crumb() -> tuple[str, str]:
    return ("Пары и группы", reverse("pair_list"))


def pair_crumbs(pair: Pair) -> list[tuple[str, str]]:
    return [list_crumb(), (pair.title, reverse("pair_detail", args=[pair.pk]))]
