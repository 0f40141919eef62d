"""What everybody may see of the roadmap: the approved one with its execution; posts instead of people's names."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Case, Count, QuerySet, When

from accounts.public import PublicOrganisation
from core.prepared import prepared
from orders.services.redaction import impersonal
from roadmap.figures import StageProgress, stages_with_progress
from roadmap.models import Item, Roadmap, RoadmapQuerySet, Stage


@dataclass(frozen=True)
class PublicItem:
    number: str
    text: str
    term: str
    responsible: str
    status: str
    chip: str
    done_on: dt.date | None


@dataclass(frozen=True)
class PublicStage:
    number: int
    title: str
    result: str
    done: int
    total: int
    items: list[PublicItem]


@dataclass(frozen=True)
class PublicRoadmap:
    title: str
    starts_on: dt.date
    ends_on: dt.date
    approved: str
    stages: list[PublicStage]


def roadmap(organisation_id: int, day: dt.date) -> PublicRoadmap | None:
    """The approved roadmap of the day, otherwise the latest approved one; None where there is none.

    Names that somebody has typed instead of posts are taken out, except inside the name of the organisation.
    """
    current = current_first(organisation_id, day).select_related("order", "organisation").first()
    if current is None:
        return None
    without_names = impersonal(current.organisation.name, *current.organisation.header_lines).text
    stages = [public_stage(stage, without_names) for stage in stages_with_progress(current, day)]
    approved = current.order.requisites if current.order else ""
    return PublicRoadmap(without_names(current.title), current.starts_on, current.ends_on, approved, stages)


def current_first(organisation_id: int, day: dt.date) -> RoadmapQuerySet:
    """Approved roadmaps: the one of the day, then the latest."""
    of_the_day = Case(When(starts_on__lte=day, ends_on__gte=day, then=0), default=1)
    return Roadmap.objects.approved().filter(organisation=organisation_id).order_by(of_the_day, "-starts_on", "-pk")


@dataclass(frozen=True)
class PublicStep:
    """A stage in numbers: items done and all items."""

    title: str
    done: int
    total: int


def steps(organisation: PublicOrganisation, day: dt.date) -> list[PublicStep]:
    """The stages of the same roadmap as `roadmap` finds, in one query; none where there is no roadmap."""
    without_names = impersonal(organisation.name, *organisation.lines).text
    return [PublicStep(without_names(title), done, total) for title, done, total in counted(organisation.pk, day)]


@prepared
def counted(organisation_id: int, day: dt.date) -> QuerySet[Stage, tuple[str, int, int]]:
    stages = Stage.objects.filter(roadmap__in=current_first(organisation_id, day).values("pk")[:1])
    rows = stages.annotate(done=Count("items__done_on"), total=Count("items")).order_by("position", "pk")
    return rows.values_list("title", "done", "total")


@dataclass(frozen=True)
class PublicProgress:
    """Items of the approved roadmap of the day."""

    done: int
    total: int


def progress_of(organisations: Iterable[int], day: dt.date) -> dict[int, PublicProgress]:
    """Execution by the key of the organisation, one query; absent where no approved roadmap covers the day."""
    current = Roadmap.objects.approved().filter(organisation__in=list(organisations))
    current = current.filter(starts_on__lte=day, ends_on__gte=day).order_by()
    rows: Any = (
        Item.objects.filter(stage__roadmap__in=current)
        .order_by()
        .values("stage__roadmap__organisation")
        .annotate(total=Count("pk"), done=Count("done_on"))
    )
    return {row["stage__roadmap__organisation"]: PublicProgress(row["done"], row["total"]) for row in rows}


def public_stage(progress: StageProgress, without_names: Callable[[str], str]) -> PublicStage:
    items = [
        PublicItem(
            number=row.number,
            text=without_names(row.item.text),
            term=without_names(row.item.term)
            or (f"до {row.item.due_on:%d.%m.%Y}" if row.item.due_on else "по мере необходимости"),
            responsible=without_names(row.item.responsible),
            status=row.status,
            chip=row.chip,
            done_on=row.item.done_on,
        )
        for row in progress.rows
    ]
    return PublicStage(
        number=progress.number,
        title=without_names(progress.stage.title),
        result=without_names(progress.stage.result),
        done=progress.done,
        total=progress.total,
        items=items,
    )
