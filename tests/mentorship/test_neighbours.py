"""Mentors of other schools: those alone who agreed to be known outside, and of them nothing but what helps to ask."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from accounts.models import Organisation
from mentorship.models import BankCard, Consent, ConsentKind, Participant
from tests.mentorship.bank_builders import MENTEE, MENTOR, pair_of
from tests.mentorship.builders import agree, card, day, word
from tests.mentorship.matched import stands

PAGE = "/cabinet/matching/network/"
NAME = "Чужестранов Фома Канарейкин"

pytestmark = pytest.mark.usefixtures("reference")


def outsider(other_school, people, *, consent: bool = True, **more) -> BankCard:
    """A mentor of the other school with contacts, wishes and a consent to be known outside."""
    person = card(
        other_school, "Чужестранов Фома Канарейкин", phone="+7 900 000", email="canary@example.org", note="тайна"
    )
    one = stands(person, _of(people), MENTOR, "families", "ict", time_resource="среда", wishes="тихие", **more)
    if consent:
        agree(person, ConsentKind.TRANSFER, people.stranger)
    return one


def _of(people):
    """The cast with the curator of the other school in the place of ours."""
    return type("Cast", (), {"curator": people.stranger})


@pytest.fixture
def curator(people, client_of) -> Client:
    return client_of(people.curator)


def told(response) -> list[tuple[str, str, tuple[str, ...], list[str]]]:
    return [(row.told.name, row.told.school, row.told.competences, row.helps) for row in response.context["rows"]]


def test_mentor_who_agreed_is_shown_with_a_name_a_school_and_competences(school, other_school, people, curator) -> None:
    outsider(other_school, people)
    mentee = stands(card(school, "Сойкин Пётр Ильич"), people, MENTEE, "families")
    response = curator.get(PAGE)
    words = ("уверенно работает с цифровыми инструментами", "ладит с родителями в трудных разговорах")
    assert told(response) == [(NAME, other_school.name, words, [mentee.participant.short_name])]
    html = response.content.decode()
    assert [word for word in ("+7 900", "canary@example.org", "тайна", "среда", "тихие") if word in html] == []
    assert f"/{Participant.objects.get(surname='Чужестранов').pk}/" not in html


def withdraw(kind: str) -> Callable[[BankCard], object]:
    return lambda one: Consent.objects.filter(kind=kind).update(withdrawn_on=day(0))


SPOILT: dict[str, Callable[[BankCard], object]] = {
    "transfer withdrawn": withdraw(ConsentKind.TRANSFER),
    "processing withdrawn": withdraw(ConsentKind.PROCESSING),
    "not in the bank": lambda one: BankCard.objects.update(state="candidate"),
    "gone": lambda one: Participant.objects.filter(pk=one.participant_id).update(left_on=day(-1)),
    "closed school": lambda one: Organisation.objects.filter(slug="canary").update(is_active=False),
    "another town": lambda one: Organisation.objects.filter(slug="canary").update(parent=None),
}


@pytest.mark.parametrize("what", SPOILT)
def test_without_any_one_of_the_grounds_nobody_is_shown(other_school, people, curator, canary, what: str) -> None:
    one = outsider(other_school, people)
    assert "Чужестранов" in curator.get(PAGE).content.decode()
    SPOILT[what](one)
    response = curator.get(PAGE)
    assert told(response) == []
    assert [word for word in canary if word in response.content.decode()] == []


@pytest.mark.parametrize("more", [None, {"valid_until": day(-1)}, {"answer": "refused"}])
def test_without_a_live_consent_to_transfer_nobody_is_shown(other_school, people, curator, canary, more) -> None:
    one = outsider(other_school, people, consent=False)
    if more is not None:
        agree(one.participant, ConsentKind.TRANSFER, people.stranger, **more)
    response = curator.get(PAGE)
    assert (told(response), [word for word in canary if word in response.content.decode()]) == ([], [])


def test_taken_place_is_no_place(other_school, people, curator) -> None:
    one = outsider(other_school, people)
    pair_of(one.participant, card(other_school, "Канарейкин Пётр Ильич"), _of(people))
    assert told(curator.get(PAGE)) == []


def test_own_mentors_are_not_among_the_neighbours(school, people, curator) -> None:
    person = card(school, "Дубов Пётр Ильич")
    stands(person, people, MENTOR, "families")
    agree(person, ConsentKind.TRANSFER, people.curator)
    assert told(curator.get(PAGE)) == []


def test_school_of_no_town_has_no_neighbours(school, other_school, people, curator) -> None:
    outsider(other_school, people)
    Organisation.objects.filter(pk=other_school.pk).update(parent=None)
    Organisation.objects.filter(pk=school.pk).update(parent=None)
    assert told(curator.get(PAGE)) == []


def test_filter_asks_for_a_competence(school, other_school, people, curator) -> None:
    outsider(other_school, people)
    found = [len(told(curator.get(PAGE, {"word": word("competence", code).pk}))) for code in ("ict", "talents")]
    assert (found, len(told(curator.get(PAGE, {"word": "нет"})))) == ([1, 0], 1)


@pytest.mark.parametrize("who", ["director", "teacher", "psychologist", "municipal"])
def test_only_curators_look_for_neighbours(other_school, people, client_of, who: str) -> None:
    outsider(other_school, people)
    assert client_of(getattr(people, who)).get(PAGE).status_code == 403


def test_page_costs_the_same_for_one_and_three(school, other_school, people, curator, queries) -> None:
    outsider(other_school, people)
    stands(card(school, "Сойкин Пётр Ильич"), people, MENTEE, "families")
    first = queries(curator, PAGE)
    for letter in "аб":
        person = card(other_school, f"Чужестранов{letter} Пётр Ильич")
        stands(person, _of(people), MENTOR, "families", "ict")
        agree(person, ConsentKind.TRANSFER, people.stranger)
        stands(card(school, f"Сойкин{letter} Пётр Ильич"), people, MENTEE, "families")
    assert (first, queries(curator, PAGE)) == (22, 22)
