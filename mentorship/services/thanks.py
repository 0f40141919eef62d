"""Making letters of thanks: nothing is kept but one entry of the history that says who was thanked and for what."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models, transaction

from accounts.models import Organisation, User
from accounts.permissions import permit, today
from core.journal import record
from mentorship.documents.thanks import MANY, TITLES, Letter, thanks_file
from mentorship.models import Participant

MAKE = "mentorship.thanks.make"


@transaction.atomic
def make_thanks(
    *,
    organisation: Organisation,
    kind: str,
    letters: Sequence[Letter],
    form: str,
    basis: str,
    people: Sequence[Participant],
    actor: User,
) -> tuple[str, bytes]:
    """Produce the file (its name and content) and write one entry, of the person where there is one alone."""
    permit(actor, MAKE, organisation)
    made = thanks_file(organisation, kind, letters, form, today(), basis)
    alone = len(letters) == 1
    about: models.Model = people[0] if alone and people else organisation
    names = ", ".join(letter.to for letter in letters)
    text = f"{TITLES[kind] if alone else MANY[kind]}, подготовлено к печати: {names}."
    record(MAKE, about, actor=actor, text=f"{text} {basis}.".strip() if basis else text, scope=organisation.pk)
    return made
