"""Pages of people: the list, opening a card, changing it, the forms of the name."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import holds, may, permit, requires, today
from core.paging import page_of
from core.transitions import Refused
from mentorship.forms.participants import (
    EditParticipantForm,
    NameFormsForm,
    NewParticipantForm,
    ParticipantFilter,
)
from mentorship.models import Candidate, Consent, Course, Light, Participant, consent_lights
from mentorship.models.pairs import in_open_pairs
from mentorship.models.participants import ParticipantQuerySet
from mentorship.services.participants import (
    CHANGE,
    NAME_FIELDS,
    add_participant,
    change_participant,
    confirm_forms,
    doubts_about,
    post_for_today,
)

LIST = "mentorship.participant.list"


@dataclass(frozen=True)
class Row:
    """A line of the list; `earlier` are the names that the search may have found."""

    person: Participant
    lights: list[Light]
    experience: str
    earlier: list[str]


@requires(LIST)
def participant_list(request: CabinetRequest) -> HttpResponse:
    filters = ParticipantFilter(request.GET)
    chosen = filters.chosen()
    rows = Participant.objects.permitted(request.user, LIST).filter(organisation=request.organisation)
    rows = narrowed(rows, chosen, today()).by_name().with_posts()
    page = page_of(request, rows.prefetch_related("past_names") if chosen.get("q") else rows)
    lights = consent_lights(page.object_list, today())
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [
            Row(one, lights[one.pk], one.experience_words(today()), earlier_names(one) if chosen.get("q") else [])
            for one in page.object_list
        ],
        "may_add": may(request.user, CHANGE, request.organisation),
        "may_thank": holds(request.user, "mentorship.thanks.make"),
        "may_see_consents": holds(request.user, "mentorship.consent.view"),
        "lacking": chosen.get("consent", ""),
    }
    return render(request, "mentorship/participant_list.html", context)


def earlier_names(person: Participant) -> list[str]:
    """«до 12.03.2025 — Иванова Анна Петровна», the latest first."""
    return [f"до {one.until:%d.%m.%Y} — {one}" for one in person.past_names.all()]


def narrowed(rows: ParticipantQuerySet, chosen: dict[str, Any], day: dt.date) -> ParticipantQuerySet:
    """The rows that fit the filter."""
    rows = rows.found(chosen.get("q", "")).working(chosen.get("work", ""), day)
    rows = rows.exclude(left_on=None) if chosen.get("left") else rows.present()
    if category := chosen.get("category"):
        rows = rows.filter(category=category)
    if chosen.get("young"):
        rows = rows.young(day)
    if chosen.get("courses"):
        rows = rows.filter(Exists(Course.objects.reminding(day).filter(participant=OuterRef("pk"))))
    if chosen.get("pair"):
        paired = in_open_pairs()
        rows = rows.filter(paired) if chosen["pair"] == ParticipantFilter.WITH else rows.exclude(paired)
    if kind := chosen.get("consent"):
        given = Consent.objects.live(day).filter(kind=kind).order_by().values("participant")
        rows = rows.exclude(pk__in=given)
    return rows


@requires(CHANGE)
def participant_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    form = NewParticipantForm(request.POST or None, instance=Participant(organisation=request.organisation))
    namesakes: list[Candidate] = []
    if request.method == "POST" and form.is_valid():
        namesakes = form.namesakes()
        if not namesakes:
            post = post_for_today(form.cleaned_data)
            person = add_participant(form=form, actor=request.user, post=post)
            return after_naming(request, person, "Карточка заведена.")
        form.ask_again()
    crumbs = [list_crumb(), ("Новая карточка", "")]
    context = {"form": form, "namesakes": namesakes, "crumbs": crumbs}
    return render(request, "mentorship/participant_new.html", context)


@requires(CHANGE, Participant, related=("organisation",))
def participant_edit(request: CabinetRequest, person: Participant) -> HttpResponse:
    name = person.full_name
    form = EditParticipantForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        try:
            change_participant(form=form, actor=request.user, renamed_on=form.renamed_since)
        except Refused as refusal:
            form.add_error("renamed_on", refusal.obstacles)
        else:
            return after_changing(request, person, renamed=bool(set(form.changed_data) & set(NAME_FIELDS)))
    crumbs = [*card_crumbs(person.pk, name), ("Изменить", "")]
    return render(request, "mentorship/participant_edit.html", {"form": form, "person": person, "crumbs": crumbs})


def after_changing(request: CabinetRequest, person: Participant, *, renamed: bool) -> HttpResponse:
    if renamed:
        return after_naming(request, person, "Изменения сохранены.")
    messages.success(request, "Изменения сохранены.")
    return redirect("participant_detail", person.pk)


def after_naming(request: CabinetRequest, person: Participant, done: str) -> HttpResponse:
    """To the card, or to the forms of the name where the grammars disagree."""
    messages.success(request, done)
    if person.form_doubts:
        messages.warning(request, "Проверьте, как склоняется имя: без этого оно не попадёт в приказ.")
        return redirect("participant_forms", person.pk)
    return redirect("participant_detail", person.pk)


@requires(CHANGE, Participant)
def participant_forms(request: CabinetRequest, person: Participant) -> HttpResponse:
    form = NameFormsForm(request.POST or None, participant=person)
    if request.method == "POST" and form.is_valid():
        confirm_forms(participant=person, actor=request.user, forms=form.cleaned_data)
        messages.success(request, "Формы имени сохранены: так они будут стоять в приказах.")
        return redirect("participant_detail", person.pk)
    context = {
        "form": form,
        "person": person,
        "doubts": doubts_about(person),
        "crumbs": [*card_crumbs(person.pk, person.full_name), ("Формы имени", "")],
    }
    return render(request, "mentorship/participant_forms.html", context)


def list_crumb() -> tuple[str, str]:
    return ("Участники", reverse("participant_list"))


def card_crumbs(pk: int, name: str) -> list[tuple[str, str]]:
    return [list_crumb(), (name, reverse("participant_detail", args=[pk]))]
