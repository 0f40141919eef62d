"""What matching is to know of a school, read in a constant number of queries."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from accounts.models import Membership, Organisation
from accounts.permissions import Role
from mentorship.matching import MenteeSide, MentorSide, Rules, Weights, board_of
from mentorship.models import (
    BankCard,
    BankRole,
    Category,
    Consent,
    ConsentKind,
    DictionaryEntry,
    MatchingRules,
    PairMember,
    PairState,
    Participant,
    Wish,
    matching_rules_of,
)
from mentorship.models.bank_rules import OPEN_PAIRS
from mentorship.models.participants import here_on

if TYPE_CHECKING:
    from mentorship.matching.board import Board

RELATION = json.loads((Path(__file__).resolve().parent.parent / "data" / "matching.json").read_text(encoding="utf-8"))
FORMS = {(row["mentor"], row["mentee"]): row for row in RELATION["forms"]}
WEEK = {
    "mon": r"понедельник",
    "tue": r"вторник",
    "wed": r"сред(?:а|у|ы|е|ам)\b",
    "thu": r"четверг",
    "fri": r"пятниц",
    "sat": r"суббот",
}
DIVIDERS = re.compile(r"[,;/]")


@dataclass(frozen=True)
class Field:
    """Everybody who takes part in a school's matching on a day, and by which rules.

    `cards`: the bank cards by (role, key of the person), mentors without free places included.
    """

    cards: Mapping[tuple[str, int], BankCard]
    mentors: Sequence[MentorSide]
    mentees: Sequence[MenteeSide]
    rules: Rules

    @cached_property
    def board(self) -> Board:
        return board_of(self.mentors, self.mentees, self.rules)

    @property
    def print(self) -> str:
        """The mark of everything that is weighed: another one as soon as anything of it changes."""
        told = [asdict(one) for one in (*self.mentors, *self.mentees)] + [self.rules.topic, asdict(self.rules.weights)]
        text = json.dumps([*told, self.rules.bars_superiors], default=sorted, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()

    def among(self, keys: Container[int]) -> Field:
        """The same with only these people weighed against each other: enough to say who may not."""
        mentors = [one for one in self.mentors if one.key in keys]
        return replace(self, mentors=mentors, mentees=[one for one in self.mentees if one.key in keys])

    def person(self, key: int) -> Participant | None:
        """Somebody of either side."""
        card = self.cards.get((BankRole.MENTEE, key)) or self.cards.get((BankRole.MENTOR, key))
        return card.participant if card else None


def field_of(organisation: Organisation, direction: DictionaryEntry | None, day: dt.date) -> Field:
    """The mentors in the bank and the mentees who wait, as they are on the day; eleven queries."""
    standing = BankCard.objects.filter(participant__organisation=organisation).filter(here_on(day, "participant"))
    cards = list((standing.standing().mentors() | standing.to_match()).for_cards().order_by("pk"))
    people = [card.participant_id for card in cards]
    known = Known(organisation, people, day)
    found = {(card.role, card.participant_id): card for card in cards}
    mentors = [mentor_side(card, known, day) for card in cards if card.role == BankRole.MENTOR]
    mentees = [mentee_side(card, known, day) for card in cards if card.role == BankRole.MENTEE]
    return Field(found, mentors, mentees, rules_for(matching_rules_of(organisation), direction, cards))


class Known:
    """What is known of many people at once: consents, pairs, wishes, who leads whom."""

    def __init__(self, organisation: Organisation, people: Sequence[int], day: dt.date) -> None:
        given = Consent.objects.live(day).filter(kind=ConsentKind.PROCESSING, participant__in=people)
        self.consented = set(given.order_by().values_list("participant", flat=True))
        self.led: dict[int, set[int]] = {}
        self.past: dict[int, set[tuple[int, str]]] = {}
        rows = PairMember.objects.filter(pair__organisation=organisation).exclude(state=PairState.DISSOLVED)
        for mentor, mentee, direction, state in rows.order_by().values_list("mentor", "mentee", "direction", "state"):
            self.past.setdefault(mentee, set()).add((mentor, str(direction)))
            if state in OPEN_PAIRS:
                self.led.setdefault(mentor, set()).add(mentee)
        self.wishes: dict[tuple[int, str], list[int]] = {}
        self.vetoes: dict[tuple[int, str], set[int]] = {}
        for wish in Wish.objects.filter(author__in=people):
            if wish.rank is None:
                self.vetoes.setdefault((wish.author_id, wish.side), set()).add(wish.about_id)
            else:
                self.wishes.setdefault((wish.author_id, wish.side), []).append(wish.about_id)
        roles = Membership.objects.on(day).filter(organisation=organisation)
        heads = roles.filter(role__in=[Role.DIRECTOR, Role.DEPARTMENT_HEAD]).values_list("user", "role")
        self.roles: dict[int, set[str]] = {}
        for user, role in heads:
            self.roles.setdefault(user, set()).add(role)


def side_of(card: BankCard, known: Known, day: dt.date, other: BankRole) -> dict[str, Any]:
    """What both sides have; `other`: the role of those whom the person wishes for."""
    person: Any = card.participant
    posts = person.current_posts
    return {
        "key": person.pk,
        "name": person.short_name,
        "category": person.category,
        "subjects": frozenset(word for post in posts for word in plain_words(post.subjects)),
        "years": person.experience_on(day),
        "days": frozenset(days_in(card.time_resource)),
        "places": frozenset(places_of(posts)),
        "wishes": tuple(known.wishes.get((person.pk, other), [])),
        "vetoes": frozenset(known.vetoes.get((person.pk, other), ())),
        "consented": person.pk in known.consented,
    }


def mentor_side(card: BankCard, known: Known, day: dt.date) -> MentorSide:
    person: Any = card.participant
    roles = known.roles.get(person.user_id, set())
    return MentorSide(
        **side_of(card, known, day, BankRole.MENTEE),
        competences=frozenset(code_of(word) for word in card.competences.all()),
        free=max(card.capacity - len(known.led.get(person.pk, ())), 0),
        leads=frozenset(places_of(person.current_posts)) if Role.DEPARTMENT_HEAD in roles else frozenset(),
        leads_everybody=person.category == Category.HEAD or Role.DIRECTOR in roles,
    )


def mentee_side(card: BankCard, known: Known, day: dt.date) -> MenteeSide:
    return MenteeSide(
        **side_of(card, known, day, BankRole.MENTOR),
        difficulties=frozenset(code_of(word) for word in card.difficulties.all()),
        past=frozenset(known.past.get(card.participant_id, ())),
    )


def plain_words(text: str) -> list[str]:
    """«Физика, астрономия» → two words as they are compared: small letters, Ё as Е."""
    words = (" ".join(part.split()).lower().replace("ё", "е") for part in DIVIDERS.split(text))
    return [word for word in words if word]


def places_of(posts: Iterable[Any]) -> set[str]:
    return {" ".join(post.department.split()).lower() for post in posts if post.department.strip()}


def days_in(text: str) -> list[str]:
    """Days of the week that a text names."""
    told = text.lower()
    return [day for day, pattern in WEEK.items() if re.search(rf"\b{pattern}", told)]


def code_of(word: DictionaryEntry) -> str:
    """A common word by its code, a school's own by its key: codes stand for the same in the relation."""
    return word.code if word.organisation_id is None and word.code else f"own-{word.pk}"


