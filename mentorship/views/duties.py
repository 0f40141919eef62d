"""Pages of legal terms: what must be done after withdrawals and conditions, by when, and the act of destruction."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import requires, today
from core.paging import page_of
from core.transitions import Refused
from mentorship.documents.consents import FORMATS
from mentorship.documents.duties import destruction_act_file
from mentorship.forms.consent_lists import DutyFilter, DutyForm
from mentorship.models import Chip, LegalDuty, Participant
from mentorship.services.duties import CHANGE, fulfil_duty
from mentorship.views.consents import sent

VIEW = "mentorship.duty.view"
RELATED = ("consent__participant__organisation", "done_by")


@dataclass(frozen=True)
class Row:
    """A line of the list."""

    duty: LegalDuty
    chip: Chip


@requires(VIEW)
def duty_list(request: CabinetRequest) -> HttpResponse:
    filters = DutyFilter(request.GET)
    rows = LegalDuty.objects.permitted(request.user, VIEW).select_related(*RELATED).flag(request.user, CHANGE)
    rows = rows.filter(consent__participant__organisation=request.organisation)
    page = page_of(request, narrowed(rows, filters.chosen(), today()))
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [Row(duty, chip_of(duty, today())) for duty in page.object_list],
        "crumbs": [("Согласия", reverse("consent_list")), ("Сроки по согласиям", "")],
    }
    return render(request, "mentorship/duty_list.html", context)


def narrowed(rows: Any, chosen: dict[str, Any], day: dt.date) -> Any:
    """The rows that fit the filter; the newest first among those that are done."""
    if words := chosen.get("q", "").strip():
        rows = rows.filter(consent__participant__in=Participant.objects.found(words))
    state = chosen.get("state")
    if state == DutyFilter.DONE:
        return rows.exclude(done_on=None).order_by("-done_on", "-pk")
    if state == DutyFilter.ALL:
        return rows
    return rows.open().filter(due_on__lt=day) if state == DutyFilter.LATE else rows.open()


def chip_of(duty: LegalDuty, day: dt.date) -> Chip:
    if duty.done_on:
        return Chip(f"сделано {duty.done_on:%d.%m.%Y}", "ok")
    if duty.is_late_on(day):
        return Chip(f"срок прошёл {duty.due_on:%d.%m.%Y}", "late")
    return Chip(duty.deadline, "wait")


@requires(CHANGE, LegalDuty, related=RELATED)
def duty_done(request: CabinetRequest, duty: LegalDuty) -> HttpResponse:
    form = DutyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            fulfil_duty(duty=duty, actor=request.user, note=form.cleaned_data["note"])
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Отмечено.")
            return redirect("duty_list")
    crumbs = [("Согласия", reverse("consent_list")), ("Сроки по согласиям", reverse("duty_list")), ("Сделано", "")]
    destroys = duty.kind == LegalDuty.Kind.DESTROY
    context = {"form": form, "duty": duty, "person": duty.consent.participant, "destroys": destroys, "crumbs": crumbs}
    return render(request, "mentorship/duty_done.html", context)


@requires(VIEW, LegalDuty, related=RELATED)
def duty_act(request: CabinetRequest, duty: LegalDuty, form: str) -> HttpResponseBase:
    """The act of destruction to print and sign."""
    if form not in FORMATS or duty.kind != LegalDuty.Kind.DESTROY:
        raise Http404
    return sent(destruction_act_file(duty, form), form)
