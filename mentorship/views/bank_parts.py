"""What other areas add to the page of a bank card: each registers a template and what it shows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from accounts.http import CabinetRequest
from mentorship.models import BankCard

PartFunction = Callable[[CabinetRequest, BankCard], dict[str, Any] | None]


@dataclass(frozen=True)
class BankPart:
    """A section: the template gets what the function returns as `part`; where that is None, there is no section."""

    template: str
    function: PartFunction
    position: int


BANK_PARTS: list[BankPart] = []


def register_bank_part(template: str, function: PartFunction, position: int = 50) -> None:
    """Add a section: the template, the function (request, card) → context, its place from the top."""
    part = BankPart(template, function, position)
    if part not in BANK_PARTS:
        BANK_PARTS.append(part)
        BANK_PARTS.sort(key=lambda one: one.position)


def bank_parts(request: CabinetRequest, card: BankCard) -> list[tuple[str, dict[str, Any]]]:
    """The sections of one card with their contexts, in their order."""
    found = [(part.template, part.function(request, card)) for part in BANK_PARTS]
    return [(template, context) for template, context in found if context is not None]
