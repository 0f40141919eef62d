"""The window for everybody: people only as far as their live consents to publication go, pairs as descriptions.

Contacts, difficulties and scans have no field here, so nothing can show them by mistake.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject

from core.prepared import columns, prepared
from mentorship.models import (
    Consent,
    ConsentKind,
    Pair,
    PairState,
    Participant,
    Post,
    Programme,
    ProgrammeState,
    PublicField,
    Resource,
)
from mentorship.models.consents import ConsentQuerySet, limits_of, not_banned
from mentorship.models.pairs import PairQuerySet
from mentorship.models.participants import russian_order
from mentorship.models.programme_content import russian_day
from orders.services.facts import Overrides, overrides_for, person_facts
from orders.services.redaction import Redactor

# What is read of people to know minors and to show everybody else.
AGE = columns(Participant, "id", "category", "birth_year", "birth_date", "came_of_age")
CARD = columns(Participant, *AGE, "surname", "given_name", "patronymic", "works_since", "qualification", "photo")
MENTOR, MENTEE, YOUNG = "наставник", "наставляемый", "молодой педагог"
Tally = tuple[int, str, int, int, int]
# What a consent to publication says: names of its fields → values.
Paper = dict[str, Any]


@dataclass(frozen=True)
class PublicPerson:
    """A person as far as the consent goes: what is not allowed is an empty text; `role` is a word without a name.

    `photo` is the number under which `photograph` gives the picture, 0 where nobody may look at it.
    """

    role: str
    name: str = ""
    post: str = ""
    experience: str = ""
    photo: int = 0

    @property
    def label(self) -> str:
        """The name, or the neutral word instead of it."""
        return self.name or self.role


@dataclass(frozen=True)
class PublicMentor:
    """A mentor of a pair in force who may be named, with the directions of the pairs.

    `limits` are the mentor's own conditions and bans: (what about, in which words).
    """

    person: PublicPerson
    directions: list[str]
    pairs: int
    limits: list[tuple[str, str]] = field(default_factory=list)


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
class PublicProgramme:
    """An approved programme as a description: no lines, no difficulties. `results` are those of a summed one only."""

    number: int
    title: str
    mentor: PublicPerson
    mentees: list[PublicPerson]
    forms: list[str]
    kinds: list[str]
    directions: list[str]
    starts_on: str
    ends_on: str
    is_over: bool
    results: str = ""


@dataclass(frozen=True)
class PublicCounts:
    """How many there are today; numbers need nobody's consent."""

    mentors: int = 0
    mentees: int = 0
    pairs: int = 0
    completed: int = 0


def mentors(organisation: Any, day: dt.date) -> list[PublicMentor]:
    """Mentors of pairs in force who may be named, by name; `organisation` is anything with a `pk`. One query."""
    found: dict[int, PublicMentor] = {}
    for direction, post, papers, *card in leading(organisation.pk, day):
        person = Participant.from_db(None, CARD, card)
        paper = next((one for one in papers if one["kind"] == ConsentKind.DISSEMINATION), None)
        allowed = shown_by(paper, person, day)
        shown = public_person(person, MENTOR, post or "", allowed, day)
        if shown.name:
            seen = replace(shown, photo=person.pk if shows_photo(person, allowed, papers) else 0)
            limits = limits_of(paper["conditions"], paper["bans"]) if paper else []
            known = found.get(person.pk, PublicMentor(seen, [], 0, limits))
            directions = list(dict.fromkeys([*known.directions, direction]))
            found[person.pk] = replace(known, directions=directions, pairs=known.pairs + 1)
    return list(found.values())


@prepared
def leading(organisation: int, day: dt.date) -> QuerySet[Pair, Any]:
    """For every pair in force, by the mentors' names: its direction, the mentor's post, live papers on being shown
    and on being photographed, the latest first, and card."""
    posts = Post.objects.on(day).filter(participant=OuterRef("mentor")).order_by("-is_main", "pk").values("title")
    kinds = [ConsentKind.DISSEMINATION, ConsentKind.PHOTO]
    papers = Consent.objects.live(day).filter(kind__in=kinds, participant=OuterRef("mentor")).values(paper=SAID)
    names = russian_order("mentor__surname", "mentor__given_name", "mentor__patronymic")
    rows = working_pairs(organisation, day).filter(mentor__organisation=organisation)
    rows = rows.order_by(*names, "mentor", "starts_on", "pk")
    card = [f"mentor__{name}" for name in CARD]
    return rows.values_list("direction__title", Subquery(posts[:1]), ArraySubquery(papers), *card)


