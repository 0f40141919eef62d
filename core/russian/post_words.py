"""One word of a post: is it an adjective, a noun that names a person, or something that never changes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from core.russian.cases import Forms, endings, unchanged
from core.russian.dictionary import inflected, is_proper, likeliest, readings

HYPHEN = re.compile("([-‐‑–])")

# Stand before the post and never change; so does every abbreviation with a full stop.
FIXED_WORDS = {"врио", "врид", "ио", "вр", "вио"}

# First halves that stay as they are although they name a person or the dictionary does not know them.
FIXED_FIRST = {
    *("шеф", "генерал", "премьер", "экс", "вице", "обер", "унтер", "пресс", "веб", "арт", "пиар", "смм", "ивент"),
    *("медиа", "онлайн", "бизнес", "фото", "видео", "контент", "топ", "кино", "интернет", "вип", "скрам", "промо"),
}

# The dictionary takes these for things.
PERSONS = {"медиатор", "модератор", "навигатор", "фасилитатор", "тьютор", "лицо", "конструктор", "калькулятор"}

# Words too new for the dictionary that it does not even guess.
NEW_NOUNS = {"коуч": "а у а ем е", "ментор": "а у а ом е"}

# «замдекана», «завпрактикой»: the second half is already in its case.
SHORTENED = re.compile("(?:зам|зав|нач|пом)[а-я]{3,}(?:а|я|ой|ей|ом|ем|ием)$")

# Adjectives that name a person without a noun even after a comma: «учитель, ответственный за питание».
PERSON_ADJECTIVES = re.compile(
    "(?:ответственн|уполномоченн|дежурн|старш|младш|главн|назначенн|закреплённ|закрепленн|избранн|принят)(?:ый|ий|ая|ое|ее)$"
)

ADJECTIVE_ENDING = re.compile("(?:ый|ий|ой|ая|яя|ое|ее)(?:ся)?$")
ORDINAL = re.compile(r"\d+-(й|я)$")


@dataclass(frozen=True)
class Adjective:
    """An adjective or participle in the nominative singular."""

    forms: Forms
    gender: str
    names_person: bool  # stands for a person alone: «заведующий», «вожатый»
    takes_object: bool  # «осуществляющий образовательный процесс»: the noun after it is its object


@dataclass(frozen=True)
class Noun:
    """A noun in the nominative singular."""

    forms: Forms
    gender: str | None
    is_person: bool
    is_known: bool


@lru_cache(maxsize=5_000)
def adjective(word: str) -> Adjective | None:
    """`word` in small letters as an adjective; None if it is not one."""
    ordinal = ORDINAL.match(word)
    if ordinal:
        five = "го му го м м" if ordinal[1] == "й" else "й й ю й й"
        return Adjective(endings(word[:-1], five), "masc" if ordinal[1] == "й" else "femn", False, False)
    if not ADJECTIVE_ENDING.search(word) or is_compound_person(word):
        return None
    found = [r for r in readings(word) if r.tag.POS in ("ADJF", "PRTF") and r.tag.number == "sing"]
    forms = inflected(found[0]) if found else None
    # «по учебной и иной работе»: «-ой» may be any case of a woman's form.
    alone = not word.endswith("ой") and any("PRTF" in r.tag or "Subx" in r.tag for r in found)
    transitive = any({"PRTF", "actv", "tran"} in r.tag for r in found)
    alone = alone or bool(PERSON_ADJECTIVES.match(word))
    return Adjective(forms, str(found[0].tag.gender), alone, transitive) if forms else None


def is_compound_person(word: str) -> bool:
    """«педагог-ведущий» is two persons; «научно-методический» is one adjective."""
    first, *rest = HYPHEN.split(word)
    return bool(rest) and names_person(first)


def noun_readings(word: str) -> list[Any]:
    return [r for r in readings(word) if r.tag.POS == "NOUN" and r.tag.number == "sing" and not is_proper(r)]


def reading_of_person(word: str) -> Any | None:
    """The likeliest reading as a noun, one that names a living being before all others."""
    nouns = noun_readings(word)
    return next((r for r in nouns if "anim" in r.tag), nouns[0] if nouns else None)


def names_person(word: str) -> bool:
    """Whether a person comes to mind first («язык» is a captive only to a scout); a guess counts if it may be one."""
    nouns = noun_readings(word)
    likely = [r for r in nouns[:1] if r.is_known] or [r for r in nouns if not r.is_known]
    return word in PERSONS or any("anim" in r.tag for r in likely)


def simple_noun(word: str) -> Noun | None:
    reading = reading_of_person(word)
    if SHORTENED.fullmatch(word) and not likeliest(word)[1]:
        return Noun(unchanged(word), "masc", True, True)
    forms = inflected(reading) if reading else None
    if reading and forms:
        return Noun(forms, reading.tag.gender, names_person(word), reading.is_known or word in PERSONS)
    if word.endswith("ик"):  # «робототехник»: the dictionary sees only «много робототехник»
        return Noun(endings(word, "а у а ом е"), "masc", True, False)
    if word in NEW_NOUNS:
        return Noun(endings(word, NEW_NOUNS[word]), "masc", True, True)
    return None


@lru_cache(maxsize=5_000)
def noun(word: str) -> Noun | None:
    """`word` in small letters as a noun, both halves of «педагог-психолог» changed; None if it is not one."""
    pieces = HYPHEN.split(word)
    if len(pieces) == 1:
        return simple_noun(word)
    last = noun_or_participle(pieces[-1])
    if last is None:
        return None
    columns = [first_half(piece) if place % 2 == 0 else unchanged(piece) for place, piece in enumerate(pieces[:-1])]
    forms = tuple("".join(column) for column in zip(*columns, last.forms, strict=True))
    return Noun(forms, last.gender, last.is_person, last.is_known)


def noun_or_participle(piece: str) -> Noun | None:
    """Half of a hyphened post: «методист» or «заведующий»."""
    half = simple_noun(piece)
    participle = None if half else adjective(piece)
    if participle and participle.names_person:
        return Noun(participle.forms, participle.gender, True, True)
    return half


def first_half(piece: str) -> Forms:
    """«учитель-» changes, «шеф-», «бизнес-» and «IT-» do not."""
    half = None if piece in FIXED_FIRST or len(piece) < 3 else noun_or_participle(piece)
    return half.forms if half and half.is_person else unchanged(piece)


def never_changes(word: str) -> bool:
    """Whether it may stand before the post and stays as it is: «зам.», «врио», «временно»."""
    return word.endswith(".") or word in FIXED_WORDS or likeliest(word)[0] == "ADVB"
