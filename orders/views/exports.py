"""The register of orders as a file."""

from __future__ import annotations

from django.http import HttpResponseBase
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import requires
from accounts.views.exports import EXPORT, list_response
from orders.forms.register import OrderFilter
from orders.models import Order
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
