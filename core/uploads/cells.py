"""One cell of a table from outside: its value as it was meant, or what is wrong with it."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from typing import Any

# Neither XML nor PostgreSQL keeps these: control characters, halves of surrogate pairs, two non-characters.
UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
# A spreadsheet program takes a cell that begins so for a formula.
RISKY = ("=", "+", "-", "@", "\t", "\r")
FORMULA = "В ячейке формула без значения. Замените её значением: скопируйте и вставьте «только значения»."


@dataclass(frozen=True)
class Flaw:
    """A cell that holds nothing readable; whoever asks for its value gets `text` as the refusal."""

    text: str

    def __str__(self) -> str:
        return ""


def tidy(value: Any) -> Any:
    """A value as it was meant: trimmed text, whole numbers without «.0», midnight as a date, nothing as "".

    Raises `ValueError` with a Russian sentence for a `Flaw`.
    """
    if isinstance(value, str):
        return UNPRINTABLE.sub("", value).replace("\xa0", " ").strip()
    if value is None:
        return ""
    if isinstance(value, Flaw):
        raise ValueError(value.text)
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date()
    return value


def read(value: Any) -> Any:
    """The same, but a flaw stays one: for those who only pass the value on."""
    return value if isinstance(value, Flaw) else tidy(value)


def unguarded(text: str) -> str:
    """The text behind the quote that our own export puts before formulas: a file of ours comes back as it was."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RISKY) else text
