"""The acquaintance sheet of an order, the page of a reader, the scans."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import may, requires, today
from core.storage import brought_response
from core.transitions import Refused
from orders.documents import order_blocks
from orders.forms.acquaintance import ReaderForm, ScanForm, SignedForm
from orders.models import Acquaintance, Order, OrderState, SignedScan
from orders.services.acquaintance import (
    CHANGE,
    OWN,
    SCAN,
    add_reader,
    add_scan,
    mark_read,
    mark_signed,
    remove_reader,
    withdraw_scan,
)
from orders.views.register import VIEW, crumbs


@requires(VIEW, Order, related=("organisation", "series"))
def order_readers(request: CabinetRequest, order: Order) -> HttpResponse:
    if order.state != OrderState.APPROVED:
        messages.error(request, "Лист ознакомления появится, когда приказ утвердят.")
        return redirect("order_detail", order.pk)
    return sheet_page(request, order)


def sheet_page(request: CabinetRequest, order: Order, **bound: Any) -> HttpResponse:
    """The sheet with its forms; one that was refused comes back in `bound`."""
    rows = list(Acquaintance.objects.filter(order=order).select_related("user"))
    waiting = [(row.pk, row.name) for row in rows if row.read_on is None]
    changes, scans = may(request.user, CHANGE, order), may(request.user, SCAN, order)
    context = {
        "order": order,
        "rows": [(row, *chip_of(row)) for row in rows],
        "waiting": len(waiting),
        "signed": SignedForm(waiting=waiting) if changes else None,
        "reader": ReaderForm(organisation=order.organisation) if changes else None,
        "scan_form": ScanForm(initial={"kind": SignedScan.Kind.ORDER}) if scans else None,
        "scans": list(SignedScan.objects.filter(order=order, withdrawn_at=None)),
        "crumbs": crumbs(order, "Ознакомление"),
        **bound,
    }
    return render(request, "orders/order_readers.html", context)


def chip_of(row: Acquaintance) -> tuple[str, str]:
    """What is known of a reader, for a chip."""
    if row.read_on:
        how = "в портале" if row.method == Acquaintance.Method.PORTAL else "на бумаге"
        return f"ознакомлен {row.read_on:%d.%m.%Y}, {how}", "ok"
    if row.due_on and row.due_on < today():
        return f"срок прошёл {row.due_on:%d.%m.%Y}", "late"
    return (f"до {row.due_on:%d.%m.%Y}", "wait") if row.due_on else ("не ознакомлен", "wait")


def attempt(form: Any, action: Any) -> bool:
    """Call the service with a valid form; its refusal stands above the form."""
    try:
        action(form.cleaned_data)
    except Refused as refusal:
        form.add_error(None, refusal.obstacles)
        return False
    return True


@require_POST
@requires(CHANGE, Order, related=("organisation", "series"))
def readers_signed(request: CabinetRequest, order: Order) -> HttpResponse:
    waiting = Acquaintance.objects.filter(order=order, read_on=None).values_list("pk", "name")
    form = SignedForm(request.POST, waiting=list(waiting))
    if form.is_valid() and attempt(
        form, lambda data: mark_signed(order=order, rows=data["rows"], day=data["day"], actor=request.user)
    ):
        messages.success(request, "Подписи отмечены.")
        return redirect("order_readers", order.pk)
    return sheet_page(request, order, signed=form)


@require_POST
@requires(CHANGE, Order, related=("organisation", "series"))
def reader_add(request: CabinetRequest, order: Order) -> HttpResponse:
    form = ReaderForm(request.POST, organisation=order.organisation)
    if form.is_valid() and attempt(
        form, lambda data: add_reader(order=order, name=data["name"], user=data["user"], actor=request.user)
    ):
        messages.success(request, "Человек добавлен в лист ознакомления.")
        return redirect("order_readers", order.pk)
    return sheet_page(request, order, reader=form)


@require_POST
@requires(SCAN, Order, related=("organisation", "series"))
def scan_add(request: CabinetRequest, order: Order) -> HttpResponse:
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid() and attempt(
        form, lambda data: add_scan(order=order, kind=data["kind"], file=data["file"], actor=request.user)
    ):
        messages.success(request, "Скан приложен.")
        return redirect("order_readers", order.pk)
    return sheet_page(request, order, scan_form=form)


@require_POST
@requires(CHANGE, Acquaintance, related=("order",))
def reader_remove(request: CabinetRequest, row: Acquaintance) -> HttpResponse:
    try:
        remove_reader(row=row, actor=request.user)
        messages.success(request, "Человек убран из листа.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("order_readers", row.order_id)


@requires(OWN, Acquaintance, related=("order__organisation",))
def order_read(request: CabinetRequest, row: Acquaintance) -> HttpResponse:
    if request.method == "POST":
        try:
            mark_read(row=row, actor=request.user)
            messages.success(request, "Спасибо, отметка поставлена.")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return redirect("order_read", row.pk)
    context = {
        "row": row,
        "order": row.order,
        "blocks": order_blocks(row.order, with_acquaintance=False),
        "crumbs": [("Приказ", "")],
    }
    return render(request, "orders/order_read.html", context)


@requires(VIEW, Order, related=("organisation",))
def order_scan(request: CabinetRequest, order: Order, scan: int) -> HttpResponseBase:
    found = SignedScan.objects.filter(order=order, pk=scan, withdrawn_at=None).first()
    if found is None:
        raise Http404
    return brought_response(found.file, found.file_name)


@require_POST
@requires(SCAN, SignedScan)
def scan_withdraw(request: CabinetRequest, scan: SignedScan) -> HttpResponse:
    try:
        withdraw_scan(scan=scan, actor=request.user)
        messages.success(request, "Скан убран.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("order_readers", scan.order_id)
