"""Cells that only files of people have: a part of a name, years of experience."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from core.sheets import NumberWidget, TextWidget
from core.sheets.cells import folded, in_words
from mentorship.forms.participants import tidy
from mentorship.sameness import has_latin_lookalikes, with_cyrillic

LATIN = re.compile("[A-Za-z]")
YEARS_WORD = re.compile(r" ?(?:год|года|лет|г\.?|л\.?)$")
LESS_THAN_A_YEAR = frozenset({"меньше года", "менее года", "до года", "нет", "-", "–", "—"})
MOST_YEARS = 70


class NameWidget(TextWidget):
    """A part of a name in ordinary capitals; a Latin letter among Russian ones is refused with what was meant."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str | None:
        text = tidy(super().clean(value, row, **options) or "")
        if LATIN.search(text) and (found := has_latin_lookalikes(text)):
            meant = with_cyrillic(text)
            advice = f" Правильно, скорее всего: «{meant}»." if meant != text else " Напишите русскими буквами."
            raise ValueError(f"{found[0]}.{advice}")
        return text


class ExperienceWidget(NumberWidget):
    """Full years: «5», «5 лет», «меньше года»."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> int | None:  # type: ignore[override]
        word = folded(value)
        if word in LESS_THAN_A_YEAR:
            return 0
        years: Decimal | None = super().clean(YEARS_WORD.sub("", word), row, **options)
        if years is not None and not 0 <= years <= MOST_YEARS:
            raise ValueError(f"Проверьте стаж: «{in_words(value)[:50]}».")
        return None if years is None else int(years)
