"""The journal of a pair on paper: its meetings, the activities of its programme, what came of them."""

from __future__ import annotations

from django.template.loader import render_to_string

from core.documents.blocks import read_blocks
from core.documents.docx import to_docx
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from core.russian import short_name
from core.uploads import DOCX, PDF, UploadKind, safe_name
from mentorship.models import Activity, Meeting, Pair
from mentorship.models.timesheets import hours

FORMATS: dict[str, UploadKind] = {"pdf": PDF, "docx": DOCX}
TITLE = "Журнал встреч"


def journal_file(pair: Pair, form: str) -> tuple[str, bytes]:
    """The journal as it stands: the name of the file and its content. Notes stay in the portal."""
    organisation = pair.organisation
    html = render_to_string("mentorship/documents/meeting_journal.html", journal_facts(pair))
    title = f"{TITLE}: {pair.title}"
    setup = PageSetup(landscape=True, left_mm=20, right_mm=10, font_size_pt=12, title=title, author=organisation.name)
    blocks = read_blocks(html)
    name = safe_name(f"{TITLE} — {pair.title.rstrip('.')}.{form}")
    return name, to_pdf(blocks, setup) if form == "pdf" else to_docx(blocks, setup)


def journal_facts(pair: Pair) -> dict[str, object]:
    """Four queries beside the pair's own."""
    meetings = list(
        Meeting.objects.filter(pair=pair).held().prefetch_related("confirmations").order_by("day", "time", "pk")
    )
    activities = Activity.objects.filter(programme__pair=pair).exclude(state="cancelled").order_by("due_on", "pk")
    return {
        "pair": pair,
        "organisation": pair.organisation,
        "meetings": meetings,
        "activities": activities,
        "total": hours(sum(one.minutes or 0 for one in meetings)),
        "conclusions": [one.results for one in pair.programmes.all() if one.results],
        "signature": short_name(pair.mentor.full_name, surname_first=False),
    }
