"""Corrections of approved programmes: begun, given up, and the rows put back to what the version in force says."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import permit
from core.transitions import move
from mentorship.models import Activity, ActivityState, Focus, Programme, ProgrammeMark, ProgrammeState
from mentorship.models.programme_content import DICTIONARIES, TEXTS

CHANGE = "mentorship.programme.change"


@transaction.atomic
def amend_programme(*, programme: Programme, reason: str, actor: User) -> None:
    """Begin a correction: the text opens for editing while the last version stays in force."""
    permit(actor, CHANGE, programme)
    programme = Programme.objects.locked().get(pk=programme.pk)
    words = f"Начата корректировка программы: {reason}"
    move(programme, "amend", actor=actor, text=words, amend_reason=reason, return_reason="")


@transaction.atomic
def discard_correction(*, programme: Programme, actor: User) -> None:
    """Give a correction up: the rows say again what the version in force says; progress stays."""
    permit(actor, CHANGE, programme)
    programme = Programme.objects.locked().get(pk=programme.pk)
    move(programme, "discard", actor=actor, amend_reason="", return_reason="")
    restore(programme)


def drop_correction(programme: Programme) -> None:
    """The same for whatever completes the locked programme while a correction is being prepared."""
    if programme.state in (ProgrammeState.DRAFT, ProgrammeState.REVIEW):
        restore(programme)


def restore(programme: Programme) -> None:
    """Put the rows back to the version in force, by their keys; marks of agreement with the correction go."""
    version = programme.last_version
    content: dict[str, Any] = version.content
    header = {name: content[name] for name in (*TEXTS, "mode")}
    header |= {"starts_on": dt.date.fromisoformat(content["starts_on"])}
    header |= {"ends_on": max(dt.date.fromisoformat(content["ends_on"]), programme.ends_on)}
    Programme.objects.filter(pk=programme.pk).update(**header)
    for name in DICTIONARIES:
        getattr(programme, name).set([one["id"] for one in content[name]])
    ProgrammeMark.objects.filter(programme=programme).delete()
    # Cards merged since then have other keys.
    people = {key: one.pk for one in programme.pair.mentees for key in (one.pk, *one.former_keys)}
    for row in content["focuses"]:
        restore_focus(programme, {**row, "mentee": people.get(row["mentee"])})
    for row in content["activities"]:
        restore_line({**row, "mentee": people.get(row["mentee"])})
    Activity.objects.filter(programme=programme, approved_due_on=None).exclude(state=ActivityState.CANCELLED).delete()
    Activity.objects.filter(programme=programme).update(is_dropped=False)
    kept = [row["id"] for row in content["focuses"]]
    Focus.objects.filter(programme=programme, activities=None).exclude(pk__in=kept).delete()


def restore_focus(programme: Programme, row: dict[str, Any]) -> None:
    """A focus that the correction has deleted comes back under its own key."""
    values = {"kind": row["kind"], "text": row["text"], "entry_id": row["entry"], "mentee_id": row["mentee"]}
    Focus.objects.update_or_create(
        pk=row["id"], defaults={**values, "programme": programme, "position": row["position"]}
    )


def restore_line(row: dict[str, Any]) -> None:
    values = {name: row[name] for name in ("section", "title", "planned_result", "position")}
    due_on = dt.date.fromisoformat(row["due_on"])
    Activity.objects.filter(pk=row["id"]).update(
        **values, due_on=due_on, focus_id=row["focus"], mentee_id=row["mentee"], is_dropped=False
    )
