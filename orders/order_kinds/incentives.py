"""The order on how mentors are encouraged: it approves the school's rules and names the measures, paid and unpaid."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet

from core.documents.stamps import Style
from orders.kinds import Facts, OrderKind, register
from orders.models import LocalAct, Order, letterhead_of
from orders.order_kinds.later import first_day
from orders.services.act_terms import (
    act_facts,
    act_obstacles,
    beginning_words,
    bring_into_force,
    end_acts,
    ending_words,
    without_names,
)
from orders.services.holding import hold_part, holding_obstacles, lock_parts, release_parts

CODE = "incentives"
NOT_CHOSEN = "Выберите порядок или положение, которое утверждает приказ."
NO_MEASURES = "Запишите хотя бы одну меру поощрения."


def chosen(order: Order) -> QuerySet[LocalAct]:
    own = LocalAct.objects.filter(organisation=order.organisation_id, kind=LocalAct.Kind.INCENTIVES)
    return own.filter(pk=order.params.get("act"))


def act_of(order: Order) -> LocalAct | None:
    return chosen(order).first()


def facts(order: Order) -> Facts:
    """`act` as `act_facts` gives it, or None, the style of its `stamp` and the stamp's `word`; `paid` and `unpaid`:
    measures in the school's words, without full stops."""
    act = act_of(order)
    return {
        "act": act_facts(act, first_day(order)) if act else None,
        "stamp": str(letterhead_of(order.organisation).stamp),
        "word": act.approved_word if act else "",
        "paid": order.params.get("paid", []),
        "unpaid": order.params.get("unpaid", []),
    }


def obstacles(order: Order) -> list[str]:
    """Nothing to approve, no measures, or a text that is not ready, another order's, or changed since frozen."""
    act = act_of(order)
    found = (
        [NOT_CHOSEN]
        if act is None
        else act_obstacles(act) + holding_obstacles(order, act, changed=act_changed(order, act))
    )
    return found if order.params.get("paid") or order.params.get("unpaid") else [*found, NO_MEASURES]


def act_changed(order: Order, act: LocalAct) -> bool:
    return not order.is_editable and act_facts(act, first_day(order)) != order.facts.get("act")


def lock(order: Order) -> None:
    lock_parts(order, LocalAct)


def hold(order: Order) -> None:
    hold_part(order, chosen(order))


def apply(order: Order, actor: Any) -> None:
    if act := act_of(order):
        bring_into_force(act=act, order=order, first_day=first_day(order), actor=actor)


def release(order: Order, actor: Any) -> None:
    release_parts(order, LocalAct)


def close(order: Order, since: dt.date, actor: Any) -> None:
    end_acts(order=order, since=since, actor=actor)


def closing(order: Order, since: dt.date) -> list[str]:
    return ending_words(order, since)


def effects(order: Order) -> list[str]:
    act = act_of(order)
    return beginning_words(act, first_day(order), order.signer_day()) if act else []


def redact(facts: Facts, shown: frozenset[int]) -> Facts:
    return without_names(facts)


def sample() -> Facts:
    """Invented rules with two measures of each sort."""
    paragraphs = [
        {"text": "1. Общие положения", "is_heading": True},
        {"text": "1.1. Поощрение зависит от объёма работы наставника.", "is_heading": False},
    ]
    return {
        "act": {"title": "Порядок поощрения наставников", "paragraphs": paragraphs},
        "stamp": Style.BY_ORDER.value,
        "word": "УТВЕРЖДЁН",
        "paid": ["ежемесячная выплата за работу наставником", "премия по итогам учебного года"],
        "unpaid": ["благодарность директора", "размещение на доске почёта"],
    }


register(
    OrderKind(
        code=CODE,
        title="Меры поощрения наставников",
        form="orders.forms.incentives.IncentivesForm",
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
