"""Pages of templates: the list, one to read, one of the school to change, a new one made of a programme."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import holds, requires
from core.transitions import Refused
from mentorship.forms.programme_lines import TemplateForm, TemplateNameForm, template_initial
from mentorship.models import Activity, Programme, ProgrammeTemplate
from mentorship.services.programme_templates import CHANGE, COMMON, change_template, save_as_template
from mentorship.views.programme_parts import RELATED, form_page, list_crumb

VIEW = "mentorship.template.view"


def template_crumbs(*more: tuple[str, str]) -> list[tuple[str, str]]:
    return [list_crumb(), ("Шаблоны", reverse("programme_template_list") if more else ""), *more]


@requires(VIEW)
def programme_template_list(request: CabinetRequest) -> HttpResponse:
    rows = list(ProgrammeTemplate.objects.of(request.organisation))
    context = {
        "own": [one for one in rows if one.organisation_id],
        "common": [one for one in rows if not one.organisation_id and one.is_active],
        "may_change": holds(request.user, CHANGE),
        "crumbs": template_crumbs(),
    }
    return render(request, "mentorship/programme_template_list.html", context)


@requires(VIEW, ProgrammeTemplate)
def programme_template_detail(request: CabinetRequest, template: ProgrammeTemplate) -> HttpResponse:
    context = {
        "template": template,
        "sections": sections_of(template),
        "may_change": template.organisation_id and holds(request.user, CHANGE),
        "crumbs": template_crumbs((template.title, "")),
    }
    return render(request, "mentorship/programme_template_detail.html", context)


def sections_of(template: ProgrammeTemplate) -> list[dict[str, Any]]:
    """The lines by sections, the week counted from one as people count."""
    return [
        {
            "title": section.label,
            "number": section.value,
            "lines": [
                {**line, "week": int(str(line["week"])) + 1} for line in template.lines if line["section"] == section
            ],
        }
        for section in Activity.Section
    ]


@requires(CHANGE, ProgrammeTemplate)
def programme_template_edit(request: CabinetRequest, template: ProgrammeTemplate) -> HttpResponse:
    if template.organisation_id is None:
        messages.error(request, COMMON)
        return redirect("programme_template_detail", template.pk)
    form = TemplateForm(request.POST or None, initial=template_initial(template))
    if request.method == "POST" and form.is_valid():
        try:
            change_template(template=template, values=form.values(template), actor=request.user)
        except Refused as refusal:
            form.add_error("title", refusal.obstacles)
        else:
            messages.success(request, "Шаблон сохранён. Программы, составленные по нему раньше, не изменились.")
            return redirect("programme_template_detail", template.pk)
    here = (template.title, reverse("programme_template_detail", args=[template.pk]))
    context = {"form": form, "template": template, "crumbs": template_crumbs(here, ("Изменить", ""))}
    return render(request, "mentorship/programme_template_edit.html", context)


@requires(CHANGE, Programme, related=RELATED)
def programme_template_new(request: CabinetRequest, programme: Programme) -> HttpResponse:
    """A template made of a programme."""
    form = TemplateNameForm(request.POST or None, initial={"title": programme.title[:150]})

    def act(data: dict[str, Any]) -> None:
        save_as_template(programme=programme, title=data["title"], summary=data["summary"], actor=request.user)

    return form_page(
        request,
        "mentorship/programme_template_new.html",
        form,
        act,
        done="Шаблон сохранён: он предлагается при составлении новых программ.",
        programme=programme,
        title="Сохранить как шаблон",
        back=reverse("programme_template_list"),
    )
