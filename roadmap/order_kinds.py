"""The orders that approve the Положение together with the roadmap, and the plan of a year alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from core.documents.stamps import Style, approved_word
from core.transitions import move
from orders.kinds import Facts, OrderKind, register
from orders.models import LocalAct, Order, letterhead_of
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
from orders.services.redaction import HIDDEN
from roadmap.models import Item, Roadmap

CODE, PLAN = "regulation_and_roadmap", "plan"
NO_PLAN = "Выберите план или дорожную карту, которую утверждает приказ."
OTHERS = "«{title}»: с передачи приказа изменилось, какие планы он заменяет. Верните приказ, чтобы обновить текст."
# «Ответственный за реализацию …»
WHAT = {
    LocalAct.Kind.REGULATION.value: "Положения",
    LocalAct.Kind.PROGRAMME.value: "программы наставничества",
    LocalAct.Kind.COUNCIL.value: "Положения о совете наставников",
    LocalAct.Kind.INCENTIVES.value: "мер стимулирования наставников",
    LocalAct.Kind.HONOUR_BOARD.value: "Положения о доске почёта",
    LocalAct.Kind.CONTEST.value: "Положения о конкурсе",
}


def act_of(order: Order) -> LocalAct | None:
    return LocalAct.objects.filter(pk=order.params.get("act"), organisation=order.organisation_id).first()


def roadmap_of(order: Order) -> Roadmap | None:
    return Roadmap.objects.filter(pk=order.params.get("roadmap"), organisation=order.organisation_id).first()


def item_row(number: str, item: Item) -> dict[str, Any]:
    """One row of the appendix; `named` says that a person's own name stands instead of a post."""
    due = f"{item.due_on:%d.%m.%Y}" if item.due_on else "по мере необходимости"
    person = None if item.responsible else item.responsible_user
    return {
        "number": number,
        "text": item.text,
        "term": item.term or f"до {due}" if item.due_on else item.term or due,
        "responsible": person.full_name if person else item.responsible,
        "named": person is not None,
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


def first_day(order: Order) -> dt.date:
    """From when the order brings into force what it approves."""
    effective = order.params.get("effective_on")
    return dt.date.fromisoformat(effective) if effective else order.signer_day()


def facts(order: Order) -> Facts:
    """What the order approves, each with the number of its appendix."""
    act, roadmap = act_of(order), roadmap_of(order)
    found: Facts = {"appendices": [], "stamp": str(letterhead_of(order.organisation).stamp)}
    if act:
        found["act"] = act_facts(act, first_day(order))
        found["appendices"].append({"what": "act", "title": act.title, "word": act.approved_word})
    if roadmap:
        found["roadmap"] = roadmap_facts(roadmap)
        found["appendices"].append({"what": "roadmap", "title": roadmap.title, "word": approved_word(roadmap.title)})
    for number, appendix in enumerate(found["appendices"], start=1):
        appendix["number"] = number
    found["what"] = " и ".join([*([WHAT[act.kind]] if act else []), *(["дорожной карты"] if roadmap else [])])
    return found


def redact(facts: Facts, shown: frozenset[int]) -> Facts:
    """Posts stay, a name does not: nobody has agreed to be shown here."""
    facts = without_names(facts)
    if "roadmap" not in facts:
        return facts
    stages = [{**stage, "rows": [without_name(row) for row in stage["rows"]]} for stage in facts["roadmap"]["stages"]]
    return {**facts, "roadmap": {**facts["roadmap"], "stages": stages}}


def without_name(row: dict[str, Any]) -> dict[str, Any]:
    return {**row, "responsible": HIDDEN} if row.get("named") else row


def obstacles(order: Order) -> list[str]:
    """Nothing to approve, something unfinished, or something that another order has taken meanwhile."""
    act, roadmap = act_of(order), roadmap_of(order)
    reasons = []
    if act is None and roadmap is None:
        reasons.append("В приказе не выбрано, что он утверждает.")
    if act:
        reasons += act_obstacles(act) + part_obstacles(order, act, "act")
    if roadmap:
        reasons += roadmap_obstacles(roadmap) + part_obstacles(order, roadmap, "roadmap")
    return reasons


def roadmap_obstacles(roadmap: Roadmap) -> list[str]:
    items = Item.objects.filter(stage__roadmap=roadmap)
    if not items.exists():
        return [f"«{roadmap.title}»: нет ни одного пункта."]
    period = f"с {roadmap.starts_on:%d.%m.%Y} по {roadmap.ends_on:%d.%m.%Y}"
    return [f"Пункт «{item}»: срок вне срока дорожной карты, {period}." for item in items.outside(roadmap)]


def part_obstacles(order: Order, part: LocalAct | Roadmap, name: str) -> list[str]:
    changed = not order.is_editable and facts(order)[name] != order.facts.get(name)
    return holding_obstacles(order, part, changed=changed)


def lock(order: Order) -> None:
    lock_parts(order, LocalAct, Roadmap)


def hold(order: Order) -> None:
    """Tie what the draft approves to it and let go what it no longer approves."""
    own = {"organisation": order.organisation_id}
    hold_part(order, LocalAct.objects.filter(pk=order.params.get("act"), **own))
    hold_part(order, Roadmap.objects.filter(pk=order.params.get("roadmap"), **own))


def apply(order: Order, actor: Any) -> None:
    """Bring the act and the roadmap into force; the earlier ones give way to them."""
    if act := act_of(order):
        bring_into_force(act=act, order=order, first_day=first_day(order), actor=actor)
    if roadmap := roadmap_of(order):
        for earlier in Roadmap.objects.overlapping(roadmap):
            move(earlier, "replace", actor=actor)
        move(roadmap, "approve", actor=actor)


def release(order: Order, actor: Any) -> None:
    """Let the act and the roadmap go when the draft is deleted."""
    release_parts(order, LocalAct, Roadmap)


def close(order: Order, since: dt.date, actor: Any) -> None:
    """The act and the roadmap are in force no more; what was done by the roadmap stays."""
    end_acts(order=order, since=since, actor=actor)
    for roadmap in Roadmap.objects.approved().filter(order=order):
        move(roadmap, "replace", actor=actor, text="Дорожная карта больше не действует: приказ о ней отменён.")


def closing(order: Order, since: dt.date) -> list[str]:
    roadmaps = Roadmap.objects.approved().filter(order=order)
    return ending_words(order, since) + [f"Перестанет действовать: {roadmap.title}." for roadmap in roadmaps]


def effects(order: Order) -> list[str]:
    """What the approval brings into force and what gives way."""
    sentences = []
    if act := act_of(order):
        sentences += beginning_words(act, first_day(order), order.signer_day())
    if roadmap := roadmap_of(order):
        sentences.append(f"Начнёт действовать {roadmap.title}: пункты появятся в делах ответственных и на сайте.")
        sentences += [f"Будет заменена: {old.title}." for old in Roadmap.objects.overlapping(roadmap)]
    return sentences


def sample() -> Facts:
    """An invented order with both appendices."""
    row = {
        "number": "1.1",
        "text": "Провести опрос педагогов",
        "term": "до 15.09.2026",
        "responsible": "Куратор",
        "named": False,
    }
    paragraphs = [{"text": "1. Общие положения", "is_heading": True}, {"text": "1.1. Цель.", "is_heading": False}]
    stage = {"number": 1, "title": "Подготовка", "result": "Приказ и план", "rows": [row]}
    mark = {
        "word": "ПРИНЯТО",
        "who": "Педагогический совет",
        "name": "",
        "paper": "протокол от 28.08.2026 № 1",
    }
    return {
        "what": "Положения и дорожной карты",
        "stamp": Style.BY_ORDER.value,
        "act": {
            "title": "Положение о наставничестве",
            "paragraphs": paragraphs,
            "marks": [mark],
            "replaces": {"title": "Положение о наставничестве", "requisites": "от 01.09.2025 № 41-од"},
        },
        "roadmap": {
            "title": "Дорожная карта на 2026/2027 учебный год",
            "starts_on": "2026-09-01",
            "ends_on": "2027-08-31",
            "stages": [stage],
        },
        "appendices": [
            {"what": "act", "title": "Положение о наставничестве", "word": "УТВЕРЖДЕНО", "number": 1},
            {
                "what": "roadmap",
                "title": "Дорожная карта на 2026/2027 учебный год",
                "word": "УТВЕРЖДЕНА",
                "number": 2,
            },
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
        close=close,
        closing=closing,
        redact=redact,
    )
)


def plan_facts(order: Order) -> Facts:
    """`roadmap` as the appendix prints it, or None; its term in words; `replaced`: {title, requisites} of the
    roadmaps that give way to it; the style of the `stamp` and its `word`."""
    roadmap = roadmap_of(order)
    if roadmap is None:
        return {"roadmap": None, "term": "", "replaced": [], "stamp": "", "word": ""}
    earlier = Roadmap.objects.overlapping(roadmap).select_related("order").order_by("pk")
    return {
        "roadmap": roadmap_facts(roadmap),
        "term": f"с {roadmap.starts_on:%d.%m.%Y} по {roadmap.ends_on:%d.%m.%Y}",
        "replaced": [{"title": old.title, "requisites": old.order.requisites} for old in earlier if old.order],
        "stamp": str(letterhead_of(order.organisation).stamp),
        "word": approved_word(roadmap.title),
    }


def plan_obstacles(order: Order) -> list[str]:
    roadmap = roadmap_of(order)
    if roadmap is None:
        return [NO_PLAN]
    found = obstacles(order)
    if not found and not order.is_editable and plan_facts(order)["replaced"] != order.facts.get("replaced"):
        found.append(OTHERS.format(title=roadmap.title))
    return found


def plan_redact(facts: Facts, shown: frozenset[int]) -> Facts:
    return redact(facts, shown) if facts["roadmap"] else facts


def plan_sample() -> Facts:
    """An invented plan that takes the place of an earlier one."""
    return {
        "roadmap": sample()["roadmap"],
        "term": "с 01.09.2026 по 31.08.2027",
        "replaced": [{"title": "План наставничества на лето 2026 года", "requisites": "от 25.05.2026 № 31-б"}],
        "stamp": Style.BY_ORDER.value,
        "word": "УТВЕРЖДЕНА",
    }


register(
    OrderKind(
        code=PLAN,
        title="Утверждение плана работы или дорожной карты",
        form="roadmap.forms.PlanOrderForm",
        facts=plan_facts,
        sample=plan_sample,
        obstacles=plan_obstacles,
        effects=effects,
        lock=lock,
        hold=hold,
        apply=apply,
        release=release,
        close=close,
        closing=closing,
        redact=plan_redact,
    )
)
