"""The open section of the first school, with something on every page."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from django.urls import reverse

from accounts.models import Organisation
from mentorship.models import Pair
from orders.models import Order
from roadmap.models import Roadmap
from site_section.models import Section
from tests.mentorship.builders import approve, card, form_pair, submitted
from tests.roadmap.builders import in_force, make_item, make_roadmap, make_stage

PAGES = (
    "section_home",
    "section_mentors",
    "section_pairs",
    "section_roadmap",
    "section_documents",
    "section_contacts",
)


def addresses(slug: str) -> list[str]:
    """Every page of a section except single documents."""
    return [reverse(name, args=[slug]) for name in PAGES]


@pytest.fixture
def section(school: Organisation) -> Section:
    return Section.objects.create(organisation=school, lead="Коротко о нас", about="О программе", contacts="Кабинет 14")


@pytest.fixture
def pair(school: Organisation, people: SimpleNamespace, reference: None) -> Pair:
    """A pair that an approved order has brought into force; nobody has agreed to be shown."""
    mentor = card(school, "Верескова Алла Петровна", "учитель математики", phone="+7 900", email="secret@example.org")
    return form_pair(mentor, [card(school, "Ольхин Борис Викторович")], people.curator)


@pytest.fixture
def order(pair: Pair, people: SimpleNamespace) -> Order:
    """The approved order about the pair."""
    return approve(submitted(people, pair), people)


@pytest.fixture
def roadmap(school: Organisation, people: SimpleNamespace) -> Roadmap:
    roadmap = make_roadmap(school)
    make_item(make_stage(roadmap), responsible="Куратор", responsible_user=people.teacher)
    return in_force(roadmap, people)
