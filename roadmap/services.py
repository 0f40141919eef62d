"""Actions on a roadmap: writing it, copying last year's, marking what is done."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.forms import ModelForm

from accounts.models import Organisation, User
from accounts.permissions import permit, today
from core.journal import differences, reading, record, save_form
from core.transitions import Refused
from mentorship.models.rules import FIRST_YEAR
from roadmap.models import Item, Roadmap, RoadmapState, Stage

LOCKED = "Дорожная карта передана на утверждение или утверждена: её текст больше не меняется, только отметки."
DAYS_IN_YEAR = 365.25


def refuse_locked(roadmap: Roadmap) -> None:
    """Look again with the row locked: an order may have taken the roadmap while the page was open."""
    roadmap.refresh_from_db(fields=["state", "order"], from_queryset=Roadmap.objects.select_for_update())
    if roadmap.is_locked:
        raise Refused([LOCKED])


def next_position(rows: Any) -> int:
    return (rows.aggregate(Max("position"))["position__max"] or 0) + 1


@transaction.atomic
def create_roadmap(
    *, organisation: Organisation, title: str, starts_on: dt.date, ends_on: dt.date, like: Roadmap | None, actor: User
) -> Roadmap:
    """Start a draft; with `like`, take over the stages and items of another year, their dates shifted by years."""
    permit(actor, "roadmap.roadmap.change", organisation)
    if like is not None and like.organisation_id != organisation.pk:
        raise Refused(["За основу можно взять только дорожную карту своей организации."])
    roadmap = Roadmap.objects.create(organisation=organisation, title=title, starts_on=starts_on, ends_on=ends_on)
    if like is not None:
        copy_stages(like, roadmap)
    record("roadmap.roadmap.add", roadmap, actor=actor, text=f"Начата дорожная карта «{title}».")
    return roadmap


def copy_stages(source: Roadmap, target: Roadmap) -> None:
    """Copy the text without marks of execution; the wording of a term is copied only where it names no year."""
    # By the nearest number of years: from December to January of the next winter is one year, not two.
    years = round((target.starts_on - source.starts_on).days / DAYS_IN_YEAR)
    for stage in source.stages.prefetch_related("items"):
        copy = Stage.objects.create(roadmap=target, position=stage.position, title=stage.title, result=stage.result)
        Item.objects.bulk_create(
            Item(
                stage=copy,
                position=item.position,
                text=item.text,
                term="" if any(char.isdigit() for char in item.term) else item.term,
                starts_on=shifted(item.starts_on, years),
                due_on=shifted(item.due_on, years),
                responsible=item.responsible,
                responsible_user=item.responsible_user,
            )
            for item in stage.items.all()
        )


def shifted(day: dt.date | None, years: int) -> dt.date | None:
    """The same day some years later; 29 February becomes the 28th."""
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)


@transaction.atomic
def change_part(*, roadmap: Roadmap, form: ModelForm, event: str, text: str, actor: User) -> None:
    """Save the valid form of a draft roadmap, of its stage or its item."""
    permit(actor, "roadmap.roadmap.change", roadmap)
    refuse_locked(roadmap)
    save_form(form, actor=actor, event=event, text=text)


@transaction.atomic
def add_stage(*, roadmap: Roadmap, stage: Stage, actor: User) -> Stage:
    """Append a stage to a draft."""
    permit(actor, "roadmap.roadmap.change", roadmap)
    refuse_locked(roadmap)
    stage.roadmap, stage.position = roadmap, next_position(roadmap.stages)
    stage.save()
    record("roadmap.stage.add", roadmap, actor=actor, text=f"Добавлен этап «{stage.title}».")
    return stage


@transaction.atomic
def add_item(*, stage: Stage, item: Item, actor: User) -> Item:
    """Append an item to a stage of a draft."""
    permit(actor, "roadmap.roadmap.change", stage.roadmap)
    refuse_locked(stage.roadmap)
    item.stage, item.position = stage, next_position(stage.items)
    item.save()
    record("roadmap.item.add", stage.roadmap, actor=actor, text=f"Добавлен пункт «{item}».")
    return item


@transaction.atomic
def remove(*, part: Stage | Item, actor: User) -> None:
    """Delete a stage (with its items) or an item of a draft."""
    roadmap = part.roadmap if isinstance(part, Stage) else part.stage.roadmap
    permit(actor, "roadmap.roadmap.change", roadmap)
    refuse_locked(roadmap)
    what = "этап" if isinstance(part, Stage) else "пункт"
    record("roadmap.part.remove", roadmap, actor=actor, text=f"Удалён {what} «{part}».")
    part.delete()


@transaction.atomic
def mark_item(*, item: Item, done_on: dt.date | None, done_note: str, actor: User) -> None:
    """Mark an item of an approved roadmap as done on a day, or take the mark away with `done_on=None`.

    Nothing is written when nothing changes.
    """
    permit(actor, "roadmap.item.mark", item)
    if item.stage.roadmap.state != RoadmapState.APPROVED:
        raise Refused(["Отмечать выполнение можно в утверждённой дорожной карте."])
    if done_on is not None and (faults := mark_faults(done_on)):
        raise Refused(faults)
    marks = ["done_on", "done_note"]
    before = reading(item, marks)
    item.done_on, item.done_note = done_on, done_note
    changes = differences(before, reading(item, marks))
    if not changes:
        return
    item.save(update_fields=marks)
    text = f"Пункт «{item}» отмечен как выполненный." if done_on else f"С пункта «{item}» снята отметка о выполнении."
    record("roadmap.item.mark", item.stage.roadmap, actor=actor, text=text, changes=changes)


def mark_faults(day: dt.date) -> list[str]:
    """Why an item cannot have been done on the day."""
    if day > today():
        return ["День выполнения ещё не наступил."]
    return [f"Проверьте год: раньше {FIRST_YEAR} года пункт выполнен быть не мог."] if day.year < FIRST_YEAR else []
