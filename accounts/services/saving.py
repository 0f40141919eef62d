"""Saving plain forms when somebody else may be quicker: what the database refuses comes back as a form error."""

from __future__ import annotations

from typing import Any

from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import IntegrityError, connection, models, transaction
from django.forms import ModelForm

from core.journal import save_form

UNEXPLAINED = "Пока форма была открыта, данные изменились. Откройте страницу заново и повторите."


def save_or_explain(form: ModelForm, *, actor: Any, event: str, text: str) -> Any | None:
    """Like `core.journal.save_form`, but a violated constraint adds its own sentence to the form and gives None.

    The form has checked the constraints already; this is for two people who saved at the same moment.
    """
    try:
        with transaction.atomic():
            wait_for_turn(type(form.instance))
            return save_form(form, actor=actor, event=event, text=text)
    except IntegrityError as error:
        form.add_error(None, sentence_of(error, type(form.instance)))
        return None


def wait_for_turn(model: type[models.Model]) -> None:
    """One at a time, until the end of the transaction, into a table whose periods may not overlap.

    PostgreSQL adds the row first and looks for overlaps afterwards: of two that are added at once either may be called
    a deadlock, which names no constraint and has no sentence.
    """
    if any(isinstance(constraint, ExclusionConstraint) for constraint in model._meta.constraints):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [model._meta.db_table])


def sentence_of(error: IntegrityError, model: type[models.Model]) -> str:
    """The sentence that the violated constraint of the model carries."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None)
    named = {constraint.name: constraint for constraint in model._meta.constraints}
    return str(named[name].get_violation_error_message()) if name in named else UNEXPLAINED
