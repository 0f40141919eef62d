"""What the roadmap brings to the home pages: items that are late or due soon."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from accounts.attention import Entry, Figure, Tab, register, register_figures, register_tab
from accounts.models import Organisation
from accounts.permissions import holds, may
from core.russian import plural
from roadmap.models import Item, Roadmap, RoadmapState

SOON = dt.timedelta(days=7)
SHOWN = 5
MARK = "roadmap.item.mark"

HINT = "План на учебный год: этапы, сроки, ответственные и что уже сделано"
register_tab(Tab("Дорожная карта", "roadmap_list", "roadmap.roadmap.view", 50, HINT))


@register
def items_due(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Entry]:
    """The nearest items a person may mark: late ones and those of the coming week, at most five of them."""
    if not holds(user, MARK):
        return
    rows = (
        Item.objects.permitted(user, MARK)
        .filter(stage__roadmap__organisation=organisation, stage__roadmap__state=RoadmapState.APPROVED, done_on=None)
        .filter(due_on__lte=day + SOON)
        .order_by("due_on", "pk")[:SHOWN]
    )
    for item in rows:
        due = item.due_on or day
        days = (day - due).days
        yield Entry(
            title=f"Пункт дорожной карты: {item}",
            url=reverse("item_mark", args=[item.pk]),
            detail=item.responsible,
            action="Отметить",
            chip=plural(days, "день", "дня", "дней") if days > 0 else f"до {due:%d.%m}",
            chip_kind="late" if days > 0 else "go",
            due=due,
            late=days > 0,
        )


@register
def roadmap_missing(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Entry]:
    """The curator is told when no approved roadmap covers the day."""
    if organisation.is_municipality or not may(user, "roadmap.roadmap.change", organisation):
        return
    covering = Roadmap.objects.approved().filter(organisation=organisation, starts_on__lte=day, ends_on__gte=day)
    if not covering.exists():
        yield Entry(
            title="Нет утверждённой дорожной карты на этот учебный год",
            url=reverse("roadmap_list"),
            detail="Составьте её и утвердите приказом вместе с Положением или отдельно",
            action="К дорожным картам",
            chip="нет карты",
            chip_kind="no",
        )


@register_figures
def execution(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Figure]:
    """Done of all in the roadmap of the day."""
    if not may(user, "roadmap.roadmap.change", organisation) and not holds(user, "orders.order.approve"):
        return
    items = Item.objects.permitted(user, "roadmap.roadmap.view").filter(
        stage__roadmap__organisation=organisation,
        stage__roadmap__state=RoadmapState.APPROVED,
        stage__roadmap__starts_on__lte=day,
        stage__roadmap__ends_on__gte=day,
    )
    marks = list(items.values_list("done_on", "due_on"))
    if marks:
        late = sum(done is None and due is not None and due < day for done, due in marks)
        yield Figure(
            value=f"{sum(done is not None for done, _ in marks)}/{len(marks)}",
            label="пунктов дорожной карты выполнено",
            url=reverse("roadmap_list"),
            detail=f"просрочено: {late}" if late else "просроченных нет",
            bad=bool(late),
        )
