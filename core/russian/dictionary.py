"""The morphological dictionary, loaded at the first question and asked about each word once."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from pymorphy3 import MorphAnalyzer

from core.russian.cases import Forms, Gender

LONGEST_WORD = 60  # longer «words» are noise; the guessing of endings is not meant for them

CASE_TAGS = ("gent", "datv", "accs", "ablt", "loct")
GENDER_TAGS = {Gender.MALE: "masc", Gender.FEMALE: "femn"}
PROPER = {"Name", "Surn", "Patr", "Geox", "Orgn", "Trad", "Abbr", "Init"}


@lru_cache(maxsize=1)
def analyzer() -> MorphAnalyzer:
    return MorphAnalyzer()


@lru_cache(maxsize=20_000)
def readings(word: str) -> tuple[Any, ...]:
    """Every reading of the word in the nominative singular, the likeliest first."""
    if not word or len(word) > LONGEST_WORD:
        return ()
    return tuple(
        parse for parse in analyzer().parse(word) if "nomn" in parse.tag and parse.tag.number in ("sing", None)
    )


@lru_cache(maxsize=20_000)
def likeliest(word: str) -> tuple[str, bool]:
    """The part of speech of the likeliest reading in any case, and whether the dictionary contains the word."""
    if not word or len(word) > LONGEST_WORD:
        return "", False
    first = analyzer().parse(word)[0]
    return str(first.tag.POS or ""), bool(first.is_known)


def inflected(reading: Any, *, person: bool = True, gender: str | None = None) -> Forms | None:
    """Five forms in small letters, or None if the dictionary lacks one.

    `person`: the word names a man, so its accusative is the genitive whatever the dictionary says of things.
    `gender` is wanted for adjectives only.
    """
    is_noun = reading.tag.POS == "NOUN"
    wanted = set() if is_noun else {gender or reading.tag.gender or "masc"}
    masculine = (reading.tag.gender if is_noun else gender or reading.tag.gender) == "masc"
    lifeless = person and masculine and not (is_noun and "anim" in reading.tag)
    forms = []
    for case in CASE_TAGS:
        as_case = "gent" if case == "accs" and lifeless else case
        found = reading.inflect({as_case, "sing"} | wanted)
        if found is None:
            return None
        forms.append(found.word)
    return tuple(forms)


def fits(reading: Any, gender: Gender) -> bool:
    """Whether the reading may name a person of this gender: its own gender, common («сирота») or unsaid."""
    return reading.tag.gender in (GENDER_TAGS[gender], None) or "ms-f" in reading.tag


def is_proper(reading: Any) -> bool:
    return any(mark in reading.tag for mark in PROPER)


@lru_cache(maxsize=5_000)
def common_noun(word: str, gender: Gender) -> Forms | None:
    """Forms of a common noun of this gender that the dictionary really contains (never guessed by the ending)."""
    for reading in readings(word):
        if reading.is_known and reading.tag.POS == "NOUN" and fits(reading, gender) and not is_proper(reading):
            return inflected(reading)
    return None


@lru_cache(maxsize=5_000)
def adjective(word: str, gender: Gender) -> Forms | None:
    """Forms of an adjective or participle of this gender that the dictionary really contains."""
    found = [
        reading
        for reading in readings(word)
        if reading.is_known and reading.tag.POS in ("ADJF", "PRTF") and reading.tag.gender == GENDER_TAGS[gender]
    ]
    # «Большая» is the wife of Большой, not of Больший.
    found.sort(key=lambda reading: not reading.normal_form.endswith("ой"))
    return inflected(found[0]) if found else None


@lru_cache(maxsize=5_000)
def is_given_name(word: str, gender: Gender) -> bool:
    return any(reading.is_known and "Name" in reading.tag and fits(reading, gender) for reading in readings(word))


def second_opinions(word: str, mark: str, gender: Gender) -> list[Forms]:
    """What the dictionary would write for a surname, given name or patronymic (`mark`: Surn, Name, Patr).

    Readings marked as such a name come alone; without any, every noun and adjective of the gender counts.
    """
    fitting = [r for r in readings(word) if fits(r, gender)]
    chosen = [r for r in fitting if mark in r.tag] or [r for r in fitting if r.tag.POS in ("NOUN", "ADJF")]
    found = (inflected(r, gender=None if r.tag.gender else GENDER_TAGS[gender]) for r in chosen)
    return list(dict.fromkeys(forms for forms in found if forms))
