"""What this app prints besides orders: blanks of consents, a separate paper for each purpose."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from accounts.permissions import today
from core.documents.blocks import read_blocks
from core.documents.docx import to_docx
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from core.russian import Case, decline_post
from core.uploads import DOCX, PDF, UploadKind, safe_name
from mentorship.models import ConsentKind, Need, Pair, Participant, PublicField

FORMATS: dict[str, UploadKind] = {"pdf": PDF, "docx": DOCX}
PAGE_BREAK = '<hr class="page">'
TITLES = {
    ConsentKind.PROCESSING: "Согласие на обработку персональных данных",
    ConsentKind.DISSEMINATION: "Согласие на публикацию персональных данных",
    ConsentKind.MENTOR: "Согласие на работу наставником",
    ConsentKind.PAIR: "Согласие на участие в паре",
}


def consent_blank_file(person: Participant, kind: ConsentKind, form: str, *, pair: Pair | None) -> tuple[str, bytes]:
    """A blank to print and sign: the name of the file and its content; `form` is a key of FORMATS.

    Passport data are empty lines: they are written by hand and never come into the portal.
    """
    content = produced(consent_blank_html(person, kind, pair), form, TITLES[kind], person.organisation.name)
    return safe_name(f"{TITLES[kind]} — {person.short_name.rstrip('.')}.{form}"), content


def missing_blanks_file(pair: Pair, missing: Sequence[Need]) -> tuple[str, bytes]:
    """All blanks that a pair still needs in one PDF, each on its own sheet."""
    sheets = [
        consent_blank_html(need.person, ConsentKind(need.what), pair) for need in missing if need.person is not None
    ]
    content = produced(PAGE_BREAK.join(sheets), "pdf", "Бланки согласий", pair.organisation.name)
    return safe_name(f"Бланки согласий — {pair.title.rstrip('.')}.pdf"), content


def produced(html: str, form: str, title: str, author: str) -> bytes:
    blocks, setup = read_blocks(html), PageSetup(font_size_pt=12, left_mm=25, title=title, author=author)
    return to_pdf(blocks, setup) if form == "pdf" else to_docx(blocks, setup)


def consent_blank_html(person: Participant, kind: ConsentKind, pair: Pair | None) -> str:
    """The blank in the restricted markup of documents."""
    return render_to_string(f"mentorship/documents/consent_{kind.value}.html", blank_facts(person, kind, pair))


def blank_facts(person: Participant, kind: ConsentKind, pair: Pair | None) -> dict[str, Any]:
    organisation = person.organisation
    return {
        "title": TITLES[kind],
        "organisation": organisation,
        "operator": " ".join(organisation.header_lines),
        "site": f"{settings.PORTAL_URL}/s/{organisation.slug}/",
        "person": person,
        "name_genitive": person.name_in(Case.GENITIVE),
        "post_genitive": decline_post(person.post, Case.GENITIVE) if person.post else "",
        "minor": person.is_minor_on(today()),
        "fields": [field.label for field in PublicField],
        "pair": pair,
        "is_mentor": pair is not None and pair.mentor == person,
        "partners": partners_of(person, pair) if pair else "",
    }


def partners_of(person: Participant, pair: Pair) -> str:
    """The other people of the pair, by their full names."""
    return ", ".join(other.full_name for other in pair.people if other != person)
