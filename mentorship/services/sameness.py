"""The curator's verdict on two cards alike: they are of two different people."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.permissions import permit
from core.journal import record
from core.transitions import Refused
from mentorship.models import NotSame, Participant
from mentorship.services.merging import MERGE
from mentorship.services.merging_checks import ALIEN


@transaction.atomic
def tell_apart(*, first: Participant, second: Participant, actor: User) -> NotSame:
    """Remember that two cards are of different people, so that they are not offered again; twice is no error."""
    permit(actor, MERGE, first)
    permit(actor, MERGE, second)
    if first.pk == second.pk or first.organisation_id != second.organisation_id:
        raise Refused([ALIEN])
    one, other = sorted((first, second), key=lambda person: person.pk)
    verdict, is_new = NotSame.objects.get_or_create(first=one, second=other, defaults={"decided_by": actor})
    if is_new:
        for person, namesake in ((one, other), (other, one)):
            text = f"Похожая карточка — другой человек: {namesake}."
            record("mentorship.participant.apart", person, actor=actor, text=text)
    return verdict
