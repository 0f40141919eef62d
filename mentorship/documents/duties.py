"""The act of destroying personal data: what, when, how and by whom, to be signed by the commission."""

from __future__ import annotations

from django.template.loader import render_to_string

from accounts.permissions import today
from core.uploads import safe_name
from mentorship.documents.consents import produced
from mentorship.models import LegalDuty

TITLE = "Акт об уничтожении персональных данных"
DESTROYED = (
    "телефон и адрес электронной почты",
    "дата и год рождения, стаж, квалификационная категория",
    "фотография",
    "заметки куратора",
    "запросы, затруднения, пожелания и другие сведения карточек банков",
    "записи собеседований",
    "ответы о работе пар и свои заметки о встречах",
)


def destruction_act_file(duty: LegalDuty, form: str) -> tuple[str, bytes]:
    """The name of the file and its content; `form` is a key of FORMATS."""
    person = duty.consent.participant
    organisation = person.organisation
    facts = {
        "title": TITLE,
        "duty": duty,
        "person": person,
        "organisation": organisation,
        "operator": " ".join(organisation.header_lines),
        "signer": organisation.signer_on(duty.done_on or today()),
        "destroyed": DESTROYED,
    }
    content = produced(
        render_to_string("mentorship/documents/destruction_act.html", facts), form, TITLE, organisation.name
    )
    return safe_name(f"{TITLE} — {person.short_name.rstrip('.')}.{form}"), content
