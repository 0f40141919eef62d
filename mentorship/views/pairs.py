"""Pages of pairs and groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.buttons import Button, step_buttons
from accounts.http import CabinetRequest
from accounts.permissions import holds, may, permit, requires, today
from core.models import JournalEntry
from core.storage import private_response
from core.transitions import Refused
from mentorship.documents.consents import FORMATS, missing_blanks_file
from mentorship.forms.pairs import CloseForm, DissolveForm, PairForm, prefill
from mentorship.models import (
    GOAL,
    HINT,
    INTERVIEW,
    ORDER,
    PROGRAMME,
    Chip,
    ConsentKind,
    Need,
    Pair,
    PairState,
    Participant,
    checks_of,
    chips_of,
    further_checks,
)
from mentorship.services.pairs import CHANGE, LOCKED, change_pair, close_pair, create_pair, dissolve_pair
from mentorship.views.labour import labour_of_pair
from mentorship.views.pair_card import change_buttons, company_of
from mentorship.views.programme_parts import programme_of_pair

VIEW = "mentorship.pair.view"
# A pair that has never worked has no journal.
MET = (PairState.ACTIVE, PairState.CLOSED)
# What a person has not agreed to, short enough for a telephone.
LACKING = {
    ConsentKind.PROCESSING.value: "на данные",
    ConsentKind.MENTOR.value: "наставника",
    ConsentKind.PAIR.value: "на участие",
}
# What an order of the kind brings into force a pair: with another mentor's mentees, or by itself.
FIXING = {True: "replacement", False: "pairs"}
PAUSED = Chip("пауза", "wait")


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
    checks, further = checks_of([pair], day)[pair.pk], further_checks(pair)
    law = [need for need in checks if need.blocks]
    missing = [need for need in law if not need.met]
    forming = pair.state == PairState.FORMING
    context = {
        "pair": pair,
        "chips": chips_of(pair, missing, day) + ([PAUSED] if pair.is_paused_on(day) else []),
        "members": members_of(user, pair, missing),
        "items": need_items(user, pair, [*checks, *further] if forming else lacking_now(checks) + further),
        "missing": len(missing),
        "ready": len(law) - len(missing),
        "law": len(law),
        "missing_consents": [need for need in missing if need.is_consent],
        "buttons": buttons_of(user, pair) + change_buttons(user, pair),
        "may_see_order": pair.order and may(user, "orders.order.view", pair.order),
        "may_print": may(user, "mentorship.consent.request", pair),
        "labour": labour_of_pair(request, pair),
        "company": company_of(user, pair, day),
        "may_see_meetings": pair.state in MET and holds(user, "mentorship.meeting.view"),
        "plan": programme_of_pair(request, pair),
        "history": JournalEntry.objects.about(pair)[:20],
        "crumbs": [list_crumb(), (pair.title, "")],
    }
    return render(request, "mentorship/pair_detail.html", context)


def lacking_now(checks: Sequence[Need]) -> list[Need]:
    """Of a pair that works: consents withdrawn or run out since; its interviews are history."""
    return [need for need in checks if not need.met and need.is_consent]


def members_of(user: Any, pair: Pair, missing: Sequence[Need]) -> list[Member]:
    """The people of the pair; a link to the card only where the reader may open it."""
    people = Participant.objects.filter(pk__in=[person.pk for person in pair.people]).with_posts()
    loaded = {person.pk: person for person in people}
    open_to_reader = set(people.permitted(user, "mentorship.participant.view").values_list("pk", flat=True))
    found = []
    for person in pair.people:
        lacking = [need for need in missing if need.person == person and need.is_consent]
        chips = [Chip(f"нет согласия {LACKING[need.what]}", "no") for need in lacking]
        url = reverse("participant_detail", args=[person.pk]) if person.pk in open_to_reader else ""
        role = "Наставник" if person == pair.mentor else "Наставляемый"
        found.append(Member(loaded[person.pk], role, chips, url))
    return found


def need_items(user: Any, pair: Pair, checks: Sequence[Need]) -> list[NeedItem]:
    """The list of the page: what is missing first, each with the one action of the reader."""
    may_record = may(user, "mentorship.consent.request", pair)
    may_talk = may(user, "mentorship.interview.change", pair.organisation)
    ordered = sorted(checks, key=lambda need: (need.met, not need.blocks))
    items = []
    for need in ordered:
        url, label = ("", "") if need.met else action_for(user, pair, need, may_record, may_talk)
        waiting = not need.blocks or (need.what == ORDER and pair.order is not None)
        state = "ok" if need.met else "wait" if waiting else "no"
        items.append(NeedItem(state, need.title, need.detail, url, label))
    return items


def action_for(user: Any, pair: Pair, need: Need, may_record: bool, may_talk: bool) -> tuple[str, str]:
    """The address and the word of the button beside a missing thing."""
    if need.what == ORDER:
        return order_action(user, pair)
    if need.what == GOAL and may(user, CHANGE, pair):
        return reverse("pair_edit", args=[pair.pk]), "Вписать цель"
    if need.what == INTERVIEW and need.person and may_talk:
        return f"{reverse('interview_list')}?{urlencode({'q': need.person.surname})}", "К собеседованиям"
    if need.what in (PROGRAMME, HINT, INTERVIEW, GOAL) or not may_record or need.person is None:
        return "", ""
    url = reverse("consent_new", args=[need.person.pk, need.what])
    return f"{url}?pair={pair.pk}", "Отметить подпись"


def order_action(user: Any, pair: Pair) -> tuple[str, str]:
    if pair.order is not None:
        if not may(user, "orders.order.view", pair.order):
            return "", ""
        return reverse("order_detail", args=[pair.order.pk]), "Открыть приказ"
    if pair.state == PairState.FORMING and may(user, "orders.order.draft", pair.organisation):
        kind = FIXING[pair.replaces_id is not None]
        return f"{reverse('order_draft', args=[kind])}?pairs={pair.pk}", "Составить проект"
    return "", ""


def buttons_of(user: Any, pair: Pair) -> list[Button]:
    """What may be done with the pair itself."""
    buttons = []
    if pair.state == PairState.FORMING and may(user, CHANGE, pair):
        locked = [LOCKED] if pair.is_locked else []
        buttons.append(Button("Изменить пару", reverse("pair_edit", args=[pair.pk]), locked))
    urls = {step: reverse(f"pair_{step}", args=[pair.pk]) for step in ("dissolve", "close")}
    return buttons + step_buttons(user, pair, urls, danger="dissolve") + links_of(user, pair)


def links_of(user: Any, pair: Pair) -> list[Button]:
    """Where its people turn while it works, and how they are thanked when it is over."""
    people = "&".join(f"people={person.pk}" for person in pair.people)
    if pair.is_in_force_on(today()) and user.pk in [person.user_id for person in pair.people]:
        return [Button("Обратиться к куратору", f"{reverse('request_choose')}?pair={pair.pk}")]
    if pair.state != PairState.CLOSED or not may(user, "mentorship.thanks.make", pair.organisation):
        return []
    found = [Button("Напечатать благодарность", f"{reverse('thanks_new')}?{people}")]
    if may(user, "orders.order.draft", pair.organisation):
        found.append(Button("Поощрить приказом", f"{reverse('order_draft', args=['rewards'])}?{people}"))
    return found


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
    form = CloseForm(request.POST or None, pair=pair)
    if request.method == "POST" and form.is_valid():
        try:
            close_pair(pair=pair, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Пара завершена.")
            return redirect("pair_detail", pair.pk)
    crumbs = [*pair_crumbs(pair), ("Завершить", "")]
    return render(request, "mentorship/pair_close.html", {"form": form, "pair": pair, "crumbs": crumbs})


@requires("mentorship.consent.request", Pair, related=("mentor", "organisation"))
def pair_blanks(request: CabinetRequest, pair: Pair) -> HttpResponseBase:
    missing = [need for need in pair.missing(today()) if need.is_consent]
    if not missing:
        raise Http404
    name, content = missing_blanks_file(pair, missing)
    return private_response(ContentFile(content), filename=name, content_type=FORMATS["pdf"].content_type)


def list_crumb() -> tuple[str, str]:
    return ("Пары и группы", reverse("pair_list"))


def pair_crumbs(pair: Pair) -> list[tuple[str, str]]:
    return [list_crumb(), (pair.title, reverse("pair_detail", args=[pair.pk]))]
