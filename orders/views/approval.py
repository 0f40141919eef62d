"""Pages on which a draft goes to the head, comes back, or is approved."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters

from accounts.http import CabinetRequest
from accounts.permissions import requires
from core.transitions import Refused, obstacles_of
from orders import services
from orders.buttons import approval_obstacles, unique
from orders.documents import clause_names, order_blocks, order_setup
from orders.forms.approval import ApprovalForm, ClauseRemarksForm, VersionForm
from orders.models import Order
from orders.services.approval import earlier_than_last, submission_obstacles
from orders.views.drafts import back
from orders.views.register import crumbs

RELATED = ("organisation", "series", "drafted_by", "submitted_by")
SUBMIT = "orders.order.submit"


def paper_of(order: Order) -> dict[str, Any]:
    """What the sheet on the screen needs."""
    return {"order": order, "blocks": order_blocks(order), "draft": order_setup(order).draft}


@requires(SUBMIT, Order, related=RELATED)
def order_submit(request: CabinetRequest, order: Order) -> HttpResponse:
    form = VersionForm(request.POST if request.method == "POST" else None, initial={"version": order.version})
    if form.is_bound and form.is_valid():
        try:
            services.submit_order(order=order, version=form.cleaned_data["version"], actor=request.user)
        except Refused as refusal:
            return back(request, order, str(refusal))
        messages.success(request, "Приказ передан на утверждение. Директор получил письмо.")
        return redirect("order_detail", order.pk)
    if not open_for(order, "submit"):
        return closed(request, order, "submit")
    context = {
        **paper_of(order),
        "form": form,
        "rows": submission_rows(order),
        "obstacles": unique([*submission_obstacles(order), *obstacles_of(order, "submit")]),
        "crumbs": crumbs(order, "Передать на утверждение"),
    }
    return render(request, "orders/order_submit.html", context)


def open_for(order: Order, step: str) -> bool:
    return order.state in order.TRANSITIONS[step].sources


def closed(request: CabinetRequest, order: Order, step: str) -> HttpResponse:
    """Back to the page of the order, saying in which state it is."""
    return back(request, order, str(Refused(obstacles_of(order, step))))


def submission_rows(order: Order) -> list[dict[str, str]]:
    """The answers to check before submission."""
    params, clauses = reverse("order_params", args=[order.pk]), reverse("order_clauses", args=[order.pk])
    responsible = order.facts.get("responsible")
    people = [person["full"]["nominative"] for person in order.facts.get("people", [])]
    rows = [
        ("Вид приказа", order.kind_title, ""),
        ("Заголовок", order.title, params),
        ("Действует с", order.facts.get("effective_words", ""), params),
        ("Ответственный", responsible["full"]["nominative"] if responsible else "", params),
        ("Кого касается", "\n".join(people), params),
        ("Пунктов в тексте", str(order.clauses.standing().filter(level=1).count()), clauses),
        ("Книга", str(order.series), params),
    ]
    return [{"label": label, "value": value, "url": url} for label, value, url in rows if value]


@requires(SUBMIT, Order, related=RELATED)
def order_recall(request: CabinetRequest, order: Order) -> HttpResponse:
    if request.method == "POST":
        try:
            services.recall_order(order=order, actor=request.user)
        except Refused as refusal:
            return back(request, order, str(refusal))
        messages.success(request, "Приказ отозван. Исправьте проект и передайте его снова.")
        return redirect("order_detail", order.pk)
    if not open_for(order, "recall"):
        return closed(request, order, "recall")
    return render(request, "orders/order_recall.html", {"order": order, "crumbs": crumbs(order, "Отозвать")})


@requires("orders.order.return", Order, related=RELATED)
def order_return(request: CabinetRequest, order: Order) -> HttpResponse:
    if not open_for(order, "return"):
        return closed(request, order, "return")
    clauses = list(order.clauses.standing())
    names = clause_names(clauses)
    form = ClauseRemarksForm(
        request.POST if request.method == "POST" else None,
        clauses=[(clause.pk, names[clause.pk]) for clause in clauses],
    )
    if form.is_bound and form.is_valid():
        try:
            services.return_order(
                order=order, remark=form.cleaned_data["remark"], remarks=form.remarks, actor=request.user
            )
        except Refused as refusal:
            return back(request, order, str(refusal))
        messages.success(request, "Приказ возвращён. Куратор получил письмо с замечанием.")
        return redirect("order_list")
    rows = [(clause, form[f"{form.PREFIX}{clause.pk}"]) for clause in clauses]
    context = {"order": order, "form": form, "rows": rows, "crumbs": crumbs(order, "Вернуть с замечанием")}
    return render(request, "orders/order_return.html", context)


@sensitive_post_parameters("password")
@requires("orders.order.approve", Order, related=RELATED)
def order_approve(request: CabinetRequest, order: Order) -> HttpResponse:
    if not open_for(order, "approve"):
        return closed(request, order, "approve")
    form = ApprovalForm(request.POST if request.method == "POST" else None, order=order, request=request)
    if form.is_bound and form.is_valid() and approved(request, order, form):
        return redirect("order_detail", order.pk)
    context = {
        **paper_of(order),
        "form": form,
        "effects": order.kind_entry.effects(order),
        "obstacles": approval_obstacles(request.user, order),
        "clause_count": order.clauses.standing().filter(level=1).count(),
        "crumbs": crumbs(order, "Утвердить"),
    }
    return render(request, "orders/order_approve.html", context)


def approved(request: CabinetRequest, order: Order, form: ApprovalForm) -> bool:
    """Approve with the number and date of the valid form; what the service refuses goes back into the form."""
    data = form.cleaned_data
    try:
        services.approve_order(
            order=order, number=data.get("number", ""), date=data["date"], version=data["version"], actor=request.user
        )
    except ValidationError as error:
        for name, sentences in error.message_dict.items():
            form.add_error(name if name in form.fields else None, sentences)
    except Refused as refusal:
        form.add_error(None, refusal.obstacles)
    else:
        messages.success(request, f"Приказ {order.requisites} утверждён.")
        if later := earlier_than_last(order, data["date"]):
            messages.warning(request, f"Дата раньше, чем у приказа № {later.number}: сверьте с книгой приказов.")
        return True
    return False
