"""Taking the timesheet of mentors out of the portal, never without a trace."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Organisation, User
from accounts.permissions import permit
from core.journal import record
from mentorship.documents.timesheets import timesheet_file
from mentorship.models.timesheets import Month, lines_of

VIEW, OWN = "mentorship.timesheet.view", "mentorship.timesheet.own"


@transaction.atomic
def print_timesheet(*, organisation: Organisation, month: Month, form: str, actor: User) -> tuple[str, bytes]:
    """The timesheet of the month as a file, its name and content; the history says who took it."""
    permit(actor, VIEW, organisation)
    lines = lines_of(organisation, month)
    words = f"Выгружен табель наставников за {month.words} ({form.upper()}), строк: {len(lines)}."
    record(VIEW, organisation, actor=actor, text=words)
    return timesheet_file(organisation, month, lines, form)
