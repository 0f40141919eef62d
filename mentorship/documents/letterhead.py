"""Papers on the organisation's own letterhead: the sheet, the file, and the people whom they name."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

from accounts.models import Organisation
from core.documents.blocks import read_blocks
from core.documents.docx import to_docx
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from mentorship.models import Participant
from orders.documents import BLANK_DATE, sheet_of
from orders.models import letterhead_of
from orders.services.facts import overrides_for, person_facts


def paper_sheet(organisation: Organisation, title: str) -> PageSetup:
    """The sheet of an agreement or a notice: the organisation's own, without its emblem and the code to check by.

    In the smallest type, so that both sides sign on the page that they read.
    """
    return replace(honour_sheet(organisation, title), emblem=b"", font_size_pt=12, line_spacing=1, several=False)


def honour_sheet(organisation: Organisation, title: str) -> PageSetup:
    """The sheet of a letter of thanks: the organisation's own, with its emblem; every page is a paper by itself."""
    return replace(sheet_of(letterhead_of(organisation), title=title), code="", several=True)


def printed(html: str, form: str, setup: PageSetup) -> bytes:
    """A paper in the restricted markup as PDF or DOCX."""
    blocks = read_blocks(html)
    return to_pdf(blocks, setup) if form == "pdf" else to_docx(blocks, setup)


def worker_facts(person: Participant) -> dict[str, Any]:
    """A person in every case as orders say it: see `person_facts`."""
    overrides = overrides_for([person.full_name, person.post])
    return person_facts(
        person.full_name, person.gender, person.post, forms=person.forms, overrides=overrides, number=person.pk
    )


def signer_facts(organisation: Organisation, day: dt.date) -> dict[str, Any]:
    """Whoever signs for the organisation on the day: see `person_facts`, the post begun with a small letter.

    `title` is the post as it stands under a paper, `title_dative` as it stands over one.
    """
    signer = organisation.signer_on(day)
    post = signer.post[:1].lower() + signer.post[1:]
    overrides = overrides_for([signer.full_name, post])
    said = person_facts(signer.full_name, signer.gender, post, overrides=overrides)
    dative = said["post"]["dative"]
    return {**said, "title": signer.post, "title_dative": dative[:1].upper() + dative[1:]}


def day_or_blank(day: dt.date | None) -> str:
    return f"{day:%d.%m.%Y}" if day else BLANK_DATE
