"""What tests of interviews and of federal forms are built from: cards in the bank, snapshots, orders about them."""

from __future__ import annotations

from typing import Any

from mentorship.models import BankCard, BankRole, BankSnapshot, Consent, ConsentKind, Participant
from mentorship.services.banks import enter_bank, open_card
from mentorship.services.snapshots import make_snapshot
from orders.models import Order
from orders.services import draft_order, submit_order
from tests.mentorship.builders import agree
from tests.mentorship.builders import params as pair_params


def banked(person: Participant, role: str, people: Any, **more: Any) -> BankCard:
    """A card in the bank of somebody who has agreed to the processing of their data."""
    if not Consent.objects.filter(participant=person, kind=ConsentKind.PROCESSING).exists():
        agree(person, ConsentKind.PROCESSING, people.curator)
    card = enter_bank(card=open_card(participant=person, role=role, actor=people.curator), actor=people.curator)
    if more:
        BankCard.objects.filter(pk=card.pk).update(**more)
    return BankCard.objects.select_related("participant__organisation", "participant__user").get(pk=card.pk)


def snapshot(people: Any, school: Any, role: BankRole = BankRole.MENTOR) -> BankSnapshot:
    return make_snapshot(organisation=school, role=role, actor=people.curator)


def params(*snapshots: BankSnapshot) -> dict[str, Any]:
    values = {**pair_params(), "title": "Об утверждении банков", "snapshots": [one.pk for one in snapshots]}
    del values["pairs"]
    return values


def draft(people: Any, *snapshots: BankSnapshot) -> Order:
    organisation = snapshots[0].organisation
    return draft_order(organisation=organisation, kind="bank", params=params(*snapshots), actor=people.curator)


def submitted(people: Any, *snapshots: BankSnapshot) -> Order:
    order = draft(people, *snapshots)
    submit_order(order=order, actor=people.curator)
    return order
