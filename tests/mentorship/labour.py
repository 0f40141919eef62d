"""What tests of labour papers are built from: a mentor at work, a signed addendum, a notice that was given."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from mentorship.models import Addendum, ConsentKind, Notice, Pair, PairState, Participant, earliest_end
from mentorship.services.addenda import SignedAddendum, record_addendum
from mentorship.services.notices import Given, record_notice
from tests.mentorship.builders import agree, approved_order, day

TERMS = {
    "content": "помощь молодому педагогу",
    "term": "до конца учебного года",
    "form": "педагог – педагог",
    "pay": "10 % оклада ежемесячно",
}


def at_work(pair: Pair, people: SimpleNamespace, number: str = "1") -> Pair:
    """The pair in force by an approved order."""
    order = approved_order(pair.organisation, people, number)
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)
    pair.refresh_from_db()
    return pair


def signed(**more: Any) -> SignedAddendum:
    values: dict[str, Any] = {"number": "3", "signed_on": day(-5), "terms": TERMS, "original_place": "отдел кадров"}
    return SignedAddendum(**{**values, **more})


def addendum(person: Participant, people: SimpleNamespace, **more: Any) -> Addendum:
    """A recorded addendum; the consent that it needs is given, on terms of its own."""
    if not person.consents.filter(kind=ConsentKind.MENTOR).exists():
        agree(person, ConsentKind.MENTOR, people.curator, terms=TERMS)
    return record_addendum(participant=person, signed=signed(**more), actor=people.curator)


def given(**more: Any) -> Given:
    values: dict[str, Any] = {
        "side": Notice.Side.EMPLOYEE,
        "given_on": day(0),
        "ends_on": earliest_end(day(0)),
        "delivery": Notice.Delivery.HAND,
        "original_place": "папка 2",
    }
    return Given(**{**values, **more})


def notice(person: Participant, people: SimpleNamespace, **more: Any) -> Notice:
    return record_notice(participant=person, given=given(**more), actor=people.curator)


def iso(value: dt.date) -> str:
    return value.isoformat()
