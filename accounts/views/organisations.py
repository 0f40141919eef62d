"""The organisation: requisites, head and who stands in, emblem, bodies, and the list for whoever has several."""

from __future__ import annotations

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.forms.organisations import ActingHeadForm, EndForm, NewOrganisationForm, OrganisationForm
from accounts.http import CabinetRequest
from accounts.models import ActingHead, Body, Organisation
from accounts.models.organisations import OrganisationKind
from accounts.permissions import may, requires, today
from accounts.services.organisations import end_acting, set_emblem
from accounts.services.saving import save_or_explain
from core.journal import save_form
from core.models import JournalEntry
from core.paging import page_of
from core.storage import private_response
from core.transitions import Refused

VIEW, CHANGE, ADD = "accounts.organisation.view", "accounts.organisation.change", "accounts.organisation.add"
BODIES, CALENDAR = "accounts.body.view", "accounts.calendar.change"


def crumbs_of(organisation: Organisation, *rest: str) -> list[tuple[str, str]]:
    """The path: the organisation, then the page itself."""
    place = reverse("organisation_detail", args=[organisation.pk])
    return [("Дела", reverse("home")), (organisation.name, place if rest else ""), *((one, "") for one in rest)]


@requires(VIEW)
def organisation_list(request: CabinetRequest) -> HttpResponse:
    """Organisations that the reader looks after."""
    text = request.GET.get("q", "").strip()[:100]
    rows = Organisation.objects.permitted(request.user, VIEW).select_related("parent")
    context = {
        "page_obj": page_of(request, rows.filter(name__icontains=text) if text else rows),
        "q": text,
        "may_add": Organisation.objects.permitted(request.user, ADD).exists(),
        "crumbs": [("Дела", reverse("home")), ("Организации", "")],
    }
    return render(request, "accounts/organisation_list.html", context)


@requires(VIEW, Organisation, related=("parent",))
def organisation_detail(request: CabinetRequest, organisation: Organisation) -> HttpResponse:
    """Everything about the organisation on one page."""
    context = {
        "organisation": organisation,
        "signer": organisation.signer_on(today()),
        "acting_heads": organisation.acting_heads.all()[:10],
        "bodies": Body.objects.permitted(request.user, BODIES).filter(organisation=organisation),
        "may_see_bodies": may(request.user, BODIES, organisation),
        "may_change": may(request.user, CHANGE, organisation),
        "may_change_bodies": may(request.user, "accounts.body.change", organisation),
        "history": JournalEntry.objects.about(organisation, *organisation.acting_heads.all())[:20],
        "crumbs": crumbs_of(organisation),
        "day": today(),
    }
    return render(request, "accounts/organisation_detail.html", context)


@requires(ADD)
def organisation_new(request: CabinetRequest) -> HttpResponse:
    """Add an organisation to the municipality."""
    parents = Organisation.objects.permitted(request.user, ADD).filter(kind=OrganisationKind.MUNICIPALITY)
    form = NewOrganisationForm(request.POST or None, parents=parents)
    if request.method == "POST" and form.is_valid():
        saved = save_or_explain(form, actor=request.user, event=ADD, text="Организация добавлена.")
        if saved is not None:
            messages.success(request, "Организация добавлена. Теперь добавьте в неё людей.")
            return redirect("organisation_detail", saved.pk)
    crumbs = [("Организации", reverse("organisation_list")), ("Новая организация", "")]
    return render(request, "accounts/organisation_new.html", {"form": form, "crumbs": crumbs})


@requires(CHANGE, Organisation)
def organisation_edit(request: CabinetRequest, organisation: Organisation) -> HttpResponse:
    """Requisites and emblem. Orders approved earlier keep what they were approved with."""
    form = OrganisationForm(request.POST or None, request.FILES or None, instance=organisation)
    if request.method == "POST" and form.is_valid():
        save_form(form, actor=request.user, event=CHANGE, text="Изменены сведения об организации.")
        if form.cleaned_data["new_emblem"] or form.cleaned_data.get("remove_emblem"):
            set_emblem(organisation=organisation, file=form.cleaned_data["new_emblem"], actor=request.user)
        messages.success(request, "Сведения сохранены. Утверждённые приказы не изменились.")
        return redirect("organisation_detail", organisation.pk)
    stored = Organisation.objects.get(pk=organisation.pk)
    context = {"form": form, "organisation": stored, "crumbs": crumbs_of(stored, "Реквизиты")}
    return render(request, "accounts/organisation_edit.html", context)


@requires(VIEW, Organisation)
def organisation_emblem(request: CabinetRequest, organisation: Organisation) -> FileResponse:
    """The emblem as a picture; it has been drawn anew from what was uploaded."""
    if not organisation.emblem:
        raise Http404
    suffix = str(organisation.emblem.name).rpartition(".")[2].lower()
    content_type = f"image/{'jpeg' if suffix in ('jpg', 'jpeg') else suffix}"
    return private_response(organisation.emblem, filename=f"emblem.{suffix}", content_type=content_type, inline=True)


@requires(CHANGE, Organisation)
def acting_head_new(request: CabinetRequest, organisation: Organisation) -> HttpResponse:
    """Who stands in for the head, from a day to a day."""
    return acting_head_form(request, ActingHead(organisation=organisation), "Новый исполняющий обязанности")


@requires(CHANGE, ActingHead, related=("organisation",))
def acting_head_edit(request: CabinetRequest, acting: ActingHead) -> HttpResponse:
    return acting_head_form(request, acting, "Исполняющий обязанности")


def acting_head_form(request: CabinetRequest, acting: ActingHead, title: str) -> HttpResponse:
    """The page of both: periods that overlap come back as an error of the form."""
    organisation = acting.organisation
    form = ActingHeadForm(request.POST or None, instance=acting, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        text = "Записано, кто исполняет обязанности руководителя."
        if save_or_explain(form, actor=request.user, event=CHANGE, text=text) is not None:
            messages.success(request, "Сохранено. В эти дни документы подписывает исполняющий обязанности.")
            return redirect("organisation_detail", organisation.pk)
    context = {"form": form, "title": title, "organisation": organisation, "crumbs": crumbs_of(organisation, title)}
    return render(request, "accounts/acting_head_edit.html", context)


@requires(CHANGE, ActingHead, related=("organisation",))
def acting_head_end(request: CabinetRequest, acting: ActingHead) -> HttpResponse:
    """Bring the last day forward."""
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_acting(acting=acting, ends_on=form.cleaned_data["ends_on"], actor=request.user)
        except Refused as refusal:
            form.add_error("ends_on", refusal.obstacles)
        else:
            messages.success(request, "Последний день записан.")
            return redirect("organisation_detail", acting.organisation_id)
    crumbs = crumbs_of(acting.organisation, "Окончание исполнения обязанностей")
    return render(request, "accounts/acting_head_end.html", {"form": form, "acting": acting, "crumbs": crumbs})
