"""The order that releases people from their duties for an event: who, when, and who stands in."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.timezone import localdate

from mentorship.models import PairRequest, Participant, RequestKind, RequestState
from mentorship.models.needs import sentence
from mentorship.order_kinds.pairs import facts_of, name_obstacles, nameless
from mentorship.services.request_decisions import (
    carry_out,
    hold_requests,
    holding_faults,
    let_go_requests,
    undo_by_cancelling,
)
from mentorship.services.requests import NO_SUBSTITUTE, release_warnings
from orders.kinds import Facts, OrderKind, register
from orders.models import Order
from orders.services.facts import overrides_for, person_facts

CODE = "release"
NOT_CHOSEN = "Выберите заявления, по которым директор согласился освободить от обязанностей."
CHANGED = "{request}: сведения изменились после передачи приказа. Верните его, чтобы обновить текст."


def chosen(order: Order) -> list[PairRequest]:
    """The requests named in the draft, by their time."""
    rows = PairRequest.objects.filter(organisation=order.organisation_id, kind=RequestKind.RELEASE)
    rows = rows.filter(pk__in=order.params.get("requests", []))
    return list(rows.for_rows().select_related("order", "submitted_by").order_by("starts_at", "pk"))


def people_of(requests: list[PairRequest]) -> dict[int, Participant]:
    """Everybody released and standing in, once, with posts; two queries."""
    pks = dict.fromkeys(pk for one in requests for pk in (one.author_id, one.substitute_id) if pk)
    loaded = {person.pk: person for person in Participant.objects.filter(pk__in=pks).with_posts()}
    return {pk: loaded[pk] for pk in pks}


def facts(order: Order) -> Facts:
    """`people` — everybody once, as `person_facts` says them; `releases` — {id, person, substitute (or None), occasion,
    when, continuity}; `when` is in words: «21.11.2026 с 10:00 до 14:00»."""
    requests = chosen(order)
    people = people_of(requests)
    overrides = overrides_for([word for one in people.values() for word in (one.full_name, one.post)], order)
    said = {pk: facts_of(person, overrides) for pk, person in people.items()}
    releases = [
        {
            "id": one.pk,
            "person": said[one.author_id],
            "substitute": said[one.substitute_id] if one.substitute_id else None,
            "occasion": one.occasion,
            "when": one.when,
            "continuity": one.continuity.rstrip(". "),
        }
        for one in requests
    ]
    return {"people": list(said.values()), "releases": releases}


def obstacles(order: Order) -> list[str]:
    """Only what the head has granted, with somebody to stand in, and unchanged since the text was frozen."""
    requests = chosen(order)
    if not requests:
        return [NOT_CHOSEN]
    found = holding_faults(order, requests)
    found += [f"{one}: {NO_SUBSTITUTE}" for one in requests if one.substitute_id is None]
    found += [f"{one.short_name}: последний день в организации — {one.left_on:%d.%m.%Y}." for one in gone(requests)]
    found += name_obstacles(people_of(requests).values())
    if not order.is_editable:
        found += [CHANGED.format(request=one) for one in requests if not is_as_written(order, one)]
    return list(dict.fromkeys(found))


def gone(requests: list[PairRequest]) -> list[Participant]:
    """Whoever has left before the release."""
    return [
        person
        for one in requests
        for person in (one.author, one.substitute)
        if person is not None and person.left_on and one.starts_at and person.left_on < localdate(one.starts_at)
    ]


def is_as_written(order: Order, request: PairRequest) -> bool:
    written = next((one for one in order.facts.get("releases", []) if one["id"] == request.pk), None)
    if written is None or written["substitute"] is None:
        return False
    numbers = (written["person"]["number"], written["substitute"]["number"])
    return (*numbers, written["when"]) == (request.author_id, request.substitute_id, request.when)


def lock(order: Order) -> None:
    """People first, then requests, each in the order of their keys."""
    requests = chosen(order)
    list(Participant.objects.locked().filter(pk__in=people_of(requests)))
    list(PairRequest.objects.locked().filter(pk__in=[one.pk for one in requests]))


def hold(order: Order) -> None:
    hold_requests(order=order, kind=RequestKind.RELEASE, numbers=order.params.get("requests", []))


def apply(order: Order, actor: Any) -> None:
    carry_out(order=order, requests=chosen(order), actor=actor)


def release(order: Order, actor: Any) -> None:
    let_go_requests(order=order, actor=actor)


def done_by(order: Order, since: dt.date) -> list[PairRequest]:
    """What the order has carried out and its cancellation still stops: releases that are not over by the day."""
    return [
        one
        for one in chosen(order)
        if one.order_id == order.pk
        and one.state == RequestState.DONE
        and one.ends_at
        and localdate(one.ends_at) >= since
    ]


def close(order: Order, since: dt.date, actor: Any) -> None:
    undo_by_cancelling(order=order, requests=done_by(order, since), actor=actor)


def closing(order: Order, since: dt.date) -> list[str]:
    return [f"{one.author.short_name}: освобождения не будет ({one.when})." for one in done_by(order, since)]


def effects(order: Order) -> list[str]:
    """Who will be away and who stands in; then what overlaps, so that the head sees it before approving."""
    requests = chosen(order)
    found = [
        sentence(f"{one.author.short_name}: освобождение {one.when}, замещает {one.substitute.short_name}")
        for one in requests
        if one.substitute is not None
    ]
    warnings = [f"Проверьте: {words}" for one in requests for words in release_warnings(one)]
    return [*found, *dict.fromkeys(warnings), "Заявления будут отмечены исполненными, люди получат письма."]


def redact(facts: Facts, shown: frozenset[int]) -> Facts:
    """Names of those who have not agreed give way to a word."""

    def kept(person: dict[str, Any] | None) -> dict[str, Any] | None:
        return person if person is None or person["number"] in shown else nameless("member")

    releases = [
        {**one, "person": kept(one["person"]), "substitute": kept(one["substitute"]), "continuity": ""}
        for one in facts["releases"]
    ]
    return {**facts, "people": [kept(person) for person in facts["people"]], "releases": releases}


def sample() -> Facts:
    """Two invented releases, the second of several days."""
    people = [
        person_facts("Верескова Алла Петровна", "f", "учитель математики", number=1),
        person_facts("Ольхин Борис Викторович", "m", "учитель физики", number=2),
        person_facts("Осокина Мария Ильинична", "f", "учитель музыки", number=3),
        person_facts("Рябинин Пётр Сергеевич", "m", "учитель истории", number=4),
    ]
    occasions = [
        ("городская мастерская молодых педагогов", "15.10.2026 с 10:00 до 14:00", "уроки в 7 «Б» по общему плану"),
        ("областная конференция наставников", "с 20.10.2026 по 21.10.2026", "уроки по материалам на странице класса"),
    ]
    releases = [
        {
            "id": number + 1,
            "person": people[2 * number],
            "substitute": people[2 * number + 1],
            "occasion": occasion,
            "when": when,
            "continuity": continuity,
        }
        for number, (occasion, when, continuity) in enumerate(occasions)
    ]
    return {"people": people, "releases": releases}


register(
    OrderKind(
        code=CODE,
        title="Освобождение от обязанностей на мероприятие",
        form="mentorship.forms.requests.ReleaseOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        hold=hold,
        lock=lock,
        apply=apply,
        release=release,
        close=close,
        closing=closing,
        effects=effects,
        redact=redact,
    )
)
