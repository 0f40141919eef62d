"""Pages of requests to correct a card: asking, the curator's list, what was and what is wanted, the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Case, Value, When
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import may, requires
from core.paging import page_of
from core.transitions import Refused
from mentorship.forms.card_requests import CardRequestFilter, CardRequestForm, DeclineForm, RenameForm, corrected
from mentorship.models import CardRequest, Participant
from mentorship.models.histories import CORRECT
from mentorship.services.card_requests import (
    CHANGE,
    CORRECTED,
    accept_correction,
    ask_correction,
    cancel_correction,
    decline_correction,
    label_of,
    shown,
    values_of,
)
from mentorship.services.participants import NAME_PARTS
from mentorship.views.card_parts import register_part

CHIPS = {"waiting": "wait", "accepted": "ok", "declined": "no"}


@dataclass(frozen=True)
class Wish:
    """One field of a request as a page shows it; `clashes`: the card says something else than when it was asked."""

    name: str
    label: str
    before: str
    now: str
    wanted: str
    clashes: bool
    raw: str


def wishes(asking: CardRequest) -> list[Wish]:
    current = values_of(asking.participant, asking.wanted)
    return [
        Wish(
            name=name,
            label=label_of(name),
            before=shown(name, asking.before.get(name, "")),
            now=shown(name, current[name]),
            wanted=shown(name, text),
            clashes=current[name] != asking.before.get(name, ""),
            raw=current[name],
        )
        for name, text in wanted_in_order(asking).items()
    ]


def wanted_in_order(asking: CardRequest) -> dict[str, str]:
    """As the form goes: the database keeps its own order of keys."""
    return {name: asking.wanted[name] for name in CORRECTED if name in asking.wanted}


# --- The asker --------------------------------------------------------------------------------------------------------
@requires(CORRECT)
def card_request_new(request: CabinetRequest) -> HttpResponse:
    own = Participant.objects.permitted(request.user, CORRECT).filter(organisation=request.organisation)
    person = own.first()
    if person is None or CardRequest.objects.waiting().filter(participant=person).exists():
        # Without a card there is nothing to correct; the waiting request is shown on it.
        return redirect("my_card")
    form = CardRequestForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            ask_correction(form=form, comment=form.cleaned_data["comment"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Просьба передана куратору. Ответ придёт письмом и появится здесь.")
            return redirect("my_card")
    crumbs = [("Моя карточка", reverse("my_card")), ("Исправить сведения", "")]
    return render(request, "mentorship/card_request_new.html", {"form": form, "crumbs": crumbs})


@require_POST
@requires(CORRECT, CardRequest)
def card_request_cancel(request: CabinetRequest, asking: CardRequest) -> HttpResponse:
    try:
        cancel_correction(asking=asking, actor=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.obstacles))
    else:
        messages.success(request, "Просьба отозвана.")
    return redirect("my_card")


# --- The curator ------------------------------------------------------------------------------------------------------
@requires(CHANGE)
def card_request_list(request: CabinetRequest) -> HttpResponse:
    filters = CardRequestFilter(request.GET)
    chosen = filters.chosen()
    rows = CardRequest.objects.permitted(request.user, CHANGE).filter(participant__organisation=request.organisation)
    if text := chosen.get("q", "").strip():
        rows = rows.filter(participant__in=Participant.objects.found(text))
    if state := chosen.get("state"):
        rows = rows.filter(state=state)
    waiting_first = Case(When(state=CardRequest.State.WAITING, then=Value(0)), default=Value(1))
    page = page_of(request, rows.select_related("participant").order_by(waiting_first, "-asked_at", "-pk"))
    found = [
        (asking, ", ".join(label_of(name).lower() for name in wanted_in_order(asking)), CHIPS.get(asking.state, ""))
        for asking in page.object_list
    ]
    crumbs = [("Участники", reverse("participant_list")), ("Просьбы исправить карточку", "")]
    context = {"filters": filters, "page_obj": page, "rows": found, "crumbs": crumbs}
    return render(request, "mentorship/card_request_list.html", context)


@requires(CHANGE, CardRequest, related=("participant__organisation", "asked_by", "decided_by"))
def card_request_detail(request: CabinetRequest, asking: CardRequest) -> HttpResponse:
    faults: list[str] = []
    naming = RenameForm(request.POST or None)
    if request.method == "POST":
        person, faults = accepted(request, asking, naming)
        if person is not None:
            return after_accepting(request, person)
        asking.refresh_from_db()
    context = {
        "asking": asking,
        "wishes": wishes(asking),
        "naming": naming if set(asking.wanted) & set(NAME_PARTS) else None,
        "chip": CHIPS.get(asking.state, ""),
        "waits": asking.state == CardRequest.State.WAITING,
        "faults": faults,
        "crumbs": [*list_crumbs(), (asking.participant.short_name, "")],
    }
    return render(request, "mentorship/card_request_detail.html", context)


def accepted(request: CabinetRequest, asking: CardRequest, naming: RenameForm) -> tuple[Participant | None, list[str]]:
    """The corrected card, or None and the reasons; the card is locked before it is read."""
    person = Participant.objects.locked().get(pk=asking.participant_id)
    form = corrected(person, asking.wanted, request.POST)
    seen = {name: request.POST.get(f"seen_{name}", "") for name in asking.wanted}
    try:
        if not form.is_valid():
            return None, naming.take_errors(form)
        since = form.renamed_since
        return accept_correction(asking=asking, form=form, seen=seen, actor=request.user, renamed_on=since), []
    except Refused as refusal:
        return None, refusal.obstacles


def list_crumbs() -> list[tuple[str, str]]:
    return [
        ("Участники", reverse("participant_list")),
        ("Просьбы исправить карточку", reverse("card_request_list")),
    ]


def after_accepting(request: CabinetRequest, person: Participant) -> HttpResponse:
    """Back to the list, or to the forms of the name where the grammars disagree."""
    messages.success(request, "Карточка исправлена, человек получит письмо.")
    if person.form_doubts:
        messages.warning(request, "Проверьте, как склоняется имя: без этого оно не попадёт в приказ.")
        return redirect("participant_forms", person.pk)
    return redirect("card_request_list")


@requires(CHANGE, CardRequest, related=("participant",))
def card_request_decline(request: CabinetRequest, asking: CardRequest) -> HttpResponse:
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            decline_correction(asking=asking, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Просьба отклонена, человек получит письмо с вашим ответом.")
            return redirect("card_request_list")
    back = reverse("card_request_detail", args=[asking.pk])
    crumbs = [*list_crumbs(), (asking.participant.short_name, back), ("Отклонить", "")]
    return render(
        request,
        "mentorship/card_request_decline.html",
        {"form": form, "asking": asking, "back": back, "crumbs": crumbs},
    )


def corrections_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """On the own card: how to correct it and what became of the last request; for the curator: the one that waits."""
    own, decides = person.user_id == request.user.pk, may(request.user, CHANGE, person)
    last = person.card_requests.first() if own or decides else None
    if last is not None and not own and last.state != CardRequest.State.WAITING:
        last = None
    if not own and last is None:
        return None
    waits = last is not None and last.state == CardRequest.State.WAITING
    rows = wishes(last) if last else []
    chip = CHIPS.get(last.state, "") if last else ""
    return {"own": own, "decides": decides, "last": last, "wishes": rows, "waits": waits, "chip": chip}


register_part("mentorship/includes/card_requests.html", corrections_part, 95)
