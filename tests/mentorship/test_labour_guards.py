"""Addenda and notices are kept by the database itself: only their end is written, once."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from mentorship.models import Addendum, Notice, Pair
from tests.mentorship.builders import day
from tests.mentorship.labour import addendum, at_work, notice
from tests.mentorship.test_constraints import without_trigger

ENDS = {
    "addendum": ({"ended_on": day(0), "end_reason": "заявление"}, {"number": "7"}),
    "notice": ({"revoked_on": day(0), "revoke_reason": "передумал"}, {"ends_on": day(90)}),
}


@pytest.fixture(params=list(ENDS))
def paper(request, pair: Pair, people) -> Any:
    return {"addendum": addendum, "notice": notice}[request.param](at_work(pair, people).mentor, people)


def rows_of(paper: Addendum | Notice) -> Any:
    return type(paper)._default_manager.filter(pk=paper.pk)


def words_of(paper: Addendum | Notice) -> tuple[dict[str, Any], dict[str, Any]]:
    return ENDS[paper._meta.model_name or ""]


def refused(paper: Addendum | Notice) -> Any:
    return pytest.raises(IntegrityError, match=f"a recorded {paper._meta.model_name} is never changed or deleted")


def test_paper_is_ended_once_and_nothing_else_is_written(paper) -> None:
    end, change = words_of(paper)
    with refused(paper), transaction.atomic():
        rows_of(paper).update(**end, **change)
    rows_of(paper).update(**end)
    for again in (change, dict.fromkeys(end), {name: day(-1) for name in end if name.endswith("_on")}):
        with refused(paper), transaction.atomic():
            rows_of(paper).update(**again)
    assert rows_of(paper).values(*end).get() == end


def test_paper_is_not_deleted(paper) -> None:
    with refused(paper), transaction.atomic():
        paper.delete()
    assert rows_of(paper).count() == 1


def test_paper_follows_its_person_to_another_card(paper, mentee) -> None:
    rows_of(paper).update(participant=mentee)
    assert rows_of(paper).get().participant == mentee


def test_paper_is_changed_and_deleted_without_the_trigger(paper) -> None:
    name = paper._meta.model_name
    with without_trigger(f"mentorship_{name}", f"{name}_is_kept"):
        assert rows_of(paper).update(**words_of(paper)[1]) == 1
        paper.delete()
