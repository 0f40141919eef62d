"""The portfolio of a mentor for the category «педагог-наставник»: evidence by groups of criteria, PDF and DOCX."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string

from accounts.permissions import today
from core.russian import short_name
from core.uploads import safe_name
from mentorship.documents.letterhead import paper_sheet, printed
from mentorship.models import Participant

TITLE = "Портфолио педагога-наставника"


@dataclass(frozen=True)
class Evidence:
    """One line: what was done, more about it, when (in words), by which document."""

    what: str
    detail: str
    when: str
    paper: str = ""


@dataclass(frozen=True)
class Group:
    """A group of criteria with its evidence; `empty` says what would stand here."""

    title: str
    empty: str
    lines: Sequence[Evidence] = field(default_factory=list)


@dataclass(frozen=True)
class Span:
    """The period that the portfolio is about; open ends are None."""

    since: dt.date | None = None
    until: dt.date | None = None

    @property
    def words(self) -> str:
        if self.since and self.until:
            return f"с {self.since:%d.%m.%Y} по {self.until:%d.%m.%Y}"
        if self.since:
            return f"с {self.since:%d.%m.%Y}"
        return f"по {self.until:%d.%m.%Y}" if self.until else "за всё время"


def portfolio_html(person: Participant, groups: Sequence[Group], span: Span) -> str:
    """The paper in the restricted markup of documents."""
    signer = person.organisation.signer_on(today())
    context: dict[str, Any] = {
        "person": person,
        "organisation": person.organisation,
        "experience": person.experience_words(today()),
        "groups": groups,
        "span": span.words,
        "day": today(),
        "signer_post": signer.post,
        "signature": short_name(signer.full_name, surname_first=False),
    }
    return render_to_string("mentorship/documents/portfolio.html", context)


def portfolio_file(person: Participant, groups: Sequence[Group], span: Span, form: str) -> tuple[str, bytes]:
    """The name of the file and its content; `form` is pdf or docx."""
    title = f"{TITLE} — {person.short_name.rstrip('.')}"
    setup = paper_sheet(person.organisation, title)
    return safe_name(f"{title}.{form}"), printed(portfolio_html(person, groups, span), form, setup)