def rules_for(rules: MatchingRules, direction: DictionaryEntry | None, cards: Iterable[BankCard]) -> Rules:
    """The school's rules with the words that stand on the cards.

    A school's own difficulty is answered by the competence that is called the same.
    """
    difficulties = {code_of(word): word.title for card in cards for word in card.difficulties.all()}
    competences = {code_of(word): word.title for card in cards for word in card.competences.all()}
    common = common_competences()
    answers = {code: dict(known) for code, known in RELATION["answers"].items()}
    for difficulty, title in difficulties.items():
        same = {code: 100 for code, name in competences.items() if name.lower() == title.lower()}
        answers[difficulty] = same | answers.get(difficulty, {})
    return Rules(
        weights=Weights(**{term: getattr(rules, term) for term in MatchingRules.TERMS}),
        answers=answers,
        forms=frozenset(FORMS),
        topic=str(direction.pk) if direction else "",
        bars_superiors=rules.bars_superiors,
        difficulty_words=difficulties,
        competence_words=common | competences,
    )


def common_competences() -> dict[str, str]:
    rows = DictionaryEntry.objects.filter(organisation=None, dictionary=DictionaryEntry.Dictionary.COMPETENCE)
    return dict(rows.order_by().values_list("code", "title"))


def form_code(mentor: Participant, mentee: Participant) -> str:
    """The form of mentoring that two categories of people have, empty where they have none."""
    row = FORMS.get((mentor.category, mentee.category), {})
    return (row.get("young") if mentee.is_young else None) or row.get("form", "")
