"""Writing the history: every service and every plain edit calls `record` inside its own transaction."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.forms import ModelForm

from core.models import JournalEntry

NOBODY = "портал"
SECRET = "изменено"  # noqa: S105 - a word shown instead of the value, not a password
HIDDEN = "указано"


class Change(TypedDict):
    field: str
    old: str
    new: str


def in_words(value: Any) -> str:
    """A value as a person reads it in the history."""
    if value is None or value == "":
        return "—"
    if isinstance(value, bool):
        return "да" if value else "нет"
    if isinstance(value, dt.datetime):
        return value.strftime("%d.%m.%Y %H:%M")
    if isinstance(value, dt.date):
        return value.strftime("%d.%m.%Y")
    if isinstance(value, models.QuerySet | list | tuple | set):
        return ", ".join(in_words(one) for one in value) or "—"
    return str(value)


def entry(
    event: str,
    obj: models.Model,
    *,
    actor: Any,
    text: str,
    changes: Sequence[Change] = (),
    scope: int | None = None,
) -> JournalEntry:
    """Build one entry without saving it. `scope` defaults to the object's `journal_scope` where it has one."""
    return JournalEntry(
        actor=actor,
        actor_name=actor.full_name if actor is not None else NOBODY,
        event=event,
        text=text,
        changes=list(changes),
        subject_type=ContentType.objects.get_for_model(obj),
        subject_id=obj.pk,
        subject_text=str(obj)[:300],
        scope=scope if scope is not None else scope_of(obj),
    )


def record(event: str, obj: models.Model, **words: Any) -> JournalEntry:
    """Write one entry about `obj`; takes the keywords of `entry`. Call it in the transaction of the change."""
    written = entry(event, obj, **words)
    written.save(force_insert=True)
    return written


def record_many(entries: Iterable[JournalEntry]) -> None:
    """Write the history of a bulk change in one query."""
    JournalEntry.objects.bulk_create(list(entries), batch_size=1000)


def scope_of(obj: models.Model) -> int | None:
    """The tenant an object belongs to: its `journal_scope`, else its `organisation_id`."""
    return getattr(obj, "journal_scope", getattr(obj, "organisation_id", None))


def differences(before: Mapping[str, str], after: Mapping[str, str]) -> list[Change]:
    """What changed between two readings of an object (label → words), in the order of `after`."""
    return [
        Change(field=label, old=before.get(label, "—"), new=new)
        for label, new in after.items()
        if before.get(label, "—") != new
    ]


def reading(obj: models.Model, fields: Iterable[str], *, veiled: bool = True) -> dict[str, str]:
    """The named fields of an object as words: label → value; many-to-many relations included.

    Of the fields that the model names in `VEILED` only whether they are filled, unless somebody reads for a page.
    """
    words: dict[str, str] = {}
    for name in fields:
        field = obj._meta.get_field(name)
        value: Any = None
        if field.many_to_many:
            value = getattr(obj, name).all() if obj.pk else ()
        elif getattr(field, "choices", None):
            value = getattr(obj, f"get_{name}_display")()
        else:
            value = getattr(obj, name)
        word = HIDDEN if veiled and value and name in veiled_in(obj) else in_words(value)
        words[label_of(field)] = word
    return words


def label_of(field: Any) -> str:
    return str(getattr(field, "verbose_name", field.name)).capitalize()


def veiled_in(obj: models.Model) -> Iterable[str]:
    """Fields whose values the history must not keep: it can never be cleaned, and more people read it."""
    return getattr(obj, "VEILED", ())


def veiled_change(label: str, before: Any, after: Any) -> Change:
    """That a value was given, changed or taken away, without saying what it was."""
    new = in_words(None) if not after else SECRET if before else HIDDEN
    return Change(field=label, old=HIDDEN if before else in_words(None), new=new)


def veiled_changes(before: models.Model, after: models.Model, fields: Iterable[str]) -> list[Change]:
    """The veiled values that have given way to others; in two readings they look alike."""
    names = [name for name in fields if name in veiled_in(after)]
    pairs = [(after._meta.get_field(name), getattr(before, name), getattr(after, name)) for name in names]
    return [veiled_change(label_of(field), old, new) for field, old, new in pairs if old and new and old != new]


def save_form(form: ModelForm, *, actor: Any, event: str, text: str, about: models.Model | None = None) -> Any:
    """Save a plain single-row form and write what it changed; nothing is written when nothing changed.

    The caller has asked the permission. The form's instance is saved with its many-to-many fields. `about` is whose
    history it is, where that is not the row itself.
    """
    fields = [name for name in form.fields if name in {f.name for f in form.instance._meta.get_fields()}]
    stored = type(form.instance)._default_manager.filter(pk=form.instance.pk).first() if form.instance.pk else None
    before = reading(stored, fields) if stored else {}
    saved = form.save()
    kept = type(saved)._default_manager.get(pk=saved.pk)
    changes = differences(before, reading(kept, fields))
    if stored is not None:
        changes += veiled_changes(stored, kept, fields)
    if changes:
        record(event, about or saved, actor=actor, text=text, changes=changes)
    return saved
