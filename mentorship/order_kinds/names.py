"""Whose names an order may not decline yet: cards where the grammars disagree and nobody has looked."""

from __future__ import annotations

from django.urls import reverse

from mentorship.models import Participant
from orders.kinds import NameCheck, register_name_checks
from orders.models import Order


def doubtful_people(order: Order, numbers: frozenset[int]) -> dict[int, NameCheck]:
    """Keys of cards → doubts about the name and the page that settles them; one query."""
    rows = Participant.objects.filter(organisation=order.organisation_id, pk__in=numbers, forms_checked=False)
    doubts = {person.pk: tuple(person.form_doubts) for person in rows}
    return {pk: NameCheck(found, reverse("participant_forms", args=[pk])) for pk, found in doubts.items() if found}


register_name_checks(doubtful_people)
