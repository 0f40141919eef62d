"""The order that appoints the curator of the programme: a deputy of the head, from a day."""

from __future__ import annotations

import datetime as dt
from typing import Any

from mentorship.models import Participant
from mentorship.order_kinds.pairs import facts_of, name_obstacles, nameless
from mentorship.services.appointments import appoint_curator, curator_role, current_curators, end_curator
from orders.kinds import Facts, OrderKind, register
from orders.models import Order
from orders.services.facts import day_words, overrides_for, person_facts

CODE = "curator"
NOT_CHOSEN = "Выберите, кого назначить куратором."
NOT_DEPUTY = (
    "{name}: должность — «{post}». Куратором назначают заместителя руководителя: выберите другого человека или "
    "запишите основание исключения."
)


def person_of(order: Order) -> Participant | None:
    rows = Participant.objects.filter(organisation=order.organisation_id, pk=order.params.get("person"))
    return rows.with_posts().select_related("user").first()


def first_day(order: Order) -> dt.date:
    chosen = order.params.get("effective_on")
    return dt.date.fromisoformat(chosen) if chosen else order.signer_day()


def facts(order: Order) -> Facts:
    """`curator`: the person in every case; `exception`: why not a deputy; `people` for the acquaintance sheet."""
    person = person_of(order)
    said = facts_of(person, overrides_for([person.full_name, person.post])) if person else None
    chosen = order.params.get("effective_on")
    since = day_words(dt.date.fromisoformat(chosen)) if chosen else ""
    return {
        "curator": said,
        "people": [said] if said else [],
        "exception": order.params.get("exception", ""),
        "since": since,
    }


def obstacles(order: Order) -> list[str]:
    person = person_of(order)
    if person is None:
        return [NOT_CHOSEN]
    found = name_obstacles([person])
    if person.left_on:
        found.append(f"{person.short_name}: последний день в организации — {person.left_on:%d.%m.%Y}.")
    if "заместитель" not in person.post.lower() and not order.params.get("exception"):
        found.append(NOT_DEPUTY.format(name=person.short_name, post=person.post or "не указана"))
    return found


def lock(order: Order) -> None:
    list(Participant.objects.locked().filter(pk=order.params.get("person")))


def apply(order: Order, actor: Any) -> None:
    if (person := person_of(order)) is not None:
        appoint_curator(person=person, order=order, since=first_day(order), actor=actor)


def close(order: Order, since: dt.date, actor: Any) -> None:
    if (person := person_of(order)) is not None:
        end_curator(person=person, order=order, opened=first_day(order), since=since, actor=actor)


def closing(order: Order, since: dt.date) -> list[str]:
    person = person_of(order)
    if person is None or curator_role(person, order, first_day(order), since) is None:
        return []
    return [f"{person.short_name} перестанет быть куратором с {since:%d.%m.%Y}: назначьте другого приказом."]


def effects(order: Order) -> list[str]:
    person = person_of(order)
    if person is None:
        return []
    others = [user for user in current_curators(order.organisation) if user != person.user]
    found = [f"{person.short_name} станет куратором с {first_day(order):%d.%m.%Y}."]
    if person.user is None:
        found.append("В портал этот человек не входит: выдайте ему приглашение, потом роль даст администратор.")
    return found + [f"Куратором останется и {user.full_name}: роль снимает администратор." for user in others]


def redact(facts: Facts, shown: frozenset[int]) -> Facts:
    said = facts.get("curator")
    if said is None or said["number"] in shown:
        return facts
    hidden = nameless("curator")
    return {**facts, "curator": {**hidden, "post": said["post"]}, "people": [hidden]}


def sample() -> Facts:
    said = person_facts("Рябинин Пётр Сергеевич", "m", "заместитель директора по учебной работе", number=1)
    return {"curator": said, "people": [said], "exception": "", "since": "«01» сентября 2026 г."}


register(
    OrderKind(
        code=CODE,
        title="Назначение куратора",
        form="mentorship.forms.appointments.CuratorOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        lock=lock,
        apply=apply,
        close=close,
        closing=closing,
        effects=effects,
        redact=redact,
    )
)
