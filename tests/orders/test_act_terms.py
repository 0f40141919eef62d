"""One act of a kind is in force on any day: dated superseding, what the database keeps, what a cancellation returns."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction

from accounts.models import Organisation
from accounts.permissions import Forbidden
from core.models import JournalEntry
from orders.models import LocalAct, Order, OrderLink
from orders.services.act_terms import beginning_words, bring_into_force, end_acts, ending_words
from tests.mentorship.builders import approved_order, day


@pytest.fixture
def approve(school: Organisation, people: SimpleNamespace) -> Any:
    """Approve an act from a day (offset); gives the act."""

    def make(title: str, offset: int, kind: str = "regulation") -> LocalAct:
        order = approved_order(school, people, f"{title}-{LocalAct.objects.count()}")
        act = LocalAct.objects.create(organisation=school, title=title, text="1. Общее", kind=kind, order=order)
        bring_into_force(act=act, order=order, first_day=day(offset), actor=people.director)
        act.refresh_from_db()
        return act

    return make


def line() -> list[tuple[str, str, dt.date | None, dt.date | None]]:
    """Every act: title, stored state, first and last day."""
    rows = LocalAct.objects.order_by("pk").values_list("title", "state", "in_force_from", "in_force_until")
    return list(rows)


def in_force(offset: int) -> list[str]:
    return list(LocalAct.objects.in_force(day(offset)).values_list("title", flat=True))


# --- Superseding by the day -------------------------------------------------------------------------------------------
def test_earlier_act_stays_in_force_until_the_day_before(approve) -> None:
    approve("Первое", -100)
    second = approve("Второе", 30)
    assert line() == [
        ("Первое", "in_force", day(-100), day(29)),
        ("Второе", "in_force", day(30), None),
    ]
    assert [in_force(offset) for offset in (-101, -100, 0, 29, 30)] == [
        [],
        ["Первое"],
        ["Первое"],
        ["Первое"],
        ["Второе"],
    ]
    assert second.replaces == LocalAct.objects.get(title="Первое")


def test_standing_follows_the_calendar_without_a_change_of_the_rows(approve) -> None:
    first, second = approve("Первое", -100), approve("Второе", 30)
    first.refresh_from_db()
    assert (first.standing, second.standing) == (
        (f"действует по {day(29):%d.%m.%Y}", "ok"),
        (f"вступит в силу {day(30):%d.%m.%Y}", "go"),
    )
    with time_machine.travel(dt.datetime.combine(day(30), dt.time(12), tzinfo=dt.UTC)):
        assert (first.standing, second.standing) == (("утратил силу", ""), ("действует", "ok"))
    assert LocalAct(title="Проект").standing == ("проект", "wait")


def test_history_tells_the_last_day(approve) -> None:
    first = approve("Первое", -100)
    approve("Второе", 30)
    entry = JournalEntry.objects.about(first)[0]
    last = f"{day(29):%d.%m.%Y}"
    assert (entry.text, entry.changes) == (
        f"Действует по {last}: «Первое».",
        [{"field": "Действует по", "old": "—", "new": last}],
    )


def test_act_that_begins_the_same_day_gives_way_at_once(approve) -> None:
    approve("Ошибка", 0)
    approve("Исправлено", 0)
    assert [(title, state) for title, state, *_ in line()] == [("Ошибка", "superseded"), ("Исправлено", "in_force")]
    assert in_force(0) == ["Исправлено"]


def test_act_between_two_ends_before_the_later_one(approve) -> None:
    approve("Первое", -100)
    approve("Осеннее", 60)
    approve("Летнее", 10)
    assert line() == [
        ("Первое", "in_force", day(-100), day(9)),
        ("Осеннее", "in_force", day(60), None),
        ("Летнее", "in_force", day(10), day(59)),
    ]


def test_other_kinds_and_other_schools_are_left_alone(approve, other_school, people) -> None:
    foreign = LocalAct.objects.create(
        organisation=other_school,
        title="Чужое",
        text="1.",
        state="in_force",
        order=approved_order(other_school, people),
        in_force_from=day(-50),
    )
    approve("Совет", -100, "council")
    approve("Положение", -10)
    assert [(title, last) for title, _, _, last in line()] == [("Чужое", None), ("Совет", None), ("Положение", None)]
    assert foreign.standing == ("действует", "ok")


# --- What the database keeps ------------------------------------------------------------------------------------------
def overlap(rows: Any, **values: Any) -> int:
    with transaction.atomic():
        return rows.update(**values)


def without(name: str, rows: Any, **values: Any) -> int:
    """How many rows the same update changes when the constraint is gone (rolled back)."""
    constraint = next(one for one in LocalAct._meta.constraints if one.name == name)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.schema_editor() as editor:
            editor.remove_constraint(LocalAct, constraint)
        changed = rows.update(**values)
        transaction.set_rollback(True)
    return changed


@pytest.mark.parametrize("offset", [-100, -50, 29])
def test_no_day_has_two_acts_of_a_kind(approve, school, people, offset: int) -> None:
    approve("Первое", -100)
    approve("Второе", 30)
    order = approved_order(school, people, "9")
    other = LocalAct.objects.create(organisation=school, title="Лишнее", text="1.", order=order)
    rows = LocalAct.objects.filter(pk=other.pk)
    values = {"state": "in_force", "in_force_from": day(offset), "in_force_until": day(offset)}
    with pytest.raises(IntegrityError, match="local_act_one_in_force"):
        overlap(rows, **values)
    assert without("local_act_one_in_force", rows, **values) == 1
    assert overlap(rows, **{**values, "in_force_from": day(-102), "in_force_until": day(-101)}) == 1


def test_act_does_not_end_before_it_begins(approve) -> None:
    approve("Первое", 0)
    values = {"in_force_until": day(-1)}
    with pytest.raises(IntegrityError):
        overlap(LocalAct.objects.all(), **values)


def test_draft_is_a_text_or_a_file(school) -> None:
    LocalAct.objects.create(organisation=school, title="Оба", text="1.")
    with pytest.raises(IntegrityError, match="local_act_text_or_file"):
        overlap(LocalAct.objects.all(), file="a.pdf")
    assert without("local_act_text_or_file", LocalAct.objects.all(), file="a.pdf") == 1


def test_one_next_edition_is_begun(approve, school) -> None:
    first = approve("Первое", -100)
    drafts = [LocalAct.objects.create(organisation=school, title=title, text="1.") for title in ("А", "Б")]
    rows = LocalAct.objects.filter(pk__in=[one.pk for one in drafts])
    with pytest.raises(IntegrityError, match="local_act_one_next_edition"):
        overlap(rows, replaces=first)
    assert without("local_act_one_next_edition", rows, replaces=first) == 2


# --- Cancelled orders -------------------------------------------------------------------------------------------------
def cancelled(act: LocalAct, since: int, people: SimpleNamespace) -> None:
    assert act.order is not None
    end_acts(order=act.order, since=day(since), actor=people.director)


def test_cancelled_before_its_day_returns_the_earlier_one(approve, people) -> None:
    approve("Первое", -100)
    second = approve("Второе", 30)
    assert ending_words(second.order, day(0)) == ["Не вступит в силу: Второе.", "Продолжит действовать: Первое."]
    cancelled(second, 0, people)
    assert line() == [("Первое", "in_force", day(-100), None), ("Второе", "superseded", day(30), None)]
    assert LocalAct.objects.get(title="Второе").standing == ("утратил силу", "")


def test_cancelled_later_ends_and_returns_nothing(approve, people) -> None:
    approve("Первое", -100)
    second = approve("Второе", -10)
    assert ending_words(second.order, day(5)) == [
        "Утратит силу: Второе. Если нужен другой, утвердите его приказом.",
    ]
    cancelled(second, 5, people)
    assert line() == [("Первое", "in_force", day(-100), day(-11)), ("Второе", "in_force", day(-10), day(4))]
    assert [in_force(offset) for offset in (4, 5)] == [["Второе"], []]


def test_earlier_one_whose_order_is_cancelled_too_stays_ended(approve, people, school) -> None:
    first, second = approve("Первое", -100), approve("Второе", 30)
    cancelling: Order = approved_order(school, people, "отмена")
    OrderLink.objects.create(order=cancelling, target=first.order, relation=OrderLink.Relation.CANCELS)
    cancelled(second, 0, people)
    assert line()[0] == ("Первое", "in_force", day(-100), day(29))


def test_middle_one_cancelled_gives_its_days_back(approve, people) -> None:
    approve("Первое", -100)
    approve("Осеннее", 60)
    summer = approve("Летнее", 10)
    cancelled(summer, 0, people)
    assert line()[0] == ("Первое", "in_force", day(-100), day(59))


def test_cancelling_an_act_that_has_given_way_changes_nothing(approve, people) -> None:
    first = approve("Первое", -100)
    approve("Второе", -10)
    before = line()
    cancelled(first, 0, people)
    assert (line(), ending_words(first.order, day(0))) == (before, [])


def test_only_the_head_ends_acts(approve, people) -> None:
    act = approve("Первое", -100)
    with pytest.raises(Forbidden):
        end_acts(order=act.order, since=day(0), actor=people.curator)
    assert line() == [("Первое", "in_force", day(-100), None)]


def test_words_for_whoever_approves(approve, school) -> None:
    approve("Первое", -100)
    approve("Осеннее", 60)
    draft = LocalAct(organisation=school, title="Летнее")
    assert beginning_words(draft, day(10), day(0)) == [
        f"Вступит в силу с {day(10):%d.%m.%Y}: Летнее.",
        f"Утратит силу прежняя редакция: Первое. Последний день: {day(9):%d.%m.%Y}.",
        f"С {day(60):%d.%m.%Y} уступит место уже утверждённому: Осеннее.",
    ]
    assert beginning_words(draft, day(60), day(0))[-1] == "Не вступит в силу: Осеннее."
