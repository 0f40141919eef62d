"""Pages of the timesheet of mentors and the printed journal of a pair."""

from __future__ import annotations

from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import render

from accounts.http import CabinetRequest
from accounts.permissions import permit, requires, today
from core.storage import private_response
from mentorship.documents.meetings import FORMATS as JOURNAL_FORMATS
from mentorship.documents.meetings import journal_file
from mentorship.documents.timesheets import FORMATS
from mentorship.models import Meeting, Pair, Participant
from mentorship.models.timesheets import Line, Month, hours, lines_of, month_in
from mentorship.services.timesheets import OWN, VIEW, print_timesheet
from mentorship.views.meetings import VIEW as SEE_MEETINGS
from mentorship.views.meetings import list_crumb


@requires(VIEW)
def timesheet(request: CabinetRequest) -> HttpResponse:
    """A month of all mentors of the school."""
    permit(request.user, VIEW, request.organisation)
    month = month_in(request.GET.get("month", ""), today())
    lines = lines_of(request.organisation, month)
    context = {
        **month_context(month),
        "rows": [row_of(line) for line in lines],
        "total": row_of(total_of(lines)) if lines else None,
        "crumbs": [("Табель наставников", "")],
    }
    return render(request, "mentorship/timesheet.html", context)


def month_context(month: Month) -> dict[str, object]:
    """The month with its neighbours; there is nothing to see ahead."""
    current = Month(today().replace(day=1))
    return {"month": month, "before": month.before, "after": month.after if month.first < current.first else None}


def row_of(line: Line) -> dict[str, object]:
    return {
        "line": line,
        "confirmed": hours(line.confirmed),
        "unconfirmed": hours(line.unconfirmed),
        "total": hours(line.minutes),
        "short": bool(line.norm and line.minutes < line.norm * 60),
    }


def total_of(lines: list[Line]) -> Line:
    return Line(
        lines[0].mentor,
        sum(line.meetings for line in lines),
        sum(line.confirmed for line in lines),
        sum(line.unconfirmed for line in lines),
    )


@requires(VIEW)
def timesheet_file(request: CabinetRequest, format: str) -> HttpResponseBase:
    if format not in FORMATS:
        raise Http404
    month = month_in(request.GET.get("month", ""), today())
    name, content = print_timesheet(organisation=request.organisation, month=month, form=format, actor=request.user)
    return private_response(ContentFile(content), filename=name, content_type=FORMATS[format].content_type)


@requires(OWN)
def my_timesheet(request: CabinetRequest) -> HttpResponse:
    """A mentor's own month: the same numbers that the accountant sees, and the meetings behind them."""
    month = month_in(request.GET.get("month", ""), today())
    me = Participant.objects.filter(organisation=request.organisation, user=request.user).first()
    if me is None:
        raise Http404
    line = lines_of(request.organisation, month, mentor=me)[0]
    meetings = Meeting.objects.held().filter(pair__mentor=me, day__range=(month.first, month.last)).for_rows()
    context = {
        **month_context(month),
        "row": row_of(line),
        "meetings": [(one, one.word(), hours(one.minutes or 0)) for one in meetings.order_by("day", "pk")],
        "crumbs": [list_crumb(), ("Мой табель", "")],
    }
    return render(request, "mentorship/my_timesheet.html", context)


@requires(SEE_MEETINGS, Pair, related=("mentor", "organisation"))
def meeting_journal(request: CabinetRequest, pair: Pair, form: str) -> HttpResponseBase:
    """The journal of the pair on paper."""
    if form not in JOURNAL_FORMATS:
        raise Http404
    name, content = journal_file(pair, form)
    return private_response(ContentFile(content), filename=name, content_type=JOURNAL_FORMATS[form].content_type)
