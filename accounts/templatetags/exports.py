"""Links that take a list out as a file, shown to whoever may."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import resolve, reverse

from accounts.permissions import holds
from core.sheets.exports import FORMATS

register = template.Library()
TITLES = {"xlsx": "Excel", "csv": "CSV"}
# Of the address of a list: its page and its printed form are no filters.
NO_FILTERS = ("page", "print")


@register.inclusion_tag("includes/export.html", takes_context=True)
def export_links(context: dict[str, Any], name: str) -> dict[str, Any]:
    """Links to the address `name` with the filters of this page; none for somebody without its right."""
    request = context["request"]
    filters = request.GET.copy()
    for parameter in NO_FILTERS:
        filters.pop(parameter, None)
    query = f"?{filters.urlencode()}" if filters else ""
    addresses = {format: reverse(name, args=[format]) for format in FORMATS}
    if not holds(request.user, resolve(addresses["xlsx"]).func.action):  # type: ignore[attr-defined]
        return {"links": []}
    return {"links": [(TITLES[format], f"{address}{query}") for format, address in addresses.items()]}
