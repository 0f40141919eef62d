"""Which state may follow which: a table on the model, one function that moves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from core.journal import Change, record


class Refused(Exception):
    """The law of the domain forbids it; `obstacles` are Russian sentences to show as they are."""

    def __init__(self, obstacles: Iterable[str]) -> None:
        self.obstacles = list(obstacles)
        super().__init__(" ".join(self.obstacles))


def no_obstacles(obj: Any) -> list[str]:
    return []


@dataclass(frozen=True)
class Transition:
    """One arrow of the state diagram.

    `label` is the word on the button, `done` the sentence for the history, `action` the row of the permission
    table that the service asks, `obstacles(obj)` the reasons that forbid it now (empty: nothing in the way).
    """

    label: str
    sources: frozenset[str]
    target: str
    action: str
    done: str
    obstacles: Callable[[Any], list[str]] = no_obstacles


def obstacles_of(obj: Any, name: str) -> list[str]:
    """Why `obj` cannot make this step now: the wrong state first, then the step's own obstacles."""
    step: Transition = obj.TRANSITIONS[name]
    if obj.state not in step.sources:
        return [f"Действие «{step.label}» недоступно: состояние — «{obj.get_state_display()}»."]
    return step.obstacles(obj)


@transaction.atomic
def move(obj: Any, name: str, *, actor: Any, text: str = "", **values: Any) -> None:
    """Move `obj` along the declared step and write the history, or raise `Refused`.

    `values` are further fields set in the same UPDATE. The UPDATE names the states it may start from, so of two
    simultaneous calls one wins and the other is refused. Permission is the caller's business.
    """
    if obstacles := obstacles_of(obj, name):
        raise Refused(obstacles)
    step: Transition = obj.TRANSITIONS[name]
    before = obj.get_state_display()
    rows = type(obj)._base_manager.filter(pk=obj.pk, state__in=step.sources)
    if not rows.update(state=step.target, **values):
        obj.refresh_from_db()
        raise Refused([f"Пока страница была открыта, состояние изменилось: «{obj.get_state_display()}»."])
    for attribute, value in {"state": step.target, **values}.items():
        setattr(obj, attribute, value)
    change = Change(field="Состояние", old=before, new=obj.get_state_display())
    record(step.action, obj, actor=actor, text=text or step.done, changes=[change])
