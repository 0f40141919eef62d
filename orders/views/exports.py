"""The register of orders as a file, and the journal of a book on paper."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import requires
from accounts.views.exports import EXPORT, list_response
from core.storage import private_response
from core.transitions import Refused
from orders.forms.register import OrderFilter
from orders.models import Order, Series
from orders.services.journals import yearly_journal
from orders.sheets import ORDERS


@requires(EXPORT)
def order_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    filters = OrderFilter(request.GET, organisation=request.organisation)
    rows = Order.objects.permitted(request.user, "orders.order.view").filter(organisation=request.organisation)
    return list_response(
        request,
        action=EXPORT,
        title="Приказы",
        columns=ORDERS,
        rows=filters.applied(rows).select_related("series").defer("facts", "params"),
        filters=filters,
        format=format,
        back=reverse("order_list"),
    )


@requires("orders.series.print", Series, related=("organisation",))
def order_journal(request: CabinetRequest, series: Series, year: int) -> HttpResponseBase:
    try:
        name, content = yearly_journal(series=series, year=year, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("order_list")
    return private_response(content, filename=name, content_type="application/pdf")
