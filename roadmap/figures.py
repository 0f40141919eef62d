"""Execution of a roadmap in numbers: each stage with its items, what is done and what is late."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from core.russian import plural
from roadmap.models import Item, Roadmap, Stage


@dataclass(frozen=True)
class ItemRow:
    """An item with its number and its state in words."""

    number: str
    item: Item
    status: str

    @property
    def chip(self) -> str:
        return {"выполнено": "ok", "просрочено": "late", "идёт": "go"}.get(self.status, "")


@dataclass(frozen=True)
class StageProgress:
    """A stage with its rows; `done`, `late` and `total` count items."""

    number: int
    stage: Stage
    rows: list[ItemRow]

    @property
    def total(self) -> int:
        return len(self.rows)

    @property
    def done(self) -> int:
        return sum(row.item.done_on is not None for row in self.rows)

    @property
    def late(self) -> int:
        return sum(row.status == "просрочено" for row in self.rows)

    @property
    def starts_on(self) -> dt.date | None:
        return min((row.item.starts_on or row.item.due_on for row in self.rows if row.item.due_on), default=None)

    @property
    def ends_on(self) -> dt.date | None:
        return max((row.item.due_on for row in self.rows if row.item.due_on), default=None)

    @property
    def word(self) -> str:
        """The state of the stage in words."""
        if self.late:
            return plural(self.late, "просрочен", "просрочены", "просрочено")
        return {"ok": "выполнено", "go": "идёт"}.get(self.chip, "не начато")

    @property
    def chip(self) -> str:
        if self.late:
            return "late"
        if self.total and self.done == self.total:
            return "ok"
        return "go" if self.done or any(row.status == "идёт" for row in self.rows) else ""


def stages_with_progress(roadmap: Roadmap, day: dt.date) -> list[StageProgress]:
    """All stages of a roadmap in two queries whatever its size."""
    return [
        StageProgress(
            number,
            stage,
            [
                ItemRow(f"{number}.{place}", item, item.status_on(day))
                for place, item in enumerate(stage.items.all(), start=1)
            ],
        )
        for number, stage in enumerate(roadmap.stages.with_items(), start=1)
    ]
