"""Pages of the roadmap."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.forms import ModelForm
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.models import Organisation
from accounts.permissions import holds, may, permit, requires, today
from accounts.views.exports import EXPORT, list_response
from core.models import JournalEntry
from core.paging import page_of
from core.transitions import Refused
from orders.models import LocalAct
from roadmap.figures import stages_with_progress
from roadmap.forms import ItemForm, MarkForm, RoadmapFilter, RoadmapForm, StageForm
from roadmap.models import Item, Roadmap, Stage
from roadmap.order_kinds import CODE, PLAN
from roadmap.services import LOCKED, add_item, add_stage, change_part, create_roadmap, mark_item, remove
from roadmap.sheets import ITEMS

VIEW, CHANGE = "roadmap.roadmap.view", "roadmap.roadmap.change"


def crumbs(roadmap: Roadmap, here: str) -> list[tuple[str, str]]:
    return [
        ("Дорожные карты", reverse("roadmap_list")),
        (roadmap.title, reverse("roadmap_detail", args=[roadmap.pk])),
        (here, ""),
    ]


def back_to(roadmap: Roadmap, anchor: str = "") -> HttpResponse:
    return redirect(reverse("roadmap_detail", args=[roadmap.pk]) + anchor)


@requires(VIEW)
def roadmap_list(request: CabinetRequest) -> HttpResponse:
    rows = Roadmap.objects.permitted(request.user, VIEW).filter(organisation=request.organisation)
    if query := request.GET.get("q", "").strip():
        rows = rows.filter(title__icontains=query)
    context = {
        "page_obj": page_of(request, rows.select_related("order")),
        "filters": RoadmapFilter(request.GET),
        "may_add": may(request.user, CHANGE, request.organisation),
    }
    return render(request, "roadmap/roadmap_list.html", context)


def approving_kind(organisation: Organisation) -> str:
    """One order approves both where a draft of the Положение waits for one too; otherwise the plan goes alone."""
    waiting = LocalAct.objects.filter(
        organisation=organisation, kind=LocalAct.Kind.REGULATION, state=LocalAct.State.DRAFT, order=None
    )
    return CODE if waiting.exists() else PLAN


@requires(VIEW, Roadmap, related=("order", "organisation"))
def roadmap_detail(request: CabinetRequest, roadmap: Roadmap) -> HttpResponse:
    mine = Item.objects.filter(stage__roadmap=roadmap).permitted(request.user, "roadmap.item.mark")
    stages = stages_with_progress(roadmap, today())
    parts = [part for stage in stages for part in (stage.stage, *(row.item for row in stage.rows))]
    context = {
        "roadmap": roadmap,
        "stages": stages,
        "markable": set(mine.values_list("pk", flat=True)) if roadmap.state == "approved" else set(),
        "may_change": not roadmap.is_locked and may(request.user, CHANGE, roadmap),
        "may_draft": may(request.user, "orders.order.draft", roadmap.organisation),
        "draft_kind": approving_kind(roadmap.organisation) if roadmap.state == "draft" else "",
        "may_export": holds(request.user, EXPORT),
        "history": JournalEntry.objects.about(roadmap, *parts)[:20],
        "crumbs": [("Дорожные карты", reverse("roadmap_list")), (roadmap.title, "")],
    }
    return render(request, "roadmap/roadmap_detail.html", context)


@requires(VIEW, Roadmap, related=("organisation",))
def roadmap_export(request: CabinetRequest, roadmap: Roadmap, format: str) -> HttpResponseBase:
    return list_response(
        request,
        action=EXPORT,
        title="Пункты дорожной карты",
        columns=ITEMS,
        rows=[row for stage in stages_with_progress(roadmap, today()) for row in stage.rows],
        format=format,
        back=reverse("roadmap_detail", args=[roadmap.pk]),
    )


@requires(CHANGE)
def roadmap_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    form = RoadmapForm(request.POST or None, organisation=request.organisation)
    if request.method == "POST" and form.is_valid():
        words = {"like": None, **form.cleaned_data}
        roadmap = create_roadmap(organisation=request.organisation, actor=request.user, **words)
        messages.success(request, "Черновик дорожной карты создан. Добавьте этапы и пункты.")
        return back_to(roadmap)
    context = {"form": form, "crumbs": [("Дорожные карты", reverse("roadmap_list")), ("Новая", "")]}
    return render(request, "roadmap/roadmap_new.html", context)


def edit_part(
    request: CabinetRequest, roadmap: Roadmap, form: ModelForm, *, event: str, text: str, page: dict[str, Any]
) -> HttpResponse:
    """Edit a draft roadmap or a part of it: the same for the map, a stage and an item."""
    if roadmap.is_locked:
        messages.error(request, LOCKED)
        return back_to(roadmap)
    if request.method == "POST" and form.is_valid():
        try:
            change_part(roadmap=roadmap, form=form, event=event, text=text, actor=request.user)
            messages.success(request, "Изменения сохранены.")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return back_to(roadmap)
    context = {"form": form, "roadmap": roadmap, "crumbs": crumbs(roadmap, page["here"]), **page}
    return render(request, page["template"], context)


@requires(CHANGE, Roadmap, related=("order",))
def roadmap_edit(request: CabinetRequest, roadmap: Roadmap) -> HttpResponse:
    form = RoadmapForm(request.POST or None, instance=roadmap, organisation=roadmap.organisation)
    page = {"here": "Название и срок", "template": "roadmap/roadmap_edit.html"}
    return edit_part(request, roadmap, form, event=CHANGE, text="Изменены название или срок.", page=page)


@requires(CHANGE, Roadmap, related=("order",))
def stage_new(request: CabinetRequest, roadmap: Roadmap) -> HttpResponse:
    form = StageForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            stage = add_stage(roadmap=roadmap, stage=form.instance, actor=request.user)
            return back_to(roadmap, f"#stage-{stage.pk}")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "roadmap": roadmap, "crumbs": crumbs(roadmap, "Новый этап")}
    return render(request, "roadmap/stage_new.html", context)


@requires(CHANGE, Stage, related=("roadmap__order",))
def stage_edit(request: CabinetRequest, stage: Stage) -> HttpResponse:
    page = {"here": "Этап", "template": "roadmap/stage_edit.html", "stage": stage}
    form = StageForm(request.POST or None, instance=stage)
    return edit_part(request, stage.roadmap, form, event="roadmap.stage.change", text="Изменён этап.", page=page)


@requires(CHANGE, Stage, related=("roadmap__order",))
def item_new(request: CabinetRequest, stage: Stage) -> HttpResponse:
    form = ItemForm(request.POST or None, roadmap=stage.roadmap)
    if request.method == "POST" and form.is_valid():
        try:
            item = add_item(stage=stage, item=form.instance, actor=request.user)
            messages.success(request, "Пункт добавлен.")
            return back_to(stage.roadmap, f"#item-{item.pk}")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "stage": stage, "crumbs": crumbs(stage.roadmap, "Новый пункт")}
    return render(request, "roadmap/item_new.html", context)


@requires(CHANGE, Item, related=("stage__roadmap__order",))
def item_edit(request: CabinetRequest, item: Item) -> HttpResponse:
    form = ItemForm(request.POST or None, instance=item, roadmap=item.stage.roadmap)
    page = {"here": "Пункт", "template": "roadmap/item_edit.html", "item": item}
    return edit_part(request, item.stage.roadmap, form, event="roadmap.item.change", text="Изменён пункт.", page=page)


def delete_part(request: CabinetRequest, part: Stage | Item, roadmap: Roadmap, template: str) -> HttpResponse:
    if request.method == "POST":
        try:
            remove(part=part, actor=request.user)
            messages.success(request, "Удалено.")
        except Refused as refusal:
            messages.error(request, str(refusal))
        return back_to(roadmap)
    return render(request, template, {"part": part, "roadmap": roadmap, "crumbs": crumbs(roadmap, "Удаление")})


@requires(CHANGE, Stage, related=("roadmap__order",))
def stage_delete(request: CabinetRequest, stage: Stage) -> HttpResponse:
    return delete_part(request, stage, stage.roadmap, "roadmap/stage_delete.html")


@requires(CHANGE, Item, related=("stage__roadmap__order",))
def item_delete(request: CabinetRequest, item: Item) -> HttpResponse:
    return delete_part(request, item, item.stage.roadmap, "roadmap/item_delete.html")


@requires("roadmap.item.mark", Item, related=("stage__roadmap",))
def item_mark(request: CabinetRequest, item: Item) -> HttpResponse:
    form = MarkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            mark_item(item=item, actor=request.user, **form.cleaned_data)
            messages.success(request, "Пункт отмечен как выполненный.")
            return back_to(item.stage.roadmap, f"#item-{item.pk}")
        except Refused as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "item": item, "crumbs": crumbs(item.stage.roadmap, "Отметка о выполнении")}
    return render(request, "roadmap/item_mark.html", context)


@require_POST
@requires("roadmap.item.mark", Item, related=("stage__roadmap",))
def item_unmark(request: CabinetRequest, item: Item) -> HttpResponse:
    try:
        mark_item(item=item, done_on=None, done_note="", actor=request.user)
        messages.success(request, "Отметка о выполнении снята.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return back_to(item.stage.roadmap, f"#item-{item.pk}")
