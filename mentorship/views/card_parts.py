"""What other areas add to a person's card: each registers a template and a function that gives its context."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.http import CabinetRequest
from mentorship.models import Participant

PartFunction = Callable[[CabinetRequest, Participant], dict[str, Any] | None]


@dataclass(frozen=True)
class CardPart:
    """A section of the card; where the function returns None, there is no section."""

    template: str
    function: PartFunction
    position: int


@dataclass(frozen=True)
class ShownPart:
    """A section with its context: the template reads it as `part`."""

    template: str
    data: dict[str, Any]


CARD_PARTS: list[CardPart] = []


def register_part(template: str, function: PartFunction, position: int = 50) -> None:
    """Add a section: the template, the function (request, person) → context or None, its place from the top."""
    part = CardPart(template, function, position)
    if part not in CARD_PARTS:
        CARD_PARTS.append(part)
        CARD_PARTS.sort(key=lambda one: one.position)


def parts_of(request: CabinetRequest, person: Participant) -> list[ShownPart]:
    """The sections that this reader sees of this person, in their order."""
    found = [(part.template, part.function(request, person)) for part in CARD_PARTS]
    return [ShownPart(template, data) for template, data in found if data is not None]
