"""Pages of programmes as wholes: a new one, reading, the header, results, the open section."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.buttons import Button, step_buttons
from accounts.http import CabinetRequest, key_in
from accounts.permissions import may, requires, today
from core.journal import label_of
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.forms.programmes import ProgrammeForm, ProgrammeStartForm, ReasonForm, ResultsForm
from mentorship.models import Programme, ProgrammeState, ProgrammeTemplate, content_of, differences_between, for_mentee
from mentorship.services.programme_lines import Stale, change_header, conflicts, open_text
from mentorship.services.programme_review import person_of
from mentorship.services.programmes import (
    create_programme,
    drop_programme,
    open_for_programme,
    publish_programme,
    sources_for,
    write_results,
)
from mentorship.views import programme_parts as parts
from mentorship.views.programme_parts import CHANGE, RELATED, VIEW, crumbs_of, form_page

MOST_SOURCES = 20
LABELS = [(name, label_of(Programme._meta.get_field(name))) for name in ProgrammeForm.Meta.fields]


@requires(CHANGE)
def programme_new(request: CabinetRequest) -> HttpResponse:
    pairs = open_for_programme(request.user, request.organisation).for_cards()
    templates = list(ProgrammeTemplate.objects.offered(request.organisation))
    sources = sources_for(request.user, request.organisation).filter(version__gt=0).for_cards()
    wanted = key_in(request.GET.get("source", ""))
    shown = list(sources[:MOST_SOURCES])
    shown += [one for one in sources.filter(pk=wanted or 0) if one not in shown]
    first = f"programme:{wanted}" if wanted else f"template:{templates[0].pk}" if templates else ""
    initial = {"pair": key_in(request.GET.get("pair", "")), "base": first}
    form = ProgrammeStartForm(request.POST or None, pairs=pairs, templates=templates, sources=shown, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = create_programme(pair=form.cleaned_data["pair"], actor=request.user, **form.chosen_base())
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Проект программы составлен. Проверьте его: ниже — чего не хватает.")
            return redirect("programme_detail", made.pk)
    context = {"form": form, "templates": templates, "pairs": pairs, "crumbs": [parts.list_crumb(), ("Новая", "")]}
    return render(request, "mentorship/programme_new.html", context)


@requires(VIEW, Programme, related=RELATED)
def programme_detail(request: CabinetRequest, programme: Programme) -> HttpResponse:
    day, reader = today(), parts.reader_in(request, programme)
    touch = parts.may_touch(request, programme)
    is_draft = programme.state == ProgrammeState.DRAFT
    focuses = [one for one in programme.focuses.select_related("mentee") if parts.is_shown(one, reader)]
    context: dict[str, Any] = {
        "programme": programme,
        "chips": parts.chips_of(programme, day),
        "focuses": focuses,
        "sections": parts.sections_of(programme, reader, day),
        "progress": parts.progress_of(programme, day),
        "may": touch,
        "is_edited": is_draft and touch["change"],
        "items": parts.readiness(programme) if is_draft and touch["change"] else [],
        "marks": parts.mark_items(programme) if programme.state == ProgrammeState.REVIEW else [],
        "differences": correction(programme, reader),
        "comments": programme.comments.filter(activity=None).select_related("author"),
        "files": programme.files.filter(activity=None),
        "versions": programme.versions.all(),
        "papers": papers_of(programme, reader),
        "buttons": buttons_of(request, programme),
        "history": [] if reader else JournalEntry.objects.about(programme)[:20],
        "crumbs": crumbs_of(programme),
    }
    return render(request, "mentorship/programme_detail.html", context)


def correction(programme: Programme, reader: Any) -> list[Any]:
    """What a correction changes against the version in force."""
    version = programme.last_version if programme.is_correction else None
    if version is None:
        return []
    before, after = version.content, content_of(programme)
    if reader is not None:
        before, after = for_mentee(before, reader), for_mentee(after, reader)
    return differences_between(before, after)


def papers_of(programme: Programme, reader: Any) -> list[dict[str, str]]:
    """Papers to print: the programme, the plan of each mentee, the report once something is in force."""
    found = [{"name": "Программа", "url": reverse("programme_paper", args=[programme.pk, "pdf"])[: -len("pdf")]}]
    for mentee in programme.pair.mentees:
        if reader is None or mentee == reader:
            url = reverse("programme_plan", args=[programme.pk, mentee.pk, "pdf"])
            found.append({"name": f"Индивидуальный план: {mentee.short_name}", "url": url[: -len("pdf")]})
    if programme.version:
        url = reverse("programme_report", args=[programme.pk, "pdf"])
        found.append({"name": "Отчёт пары", "url": url[: -len("pdf")]})
    return found


def buttons_of(request: CabinetRequest, programme: Programme) -> list[Button]:
    """What may be done with the programme now; agreement only by whoever of the pair has not agreed yet."""
    user, state = request.user, programme.state
    names = ["submit", "approve", "return", "amend", "discard", "sum_up", "drop"]
    urls = {name: address_of(programme, name) for name in names if may_leave(programme, name)}
    buttons = own_buttons(user, programme) if state == ProgrammeState.REVIEW else []
    buttons += step_buttons(user, programme, urls, primary="approve" if state == ProgrammeState.REVIEW else "submit")
    if state == ProgrammeState.APPROVED and may(user, CHANGE, programme):
        buttons.append(Button("Записать итоги", reverse("programme_results", args=[programme.pk])))
    if programme.version and may(user, "mentorship.programme.publish", programme):
        label = "Убрать с сайта" if programme.is_public else "Показать на сайте"
        buttons.append(Button(label, reverse("programme_publish", args=[programme.pk]), post=True))
    if may(user, "mentorship.template.change", programme.organisation):
        buttons.append(Button("Сохранить как шаблон", reverse("programme_template_new", args=[programme.pk])))
    return buttons


def may_leave(programme: Programme, step: str) -> bool:
    """Steps that make sense now: a correction is given up as a whole, a first draft is dropped."""
    return {"discard": programme.version > 0, "drop": programme.version == 0}.get(step, True)


def address_of(programme: Programme, step: str) -> str:
    return reverse("programme_results" if step == "sum_up" else f"programme_{step}", args=[programme.pk])


def own_buttons(user: Any, programme: Programme) -> list[Button]:
    """The answer of whoever belongs to the pair, and what the curator and the union may record."""
    buttons, marked = [], {one.participant_id for one in programme.marks.all()}
    if may(user, "mentorship.programme.agree", programme):
        try:
            own = person_of(programme, user)
        except Refused:
            own = None
        if own is not None and own.pk not in marked:
            buttons.append(Button("Согласен", reverse("programme_agree", args=[programme.pk]), primary=True, post=True))
        if own is not None:
            buttons.append(Button("Не согласен", reverse("programme_disagree", args=[programme.pk])))
    if may(user, "mentorship.programme.mark", programme):
        buttons.append(Button("Отметить подпись на бумаге", reverse("programme_mark", args=[programme.pk])))
    if None not in marked and may(user, "mentorship.programme.endorse", programme):
        buttons.append(Button("Поддержать программу", reverse("programme_endorse", args=[programme.pk]), post=True))
    return buttons


@requires(CHANGE, Programme, related=RELATED)
def programme_edit(request: CabinetRequest, programme: Programme) -> HttpResponse:
    form, theirs = ProgrammeForm(request.POST or None, instance=programme), []
    try:
        open_text(programme)
        if request.method == "POST" and form.is_valid():
            seen = form.cleaned_data["revision"]
            change_header(programme=programme, values=form.values(), seen=seen, actor=request.user)
            messages.success(request, "Изменения сохранены.")
            return redirect("programme_detail", programme.pk)
    except Stale as stale:
        theirs = conflicts(stale.row, form.values(), LABELS)
        take_revision(form, stale.row)
    except Refused as refusal:
        if not form.is_bound or programme.state != ProgrammeState.DRAFT:
            messages.error(request, str(refusal))
            return redirect("programme_detail", programme.pk)
        form.add_error(None, refusal.obstacles)
    context = {"form": form, "programme": programme, "theirs": theirs, "crumbs": crumbs_of(programme, "Сведения")}
    return render(request, "mentorship/programme_edit.html", context)


def take_revision(form: Any, row: Any) -> None:
    """What was typed on an older text may be sent again over the newer one, now that both are on the page."""
    form.data = form.data.copy()
    form.data["revision"] = str(row.revision)


@requires(CHANGE, Programme, related=RELATED)
def programme_results(request: CabinetRequest, programme: Programme) -> HttpResponse:
    form = ResultsForm(request.POST or None, initial={"results": programme.results})
    return form_page(
        request,
        "mentorship/programme_results.html",
        form,
        lambda data: write_results(programme=programme, results=data["results"], actor=request.user),
        done="Итоги записаны.",
        programme=programme,
        title="Итоги",
    )


@requires("mentorship.programme.end", Programme, related=RELATED)
def programme_drop(request: CabinetRequest, programme: Programme) -> HttpResponse:
    return form_page(
        request,
        "mentorship/programme_drop.html",
        ReasonForm(request.POST or None),
        lambda data: drop_programme(programme=programme, reason=data["reason"], actor=request.user),
        done="Программа не состоялась: она осталась в банке программ.",
        programme=programme,
        title="Отказаться от программы",
    )


@require_POST
@requires("mentorship.programme.publish", Programme, related=RELATED)
def programme_publish(request: CabinetRequest, programme: Programme) -> HttpResponse:
    shown = not programme.is_public
    try:
        publish_programme(programme=programme, shown=shown, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        words = "Описание программы видно в открытом разделе." if shown else "Программа убрана из открытого раздела."
        messages.success(request, words)
    return redirect("programme_detail", programme.pk)
