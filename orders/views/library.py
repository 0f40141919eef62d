"""The library of acts: the list, an act, the own ones."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest, key_in
from accounts.permissions import may, permit, requires, today
from core.models import JournalEntry
from core.paging import page_of
from core.transitions import Refused
from orders.forms.library import LegalActForm, LibraryFilter
from orders.models import LegalAct
from orders.services.library import CHANGE, mark_checked, outdated, papers_citing, save_act

VIEW = "orders.library.view"
SHOWN_PAPERS = 20


def path_to(here: str = "") -> list[tuple[str, str]]:
    path = [("Приказы", reverse("order_list")), ("Библиотека актов", reverse("library_list") if here else "")]
    return [*path, (here, "")] if here else path


@requires(VIEW)
def library_list(request: CabinetRequest) -> HttpResponse:
    filters = LibraryFilter(request.GET)
    rows = narrowed(LegalAct.objects.for_organisation(request.organisation), filters.chosen(), request)
    page = page_of(request, rows)
    old = set(outdated(LegalAct.objects.filter(pk__in=[act.pk for act in page]), request.organisation, today()))
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [(act, *chip_of(act, act in old)) for act in page],
        "may_add": may(request.user, CHANGE, request.organisation),
        "crumbs": path_to(),
    }
    return render(request, "orders/library_list.html", context)


def narrowed(rows: Any, chosen: dict[str, Any], request: CabinetRequest) -> Any:
    rows = rows.found(chosen.get("q", ""))
    if level := chosen.get("level"):
        rows = rows.filter(level=level)
    state = chosen.get("state")
    if state == LibraryFilter.DOUBTFUL:
        return rows.filter(check_state=LegalAct.Check.DOUBTFUL)
    if state == LibraryFilter.VALID:
        return rows.valid(today()).exclude(pk__in=outdated(rows, request.organisation, today()).values("pk"))
    if state == LibraryFilter.INVALID:
        return outdated(rows, request.organisation, today())
    return rows


def chip_of(act: LegalAct, is_old: bool) -> tuple[str, str]:
    """The state in a word and the kind of its chip."""
    if is_old:
        return (f"не действует с {act.valid_to:%d.%m.%Y}", "no") if act.valid_to else ("есть новая редакция", "no")
    if act.valid_from and act.valid_from > today():
        return f"действует с {act.valid_from:%d.%m.%Y}", "wait"
    return ("нужно сверить", "wait") if act.check_state == LegalAct.Check.DOUBTFUL else ("действует", "ok")


@requires(VIEW, LegalAct, related=("organisation", "replaces", "checked_by"))
def library_detail(request: CabinetRequest, act: LegalAct) -> HttpResponse:
    old = outdated(LegalAct.objects.filter(pk=act.pk), request.organisation, today()).exists()
    papers = papers_citing(request.organisation, [act]).permitted(request.user, "orders.order.view")
    word, kind = chip_of(act, old)
    context = {
        "act": act,
        "chip": {"word": word, "kind": kind},
        "later": LegalAct.objects.for_organisation(request.organisation).filter(replaces=act).first(),
        "papers": list(papers.order_by("-date", "-pk")[:SHOWN_PAPERS]),
        "may_change": act.organisation_id is not None and may(request.user, CHANGE, act),
        "may_replace": may(request.user, CHANGE, request.organisation),
        "history": JournalEntry.objects.about(act)[:20],
        "crumbs": path_to(str(act)),
    }
    return render(request, "orders/library_detail.html", context)


@requires(CHANGE)
def library_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    act = LegalAct(organisation=request.organisation)
    number = key_in(request.GET.get("replaces", "")) or 0
    earlier = LegalAct.objects.for_organisation(request.organisation).filter(pk=number).first()
    initial = initial_of(earlier) if earlier else {}
    form = LegalActForm(request.POST or None, instance=act, initial=initial)
    if request.method == "POST" and form.is_valid():
        save_act(form=form, actor=request.user)
        messages.success(request, "Акт записан: на него можно ссылаться в приказах.")
        return redirect("library_detail", form.instance.pk)
    return render(request, "orders/library_new.html", {"form": form, "crumbs": path_to("Новый акт")})


def initial_of(earlier: LegalAct) -> dict[str, Any]:
    """What a new version begins with."""
    kept = ("level", "form", "issuer", "title", "citation", "gives", "url")
    return {**{name: getattr(earlier, name) for name in kept}, "replaces": earlier.pk}


@requires(CHANGE, LegalAct, related=("organisation",))
def library_edit(request: CabinetRequest, act: LegalAct) -> HttpResponse:
    if act.organisation is None:
        messages.error(request, "Общий акт изменить нельзя: запишите его новую редакцию.")
        return redirect("library_detail", act.pk)
    form = LegalActForm(request.POST or None, instance=act)
    if request.method == "POST" and form.is_valid():
        save_act(form=form, actor=request.user)
        messages.success(request, "Изменения сохранены.")
        return redirect("library_detail", act.pk)
    return render(request, "orders/library_edit.html", {"form": form, "act": act, "crumbs": path_to("Изменить")})


@require_POST
@requires(CHANGE, LegalAct, related=("organisation",))
def library_check(request: CabinetRequest, act: LegalAct) -> HttpResponse:
    try:
        mark_checked(act=act, actor=request.user)
        messages.success(request, "Отмечено: акт сверен сегодня.")
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect("library_detail", act.pk)