def photograph(organisation: Any, number: int, day: dt.date) -> Any:
    """The file of the picture of a mentor whom `mentors` shows with it, or None."""
    if not any(one.person.photo == number for one in mentors(organisation, day)):
        return None
    return Participant.objects.get(pk=number).photo


def pairs(organisation: Any, day: dt.date) -> list[PublicPair]:
    """Pairs in force, described; each person by name only where their own consent allows it."""
    rows = working_pairs(organisation.pk, day).select_related("mentor", "form", "direction")
    working = list(rows.prefetch_related("kinds", "members__mentee"))
    people = loaded(person.pk for pair in working for person in pair.people)
    allowed = allowed_fields(organisation, day)
    return [public_pair(pair, people, allowed, day) for pair in working]


def public_pair(
    pair: Pair, people: dict[int, Participant], allowed: dict[int, frozenset[str]], day: dt.date
) -> PublicPair:
    def shown(person: Participant, role: str) -> PublicPerson:
        return public_person(person, role, person.post, allowed.get(person.pk, frozenset()), day)

    learners = [people[mentee.pk] for mentee in pair.mentees]
    return PublicPair(
        mentor=shown(people[pair.mentor_id], MENTOR),
        mentees=[shown(one, YOUNG if one.is_young else MENTEE) for one in learners],
        form=pair.form.title,
        kinds=[kind.title for kind in pair.kinds.all()],
        direction=pair.direction.title,
        starts_on=pair.starts_on,
        ends_on=pair.ends_on,
    )


def programmes(organisation: Any, day: dt.date) -> list[PublicProgramme]:
    """Programmes that the curator lets be shown, described by their versions in force, the latest first."""
    rows = list(shown_programmes(organisation.pk))
    people = loaded(person.pk for one in rows for person in one.pair.people)
    if not rows:
        return []
    allowed, overrides = allowed_fields(organisation, day), overrides_for([one.full_name for one in people.values()])
    names = {pk: names_of(one, overrides) for pk, one in people.items()}
    return [public_programme(one, people, names, allowed, day) for one in rows]


def programme(organisation: Any, number: int, day: dt.date) -> PublicProgramme | None:
    """One of `programmes`, or None."""
    return next((one for one in programmes(organisation, day) if one.number == number), None)


def shown_programmes(organisation: int) -> QuerySet[Programme]:
    """A programme that never came about, or has no approved version, is shown by no switch."""
    rows = Programme.objects.filter(organisation=organisation, is_public=True, version__gt=0)
    rows = rows.exclude(state=ProgrammeState.DROPPED).select_related("pair__mentor")
    return rows.prefetch_related("pair__members__mentee", "versions")


def names_of(person: Participant, overrides: Overrides) -> dict[str, Any]:
    return person_facts(person.full_name, person.gender, "", forms=person.forms, overrides=overrides, number=person.pk)


def public_programme(
    programme: Programme,
    people: dict[int, Participant],
    names: dict[int, dict[str, Any]],
    allowed: dict[int, frozenset[str]],
    day: dt.date,
) -> PublicProgramme:
    content = programme.versions.all()[0].content
    nobody: frozenset[str] = frozenset()

    def shown(person: Participant, role: str) -> PublicPerson:
        return public_person(people[person.pk], role, people[person.pk].post, allowed.get(person.pk, nobody), day)

    veil = names_veil([names[one.pk] for one in programme.pair.people], allowed)
    summed = programme.state == ProgrammeState.SUMMED
    return PublicProgramme(
        number=programme.pk,
        title=veil.text(content["title"]),
        mentor=shown(programme.pair.mentor, MENTOR),
        mentees=[shown(one, YOUNG if one.is_young else MENTEE) for one in programme.pair.mentees],
        **{name: [one["title"] for one in content[name]] for name in ("forms", "kinds", "directions")},
        starts_on=russian_day(content["starts_on"]),
        ends_on=f"{programme.ends_on:%d.%m.%Y}" if not programme.is_correction else russian_day(content["ends_on"]),
        is_over=programme.state in (ProgrammeState.COMPLETED, ProgrammeState.SUMMED),
        results=veil.text(programme.results) if summed else "",
    )


def names_veil(names: Iterable[dict[str, Any]], allowed: dict[int, frozenset[str]]) -> Redactor:
    """Takes out of free words the names of everybody who has not agreed to be shown."""
    hidden: list[dict[str, Any]] = []
    named: list[dict[str, Any]] = []
    for one in names:
        (named if PublicField.NAME in allowed.get(one["number"], ()) else hidden).append(one)
    return Redactor(hidden, named, [])


