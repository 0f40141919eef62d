"""The name rules of pytrovich, asked for five forms of one word at a time."""

from __future__ import annotations

from functools import lru_cache

from pytrovich.enums import Case as RuleCase
from pytrovich.enums import Gender as RuleGender
from pytrovich.enums import NamePart
from pytrovich.maker import PetrovichDeclinationMaker

from core.russian.cases import OBLIQUE, Forms, Gender

RULE_CASES = tuple(RuleCase[case.name] for case in OBLIQUE)
RULE_GENDERS = {Gender.MALE: RuleGender.MALE, Gender.FEMALE: RuleGender.FEMALE}


@lru_cache(maxsize=1)
def maker() -> PetrovichDeclinationMaker:
    return PetrovichDeclinationMaker()


def by_rules(word: str, part: NamePart, gender: Gender) -> Forms:
    """Five forms of a word without a hyphen, in small letters; a word no rule knows stays as it is."""
    return tuple(maker().make(part, RULE_GENDERS[gender], case, word) for case in RULE_CASES)
