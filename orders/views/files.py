"""The paper of an order as a file."""

from __future__ import annotations

import io
import re

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from accounts.http import CabinetRequest
from accounts.permissions import requires
from core.storage import private_response
from core.transitions import Refused
from orders import services
from orders.models import Order, OrderFile, OrderState
from orders.services.files import NOT_APPROVED, checked_content, draft_pdf, files_readiness, stored
from orders.views.register import crumbs

CONTENT_TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@requires("orders.order.view", Order, related=("organisation", "series"))
def order_file(request: CabinetRequest, order: Order, format: str) -> HttpResponseBase:
    if format not in OrderFile.Format.values:
        raise Http404
    try:
        content = paper_bytes(request, order, format)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("order_detail", order.pk)
    name, shown = f"{file_name(order)}.{format}", "view" in request.GET
    return private_response(content, filename=name, content_type=CONTENT_TYPES[format], inline=shown)


@requires("orders.order.view", Order)
def order_files(request: CabinetRequest, order: Order) -> HttpResponse:
    """How far the files of an approved order are; the page of the order asks it again and again."""
    if order.state != OrderState.APPROVED:
        messages.error(request, NOT_APPROVED)
        return redirect("order_detail", order.pk)
    context = {"order": order, "files": files_readiness(order), "crumbs": crumbs(order, "Файлы")}
    return render(request, "orders/order_files.html", context)


def paper_bytes(request: CabinetRequest, order: Order, format: str) -> io.BytesIO:
    """The stored file of an approved order, a marked preview of any other one."""
    if order.state == OrderState.APPROVED:
        # The view has asked the permission already: a file that is there costs one query more.
        found = stored(order, format) or services.order_file(order=order, format=format, actor=request.user)
        return checked_content(found)
    if format != OrderFile.Format.PDF:
        raise Refused([NOT_APPROVED])
    return io.BytesIO(draft_pdf(order))


def file_name(order: Order) -> str:
    """«Приказ № 71-б от 01.09.2026»; signs that file names cannot have become dashes."""
    name = f"Приказ № {order.number} от {order.date:%d.%m.%Y}" if order.date else "Проект приказа"
    return re.sub(r'[\\/:*?"<>|]', "-", name)
