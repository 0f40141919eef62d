"""A canary word in every field of everybody: whatever has been signed, only what a live consent allows is ever shown.

The consents, refusals, withdrawals, terms, places and bans are drawn at random; what may be shown is worked out here
anew, in plain Python, from what was drawn.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from unittest import mock

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from accounts.models import Organisation
from mentorship import public as mentorship_public
from mentorship.models import BankCard, Category, Consent, ConsentKind, Interview, Participant, Post
from orders.models import Order
from orders.services.redaction import Redactor
from tests.mentorship.builders import approve, card, day, form_pair, submitted
from tests.site_section.conftest import addresses

FIELDS = ("name", "post", "experience", "photo")
# Who plays what: two mentors of pairs in force, their mentees, somebody in no pair, a pupil in a pair.
ROLES = ("mentor", "mentee", "mentor", "mentee", "nobody", "pupil")
NAMES = (
    ("Яхонтова", "Ульяна", "Агеевна"),
    ("Изумрудов", "Клим", "Фаддеевич"),
    ("Топазова", "Римма", "Евсеевна"),
    ("Агатов", "Савелий", "Парфёнович"),
    ("Рубинова", "Зинаида", "Титовна"),
    ("Сапфиров", "Макар", "Лаврентьевич"),
)
POSTS = ("астроном", "ботаник", "географ", "логопед", "хормейстер", "")


@dataclass(frozen=True)
class Paper:
    """One signed answer as it was drawn; days are offsets from today."""

    kind: str
    signed: int
    given: bool
    until: int | None
    withdrawn: int | None
    fields: frozenset[str]
    places: frozenset[str]
    banned: str

    @property
    def lives(self) -> bool:
        return (
            self.given
            and self.signed <= 0
            and (self.until is None or self.until >= 0)
            and (self.withdrawn is None or self.withdrawn > 0)
        )

    @property
    def allows(self) -> set[str]:
        return set(self.fields) - {self.banned} if self.lives and "section" in self.places else set()


# What may be wrong with a paper, or only at the edge: each changes some parts of a full one.
TWISTS: tuple[dict[str, Any], ...] = (
    {},
    {},
    {"given": False},
    {"until": -1},
    {"until": 0},
    {"withdrawn": -1},
    {"withdrawn": 0},
    {"withdrawn": 1},
    {"places": frozenset(["site", "municipal", "partners"])},
    {"places": frozenset(["municipal", "section"])},
    {"kind": "processing"},
    *({"fields": frozenset(FIELDS) - {field}} for field in FIELDS),
    *({"banned": field} for field in FIELDS),
)


def paper(kind: str, signed: int, *twists: dict[str, Any]) -> Paper:
    """A full paper of that day with the twists; no day of it comes before the signature, no refusal is withdrawn."""
    said: dict[str, Any] = {"kind": kind, "signed": signed, "given": True, "until": None, "withdrawn": None}
    said |= {"fields": frozenset(FIELDS), "places": frozenset(["section"]), "banned": ""}
    for twist in twists:
        said |= twist
    for name in ("until", "withdrawn"):
        said[name] = None if said[name] is None else max(said[name], signed)
    return Paper(**said | {"given": said["given"] or said["withdrawn"] is not None})


@st.composite
def papers(draw: st.DrawFn) -> Paper:
    """A full paper with up to two twists."""
    kind = draw(st.sampled_from(["dissemination", "dissemination", "photo"]))
    signed = draw(st.sampled_from([0, -1, -2, -3, -30]))
    twists = draw(st.lists(st.sampled_from(TWISTS), min_size=1, max_size=2))
    return paper(kind, signed, *twists)


STACKS = st.lists(papers(), min_size=1, max_size=3, unique_by=lambda paper: (paper.kind, paper.signed))
EVERYBODY = st.tuples(*(STACKS for _ in ROLES))


@dataclass
class Person:
    """Somebody of the programme with a word of their own for each field; `secrets` may be shown to nobody, ever."""

    card: Participant
    role: str
    words: dict[str, str]
    secrets: list[str]
    photo: bytes


def make_person(school: Organisation, number: int) -> Person:
    role, names = ROLES[number], NAMES[number]
    secrets = [f"{word}{number}канарейка" for word in ("телефон", "заметка", "запрос", "беседа", "пожелание", "сейф")]
    years = 41 + number
    since = day(0).replace(year=day(0).year - years, month=1, day=1)
    pupil = role == "pupil"
    person = card(
        school,
        " ".join(names),
        "",
        category=Category.PUPIL if pupil else Category.TEACHER,
        works_since=None if pupil else since,
        phone=secrets[0],
        email=f"канарейка{number}@example.org",
        note=secrets[1],
        class_name=f"канарейка-{number}",
    )
    if POSTS[number]:
        Post.objects.create(participant=person, title=POSTS[number], starts_on=day(-400), subjects=secrets[5])
    bank = BankCard.objects.create(participant=person, role="mentee", request=secrets[2], wishes=secrets[4])
    return Person(
        card=person,
        role=role,
        words={"name": names[0][:-2].lower(), "post": POSTS[number], "experience": f"стаж {years} "},
        secrets=[*secrets, person.email, person.class_name, str(bank.pk) + "канарейка"],
        photo=b"\x89PNG\r\n\x1a\n" + f"снимок{number}".encode(),
    )


@pytest.fixture
def programme(section, roadmap, reference, school, people) -> list[Person]:
    """Everybody above, in two approved pairs and one group with the pupil; every record is full of words."""
    everybody = [make_person(school, number) for number in range(len(ROLES))]
    for one in everybody:
        one.card.photo.save("a.png", ContentFile(one.photo))
        bank = BankCard.objects.get(participant=one.card)
        Interview.objects.create(card=bank, planned_for=day(-5), interviewer=people.curator, record=one.secrets[3])
    first, mentee, second, learner, _, pupil = [one.card for one in everybody]
    pairs = [form_pair(first, [mentee], people.curator), form_pair(second, [learner], people.curator)]
    approve(submitted(people, *pairs), people)
    helped = form_pair(first, [pupil], people.curator, form=word_of("teacher-pupil", pairs[0]))
    type(helped).objects.filter(pk=helped.pk).update(state="active", order=Order.objects.get(number="71-б"))
    return everybody


def word_of(code: str, pair: Any) -> Any:
    """A form for a teacher and a pupil if the dictionary has one."""
    return type(pair.form).objects.filter(dictionary="form", code=code).first() or pair.form


def sign(person: Person, paper: Paper, actor: Any) -> None:
    """Write the row as it was drawn: the gate must hold whatever way it came in."""
    public = paper.kind == ConsentKind.DISSEMINATION
    Consent.objects.create(
        participant=person.card,
        kind=paper.kind,
        answer="given" if paper.given else "refused",
        signed_on=day(paper.signed),
        valid_until=None if paper.until is None else day(paper.until),
        withdrawn_on=None if paper.withdrawn is None else day(paper.withdrawn),
        withdrawal_reason="причина-канарейка",
        fields=sorted(paper.fields) if public else [],
        resources=sorted(paper.places),
        conditions={paper.banned: "Запрещаю показывать"} if public and paper.banned else {},
        original_place="шкаф-канарейка",
        representative="представитель-канарейка",
        recorded_by=actor,
    )


def expected(person: Person, stack: list[Paper]) -> set[str]:
    """What everybody may see of the person: by the newest live paper, and by the role in the programme."""
    live = sorted((one for one in stack if one.kind == "dissemination" and one.lives), key=lambda one: -one.signed)
    allowed = live[0].allows if live else set()
    if "name" not in allowed or person.role in ("pupil", "nobody"):
        return set()
    if person.role == "mentee":
        return allowed & {"name", "post"}
    may_be_seen = any(one.kind == "photo" and one.lives and "section" in one.places for one in stack)
    return allowed if may_be_seen else allowed - {"photo"}


class Crawl:
    """Everything that an anonymous visitor can open."""

    def __init__(self, school: Organisation, everybody: list[Person]) -> None:
        client, slug = Client(), school.slug
        orders = Order.objects.approved().order_by("pk")
        urls = ["/", *addresses(slug), *(reverse("section_document", args=[slug, order.pk]) for order in orders)]
        urls += [f"/verify/{order.token}/" for order in orders]
        urls += ["/robots.txt", "/sitemap.xml", "/feed.xml"]
        answers = [client.get(url) for url in urls]
        self.text = "\n".join(answer.content.decode() for answer in answers).replace("\u00a0", " ").lower()
        photos = {one.card.pk: client.get(reverse("section_photo", args=[slug, one.card.pk])) for one in everybody}
        self.statuses = {pk: answer.status_code for pk, answer in photos.items()}
        self.photos = {
            pk: b"".join(answer.streaming_content) for pk, answer in photos.items() if answer.status_code == 200
        }

    def shown(self, person: Person) -> set[str]:
        found = {field for field, word in person.words.items() if word and word in self.text}
        return found | ({"photo"} if self.photos.get(person.card.pk) == person.photo else set())


@settings(
    max_examples=30,
    deadline=None,
    derandomize=True,
    phases=[Phase.generate],  # a smaller example is not worth minutes of pages
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(drawn=EVERYBODY)
def test_nothing_is_shown_without_a_live_consent_to_it(
    drawn: tuple[list[Paper], ...], programme: list[Person], school, people
) -> None:
    with rolled_back():
        for person, stack in zip(programme, drawn, strict=True):
            for paper in stack:
                sign(person, paper, people.curator)
        seen = Crawl(school, programme)
        found = {person.words["name"]: seen.shown(person) for person in programme}
        assert found == {
            person.words["name"]: expected(person, stack) for person, stack in zip(programme, drawn, strict=True)
        }
        assert "канарейка" not in seen.text
        assert set(seen.statuses.values()) <= {200, 404}


class rolled_back:  # noqa: N801 - reads as a phrase
    """One example of the many, without a trace in the next."""

    def __enter__(self) -> None:
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def __exit__(self, *failure: Any) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)


def full(kind: str) -> Paper:
    return paper(kind, -10)


@pytest.mark.parametrize("kind", ["dissemination", "photo"])
def test_every_twist_alone_changes_what_it_should(programme, school, people, kind: str) -> None:
    mentor = programme[0]
    other = full("photo" if kind == "dissemination" else "dissemination")
    for twist in TWISTS:
        stack = [paper(kind, -10, twist), other]
        with rolled_back():
            for one in stack:
                sign(mentor, one, people.curator)
            assert (twist, Crawl(school, programme).shown(mentor)) == (twist, expected(mentor, stack))


def test_with_every_consent_everything_of_the_programme_is_shown(programme, school, people) -> None:
    for person in programme:
        for kind in ("dissemination", "photo"):
            sign(person, full(kind), people.curator)
    seen = Crawl(school, programme)
    assert [(person.role, sorted(seen.shown(person))) for person in programme] == [
        ("mentor", ["experience", "name", "photo", "post"]),
        ("mentee", ["name", "post"]),
        ("mentor", ["experience", "name", "photo", "post"]),
        ("mentee", ["name", "post"]),
        ("nobody", []),
        ("pupil", []),
    ]


def test_without_the_gate_the_names_would_be_everywhere(programme, school) -> None:
    """There is something to leak: the pairs and the order know every name."""
    everybody = {person.card.pk: frozenset(FIELDS) for person in programme}
    with (
        mock.patch.object(mentorship_public, "allowed_fields", return_value=everybody),
        mock.patch.object(mentorship_public, "shown_by", return_value=frozenset(FIELDS)),
        mock.patch.object(Redactor, "text", lambda self, text: text),
    ):
        seen = Crawl(school, programme)
    named = {person.role for person in programme if "name" in seen.shown(person)}
    assert named == {"mentor", "mentee", "pupil"}


def test_withdrawn_photograph_is_not_there_for_anybody(programme, school, people, client) -> None:
    person = programme[0]
    for kind in ("dissemination", "photo"):
        sign(person, full(kind), people.curator)
    url = reverse("section_photo", args=[school.slug, person.card.pk])
    answer = client.get(url)
    assert (answer.status_code, answer.headers["Cache-Control"]) == (200, "private, no-store")
    Consent.objects.filter(kind="photo").update(withdrawn_on=dt.date.today(), withdrawal_reason="заявление")  # noqa: DTZ011
    assert client.get(url).status_code == 404


def words_of(everybody: list[Person]) -> Iterator[str]:
    for person in everybody:
        yield from person.words.values()


def test_every_word_belongs_to_one_person(programme: list[Person]) -> None:
    words = [word for word in words_of(programme) if word]
    assert len(words) == len(set(words))
