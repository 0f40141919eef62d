"""Lists as files: the journal and the people of the portal; the answer that the lists of other apps give too."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from accounts.forms.partners import PartnerFilter
from accounts.forms.people import PeopleFilter
from accounts.http import CabinetRequest
from accounts.models import Organisation, Partner
from accounts.permissions import requires
from accounts.services.exports import export_list
from accounts.sheets import JOURNAL, PARTNERS, USERS
from accounts.views.journal import found_entries
from accounts.views.partners import narrowed
from accounts.views.people import found_people
from core.sheets.exports import FORMATS, ExportColumn, filter_words
from core.storage import private_response
from core.transitions import Refused

EXPORT = "accounts.list.export"


def list_response(
    request: CabinetRequest,
    *,
    action: str,
    title: str,
    columns: Sequence[ExportColumn],
    rows: QuerySet[Any] | Sequence[Any],
    filters: Form | None = None,
    format: str,
    back: str,
    **more: Any,
) -> HttpResponseBase:
    """The file of a list; too long a one leads back to the page `back` with the reason. `more` is for `export_list`."""
    if format not in FORMATS:
        raise Http404
    try:
        made = export_list(
            organisation=request.organisation,
            actor=request.user,
            action=action,
            title=title,
            columns=columns,
            rows=rows,
            filters=filter_words(filters) if filters is not None else "",
            format=format,
            **more,
        )
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(f"{back}?{request.GET.urlencode()}")
    return private_response(made.file, filename=made.name, content_type=made.content_type)


@requires(EXPORT)
def journal_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    filters, entries = found_entries(request)
    return list_response(
        request,
        action=EXPORT,
        title="Журнал действий",
        columns=JOURNAL,
        rows=entries,
        filters=filters,
        format=format,
        back=reverse("journal"),
    )


@requires("accounts.user.view")
def user_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    organisations = Organisation.objects.permitted(request.user, "accounts.user.view")
    filters = PeopleFilter(request.GET, organisations=organisations)
    people = found_people(request.user, organisations, filters.cleaned_data if filters.is_valid() else {})
    return list_response(
        request,
        action=EXPORT,
        title="Пользователи",
        columns=USERS,
        rows=people,
        filters=filters,
        format=format,
        back=reverse("user_list"),
    )


@requires("accounts.partner.view")
def partner_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    filters = PartnerFilter(request.GET)
    rows = Partner.objects.permitted(request.user, "accounts.partner.view").filter(organisation=request.organisation)
    return list_response(
        request,
        action=EXPORT,
        title="Партнёры",
        columns=PARTNERS,
        rows=narrowed(rows, filters.cleaned_data if filters.is_valid() else {}).by_title(),
        filters=filters,
        format=format,
        back=reverse("partner_list"),
    )
