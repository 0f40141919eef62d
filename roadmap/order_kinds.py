"""The order that approves the Положение about mentoring together with the roadmap."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.transitions import Refused, move
from orders.kinds import Facts, OrderKind, register
from orders.models import LocalAct, Order
from orders.services.acts import bring_into_force
from roadmap.models import Item, Roadmap, RoadmapState

CODE = "regulation_and_roadmap"


def act_of(order: Order) -> LocalAct | None:
    return LocalAct.objects.filter(pk=order.params.get("act"), organisation=order.organisation_id).first()


def roadmap_of(order: Order) -> Roadmap | None:
    return Roadmap.objects.filter(pk=order.params.get("roadmap"), organisation=order.organisation_id).first()


def item_row(number: str, item: Item) -> dict[str, str]:
    """One row of the appendix as text."""
    due = f"{item.due_on:%d.%m.%Y}" if item.due_on else "по мере необходимости"
    return {
        "number": number,
        "text": item.text,
        "term": item.term or f"до {due}" if item.due_on else item.term or due,
        "responsible": item.responsible or (item.responsible_user.full_name if item.responsible_user else ""),
    }


def roadmap_facts(roadmap: Roadmap) -> dict[str, Any]:
    """The roadmap as the appendix prints it: stages with numbered rows."""
    stages = []
    for number, stage in enumerate(roadmap.stages.with_items(), start=1):
        rows = [item_row(f"{number}.{place}", item) for place, item in enumerate(stage.items.all(), start=1)]
        stages.append({"number": number, "title": stage.title, "result": stage.result, "rows": rows})
    return {
        "title": roadmap.title,
        "starts_on": roadmap.starts_on.isoformat(),
        "ends_on": roadmap.ends_on.isoformat(),
        "stages": stages,
    }


def facts(order: Order) -> Facts:
    """What the order approves, each with the number of its appendix."""
    act, roadmap = act_of(order), roadmap_of(order)
    found: Facts = {"appendices": []}
    if act:
        found["act"] = {"title": act.title, "paragraphs": act.paragraphs}
        found["appendices"].append({"what": "act", "title": act.title})
    if roadmap:
        found["roadmap"] = roadmap_facts(roadmap)
        found["appendices"].append({"what": "roadmap", "title": roadmap.title})
    for number, appendix in enumerate(found["appendices"], start=1):
        appendix["number"] = number
    found["what"] = " и ".join(word for word, there in (("Положения", act), ("дорожной карты", roadmap)) if there)
    return found


def obstacles(order: Order) -> list[str]:
    """Nothing to approve, an empty text, or something that another order has approved meanwhile."""
    act, roadmap = act_of(order), roadmap_of(order)
    reasons = []
    if act is None and roadmap is None:
        reasons.append("В приказе не выбрано, что он утверждает.")
    if act and not act.paragraphs:
        reasons.append(f"«{act.title}»: нет текста.")
    if act and act.state != LocalAct.State.DRAFT:
        reasons.append(f"«{act.title}» уже утверждено другим приказом.")
    if roadmap and not Item.objects.filter(stage__roadmap=roadmap).exists():
        reasons.append(f"«{roadmap.title}»: нет ни одного пункта.")
    if roadmap and roadmap.state != RoadmapState.DRAFT:
        reasons.append(f"«{roadmap.title}» уже утверждена другим приказом.")
    return reasons


def lock(order: Order) -> None:
    """Hold the act and the roadmap until the approval is over."""
    list(LocalAct.objects.select_for_update().filter(pk=order.params.get("act")))
    list(Roadmap.objects.select_for_update().filter(pk=order.params.get("roadmap")))


def hold(order: Order) -> None:
    """Tie what the draft approves to it and let go what it no longer approves."""
    for model, key in ((LocalAct, "act"), (Roadmap, "roadmap")):
        rows = model._default_manager.filter(organisation=order.organisation_id)
        rows.filter(order=order).exclude(pk=order.params.get(key)).update(order=None)
        rows.filter(pk=order.params.get(key), state="draft").update(order=order)


def apply(order: Order, actor: Any) -> None:
    """Bring the act and the roadmap into force; the earlier ones give way to them."""
    effective = order.params.get("effective_on")
    first_day = dt.date.fromisoformat(effective) if effective else order.signer_day()
    if act := act_of(order):
        bring_into_force(act=act, order=order, first_day=first_day, actor=actor)
    if roadmap := roadmap_of(order):
        if roadmap.order_id != order.pk:
            raise Refused([f"«{roadmap.title}» готовит другой приказ."])
        overlapping = Roadmap.objects.approved().filter(
            organisation=order.organisation_id, starts_on__lte=roadmap.ends_on, ends_on__gte=roadmap.starts_on
        )
        for earlier in overlapping:
            move(earlier, "replace", actor=actor)
        move(roadmap, "approve", actor=actor)


def release(order: Order, actor: Any) -> None:
    """Let the act and the roadmap go when the draft is deleted."""
    LocalAct.objects.filter(order=order).update(order=None)
    Roadmap.objects.filter(order=order).update(order=None)


def effects(order: Order) -> list[str]:
    """What the approval brings into force."""
    sentences = []
    if act := act_of(order):
        sentences.append(f"Вступит в силу: {act.title}. Прежняя редакция утратит силу.")
    if roadmap := roadmap_of(order):
        sentences.append(f"Начнёт действовать {roadmap.title}: пункты появятся в делах ответственных и на сайте.")
    return sentences


def sample() -> Facts:
    """An invented order with both appendices."""
    row = {"number": "1.1", "text": "Провести опрос педагогов", "term": "до 15.09.2026", "responsible": "Куратор"}
    paragraphs = [{"text": "1. Общие положения", "is_heading": True}, {"text": "1.1. Цель.", "is_heading": False}]
    stage = {"number": 1, "title": "Подготовка", "result": "Приказ и план", "rows": [row]}
    return {
        "what": "Положения и дорожной карты",
        "act": {"title": "Положение о наставничестве", "paragraphs": paragraphs},
        "roadmap": {
            "title": "Дорожная карта на 2026/2027 учебный год",
            "starts_on": "2026-09-01",
            "ends_on": "2027-08-31",
            "stages": [stage],
        },
        "appendices": [
            {"what": "act", "title": "Положение о наставничестве", "number": 1},
            {"what": "roadmap", "title": "Дорожная карта на 2026/2027 учебный год", "number": 2},
        ],
    }


register(
    OrderKind(
        code=CODE,
        title="Утверждение Положения и дорожной карты",
        form="roadmap.forms.RegulationOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        effects=effects,
        lock=lock,
        hold=hold,
        apply=apply,
        release=release,
    )
)
