"""What is true of a roadmap and its items on a day, and what the database keeps out."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, models, transaction

from core.transitions import Refused, move, obstacles_of
from orders.models import Order, OrderState
from roadmap.figures import stages_with_progress
from roadmap.models import Item, Roadmap, RoadmapState, Stage
from tests.mentorship.builders import approved_order, day
from tests.roadmap.builders import draft, in_force, make_item, make_roadmap, make_stage, ready, submitted


@pytest.mark.parametrize(
    ("starts", "due", "done", "word"),
    [
        (None, 0, None, "идёт"),
        (None, -1, None, "просрочено"),
        (-5, 5, None, "идёт"),
        (0, 5, None, "идёт"),
        (1, 5, None, "по плану"),
        (None, None, None, "по запросу"),
        (-5, None, None, "по запросу"),
        (-5, -1, -1, "выполнено"),
        (None, None, 0, "выполнено"),
        (3, 5, 0, "выполнено"),
    ],
)
def test_status_follows_from_the_dates(starts: int | None, due: int | None, done: int | None, word: str) -> None:
    dates = [None if offset is None else day(offset) for offset in (starts, due, done)]
    item = Item(starts_on=dates[0], due_on=dates[1], done_on=dates[2])
    assert item.status_on(day(0)) == word


def test_late_items_are_unmarked_past_and_in_force(stage: Stage, people) -> None:
    late = make_item(stage, "Опоздавший", due=-1)
    make_item(stage, "Сегодняшний", due=0)
    make_item(stage, "Выполненный", due=-1, done_on=day(-2))
    make_item(stage, "По запросу", due=None)

    def found() -> list[Item]:
        return list(Item.objects.late(day(0)))

    assert found() == []
    in_force(stage.roadmap, people)
    assert found() == [late]
    in_force(stage.roadmap, people, RoadmapState.REPLACED)
    assert found() == []


def test_items_outside_the_period_are_found(roadmap: Roadmap, stage: Stage) -> None:
    for due in (-100, 200, None):
        make_item(stage, due=due)
    strange = [make_item(stage, due=-101), make_item(stage, due=201), make_item(stage, due=None, starts_on=day(-101))]
    elsewhere = make_item(make_stage(make_roadmap(roadmap.organisation, first=300, last=400)), due=0)
    assert list(Item.objects.outside(roadmap)) == strange
    assert list(Item.objects.outside(elsewhere.stage.roadmap)) == [elsewhere]


@pytest.mark.parametrize(
    ("first", "last", "shared"),
    [(-300, -101, False), (-300, -100, True), (0, 10, True), (200, 300, True), (201, 300, False)],
)
def test_roadmaps_overlap_when_a_day_is_in_both(
    roadmap: Roadmap, other_school, people, first: int, last: int, shared: bool
) -> None:
    other = in_force(make_roadmap(roadmap.organisation, "Другая", first, last), people)
    make_roadmap(roadmap.organisation, "Черновик")
    make_roadmap(other_school, "Чужая")
    assert list(Roadmap.objects.overlapping(roadmap)) == [other] * shared
    in_force(roadmap, people)
    assert list(Roadmap.objects.overlapping(roadmap)) == [other] * shared


# --- States -----------------------------------------------------------------------------------------------------------
ALLOWED = {("draft", "approve"): "approved", ("approved", "replace"): "replaced"}


@pytest.mark.parametrize("step", list(Roadmap.TRANSITIONS))
@pytest.mark.parametrize("state", RoadmapState.values)
def test_every_step_from_every_state(roadmap: Roadmap, people, journal_count, state: str, step: str) -> None:
    in_force(roadmap, people, state)
    before = journal_count()
    if target := ALLOWED.get((state, step)):
        move(roadmap, step, actor=people.director)
        assert (Roadmap.objects.get().state, journal_count()) == (target, before + 1)
        return
    label = {"approve": "Утвердить приказом", "replace": "Заменить"}[step]
    sentence = f"Действие «{label}» недоступно: состояние — «{RoadmapState(state).label}»."
    assert obstacles_of(roadmap, step) == [sentence]
    with pytest.raises(Refused):
        move(roadmap, step, actor=people.director)
    assert (Roadmap.objects.get().state, journal_count()) == (state, before)


def test_text_is_locked_from_submission_on(school, people) -> None:
    roadmap = ready(school)
    locks = [roadmap.is_locked]
    order = draft(people, roadmap=roadmap)

    def again() -> bool:
        return Roadmap.objects.get(pk=roadmap.pk).is_locked

    locks.append(again())
    for state in (OrderState.SUBMITTED, OrderState.RETURNED):
        Order.objects.filter(pk=order.pk).update(state=state)
        locks.append(again())
    in_force(roadmap, people)
    locks.append(again())
    in_force(roadmap, people, RoadmapState.REPLACED)
    assert [*locks, again()] == [False, False, True, False, True, True]


def test_submission_through_the_service_locks_too(school, people) -> None:
    roadmap = ready(school)
    submitted(people, roadmap=roadmap)
    assert Roadmap.objects.get().is_locked is True


# --- Constraints ------------------------------------------------------------------------------------------------------
def refused_by(name: str, model: type[models.Model], **values: object) -> int:
    """The rows are refused by the constraint of this name; how many change once it is gone (rolled back)."""
    rows = model._default_manager.all()
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        rows.update(**values)
    constraint = next(one for one in model._meta.constraints if one.name == name)
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with connection.schema_editor() as editor:
            editor.remove_constraint(model, constraint)
        changed = rows.update(**values)
        transaction.set_rollback(True)
    return changed


@pytest.mark.parametrize("last", [-100, -101])
def test_roadmap_ends_after_its_beginning(roadmap: Roadmap, last: int) -> None:
    assert refused_by("roadmap_period", Roadmap, ends_on=day(last)) == 1
    assert Roadmap.objects.update(ends_on=day(-99)) == 1


@pytest.mark.parametrize("state", ["approved", "replaced"])
def test_roadmap_is_approved_by_an_order_only(roadmap: Roadmap, people, state: str) -> None:
    assert refused_by("roadmap_approved_by_order", Roadmap, state=state) == 1
    assert Roadmap.objects.update(state=state, order=approved_order(roadmap.organisation, people)) == 1


def test_term_of_an_item_is_not_before_its_beginning(item: Item) -> None:
    assert refused_by("item_period", Item, starts_on=day(5), due_on=day(4)) == 1
    assert Item.objects.update(starts_on=day(5), due_on=day(5)) == 1
    assert Item.objects.update(starts_on=day(5), due_on=None) == 1


# --- Progress ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("items", "word", "chip", "numbers"),
    [
        ([], "не начато", "", (0, 0, 0)),
        ([{"due": 10, "starts_on": day(5)}], "не начато", "", (1, 0, 0)),
        ([{"due": 10}], "идёт", "go", (1, 0, 0)),
        ([{"due": 10, "starts_on": day(5)}, {"due": -1, "done_on": day(-1)}], "идёт", "go", (2, 1, 0)),
        ([{"due": -1, "done_on": day(-1)}], "выполнено", "ok", (1, 1, 0)),
        ([{"due": -1}, {"due": -1, "done_on": day(-1)}], "1 просрочен", "late", (2, 1, 1)),
        ([{"due": -2}, {"due": -1}], "2 просрочены", "late", (2, 0, 2)),
        ([{"due": -2}] * 5, "5 просрочено", "late", (5, 0, 5)),
    ],
)
def test_stage_says_how_far_it_is(stage: Stage, items: list[dict], word: str, chip: str, numbers: tuple) -> None:
    for one in items:
        make_item(stage, **one)
    [progress] = stages_with_progress(stage.roadmap, day(0))
    assert (progress.word, progress.chip, (progress.total, progress.done, progress.late)) == (word, chip, numbers)


def test_stages_and_items_are_numbered_in_their_order(roadmap: Roadmap) -> None:
    for title in ("Первый", "Второй"):
        stage = make_stage(roadmap, title)
        make_item(stage, "а", due=3, starts_on=day(-3))
        make_item(stage, "б", due=7)
    found = stages_with_progress(roadmap, day(0))
    assert [(row.number, row.item.text) for stage in found for row in stage.rows] == [
        ("1.1", "а"),
        ("1.2", "б"),
        ("2.1", "а"),
        ("2.2", "б"),
    ]
    assert [(stage.starts_on, stage.ends_on) for stage in found] == [(day(-3), day(7))] * 2


def test_progress_costs_two_queries_whatever_the_size(roadmap: Roadmap, people, django_assert_num_queries) -> None:
    for number in (1, 3):
        while roadmap.stages.count() < number:
            make_item(make_stage(roadmap), responsible_user=people.teacher)
        with django_assert_num_queries(2):
            found = stages_with_progress(roadmap, day(0))
            assert [row.item.responsible_user.full_name for stage in found for row in stage.rows] == [
                people.teacher.full_name
            ] * number
