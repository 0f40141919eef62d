"""Agreement of a draft: who is asked, the page of whoever answers, answers on paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import may, requires
from core.transitions import Refused
from orders.documents import order_blocks, order_setup
from orders.forms.endorsements import AnswerForm, AskForm, PaperAnswerForm
from orders.models import Endorsement, Order
from orders.services.endorsements import (
    ANSWER,
    ASK,
    answer_endorsement,
    ask_again,
    ask_endorsement,
    drop_endorsement,
    record_endorsement,
)
from orders.views.register import VIEW, crumbs

Answer = Endorsement.Answer


@requires(VIEW, Order, related=("organisation", "series"))
def order_endorsements(request: CabinetRequest, order: Order) -> HttpResponse:
    return sheet_page(request, order)


def sheet_page(request: CabinetRequest, order: Order, **bound: Any) -> HttpResponse:
    """Everybody who is asked, with the form for one more; a refused form comes back in `bound`."""
    changes = order.is_editable and may(request.user, ASK, order)
    context = {
        "order": order,
        "rows": [(row, *chip_of(row, order)) for row in order.endorsements.select_related("user")],
        "form": AskForm(organisation=order.organisation) if changes else None,
        "may_change": changes,
        "crumbs": crumbs(order, "Согласование"),
        **bound,
    }
    return render(request, "orders/order_endorsements.html", context)


def chip_of(row: Endorsement, order: Order) -> tuple[str, str]:
    """What the answer is worth now, for a chip."""
    if row.answer == Answer.WAITING:
        return "ждёт ответа", "wait"
    if row.answer == Answer.OBJECTED:
        return f"возражает, {row.answered_on:%d.%m.%Y}", "no"
    if order.is_editable and row.version != order.version:
        return "согласовано, но текст изменили", "wait"
    return f"согласовано {row.answered_on:%d.%m.%Y}", "ok"


@require_POST
@requires(ASK, Order, related=("organisation", "series"))
def endorsement_ask(request: CabinetRequest, order: Order) -> HttpResponse:
    form = AskForm(request.POST, organisation=order.organisation)
    if form.is_valid():
        data = form.cleaned_data
        try:
            ask_endorsement(order=order, title=data["title"], name=data["name"], user=data["user"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Проект направлен на согласование.")
            return redirect("order_endorsements", order.pk)
    return sheet_page(request, order, form=form)


@requires(ANSWER, Endorsement, related=("order__organisation", "order__series", "asked_by"))
def endorsement_answer(request: CabinetRequest, row: Endorsement) -> HttpResponse:
    order: Any = row.order
    form = AnswerForm(request.POST or None, initial={"version": order.version})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            answer_endorsement(
                row=row,
                agreed=data["answer"] == "yes",
                comment=data["comment"].strip(),
                version=data["version"],
                actor=request.user,
            )
        except Refused as refusal:
            form.add_error("comment" if data["answer"] == "no" else None, refusal.obstacles)
        else:
            messages.success(request, "Ответ записан, составитель получил письмо.")
            return redirect("home")
    context = {
        "row": row,
        "order": order,
        "form": form,
        "blocks": order_blocks(order),
        "draft": order_setup(order).draft,
        "crumbs": [("Согласование", "")],
    }
    return render(request, "orders/endorsement_answer.html", context)


@requires(ASK, Endorsement, related=("order__organisation", "order__series"))
def endorsement_record(request: CabinetRequest, row: Endorsement) -> HttpResponse:
    order: Any = row.order
    form = PaperAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        values = {name: data[name].strip() for name in ("comment", "paper")}
        try:
            record_endorsement(row=row, agreed=data["answer"] == "yes", day=data["day"], actor=request.user, **values)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Ответ записан.")
            return redirect("order_endorsements", order.pk)
    path = [*crumbs(order, "")[:-1], (str(order), reverse("order_detail", args=[order.pk])), ("Ответ на бумаге", "")]
    return render(request, "orders/endorsement_record.html", {"row": row, "order": order, "form": form, "crumbs": path})


@require_POST
@requires(ASK, Endorsement, related=("order__organisation", "order__series"))
def endorsement_again(request: CabinetRequest, row: Endorsement) -> HttpResponse:
    return done(request, row, lambda: ask_again(row=row, actor=request.user), "Спросили ещё раз.")


@require_POST
@requires(ASK, Endorsement, related=("order__organisation", "order__series"))
def endorsement_drop(request: CabinetRequest, row: Endorsement) -> HttpResponse:
    return done(request, row, lambda: drop_endorsement(row=row, actor=request.user), "Согласование снято.")


def done(request: CabinetRequest, row: Endorsement, action: Any, words: str) -> HttpResponse:
    number = row.order_id
    try:
        action()
        messages.success(request, words)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("order_endorsements", number)
