"""Papers of a programme to print, remarks and materials."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest, key_in
from accounts.permissions import requires
from core.storage import brought_response, private_response
from mentorship.documents.interviews import FORMATS
from mentorship.documents.programmes import PLAN, PROGRAMME, REPORT
from mentorship.documents.programmes import programme_file as printed_file
from mentorship.forms.programmes import CommentForm, MaterialForm
from mentorship.models import Activity, Participant, Programme, ProgrammeComment, ProgrammeFile
from mentorship.services.programme_papers import COMMENT, add_comment, add_file, delete_file, settle_comment
from mentorship.views import programme_parts as parts
from mentorship.views.programme_lines import OF_PROGRAMME
from mentorship.views.programme_parts import RELATED, VIEW, form_page


def paper_response(programme: Programme, kind: str, form: str, mentee: Participant | None) -> HttpResponseBase:
    if form not in FORMATS:
        raise Http404
    name, content = printed_file(programme, kind, form, mentee=mentee)
    return private_response(ContentFile(content), filename=name, content_type=FORMATS[form].content_type)


@requires(VIEW, Programme, related=RELATED)
def programme_paper(request: CabinetRequest, programme: Programme, form: str) -> HttpResponseBase:
    """The programme as it is in force; a mentee of a group gets the common part and their own."""
    return paper_response(programme, PROGRAMME, form, parts.reader_in(request, programme))


@requires(VIEW, Programme, related=RELATED)
def programme_plan(request: CabinetRequest, programme: Programme, mentee: int, form: str) -> HttpResponseBase:
    reader = parts.reader_in(request, programme)
    person = next((one for one in programme.pair.mentees if one.pk == mentee), None)
    if person is None or reader not in (None, person):
        raise Http404
    return paper_response(programme, PLAN, form, person)


@requires(VIEW, Programme, related=RELATED)
def programme_report(request: CabinetRequest, programme: Programme, form: str) -> HttpResponseBase:
    if not programme.version:
        raise Http404
    return paper_response(programme, REPORT, form, parts.reader_in(request, programme))


# --- Remarks and materials --------------------------------------------------------------------------------------------
def line_in(request: CabinetRequest, programme: Programme) -> Activity | None:
    """The line that the address names (`?line=5`), if the reader may see it."""
    line = Activity.objects.filter(programme=programme, pk=key_in(request.GET.get("line", "")) or 0).first()
    if line is not None and not parts.is_shown(line, parts.reader_in(request, programme)):
        raise Http404
    return line


def back_to(programme: Programme, line: Activity | None) -> str:
    if line is not None:
        return reverse("activity_detail", args=[line.pk])
    return reverse("programme_detail", args=[programme.pk])


@requires(COMMENT, Programme, related=RELATED)
def programme_comment(request: CabinetRequest, programme: Programme) -> HttpResponse:
    line, form = line_in(request, programme), CommentForm(request.POST or None)

    def act(data: dict[str, Any]) -> None:
        add_comment(programme=programme, activity=line, text=data["text"], actor=request.user)

    to, title = back_to(programme, line), "Замечание"
    words = {"done": "Замечание записано.", "title": title, "back": to, "line": line}
    return form_page(request, "mentorship/programme_comment.html", form, act, programme=programme, **words)  # type: ignore[arg-type]


@require_POST
@requires(COMMENT, ProgrammeComment, related=OF_PROGRAMME)
def programme_comment_settle(request: CabinetRequest, comment: ProgrammeComment) -> HttpResponse:
    settle_comment(comment=comment, actor=request.user)
    messages.success(request, "Замечание отмечено как учтённое.")
    return redirect(back_to(comment.programme, comment.activity))


@requires(COMMENT, Programme, related=RELATED)
def programme_file_new(request: CabinetRequest, programme: Programme) -> HttpResponse:
    line, form = line_in(request, programme), MaterialForm(request.POST or None, request.FILES or None)

    def act(data: dict[str, Any]) -> None:
        add_file(programme=programme, activity=line, file=data["file"], title=data["title"], actor=request.user)

    words = {"done": "Материал приложен.", "title": "Материал", "back": back_to(programme, line), "line": line}
    return form_page(request, "mentorship/programme_file_new.html", form, act, programme=programme, **words)  # type: ignore[arg-type]


def shown_file(request: CabinetRequest, kept: ProgrammeFile) -> None:
    """A file of another mentee's line does not exist for this one."""
    reader = parts.reader_in(request, kept.programme)
    if kept.activity is not None and not parts.is_shown(kept.activity, reader):
        raise Http404


@requires(VIEW, ProgrammeFile, related=("activity", *OF_PROGRAMME))
def programme_file(request: CabinetRequest, kept: ProgrammeFile) -> HttpResponseBase:
    shown_file(request, kept)
    return brought_response(kept.file, kept.file_name, inline="show" in request.GET)


@requires(COMMENT, ProgrammeFile, related=("activity", *OF_PROGRAMME))
def programme_file_delete(request: CabinetRequest, kept: ProgrammeFile) -> HttpResponse:
    shown_file(request, kept)
    return form_page(
        request,
        "mentorship/programme_file_delete.html",
        None,
        lambda data: delete_file(kept=kept, actor=request.user),
        done="Материал удалён.",
        programme=kept.programme,
        title="Удалить материал",
        back=back_to(kept.programme, kept.activity),
        kept=kept,
    )
