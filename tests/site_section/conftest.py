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
from tests.mentorship.builders import approve, card, day, form_pair, submitted
from tests.roadmap import builders

PAGES = (
    "section_home",
    "section_mentors",
    "section_pairs",
    "section_programmes",
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
def roadmap(school: Organisation, people: SimpleNamespace) -> Roadmap:
    """A roadmap in force with the Положение, by the order № 70-б."""
    roadmap = builders.make_roadmap(school)
    builders.make_item(builders.make_stage(roadmap), responsible="Куратор", responsible_user=people.teacher)
    order = builders.submitted(people, builders.make_act(school), roadmap)
    builders.approve(order, people, "70-б", day(-30))
    return Roadmap.objects.get(pk=roadmap.pk)


@pytest.fixture
def pair(roadmap: Roadmap, school: Organisation, people: SimpleNamespace, reference: None) -> Pair:
    """A pair that is still being formed; nobody has agreed to be shown."""
    mentor = card(school, "Верескова Алла Петровна", "учитель математики", phone="+7 900", email="secret@example.org")
    return form_pair(mentor, [card(school, "Ольхин Борис Викторович")], people.curator)


@pytest.fixture
def order(pair: Pair, people: SimpleNamespace) -> Order:
    """The order № 71-б that has brought the pair into force."""
    return approve(submitted(people, pair), people)
