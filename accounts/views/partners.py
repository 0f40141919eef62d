"""Partners of the school and the agreements with them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.attention import page_panels
from accounts.forms.partners import AgreementForm, PartnerFilter, PartnerForm
from accounts.http import CabinetRequest
from accounts.models import Agreement, Partner
from accounts.models.partners import PartnerQuerySet
from accounts.permissions import may, permit, requires, today
from accounts.services.partners import set_agreement_file
from accounts.services.saving import save_or_explain
from core.models import JournalEntry
from core.paging import page_of
from core.storage import brought_response

VIEW, CHANGE = "accounts.partner.view", "accounts.partner.change"


def crumbs_of(partner: Partner | None, *rest: str) -> list[tuple[str, str]]:
    """The path: the list, the partner if there is one, the page itself."""
    path = [("Партнёры", reverse("partner_list"))]
    if partner is not None:
        path.append((partner.title, reverse("partner_detail", args=[partner.pk]) if rest else ""))
    return [*path, *((one, "") for one in rest)]


@requires(VIEW)
def partner_list(request: CabinetRequest) -> HttpResponse:
    """Partners of the organisation, each with the agreement that tells how things stand."""
    form = PartnerFilter(request.GET)
    rows = Partner.objects.permitted(request.user, VIEW).filter(organisation=request.organisation)
    rows = narrowed(rows, form.cleaned_data if form.is_valid() else {})
    page = page_of(request, rows.by_title().with_agreements())
    context = {
        "form": form,
        "page_obj": page,
        "rows": [agreement_row(one.best_agreement(today()), one) for one in page.object_list],
        "may_add": may(request.user, CHANGE, request.organisation),
        "crumbs": [("Дела", reverse("home")), ("Партнёры", "")],
    }
    return render(request, "accounts/partner_list.html", context)


def narrowed(rows: PartnerQuerySet, wanted: dict[str, Any]) -> PartnerQuerySet:
    """The rows that fit the filter."""
    rows = rows.found(wanted.get("q", "")).filter(is_active=wanted.get("state") != PartnerFilter.FORMER)
    if wanted.get("agreement") == PartnerFilter.YES:
        return rows.with_agreement(today())
    if wanted.get("agreement") == PartnerFilter.NO:
        return rows.without_agreement(today())
    return rows


def agreement_row(agreement: Agreement | None, partner: Partner) -> dict[str, Any]:
    """A line of a table: the partner, the agreement, and its state in words with the kind of the chip."""
    word, kind = agreement.state_words(today()) if agreement else ("нет соглашения", "no")
    return {"partner": partner, "agreement": agreement, "word": word, "kind": kind}


@requires(VIEW, Partner)
def partner_detail(request: CabinetRequest, partner: Partner) -> HttpResponse:
    """Contacts, agreements, the people of the partner who take part, the history."""
    agreements = list(partner.agreements.all())
    context = {
        "partner": partner,
        "rows": [agreement_row(one, partner) for one in agreements],
        "panels": page_panels("partner_detail", request.user, partner),
        "may_change": may(request.user, CHANGE, partner),
        "history": JournalEntry.objects.about(partner, *agreements)[:20],
        "crumbs": crumbs_of(partner),
    }
    return render(request, "accounts/partner_detail.html", context)


@requires(CHANGE)
def partner_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    partner = Partner(organisation=request.organisation)
    crumbs = crumbs_of(None, "Новый партнёр")
    return partner_form(request, partner, "accounts/partner_new.html", "Партнёр добавлен.", crumbs)


@requires(CHANGE, Partner, related=("organisation",))
def partner_edit(request: CabinetRequest, partner: Partner) -> HttpResponse:
    crumbs = crumbs_of(partner, "Изменить")
    return partner_form(request, partner, "accounts/partner_edit.html", "Изменены сведения о партнёре.", crumbs)


def partner_form(
    request: CabinetRequest, partner: Partner, template: str, text: str, crumbs: list[tuple[str, str]]
) -> HttpResponse:
    form = PartnerForm(request.POST or None, instance=partner, organisation=partner.organisation)
    if request.method == "POST" and form.is_valid():
        saved = save_or_explain(form, actor=request.user, event=CHANGE, text=text)
        if saved is not None:
            messages.success(request, "Сохранено.")
            return redirect("partner_detail", saved.pk)
    return render(request, template, {"form": form, "partner": partner, "crumbs": crumbs})


@requires(CHANGE, Partner)
def agreement_new(request: CabinetRequest, partner: Partner) -> HttpResponse:
    return agreement_form(request, Agreement(partner=partner), "Новое соглашение", "Записано соглашение с партнёром.")


@requires(CHANGE, Agreement, related=("partner",))
def agreement_edit(request: CabinetRequest, agreement: Agreement) -> HttpResponse:
    return agreement_form(request, agreement, str(agreement), "Изменены сведения о соглашении.")


def agreement_form(request: CabinetRequest, agreement: Agreement, title: str, text: str) -> HttpResponse:
    """The page of both: the row first, then the file that was chosen."""
    partner = agreement.partner
    form = AgreementForm(request.POST or None, request.FILES or None, instance=agreement)
    if request.method == "POST" and form.is_valid():
        saved = save_or_explain(form, actor=request.user, event=CHANGE, text=text)
        if saved is not None:
            if file := form.cleaned_data["new_file"]:
                set_agreement_file(agreement=saved, file=file, actor=request.user)
            messages.success(request, "Соглашение сохранено.")
            return redirect("partner_detail", partner.pk)
    context = {"form": form, "title": title, "partner": partner, "crumbs": crumbs_of(partner, title)}
    template = "accounts/agreement_edit.html" if agreement.pk else "accounts/agreement_new.html"
    return render(request, template, context)


@requires(VIEW, Agreement)
def agreement_file(request: CabinetRequest, agreement: Agreement) -> HttpResponseBase:
    """The signed paper."""
    return brought_response(agreement.file, agreement.file_name, inline="show" in request.GET)
