"""The approval stamp («гриф утверждения») of a paper, in both styles; `core/documents/approval.html` prints it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Style(StrEnum):
    """By the order that approves the paper, or by the head's own signature on it."""

    BY_ORDER = "order"
    BY_HEAD = "head"


@dataclass(frozen=True)
class Approval:
    """Who approves a paper and by what. Every word stands as it is printed; blanks are the caller's.

    `requisites` are «от … № …» of the order, empty where the head approves without one: then `date` is printed.
    `word` takes the place of the style's own («УТВЕРЖДЕНО», «УТВЕРЖДАЮ»).
    """

    style: str
    organisation: str
    post: str = ""
    name: str = ""
    requisites: str = ""
    date: str = ""
    word: str = ""


MASCULINE = ("порядок", "план", "регламент", "состав", "перечень", "график", "комплекс", "кодекс", "список")
FEMININE = ("программа", "дорожная", "карта", "инструкция", "методика", "форма", "модель")
PLURAL = ("меры", "правила", "критерии", "требования", "мероприятия", "показатели", "формы")


def approved_word(title: str) -> str:
    """«УТВЕРЖДЕНО» in the gender of what the title names by its first word."""
    first = title.strip().split(" ")[0].strip('«»"().,:').lower()
    for words, said in ((MASCULINE, "УТВЕРЖДЁН"), (FEMININE, "УТВЕРЖДЕНА"), (PLURAL, "УТВЕРЖДЕНЫ")):
        if first in words:
            return said
    return "УТВЕРЖДЕНО"
