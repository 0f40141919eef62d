"""Given names and patronymics: exceptions first, pytrovich answers for the rest."""

from __future__ import annotations

from functools import lru_cache

from pytrovich.enums import NamePart

from core.russian.cases import VOWEL as V
from core.russian.cases import Forms, Gender, unchanged
from core.russian.grammar import by_rules
from core.russian.rules import A_HARD, A_HUSHED, A_IYA, HARD, HUSHED, NONE, by_table, rule

M, F = Gender.MALE, Gender.FEMALE

# Foreign names of women that custom leaves unchanged; Айгуль, Николь, Адель and the rest may change.
FIXED_WOMEN = {"мишель", "даниэль", "габриэль", "ариэль", "эммануэль", "рафаэль", "аннабель", "изабель"}

# Men's names in «-о» with a Slavic past change as those in «-а»; a foreign «-о» never changes.
SLAVIC_O = {"данило", "гаврило", "михайло", "ермило", "самойло", "корнило", "кирило"}
UKRAINIAN_O = {"петро", "павло", "дмитро"}

# First halves of double given names that never change: Жан-Поля, Абдул-Азиза.
FIXED_FIRST = {
    *("жан", "ганс", "абдул", "абдуль", "абдель", "абд", "абу", "нур", "мир", "эль", "аль", "ибн", "сент", "сен"),
}
# Eastern second halves before which the first never changes: Ахмед-хана, Магомед-Али.
EASTERN_LAST = {"хан", "бек", "али", "оол", "кыс", "гирей", "ага", "мирза", "заде"}

RULES = (
    rule(F, "ия$", 1, A_IYA),
    rule(M, "..ия$", 1, A_IYA),
    rule(None, f"{V}а$", 0, NONE),
    rule(None, "[жчшщ]а$", 1, A_HUSHED),
    rule(F, f"^(?:{'|'.join(sorted(FIXED_WOMEN))})$", 0, NONE),
    rule(F, "ль$", 1, "и и ь ью и"),
    rule(M, f"^(?:{'|'.join(sorted(SLAVIC_O))})$", 1, A_HARD),
    rule(M, f"^(?:{'|'.join(sorted(UKRAINIAN_O))})$", 1, HARD),
    rule(M, "ек$", 0, HARD),
    rule(M, "[жчшщц]$", 0, HUSHED),
)
PATRONYMIC_RULES = (
    # Of names stressed on the last syllable; all others take «-ем».
    rule(None, "^(?:иль|кузьм|козьм|фом|лук)ич$", 0, HARD),
    rule(None, "[иы]ч$", 0, HUSHED),
    rule(None, "[вчш]на$", 1, A_HARD),
)


@lru_cache(maxsize=20_000)
def single(word: str, gender: Gender) -> Forms:
    """Five forms of a given name without a hyphen, in small letters."""
    return by_table(RULES, word, gender) or by_rules(word, NamePart.FIRSTNAME, gender)


def given_part(word: str, gender: Gender, *, last: bool) -> Forms:
    """One half of a double given name; `last` tells the closing half, which always changes if it can."""
    return unchanged(word) if not last and word in FIXED_FIRST else single(word, gender)


def patronymic_part(word: str, gender: Gender, *, last: bool = True) -> Forms:
    """A Russian patronymic by its own ending; a foreign second name changes as a given name."""
    return by_table(PATRONYMIC_RULES, word, gender) or given_part(word, gender, last=last)
