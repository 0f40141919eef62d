"""Versions of the words that people sign: the product's own wording, and the school's next versions of it."""

from __future__ import annotations

from django.db import transaction

from accounts.models import Organisation, User
from accounts.permissions import permit, today
from core.journal import entry, record, record_many
from core.transitions import Refused
from mentorship.documents.consent_bodies import product_words, word_faults
from mentorship.models import ConsentKind, ConsentText

CHANGE = "mentorship.consent.text"


@transaction.atomic
def load_consent_texts() -> int:
    """Add the product's wording where it is new or has changed; returns how many versions were added.

    What has been signed stays under the version it was signed under, and a school's own versions stay in use.
    """
    stored = ConsentText.objects.filter(organisation=None).order_by("version")
    latest = {text.kind: text for text in stored}
    added = []
    for kind in ConsentKind.values:
        words, before = product_words(kind), latest.get(kind)
        if before is None or before.body != words:
            added.append(ConsentText(kind=kind, version=before.version + 1 if before else 1, body=words))
    ConsentText.objects.bulk_create(added)
    record_many(entry(CHANGE, text, actor=None, text=f"Загружен текст: {text}.") for text in added)
    return len(added)


@transaction.atomic
def add_consent_text(*, organisation: Organisation, kind: str, body: str, note: str, actor: User) -> ConsentText:
    """The school's next version, in use from today; earlier ones stay for those who signed them.

    Raises `Refused` where a name in braces is unknown, nothing has changed, or somebody has just added a version.
    """
    permit(actor, CHANGE, organisation)
    Organisation.objects.select_for_update(no_key=True).get(pk=organisation.pk)
    if faults := word_faults(body):
        raise Refused(faults)
    current = ConsentText.objects.in_use(organisation.pk, kind, today())
    if current and current.body == body:
        raise Refused(["Текст не изменился: новая редакция не нужна."])
    versions = ConsentText.objects.for_school(organisation.pk, kind).values_list("version", flat=True)
    text = ConsentText.objects.create(
        organisation=organisation,
        kind=kind,
        version=max(versions, default=0) + 1,
        body=body,
        note=note,
        created_by=actor,
    )
    record(CHANGE, text, actor=actor, text=f"Новая редакция: {text}. {note}")
    return text
