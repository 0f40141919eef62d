"""Full names in every case, short names, and the gender a name betrays."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from core.russian.cases import OBLIQUE, Case, Forms, Gender, Overrides, as_gender, recase, saved_form, unchanged
from core.russian.given import EASTERN_LAST, given_part, patronymic_part
from core.russian.parts import CHILD_OF, HYPHEN, Role, Word, gender_in, tidy, words_of
from core.russian.surnames import surname_part

NO_BREAK = "\u00a0"
GIVES_INITIAL = (Role.GIVEN, Role.PATRONYMIC, Role.FATHER, Role.INITIAL)

FIXED_LAST = {"заде", "задэ", *CHILD_OF}  # «Ага-заде»: the first half does not change either

GRAMMAR: dict[Role, Callable[..., Forms]] = {
    Role.SURNAME: surname_part,
    Role.GIVEN: given_part,
    Role.PATRONYMIC: patronymic_part,
}


def gender_of(full_name: str) -> Gender | None:
    """The gender by the patronymic, else by an unmistakable ending of the surname; None: must be asked for."""
    return gender_in(words_of(tidy(full_name)))


# A name is asked for in five cases one after the other, and the names of a school repeat themselves.
@lru_cache(maxsize=5_000)
def word_forms(word: Word, gender: Gender) -> Forms:
    """Five forms of one word of a name; halves of a double word each by itself."""
    grammar = GRAMMAR.get(word.role)
    if grammar is None or not word.is_russian:
        return unchanged(word.text)
    pieces = HYPHEN.split(word.text)
    last = len(pieces) - 1
    if pieces[last].lower() in FIXED_LAST:
        return unchanged(word.text)
    frozen = word.role is Role.GIVEN and pieces[last].lower() in EASTERN_LAST
    columns = [
        unchanged(piece)
        if place % 2 or (frozen and place < last)
        else tuple(recase(piece, form) for form in grammar(piece.lower(), gender, last=place == last))
        for place, piece in enumerate(pieces)
    ]
    return tuple("".join(column) for column in zip(*columns, strict=True))


def declined_word(word: Word, case: Case, gender: Gender | None, overrides: Overrides | None) -> str:
    saved = saved_form(overrides, word.role.value, word.text, case)
    if saved:
        return saved
    return word_forms(word, gender)[OBLIQUE.index(case)] if gender else word.text


def decline_name(
    full_name: str, case: Case, *, gender: Gender | str | None = None, overrides: Overrides | None = None
) -> str:
    """«Теслина Светлана Николаевна» in the given case; spaces are tidied, nothing else is ever refused.

    Also «Имя Отчество Фамилия», initials before or after the surname, all capitals, no patronymic. Without a known
    gender the name stays as it is, as does every word not in Russian letters. A confirmed form in `overrides` wins:
    of the whole name first, then of a single word.
    """
    line = tidy(full_name)
    if case == Case.NOMINATIVE:
        return line
    saved = saved_form(overrides, "name", line, case)
    if saved:
        return saved
    words = words_of(line)
    known = as_gender(gender) or gender_in(words)
    return "".join(declined_word(word, case, known, overrides) + word.gap for word in words) or line


def name_forms(
    full_name: str, *, gender: Gender | str | None = None, overrides: Overrides | None = None
) -> dict[str, str]:
    """The five oblique cases at once: {"genitive": …, "dative": …, …}."""
    return {case.value: decline_name(full_name, case, gender=gender, overrides=overrides) for case in OBLIQUE}


def initial_of(word: Word) -> str:
    """«С.», «А.-М.»; an initial stays one, written with its dots."""
    if word.role is Role.INITIAL:
        return re.sub(r"\.(?=\w)", "." + NO_BREAK, word.text.rstrip(".") + ".")
    pieces = [piece for piece in HYPHEN.split(word.text)[::2] if piece[:1].isalpha() and piece.lower() not in CHILD_OF]
    return "-".join(piece[0].upper() + "." for piece in pieces)


def short_name(full_name: str, *, surname_first: bool) -> str:
    """«Иванова А. П.» or «А. П. Иванова», the parts held together by no-break spaces.

    The word before «оглы» or «кызы» gives the second initial and the particle itself is dropped: «Мамедов Р. Г.».
    A name without a surname, or of a single word, stays whole.
    """
    line = tidy(full_name)
    words = words_of(line)
    surname = [word for word in words if word.role is Role.SURNAME or particle(word)]
    initials = [found for found in (initial_of(word) for word in words if word.role in GIVES_INITIAL) if found]
    if not surname or not initials:
        return line
    family = NO_BREAK.join(word.text for word in surname)
    return NO_BREAK.join([family, *initials] if surname_first else [*initials, family])


def particle(word: Word) -> bool:
    """«де», «ван» of the surname, as opposed to «оглы»."""
    return word.role is Role.FIXED and word.text.lower() not in CHILD_OF
