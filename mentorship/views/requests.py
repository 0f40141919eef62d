"""Pages of requests: what one may ask for, asking, the list, one request with what may be done about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import Case, Value, When
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.buttons import step_buttons
from accounts.http import CabinetRequest, key_in
from accounts.permissions import may, requires, today
from core.models import JournalEntry
from core.paging import page_of
from core.transitions import Refused
from mentorship.forms.requests import RequestFilter, RequestForm
from mentorship.models import Chip, Notice, Pair, PairRequest, Participant, RequestKind, RequestState, earliest_end
from mentorship.models.request_rules import Rule, rule_of
from mentorship.models.requests import CONSIDER, DECIDE, SUBMIT
from mentorship.services.requests import VIEW, kinds_for, own_pairs, release_warnings, submit_request
from orders.kinds import KINDS

CHIPS = {
    RequestState.SUBMITTED: "wait",
    RequestState.REFERRED: "wait",
    RequestState.GRANTED: "go",
    RequestState.MEDIATION: "go",
    RequestState.DONE: "ok",
    RequestState.DECLINED: "no",
}
UNDECIDED = (RequestState.SUBMITTED, RequestState.REFERRED, RequestState.GRANTED)
RELATED = (
    *("organisation", "author", "about", "substitute", "pair__mentor", "activity"),
    *("submitted_by", "decided_by", "order"),
)
TITLE = "Заявления и обращения"


def chip_of(one: PairRequest) -> Chip:
    word = "у посредников" if one.state == RequestState.MEDIATION else one.get_state_display()
    return Chip(word, CHIPS.get(RequestState(one.state), ""))


def own_card(request: CabinetRequest) -> Participant | None:
    own = Participant.objects.permitted(request.user, SUBMIT).filter(organisation=request.organisation)
    return own.select_related("organisation").first()


@dataclass(frozen=True)
class Choice:
    """A kind of request that the reader may submit."""

    rule: Rule
    url: str


@requires(SUBMIT)
def request_choose(request: CabinetRequest) -> HttpResponse:
    """What one may ask for; `?pair=5` narrows it to a pair."""
    person, named = own_card(request), key_in(request.GET.get("pair", ""))
    pairs = list(Pair.objects.of(person).in_force(today()).for_cards()) if person else []
    pairs = [pair for pair in pairs if pair.pk == named] or pairs
    query = f"?pair={named}" if named in [pair.pk for pair in pairs] else ""
    kinds = kinds_for(person, pairs) if person else []
    choices = [Choice(rule_of(kind), f"{reverse('request_new', args=[kind])}{query}") for kind in kinds]
    crumbs = [(TITLE, reverse("request_list")), ("Обратиться", "")]
    return render(request, "mentorship/request_choose.html", {"choices": choices, "crumbs": crumbs})


@requires(SUBMIT)
def request_new(request: CabinetRequest, kind: str) -> HttpResponse:
    person = own_card(request)
    if kind not in RequestKind.values:
        raise Http404
    if person is None or kind not in kinds_for(person, own_pairs(person, kind, today())):
        messages.error(request, "Сейчас это подать нельзя: выберите из того, что доступно вам в вашей паре.")
        return redirect("request_choose")
    initial = {"pair": key_in(request.GET.get("pair", ""))}
    form = RequestForm(request.POST or None, author=person, kind=kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = submit_request(author=person, asked=form.asked(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Обращение подано. Ответ придёт письмом и появится здесь.")
            return redirect("request_detail", made.pk)
    rule, days = rule_of(kind), earliest_end(today()) if kind == RequestKind.RESIGN else None
    crumbs = [(TITLE, reverse("request_list")), ("Обратиться", reverse("request_choose")), (rule.title, "")]
    context = {"form": form, "rule": rule, "earliest": days, "crumbs": crumbs}
    return render(request, "mentorship/request_new.html", context)


@requires(VIEW)
def request_list(request: CabinetRequest) -> HttpResponse:
    filters = RequestFilter(request.GET)
    rows = PairRequest.objects.permitted(request.user, VIEW).filter(organisation=request.organisation)
    found = narrowed(rows, filters.chosen(), request.user)
    open_first = Case(When(state__in=[RequestState.SUBMITTED, RequestState.REFERRED], then=Value(0)), default=Value(1))
    page = page_of(request, found.for_rows().order_by(open_first, "-submitted_at", "-pk"))
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [(one, chip_of(one)) for one in page.object_list],
        "may_submit": own_card(request) is not None,
    }
    return render(request, "mentorship/request_list.html", context)


def narrowed(rows: Any, chosen: dict[str, Any], user: Any) -> Any:
    """The rows that fit the filter."""
    rows = rows.found(chosen.get("q", ""))
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if chosen.get("mine"):
        rows = rows.filter(author__user=user)
    state = chosen.get("state")
    if state == RequestFilter.OPEN:
        return rows.open()
    return rows.filter(state=state) if state else rows


@requires(VIEW, PairRequest, related=RELATED)
def request_detail(request: CabinetRequest, asking: PairRequest) -> HttpResponse:
    """What is asked, what was answered, and what the reader may do about it."""
    user, considers = request.user, may(request.user, CONSIDER, asking)
    inside = considers or may(user, DECIDE, asking)
    context = {
        "asking": asking,
        "chip": chip_of(asking),
        "inside": inside,
        "own": asking.author.user_id == user.pk,
        "mediators": list(asking.mediators.order_by("full_name")),
        "warnings": release_warnings(asking) if asking.state in UNDECIDED else [],
        "notice": notice_of(asking),
        "earliest": earliest_end(asking.day) if asking.kind == RequestKind.RESIGN else None,
        "may_record": considers and may_record_notice(asking),
        "orders": order_links(asking, user),
        "may_see_order": asking.order is not None and may(user, "orders.order.view", asking.order),
        "may_see_pair": asking.pair is not None and may(user, "mentorship.pair.view", asking.pair),
        "buttons": buttons_of(user, asking),
        "history": JournalEntry.objects.about(asking)[:20] if inside else None,
        "crumbs": [(TITLE, reverse("request_list")), (asking.title, "")],
    }
    return render(request, "mentorship/request_detail.html", context)


def notice_of(asking: PairRequest) -> Notice | None:
    """The standing notice that says in law what a resignation asks."""
    if asking.kind != RequestKind.RESIGN:
        return None
    rows = Notice.objects.standing().filter(participant=asking.author, side=Notice.Side.EMPLOYEE)
    return next((row for row in rows if row.pair_id in (None, asking.pair_id)), None)


def may_record_notice(asking: PairRequest) -> bool:
    return (
        asking.kind == RequestKind.RESIGN
        and asking.state in (*UNDECIDED, RequestState.DONE)
        and notice_of(asking) is None
    )


def order_links(asking: PairRequest, user: Any) -> list[tuple[str, str]]:
    """Orders that would carry it out: (the kind, the address of its draft); kinds not installed are left out."""
    if asking.state != RequestState.GRANTED or asking.order is not None:
        return []
    if not may(user, "orders.order.draft", asking.organisation):
        return []
    return [
        (KINDS[code].title, f"{reverse('order_draft', args=[code])}?{urlencode(order_query(asking, code))}")
        for code in asking.rule.orders
        if code in KINDS
    ]


def order_query(asking: PairRequest, code: str) -> dict[str, Any]:
    if code == "release":
        return {"requests": asking.pk}
    if code == "rewards":
        return {"people": asking.about.pk} if asking.about else {}
    return {"pair": asking.pair.pk if asking.pair else "", "request": asking.pk}


def buttons_of(user: Any, asking: PairRequest) -> list[Any]:
    """The steps of the reader; those that make no sense for the kind are not shown at all."""
    steps = ["refer", "assign", "grant", "conclude", "settle", "decline", "refuse", "cancel"]
    if asking.kind == RequestKind.MEDIATION:
        steps = [step for step in steps if step not in ("refer", "settle")]
    else:
        steps.remove("assign")
    if asking.needs_order and (asking.is_release or asking.state == RequestState.SUBMITTED):
        steps.remove("settle")
    urls = {
        step: reverse("request_mediators", args=[asking.pk])
        if step == "assign"
        else reverse("request_step", args=[asking.pk, step])
        for step in steps
    }
    primary = {"submitted": "assign" if asking.kind == RequestKind.MEDIATION else "refer", "referred": "grant"}
    return step_buttons(user, asking, urls, primary=primary.get(asking.state, "conclude"), danger="refuse")
