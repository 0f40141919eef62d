"""Surnames: the kinds that the general rules get wrong come first, pytrovich answers for the rest."""

from __future__ import annotations

import re
from functools import lru_cache

from pytrovich.enums import NamePart

from core.russian.cases import NOT_VOWEL as C
from core.russian.cases import VOWEL as V
from core.russian.cases import Forms, Gender, endings, unchanged
from core.russian.dictionary import adjective, common_noun
from core.russian.grammar import by_rules
from core.russian.rules import A_HARD, A_HUSHED, A_IYA, A_SOFT, HARD, HUSHED, NONE, SOFT, by_table, rule

M, F = Gender.MALE, Gender.FEMALE

# French surnames stressed on a final «-а» or «-я» do not change.
FRENCH = {"дюма", "тома", "дега", "люка", "ферма", "петипа", "золя", "труайя", "деррида"}

# Georgian and Abkhaz surnames in «-ая» are nouns, not adjectives.
GEORGIAN = {
    *("шенгелая", "цулая", "ломая", "кокая", "зухбая", "кварая", "чкуая", "булая", "гогелая", "кекая", "тарбая"),
    *("гунтая", "микая", "ахалая", "пилая", "джалая", "берулая"),
}

# A woman's surname in «-ина» or «-ова» is nearly always possessive (Рябина: the wife of Рябин); these are nouns.
FEMALE_NOUNS = {
    *("калина", "щербина", "скорина", "малина", "былина", "дружина", "година", "купина", "перлина"),
    *("голова", "корова", "подкова", "дуброва", "диброва", "полова", "обнова", "основа", "синева"),
}

# «-ин» and «-ов» that are not Russian possessives: Дарвином, not «Дарвиным».
NOT_POSSESSIVE = {
    *("дарвин", "чаплин", "франклин", "гершвин", "цеппелин", "кельвин", "робин", "болдуин", "гудвин", "эдвин"),
    *("ирвин", "мелвин", "гриффин", "колин", "бюлов", "вирхов", "гуцков", "флотов"),
    *("константин", "валентин", "мартин", "северин", "августин", "вениамин", "яков", "мартын"),
    *("литвин", "грузин", "мордвин", "татарин", "хозяин", "господин", "алтын"),
}

# First halves of double surnames that never change.
FIXED_FIRST = {
    *("бонч", "книппер", "грум", "тер", "мелик", "сен", "сент", "сан", "санта", "мак", "эль", "аль", "бен", "бин"),
    *("ибн", "де", "ди", "да", "ла", "ле", "ван", "фон", "дон", "шах", "кара", "демут", "корвин", "нур", "абдул"),
}

# The ending is stressed although the dictionary does not know the word: Гармашом, Ганжой.
STRESSED = {
    *("гармаш", "кардаш", "черныш", "корж", "горобец", "кузьмич", "ильич", "фомич", "лукич"),
    *("ганжа", "левша", "ханжа", "паша"),
}

# … and these the dictionary has wrong.
UNSTRESSED = {"муромец"}

