"""Whether two names may belong to one person, and why; Latin letters that slipped into Russian words.

Knows nothing of cards and tables: names come in as text, reasons go out as Russian words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import combinations
from typing import Generic, TypeVar

# The same sign on paper and on the screen, another letter in the file.
VISUAL = dict(zip("ABCEHKMOPTXYaceopxyk", "АВСЕНКМОРТХУасеорхук", strict=True))
# For comparing, whatever the size of the letter: both rows in small letters.
LATIN, CYRILLIC = "abcehkmoptxy", "авсенкмортху"
HYPHENS, APOSTROPHES = "-‐‑‒–—−", "'’‘ʼ`´′"
SIGNS = str.maketrans({**dict.fromkeys(f"{HYPHENS}.", " "), **dict.fromkeys(APOSTROPHES, None)})
YO = str.maketrans("ё", "е")
FOLDING = str.maketrans(f"ё{LATIN}", f"е{CYRILLIC}")
SOFT = re.compile(r"(?<=\w)и(?=[яею])")
WORD = re.compile(r"[^\W\d_]+")
IS_LATIN, IS_CYRILLIC = re.compile(r"[A-Za-z]"), re.compile(r"[А-ЯЁа-яё]")
SHORTEST_FOR_A_SLIP = 6
OTHER_YEAR = "; год рождения разный"


@lru_cache(maxsize=20_000)
def tidied(text: str) -> str:
    """Small letters, one space between words, no hyphens, dots and apostrophes; the letters themselves stay."""
    return " ".join(unicodedata.normalize("NFC", text).lower().translate(SIGNS).split())


def folded(text: str) -> str:
    """The normal form of a part of a name: equal for every way to write it, Ё as Е and Latin look-alikes included."""
    return tidied(text).translate(FOLDING)


@dataclass(frozen=True)
class Lookalike:
    """A Latin letter inside Russian text: its place from 0 and the letter meant («» where nothing looks alike)."""

    word: str
    position: int
    letter: str
    meant: str

    def __str__(self) -> str:
        return f"Латинская буква «{self.letter}» в слове «{self.word}»"


def has_latin_lookalikes(text: str) -> list[Lookalike]:
    """Latin letters in words of two alphabets, and words of Latin look-alikes alone beside Russian ones.

    A foreign name in its own letters is nothing to remark upon.
    """
    russian = bool(IS_CYRILLIC.search(text))
    return [one for found in WORD.finditer(text) for one in of_word(found[0], found.start(), russian)]


def of_word(word: str, start: int, russian: bool) -> Iterator[Lookalike]:
    latin = [(place, letter) for place, letter in enumerate(word) if IS_LATIN.match(letter)]
    disguised = russian and all(letter in VISUAL for _, letter in latin)
    if latin and (IS_CYRILLIC.search(word) or disguised):
        for place, letter in latin:
            yield Lookalike(word, start + place, letter, VISUAL.get(letter, ""))


def with_cyrillic(text: str) -> str:
    """The text with the look-alikes put right; Latin letters that resemble nothing stay."""
    letters = list(text)
    for one in has_latin_lookalikes(text):
        letters[one.position] = one.meant or one.letter
    return "".join(letters)


@dataclass(frozen=True)
class Name:
    """A person as far as sameness goes. `past` are earlier names as (surname, given name, patronymic)."""

    surname: str
    given_name: str
    patronymic: str = ""
    birth_year: int | None = None
    past: tuple[tuple[str, str, str], ...] = ()

    @property
    def parts(self) -> tuple[str, str, str]:
        return (self.surname, self.given_name, self.patronymic)

    @cached_property
    def plain(self) -> tuple[str, str, str]:
        """Surname, given name and patronymic in normal form."""
        return folded(self.surname), folded(self.given_name), folded(self.patronymic)

    @cached_property
    def soft(self) -> tuple[str, str]:
        """Given name and patronymic as «Наталья», «Геннадьевна», however they were written."""
        return softened(self.plain[1]), softened(self.plain[2])

    @property
    def is_whole(self) -> bool:
        return bool(self.plain[0] and self.plain[1])

    @property
    def earlier(self) -> list[Name]:
        return [Name(*parts) for parts in self.past]


@lru_cache(maxsize=5_000)
def softened(plain: str) -> str:
    return SOFT.sub("ь", plain)


def likeness(one: Name, other: Name) -> str | None:
    """Why the two may be one person, in Russian; None where nothing suggests it. The order of the two is no matter.

    Years of birth that are both known and differ outweigh every reason but the very same name.
    """
    if not (one.is_whole and other.is_whole):
        return None
    differs = None not in (one.birth_year, other.birth_year) and one.birth_year != other.birth_year
    if one.plain == other.plain:
        return how_spelled(one, other) + (OTHER_YEAR if differs else "")
    if differs:
        return None
    first, second = sorted((one, other), key=lambda name: (len(name.surname), name.parts, name.past))
    return (
        double_surname(first, second)
        or no_patronymic(first, second)
        or initials(first, second)
        or other_given(first, second)
        or slip(first, second)
        or past_surname(first, second)
    )


def how_spelled(one: Name, other: Name) -> str:
    """In what two spellings of one name differ."""
    first, second = (tuple(map(tidied, name.parts)) for name in (one, other))
    if one.parts == other.parts:
        return "то же имя"
    if [text.translate(YO) for text in first] != [text.translate(YO) for text in second]:
        return "латинские буквы"
    return "то же имя: ё и е" if first != second else "то же имя, написано иначе"


def double_surname(one: Name, other: Name) -> str | None:
    """«Иванова» and «Иванова-Петрова»; also two double surnames in another order."""
    first, second = set(one.plain[0].split()), set(other.plain[0].split())
    if one.soft != other.soft or not (first <= second or second <= first):
        return None
    return f"двойная фамилия: {one.surname} и {other.surname}" if one.plain[0] != other.plain[0] else None


def no_patronymic(one: Name, other: Name) -> str | None:
    lacks = bool(one.plain[2]) != bool(other.plain[2])
    same = one.plain[0] == other.plain[0] and one.soft[0] == other.soft[0]
    return "та же фамилия и имя, отчество не указано" if lacks and same else None


def initials(one: Name, other: Name) -> str | None:
    """One of the two is written with initials that the other's name fits; a patronymic may be left out."""
    first, second = (" ".join(name.soft).split() for name in (one, other))
    if one.plain[0] != other.plain[0] or all(len(word) > 1 for word in first + second):
        return None
    fits = all(fit(*words) for words in zip(first, second, strict=False))
    return "инициалы" if fits else None


