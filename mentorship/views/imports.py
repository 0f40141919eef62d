"""Pages of the import of participants: the file, its columns, the check, the result."""

from __future__ import annotations

import io
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRefresh

from accounts.http import CabinetRequest
from accounts.permissions import permit, requires
from core.models import JournalEntry
from core.paging import page_of
from core.storage import private_response
from core.transitions import Refused, obstacles_of
from core.uploads.kinds import XLSX, UploadError
from mentorship.forms.imports import ColumnsForm, DoublesForm, UploadForm
from mentorship.models import BatchState, ImportBatch
from mentorship.models.imports import IMPORT, KEPT_DAYS
from mentorship.services.imports import answer_doubles, cancel, name_columns
from mentorship.sheets import batches
from mentorship.sheets.columns import COLUMNS

SHOWN_ERRORS, SHOWN_DOUBLES = 200, 100
# Where the work on a batch goes on.
PAGES = {
    BatchState.UPLOADED: "import_columns",
    BatchState.CHECKING: "import_preview",
    BatchState.CHECKED: "import_preview",
    BatchState.APPLYING: "import_preview",
}
CHIPS = {
    BatchState.DONE: "ok",
    BatchState.FAILED: "late",
    BatchState.CANCELLED: "",
    BatchState.CHECKED: "wait",
    BatchState.UPLOADED: "wait",
}


def crumbs(here: str) -> list[tuple[str, str]]:
    return [("Участники", reverse("participant_list")), ("Загрузки таблиц", reverse("import_list")), (here, "")]


def page_for(batch: ImportBatch) -> HttpResponse:
    """To the page where the work on the batch goes on, or to its result."""
    return redirect(PAGES.get(BatchState(batch.state), "import_detail"), batch.pk)


@requires(IMPORT)
def import_list(request: CabinetRequest) -> HttpResponse:
    rows = ImportBatch.objects.permitted(request.user, IMPORT).filter(organisation=request.organisation)
    query = request.GET.get("q", "").strip()[:100].replace("\0", "")
    page = page_of(request, rows.filter(file_name__icontains=query).select_related("created_by"))
    context = {
        "page_obj": page,
        "rows": [(batch, CHIPS.get(BatchState(batch.state), "go")) for batch in page.object_list],
        "query": query,
        "kept_days": KEPT_DAYS,
        "crumbs": crumbs("")[:1] + [("Загрузки таблиц", "")],
    }
    return render(request, "mentorship/import_list.html", context)


@requires(IMPORT)
def import_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, IMPORT, request.organisation)
    form = UploadForm(request.POST, request.FILES) if request.method == "POST" else UploadForm()
    if form.is_valid():
        uploaded = form.cleaned_data["file"]
        batch = batches.take_in(organisation=request.organisation, actor=request.user, uploaded=uploaded)
        return redirect("import_columns", batch.pk)
    context = {"form": form, "columns": COLUMNS, "kept_days": KEPT_DAYS, "crumbs": crumbs("Новая загрузка")}
    return render(request, "mentorship/import_new.html", context)


@requires(IMPORT)
def import_sample(request: CabinetRequest) -> HttpResponseBase:
    file = io.BytesIO(batches.sample())
    return private_response(file, filename="Участники, образец.xlsx", content_type=XLSX.content_type)


@requires(IMPORT, ImportBatch, related=("organisation",))
def import_columns(request: CabinetRequest, batch: ImportBatch) -> HttpResponse:
    if batch.state not in (BatchState.UPLOADED, BatchState.CHECKED):
        return page_for(batch)
    form = ColumnsForm(request.POST or None, batch=batch)
    if request.method == "POST" and form.is_valid():
        name_columns(batch=batch, actor=request.user, mapping=form.mapping())
        return checked(request, batch)
    context = {"form": form, "batch": batch, "crumbs": crumbs("Колонки")}
    return render(request, "mentorship/import_columns.html", context)


@requires(IMPORT, ImportBatch, related=("organisation",))
def import_preview(request: CabinetRequest, batch: ImportBatch) -> HttpResponse:
    if PAGES.get(BatchState(batch.state)) != "import_preview":
        return page_for(batch)
    if request.headers.get("HX-Request") and not batch.is_busy:
        return HttpResponseClientRefresh()
    doubles = batch.doubles[:SHOWN_DOUBLES] if batch.state == BatchState.CHECKED else []
    form = DoublesForm(request.POST or None, doubles=sorted(doubles, key=lambda double: bool(double["choice"])))
    if request.method == "POST" and batch.state == BatchState.CHECKED and form.is_valid():
        answer_doubles(batch=batch, actor=request.user, answers=form.answers())
        return checked(request, batch)
    return render(request, "mentorship/import_preview.html", preview(batch, doubles, form))


def checked(request: CabinetRequest, batch: ImportBatch) -> HttpResponse:
    """Check the table and go on to what was found."""
    try:
        batches.check(batch=batch, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return page_for(batch)


def preview(batch: ImportBatch, doubles: list[dict[str, Any]], form: DoublesForm) -> dict[str, Any]:
    """What the check has found, the rows that stop it first."""
    return {
        "batch": batch,
        "form": form,
        "errors": batch.errors[:SHOWN_ERRORS],
        "doubles": doubles,
        "more_doubles": len(batch.doubles) - len(doubles),
        "obstacles": [] if batch.is_busy else obstacles_of(batch, "apply"),
        "ignored": [header["title"] for header in batch.headers if not batch.mapping.get(header["title"])],
        "crumbs": crumbs("Проверка"),
    }


@requires(IMPORT, ImportBatch, related=("organisation",))
def import_errors(request: CabinetRequest, batch: ImportBatch) -> HttpResponseBase:
    try:
        file = io.BytesIO(batches.bad_rows(batch))
    except UploadError as refusal:
        messages.error(request, str(refusal))
        return page_for(batch)
    return private_response(file, filename="Строки с ошибками.xlsx", content_type=XLSX.content_type)


@require_POST
@requires(IMPORT, ImportBatch, related=("organisation",))
def import_apply(request: CabinetRequest, batch: ImportBatch) -> HttpResponse:
    try:
        batches.apply(batch=batch, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        if batch.state == BatchState.CHECKED:
            messages.warning(request, "С прошлой проверки в портале кое-что изменилось. Проверьте строки ещё раз.")
    return page_for(batch)


@require_POST
@requires(IMPORT, ImportBatch, related=("organisation",))
def import_cancel(request: CabinetRequest, batch: ImportBatch) -> HttpResponse:
    try:
        cancel(batch=batch, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Загрузка отменена, файл удалён.")
    return redirect("import_detail", batch.pk)


@requires(IMPORT, ImportBatch, related=("organisation", "created_by"))
def import_detail(request: CabinetRequest, batch: ImportBatch) -> HttpResponse:
    if batch.state in PAGES:
        return page_for(batch)
    context = {
        "batch": batch,
        "kind": CHIPS[BatchState(batch.state)],
        "history": JournalEntry.objects.about(batch)[:20],
        "kept_days": KEPT_DAYS,
        "crumbs": crumbs(batch.file_name),
    }
    return render(request, "mentorship/import_detail.html", context)
