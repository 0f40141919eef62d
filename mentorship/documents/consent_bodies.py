"""The words of consents: paragraphs, lists and names in braces that are filled with the person's data."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings

from core.russian import Case
from mentorship.models import ConsentText, Pair, Participant

WORDS = Path(__file__).resolve().parent.parent / "data" / "consent_texts"
NAMED = re.compile(r"\{([^{}\n]*)\}")
ITEM = "- "
# «Цель: …»: what stands before the colon is printed bold.
LEAD = re.compile(r"([А-ЯЁ][а-яё ,]{2,38}:)(?:\s+|$)")
BLANK_LINE = "______________________"


@dataclass(frozen=True)
class Occasion:
    """Who signs, about which pair, on which day."""

    person: Participant
    pair: Pair | None
    day: dt.date

    @property
    def minor(self) -> bool:
        return self.person.is_minor_on(self.day)

    @property
    def others(self) -> str:
        """The other people of the pair, by their full names."""
        return ", ".join(one.full_name for one in self.pair.people if one != self.person) if self.pair else ""


@dataclass(frozen=True)
class Placeholder:
    """A name that may stand in braces, what it means, and what takes its place."""

    help: str
    value: Callable[[Occasion], str]


def municipality(occasion: Occasion) -> str:
    parent = occasion.person.organisation.parent
    if parent is None:
        return BLANK_LINE
    name = " ".join(parent.header_lines)
    return f"{name}, адрес: {parent.address}" if parent.address else name


def term(occasion: Occasion) -> str:
    pair = occasion.pair
    return f"с {pair.starts_on:%d.%m.%Y} по {pair.ends_on:%d.%m.%Y}" if pair else BLANK_LINE


PLACEHOLDERS: dict[str, Placeholder] = {
    "оператор": Placeholder(
        "полное наименование организации", lambda one: " ".join(one.person.organisation.header_lines)
    ),
    "организация": Placeholder("краткое наименование организации", lambda one: one.person.organisation.name),
    "адрес": Placeholder("адрес организации", lambda one: one.person.organisation.address),
    "инн": Placeholder("ИНН организации", lambda one: one.person.organisation.inn),
    "огрн": Placeholder("ОГРН организации", lambda one: one.person.organisation.ogrn),
    "сайт": Placeholder("официальный сайт организации", lambda one: one.person.organisation.website),
    "раздел": Placeholder(
        "адрес открытого раздела", lambda one: f"{settings.PORTAL_URL}/s/{one.person.organisation.slug}/"
    ),
    "муниципалитет": Placeholder("управление образования и его адрес", municipality),
    "обработчик": Placeholder("кому поручена обработка: строка, чтобы вписать от руки", lambda one: ""),
    "участник": Placeholder("фамилия, имя, отчество участника", lambda one: one.person.full_name),
    "участника": Placeholder("то же: кого?", lambda one: one.person.name_in(Case.GENITIVE)),
    "данные": Placeholder(
        "«мои персональные данные» или «персональные данные ребёнка»",
        lambda one: "персональные данные ребёнка" if one.minor else "мои персональные данные",
    ),
    "кого": Placeholder("«меня» или «ребёнка»", lambda one: "ребёнка" if one.minor else "меня"),
    "участвовать": Placeholder(
        "«участвовать» или «на участие ребёнка»",
        lambda one: "на участие ребёнка" if one.minor else "участвовать",
    ),
    "наставничать": Placeholder(
        "«выполнять работу наставника» или «на то, чтобы ребёнок был наставником»",
        lambda one: "на то, чтобы ребёнок был наставником" if one.minor else "выполнять работу наставника",
    ),
    "пара": Placeholder(
        "с кем человек в паре; пока пары нет — «их назовёт приказ»", lambda one: one.others or "их назовёт приказ"
    ),
    "срок": Placeholder("дни начала и окончания пары", term),
}


@dataclass(frozen=True)
class Part:
    """A paragraph with its bold beginning, or a list."""

    lead: str = ""
    text: str = ""
    items: list[str] = field(default_factory=list)


def word_faults(body: str) -> list[str]:
    """Why the words cannot be printed: a name in braces that does not exist, a brace alone."""
    unknown = sorted({name for name in NAMED.findall(body) if name.strip().lower() not in PLACEHOLDERS})
    faults = [f"Обозначения {{{name}}} нет. Список того, что можно вставить, — под полем." for name in unknown]
    if re.search(r"[{}]", NAMED.sub("", body)):
        faults.append("Фигурные скобки ставятся парами вокруг обозначения: {оператор}.")
    return faults


def filled(text: str, occasion: Occasion) -> str:
    """The text with every name in braces replaced; what is not known is a line to write on."""
    return NAMED.sub(lambda found: PLACEHOLDERS[found[1].strip().lower()].value(occasion) or BLANK_LINE, text)


def parts_of(body: str, occasion: Occasion) -> list[Part]:
    """The body as paragraphs and lists for the template of the paper."""
    parts: list[Part] = []
    for block in re.split(r"\n\s*\n", body.replace("\r\n", "\n").strip()):
        lines = [line.strip() for line in block.split("\n") if line.strip()]
        words = [line for line in lines if not line.startswith(ITEM)]
        if words:
            text = filled(" ".join(words), occasion)
            lead = LEAD.match(text)
            parts.append(Part(lead[1], text[lead.end() :]) if lead else Part(text=text))
        if items := [filled(line.removeprefix(ITEM), occasion) for line in lines if line.startswith(ITEM)]:
            parts.append(Part(items=items))
    return parts


def product_words(kind: str) -> str:
    """The product's own wording as it stands beside the programs."""
    return (WORDS / f"{kind}.txt").read_text(encoding="utf-8").strip()


def text_in_use(person: Participant, kind: str, day: dt.date) -> ConsentText:
    """The version that the person's organisation uses on the day; unsaved before the reference data are loaded."""
    found = ConsentText.objects.in_use(person.organisation_id, kind, day)
    return found or ConsentText(kind=kind, version=1, body=product_words(kind))
