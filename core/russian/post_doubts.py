"""Why the forms of a post deserve a look."""

from __future__ import annotations

from collections.abc import Iterator

from core.russian.parts import tidy
from core.russian.post_words import never_changes, noun
from core.russian.posts import LONGEST_POST, Line, Phrase, cut, phrases

NOTHING_FOUND = (
    "В должности не найдено слово в именительном падеже, она оставлена без изменения. "
    "Начните её со слова в именительном падеже: «учитель», «заместитель директора»."
)
TOO_LONG = f"Должность длиннее {LONGEST_POST} знаков и оставлена без изменения. Сократите её."


def post_needs_check(post: str) -> list[str]:
    """Russian sentences why the forms of this post should be read by a person; none if they are beyond doubt."""
    text = tidy(post)
    if len(text) > LONGEST_POST:
        return [TOO_LONG]
    line = cut(text)
    found = phrases(line)
    if not found:
        begins = next((word for word in line.words if word), "")
        return [] if not text or (begins and never_changes(begins)) else [NOTHING_FOUND]
    return [*(doubt for phrase in found for doubt in about_phrase(line, phrase)), *left_over(line, found)]


def about_phrase(line: Line, phrase: Phrase) -> Iterator[str]:
    """An unknown word, a thing instead of a person, words that do not agree."""
    head = phrase.head
    if head is None:
        return
    word = next(line.tokens[place] for place in phrase.forms if phrase.forms[place] is head.forms)
    if not head.is_known:
        yield f"Слова «{word}» нет в словаре, форма «{head.forms[0]}» найдена по окончанию. Проверьте."
    elif not head.is_person:
        yield f"Слово «{word}» не похоже на название должности. Проверьте формы."
    if any(one.gender != head.gender for one in phrase.adjectives if head.gender):
        yield f"Слова при «{word}» стоят в другом роде. Проверьте формы."


def left_over(line: Line, found: tuple[Phrase, ...]) -> Iterator[str]:
    """Words that name a person in the nominative and were not changed."""
    changed = {place for phrase in found for place in phrase.forms}
    for place, word in enumerate(line.words):
        # «городской думы»: an old policeman to the dictionary, an adjective to everybody else.
        person = noun(word) if place not in changed and not word.endswith("ой") else None
        if person and person.is_person and person.is_known and person.forms[0] != word:
            yield f"Слово «{line.tokens[place]}» осталось в именительном падеже. Проверьте формы."
