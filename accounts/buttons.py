"""Buttons of an object's page, made from its table of transitions: what may be done, and why something may not."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from accounts.permissions import may
from core.transitions import Transition, obstacles_of


@dataclass(frozen=True)
class Button:
    """One action. With obstacles the button stays in its place, disabled, and the reasons stand below it."""

    label: str
    url: str
    obstacles: list[str] = field(default_factory=list)
    primary: bool = False
    danger: bool = False
    post: bool = False


def step_buttons(user: Any, obj: Any, urls: Mapping[str, str], *, primary: str = "", danger: str = "") -> list[Button]:
    """Buttons for the steps named in `urls` (step → address) that lead on from the state and that the user may make."""
    buttons = []
    for name, url in urls.items():
        step: Transition = obj.TRANSITIONS[name]
        if obj.state in step.sources and may(user, step.action, obj):
            buttons.append(Button(step.label, url, obstacles_of(obj, name), name == primary, name == danger))
    return buttons
