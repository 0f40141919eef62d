"""Names and posts in the text of a draft: which form stands there, who has to look at it, forms looked at."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse
from django.utils.http import urlencode

from accounts.models import User
from core.journal import differences
from core.russian import Case, needs_check, post_needs_check
from core.transitions import Refused
from orders.kinds import Facts, NameCheck, unchecked_names
from orders.models import Clause, Order
from orders.services.drafts import close_draft, open_draft, renew_draft
from orders.services.facts import CONFIRMED, OBLIQUE, overrides_for, people_in

CASE_NAMES = dict(
    zip(
        Case,
        ["именительный", "родительный", "дательный", "винительный", "творительный", "предложный"],
        strict=True,
    )
)
NAME, POST = "name", "post"
UNCHANGING = "во всех падежах одинаково"
NAME_UNREAD = "Не проверено, как склоняется имя: {name}. Откройте карточку и подтвердите формы имени."
TYPED_UNREAD = "Не проверено, как склоняется имя: {name}. Нажмите «Править текст» и подтвердите формы имени."
NOT_THERE = "Этого слова в проекте уже нет: обновите страницу."
# Beginnings of words: a form is looked for only where its own first word begins.
WORD = re.compile(r"(?<!\w)\w[\w-]*")


@dataclass(frozen=True)
class Word:
    """A name or a post that the facts of an order decline; `number` is the person's key for the checks of names."""

    kind: str
    nominative: str
    gender: str = ""
    number: int | None = None


@dataclass(frozen=True)
class WordInText:
    """A form of a word as it stands in a clause; `cases` in Russian, `doubts` only while nobody has looked."""

    word: Word
    form: str
    cases: tuple[Case, ...]
    doubts: tuple[str, ...] = ()
    url: str = ""

    @property
    def case_words(self) -> str:
        """«винительный», «родительный или винительный» where the forms are the same, or that all are."""
        *others, last = [CASE_NAMES[case] for case in self.cases]
        if len(others) + 1 == len(Case):
            return UNCHANGING
        return f"{', '.join(others)} или {last}" if others else last

    @property
    def is_oblique(self) -> bool:
        return self.cases != (Case.NOMINATIVE,)

    @property
    def key(self) -> str:
        """What the button of the page sends; the clauses are saved before it leads away."""
        return f"{self.word.kind}:{self.word.nominative}"


Forms = dict[str, dict[str, tuple[Word, list[Case]]]]


def plain(text: str) -> str:
    """One line with ordinary spaces: no-break ones are a matter of print."""
    return " ".join(text.split())


def forms_of(facts: Facts) -> Forms:
    """First word of a form → form → whose it is and in which cases."""
    found: Forms = {}
    for person in people_in(facts):
        name = Word(NAME, plain(person["full"][Case.NOMINATIVE.value]), person.get("gender", ""), person.get("number"))
        post = Word(POST, plain(person["post"].get(Case.NOMINATIVE.value, "")))
        for word, forms in ((name, person["full"]), (name, person["short"]), (post, person["post"])):
            add_forms(found, word, forms)
    return found


def add_forms(found: Forms, word: Word, forms: Mapping[str, str]) -> None:
    for case in Case:
        form = plain(forms.get(case.value, ""))
        first = WORD.match(form)
        if first:
            owner, cases = found.setdefault(first[0], {}).setdefault(form, (word, []))
            if owner == word and case not in cases:
                cases.append(case)


def find_words(text: str, forms: Forms) -> Iterator[WordInText]:
    """The forms that stand in the text, each once, the longest where several begin at one place."""
    text, end = plain(text), 0
    for start in WORD.finditer(text):
        if start.start() < end:
            continue
        fitting = [form for form in forms.get(start[0], ()) if ends_there(text, start.start(), form)]
        if fitting:
            form = max(fitting, key=len)
            word, cases = forms[start[0]][form]
            end = start.start() + len(form)
            yield WordInText(word, form, tuple(cases))


