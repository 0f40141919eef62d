"""The window for everybody: people only as far as their live consents to publication go, pairs as descriptions.

Contacts, difficulties and scans have no field here, so nothing can show them by mistake.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count

from mentorship.models import Consent, ConsentKind, Pair, PairState, Participant, PublicField
from mentorship.models.pairs import PairQuerySet

MENTOR, MENTEE, YOUNG = "наставник", "наставляемый", "молодой педагог"


@dataclass(frozen=True)
class PublicPerson:
    """A person as far as the consent goes: what is not allowed is an empty text; `role` is a word without a name."""

    role: str
    name: str = ""
    post: str = ""
    experience: str = ""

    @property
    def label(self) -> str:
        """The name, or the neutral word instead of it."""
        return self.name or self.role


@dataclass(frozen=True)
class PublicMentor:
    """A mentor of a pair in force who may be named, with the directions of the pairs."""

    person: PublicPerson
    directions: list[str]
    pairs: int


@dataclass(frozen=True)
class PublicPair:
    """A pair or group in force, described."""

    mentor: PublicPerson
    mentees: list[PublicPerson]
    form: str
    kinds: list[str]
    direction: str
    starts_on: dt.date
    ends_on: dt.date

    @property
    def is_group(self) -> bool:
        return len(self.mentees) > 1


@dataclass(frozen=True)
class PublicCounts:
    """How many there are today; numbers need nobody's consent."""

    mentors: int
    mentees: int
    pairs: int
    completed: int


def mentors(organisation: Any, day: dt.date) -> list[PublicMentor]:
    """Mentors of pairs in force who may be named, by name; `organisation` is anything with a `pk`."""
    working = list(working_pairs(organisation, day).select_related("direction"))
    people = loaded(pair.mentor_id for pair in working)
    allowed = allowed_fields(organisation, day)
    found = []
    for person in people.values():
        own = [pair for pair in working if pair.mentor_id == person.pk]
        shown = public_person(person, MENTOR, allowed, day)
        if shown.name:
            directions = list(dict.fromkeys(pair.direction.title for pair in own))
            found.append(PublicMentor(shown, directions, len(own)))
    return found


def pairs(organisation: Any, day: dt.date) -> list[PublicPair]:
    """Pairs in force, described; each person by name only where their own consent allows it."""
    rows = working_pairs(organisation, day).select_related("mentor", "form", "direction")
    working = list(rows.prefetch_related("kinds", "members__mentee"))
    people = loaded(person.pk for pair in working for person in pair.people)
    allowed = allowed_fields(organisation, day)
    return [public_pair(pair, people, allowed, day) for pair in working]


def public_pair(
    pair: Pair, people: dict[int, Participant], allowed: dict[int, frozenset[str]], day: dt.date
) -> PublicPair:
    learners = [people[mentee.pk] for mentee in pair.mentees]
    return PublicPair(
        mentor=public_person(people[pair.mentor_id], MENTOR, allowed, day),
        mentees=[public_person(one, YOUNG if one.is_young else MENTEE, allowed, day) for one in learners],
        form=pair.form.title,
        kinds=[kind.title for kind in pair.kinds.all()],
        direction=pair.direction.title,
        starts_on=pair.starts_on,
        ends_on=pair.ends_on,
    )


def shown_people(organisation: Any, day: dt.date) -> frozenset[int]:
    """Keys of the people whose names may be shown to everybody on the day."""
    return frozenset(pk for pk, fields in allowed_fields(organisation, day).items() if PublicField.NAME in fields)


def counts(organisation: Any, day: dt.date) -> PublicCounts:
    """The numbers of one organisation."""
    return counts_of([organisation.pk], day)[organisation.pk]


def counts_of(organisations: Iterable[int], day: dt.date) -> dict[int, PublicCounts]:
    """The numbers of each organisation by its key, two queries for all of them."""
    wanted = list(organisations)
    rows = Pair.objects.filter(organisation__in=wanted).order_by()
    working: Any = (
        rows.in_force(day)
        .values("organisation")
        .annotate(
            working=Count("pk", distinct=True),
            leading=Count("mentor", distinct=True),
            learning=Count("members__mentee", distinct=True),
        )
    )
    closed: Any = rows.filter(state=PairState.CLOSED).values("organisation").annotate(closed=Count("pk"))
    found: dict[int, dict[str, int]] = {pk: {} for pk in wanted}
    for row in (*working, *closed):
        found[row["organisation"]].update(row)
    return {
        pk: PublicCounts(
            mentors=numbers.get("leading", 0),
            mentees=numbers.get("learning", 0),
            pairs=numbers.get("working", 0),
            completed=numbers.get("closed", 0),
        )
        for pk, numbers in found.items()
    }


def working_pairs(organisation: Any, day: dt.date) -> PairQuerySet:
    return Pair.objects.filter(organisation=organisation.pk).in_force(day).order_by("starts_on", "pk")


def loaded(numbers: Iterable[int]) -> dict[int, Participant]:
    """People with their posts, by name; two queries."""
    return {person.pk: person for person in Participant.objects.filter(pk__in=set(numbers)).by_name().with_posts()}


def allowed_fields(organisation: Any, day: dt.date) -> dict[int, frozenset[str]]:
    """What each person of the organisation lets everybody see on the day; the latest paper speaks, one query.

    Minors are never named, whatever has been signed.
    """
    live = Consent.objects.live(day).filter(kind=ConsentKind.DISSEMINATION, participant__organisation=organisation.pk)
    allowed: dict[int, frozenset[str]] = {}
    for consent in live.select_related("participant"):
        fields = frozenset() if consent.participant.is_minor_on(day) else frozenset(consent.fields)
        allowed.setdefault(consent.participant_id, fields)
    return allowed


def public_person(person: Participant, role: str, allowed: dict[int, frozenset[str]], day: dt.date) -> PublicPerson:
    fields = allowed.get(person.pk, frozenset())
    if PublicField.NAME not in fields:
        return PublicPerson(role)
    return PublicPerson(
        role=role,
        name=person.full_name,
        post=person.post if PublicField.POST in fields else "",
        experience=person.experience_words(day) if PublicField.EXPERIENCE in fields else "",
    )
