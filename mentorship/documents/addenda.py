"""The addendum to a mentor's employment contract: a blank to print and sign, and the paper as it was signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.template.loader import render_to_string

from accounts.permissions import today
from core.uploads import safe_name
from mentorship.documents.letterhead import day_or_blank, paper_sheet, printed, signer_facts, worker_facts
from mentorship.models import Addendum, Consent, ConsentKind, Pair, Participant

TITLE = "Дополнительное соглашение"
TERMS = {
    "content": "Содержание работы",
    "term": "Срок",
    "form": "Форма",
    "pay": "Размер и условия выплат",
}


@dataclass(frozen=True)
class AddendumFacts:
    """What the paper says besides the people; empty values are lines to fill in by hand."""

    number: str = ""
    signed_on: dt.date | None = None
    contract: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    valid_until: dt.date | None = None


def mentor_consent(person: Participant, day: dt.date) -> Consent | None:
    """The person's consent to work as a mentor that is live on the day."""
    return Consent.objects.live(day).filter(participant=person, kind=ConsentKind.MENTOR).first()


def known_terms(person: Participant, pair: Pair | None, day: dt.date) -> dict[str, str]:
    """What is agreed already: by the consent of the mentor first, then by the pair; keys of TERMS."""
    consent = mentor_consent(person, day)
    agreed = {name: consent.terms[name] for name in TERMS if consent.terms.get(name)} if consent else {}
    if pair is None or pair.mentor_id != person.pk:
        return agreed
    by_pair = {
        "content": f"помощь коллеге по направлению «{pair.direction}»",
        "term": f"с {pair.starts_on:%d.%m.%Y} по {pair.ends_on:%d.%m.%Y}",
        "form": f"{pair.form}",
    }
    return {**by_pair, **agreed}


def addendum_html(person: Participant, said: AddendumFacts) -> str:
    """The agreement of two copies in the restricted markup of documents."""
    day, organisation = said.signed_on or today(), person.organisation
    acting = organisation.acting_heads.filter(starts_on__lte=day, ends_on__gte=day).exists()
    consent = mentor_consent(person, day)
    context = {
        "organisation": organisation,
        "employer": " ".join(organisation.header_lines),
        "acting": acting,
        "signer": signer_facts(organisation, day),
        "worker": worker_facts(person),
        "number": said.number,
        "date": day_or_blank(said.signed_on),
        "contract": said.contract,
        "consented_on": consent.signed_on if consent else None,
        "terms": [(title, said.terms.get(name, "")) for name, title in TERMS.items()],
        "valid_until": said.valid_until,
        "signed": said.signed_on is not None,
    }
    return render_to_string("mentorship/documents/addendum.html", context)


def addendum_blank_file(person: Participant, form: str, *, pair: Pair | None) -> tuple[str, bytes]:
    """A blank with everything that is known: the name of the file and its content; `form` is pdf or docx.

    The number and date of the contract and the passport are written by hand and never come into the portal.
    """
    html = addendum_html(person, AddendumFacts(terms=known_terms(person, pair, today())))
    return named(person, form, "бланк"), printed(html, form, paper_sheet(person.organisation, TITLE))


def addendum_file(addendum: Addendum, form: str) -> tuple[str, bytes]:
    """The text that was signed, once more as a file."""
    person = addendum.participant
    return named(person, form, "текст"), printed(addendum.signed_text, form, paper_sheet(person.organisation, TITLE))


def named(person: Participant, form: str, what: str) -> str:
    return safe_name(f"{TITLE} — {person.short_name.rstrip('.')}, {what}.{form}")


def terms_in_words(terms: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(the condition, what is agreed) for a page."""
    return [(title, terms[name]) for name, title in TERMS.items() if terms.get(name)]
