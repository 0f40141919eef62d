"""Rules of declension as rows: whom they concern, which words, how many letters go, which endings come."""

from __future__ import annotations

import re

from core.russian.cases import Forms, Gender, endings

Rule = tuple[Gender | None, re.Pattern[str], int, str]

# Five endings each, in the order of the oblique cases.
HARD, HUSHED, SOFT = "а у а ом е", "а у а ем е", "я ю я ем е"
A_HARD, A_HUSHED, A_SOFT, A_IYA = "ы е у ой е", "и е у ей е", "и е ю ей е", "и и ю ей и"
NONE = "- - - - -"


def rule(gender: Gender | None, pattern: str, cut: int, five: str) -> Rule:
    """Words of this gender (None: of both) that match lose `cut` letters and take the five endings."""
    return gender, re.compile(pattern), cut, five


def by_table(rules: tuple[Rule, ...], word: str, gender: Gender) -> Forms | None:
    """Five forms by the first row that fits, or None."""
    for only, pattern, cut, five in rules:
        if only in (None, gender) and pattern.search(word):
            return endings(word[: len(word) - cut], five)
    return None
