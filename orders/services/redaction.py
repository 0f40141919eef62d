"""Taking people's names out of texts for publication, whatever case or order they stand in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from core.russian import Case

HIDDEN = "(имя не публикуется)"
HIDDEN_POST = "(должность не публикуется)"
GAP = r"[\s\u00a0]+"
NARROW = r"[\s\u00a0]*"
WORD = r"[А-ЯЁ][а-яё’'-]+(?:-[А-ЯЁ][а-яё]+)?"
ORDINARY = r"(?!Основн|Духовн|Верховн|Церковн|Уголовн|Плановн)"
SHORT_PATRONYMIC = r"(?:Ильич|Кузьмич|Лукич|Никитич|Фомич)(?:а|у|ом|ем|ём|е)?(?![а-яё])"
ORDINARY_PATRONYMIC = ORDINARY + r"[А-ЯЁ][а-яё]+(?:вич(?:а|у|ем|е)?|(?:[ое]вн|ичн|шн)(?:а|ы|е|у|ой|ою))(?![а-яё])"
TURKIC_PATRONYMIC = rf"[А-ЯЁ][а-яё]+(?:{GAP}|-)(?:оглы|кызы)(?![а-яё])"
PATRONYMIC = f"(?:{ORDINARY_PATRONYMIC}|{SHORT_PATRONYMIC}|{TURKIC_PATRONYMIC})"
INITIAL = r"[А-ЯЁ]\."
# Any name at all: «Фамилия И. О.», «И. О. Фамилия», «Фамилия Имя Отчество», «Имя Отчество Фамилия», «Имя Отчество».
# A surname may stand on either side of initials («Урок А. П. Ивановой»): both neighbours go.
ANY_NAME = "|".join(
    (
        rf"{WORD}{GAP}{INITIAL}(?:{NARROW}(?:{INITIAL}|{WORD}))*",
        rf"{INITIAL}(?:{NARROW}{INITIAL})?{NARROW}{WORD}(?:{NARROW}(?:{INITIAL}|{WORD}))*",
        rf"(?:{WORD}{GAP})?{WORD}{GAP}{PATRONYMIC}(?:{GAP}{WORD})?",
    )
)

Person = Mapping[str, Any]


def people_in(value: Any) -> Iterator[Person]:
    """Every person (as `person_facts` makes them) anywhere in the facts."""
    if isinstance(value, Mapping):
        if "signature" in value and isinstance(value.get("short"), Mapping):
            yield value
        for one in value.values():
            yield from people_in(one)
    elif isinstance(value, list):
        for one in value:
            yield from people_in(one)


def without_posts(value: Any, kept: frozenset[int]) -> Any:
    """The same facts without the posts of people whose numbers are not among `kept`; who has no number stays."""
    if isinstance(value, Mapping):
        found = {key: without_posts(one, kept) for key, one in value.items()}
        return {**found, "post": dict.fromkeys(value["post"], "")} if keeps_post_secret(value, kept) else found
    return [without_posts(one, kept) for one in value] if isinstance(value, list) else value


def keeps_post_secret(value: Mapping[str, Any], kept: frozenset[int]) -> bool:
    is_person = "signature" in value and isinstance(value.get("post"), Mapping)
    return is_person and value["number"] is not None and value["number"] not in kept


def post_veil(facts: Mapping[str, Any], kept: frozenset[int]) -> Callable[[str], str]:
    """A function that takes the posts of the same people out of a text, with the comma or the brackets around them."""
    people = [person for person in people_in(facts) if keeps_post_secret(person, kept)]
    forms = {form for person in people for form in person["post"].values() if form}
    if not forms:
        return str
    post = f"(?:{'|'.join(map(as_pattern, sorted(forms, key=len, reverse=True)))})(?![\\wА-яЁё])"
    pattern = re.compile(rf",{GAP}{post},?|{GAP}\({post}\)|(?<![\wА-яЁё]){post}")
    return lambda text: pattern.sub(lambda found: "" if found[0][0] in ", \u00a0\n" else HIDDEN_POST, text)


class Redactor:
    """Replaces names in texts: those of `hidden`, and every other name that is not among the `kept` words.

    A hidden person goes by every form of the name, in any case, with initials before or after, or by the bare
    surname. A text of `kept` stays where it stands as a whole (the head, the shown people, the name of the school).
    """

    def __init__(self, hidden: Iterable[Person], shown: Iterable[Person], kept: Iterable[str]) -> None:
        secret = {form for person in hidden for form in forms_of(person)}
        # A bare surname of somebody shown may be a namesake's as well: it is spared only if nobody hidden bears it.
        spared = {form for person in shown for form in forms_of(person)} | {text for text in kept if text}
        self.spared = {plain(form) for form in spared - secret} - {plain(form) for form in secret}
        known = as_group("known", sorted(secret | spared, key=len, reverse=True))
        self.pattern = re.compile("|".join(part for part in (known, f"(?P<unknown>{ANY_NAME})") if part))

    def text(self, text: str) -> str:
        return self.pattern.sub(lambda found: found[0] if plain(found[0]) in self.spared else HIDDEN, text)

    def value(self, value: Any) -> Any:
        """The same structure with every text cleaned."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.value(one) for key, one in value.items()}
        return [self.value(one) for one in value] if isinstance(value, list) else value


@lru_cache(maxsize=1000)
def impersonal(*kept: str) -> Redactor:
    """A redactor for texts whose people nobody knows; made once for the same words to keep."""
    return Redactor([], [], kept)


def as_group(name: str, forms: Iterable[str]) -> str:
    """An alternative for the given texts; longer ones come first, Ё and Е are alike, gaps of any width."""
    alternatives = "|".join(map(as_pattern, forms))
    return rf"(?P<{name}>(?<![\wА-яЁё])(?:{alternatives})(?![\wА-яЁё]))" if alternatives else ""


def plain(text: str) -> str:
    """A form without gaps, capitals and dots over Ё: equal for all ways to write it."""
    return "".join(text.lower().replace("ё", "е").split())


def as_pattern(form: str) -> str:
    words = [loose(word) for word in form.split()]
    out = words[0]
    for before, word in zip(form.split(), words[1:], strict=False):
        out += (NARROW if before.endswith(".") else GAP) + word
    return out


def loose(word: str) -> str:
    """A word in its own letters or in capitals; initials may stand close together."""
    letters = "".join("[её]" if sign in "её" else "[ЕЁ]" if sign in "ЕЁ" else re.escape(sign) for sign in word)
    return letters if word.isupper() else f"(?:{letters}|{letters.replace('[её]', '[ЕЁ]').upper()})"


def forms_of(person: Person) -> set[str]:
    """Everything that names the person: six cases, full and short, both orders, without the surname, it alone."""
    found: set[str] = {person["signature"]}
    for case in Case:
        full, short = person["full"][case.value], person["short"][case.value]
        found |= {full, short}
        surname, *initials = short.split()
        found |= {surname, " ".join([*initials, surname])}
        others = [word for word in full.split() if word != surname]
        found |= {" ".join([*others, surname]), " ".join([surname, *others[:1]]), " ".join([*others[:1], surname])}
        if len(others) > 1:
            found.add(" ".join(others))
    return {form for form in found if len(form.replace(".", "")) > 1}
