"""What tests of the life of a pair are built from: programmes, orders about working pairs, requests."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import time_machine
from django.db import connection

from mentorship.models import (
    Activity,
    Extension,
    Pair,
    PairRequest,
    Participant,
    Programme,
)
from mentorship.services.extensions import ask_extension, record_answer
from mentorship.services.pair_changes import prepare_replacement
from mentorship.services.pair_endings import close_run_out
from orders.models import LocalAct, Order
from orders.services import draft_order, submit_order
from tests.mentorship.builders import agree_all, approve, day, params, regulation, submitted


def in_force(pair: Pair, people: SimpleNamespace) -> Pair:
    """The pair in force by an order of its own, approved today."""
    approve(submitted(people, pair), people, f"пары-{pair.pk}")
    return Pair.objects.get(pk=pair.pk)


def programme(pair: Pair, *lines: str, version: int = 1, **more: Any) -> Programme:
    """A programme of the pair, approved where it has a version; each of `lines` is the state of an activity."""
    values = {
        "organisation": pair.organisation,
        "title": "Первый год в школе",
        # The pairs of these tests may be shorter than a programme.
        "starts_on": min(pair.starts_on, pair.ends_on - dt.timedelta(days=100)),
        "ends_on": pair.ends_on,
        "state": "approved" if version else "draft",
        "version": version,
    }
    made = Programme.objects.create(pair=pair, **{**values, **more})
    for number, state in enumerate(lines, start=1):
        Activity.objects.create(programme=made, title=f"Урок {number}", due_on=pair.ends_on, state=state)
    return made


def draft_of(staff: SimpleNamespace, organisation: Any, kind: str, **own: Any) -> Order:
    common = {name: value for name, value in params().items() if name != "pairs"}
    return draft_order(organisation=organisation, kind=kind, params={**common, **own}, actor=staff.curator)


def ending(people: SimpleNamespace, *pairs: Pair, last_day: dt.date | None = None, **own: Any) -> Order:
    """A draft that ends the pairs by agreement of both sides."""
    said = {"ground": "parties", "initiator": "both", "reason": "цель достигнута раньше", **own}
    last = (last_day or day(5)).isoformat()
    keys = [pair.pk for pair in pairs]
    return draft_of(people, pairs[0].organisation, "ending", pairs=keys, last_day=last, **said)


def replacing(
    people: SimpleNamespace, old: Pair, mentor: Participant, *, starts_on: dt.date | None = None, agreed: bool = True
) -> tuple[Pair, Order]:
    """The new pair and the draft of the order; with `agreed` everybody has signed what it needs."""
    new = prepare_replacement(pair=old, mentor=mentor, starts_on=starts_on or day(10), actor=people.curator)
    if agreed:
        agree_all(new, people.curator)
    if not LocalAct.objects.filter(organisation=old.organisation).in_force().exists():
        regulation(old.organisation, people)
    return new, draft_of(people, old.organisation, "replacement", pairs=[new.pk], reason="смена нагрузки")


def agreed_extension(people: SimpleNamespace, pair: Pair, ends_on: dt.date | None = None) -> Extension:
    """An extension to which everybody has agreed on paper."""
    made = ask_extension(pair=pair, ends_on=ends_on or day(250), reason="не успеваем", actor=people.curator)
    for person in pair.people:
        on_paper(people, made, person)
    return Extension.objects.get(pk=made.pk)


def on_paper(people: SimpleNamespace, extension: Extension, person: Participant, **more: Any) -> None:
    said = {"agrees": True, "said_on": day(0), "paper_place": "сейф", **more}
    record_answer(extension=extension, participant=person, actor=people.curator, **said)


def extending(people: SimpleNamespace, *extensions: Extension) -> Order:
    school = extensions[0].pair.organisation
    return draft_of(people, school, "extension", extensions=[one.pk for one in extensions])


def carried_out(people: SimpleNamespace, order: Order, number: str = "90") -> Order:
    """Submitted and approved today."""
    submit_order(order=order, actor=people.curator)
    return approve(order, people, number)


def run_out(pair: Pair) -> Pair:
    """The pair on the morning after its last day, when the worker has been there."""
    last = Pair.objects.get(pk=pair.pk).ends_on
    with time_machine.travel(dt.datetime.combine(last + dt.timedelta(days=1), dt.time(9), tzinfo=dt.UTC)):
        close_run_out()
    return Pair.objects.get(pk=pair.pk)


def immediate() -> None:
    """Let the database ask now what it asks at the end of a transaction."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def asked(people: SimpleNamespace, pair: Pair, kind: str = "replace") -> PairRequest:
    """A request about the pair that nobody has considered yet."""
    return PairRequest.objects.create(
        organisation=pair.organisation,
        kind=kind,
        pair=pair,
        author=pair.mentees[0],
        text="Не совпадает расписание",
        submitted_by=people.curator,
    )
