"""Letters of thanks and certificates of honour on the organisation's letterhead, any number of them in one file."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

from accounts.models import Organisation, Partner
from core.russian import short_name
from core.uploads import safe_name
from mentorship.documents.letterhead import honour_sheet, printed, worker_facts
from mentorship.models import Participant

LETTER, DIPLOMA = "letter", "diploma"
TITLES = {LETTER: "Благодарственное письмо", DIPLOMA: "Почётная грамота"}
MANY = {LETTER: "Благодарственные письма", DIPLOMA: "Почётные грамоты"}
WISH = "Желаем Вам здоровья, бодрости и новых профессиональных успехов!"
WISH_TO_PARTNER = "Надеемся на продолжение сотрудничества!"


@dataclass(frozen=True)
class Letter:
    """One sheet: `to` whom and in what `post`, both in the dative, and the `text`, its paragraphs by lines."""

    to: str
    post: str
    text: str

    @property
    def paragraphs(self) -> list[str]:
        return [line.strip() for line in self.text.splitlines() if line.strip()]


def letter_to(person: Participant, kind: str, grounds: str) -> Letter:
    """What the portal proposes for a person; `grounds` begins with «за»."""
    said = worker_facts(person)
    thanks = f"{person.organisation.name} благодарит Вас {grounds}.\n{WISH}"
    return Letter(said["full"]["dative"], said["post"]["dative"], thanks if kind == LETTER else grounds)


def letter_to_partner(partner: Partner, organisation: Organisation, kind: str, grounds: str) -> Letter:
    """What the portal proposes for a partner: the title stays as the partner writes it."""
    thanks = f"{organisation.name} благодарит Вас {grounds}.\n{WISH_TO_PARTNER}"
    return Letter(partner.title, "коллективу организации", thanks if kind == LETTER else grounds)


def thanks_html(organisation: Organisation, kind: str, letters: Sequence[Letter], day: dt.date, basis: str) -> str:
    """The sheets in the restricted markup of documents; `basis` names the order, empty where there is none."""
    signer = organisation.signer_on(day)
    context = {
        "organisation": organisation,
        "heading": TITLES[kind].upper(),
        "letters": letters,
        "basis": basis,
        "year": day.year,
        "signer_post": signer.post,
        "signature": short_name(signer.full_name, surname_first=False),
    }
    return render_to_string("mentorship/documents/thanks.html", context)


def thanks_file(
    organisation: Organisation, kind: str, letters: Sequence[Letter], form: str, day: dt.date, basis: str = ""
) -> tuple[str, bytes]:
    """All sheets as one file: its name and content; `form` is pdf or docx."""
    title = TITLES[kind] if len(letters) == 1 else MANY[kind]
    name = f"{title} — {letters[0].to.rstrip('.')}" if len(letters) == 1 else f"{title} — {day:%d.%m.%Y}"
    html = thanks_html(organisation, kind, letters, day, basis)
    return safe_name(f"{name}.{form}"), printed(html, form, honour_sheet(organisation, title))
