"""Minutes of collegial bodies: the list, one, its paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import may, permit, requires
from core.models import JournalEntry
from core.paging import page_of
from core.storage import private_response
from core.transitions import Refused
from orders.documents import protocol_blocks, protocol_file
from orders.forms.library import ProtocolFilter, ProtocolForm
from orders.models import Protocol
from orders.services.library import PROTOCOL, approved_by, save_protocol
from orders.views.files import CONTENT_TYPES

VIEW = "orders.protocol.view"


def path_to(here: str = "") -> list[tuple[str, str]]:
    path = [("Приказы", reverse("order_list")), ("Протоколы", reverse("protocol_list") if here else "")]
    return [*path, (here, "")] if here else path


@requires(VIEW)
def protocol_list(request: CabinetRequest) -> HttpResponse:
    filters = ProtocolFilter(request.GET)
    filters.is_valid()
    rows: Any = Protocol.objects.permitted(request.user, VIEW).filter(organisation=request.organisation)
    if text := filters.cleaned_data.get("q", "").strip():
        rows = rows.filter(Q(number__icontains=text) | Q(body__name__icontains=text) | Q(decided__icontains=text))
    context = {
        "filters": filters,
        "page_obj": page_of(request, rows.select_related("body")),
        "may_add": may(request.user, PROTOCOL, request.organisation),
        "crumbs": path_to(),
    }
    return render(request, "orders/protocol_list.html", context)


@requires(VIEW, Protocol, related=("body", "organisation"))
def protocol_detail(request: CabinetRequest, protocol: Protocol) -> HttpResponse:
    context = {
        "protocol": protocol,
        "blocks": protocol_blocks(protocol),
        "paper": approved_by(protocol),
        "may_change": may(request.user, PROTOCOL, protocol),
        "history": JournalEntry.objects.about(protocol)[:20],
        "crumbs": path_to(str(protocol)),
    }
    return render(request, "orders/protocol_detail.html", context)


@requires(VIEW, Protocol, related=("body", "organisation"))
def protocol_print(request: CabinetRequest, protocol: Protocol, format: str) -> HttpResponseBase:
    if format not in CONTENT_TYPES:
        raise Http404
    name, content = protocol_file(protocol, format)
    return private_response(ContentFile(content), filename=name, content_type=CONTENT_TYPES[format])


@requires(PROTOCOL)
def protocol_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, PROTOCOL, request.organisation)
    protocol = Protocol(organisation=request.organisation, recorded_by=request.user)
    form = ProtocolForm(request.POST or None, instance=protocol, organisation=request.organisation)
    if request.method == "POST" and form.is_valid():
        save_protocol(form=form, actor=request.user)
        messages.success(request, "Протокол записан: на него можно сослаться в приказе.")
        return redirect("protocol_detail", protocol.pk)
    return render(request, "orders/protocol_new.html", {"form": form, "crumbs": path_to("Новый протокол")})


@requires(PROTOCOL, Protocol, related=("body", "organisation"))
def protocol_edit(request: CabinetRequest, protocol: Protocol) -> HttpResponse:
    form = ProtocolForm(request.POST or None, instance=protocol, organisation=protocol.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            save_protocol(form=form, actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Изменения сохранены.")
            return redirect("protocol_detail", protocol.pk)
    return render(request, "orders/protocol_edit.html", {"form": form, "crumbs": path_to("Изменить")})
