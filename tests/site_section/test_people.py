"""No byte of a person stands on a public page without a live consent to it, whatever has been signed."""

from __future__ import annotations

import random
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any
from unittest import mock

import pytest
from django.test import Client
from django.urls import reverse

from accounts.models import Organisation
from mentorship import public as mentorship_public
from mentorship.models import Consent, ConsentKind, Participant
from mentorship.services.consents import withdraw_consent
from orders.models import Order
from orders.services.redaction import Redactor
from tests.mentorship.builders import agree, approve, card, day, form_pair, submitted
from tests.roadmap import builders
from tests.site_section.conftest import addresses

PEOPLE = (
    ("Яхонтова Ульяна Агеевна", "f"),
    ("Изумрудов Клим Фаддеевич", "m"),
    ("Топазова Римма Евсеевна", "f"),
    ("Агатов Савелий Парфёнович", "m"),
    ("Рубинова Зинаида Титовна", "f"),
    ("Сапфиров Макар Лаврентьевич", "m"),
    ("Опалова Аглая Феоктистовна", "f"),
    ("Бирюзов Назар Ефимович", "m"),
    ("Янтарёва Кира Аристарховна", "f"),
    ("Гранатов Лука Мокеевич", "m"),
)
# What a consent may be: whether it lets the name be shown today.
PAPERS: dict[str, tuple[dict[str, Any], bool]] = {
    "none": ({}, False),
    "name": ({"fields": ["name"]}, True),
    "everything": ({"fields": ["name", "post", "experience", "photo"]}, True),
    "post without a name": ({"fields": ["post", "experience"]}, False),
    "last day": ({"fields": ["name"], "valid_until": day(0)}, True),
    "expired": ({"fields": ["name"], "valid_until": day(-1)}, False),
    "future": ({"fields": ["name"], "signed_on": day(1)}, False),
    "withdrawn": ({"fields": ["name"], "withdrawn_on": day(-3)}, False),
    "withdrawn today": ({"fields": ["name"], "withdrawn_on": day(0)}, False),
    "withdrawn tomorrow": ({"fields": ["name"], "withdrawn_on": day(1)}, True),
    "elsewhere": ({"fields": ["name"], "resources": ["site", "municipal", "partners"]}, False),
    "refused": ({"fields": ["name"], "answer": "refused"}, False),
    "other purpose": ({"fields": ["name"], "kind": ConsentKind.PROCESSING}, False),
}
SECRETS = ("+7 900 111", "secret@example.org", "Заметка куратора")


@dataclass
class Programme:
    """Five pairs in force, everything about them said in orders and in the roadmap."""

    school: Organisation
    people: list[Participant]
    papers: dict[int, str]

    @property
    def may_be_named(self) -> set[str]:
        return {one.surname for one in self.people if PAPERS[self.papers[one.pk]][1]}

    def pages(self) -> str:
        """Every public page of the section, in one text."""
        client, slug = Client(), self.school.slug
        orders = Order.objects.approved().order_by("pk")
        urls = [*addresses(slug), *(reverse("section_document", args=[slug, order.pk]) for order in orders)]
        answers = [client.get(url) for url in urls]
        assert {answer.status_code for answer in answers} == {200}
        return "\n".join(answer.content.decode() for answer in answers).replace("\u00a0", " ").lower()

    def named(self) -> set[str]:
        """Surnames of whose name any part stands on any page, in any case."""
        text = self.pages()
        return {one.surname for one in self.people if any(stem in text for stem in stems(one))}


def stems(person: Participant) -> list[str]:
    """The unchanging parts of a surname, a patronymic and a given name that nobody else bears."""
    return [part[:-2].lower() for part in (person.surname, person.patronymic)]


def sign(person: Participant, paper: str, people: SimpleNamespace) -> None:
    values, _ = PAPERS[paper]
    if values:
        place = {"signed_on": day(-9), "recorded_by": people.curator, "resources": ["section"]}
        words = {"kind": ConsentKind.DISSEMINATION, **place, **values}
        Consent.objects.create(participant=person, **words)


def every_paper(number: int) -> list[str]:
    """As many papers as people: two runs see each of them, the others are chosen at random."""
    chance, names = random.Random(number), list(PAPERS)
    if number < 2:
        return (names + names)[number * 10 : number * 10 + 10]
    return chance.choices(names, k=len(PEOPLE))


