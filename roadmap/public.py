"""What everybody may see of the roadmap: the approved one with its execution; posts instead of people's names."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from roadmap.figures import StageProgress, stages_with_progress
from roadmap.models import Roadmap


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
    """The approved roadmap of the day, otherwise the latest approved one; None where there is none."""
    rows = Roadmap.objects.approved().filter(organisation=organisation_id).select_related("order")
    current = rows.filter(starts_on__lte=day, ends_on__gte=day).first() or rows.first()
    if current is None:
        return None
    stages = [public_stage(stage) for stage in stages_with_progress(current, day)]
    approved = current.order.requisites if current.order else ""
    return PublicRoadmap(current.title, current.starts_on, current.ends_on, approved, stages)


def public_stage(progress: StageProgress) -> PublicStage:
    items = [
        PublicItem(
            number=row.number,
            text=row.item.text,
            term=row.item.term or (f"до {row.item.due_on:%d.%m.%Y}" if row.item.due_on else "по мере необходимости"),
            responsible=row.item.responsible,
            status=row.status,
            chip=row.chip,
            done_on=row.item.done_on,
        )
        for row in progress.rows
    ]
    return PublicStage(
        progress.number, progress.stage.title, progress.stage.result, progress.done, progress.total, items
    )
