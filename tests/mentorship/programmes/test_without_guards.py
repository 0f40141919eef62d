"""What would happen to programmes without each guard: the counter-tests of the rules about them."""

from __future__ import annotations

import datetime as dt

import pytest

from core.transitions import Refused
from mentorship.models import Activity, Programme, programme_rules
from mentorship.services.programme_review import approve_programme, submit_programme
from tests.mentorship.programmes.builders import drafted, reviewed


def outside(programme: Programme) -> None:
    Activity.objects.filter(programme=programme).update(due_on=programme.ends_on + dt.timedelta(days=1))


def formless(programme: Programme) -> None:
    programme.forms.clear()


def beyond(programme: Programme) -> None:
    Programme.objects.filter(pk=programme.pk).update(ends_on=programme.pair.ends_on + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("guard", "spoil"),
    [("term_obstacles", beyond), ("composition_obstacles", formless), ("line_obstacles", outside)],
)
def test_br_01_22_23_without_the_guard_a_spoilt_text_is_reviewed(pair, people, monkeypatch, guard, spoil) -> None:
    programme = drafted(pair, people)
    spoil(programme)
    with pytest.raises(Refused):
        submit_programme(programme=Programme.objects.get(pk=programme.pk), actor=people.curator)
    monkeypatch.setattr(programme_rules, guard, lambda one: [])
    submit_programme(programme=Programme.objects.get(pk=programme.pk), actor=people.curator)
    assert Programme.objects.get(pk=programme.pk).state == "review"


def test_br_18_without_the_guard_nobody_has_to_agree(pair, people, monkeypatch) -> None:
    programme = reviewed(pair, people)
    with pytest.raises(Refused, match="Нет отметки о согласовании"):
        approve_programme(programme=programme, actor=people.director)
    monkeypatch.setattr(programme_rules, "missing_marks", lambda one: [])
    approve_programme(programme=Programme.objects.get(pk=programme.pk), actor=people.director)
    assert Programme.objects.get(pk=programme.pk).state == "approved"
