"""The order about an act, from its facts to its paper: the stamp, the marks, the file, the edition it replaces."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.base import ContentFile

from core.documents.blocks import plain_text
from core.transitions import Refused
from orders import public
from orders.documents import order_blocks
from orders.models import ActMark, Letterhead, LocalAct, Order
from orders.services import approve_order, draft_order, submit_order
from orders.services.act_terms import bring_into_force
from orders.services.drafting import is_outdated
from roadmap import order_kinds
from tests.data.uploads.plain import PDF
from tests.mentorship.builders import day
from tests.roadmap.builders import approve, draft, make_act, params, ready, submitted

UNION = "Председатель профкома"


def mark(act: LocalAct, people: Any, **more: Any) -> ActMark:
    words = {"title": UNION, "name": "Юн Инна Олеговна", "given_on": day(-3), **more}
    return ActMark.objects.create(act=act, recorded_by=people.curator, **words)


def text_of(order: Order) -> str:
    return plain_text(order_blocks(order))


def file_act(school, **more: Any) -> LocalAct:
    act = LocalAct(organisation=school, title="Программа", file_name="Программа.pdf", sha256="ab" * 32, **more)
    act.file.save("a.pdf", ContentFile(PDF))
    return act


# --- The paper --------------------------------------------------------------------------------------------------------
def test_appendix_has_the_stamp_and_the_marks(school, people) -> None:
    act = make_act(school)
    mark(act, people)
    order = approve(submitted(people, act, ready(school)), people)
    text = text_of(order)
    stamp = f"СОГЛАСОВАНО\n{UNION}\nИ. О. Юн\n{day(-3):%d.%m.%Y}\nПриложение 1\nУТВЕРЖДЕНО\nприказом {school.name}\n"
    assert stamp.replace("\u00a0", " ") + order.requisites in text
    assert f"Приложение 2\nУТВЕРЖДЕНА\nприказом {school.name}\n{order.requisites}".replace("\u00a0", " ") in text


def test_stamp_is_in_the_style_of_the_letterhead_of_that_day(school, people) -> None:
    letterhead = Letterhead.objects.create(organisation=school, stamp="head")
    order = approve(submitted(people, make_act(school)), people)
    before = text_of(order)
    assert f"УТВЕРЖДАЮ\nДиректор {school.name}".replace("\u00a0", " ") in before
    letterhead.stamp = "order"
    letterhead.save()
    assert text_of(order) == before


def test_act_that_is_a_file_is_attached(school, people) -> None:
    order = approve(submitted(people, file_act(school)), people)
    text = text_of(order)
    assert (
        "Текст документа приложен отдельным файлом «Программа.pdf»." in text,
        "ab" * 32 in text.replace("\n", ""),
    ) == (
        True,
        True,
    )


def test_order_names_the_edition_that_loses_force(school, people) -> None:
    first = approve(submitted(people, make_act(school, "Прежнее")), people, "1", on=day(-2))
    order = draft(people, make_act(school, "Новое"), effective_on=day(30).isoformat())
    words = order.facts["effective_words"]
    assert order.clauses.get(fact="replaced").text == (
        f"Признать утратившей силу с {words} прежнюю редакцию документа: Прежнее (приказ {first.requisites})."
    )


def test_first_edition_replaces_nothing(school, people) -> None:
    assert not draft(people, make_act(school)).clauses.filter(fact="replaced").exists()


# --- Frozen while the head reads --------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", ["mark", "file", "earlier"])
def test_what_changes_after_the_submission_stops_the_approval(school, people, change: str) -> None:
    act = file_act(school) if change == "file" else make_act(school)
    order = submitted(people, act)
    if change == "mark":
        mark(act, people)
    elif change == "file":
        LocalAct.objects.update(sha256="cd" * 32)
    else:
        other = approve_other(school, people)
        assert other.state == "approved"
    with pytest.raises(Refused, match="текст изменился после передачи приказа"):
        approve(order, people, "9")
    assert LocalAct.objects.get(pk=act.pk).state == "draft"


def approve_other(school, people) -> Order:
    """Another act of the kind has come into force meanwhile, since yesterday."""
    other = make_act(school, "Другое")
    order = submitted(people, other)
    approve_order(order=order, number="2", date=day(-1), actor=people.director)
    return order


def test_draft_follows_the_marks_and_the_letterhead(school, people) -> None:
    act = make_act(school)
    order = draft(people, act)
    assert not is_outdated(order)
    mark(act, people)
    assert is_outdated(order)


# --- Cancelled --------------------------------------------------------------------------------------------------------
def test_cancelling_the_order_of_a_future_edition_returns_the_first(school, people) -> None:
    approve(submitted(people, make_act(school, "Прежнее")), people, "1", on=day(-2))
    future = submitted(people, make_act(school, "Новое"), effective_on=day(30).isoformat())
    approve(future, people, "2", on=day(-1))
    assert order_kinds.closing(future, day(0))[:2] == ["Не вступит в силу: Новое.", "Продолжит действовать: Прежнее."]
    words = {**params(None, None), "target": future.pk, "reason": "в связи с ошибкой"}
    order = draft_order(organisation=school, kind="cancellation", params=words, actor=people.curator)
    submit_order(order=order, actor=people.curator)
    approve(order, people, "3")
    rows = LocalAct.objects.order_by("pk").values_list("title", "state", "in_force_until")
    assert list(rows) == [("Прежнее", "in_force", None), ("Новое", "superseded", None)]


# --- The public -------------------------------------------------------------------------------------------------------
def test_names_of_marks_are_not_published(school, people) -> None:
    act = make_act(school)
    mark(act, people)
    order = approve(submitted(people, act), people)
    document = public.document(school.pk, order.pk, frozenset())
    text = plain_text(document.blocks).replace("\u00a0", " ")
    assert ("Юн" in text_of(order), "Юн" in text, f"СОГЛАСОВАНО\n{UNION}" in text) == (True, False, True)


def test_service_is_called_with_the_first_day_of_the_order(school, people) -> None:
    act = make_act(school)
    order = draft(people, act, effective_on=day(7).isoformat())
    act.refresh_from_db()
    assert order_kinds.first_day(order) == day(7)
    bring_into_force(act=act, order=order, first_day=order_kinds.first_day(order), actor=people.director)
    assert LocalAct.objects.get().in_force_from == day(7)
