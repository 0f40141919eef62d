"""Cases and genders, and how a word found in small letters gets its own letters back."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class Case(StrEnum):
    """The six cases; the value is the key under which a form is kept."""

    NOMINATIVE = "nominative"
    GENITIVE = "genitive"
    DATIVE = "dative"
    ACCUSATIVE = "accusative"
    INSTRUMENTAL = "instrumental"
    PREPOSITIONAL = "prepositional"


class Gender(StrEnum):
    MALE = "m"
    FEMALE = "f"


OBLIQUE = (Case.GENITIVE, Case.DATIVE, Case.ACCUSATIVE, Case.INSTRUMENTAL, Case.PREPOSITIONAL)

VOWEL, NOT_VOWEL = "[аеёиоуыэюя]", "[^аеёиоуыэюя]"  # for the patterns of the word kinds

Forms = tuple[str, ...]
"""Five forms of one word, in the order of `OBLIQUE`."""

Overrides = Mapping[tuple[str, str], Mapping[str, str]]
"""{(kind, nominative in small letters, one space between words): {case value: form}}.

Kinds: name (a full name), surname, given, patronymic (one word of it), post.
"""


def as_gender(value: Gender | str | None) -> Gender | None:
    """The gender meant by the enum or by "m" / "f"; anything else is unknown."""
    return Gender(value) if value in ("m", "f") else None


def endings(stem: str, five: str) -> Forms:
    """Five forms from a stem and five endings separated by spaces; «-» stands for no ending."""
    return tuple(stem + ("" if ending == "-" else ending) for ending in five.split())


def unchanged(word: str) -> Forms:
    return (word,) * len(OBLIQUE)


def saved_form(overrides: Overrides | None, kind: str, nominative: str, case: Case) -> str | None:
    """The form that somebody has confirmed, if there is one; an empty one counts as absent."""
    if not overrides:
        return None
    return overrides.get((kind, " ".join(nominative.split()).lower()), {}).get(case) or None


def plain(word: str) -> str:
    """Small letters without «ё»: for comparing, never for printing."""
    return word.lower().replace("ё", "е")


def recase(original: str, form: str) -> str:
    """`form` (small letters) with the letters of `original` as far as they agree.

    Keeps capitals anywhere, all capitals, and «е» where the writer left the dots of «ё» out.
    """
    kept: list[str] = []
    for ours, theirs in zip(original, form, strict=False):
        if ours.lower() == theirs or (ours in "еЕ" and theirs == "ё"):
            kept.append(ours)
        elif ours in "ёЁ" and theirs == "е":
            kept.append("Е" if ours == "Ё" else "е")
        else:
            break
    rest = form[len(kept) :]
    if len(original) > 1 and original.isupper():
        rest = rest.upper()
    elif not kept and original[:1].isupper():
        rest = rest[:1].upper() + rest[1:]
    return "".join(kept) + rest