def build(school: Organisation, people: SimpleNamespace, seed: int) -> Programme:
    secrets = {"phone": SECRETS[0], "email": SECRETS[1], "note": SECRETS[2]}
    cards = [card(school, name, "учитель", gender=gender, **secrets) for name, gender in PEOPLE]
    random.Random(seed).shuffle(cards)
    pairs = [form_pair(cards[place], [cards[place + 1]], people.curator) for place in range(0, len(cards), 2)]
    order = submitted(people, *pairs)
    approve(order, people)
    papers = dict(zip([one.pk for one in cards], every_paper(seed), strict=True))
    for one in cards:
        sign(one, papers[one.pk], people)
    return Programme(school, cards, papers)


@pytest.fixture
def programme(section, roadmap, reference, school, people, request) -> Programme:
    return build(school, people, getattr(request, "param", 0))


@pytest.mark.parametrize("programme", range(5), indirect=True)
def test_only_people_with_a_live_consent_are_named(programme: Programme) -> None:
    assert programme.named() == programme.may_be_named
    assert 0 < len(programme.may_be_named) < len(PEOPLE)
    assert [secret for secret in SECRETS if secret.lower() in programme.pages()] == []


def test_runs_above_use_every_paper() -> None:
    assert {*every_paper(0), *every_paper(1)} == set(PAPERS)


def test_everybody_would_be_named_without_the_guards(programme: Programme) -> None:
    """There is something to leak: the pairs and the order know every name."""
    everybody = {one.pk: frozenset({"name"}) for one in programme.people}
    with (
        mock.patch.object(mentorship_public, "allowed_fields", return_value=everybody),
        mock.patch.object(mentorship_public, "shown_by", return_value=frozenset({"name"})),
        mock.patch.object(Redactor, "text", lambda self, text: text),
    ):
        assert programme.named() == {one.surname for one in programme.people}


def test_contacts_and_notes_stand_in_the_cabinet_only(programme: Programme, people, client_of) -> None:
    person = programme.people[0]
    text = client_of(people.curator).get(reverse("participant_detail", args=[person.pk])).content.decode()
    assert [secret in text for secret in SECRETS] == [True, True, True]


def test_withdrawal_today_hides_at_once_and_everywhere(programme: Programme, people) -> None:
    for one in programme.people:
        if programme.papers[one.pk] in ("name", "everything", "last day"):
            assert one.surname in programme.named()
            consent = Consent.objects.get(participant=one, kind=ConsentKind.DISSEMINATION)
            withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
            programme.papers[one.pk] = "withdrawn today"
            assert one.surname not in programme.named()
    assert programme.named() == programme.may_be_named


def test_new_consent_shows_the_person_again(programme: Programme, people) -> None:
    hidden = next(one for one in programme.people if programme.papers[one.pk] == "none")
    assert hidden.surname not in programme.named()
    agree(hidden, ConsentKind.DISSEMINATION, people.curator)
    assert hidden.surname in programme.named()


def test_people_named_in_the_roadmap_and_its_order_are_hidden(section, reference, school, people) -> None:
    """The curator has typed names where posts are meant, in the text of an item and in its result."""
    names = [name for name, _ in PEOPLE]
    roadmap = builders.make_roadmap(school, f"Карта: {names[0]}")
    stage = builders.make_stage(roadmap, f"Этап: {names[1]}", result=f"Урок проводит {names[2]}")
    builders.make_item(stage, f"Открытый урок: {names[3]}", responsible=f"{names[4]}, учитель")
    type(people.teacher).objects.filter(pk=people.teacher.pk).update(full_name=names[5])
    builders.make_item(stage, "Семинар", responsible_user=people.teacher)
    act = builders.make_act(school, text=f"1. Общее\n1.1. Куратор: {names[6]}")
    person = {"responsible_name": names[7], "responsible_post": "учитель"}
    order = builders.submitted(people, act, roadmap, title=f"О карте: {names[8]}", **person)
    builders.approve(order, people)
    programme = Programme(school, [card(school, name, gender=gender) for name, gender in PEOPLE], {})
    assert programme.named() == set()
    with mock.patch.object(Redactor, "text", lambda self, text: text):
        assert programme.named() == {name.split()[0] for name in names[:9]} - {names[5].split()[0]}


def test_pairs_of_hidden_people_are_described_without_names(programme: Programme) -> None:
    with mock.patch.object(mentorship_public, "shown_by", return_value=frozenset()):
        shown = Client().get(reverse("section_pairs", args=[programme.school.slug])).context["pairs"]
        assert programme.named() == set()
    assert {(pair.mentor.label, pair.mentees[0].label, pair.direction) for pair in shown} == {
        ("наставник", "наставляемый", "вхождение в профессию")
    }
    assert len(shown) == 5