def shown_people(organisation: Any, day: dt.date) -> tuple[frozenset[int], frozenset[int]]:
    """Keys of the people whose names may be shown to everybody on the day, and of those whose posts may stand there
    too. Keys of cards merged into theirs belong to them: approved orders still speak of those. Two queries."""
    allowed = allowed_fields(organisation, day)
    merged = Participant.objects.filter(pk__in=allowed).exclude(former_keys=[])
    for pk, earlier in merged.values_list("pk", "former_keys"):
        allowed.update(dict.fromkeys(earlier, allowed[pk]))
    names = frozenset(pk for pk, fields in allowed.items() if PublicField.NAME in fields)
    return names, frozenset(pk for pk in names if PublicField.POST in allowed[pk])


def counts(organisation: Any, day: dt.date) -> PublicCounts:
    """The numbers of one organisation."""
    return by_organisation(tally_of(organisation.pk, day)).get(organisation.pk, PublicCounts())


def counts_of(organisations: Iterable[int], day: dt.date) -> dict[int, PublicCounts]:
    """The numbers of each organisation by its key, one query for all of them."""
    wanted = list(organisations)
    found = by_organisation(tally(Pair.objects.filter(organisation__in=wanted), day))
    return {pk: found.get(pk, PublicCounts()) for pk in wanted}


@prepared
def tally_of(organisation: int, day: dt.date) -> QuerySet[Pair, Tally]:
    return tally(Pair.objects.filter(organisation=organisation), day)


def tally(pairs: PairQuerySet, day: dt.date) -> QuerySet[Pair, Tally]:
    """Organisation, state, how many pairs, mentors and mentees; of the pairs in force and of those closed."""
    rows = pairs.in_force(day) | pairs.filter(state=PairState.CLOSED)
    numbers = [Count(what, distinct=True) for what in ("pk", "mentor", "members__mentee")]
    return rows.order_by().values_list("organisation", "state").annotate(*numbers)


def by_organisation(rows: Iterable[Tally]) -> dict[int, PublicCounts]:
    found: dict[int, PublicCounts] = {}
    for organisation, state, pairs, mentors, mentees in rows:
        known = found.get(organisation, PublicCounts())
        if state == PairState.CLOSED:
            found[organisation] = replace(known, completed=pairs)
        else:
            found[organisation] = replace(known, pairs=pairs, mentors=mentors, mentees=mentees)
    return found


def working_pairs(organisation: int, day: dt.date) -> PairQuerySet:
    return Pair.objects.filter(organisation=organisation).in_force(day).order_by("starts_on", "pk")


def loaded(numbers: Iterable[int]) -> dict[int, Participant]:
    """People with their posts, by name; two queries."""
    return {person.pk: person for person in Participant.objects.filter(pk__in=set(numbers)).by_name().with_posts()}


SAID = JSONObject(kind="kind", fields="fields", resources="resources", conditions="conditions", bans="bans")


def published(day: dt.date) -> ConsentQuerySet:
    """Live consents to publication, the latest first: of each person that one speaks."""
    return Consent.objects.live(day).filter(kind=ConsentKind.DISSEMINATION)


def shown_by(paper: Paper | None, person: Participant, day: dt.date) -> frozenset[str]:
    """What the person's paper lets everybody see in the section; minors are never named, whatever has been signed."""
    if paper is None or Resource.SECTION not in paper["resources"] or person.is_minor_on(day):
        return frozenset()
    return frozenset(not_banned(paper["fields"], paper["conditions"]))


def shows_photo(person: Participant, allowed: frozenset[str], papers: Iterable[Paper]) -> bool:
    """Whether there is a picture, the person lets it be shown, and it may stand in the section of the school."""
    if PublicField.PHOTO not in allowed or not person.photo:
        return False
    return any(one["kind"] == ConsentKind.PHOTO and Resource.SECTION in one["resources"] for one in papers)


def allowed_fields(organisation: Any, day: dt.date) -> dict[int, frozenset[str]]:
    """What each person of the organisation lets everybody see on the day, one query."""
    allowed: dict[int, frozenset[str]] = {}
    for paper, *card in papers_of(organisation.pk, day):
        person = Participant.from_db(None, AGE, card)
        allowed.setdefault(person.pk, shown_by(paper, person, day))
    return allowed


@prepared
def papers_of(organisation: int, day: dt.date) -> QuerySet[Consent, Any]:
    rows = published(day).filter(participant__organisation=organisation)
    return rows.values_list(SAID, *(f"participant__{name}" for name in AGE))


def public_person(person: Participant, role: str, post: str, shown: frozenset[str], day: dt.date) -> PublicPerson:
    if PublicField.NAME not in shown:
        return PublicPerson(role)
    return PublicPerson(
        role=role,
        name=person.full_name,
        post=post if PublicField.POST in shown else "",
        experience=person.experience_words(day) if PublicField.EXPERIENCE in shown else "",
    )
