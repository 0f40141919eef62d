"""Slips of a reminder for those who have no login: to cut apart and hand over."""

from __future__ import annotations

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils import timezone

from core.documents.blocks import read_blocks
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from core.uploads import safe_name
from mentorship.models.reminders import Reminder, ReminderLetter


def reminder_slips_file(reminder: Reminder, letters: Sequence[ReminderLetter]) -> tuple[str, bytes]:
    """The slips one below another: the name of the file and the PDF."""
    title = f"Записки — {reminder.subject} {timezone.localtime(reminder.sent_at):%d.%m.%Y}"
    slips = [(letter.participant.full_name, letter.body.splitlines()) for letter in letters]
    html = render_to_string("mentorship/documents/reminder_slips.html", {"reminder": reminder, "slips": slips})
    setup = PageSetup(font_size_pt=12, left_mm=20, title=title, author=reminder.organisation.name)
    return safe_name(f"{title}.pdf"), to_pdf(read_blocks(html), setup)
