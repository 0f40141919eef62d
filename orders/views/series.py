"""Books of orders and their numbering."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import permit, requires
from core.journal import save_form
from core.models import JournalEntry
from core.paging import page_of
from orders.forms.series import SeriesForm
from orders.models import Series

CHANGE = "orders.series.change"


def path_to(here: str) -> list[tuple[str, str]]:
    return [("Приказы", reverse("order_list")), ("Книги приказов", reverse("series_list")), (here, "")]


@requires(CHANGE)
def series_list(request: CabinetRequest) -> HttpResponse:
    rows = Series.objects.permitted(request.user, CHANGE).filter(organisation=request.organisation)
    path = [("Приказы", reverse("order_list")), ("Книги приказов", "")]
    return render(request, "orders/series_list.html", {"page_obj": page_of(request, rows), "crumbs": path})


@requires(CHANGE)
def series_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    data = request.POST if request.method == "POST" else None
    form = SeriesForm(data, organisation=request.organisation)
    if form.is_bound and form.is_valid():
        save_form(form, actor=request.user, event=CHANGE, text="Заведена книга приказов.")
        messages.success(request, "Книга заведена.")
        return redirect("series_list")
    return render(request, "orders/series_new.html", {"form": form, "crumbs": path_to("Новая книга")})


@requires(CHANGE, Series, related=("organisation",))
def series_edit(request: CabinetRequest, series: Series) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    form = SeriesForm(data, instance=series, organisation=series.organisation)
    if form.is_bound and form.is_valid():
        save_form(form, actor=request.user, event=CHANGE, text="Изменена книга приказов.")
        messages.success(request, "Изменения сохранены.")
        return redirect("series_list")
    history = JournalEntry.objects.about(series)[:20]
    context = {"form": form, "series": series, "history": history, "crumbs": path_to("Изменить")}
    return render(request, "orders/series_edit.html", context)
