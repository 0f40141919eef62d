"""The administration of orders: everything can be looked at, nothing can be approved or rewritten."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accounts.admin import ScopedAdmin
from accounts.admin_site import site
from orders.models import Clause, LocalAct, Order, Series


class ClauseInline(admin.TabularInline):
    """The clauses of an order, to look at."""

    model = Clause
    fields = ("position", "level", "text", "edited")
    readonly_fields = fields
    extra = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return True  # whoever sees the order sees its clauses

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Order, site=site)
class OrderAdmin(ScopedAdmin):
    """Orders are read here; a draft is started on the page of the cabinet, by the same service as everywhere."""

    actions_by: ClassVar[dict[str, str]] = {"view": "orders.order.view", "add": "orders.order.draft"}
    list_display = ("__str__", "kind_title", "state", "number", "date", "organisation")
    list_select_related = ("organisation",)
    list_filter = ("state", "organisation")
    search_fields = ("title", "number")
    exclude = ("params", "facts")
    inlines = (ClauseInline,)

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """To the page where the kind of order is chosen; whatever was sent here is ignored."""
        return redirect("order_new")


@admin.register(Series, site=site)
class SeriesAdmin(ScopedAdmin):
    actions_by: ClassVar[dict[str, str]] = dict.fromkeys(("view", "change", "add"), "orders.series.change")
    list_display = ("name", "template", "kept_here", "organisation")
    list_select_related = ("organisation",)
    list_filter = ("organisation",)


@admin.register(LocalAct, site=site)
class LocalActAdmin(ScopedAdmin):
    """Acts are written on the pages of the cabinet and come into force by orders."""

    actions_by: ClassVar[dict[str, str]] = {"view": "orders.localact.view"}
    list_display = ("title", "kind", "state", "in_force_from", "organisation")
    list_select_related = ("organisation",)
    list_filter = ("state", "kind", "organisation")
    search_fields = ("title",)
