"""The order that approves programmes: what forbids it, what it says, what it changes, what its cancellation ends."""

from __future__ import annotations

from typing import Any

import pytest

from core.documents.blocks import plain_text
from core.transitions import Refused
from mentorship.models import Programme
from mentorship.services.programme_corrections import amend_programme
from mentorship.services.programme_review import approve_programme, return_programme, submit_programme
from orders.documents import order_blocks
from orders.kinds import kind_of
from orders.models import Order
from orders.services import change_params, delete_draft, draft_order, submit_order
from tests.mentorship.appointing import cancelled
from tests.mentorship.builders import approve, day
from tests.mentorship.builders import params as pair_params
from tests.mentorship.programmes.builders import agree_everybody, drafted, line, reviewed

KIND = kind_of("programmes")


def params(*programmes: Programme) -> dict[str, Any]:
    values = {**pair_params(), "title": "Об утверждении программ", "programmes": [one.pk for one in programmes]}
    del values["pairs"]
    return values


def draft(people, *programmes: Programme) -> Order:
    organisation = programmes[0].organisation
    return draft_order(organisation=organisation, kind="programmes", params=params(*programmes), actor=people.curator)


def agreed(pair, people) -> Programme:
    programme = reviewed(pair, people)
    agree_everybody(programme, people)
    return programme


def approved_by_order(people, *programmes: Programme, number: str = "80-б") -> Order:
    order = draft(people, *programmes)
    submit_order(order=order, actor=people.curator)
    return approve(order, people, number)


def fresh(programme: Programme) -> Programme:
    return Programme.objects.get(pk=programme.pk)


def test_approved_order_brings_the_programmes_into_force(pair, group, people) -> None:
    first, second = agreed(pair, people), agreed(group, people)
    order = approved_by_order(people, first, second)
    for one in (fresh(first), fresh(second)):
        assert (one.state, one.version, one.order, one.draft_order) == ("approved", 1, order, None)
        assert one.versions.get().order == order
        assert set(one.activities.values_list("approved_due_on", flat=True)) == {day(20)}


def test_order_names_the_programmes_and_their_people(pair, people) -> None:
    order = draft(people, agreed(pair, people))
    text = " ".join(plain_text(order_blocks(order)).split())
    shown = [
        "наставник — Верескова Алла Петровна, наставляемый — Ольхин Борис Викторович; срок — с",
        "Верескова Алла Петровна, учитель математики",
    ]
    assert [words for words in shown if words in text] == shown


def test_corrected_version_is_approved_by_an_order_too(pair, people) -> None:
    programme = agreed(pair, people)
    approved_by_order(people, programme)
    amend_programme(programme=programme, reason="сроки", actor=people.curator)
    line(programme, people, "Новое")
    submit_programme(programme=programme, actor=people.curator)
    agree_everybody(programme, people)
    order = approved_by_order(people, programme, number="81-б")
    assert "редакция 2" in order.clauses.filter(fact__startswith="programme.").get().text
    assert (fresh(programme).version, fresh(programme).versions.first().order) == (2, order)


def test_programme_without_every_mark_stops_the_order(pair, people) -> None:
    programme = reviewed(pair, people)
    order = draft(people, programme)
    with pytest.raises(Refused, match="Нет отметки о согласовании"):
        submit_order(order=order, actor=people.curator)
    agree_everybody(programme, people)
    submit_order(order=order, actor=people.curator)


def test_programme_held_by_a_draft_is_not_approved_in_the_portal(pair, people) -> None:
    programme = agreed(pair, people)
    order = draft(people, programme)
    with pytest.raises(Refused, match="Программу утверждает приказ"):
        approve_programme(programme=programme, actor=people.director)
    delete_draft(order=order, actor=people.curator)
    approve_programme(programme=programme, actor=people.director)


def test_programme_stands_in_one_order_at_a_time(pair, group, people) -> None:
    first, second = agreed(pair, people), agreed(group, people)
    order = draft(people, first)
    with pytest.raises(Refused, match="уже держит другой приказ"):
        draft(people, first)
    change_params(order=order, params=params(second), version=order.version, actor=people.curator)
    assert (fresh(first).draft_order, fresh(second).draft_order) == (None, order)


def test_draft_is_not_taken_into_an_order(pair, people) -> None:
    with pytest.raises(Refused, match="не на согласовании"):
        draft(people, drafted(pair, people))


def test_programme_returned_meanwhile_stops_the_approval(pair, people) -> None:
    programme = agreed(pair, people)
    order = draft(people, programme)
    submit_order(order=order, actor=people.curator)
    return_programme(programme=programme, remark="Подождите", actor=people.curator)
    assert [words for words in KIND.obstacles(order) if "Уберите эту программу" in words] != []
    submit_programme(programme=programme, actor=people.curator)
    agree_everybody(programme, people)
    order.refresh_from_db()
    assert [words for words in KIND.obstacles(order) if "ещё раз" in words] != []
    with pytest.raises(Refused):
        approve(order, people)


def test_cancelled_order_completes_what_it_brought(pair, people) -> None:
    programme = agreed(pair, people)
    order = approved_by_order(people, programme)
    cancelled(people, order)
    assert fresh(programme).state == "completed"


def test_redacted_facts_name_nobody(pair, people) -> None:
    order = draft(people, agreed(pair, people))
    said = str(KIND.redact(order.facts, frozenset()))
    assert [name for name in ("Вересков", "Ольхин") if name in said] == []
    assert "Вересков" in str(KIND.redact(order.facts, frozenset({pair.mentor_id})))
