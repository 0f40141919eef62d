"""Posts in every case: the adjectives and the head noun change, what depends on them stays."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from core.russian.cases import OBLIQUE, Case, Forms, Overrides, recase, saved_form
from core.russian.parts import tidy
from core.russian.post_words import FIXED_WORDS, Adjective, Noun, adjective, never_changes, noun

LONGEST_POST = 500  # letters; a longer text is not a post and stays as it is

# A quoted name is one token; a word keeps its hyphens, its full stop and a bracket glued to it.
TOKEN = re.compile(r"«[^»]*»|\"[^\"]*\"|“[^”]*”|„[^“]*“|\w+(?:[-‐‑–]\w+)*(?:\(\w+\))?\.?|\s+|.")
RUSSIAN = re.compile(r"(?:\w+[-‐‑–])*[А-Яа-яЁё]+\.?")

# After these a second post may begin: «учитель истории, наставник», «учитель и классный руководитель».
BREAKS = {",", ";", "/", "+", "(", "–", "—", "-", "−", "&", ":"}
AND = {"и", "или", "либо"}
JOINTS = AND | {"также", "же", "одновременно", "совместительству", "совмещению", "плюс"}


@dataclass(frozen=True)
class Line:
    """A post cut into tokens; `words` holds the Russian words in small letters and "" for everything else."""

    tokens: tuple[str, ...]
    words: tuple[str, ...]

    def skip_spaces(self, place: int) -> int:
        while place < len(self.tokens) and self.tokens[place].isspace():
            place += 1
        return place

    def word(self, place: int) -> str:
        return self.words[place] if place < len(self.words) else ""


@dataclass(frozen=True)
class Phrase:
    """One post found in a line: the forms of each changing token and the number of the last one."""

    forms: dict[int, Forms]
    end: int
    adjectives: tuple[Adjective, ...]
    head: Noun | None


Adjectives = list[tuple[int, Adjective]]


@lru_cache(maxsize=5_000)
def cut(post: str) -> Line:
    """Abbreviations in capitals («ОБЗР») are not words, unless the whole post is typed in capitals."""
    tokens = tuple(TOKEN.findall(post))
    all_capitals = post.isupper()
    return Line(tokens, tuple(word_in(token, all_capitals) for token in tokens))


def word_in(token: str, all_capitals: bool) -> str:
    lower = token.lower()
    abbreviation = token.isupper() and len(token.rstrip(".")) > 1 and lower not in FIXED_WORDS
    return lower if RUSSIAN.fullmatch(token) and (all_capitals or not abbreviation) else ""


def adjectives_from(line: Line, place: int) -> tuple[Adjectives, int]:
    """Adjectives in a row («старший и младший»), and the number of the first token after them."""
    found: Adjectives = []
    while True:
        place = line.skip_spaces(place)
        joined = line.skip_spaces(place + 1) if found and line.word(place) in AND else place
        one = adjective(line.word(joined))
        if one is None or (found and one.gender != found[0][1].gender):
            return found, place
        found.append((joined, one))
        place = joined + 1


def trailing_adjectives(line: Line, place: int, head: Noun) -> Adjectives:
    """«сестра медицинская», «рабочий подсобный»: adjectives after their noun."""
    found, after = adjectives_from(line, place)
    if not found or found[0][1].gender != head.gender or noun(line.word(after)):
        return []
    return [(number, one) for number, one in found if re.search("(?:[ыи]й|[ая]я)(?:ся)?$", line.words[number])]


def phrase_at(line: Line, place: int, *, strict: bool) -> Phrase | None:
    """The post that begins at `place`; `strict`: only if it surely names a person."""
    place = line.skip_spaces(place)
    while line.word(place) and never_changes(line.word(place)):
        place = line.skip_spaces(place + 1)
    leading, after = adjectives_from(line, place)
    head = noun(line.word(after))
    if head and not head.is_person and leading and leading[0][1].takes_object:
        return phrase_of(leading[:1], None, leading[0][0])
    if head and (head.is_person or not strict):
        trailing = trailing_adjectives(line, after + 1, head)
        return phrase_of(leading + trailing, (after, head), trailing[-1][0] if trailing else after)
    if leading and (leading[0][1].names_person and head is None or not strict):
        return phrase_of(leading, None, leading[-1][0])
    return None


def phrase_of(adjectives: Adjectives, head: tuple[int, Noun] | None, end: int) -> Phrase:
    forms = {place: one.forms for place, one in adjectives}
    if head:
        forms[head[0]] = head[1].forms
    return Phrase(forms, end, tuple(one for _, one in adjectives), head[1] if head else None)


@lru_cache(maxsize=5_000)
def phrases(line: Line) -> tuple[Phrase, ...]:
    """Every post in the line: the first one, and those after a comma, a dash, a bracket, «и», «а также»."""
    found: list[Phrase] = []
    place = 0
    while place < len(line.tokens):
        begins = place == 0 or line.tokens[place] in BREAKS or line.words[place] in JOINTS
        start = place if place == 0 else place + 1
        phrase = phrase_at(line, start, strict=place > 0) if begins else None
        if phrase:
            found.append(phrase)
        place = phrase.end + 1 if phrase else place + 1
    return tuple(found)


def decline_post(post: str, case: Case, *, overrides: Overrides | None = None) -> str:
    """«заместитель директора по УВР, учитель химии» in the given case; spaces are tidied, nothing is ever refused.

    What is found to be no post in the nominative stays as it is. A confirmed form in `overrides` wins.
    """
    line = tidy(post)
    if case == Case.NOMINATIVE or len(line) > LONGEST_POST:
        return line
    saved = saved_form(overrides, "post", line, case)
    if saved:
        return saved
    tokens = list(cut(line).tokens)
    for phrase in phrases(cut(line)):
        for place, forms in phrase.forms.items():
            tokens[place] = recase(tokens[place], forms[OBLIQUE.index(case)])
    return "".join(tokens)


def post_forms(post: str, *, overrides: Overrides | None = None) -> dict[str, str]:
    """The five oblique cases at once: {"genitive": …, "dative": …, …}."""
    return {case.value: decline_post(post, case, overrides=overrides) for case in OBLIQUE}
