"""Mentors of other schools of the town: only those who agreed to be known outside, and only what helps to ask.

The one window through which a school sees people of another one: a name, the school, what the person is good at.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef

from accounts.models import Organisation
from mentorship.models import BankCard, Consent, ConsentKind
from mentorship.models.banks import BankCardQuerySet
from mentorship.models.participants import here_on
from mentorship.services.matching_sides import code_of


@dataclass(frozen=True)
class Neighbour:
    """All that a school may know of a mentor of another one."""

    name: str
    school: str
    competences: tuple[str, ...]
    codes: frozenset[str]


def neighbour_cards(organisation: Organisation, day: dt.date) -> BankCardQuerySet:
    """Cards of mentors with free places in the other schools of the same town whose consents to processing and to
    being known outside are live on the day; by name. Only for `neighbours_of`, which leaves the rest out.
    """
    if organisation.parent_id is None:
        return BankCard.objects.none()
    agreed = Consent.objects.live(day).filter(kind=ConsentKind.TRANSFER, participant=OuterRef("participant"))
    rows = BankCard.objects.mentors().with_free_places().consented(day).filter(Exists(agreed))
    near = rows.filter(
        participant__organisation__parent=organisation.parent_id, participant__organisation__is_active=True
    )
    return near.filter(here_on(day, "participant")).exclude(participant__organisation=organisation).by_name()


def neighbours_of(cards: Iterable[BankCard]) -> list[Neighbour]:
    """What may be shown of the cards."""
    return [
        Neighbour(
            name=card.participant.full_name,
            school=card.participant.organisation.name,
            competences=tuple(word.title for word in card.competences.all()),
            codes=frozenset(code_of(word) for word in card.competences.all()),
        )
        for card in cards
    ]