def ends_there(text: str, place: int, form: str) -> bool:
    after = text[place + len(form) : place + len(form) + 1]
    return text.startswith(form, place) and not (after.isalnum() and form[-1].isalnum())


def words_in(order: Order, clauses: Iterable[Clause]) -> list[list[WordInText]]:
    """For each of the clauses the names and posts in its text, with the doubts that nobody has settled."""
    forms = forms_of(order.facts)
    found = [list(dict.fromkeys(find_words(clause.text, forms))) for clause in clauses]
    words = {one.word for row in found for one in row}
    doubts = doubts_about(order, words)
    return [[with_doubts(order, one, doubts) for one in row] for row in found]


def doubts_about(order: Order, words: Iterable[Word]) -> dict[Word, NameCheck]:
    """Words that the grammars do not agree about and nobody has confirmed; three queries for any number of them."""
    words = set(words)
    known = overrides_for((word.nominative for word in words), order)
    checks = unchecked_names(order, frozenset(word.number for word in words if word.number is not None))
    found = {}
    for word in words:
        if word.number is not None:
            check = checks.get(word.number)
        elif (word.kind, word.nominative.lower()) in known:
            check = None
        else:
            check = NameCheck(tuple(grammar_doubts(word)), word_address(order, word))
        if check and check.doubts:
            found[word] = check
    return found


def grammar_doubts(word: Word) -> list[str]:
    if word.kind == POST:
        return post_needs_check(word.nominative)
    return needs_check(word.nominative, gender=word.gender or None)


def word_address(order: Order, word: Word) -> str:
    query = urlencode({"kind": word.kind, "word": word.nominative})
    return f"{reverse('order_word', args=[order.pk])}?{query}"


def with_doubts(order: Order, one: WordInText, doubts: Mapping[Word, NameCheck]) -> WordInText:
    check = doubts.get(one.word) if one.is_oblique else None
    return WordInText(one.word, one.form, one.cases, check.doubts, check.url) if check else one


def name_obstacles(order: Order) -> list[str]:
    """Names whose oblique forms stand in the text although nobody has settled the doubts about them."""
    rows = words_in(order, order.clauses.standing())
    unread = {one.word for row in rows for one in row if one.word.kind == NAME and one.doubts}
    return [
        (TYPED_UNREAD if word.number is None else NAME_UNREAD).format(name=word.nominative)
        for word in sorted(unread, key=lambda word: word.nominative)
    ]


def word_of(order: Order, kind: str, nominative: str) -> tuple[Word, dict[str, str]] | None:
    """A word of the draft that is confirmed in the draft itself, with its forms of now; None for any other."""
    for person in people_in(order.facts):
        forms = person["post"] if kind == POST else person["full"]
        said = plain(forms.get(Case.NOMINATIVE.value, ""))
        if said and said == nominative and (kind == POST or (kind == NAME and person.get("number") is None)):
            return Word(kind, said, person.get("gender", "")), {case.value: forms[case.value] for case in OBLIQUE}
    return None


@transaction.atomic
def confirm_word(*, order: Order, kind: str, nominative: str, forms: Mapping[str, str], actor: User) -> None:
    """Remember the five forms as looked at by a person, and renew the draft by them.

    They are kept in the draft and hold for every later one of the organisation. A name that has a card is confirmed
    on the card. Raises Refused for a word that the draft does not have.
    """
    open_draft(order, actor, None)
    found = word_of(order, kind, nominative)
    if found is None:
        raise Refused([NOT_THERE])
    before = {CASE_NAMES[case].capitalize(): found[1][case.value] for case in OBLIQUE}
    after = {CASE_NAMES[case].capitalize(): plain(forms[case.value]) for case in OBLIQUE}
    kept = order.params.setdefault(CONFIRMED, {}).setdefault(kind, {})
    kept[nominative.lower()] = {case.value: plain(forms[case.value]) for case in OBLIQUE}
    order.save(update_fields=["params"])
    renew_draft(order)
    close_draft(order, actor, f"Проверено, как склоняется: {nominative}.", differences(before, after))
