"""The board and the lights count from the end of a pause, and leave out the school's holidays."""

from __future__ import annotations

import pytest

from accounts.models import Term
from mentorship.models import Pair, PairPause, lights_of, with_last_meeting
from mentorship.models.board import with_place
from tests.mentorship.board import at_work, met
from tests.mentorship.builders import day


@pytest.fixture
def quiet(pair: Pair, people) -> Pair:
    """A pair that met forty days ago."""
    Pair.objects.filter(pk=pair.pk).update(starts_on=day(-60))
    met(at_work(Pair.objects.get(pk=pair.pk), people), -40, people.curator)
    return Pair.objects.get(pk=pair.pk)


def said(pair: Pair) -> tuple[str, tuple[str, str]]:
    """Its place on the board and its light."""
    place = with_place(Pair.objects.all(), day(0), pair.organisation_id).get().place
    return place, lights_of(list(with_last_meeting(Pair.objects.all())), day(0))[pair.pk]


def test_days_are_counted_from_the_end_of_a_pause(quiet: Pair) -> None:
    assert said(quiet) == ("late", ("late", "нет встреч 40 дней"))
    PairPause.objects.create(pair=quiet, starts_on=day(-30), ends_on=day(-25), reason="отпуск")
    assert said(quiet) == ("wait", ("wait", "нет встреч 25 дней"))


def test_pair_that_rests_today_is_not_late(quiet: Pair) -> None:
    PairPause.objects.create(pair=quiet, starts_on=day(-3), reason="болезнь")
    assert said(quiet) == ("ok", ("", "пауза"))


def test_pause_to_come_changes_nothing(quiet: Pair) -> None:
    PairPause.objects.create(pair=quiet, starts_on=day(1), reason="отпуск")
    assert said(quiet) == ("late", ("late", "нет встреч 40 дней"))


def test_holidays_are_left_out(quiet: Pair, school) -> None:
    values = {"organisation": school, "kind": Term.Kind.HOLIDAY, "name": "Каникулы"}
    Term.objects.create(starts_on=day(-30), ends_on=day(-11), **values)
    assert said(quiet) == ("ok", ("ok", "встречи идут"))
