"""The timesheet of mentors as a file: a table with a place to sign for the accountant, and the same in Excel."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string

from accounts.models import Organisation
from core.documents.blocks import read_blocks
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from core.russian import short_name
from core.sheets.exports import ExportColumn, list_file
from core.uploads import PDF, XLSX, UploadKind, safe_name
from mentorship.models.timesheets import Line, Month, hours

FORMATS: dict[str, UploadKind] = {"pdf": PDF, "xlsx": XLSX}
TITLE = "Табель наставников"


def in_hours(minutes: int) -> float:
    """For a spreadsheet that adds up: 90 minutes are 1.5."""
    return round(minutes / 60, 2)


COLUMNS = (
    ExportColumn("Наставник", lambda line: line.mentor.full_name),
    ExportColumn("Должность", lambda line: line.mentor.post),
    ExportColumn("Встреч", lambda line: line.meetings),
    ExportColumn("Подтверждено, ч", lambda line: in_hours(line.confirmed)),
    ExportColumn("Не подтверждено, ч", lambda line: in_hours(line.unconfirmed)),
    ExportColumn("Всего, ч", lambda line: in_hours(line.minutes)),
    ExportColumn("Норма по соглашению, ч", lambda line: line.norm),
)


def timesheet_file(organisation: Organisation, month: Month, lines: Sequence[Line], form: str) -> tuple[str, bytes]:
    """The name of the file and its content; `form` is a key of FORMATS."""
    title = f"{TITLE} за {month.words}"
    name = safe_name(f"{TITLE} {month.code}.{form}")
    if form == "xlsx":
        return name, list_file(f"{TITLE} {month.code}", COLUMNS, lines, form)
    signer = organisation.signer_on(month.last)
    context = {
        "organisation": organisation,
        "month": month,
        "rows": [(line, hours(line.confirmed), hours(line.unconfirmed), hours(line.minutes)) for line in lines],
        "signer_post": signer.post,
        "signature": short_name(signer.full_name, surname_first=False),
    }
    setup = PageSetup(landscape=True, left_mm=20, font_size_pt=12, title=title, author=organisation.name)
    return name, to_pdf(read_blocks(render_to_string("mentorship/documents/timesheet.html", context)), setup)
