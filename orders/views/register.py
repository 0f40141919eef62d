"""The register of orders and the page of one order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.models import Organisation
from accounts.permissions import holds, may, requires
from core.models import JournalEntry
from core.paging import page_of
from orders.buttons import order_buttons
from orders.documents import clause_names, order_blocks, order_setup
from orders.forms.register import OrderFilter
from orders.models import Order, OrderState, Series
from orders.services.approval import OUTDATED
from orders.services.drafting import pending_changes
from orders.services.files import files_readiness, is_long
from orders.services.links import cancellation_of, later_links, links_of, standing_words
from orders.services.numbering import gaps

VIEW = "orders.order.view"
PRINTED_ROWS = 2000


def crumbs(order: Order, here: str = "") -> list[tuple[str, str]]:
    """The path to the order, or to a page below it."""
    path = [("Приказы", reverse("order_list"))]
    name = f"№ {order.number}" if order.number else "Проект приказа"
    return [*path, (name, reverse("order_detail", args=[order.pk])), (here, "")] if here else [*path, (name, "")]


@dataclass(frozen=True)
class RegisterRow:
    """A line of the register; `word` says what later orders have made of this one, `kind` is its chip."""

    order: Order
    word: str
    kind: str


@requires(VIEW)
def order_list(request: CabinetRequest) -> HttpResponse:
    organisation = request.organisation
    filters = OrderFilter(request.GET, organisation=organisation)
    rows = Order.objects.permitted(request.user, VIEW).filter(organisation=organisation).select_related("series")
    # A line of the register needs none of the facts, and those of a long order are a megabyte.
    rows = filters.applied(rows).defer("facts", "params")
    printed = "print" in request.GET
    if printed and not filters.cleaned_data.get("state"):
        rows = rows.approved()
    page = page_of(request, rows, PRINTED_ROWS) if printed else page_of(request, rows)
    links = links_of(page.object_list)
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [RegisterRow(order, *standing_words(links.get(order.pk, []))) for order in page.object_list],
        "skipped": skipped_numbers(organisation, filters.shown_year),
        "year": filters.shown_year,
        "books": books_of_year(request, filters.shown_year),
        "may_draft": may(request.user, "orders.order.draft", organisation),
        "may_set_up": may(request.user, "orders.series.change", organisation),
        "may_read": {name: holds(request.user, f"orders.{name}.view") for name in ("library", "protocol")},
        "printed": printed,
    }
    return render(request, "orders/order_list.html", context)


def books_of_year(request: CabinetRequest, year: int | None) -> list[Series]:
    """Books that the reader may print as a journal of the year, as far as they have orders of it; one query."""
    if year is None or not holds(request.user, "orders.series.print"):
        return []
    books = Series.objects.permitted(request.user, "orders.series.print").filter(organisation=request.organisation)
    return list(books.filter(Exists(Order.objects.approved().filter(series=OuterRef("pk"), year=year))))


@dataclass(frozen=True)
class Skipped:
    """Numbers of one book that were given outside the portal: «1–70, 75»."""

    series: str
    ranges: str


def skipped_numbers(organisation: Organisation, year: int | None) -> list[Skipped]:
    """Books of the year with numbers that no order of the portal has; two queries."""
    used: dict[int, set[int]] = {}
    rows = Order.objects.approved().filter(organisation=organisation, year=year, ordinal__isnull=False)
    for series, ordinal in rows.order_by().values_list("series", "ordinal"):
        used.setdefault(series, set()).add(ordinal or 0)
    books = Series.objects.filter(organisation=organisation, kept_here=False)
    found = [Skipped(book.name, as_ranges(gaps(sorted(used.get(book.pk, ()))))) for book in books]
    return [one for one in found if one.ranges]


def as_ranges(ranges: list[tuple[int, int]]) -> str:
    return ", ".join(str(first) if first == last else f"{first}–{last}" for first, last in ranges)


def links_context(request: CabinetRequest, order: Order) -> dict[str, Any]:
    """Earlier and later orders beside this one, and whether it may still be amended or cancelled."""
    later = later_links(order)
    word, kind = standing_words(later)
    standing = order.state == OrderState.APPROVED and cancellation_of(order) is None
    return {
        "later": later,
        "earlier": list(order.links.select_related("target")),
        "standing": {"word": word, "kind": kind},
        "may_follow": standing and may(request.user, "orders.order.draft", order),
    }


@requires(VIEW, Order, related=("organisation", "series", "drafted_by", "submitted_by"))
def order_detail(request: CabinetRequest, order: Order) -> HttpResponse:
    clauses = list(order.clauses.standing())
    names = clause_names(clauses)
    buttons = order_buttons(request.user, order)
    blocks = order_blocks(order, clauses)
    files = files_readiness(order) if order.state == OrderState.APPROVED else None
    outdated = any(OUTDATED in button.obstacles for button in buttons)
    may_correct = order.is_editable and may(request.user, "orders.order.draft", order)
    context = {
        "order": order,
        "clauses": [(names[clause.pk], clause) for clause in clauses],
        "blocks": blocks,
        "files": files,
        "may_download": files is None or files.is_ready or not is_long(blocks),
        "draft": order_setup(order).draft,
        "buttons": buttons,
        "outdated": outdated,
        "may_correct": may_correct,
        "changes": pending_changes(order) if outdated and may_correct else [],
        "remarks": list(order.clause_remarks.filter(settled_at=None)) if order.is_editable else [],
        "history": JournalEntry.objects.about(order)[:20],
        "crumbs": crumbs(order),
        **links_context(request, order),
    }
    return render(request, "orders/order_detail.html", context)
