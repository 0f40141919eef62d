"""The school's calendar of terms, and what the production calendar says about the year."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.forms.organisations import TermForm
from accounts.http import CabinetRequest
from accounts.models import Organisation, ProductionDay, Term
from accounts.permissions import may, requires, today
from accounts.services.organisations import delete_term
from accounts.services.saving import save_or_explain
from accounts.views.organisations import crumbs_of

VIEW, CHANGE = "accounts.organisation.view", "accounts.calendar.change"
SEPTEMBER = 9
YEAR = re.compile(r"[0-9]{4}")


def school_year_start(day: dt.date) -> int:
    """The calendar year in which the school year of the day began."""
    return day.year if day.month >= SEPTEMBER else day.year - 1


def asked_year(request: CabinetRequest) -> int:
    """`?year=2026` for 2026/27; anything that is no year within reason is the current one."""
    text, now = request.GET.get("year", ""), school_year_start(today())
    return int(text) if YEAR.fullmatch(text) and 2000 <= int(text) <= 2100 else now


@dataclass(frozen=True)
class Spell:
    """Days in a row that the production calendar calls the same."""

    first: dt.date
    last: dt.date
    kind: str
    name: str


def spells(days: Iterable[ProductionDay]) -> list[Spell]:
    """The days in their order, those that follow each other under one name put together."""
    found: list[Spell] = []
    for one in days:
        words = (one.get_kind_display().lower(), one.name)
        before = found[-1] if found else None
        if before and (before.kind, before.name) == words and one.day - before.last == dt.timedelta(days=1):
            found[-1] = replace(before, last=one.day)
        else:
            found.append(Spell(one.day, one.day, *words))
    return found


@requires(VIEW, Organisation)
def term_list(request: CabinetRequest, organisation: Organisation) -> HttpResponse:
    """Terms and holidays of a school year, and the days that differ from the week."""
    year = asked_year(request)
    first, last = dt.date(year, SEPTEMBER, 1), dt.date(year + 1, 8, 31)
    context = {
        "organisation": organisation,
        "year": year,
        "year_label": f"{year}/{(year + 1) % 100:02d}",
        "terms": organisation.terms.filter(starts_on__lte=last, ends_on__gte=first),
        "spells": spells(ProductionDay.objects.filter(day__range=(first, last))),
        "may_change": may(request.user, CHANGE, organisation),
        "crumbs": crumbs_of(organisation, "Календарь"),
    }
    return render(request, "accounts/term_list.html", context)


@requires(CHANGE, Organisation)
def term_new(request: CabinetRequest, organisation: Organisation) -> HttpResponse:
    return term_form(request, Term(organisation=organisation), "Новый период", "Период добавлен в календарь.")


@requires(CHANGE, Term, related=("organisation",))
def term_edit(request: CabinetRequest, term: Term) -> HttpResponse:
    return term_form(request, term, term.name, "Период календаря изменён.")


def term_form(request: CabinetRequest, term: Term, title: str, text: str) -> HttpResponse:
    organisation = term.organisation
    form = TermForm(request.POST or None, instance=term, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        saved = save_or_explain(form, actor=request.user, event=CHANGE, text=text)
        if saved is not None:
            messages.success(request, "Календарь сохранён.")
            return redirect(calendar_of(saved))
    context = {
        "form": form,
        "title": title,
        "term": term,
        "organisation": organisation,
        "crumbs": crumbs_of(organisation, title),
    }
    return render(request, "accounts/term_edit.html", context)


@requires(CHANGE, Term, related=("organisation",))
def term_delete(request: CabinetRequest, term: Term) -> HttpResponse:
    """Ask, then remove."""
    back = calendar_of(term)
    if request.method == "POST":
        delete_term(term=term, actor=request.user)
        messages.success(request, "Период удалён из календаря.")
        return redirect(back)
    context = {"term": term, "back": back, "crumbs": crumbs_of(term.organisation, "Удаление периода")}
    return render(request, "accounts/term_delete.html", context)


def calendar_of(term: Term) -> str:
    """The page of the year the term belongs to."""
    return f"{reverse('term_list', args=[term.organisation_id])}?year={school_year_start(term.starts_on)}"
