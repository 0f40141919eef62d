"""Pages of the federal forms: a bank as of today, its frozen snapshots, and the files of both."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.db.models import F, Func, IntegerField
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.models import Organisation
from accounts.permissions import may, permit, requires, today
from core.models import JournalEntry
from core.paging import page_of
from core.storage import private_response
from core.transitions import Refused
from mentorship.documents.federal import FORMATS, MOST_PDF_ROWS, bank_file
from mentorship.forms.banks import role_in
from mentorship.forms.federal import FormFilter
from mentorship.models import BankRole, BankSnapshot
from mentorship.models.federal import TITLES, BankTable, bank_table
from mentorship.models.snapshots import Difference, difference, table_of, withdrawn_in
from mentorship.services.snapshots import CHANGE, EXPORT, delete_snapshot, make_snapshot, note_export

VIEW = "mentorship.snapshot.view"
TOO_LONG = "В PDF помещается не больше {most} строк. Скачайте таблицу Excel или документ Word."
RELATED = ("organisation", "order", "made_by")


@requires(VIEW)
def bank_form(request: CabinetRequest) -> HttpResponse:
    permit(request.user, VIEW, request.organisation)
    role, filters = role_in(request.GET.get("role", "")), FormFilter(request.GET)
    table = bank_table(request.organisation, role, today(), filters.categories)
    context = {
        "role": role,
        "tabs": tabs_of(role),
        "table": table,
        "filters": filters,
        "narrowed": bool(filters.categories),
        "formats": FORMATS if may(request.user, EXPORT, request.organisation) else {},
        "may_change": may(request.user, CHANGE, request.organisation),
        "crumbs": [bank_crumb(role), ("Федеральная форма", "")],
    }
    return render(request, "mentorship/bank_form.html", context)


def tabs_of(role: BankRole) -> list[dict[str, Any]]:
    url = reverse("bank_form")
    return [{"label": TITLES[one], "url": f"{url}?role={one.value}", "current": one == role} for one in BankRole]


@requires(EXPORT)
def bank_form_file(request: CabinetRequest, form: str) -> HttpResponseBase:
    permit(request.user, EXPORT, request.organisation)
    role, filters = role_in(request.GET.get("role", "")), FormFilter(request.GET)
    table = bank_table(request.organisation, role, today(), filters.categories)
    back = f"{reverse('bank_form')}?{request.GET.urlencode()}"
    return exported(request, table, request.organisation, form, back)


def exported(
    request: CabinetRequest, table: BankTable, organisation: Organisation, form: str, back: str
) -> HttpResponseBase:
    """The file, noted in the history; a PDF too long to be printed while somebody waits leads back with a word."""
    if form not in FORMATS:
        raise Http404
    if form == "pdf" and len(table.rows) > MOST_PDF_ROWS:
        messages.error(request, TOO_LONG.format(most=MOST_PDF_ROWS))
        return redirect(back)
    name, content = bank_file(table, organisation, form)
    note_export(organisation=organisation, table=table, form=form, actor=request.user)
    return private_response(ContentFile(content), filename=name, content_type=FORMATS[form].content_type)


@requires(VIEW)
def snapshot_list(request: CabinetRequest) -> HttpResponse:
    rows = BankSnapshot.objects.permitted(request.user, VIEW).filter(organisation=request.organisation)
    size = Func(F("rows"), function="jsonb_array_length", output_field=IntegerField())
    listed = (
        rows.select_related("order", "made_by")
        .with_cancelled(today())
        .annotate(size=size)
        .defer("rows", "people", "columns")
    )
    context = {
        "page_obj": page_of(request, listed),
        "roles": [(role.value, TITLES[role]) for role in BankRole],
        "may_change": may(request.user, CHANGE, request.organisation),
        "crumbs": [bank_crumb(BankRole.MENTOR), ("Снимки банков", "")],
    }
    return render(request, "mentorship/snapshot_list.html", context)


@require_POST
@requires(CHANGE)
def snapshot_new(request: CabinetRequest) -> HttpResponse:
    role = request.POST.get("role", "")
    if role not in BankRole.values:
        raise Http404
    try:
        snapshot = make_snapshot(organisation=request.organisation, role=BankRole(role), actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("snapshot_list")
    messages.success(request, "Снимок составлен: он не изменится. Теперь его можно утвердить приказом.")
    return redirect("snapshot_detail", snapshot.pk)


@requires(VIEW, BankSnapshot, related=RELATED)
def snapshot_detail(request: CabinetRequest, snapshot: BankSnapshot) -> HttpResponse:
    user, gone = request.user, withdrawn_in(snapshot, today())
    context = {
        "snapshot": snapshot,
        "table": table_of(snapshot, withdrawn=gone),
        "withdrawn": len(gone),
        "cancelled": BankSnapshot.objects.cancelled(today()).filter(pk=snapshot.pk).exists(),
        "difference": difference_of(snapshot),
        "formats": FORMATS if may(user, EXPORT, snapshot) else {},
        "may_see_order": snapshot.order is not None and may(user, "orders.order.view", snapshot.order),
        "may_delete": snapshot.order is None and may(user, CHANGE, snapshot),
        "may_draft": snapshot.order is None and may(user, "orders.order.draft", snapshot.organisation),
        "history": JournalEntry.objects.about(snapshot)[:20],
        "crumbs": [list_crumb(), (str(snapshot), "")],
    }
    return render(request, "mentorship/snapshot_detail.html", context)


def difference_of(snapshot: BankSnapshot) -> Difference | None:
    """Against the snapshot of the same bank made before; None for the first."""
    own = BankSnapshot.objects.filter(organisation=snapshot.organisation_id, role=snapshot.role)
    earlier = own.filter(pk__lt=snapshot.pk).order_by("-pk").first()
    return difference(earlier, snapshot, today()) if earlier else None


@requires(EXPORT, BankSnapshot, related=("organisation",))
def snapshot_file(request: CabinetRequest, snapshot: BankSnapshot, form: str) -> HttpResponseBase:
    table = table_of(snapshot, withdrawn=withdrawn_in(snapshot, today()))
    back = reverse("snapshot_detail", args=[snapshot.pk])
    return exported(request, table, snapshot.organisation, form, back)


@requires(CHANGE, BankSnapshot, related=RELATED)
def snapshot_delete(request: CabinetRequest, snapshot: BankSnapshot) -> HttpResponse:
    if request.method == "POST":
        try:
            delete_snapshot(snapshot=snapshot, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect("snapshot_detail", snapshot.pk)
        messages.success(request, "Снимок удалён.")
        return redirect("snapshot_list")
    crumbs = [list_crumb(), (str(snapshot), reverse("snapshot_detail", args=[snapshot.pk])), ("Удалить", "")]
    return render(request, "mentorship/snapshot_delete.html", {"snapshot": snapshot, "crumbs": crumbs})


def bank_crumb(role: BankRole) -> tuple[str, str]:
    return (TITLES[role], f"{reverse('bank_list')}?role={role.value}")


def list_crumb() -> tuple[str, str]:
    return ("Снимки банков", reverse("snapshot_list"))
