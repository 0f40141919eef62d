"""The bank of programmes: a list to search, and the register as a file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.http import CabinetRequest
from accounts.permissions import holds, requires, today
from core.paging import page_of
from mentorship.forms.programmes import ProgrammeFilter
from mentorship.models import Chip, Pair, Programme
from mentorship.services.programmes import keeps, open_for_programme, without_programme
from mentorship.sheets.programmes import PROGRAMMES
from mentorship.views.exports import EXPORT, people_response
from mentorship.views.programme_parts import CHANGE, VIEW, chips_of


@dataclass(frozen=True)
class Row:
    """A line of the bank."""

    programme: Programme
    chips: list[Chip]


@requires(VIEW)
def programme_list(request: CabinetRequest) -> HttpResponse:
    filters = ProgrammeFilter(request.GET, organisation=request.organisation)
    page = page_of(request, found_programmes(request, filters).for_cards())
    organisation, may_add = request.organisation, holds(request.user, CHANGE)
    lacking = without_programme(organisation, today()).count() if keeps(request.user, organisation.pk) else 0
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [Row(one, chips_of(one, today())) for one in page.object_list],
        "may_add": may_add and open_for_programme(request.user, organisation).exists(),
        "may_take": may_add,
        "may_see_templates": holds(request.user, "mentorship.template.view"),
        "lacking": lacking,
    }
    return render(request, "mentorship/programme_list.html", context)


def found_programmes(request: CabinetRequest, filters: ProgrammeFilter) -> Any:
    rows = Programme.objects.permitted(request.user, VIEW).filter(organisation=request.organisation)
    return narrowed(rows, filters.chosen())


def narrowed(rows: Any, chosen: dict[str, Any]) -> Any:
    """The programmes that fit the filter."""
    rows = rows.found(chosen.get("q") or "")
    if sort := chosen.get("sort"):
        groups = Pair.objects.alias(learners=Count("members")).filter(learners__gt=1).order_by().values("pk")
        rows = rows.filter(pair__in=groups) if sort == "group" else rows.exclude(pair__in=groups)
    if direction := chosen.get("direction"):
        rows = rows.filter(directions=direction)
    if form := chosen.get("form"):
        rows = rows.filter(forms=form)
    if state := chosen.get("state"):
        rows = rows.filter(state=state)
    if year := chosen.get("year"):
        first = dt.date(int(year), 9, 1)
        rows = rows.filter(starts_on__gte=first, starts_on__lt=first.replace(year=first.year + 1))
    return rows


@requires(EXPORT)
def programme_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    filters = ProgrammeFilter(request.GET, organisation=request.organisation)
    rows = (
        found_programmes(request, filters).for_cards().select_related("order").prefetch_related("kinds", "activities")
    )
    what = {"title": "Реестр персонализированных программ", "columns": PROGRAMMES, "rows": rows}
    return people_response(request, "programme_list", filters=filters, format=format, **what)
