"""The home page of a municipality: its schools in numbers, the ways to their open sections, and nobody's name."""

from __future__ import annotations

import pytest

from accounts.attention import panels_for
from mentorship.models import Pair, PairState
from roadmap.models import Item, Roadmap, Stage
from site_section.models import Section
from tests.mentorship.builders import approved_order, card, day, form_pair

pytestmark = pytest.mark.django_db
HOME = "/cabinet/"


@pytest.fixture
def pair(school, people, reference) -> Pair:
    """A pair in force, and a roadmap with one item of two done."""
    mentor, mentee = card(school, "Верескова Алла Петровна"), card(school, "Ольхин Борис Викторович")
    pair = form_pair(mentor, [mentee], people.curator)
    order = approved_order(school, people)
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)
    roadmap = Roadmap.objects.create(
        organisation=school, title="Карта", starts_on=day(-10), ends_on=day(200), state="approved", order=order
    )
    stage = Stage.objects.create(roadmap=roadmap, title="Этап", position=1)
    Item.objects.create(stage=stage, text="Сделано", position=1, done_on=day(-1))
    Item.objects.create(stage=stage, text="Не сделано", position=2)
    Section.objects.create(organisation=school, is_open=True)
    return pair


def test_municipality_sees_its_schools_in_numbers(pair: Pair, school, people) -> None:
    [panel] = panels_for(people.municipal, school.parent, day(0))
    rows = {
        row["school"].pk: (row["is_open"], row["totals"].pairs, row["road"] and (row["road"].done, row["road"].total))
        for row in panel.data["schools"]
    }
    assert rows.pop(school.pk) == (True, 1, (1, 2))
    assert set(rows.values()) == {(False, 0, None)}
    assert [panel.data[name] for name in ("mentors", "mentees", "pairs", "completed")] == [1, 1, 1, 0]


def test_home_of_a_municipality_names_nobody(pair: Pair, school, people, client_of) -> None:
    page = client_of(people.municipal).get(HOME).content.decode()
    assert (f'href="/s/{school.slug}/"' in page, "1 из 2 пунктов" in page) == (True, True)
    assert [name for name in ("Вереск", "Ольхин") if name in page] == []


def test_school_has_no_panel_of_schools(pair: Pair, school, people) -> None:
    assert panels_for(people.curator, school, day(0)) == []
    [panel] = panels_for(people.director, school.parent, day(0))
    assert [row["school"] for row in panel.data["schools"]] == [school]


def test_home_of_a_municipality_costs_the_same_for_each_number_of_schools(school, people, client_of, queries) -> None:
    client = client_of(people.municipal)
    first = queries(client, HOME)
    for number in range(2):
        school.pk, school.slug, school.name = None, f"copy{number}", f"Школа {number}"
        school.save(force_insert=True)
    assert queries(client, HOME) == first