def fit(word: str, other: str) -> bool:
    return word == other or (1 in (len(word), len(other)) and word[0] == other[0])


def other_given(one: Name, other: Name) -> str | None:
    """«Наталия» and «Наталья», «Геннадиевна» and «Геннадьевна»."""
    same = one.plain[0] == other.plain[0] and one.soft == other.soft
    return "имя или отчество в другом написании" if same else None


def slip(one: Name, other: Name) -> str | None:
    """One letter lost, added, changed, or two swapped in a surname that is long enough for it to be a mistake."""
    if not one.soft[1] or one.soft != other.soft or min(len(one.plain[0]), len(other.plain[0])) < SHORTEST_FOR_A_SLIP:
        return None
    return "одна опечатка в фамилии" if one_slip(one.plain[0], other.plain[0]) else None


def one_slip(one: str, other: str) -> bool:
    """Whether the distance of Damerau and Levenshtein is exactly one."""
    while one and other and one[0] == other[0]:
        one, other = one[1:], other[1:]
    while one and other and one[-1] == other[-1]:
        one, other = one[:-1], other[:-1]
    swapped = len(one) == len(other) == 2 and one == other[::-1]
    return swapped or (max(len(one), len(other)) == 1)


def past_surname(one: Name, other: Name) -> str | None:
    """An earlier name of one is the name, or an earlier name, of the other."""
    found = {
        earlier.surname
        for name, against in ((one, other), (other, one))
        for earlier in name.earlier
        for known in (against, *against.earlier)
        if is_same_name(earlier, known)
    }
    return f"прежняя фамилия: {min(found)}" if found else None


def is_same_name(one: Name, other: Name) -> bool:
    lacks = not (one.soft[1] and other.soft[1])
    same = one.plain[0] == other.plain[0] and one.soft[0] == other.soft[0]
    return one.is_whole and same and (lacks or one.soft[1] == other.soft[1])


def keys_of(name: Name) -> set[tuple[str, str]]:
    """Names alike in any way share a key; earlier names add theirs.

    A key is a part of the surname with the first letter of the given name; or, for slips of the pen, given name and
    patronymic with either end of the surname: one slip spoils one of the two ends.
    """
    found = set()
    for one in (name, *name.earlier):
        surname, given, patronymic = one.plain
        found |= {(part, given[0]) for part in surname.split() if given}
        if given and patronymic:
            found |= {(f"{surname[:2]}…", " ".join(one.soft)), (f"…{surname[-3:]}", " ".join(one.soft))}
    return found


Key = TypeVar("Key", bound=Hashable)


class Index(Generic[Key]):
    """Names by what they could share, so that a search looks at a handful of a large bank."""

    def __init__(self, names: Iterable[tuple[Key, Name]] = ()) -> None:
        self.names: dict[Key, Name] = {}
        self.place: dict[Key, int] = {}
        self.blocks: dict[tuple[str, str], list[Key]] = {}
        for key, name in names:
            self.add(key, name)

    def add(self, key: Key, name: Name) -> None:
        self.names[key] = name
        self.place[key] = len(self.place)
        for block in keys_of(name):
            self.blocks.setdefault(block, []).append(key)

    def like(self, name: Name) -> list[tuple[Key, str]]:
        """Whoever may be the person of this name, with the reason, in the order of adding."""
        near = {key for block in keys_of(name) for key in self.blocks.get(block, ())}
        reasons = ((key, likeness(name, self.names[key])) for key in sorted(near, key=self.place.__getitem__))
        return [(key, reason) for key, reason in reasons if reason]

    def pairs(self) -> dict[tuple[Key, Key], str]:
        """Every two names alike, the one added first in front, with the reason."""
        # Blocks are filled in the order of adding.
        near = {pair for block in self.blocks.values() for pair in combinations(block, 2)}
        ordered = sorted(near, key=lambda pair: (self.place[pair[0]], self.place[pair[1]]))
        reasons = ((pair, likeness(self.names[pair[0]], self.names[pair[1]])) for pair in ordered)
        return {pair: reason for pair, reason in reasons if reason}
