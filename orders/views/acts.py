"""Pages of local acts: the list, one, its drafts and editions."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import may, permit, requires, today
from core.models import JournalEntry
from core.paging import page_of
from core.transitions import Refused
from orders.documents import act_blocks
from orders.forms.acts import ActFilter, ActForm
from orders.models import LocalAct
from orders.models.act_text import sections_of
from orders.services.acts import CHANGE, LOCKED, add_act, change_act, delete_act, new_edition
from orders.sources import TEXTS

VIEW = "orders.localact.view"
CRUMB = ("Локальные акты", "/cabinet/acts/")


def path_to(act: LocalAct, here: str) -> list[tuple[str, str]]:
    return [CRUMB, (act.title, reverse("act_detail", args=[act.pk])), (here, "")]


def filtered(rows: Any, filters: ActFilter) -> Any:
    """The acts that the filter asks for; what cannot be read narrows nothing."""
    filters.is_valid()
    chosen = filters.cleaned_data
    if text := chosen.get("q", "").strip():
        rows = rows.filter(title__icontains=text)
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    states = {
        ActFilter.DRAFT: lambda: rows.filter(state=LocalAct.State.DRAFT),
        ActFilter.IN_FORCE: lambda: rows.in_force(),
        ActFilter.COMING: lambda: rows.coming(today()),
        ActFilter.ENDED: lambda: rows.ended(today()),
    }
    state = chosen.get("state")
    return states[state]() if state else rows


@requires(VIEW)
def act_list(request: CabinetRequest) -> HttpResponse:
    filters = ActFilter(request.GET)
    rows = LocalAct.objects.permitted(request.user, VIEW).filter(organisation=request.organisation)
    context = {
        "page_obj": page_of(request, filtered(rows, filters).select_related("order")),
        "filters": filters,
        "may_add": may(request.user, CHANGE, request.organisation),
    }
    return render(request, "orders/act_list.html", context)


@requires(VIEW, LocalAct, related=("order", "organisation", "replaces"))
def act_detail(request: CabinetRequest, act: LocalAct) -> HttpResponse:
    prefetch_related_objects([act], "marks")
    context = {
        "act": act,
        "crumbs": [CRUMB, (act.title, "")],
        "blocks": act_blocks(act),
        "sections": sections_of(act.text),
        "marks": act.marks.all(),
        "later": act.later_editions.order_by("pk").last(),
        "history": JournalEntry.objects.about(act)[:20],
        "may_change": may(request.user, CHANGE, act),
    }
    return render(request, "orders/act_detail.html", context)


@requires(CHANGE)
def act_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    organisation = request.organisation
    ready = TEXTS.get(request.GET.get("ready", ""))
    act = LocalAct(organisation=organisation)
    words = ready.words_for(organisation.name) if ready else {}
    form = ActForm(request.POST or None, request.FILES or None, instance=act, initial=words)
    if request.method == "POST" and form.is_valid():
        add_act(form=form, file=form.cleaned_data["new_file"], actor=request.user)
        messages.success(request, "Проект сохранён. Чтобы он вступил в силу, составьте приказ об утверждении.")
        return redirect("act_detail", act.pk)
    context = {"form": form, "texts": TEXTS.values(), "ready": ready, "crumbs": [CRUMB, ("Новый акт", "")]}
    return render(request, "orders/act_new.html", context)


@requires(CHANGE, LocalAct, related=("order",))
def act_edit(request: CabinetRequest, act: LocalAct) -> HttpResponse:
    if act.is_locked:
        messages.error(request, LOCKED)
        return redirect("act_detail", act.pk)
    form = ActForm(request.POST or None, request.FILES or None, instance=act)
    if request.method == "POST" and form.is_valid():
        file, drop = form.cleaned_data["new_file"], bool(form.cleaned_data.get("drop_file"))
        try:
            change_act(act=act, form=form, file=file, drop=drop, actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Изменения сохранены.")
            return redirect("act_detail", act.pk)
    return render(request, "orders/act_edit.html", {"form": form, "act": act, "crumbs": path_to(act, "Изменить")})


@require_POST
@requires(CHANGE, LocalAct)
def act_edition(request: CabinetRequest, act: LocalAct) -> HttpResponse:
    try:
        edition = new_edition(act=act, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("act_detail", act.pk)
    messages.success(request, f"Редакция {edition.edition}: исправьте текст и составьте приказ об утверждении.")
    return redirect("act_edit" if act.file else "act_detail", edition.pk)


@requires(CHANGE, LocalAct, related=("order",))
def act_delete(request: CabinetRequest, act: LocalAct) -> HttpResponse:
    if request.method == "POST":
        try:
            delete_act(act=act, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("act_detail", act.pk)
        messages.success(request, "Проект акта удалён.")
        return redirect("act_list")
    return render(request, "orders/act_delete.html", {"act": act, "crumbs": path_to(act, "Удалить")})
