"""What this app prints of consents: a separate paper for each purpose, blank or as it was signed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string

from accounts.permissions import today
from core.documents.blocks import read_blocks
from core.documents.docx import to_docx
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from core.russian import Case
from core.uploads import DOCX, PDF, UploadKind, safe_name
from mentorship.documents.consent_bodies import BLANK_LINE, Occasion, parts_of, text_in_use
from mentorship.models import Consent, ConsentKind, ConsentText, Need, Pair, Participant, PublicField, Resource

FORMATS: dict[str, UploadKind] = {"pdf": PDF, "docx": DOCX}
PAGE_BREAK = '<hr class="page">'
TITLES = {
    ConsentKind.PROCESSING: "Согласие на обработку персональных данных",
    ConsentKind.DISSEMINATION: "Согласие на публикацию персональных данных",
    ConsentKind.PHOTO: "Согласие на фото- и видеосъёмку",
    ConsentKind.TRANSFER: "Согласие на передачу персональных данных",
    ConsentKind.MENTOR: "Согласие на работу наставником",
    ConsentKind.PAIR: "Согласие на участие в паре",
}
EMPTY, TICKED = "□", "■"


def consent_blank_file(person: Participant, kind: ConsentKind, form: str, *, pair: Pair | None) -> tuple[str, bytes]:
    """A blank to print and sign: the name of the file and its content; `form` is a key of FORMATS.

    Passport data are empty lines: they are written by hand and never come into the portal.
    """
    content = produced(consent_blank_html(person, kind, pair), form, TITLES[kind], person.organisation.name)
    return safe_name(f"{TITLES[kind]} — {person.short_name.rstrip('.')}.{form}"), content


def missing_blanks_file(pair: Pair, missing: Sequence[Need]) -> tuple[str, bytes]:
    """All blanks that a pair still needs in one PDF, each on its own sheet."""
    wanted = [(need.person, ConsentKind(need.what)) for need in missing if need.person is not None]
    return safe_name(f"Бланки согласий — {pair.title.rstrip('.')}.pdf"), blanks_pdf(wanted, pair)


def blanks_pdf(wanted: Iterable[tuple[Participant, ConsentKind]], pair: Pair | None = None) -> bytes:
    """Blanks of several people in one PDF, each from a new sheet; the words of a kind are read once."""
    texts: dict[str, ConsentText] = {}
    sheets, author = [], ""
    for person, kind in wanted:
        text = texts.setdefault(kind.value, texts.get(kind.value) or text_in_use(person, kind, today()))
        sheets.append(consent_blank_html(person, kind, pair, text=text))
        author = person.organisation.name
    return produced(PAGE_BREAK.join(sheets), "pdf", "Бланки согласий", author)


def signed_file(consent: Consent, form: str) -> tuple[str, bytes]:
    """The text that was signed, once more as a file."""
    title = TITLES[ConsentKind(consent.kind)]
    content = produced(consent.signed_text, form, title, consent.participant.organisation.name)
    return safe_name(f"{title} — {consent.participant.short_name.rstrip('.')}, текст.{form}"), content


def produced(html: str, form: str, title: str, author: str) -> bytes:
    setup = PageSetup(
        font_size_pt=12, left_mm=25, right_mm=15, top_mm=15, bottom_mm=15, line_spacing=1.05, title=title, author=author
    )
    blocks = read_blocks(html)
    return to_pdf(blocks, setup) if form == "pdf" else to_docx(blocks, setup)


def consent_blank_html(
    person: Participant, kind: ConsentKind, pair: Pair | None, *, text: ConsentText | None = None
) -> str:
    """The blank of today in the restricted markup of documents."""
    return paper_html(person, kind, pair, today(), text or text_in_use(person, kind, today()), {})


def paper_html(
    person: Participant, kind: ConsentKind, pair: Pair | None, day: dt.date, text: ConsentText, said: Mapping[str, Any]
) -> str:
    """The paper with what it says filled in; `said` maps names of Consent's fields to values, empty for a blank."""
    occasion = Occasion(person, pair, day)
    facts = {
        "title": TITLES[kind],
        "person": person,
        "minor": occasion.minor,
        "signs_too": person.signs_too_on(day),
        "name_genitive": person.name_in(Case.GENITIVE),
        "body": parts_of(text.body, occasion),
        "pair": pair,
        "signed_on": said.get("signed_on"),
        "valid_until": said.get("valid_until"),
        "representative": said.get("representative", ""),
        "relation": said.get("relation", ""),
        **tables_of(kind, occasion, said),
    }
    return render_to_string(f"mentorship/documents/consent_{kind.value}.html", facts)


def tables_of(kind: ConsentKind, occasion: Occasion, said: Mapping[str, Any]) -> dict[str, Any]:
    """What the fixed frame of a kind prints besides the words."""
    if kind in (ConsentKind.DISSEMINATION, ConsentKind.PHOTO):
        return {"fields": field_rows(said), "resources": resource_rows(occasion, said), "bans": said.get("bans", "")}
    if kind == ConsentKind.MENTOR:
        return {"terms": term_rows(occasion, said.get("terms", {})), "in_duties": duties_row(said.get("terms", {}))}
    return {}


def tick(answered: bool, yes: bool) -> str:
    """«□ да □ нет» on a blank, the answer on a signed paper."""
    if not answered:
        return f"{EMPTY} да   {EMPTY} нет"
    return f"{TICKED} да" if yes else f"{TICKED} нет"


def field_rows(said: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(the field, the answer, the condition) for each PublicField."""
    shown, conditions = said.get("fields", []), said.get("conditions", {})
    return [
        (field.label, tick(bool(said), field.value in shown), conditions.get(field.value, "")) for field in PublicField
    ]


def resource_rows(occasion: Occasion, said: Mapping[str, Any]) -> list[tuple[str, str, str]]:
    """(the resource, its address, the answer) for each Resource."""
    organisation = occasion.person.organisation
    addresses = {
        Resource.SECTION: f"{settings.PORTAL_URL}/s/{organisation.slug}/",
        Resource.SITE: organisation.website or BLANK_LINE,
        Resource.MUNICIPAL: f"{settings.PORTAL_URL}/",
        Resource.PARTNERS: BLANK_LINE,
    }
    chosen = said.get("resources", [])
    return [(one.label, addresses[one], tick(bool(said), one.value in chosen)) for one in Resource]


def term_rows(occasion: Occasion, terms: Mapping[str, Any]) -> list[tuple[str, str]]:
    """What art. 351.8 wants agreed: known from the pair or the record, otherwise empty cells to write in."""
    pair = occasion.pair if occasion.pair and occasion.pair.mentor == occasion.person else None
    known = {
        "content": f"направление — {pair.direction}" if pair else "",
        "term": f"с {pair.starts_on:%d.%m.%Y} по {pair.ends_on:%d.%m.%Y}" if pair else "",
        "form": str(pair.form) if pair else "",
        "pay": "",
        **{name: text for name, text in terms.items() if text},
    }
    titles = {
        "content": "Содержание работы",
        "term": "Срок",
        "form": "Форма",
        "pay": "Размер и условия оплаты",
    }
    return [(title, known[name]) for name, title in titles.items()]


def duties_row(terms: Mapping[str, Any]) -> str:
    """The switch «входит в трудовую функцию» with the document that says so."""
    if terms.get("in_duties"):
        return f"{TICKED} Наставничество уже входит в мою трудовую функцию, документ: {terms.get('document', '')}"
    return f"{EMPTY} Наставничество уже входит в мою трудовую функцию, документ: {BLANK_LINE}"
