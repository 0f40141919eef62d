"""The production calendar of the country, loaded from the file beside the programs."""

from __future__ import annotations

import json
from pathlib import Path

from django.db import transaction

from accounts.models import ProductionDay
from core.journal import Change, entry, record_many

SOURCE = Path(__file__).resolve().parent.parent / "data" / "production_calendar.json"
EVENT = "accounts.reference.change"
# Stands after the name of a day that the law lets expect but that nobody has announced yet.
UNSURE = " (проверить)"


@transaction.atomic
def load_calendar() -> int:
    """Add the days that are not there yet and settle those marked «проверить»; returns how many changed.

    A day that somebody has corrected by hand stays as it is.
    """
    stored = {day.day.isoformat(): day for day in ProductionDay.objects.all()}
    read = json.loads(SOURCE.read_text(encoding="utf-8"))["days"]
    wanted = {row["day"]: (row["kind"], row["name"] + UNSURE * bool(row.get("check"))) for row in read}
    new = [day for day in wanted if day not in stored]
    ProductionDay.objects.bulk_create(ProductionDay(day=day, kind=wanted[day][0], name=wanted[day][1]) for day in new)
    settled = [
        day
        for day, row in stored.items()
        if row.name.endswith(UNSURE) and day in wanted and wanted[day] != (row.kind, row.name)
    ]
    for day in settled:
        ProductionDay.objects.filter(day=day).update(kind=wanted[day][0], name=wanted[day][1])
    changed = [*new, *settled]
    write_history(changed, {day: f"{row.get_kind_display()}: {row.name}" for day, row in stored.items()})
    return len(changed)


def write_history(days: list[str], before: dict[str, str]) -> None:
    """One entry a day, with what it was before."""
    record_many(
        entry(
            EVENT,
            row,
            actor=None,
            text=f"Производственный календарь: {row.day:%d.%m.%Y}.",
            changes=[
                Change(
                    field="День", old=before.get(row.day.isoformat(), "—"), new=f"{row.get_kind_display()}: {row.name}"
                )
            ],
        )
        for row in ProductionDay.objects.filter(day__in=days)
    )
