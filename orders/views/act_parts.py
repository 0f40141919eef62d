"""Parts of a local act: one section of its text, its agreement marks, its file, its paper."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import requires
from core.storage import brought_response, private_response
from core.transitions import Refused
from orders.documents import act_paper
from orders.forms.acts import MarkForm, SectionForm
from orders.models import ActMark, LocalAct
from orders.models.act_text import sections_of
from orders.services.act_marks import add_mark, remove_mark
from orders.services.acts import CHANGE, LOCKED, change_section
from orders.views.acts import VIEW, path_to
from orders.views.files import CONTENT_TYPES

MOST_LINES = 150


@requires(CHANGE, LocalAct, related=("order",))
def act_section(request: CabinetRequest, act: LocalAct, place: int) -> HttpResponse:
    sections = sections_of(act.text)
    if place >= len(sections):
        raise Http404
    section = sections[place]
    if act.is_locked or len(section.all_lines) > MOST_LINES:
        messages.error(request, LOCKED if act.is_locked else "В разделе слишком много строк: правьте весь текст сразу.")
        return redirect("act_detail" if act.is_locked else "act_edit", act.pk)
    form = SectionForm(request.POST or None, section=section, initial={"fingerprint": act.fingerprint})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            change_section(
                act=act,
                place=place,
                lines=form.lines,
                number=data["number"],
                fingerprint=data["fingerprint"],
                actor=request.user,
            )
        except Refused as refusal:
            form.refuse(refusal.obstacles, act.fingerprint)
        else:
            messages.success(request, "Раздел сохранён.")
            return redirect("act_detail", act.pk)
    stored = sections_of(act.text)[place : place + 1] if form.errors else []
    context = {"act": act, "form": form, "stored": stored, "crumbs": path_to(act, section.title)}
    return render(request, "orders/act_section.html", context)


@requires(CHANGE, LocalAct, related=("order", "organisation"))
def act_marks(request: CabinetRequest, act: LocalAct) -> HttpResponse:
    if act.is_locked:
        messages.error(request, LOCKED)
        return redirect("act_detail", act.pk)
    mark = ActMark(act=act, recorded_by=request.user)
    form = MarkForm(request.POST or None, instance=mark, organisation=act.organisation)
    if request.method == "POST" and form.is_valid():
        try:
            add_mark(form=form, actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Отметка записана: она будет напечатана на первом листе акта.")
            return redirect("act_marks", act.pk)
    context = {"act": act, "form": form, "marks": list(act.marks.all()), "crumbs": path_to(act, "Отметки")}
    return render(request, "orders/act_marks.html", context)


@require_POST
@requires(CHANGE, ActMark, related=("act__order", "act__organisation"))
def act_mark_remove(request: CabinetRequest, mark: ActMark) -> HttpResponse:
    try:
        remove_mark(mark=mark, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
        return redirect("act_detail", mark.act_id)
    messages.success(request, "Отметка снята.")
    return redirect("act_marks", mark.act_id)


@requires(VIEW, LocalAct)
def act_file(request: CabinetRequest, act: LocalAct) -> HttpResponseBase:
    return brought_response(act.file, act.file_name)


@requires(VIEW, LocalAct, related=("order", "organisation"))
def act_print(request: CabinetRequest, act: LocalAct, format: str) -> HttpResponseBase:
    if format not in CONTENT_TYPES:
        raise Http404
    name, content = act_paper(act, format)
    return private_response(ContentFile(content), filename=name, content_type=CONTENT_TYPES[format])
