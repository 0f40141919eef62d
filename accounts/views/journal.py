"""The journal: everything that was done in the organisations whose history the reader may see."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.forms.journal import JournalFilter
from accounts.http import CabinetRequest
from accounts.models import Organisation
from accounts.permissions import requires
from core.models import JournalEntry, JournalQuerySet
from core.paging import page_of

OUR_APPS = ("accounts", "core", "mentorship", "monitoring", "orders", "roadmap", "site_section", "surveys")


@requires("accounts.journal.view")
def journal(request: CabinetRequest) -> HttpResponse:
    """The newest first, filtered; a wrong filter shows its error and the whole journal."""
    form, entries = found_entries(request)
    context = {
        "form": form,
        "page_obj": page_of(request, entries),
        "crumbs": [("Дела", reverse("home")), ("Журнал действий", "")],
    }
    return render(request, "accounts/journal.html", context)


def found_entries(request: CabinetRequest) -> tuple[JournalFilter, JournalQuerySet]:
    """The filter of the request and what it leaves of the history that the reader may see."""
    scopes = Organisation.objects.permitted(request.user, "accounts.journal.view").values_list("pk", flat=True)
    kinds = [one for one in ContentType.objects.filter(app_label__in=OUR_APPS) if one.model_class()]
    form = JournalFilter(request.GET, kinds=kinds)
    entries = JournalEntry.objects.within(scopes)
    return form, entries.filter(form.condition()) if form.is_valid() else entries
