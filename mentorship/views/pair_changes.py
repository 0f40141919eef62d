"""Pages of what happens to a working pair: another mentor, helpers, pauses, the school's rules about pairs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import permit, requires, today
from core.transitions import Refused
from mentorship.forms.pair_changes import (
    EndHelperForm,
    EndPauseForm,
    HelperForm,
    PairRulesForm,
    PauseForm,
    ReplaceForm,
)
from mentorship.models import Pair, PairHelper, PairPause, PairRequest, pair_rules_of
from mentorship.order_kinds import replacement
from mentorship.services.pair_changes import prepare_replacement
from mentorship.services.pair_company import (
    RULES,
    add_helper,
    end_helper,
    end_pause,
    pause_pair,
    save_pair_rules,
)
from mentorship.services.pairs import CHANGE
from mentorship.views.pairs import list_crumb, pair_crumbs
from orders.models import Order
from orders.services import draft_order

RELATED = ("order", "mentor", "organisation")
PURPOSE = "В целях организации наставничества педагогических работников"


@requires(CHANGE, Pair, related=RELATED)
def pair_replace(request: CabinetRequest, pair: Pair) -> HttpResponse:
    """The wizard of a change: it forms the new pair and its order at once; `?request=5` is the request behind it."""
    asked = PairRequest.objects.open().about_pair(pair).filter(pk=number_of(request.GET.get("request"))).first()
    form = ReplaceForm(request.POST or None, pair=pair, initial={"reason": reason_of(asked), "mentor": wanted(asked)})
    if request.method == "POST" and form.is_valid():
        try:
            order = replacement_draft(request, pair, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Новая пара и проект приказа готовы. Соберите согласия и передайте приказ.")
            return redirect("order_detail", order.pk)
    crumbs = [*pair_crumbs(pair), ("Сменить наставника", "")]
    context = {"form": form, "pair": pair, "asked": asked, "crumbs": crumbs}
    return render(request, "mentorship/pair_replace.html", context)


def replacement_draft(request: CabinetRequest, pair: Pair, data: dict[str, Any]) -> Order:
    """The new pair and the draft that holds it, both or neither."""
    with transaction.atomic():
        new = prepare_replacement(pair=pair, mentor=data["mentor"], starts_on=data["starts_on"], actor=request.user)
        return draft_order(
            organisation=pair.organisation,
            kind=replacement.CODE,
            params=draft_params(new, data["reason"]),
            actor=request.user,
        )


def number_of(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 10 else 0


def reason_of(asked: PairRequest | None) -> str:
    """What the request is, without its own words: they may be nobody's business."""
    return f"заявление {asked.get_kind_display()} от {asked.day:%d.%m.%Y}" if asked else ""


def wanted(asked: PairRequest | None) -> int | None:
    return asked.substitute_id if asked else None


def draft_params(pair: Pair, reason: str) -> dict[str, Any]:
    """The choices of a draft as its form would give them; the curator corrects them on the page of the order."""
    common = {f"{who}_{part}": "" for who in ("responsible", "control") for part in ("name", "post", "gender")}
    chosen: dict[str, Any] = {"title": "О замене наставника", "purpose": PURPOSE, "basis": [], "control": "self"}
    return {**chosen, **common, "acts": [], "protocols": [], "effective_on": None, "pairs": [pair.pk], "reason": reason}


@requires(CHANGE, Pair, related=RELATED)
def pair_helper_new(request: CabinetRequest, pair: Pair) -> HttpResponse:
    form = HelperForm(request.POST or None, pair=pair, initial={"starts_on": max(today(), pair.starts_on)})
    if request.method == "POST" and form.is_valid():
        try:
            add_helper(pair=pair, given=form.given(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Помощник записан. Наставником он от этого не становится.")
            return redirect("pair_detail", pair.pk)
    crumbs = [*pair_crumbs(pair), ("Помощник", "")]
    return render(request, "mentorship/pair_helper_new.html", {"form": form, "pair": pair, "crumbs": crumbs})


@requires(CHANGE, PairHelper, related=("pair__mentor", "pair__organisation", "participant"))
def pair_helper_end(request: CabinetRequest, helper: PairHelper) -> HttpResponse:
    form = EndHelperForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_helper(helper=helper, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Записано: помощник закончил работу.")
            return redirect("pair_detail", helper.pair_id)
    crumbs = [*pair_crumbs(helper.pair), ("Помощник", "")]
    return render(request, "mentorship/pair_helper_end.html", {"form": form, "helper": helper, "crumbs": crumbs})


@requires(CHANGE, Pair, related=RELATED)
def pair_pause_new(request: CabinetRequest, pair: Pair) -> HttpResponse:
    form = PauseForm(request.POST or None, pair=pair, initial={"starts_on": today()})
    if request.method == "POST" and form.is_valid():
        try:
            pause_pair(pair=pair, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Пауза записана: напоминаний в эти дни не будет.")
            return redirect("pair_detail", pair.pk)
    crumbs = [*pair_crumbs(pair), ("Пауза", "")]
    return render(request, "mentorship/pair_pause_new.html", {"form": form, "pair": pair, "crumbs": crumbs})


@requires(CHANGE, PairPause, related=("pair__mentor", "pair__organisation"))
def pair_pause_end(request: CabinetRequest, pause: PairPause) -> HttpResponse:
    form = EndPauseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_pause(pause=pause, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Пауза закончена: пара работает.")
            return redirect("pair_detail", pause.pair_id)
    crumbs = [*pair_crumbs(pause.pair), ("Закончить паузу", "")]
    return render(request, "mentorship/pair_pause_end.html", {"form": form, "pause": pause, "crumbs": crumbs})


@requires(RULES)
def pair_rules_edit(request: CabinetRequest) -> HttpResponse:
    permit(request.user, RULES, request.organisation)
    form = PairRulesForm(request.POST or None, instance=pair_rules_of(request.organisation))
    if request.method == "POST" and form.is_valid():
        save_pair_rules(form=form, actor=request.user)
        messages.success(request, "Правила сохранены.")
        return redirect(reverse("pair_list"))
    crumbs = [list_crumb(), ("Правила подготовки пар", "")]
    return render(request, "mentorship/pair_rules_edit.html", {"form": form, "crumbs": crumbs})
