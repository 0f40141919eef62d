"""Whose row is whose card: the people of a school as an import needs them, each question answered from memory."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from accounts.models import Organisation
from mentorship.models import Category, Participant, PastName
from mentorship.sameness import Index, Name

NEW = "new"
MOST_CARDS = 5


@dataclass(frozen=True)
class Known:
    """A card as far as sameness goes."""

    pk: int
    name: Name
    category: str
    left: bool

    @property
    def full_name(self) -> str:
        return " ".join(part for part in self.name.parts if part)


@dataclass(frozen=True)
class Sought:
    """A person of the file: the line, the name, the year of birth where it is given."""

    line: int
    name: Name
    category: str

    @property
    def full_name(self) -> str:
        return " ".join(part for part in self.name.parts if part)


@dataclass
class Match:
    """What was found for a row: the card (`pk`), a repetition of an earlier line, cards to ask or asked about."""

    pk: int | None = None
    repeats: int | None = None
    cards: list[tuple[Known, str]] = field(default_factory=list)


class KnownPeople:
    """All cards of an organisation by name; two queries, whatever the number of rows."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.by_name: dict[tuple[str, str, str], list[Known]] = {}
        self.by_pk: dict[int, Known] = {}
        for known in self.read():
            self.by_pk[known.pk] = known
            self.by_name.setdefault(known.name.plain, []).append(known)
        self.lines: dict[tuple[str, str, str], list[Sought]] = {}
        self.taken: dict[int, int] = {}

    def read(self) -> Iterable[Known]:
        past: dict[int, list[tuple[str, str, str]]] = {}
        names = PastName.objects.filter(participant__organisation=self.organisation)
        for pk, *parts in names.values_list("participant", "surname", "given_name", "patronymic"):
            past.setdefault(pk, []).append((parts[0], parts[1], parts[2]))
        rows = Participant.objects.filter(organisation=self.organisation).order_by("pk")
        fields = ("pk", "surname", "given_name", "patronymic", "birth_year", "birth_date", "category", "left_on")
        for pk, surname, given_name, patronymic, year, born, category, left_on in rows.values_list(*fields):
            name = Name(surname, given_name, patronymic, born.year if born else year, tuple(past.get(pk, ())))
            yield Known(pk, name, category, left_on is not None)

    @cached_property
    def index(self) -> Index[int]:
        """Built only for a file with somebody new in it."""
        return Index((known.pk, known.name) for known in self.by_pk.values())

    def match(self, sought: Sought, choice: Any) -> Match:
        """Whose row it is; `choice` is the curator's answer: the key of a card, `NEW` or nothing."""
        if (line := self.repeated(sought)) is not None:
            return Match(repeats=line)
        found = self.chosen(choice) or (None if choice == NEW else self.certain(sought))
        if found is not None and found.pk in self.taken:
            return Match(repeats=self.taken[found.pk])
        if found is not None:
            self.taken[found.pk] = sought.line
        asked = choice or found is None
        return Match(pk=found.pk if found else None, cards=self.alike(sought) if asked else [])

    def repeated(self, sought: Sought) -> int | None:
        """The earlier line of the file about the same person; nothing is known of who has no name."""
        if not sought.name.is_whole:
            return None
        same = self.lines.setdefault(sought.name.plain, [])
        line = next((earlier.line for earlier in same if agree(earlier, sought)), None)
        same.append(sought)
        return line

    def chosen(self, choice: Any) -> Known | None:
        return self.by_pk.get(choice) if isinstance(choice, int) else None

    def certain(self, sought: Sought) -> Known | None:
        """The one card of this very name, category and year of birth; of several, the one of who has not left."""
        same = [known for known in self.by_name.get(sought.name.plain, []) if agree(known, sought) and not known.left]
        return same[0] if len(same) == 1 else None

    def alike(self, sought: Sought) -> list[tuple[Known, str]]:
        """Cards that may be of the same person, with the reason."""
        cards = [(self.by_pk[pk], reason) for pk, reason in self.index.like(sought.name)]
        return [(known, reason + differences(known, sought)) for known, reason in cards[:MOST_CARDS]]


def agree(one: Known | Sought, other: Known | Sought) -> bool:
    """Nothing that is known of both differs."""
    years = {one.name.birth_year, other.name.birth_year} - {None}
    return one.category == other.category and len(years) < 2


def differences(known: Known, sought: Sought) -> str:
    """What else is remarkable about a card of a similar name."""
    words = ""
    if known.category != sought.category:
        words += f"; на карточке — {Category(known.category).label.lower()}"
    return words + ("; выбытие записано" if known.left else "")


def choices_of(doubles: Iterable[Mapping[str, Any]]) -> dict[int, Any]:
    """The curator's answers by line, from what the batch remembers."""
    return {double["row"]: double["choice"] for double in doubles if double.get("choice")}