# Read from the top: the first match decides.
BEFORE_DICTIONARY = (
    rule(None, f"{V}а$", 0, NONE),
    rule(M, "^лев$", 2, "ьва ьву ьва ьвом ьве"),
    rule(M, "^павел$", 2, "ла лу ла лом ле"),
    rule(M, "журавель$", 3, "ля лю ля лем ле"),
    rule(M, f"^{C}+ий$", 1, "я ю я ем и"),
    rule(M, f"^{C}*[иы]н$", 0, HARD),
)
AFTER_DICTIONARY = (
    # Nouns in «-ой» and «-ий», then adjectives.
    rule(M, f"^{C}*ой$|[эёюя]й$", 1, SOFT),
    rule(M, "[гкхжчшщ]ой$", 2, "ого ому ого им ом"),
    rule(M, "ничий$", 2, "его ему его им ем"),
    rule(M, "(?:джий|[^уюя]чий)$", 1, "я ю я ем и"),
    rule(M, "[гкх]ий$", 2, "ого ому ого им ом"),
    rule(F, "[жчшщ]ая$", 2, "ей ей ую ей ей"),
    # «-их» of German descent; after г, к, х, ж, ч, ш, щ, н it is a Russian plural that never changes.
    rule(M, f"[^гкхжчшщн]их$|^{C}+их$|^мюних$", 0, HARD),
    # Vowels that drop out.
    rule(M, f"{V}ец$", 2, "йца йцу йца йцем йце"),
    rule(M, f"{V}лец$", 2, "ьца ьцу ьца ьцем ьце"),
    rule(M, f"{C}{C}(?<!ь.)ец$|^{C}ец$", 0, HUSHED),
    rule(M, f"^{C}*{V}{C}ец$", 2, "ца цу ца цом це"),
    rule(M, f"{C}ец$", 2, "ца цу ца цем це"),
    rule(M, f"{V}.*(?:[жчш]|[оеё]н)ок$", 2, "ка ку ка ком ке"),
    rule(M, f"{V}.*[^жчшщ]ёк$", 2, "ька ьку ька ьком ьке"),
    # After a hushing consonant «о» only under stress, see `stressed`.
    rule(M, f"ач$|^{C}*{V}ж$", 0, HARD),
    rule(M, "[жчшщ]ь$", 1, HUSHED),
    rule(M, "[жчшщц]$", 0, HUSHED),
    # «-ым» is for the possessives «-ов», «-ев», «-ин», «-ын» alone.
    rule(M, "[^иы]н$|[^оеё]в$|уин$", 0, HARD),
    # Nouns in «-а» and «-я»; the possessives and the adjectives of women are left to pytrovich.
    rule(F, "[влнрь]ска$|[иы]цка$", 1, "ой ой ую ой ой"),
    rule(F, f"^{C}?[ое]ва$|голова$", 1, A_HARD),
    rule(None, "[гкх]а$", 1, "и е у ой е"),
    rule(None, "[жчшщ]а$", 1, A_HUSHED),
    rule(None, "ца$", 1, "ы е у ей е"),
    rule(M, "а$", 1, A_HARD),
    rule(F, "(?<![оеё]в)(?<![иы]н)а$", 1, A_HARD),
    rule(None, "ия$", 1, A_IYA),
    rule(M, "я$", 1, A_SOFT),
    rule(F, "[^ая]я$", 1, A_SOFT),
)

# Where a vowel may drop out, a word of two or more syllables changes as the common noun does.
LIKE_NOUN = re.compile(f"^(?:пень|день|п[её]с|ёж|ёрш)$|осётр$|{V}.*(?:[еёо][кцлрт]|яц|[еёо][лнт]ь|[еиоё]й)$")
LIKE_ADJECTIVE = {M: re.compile("[ыио]й$"), F: re.compile("(?:[ая]|ь)я$")}


def by_dictionary(word: str, gender: Gender) -> Forms | None:
    """The surname that is also an ordinary word: Сухой, Старшая, Стрелец, Портной."""
    if word in UNSTRESSED:
        return None
    if LIKE_ADJECTIVE[gender].search(word):
        forms = adjective(word, gender)
        # «Садовничий», «Бабий» are possessives to the dictionary; only these two are such as surnames.
        if forms and (word in ("божий", "третий") or not forms[0].endswith("ьего")):
            return forms
    return common_noun(word, M) if gender == M and LIKE_NOUN.search(word) else None


def by_list(word: str, gender: Gender) -> Forms | None:
    if word in FRENCH:
        return unchanged(word)
    if word in GEORGIAN:
        return endings(word[:-1], A_SOFT)
    if gender == F and word in FEMALE_NOUNS:
        return endings(word[:-1], A_HARD)
    return endings(word, HARD) if gender == M and word in NOT_POSSESSIVE else None


def stressed(word: str) -> bool:
    """Whether the ending of the instrumental bears the stress, as far as lists and the dictionary tell."""
    if word in STRESSED or word in UNSTRESSED:
        return word in STRESSED
    noun = common_noun(word, M) or common_noun(word, F)
    return bool(noun and noun[3].endswith(("ом", "ой")))


def with_stress(word: str, forms: Forms) -> Forms:
    """«-ом», «-ой» in place of «-ем», «-ей» after ж, ч, ш, щ, ц where the ending is stressed."""
    instrumental = forms[3]
    if re.search("[жчшщц]е[мй]$", instrumental) and stressed(word):
        instrumental = instrumental[:-2] + "о" + instrumental[-1]
    return (*forms[:3], instrumental, forms[4])


@lru_cache(maxsize=20_000)
def single(word: str, gender: Gender) -> Forms:
    """Five forms of a surname without a hyphen, in small letters."""
    forms = (
        by_list(word, gender)
        or by_table(BEFORE_DICTIONARY, word, gender)
        or by_dictionary(word, gender)
        or by_table(AFTER_DICTIONARY, word, gender)
    )
    return with_stress(word, forms) if forms else by_rules(word, NamePart.LASTNAME, gender)


def surname_part(word: str, gender: Gender, *, last: bool) -> Forms:
    """One half of a double surname; `last` tells the closing half, which always changes if it can."""
    return unchanged(word) if not last and word in FIXED_FIRST else single(word, gender)
