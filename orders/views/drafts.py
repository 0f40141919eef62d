"""Pages on which a draft is started, corrected and deleted."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import permit, requires
from core.transitions import Refused
from orders import services
from orders.forms import OrderForm, form_of
from orders.kinds import KINDS
from orders.models import Order
from orders.services.drafts import CHANGED_MEANWHILE, LOCKED
from orders.views.register import crumbs

DRAFT = "orders.order.draft"


@requires(DRAFT)
def order_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, DRAFT, request.organisation)
    kinds = sorted(KINDS.values(), key=lambda kind: kind.title)
    path = [("Приказы", reverse("order_list")), ("Новый приказ", "")]
    return render(request, "orders/order_new.html", {"kinds": kinds, "crumbs": path})


@requires(DRAFT)
def order_draft(request: CabinetRequest, kind: str) -> HttpResponse:
    permit(request.user, DRAFT, request.organisation)
    if kind not in KINDS:
        raise Http404
    form_class = form_of(KINDS[kind])
    data = request.POST if request.method == "POST" else None
    form = form_class(data, organisation=request.organisation, initial=form_class.prefill(request.GET))
    if data is not None and form.is_valid():
        try:
            order = services.draft_order(
                organisation=request.organisation,
                kind=kind,
                params=form.params(),
                series=form.chosen_series,
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Проект составлен. Прочитайте текст и передайте его директору.")
            return redirect("order_detail", order.pk)
    path = [("Приказы", reverse("order_list")), ("Новый приказ", reverse("order_new")), (KINDS[kind].title, "")]
    return render(request, "orders/order_draft.html", {"form": form, "kind": KINDS[kind], "crumbs": path})


@requires(DRAFT, Order, related=("organisation", "series"))
def order_params(request: CabinetRequest, order: Order) -> HttpResponse:
    if not order.is_editable:
        return back(request, order, LOCKED)
    data = request.POST if request.method == "POST" else None
    form = form_of(order.kind_entry)(data, organisation=order.organisation, order=order)
    if data is not None and form.is_valid() and changed(request, order, form):
        messages.success(request, "Данные изменены, текст обновлён.")
        return redirect("order_detail", order.pk)
    context = {"form": form, "order": order, "crumbs": crumbs(order, "Данные приказа")}
    return render(request, "orders/order_params.html", context)


def changed(request: CabinetRequest, order: Order, form: OrderForm) -> bool:
    """Write the valid form; what the service refuses goes back into it, with everything that was typed."""
    try:
        services.change_params(
            order=order,
            params=form.params(),
            series=form.chosen_series,
            version=form.cleaned_data.get("version"),
            actor=request.user,
        )
    except Refused as refusal:
        form.add_error(None, refusal.obstacles)
        if CHANGED_MEANWHILE in refusal.obstacles:
            form.take_version(order.version)
        return False
    return True


def back(request: CabinetRequest, order: Order, sentence: str) -> HttpResponse:
    """To the page of the order with a refusal."""
    messages.error(request, sentence)
    return redirect("order_detail", order.pk)


@require_POST
@requires(DRAFT, Order, related=("organisation", "series"))
def order_refresh(request: CabinetRequest, order: Order) -> HttpResponse:
    try:
        services.refresh_clauses(order=order, actor=request.user)
    except Refused as refusal:
        return back(request, order, str(refusal))
    messages.success(request, "Текст обновлён по данным портала. Прочитайте его ещё раз.")
    return redirect("order_detail", order.pk)


@requires(DRAFT, Order, related=("organisation", "series"))
def order_delete(request: CabinetRequest, order: Order) -> HttpResponse:
    if not order.is_editable:
        return back(request, order, LOCKED)
    if request.method == "POST":
        try:
            services.delete_draft(order=order, actor=request.user)
        except Refused as refusal:
            return back(request, order, str(refusal))
        messages.success(request, "Проект приказа удалён.")
        return redirect("order_list")
    return render(request, "orders/order_delete.html", {"order": order, "crumbs": crumbs(order, "Удалить")})
