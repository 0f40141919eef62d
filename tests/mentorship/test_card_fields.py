"""What only people of some categories have: the fields of the card, and what is said to the others."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse

from accounts.models import Partner
from mentorship.models import Participant
from tests.mentorship.builders import card, day
from tests.mentorship.test_participants import NEW, card_data

FOLD = re.compile(r"<details class=\"fold mb-3\"[^>]*>")


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"category": "teacher", "birth_date": "1980-04-12"}, "укажите один год рождения"),
        ({"category": "external", "birth_date": "2012-04-12"}, "укажите один год рождения"),
        ({"category": "teacher", "class_name": "9 «Б»"}, "Это бывает только у обучающихся"),
        ({"category": "student", "class_name": "9 «Б»"}, "Это бывает только у обучающихся"),
        ({"category": "pupil", "works_since": "2020-09-01"}, "У обучающихся этого не бывает"),
        ({"category": "pupil", "qualification": "first"}, "У обучающихся этого не бывает"),
        ({"category": "pupil", "young_flag": "on"}, "У обучающихся этого не бывает"),
        ({"category": "pupil", "birth_date": day(-400).isoformat()}, "меньше шести лет"),
        ({"category": "pupil", "birth_date": day(9).isoformat()}, "меньше шести лет"),
        ({"category": "pupil", "birth_date": day(-365 * 12).isoformat(), "birth_year": "1999"}, "Год не совпадает"),
    ],
)
def test_fields_of_another_category_are_explained(people, client_of, more: dict, words: str) -> None:
    response = client_of(people.curator).post(NEW, card_data(**more))
    assert (response.status_code, words in response.content.decode(), Participant.objects.count()) == (200, True, 0)


def test_card_of_a_pupil_has_class_and_class_teacher(people, school, client_of) -> None:
    born = day(-365 * 12)
    more = {"birth_date": born.isoformat(), "class_name": " 6  «А» ", "class_teacher": people.class_teacher.pk}
    assert client_of(people.curator).post(NEW, card_data(category="pupil", **more)).status_code == 302
    person = Participant.objects.get()
    assert (person.birth_date, person.birth_year, person.class_name) == (born, born.year, "6 «А»")
    assert person.class_teacher == people.class_teacher


def test_pupil_of_unknown_age_is_allowed_and_counts_as_a_minor(people, client_of) -> None:
    assert client_of(people.curator).post(NEW, card_data(category="pupil")).status_code == 302
    assert Participant.objects.get().is_minor_on(day(0))


def test_class_teacher_is_chosen_among_the_class_teachers_of_the_school(people, client_of) -> None:
    client = client_of(people.curator)
    for user in (people.teacher, people.stranger, people.director):
        assert client.post(NEW, card_data(category="pupil", class_teacher=user.pk)).status_code == 200
    assert list(client.get(NEW).context["form"].fields["class_teacher"].queryset) == [people.class_teacher]
    assert Participant.objects.count() == 0


def test_partner_is_chosen_among_the_partners_of_the_school(people, school, other_school, client_of) -> None:
    own = Partner.objects.create(organisation=school, title="Колледж")
    former = Partner.objects.create(organisation=school, title="Завод", is_active=False)
    alien = Partner.objects.create(organisation=other_school, title="Чужой колледж")
    client = client_of(people.curator)
    for partner in (former, alien):
        assert client.post(NEW, card_data(category="external", partner=partner.pk)).status_code == 200
    refused = client.post(NEW, card_data(category="teacher", partner=own.pk))
    assert "указывается у представителя партнёра" in refused.content.decode()
    assert client.post(NEW, card_data(category="external", partner=own.pk)).status_code == 302
    assert Participant.objects.get().partner == own


@pytest.mark.parametrize(
    ("category", "unfolded"),
    [("teacher", [True, False, False]), ("pupil", [False, True, False]), ("external", [False, False, True])],
)
def test_form_unfolds_the_group_of_the_category(people, school, client_of, category: str, unfolded: list) -> None:
    person = card(school, "Теслина Светлана Николаевна", category=category)
    html = client_of(people.curator).get(reverse("participant_edit", args=[person.pk])).content.decode()
    assert [" open" in tag for tag in FOLD.findall(html)] == unfolded


def test_group_with_a_mistake_is_unfolded(people, client_of) -> None:
    html = client_of(people.curator).post(NEW, card_data(class_name="9 «Б»")).content.decode()
    assert [" open" in tag for tag in FOLD.findall(html)] == [True, True, False]


def test_form_of_a_card_asks_everything_once(people, client_of) -> None:
    """Fields left out of the groups would never be drawn."""
    form = client_of(people.curator).get(NEW).context["form"]
    html = client_of(people.curator).get(NEW).content.decode()
    assert {name: html.count(f'name="{name}"') for name in form.fields} == dict.fromkeys(form.fields, 1)
