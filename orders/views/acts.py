"""Pages of local acts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import may, permit, requires
from core.journal import save_form
from core.models import JournalEntry
from core.paging import page_of
from core.transitions import Refused
from orders.forms.acts import ActFilter, ActForm
from orders.models import LocalAct
from orders.services.acts import LOCKED, change_act, delete_act, new_edition

CRUMB = ("Локальные акты", "/cabinet/acts/")


@requires("orders.localact.view")
def act_list(request: CabinetRequest) -> HttpResponse:
    rows = LocalAct.objects.permitted(request.user, "orders.localact.view").filter(organisation=request.organisation)
    query = request.GET.get("q", "").strip()
    if query:
        rows = rows.filter(title__icontains=query)
    if (state := request.GET.get("state", "")) in LocalAct.State.values:
        rows = rows.filter(state=state)
    context = {
        "page_obj": page_of(request, rows.select_related("order")),
        "filters": ActFilter(request.GET),
        "may_add": may(request.user, "orders.localact.change", request.organisation),
    }
    return render(request, "orders/act_list.html", context)


@requires("orders.localact.view", LocalAct, related=("order",))
def act_detail(request: CabinetRequest, act: LocalAct) -> HttpResponse:
    context = {
        "act": act,
        "crumbs": [CRUMB, (act.title, "")],
        "history": JournalEntry.objects.about(act)[:20],
        "may_change": may(request.user, "orders.localact.change", act),
    }
    return render(request, "orders/act_detail.html", context)


@requires("orders.localact.change")
def act_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, "orders.localact.change", request.organisation)
    form = ActForm(request.POST or None, instance=LocalAct(organisation=request.organisation))
    if request.method == "POST" and form.is_valid():
        act = save_form(form, actor=request.user, event="orders.localact.add", text="Начат проект локального акта.")
        messages.success(request, "Проект сохранён. Чтобы он вступил в силу, составьте приказ об утверждении.")
        return redirect("act_detail", act.pk)
    return render(request, "orders/act_new.html", {"form": form, "crumbs": [CRUMB, ("Новый акт", "")]})


@requires("orders.localact.change", LocalAct, related=("order",))
def act_edit(request: CabinetRequest, act: LocalAct) -> HttpResponse:
    if act.is_locked:
        messages.error(request, LOCKED)
        return redirect("act_detail", act.pk)
    form = ActForm(request.POST or None, instance=act)
    if request.method == "POST" and form.is_valid():
        try:
            change_act(act=act, form=form, actor=request.user)
            messages.success(request, "Изменения сохранены.")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("act_detail", act.pk)
    crumbs = [CRUMB, (act.title, f"/cabinet/acts/{act.pk}/"), ("Изменить", "")]
    return render(request, "orders/act_edit.html", {"form": form, "act": act, "crumbs": crumbs})


@require_POST
@requires("orders.localact.change", LocalAct)
def act_edition(request: CabinetRequest, act: LocalAct) -> HttpResponse:
    edition = new_edition(act=act, actor=request.user)
    messages.success(request, "Новая редакция начата с текстом прежней.")
    return redirect("act_edit", edition.pk)


@requires("orders.localact.change", LocalAct, related=("order",))
def act_delete(request: CabinetRequest, act: LocalAct) -> HttpResponse:
    if request.method == "POST":
        try:
            delete_act(act=act, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("act_detail", act.pk)
        messages.success(request, "Проект акта удалён.")
        return redirect("act_list")
    crumbs = [CRUMB, (act.title, f"/cabinet/acts/{act.pk}/"), ("Удалить", "")]
    return render(request, "orders/act_delete.html", {"act": act, "crumbs": crumbs})
