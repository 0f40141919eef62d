"""What tests of this app are built from: roadmaps with stages and items, acts, orders that approve them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.models import Organisation
from orders.models import LocalAct, Order
from orders.services import approve_order, draft_order, submit_order
from roadmap.models import Item, Roadmap, RoadmapState, Stage
from tests.mentorship.builders import approved_order, day

KIND = "regulation_and_roadmap"


def make_roadmap(school: Organisation, title: str = "Карта года", first: int = -100, last: int = 200) -> Roadmap:
    """An empty draft."""
    return Roadmap.objects.create(organisation=school, title=title, starts_on=day(first), ends_on=day(last))


def make_stage(roadmap: Roadmap, title: str = "Подготовка", result: str = "") -> Stage:
    return Stage.objects.create(roadmap=roadmap, position=roadmap.stages.count() + 1, title=title, result=result)


def make_item(stage: Stage, text: str = "Провести опрос", due: int | None = 10, **more: Any) -> Item:
    due_on = None if due is None else day(due)
    return Item.objects.create(stage=stage, position=stage.items.count() + 1, text=text, due_on=due_on, **more)


def ready(school: Organisation, title: str = "Карта года", first: int = -100, last: int = 200) -> Roadmap:
    """A draft with one stage of one item: enough to be approved."""
    roadmap = make_roadmap(school, title, first, last)
    make_item(make_stage(roadmap), due=first + 10)
    return roadmap


def in_force(roadmap: Roadmap, people: Any, state: str = RoadmapState.APPROVED, number: str = "1-к") -> Roadmap:
    """The roadmap as an order has left it, without the way through the pages."""
    order = Order.objects.filter(organisation=roadmap.organisation, number=number).first()
    order = order or approved_order(roadmap.organisation, people, number)
    Roadmap.objects.filter(pk=roadmap.pk).update(state=state, order=order)
    roadmap.refresh_from_db()
    return roadmap


def make_act(school: Organisation, title: str = "Положение о наставничестве", **more: Any) -> LocalAct:
    """A draft of an act."""
    text = more.pop("text", "1. Общие положения\n1.1. Наставничество добровольно.")
    return LocalAct.objects.create(organisation=school, title=title, text=text, **more)


def params(act: LocalAct | None = None, roadmap: Roadmap | None = None, **changes: Any) -> dict[str, Any]:
    """What the drafter chose, as the form gives it."""
    return {
        "title": "Об утверждении документов о наставничестве",
        "purpose": "В целях развития наставничества",
        "basis": [],
        "control": "self",
        "effective_on": None,
        **{f"{who}_{part}": "" for who in ("responsible", "control") for part in ("name", "post", "gender")},
        "act": act.pk if act else None,
        "roadmap": roadmap.pk if roadmap else None,
        **changes,
    }


def draft(people: Any, act: LocalAct | None = None, roadmap: Roadmap | None = None, **changes: Any) -> Order:
    chosen = act or roadmap
    assert chosen is not None
    words = params(act, roadmap, **changes)
    return draft_order(organisation=chosen.organisation, kind=KIND, params=words, actor=people.curator)


def submitted(people: Any, act: LocalAct | None = None, roadmap: Roadmap | None = None, **changes: Any) -> Order:
    order = draft(people, act, roadmap, **changes)
    submit_order(order=order, actor=people.curator)
    return order


def approve(order: Order, people: Any, number: str = "71-б", on: dt.date | None = None) -> Order:
    approve_order(order=order, number=number, date=on or day(0), actor=people.director)
    return order
