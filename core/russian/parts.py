"""Which word of a full name is the surname, the given name, the patronymic or an initial."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from core.russian.cases import Gender
from core.russian.dictionary import LONGEST_WORD, common_noun, is_given_name
from core.russian.surnames import FEMALE_NOUNS, GEORGIAN

LONGEST_NAME = 300  # letters; a longer line is not the name of one person


class Role(Enum):
    SURNAME = "surname"
    GIVEN = "given"
    PATRONYMIC = "patronymic"
    FATHER = "father"  # the father's name before «оглы», «кызы»: never changes, gives an initial
    INITIAL = "initial"
    FIXED = "fixed"


@dataclass(frozen=True)
class Word:
    """One word of a name and the gap that follows it in the tidied line."""

    text: str
    role: Role
    gap: str

    @property
    def is_russian(self) -> bool:
        return bool(RUSSIAN.fullmatch(self.text)) and len(self.text) <= LONGEST_WORD


RUSSIAN = re.compile(r"[\u0400-\u04ff]+(?:['’ʼ`\-‐‑–][\u0400-\u04ff]+)*")
TOKEN = re.compile(r"((?:-?[А-ЯЁA-Z][а-яё]?\.)+|\S+)(\s*)")
INITIALS = re.compile(r"(?:-?[А-ЯЁA-Z][а-яё]?\.)+")
HYPHEN = re.compile("([-‐‑–])")

PARTICLES = {
    *("де", "фон", "ван", "дер", "ден", "да", "ди", "дю", "ду", "ла", "ле", "дель", "делла", "дос", "аль", "эль"),
    *("ибн", "бин", "бен", "тер", "цу", "аф"),
}
CHILD_OF = {
    **dict.fromkeys(("оглы", "оглу", "огли", "угли", "углы", "улы", "уулу", "ұлы"), Gender.MALE),
    **dict.fromkeys(("кызы", "кизи", "гызы", "кзы", "қызы", "кыз"), Gender.FEMALE),
}
PATRONYMIC = re.compile("(?:[ое]вич|ьич|[оеё]вна|ична|ишна)$")
CLOSING_PATRONYMIC = re.compile("..(?:[иы]ч|[вч]на|ишна)$")
FEMALE_SURNAME = re.compile("..[оеё]ва$|[сц]кая$|...(?:ина|ына|ая|яя)$")
SURNAME_TAIL = re.compile("..(?:[ое]вич|[её]нко|[кшж]ко|[чщшнм]ук|юк|[тснр]ян|дзе|швили)$")
MALE_SURNAME = re.compile("..[оеё]в$|[кхжчшщ]ин$|цын$|[сц]кий$|.ый$")


def tidy(full_name: str) -> str:
    """One space between words, none around; a no-break space between words stays one."""
    return re.sub(r"\s+", lambda gap: "\u00a0" if "\u00a0" in gap[0] else " ", full_name.strip())


@lru_cache(maxsize=5_000)
def words_of(line: str) -> tuple[Word, ...]:
    """The words of a tidied line with their roles; none if the line is too long to be a name."""
    if len(line) > LONGEST_NAME:
        return ()
    tokens = TOKEN.findall(line)
    given_roles = roles([text for text, _ in tokens])
    return tuple(Word(text, role, gap) for (text, gap), role in zip(tokens, given_roles, strict=True))


def roles(texts: list[str]) -> list[Role]:
    """A role for every word; initials stand aside while the others are told apart."""
    dotted = sum(text.count(".") for text in texts if INITIALS.fullmatch(text))
    letters_too = dotted > 0 and len(texts) > 2
    is_initial = [bool(INITIALS.fullmatch(t)) or (letters_too and len(t) == 1 and t.isalpha()) for t in texts]
    rest = [text.lower() for text, initial in zip(texts, is_initial, strict=True) if not initial]
    told = iter([Role.SURNAME] * len(rest) if dotted and (dotted > 1 or len(rest) == 1) else told_apart(rest))
    found = [Role.INITIAL if initial else next(told) for initial in is_initial]
    return with_particles([text.lower() for text in texts], found)


def told_apart(words: list[str]) -> list[Role]:
    """Roles of whole words: «Фамилия Имя Отчество», or the order in which the patronymic betrays itself."""
    if len(words) > 2 and words[-1] in CHILD_OF:
        return [*surname_given(words[:-2]), Role.FATHER, Role.FIXED]
    if len(words) > 1 and re.split("[-‐‑–]", words[-1])[-1] in CHILD_OF:
        return [*surname_given(words[:-1]), Role.FATHER]
    for place, word in enumerate(words[1:-1], start=1):
        if PATRONYMIC.search(word):
            return [*[Role.GIVEN] * place, Role.PATRONYMIC, *[Role.SURNAME] * (len(words) - place - 1)]
    if len(words) > 2 and CLOSING_PATRONYMIC.search(words[-1]):
        return [*surname_given(words[:-1]), Role.PATRONYMIC]
    if len(words) == 2:
        return two_words(*words)
    return without_patronymic(words)


def surname_given(words: list[str]) -> list[Role]:
    """The last of these is the given name, whatever stands before it is the surname."""
    return [*[Role.SURNAME] * (len(words) - 1), Role.GIVEN]


def two_words(first: str, second: str) -> list[Role]:
    """«Фамилия Имя», unless it is plainly «Имя Отчество» or «Имя Фамилия»."""
    if PATRONYMIC.search(second) and is_given_name(first, gender_by_patronymic(second)):
        return [Role.GIVEN, Role.PATRONYMIC]
    looks_like_surname = any(kind.search(second) for kind in (FEMALE_SURNAME, MALE_SURNAME, SURNAME_TAIL))
    if looks_like_surname and is_name(first) and not is_name(second):
        return [Role.GIVEN, Role.SURNAME]
    return [Role.SURNAME, Role.GIVEN]


def without_patronymic(words: list[str]) -> list[Role]:
    """The surname first, with its «де» and «ван», then given names."""
    last = next((place for place, word in enumerate(words[:-1]) if word not in PARTICLES), 0)
    return [Role.SURNAME if place <= last else Role.GIVEN for place, _ in enumerate(words)]


def with_particles(words: list[str], found: list[Role]) -> list[Role]:
    """«де», «фон», «ван» inside a surname of several words never change, nor does a lonely «оглы»."""
    inside = zip(words, found, [*found[1:], None], strict=False)
    return [
        Role.FIXED if role is Role.SURNAME and is_fixed(word, following) else role for word, role, following in inside
    ]


def is_fixed(word: str, following: Role | None) -> bool:
    return word in CHILD_OF or (word in PARTICLES and following is Role.SURNAME)


def is_name(word: str) -> bool:
    return is_given_name(word, Gender.MALE) or is_given_name(word, Gender.FEMALE)


def gender_by_patronymic(word: str) -> Gender:
    return Gender.FEMALE if word.endswith("на") else Gender.MALE


def gender_by_surname(word: str) -> Gender | None:
    """What the ending says beyond doubt; a surname that is also an ordinary word says nothing."""
    piece = HYPHEN.split(word)[-1]
    if FEMALE_SURNAME.search(piece):
        ordinary = piece in FEMALE_NOUNS or piece in GEORGIAN or common_noun(piece, Gender.FEMALE)
        return None if ordinary else Gender.FEMALE
    return Gender.MALE if MALE_SURNAME.search(piece) else None


def gender_in(words: tuple[Word, ...]) -> Gender | None:
    """The gender by «оглы» or the patronymic, else by the surname if the given name does not contradict it."""
    by_role = {word.role: word.text.lower() for word in words}
    for word in words:
        child_of = CHILD_OF.get(HYPHEN.split(word.text.lower())[-1])
        if child_of and word.role in (Role.FIXED, Role.FATHER):
            return child_of
    patronymic = by_role.get(Role.PATRONYMIC)
    if patronymic and CLOSING_PATRONYMIC.search(patronymic):
        return gender_by_patronymic(patronymic)
    gender = gender_by_surname(by_role.get(Role.SURNAME, ""))
    given = by_role.get(Role.GIVEN, "")
    other = Gender.MALE if gender == Gender.FEMALE else Gender.FEMALE
    contradicted = gender and given and is_given_name(given, other) and not is_given_name(given, gender)
    return None if contradicted else gender
