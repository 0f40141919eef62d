"""A draft of the first school with one stage and one item, and the same in force."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from accounts.models import Organisation
from roadmap.models import Item, Roadmap, Stage
from tests.roadmap.builders import in_force, make_item, make_roadmap, make_stage


@pytest.fixture
def roadmap(school: Organisation) -> Roadmap:
    return make_roadmap(school)


@pytest.fixture
def stage(roadmap: Roadmap) -> Stage:
    return make_stage(roadmap, result="Приказ и план")


@pytest.fixture
def item(stage: Stage, people: SimpleNamespace) -> Item:
    return make_item(stage, responsible="Куратор", responsible_user=people.teacher)


@pytest.fixture
def approved(roadmap: Roadmap, item: Item, people: SimpleNamespace) -> Roadmap:
    """The roadmap in force; `item` is its only item."""
    return in_force(roadmap, people)
