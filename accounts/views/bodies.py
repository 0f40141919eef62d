"""Bodies of the organisation and their members."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.forms.organisations import BodyForm, BodyMemberForm, EndForm
from accounts.http import CabinetRequest
from accounts.models import Body, BodyMember, Organisation
from accounts.permissions import may, permit, requires, today
from accounts.services.organisations import end_body_membership
from accounts.services.saving import save_or_explain
from accounts.views.organisations import crumbs_of
from core.models import JournalEntry
from core.transitions import Refused

VIEW, CHANGE = "accounts.body.view", "accounts.body.change"


@requires(VIEW, Body, related=("organisation",))
def body_detail(request: CabinetRequest, body: Body) -> HttpResponse:
    """Members of today and former ones, and the history."""
    members = list(body.members.select_related("user"))
    context = {
        "body": body,
        "members": [one for one in members if one.ends_on is None or one.ends_on >= today()],
        "former": [one for one in members if one.ends_on is not None and one.ends_on < today()],
        "may_change": may(request.user, CHANGE, body),
        "history": JournalEntry.objects.about(body, *members)[:20],
        "crumbs": crumbs_of(body.organisation, body.name),
    }
    return render(request, "accounts/body_detail.html", context)


@requires(CHANGE, Organisation)
def body_new(request: CabinetRequest, organisation: Organisation) -> HttpResponse:
    return body_form(request, Body(organisation=organisation), "Новый орган", "Орган добавлен.")


@requires(CHANGE, Body, related=("organisation",))
def body_edit(request: CabinetRequest, body: Body) -> HttpResponse:
    return body_form(request, body, body.name, "Сведения об органе изменены.")


def body_form(request: CabinetRequest, body: Body, title: str, text: str) -> HttpResponse:
    organisation = body.organisation
    form = BodyForm(request.POST or None, instance=body, organisation=organisation)
    if request.method == "POST" and form.is_valid():
        saved = save_or_explain(form, actor=request.user, event=CHANGE, text=text)
        if saved is not None:
            messages.success(request, "Сохранено.")
            return redirect("body_detail", saved.pk)
    context = {"form": form, "title": title, "organisation": organisation, "crumbs": crumbs_of(organisation, title)}
    return render(request, "accounts/body_edit.html", context)


def crumbs_in(body: Body, title: str) -> list[tuple[str, str]]:
    """The path: the organisation, the body, the page."""
    return [
        *crumbs_of(body.organisation, body.name)[:-1],
        (body.name, reverse("body_detail", args=[body.pk])),
        (title, ""),
    ]


@requires(CHANGE, Body, related=("organisation",))
def body_member_new(request: CabinetRequest, body: Body) -> HttpResponse:
    form = BodyMemberForm(request.POST or None, body=body, initial={"starts_on": today()})
    if request.method == "POST" and form.is_valid():
        permit(request.user, CHANGE, body)
        saved = save_or_explain(form, actor=request.user, event=CHANGE, text="Добавлен член органа.")
        if saved is not None:
            messages.success(request, "Человек добавлен в состав.")
            return redirect("body_detail", body.pk)
    context = {"form": form, "body": body, "crumbs": crumbs_in(body, "Добавить в состав")}
    return render(request, "accounts/body_member_new.html", context)


@requires(CHANGE, BodyMember, related=("body__organisation", "user"))
def body_member_end(request: CabinetRequest, member: BodyMember) -> HttpResponse:
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_body_membership(member=member, ends_on=form.cleaned_data["ends_on"], actor=request.user)
        except Refused as refusal:
            form.add_error("ends_on", refusal.obstacles)
        else:
            messages.success(request, "Последний день записан.")
            return redirect("body_detail", member.body_id)
    context = {"form": form, "member": member, "crumbs": crumbs_in(member.body, "Выход из состава")}
    return render(request, "accounts/body_member_end.html", context)
