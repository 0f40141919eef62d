"""Writing a roadmap, copying last year's, marking what is done."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from unittest import mock

import pytest

from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from orders.models import Order
from roadmap import services
from roadmap.forms import ItemForm, RoadmapForm, StageForm
from roadmap.models import Item, Roadmap, RoadmapState, Stage
from roadmap.services import LOCKED, add_item, add_stage, change_part, create_roadmap, mark_item, remove
from tests.mentorship.builders import day
from tests.roadmap.builders import draft, in_force, make_item, make_roadmap, make_stage, submitted

PERIOD = {"starts_on": dt.date(2026, 9, 1), "ends_on": dt.date(2027, 8, 31)}


def start(school, actor, *, like: Roadmap | None = None, **more) -> Roadmap:
    return create_roadmap(organisation=school, actor=actor, **{"title": "Новая", **PERIOD, "like": like, **more})


def last_entry() -> JournalEntry:
    return JournalEntry.objects.latest("pk")


# --- Starting and copying ---------------------------------------------------------------------------------------------
def test_new_roadmap_is_an_empty_draft(school, people) -> None:
    roadmap = start(school, people.curator)
    assert (roadmap.state, roadmap.order, roadmap.stages.count()) == (RoadmapState.DRAFT, None, 0)
    entry = JournalEntry.objects.about(roadmap).get()
    assert (entry.text, entry.actor, entry.scope) == ("Начата дорожная карта «Новая».", people.curator, school.pk)


@pytest.mark.parametrize("who", ["director", "teacher", "inspector", "stranger", "admin"])
def test_only_the_curator_of_the_school_writes(school, people, who: str, journal_count) -> None:
    with pytest.raises(Forbidden):
        start(school, getattr(people, who))
    assert (Roadmap.objects.count(), journal_count()) == (0, 0)


def test_copy_takes_the_text_and_leaves_the_marks(school, people) -> None:
    source = make_roadmap(school, "Прошлая")
    Roadmap.objects.filter(pk=source.pk).update(starts_on=dt.date(2025, 9, 1), ends_on=dt.date(2026, 8, 31))
    first, second = make_stage(source, "Первый", "Готово"), make_stage(source, "Второй")
    dates = {"starts_on": dt.date(2025, 9, 5), "due_on": dt.date(2026, 5, 31)}
    item = make_item(first, "Опрос", responsible="Куратор", responsible_user=people.teacher, term="май 2026 г.")
    Item.objects.filter(pk=item.pk).update(**dates, done_on=dt.date(2026, 5, 1), done_note="протокол № 3")
    make_item(second, "Помощь", due=None, term="по запросу")
    source.refresh_from_db()
    copy = start(school, people.curator, like=source)
    copied = Item.objects.filter(stage__roadmap=copy)
    assert list(copy.stages.values_list("title", "result", "position")) == [("Первый", "Готово", 1), ("Второй", "", 2)]
    assert list(
        copied.values_list("text", "term", "starts_on", "due_on", "responsible", "responsible_user", "done_on")
    ) == [
        ("Опрос", "", dt.date(2026, 9, 5), dt.date(2027, 5, 31), "Куратор", people.teacher.pk, None),
        ("Помощь", "по запросу", None, None, "", None, None),
    ]
    assert list(copied.values_list("done_note", "position")) == [("", 1), ("", 1)]
    assert Item.objects.filter(stage__roadmap=source, done_note="протокол № 3").count() == 1


@pytest.mark.parametrize(
    ("source", "target", "before", "after"),
    [
        ((2023, 9, 1), (2024, 9, 1), (2024, 2, 29), (2025, 2, 28)),
        ((2023, 9, 1), (2027, 9, 1), (2024, 2, 29), (2028, 2, 29)),
        ((2025, 9, 1), (2026, 9, 1), (2025, 9, 1), (2026, 9, 1)),
        # The beginnings stand in 2026 and 2028, but they are a year apart.
        ((2026, 12, 28), (2028, 1, 10), (2027, 3, 1), (2028, 3, 1)),
        ((2026, 1, 12), (2026, 9, 1), (2026, 3, 2), (2027, 3, 2)),
        ((2026, 9, 1), (2026, 9, 1), (2026, 12, 1), (2026, 12, 1)),
        ((2026, 9, 1), (2025, 9, 1), (2027, 1, 15), (2026, 1, 15)),
    ],
)
def test_copy_shifts_by_whole_years(school, people, source, target, before, after) -> None:
    old = make_roadmap(school)
    Roadmap.objects.update(starts_on=dt.date(*source), ends_on=dt.date(2030, 1, 1))
    make_item(make_stage(old), starts_on=dt.date(*before), due=None)
    Item.objects.update(due_on=dt.date(*before))
    old.refresh_from_db()
    new = start(school, people.curator, like=old, starts_on=dt.date(*target), ends_on=dt.date(2031, 1, 1))
    assert Item.objects.filter(stage__roadmap=new).values_list("starts_on", "due_on").get() == (dt.date(*after),) * 2


def test_copy_of_another_school_is_refused(school, other_school, people) -> None:
    foreign = make_roadmap(other_school)
    with pytest.raises(Refused, match="своей организации"):
        start(school, people.curator, like=foreign)
    assert list(Roadmap.objects.all()) == [foreign]


# --- Editing a draft --------------------------------------------------------------------------------------------------
def test_stages_and_items_go_to_the_end(roadmap: Roadmap, people) -> None:
    first = add_stage(roadmap=roadmap, stage=Stage(title="Первый"), actor=people.curator)
    add_stage(roadmap=roadmap, stage=Stage(title="Второй"), actor=people.curator)
    assert last_entry().text == "Добавлен этап «Второй»."
    add_item(stage=first, item=Item(text="а"), actor=people.curator)
    gone = add_item(stage=first, item=Item(text="б"), actor=people.curator)
    assert last_entry().text == "Добавлен пункт «б»."
    remove(part=gone, actor=people.curator)
    assert last_entry().text == "Удалён пункт «б»."
    add_item(stage=first, item=Item(text="в"), actor=people.curator)
    assert list(roadmap.stages.values_list("title", "position")) == [("Первый", 1), ("Второй", 2)]
    assert list(first.items.values_list("text", "position")) == [("а", 1), ("в", 2)]
    remove(part=first, actor=people.curator)
    assert (last_entry().text, Item.objects.count()) == ("Удалён этап «Первый».", 0)
    assert {entry.subject_text for entry in JournalEntry.objects.all()} == {"Карта года"}


def edit(form: StageForm | ItemForm | RoadmapForm, roadmap: Roadmap, people) -> None:
    assert form.is_valid(), form.errors
    change_part(roadmap=roadmap, form=form, event="roadmap.roadmap.change", text="Изменено.", actor=people.curator)


def new_title(roadmap: Roadmap, people) -> None:
    data = {"title": "Иначе", "starts_on": roadmap.starts_on, "ends_on": roadmap.ends_on}
    edit(RoadmapForm(data, instance=roadmap, organisation=roadmap.organisation), roadmap, people)


def new_stage_title(roadmap: Roadmap, people) -> None:
    edit(StageForm({"title": "Иначе"}, instance=roadmap.stages.get()), roadmap, people)


def new_item_text(roadmap: Roadmap, people) -> None:
    edit(ItemForm({"text": "Иначе"}, instance=Item.objects.get(), roadmap=roadmap), roadmap, people)


def one_more_stage(roadmap: Roadmap, people) -> None:
    add_stage(roadmap=roadmap, stage=Stage(title="Ещё"), actor=people.curator)


def one_more_item(roadmap: Roadmap, people) -> None:
    add_item(stage=roadmap.stages.get(), item=Item(text="Ещё"), actor=people.curator)


def no_item(roadmap: Roadmap, people) -> None:
    remove(part=Item.objects.get(), actor=people.curator)


def no_stage(roadmap: Roadmap, people) -> None:
    remove(part=roadmap.stages.get(), actor=people.curator)


EDITS = [new_title, new_stage_title, new_item_text, one_more_stage, one_more_item, no_item, no_stage]


def text_of(roadmap: Roadmap) -> list:
    rows = Stage.objects.filter(roadmap=roadmap)
    return [Roadmap.objects.get(pk=roadmap.pk).title, *rows.values_list("title", "items__text")]


@pytest.mark.parametrize("edit_one", EDITS)
def test_draft_changes_with_one_entry(roadmap, item, people, journal_count, edit_one: Callable) -> None:
    before, entries = text_of(roadmap), journal_count()
    edit_one(roadmap, people)
    assert (text_of(roadmap) == before, journal_count()) == (False, entries + 1)


@pytest.mark.parametrize("edit_one", EDITS)
def test_draft_in_a_draft_of_an_order_still_changes(roadmap, item, people, edit_one: Callable) -> None:
    draft(people, roadmap=roadmap)
    before = text_of(roadmap)
    edit_one(roadmap, people)
    assert text_of(roadmap) != before


def taken_by_submission(roadmap: Roadmap, people) -> None:
    submitted(people, roadmap=roadmap)


def taken_by_approval(roadmap: Roadmap, people) -> None:
    in_force(Roadmap.objects.get(pk=roadmap.pk), people)


def taken_by_replacement(roadmap: Roadmap, people) -> None:
    in_force(Roadmap.objects.get(pk=roadmap.pk), people, RoadmapState.REPLACED)


@pytest.mark.parametrize("taken", [taken_by_submission, taken_by_approval, taken_by_replacement])
@pytest.mark.parametrize("edit_one", EDITS)
def test_page_opened_before_the_order_changes_nothing(roadmap, item, people, edit_one: Callable, taken) -> None:
    """`roadmap` still believes to be a free draft."""
    taken(roadmap, people)
    before = text_of(roadmap)
    with pytest.raises(Refused) as refusal:
        edit_one(roadmap, people)
    assert (refusal.value.obstacles, text_of(roadmap)) == ([LOCKED], before)


def test_without_the_second_look_a_stale_page_undoes_the_approval(roadmap, item, people) -> None:
    taken_by_approval(roadmap, people)
    with mock.patch.object(services, "refuse_locked"):
        new_title(roadmap, people)
    assert Roadmap.objects.values_list("title", "state", "order").get() == ("Иначе", RoadmapState.DRAFT, None)


def test_stale_page_keeps_the_order_that_holds_the_draft(roadmap, item, people) -> None:
    order = draft(people, roadmap=Roadmap.objects.get())
    assert roadmap.order is None
    new_title(roadmap, people)
    assert Roadmap.objects.get().order == order


@pytest.mark.parametrize("edit_one", EDITS)
@pytest.mark.parametrize("who", ["director", "teacher", "stranger"])
def test_others_edit_nothing(roadmap, item, people, who: str, edit_one: Callable) -> None:
    people.curator, before = getattr(people, who), text_of(roadmap)
    with pytest.raises(Forbidden):
        edit_one(roadmap, people)
    assert text_of(roadmap) == before


# --- Marks ------------------------------------------------------------------------------------------------------------
def mark(item: Item, actor, done: int | None = 0, note: str = "") -> None:
    mark_item(item=item, done_on=None if done is None else day(done), done_note=note, actor=actor)


def marks(item: Item) -> tuple:
    return Item.objects.values_list("done_on", "done_note").get(pk=item.pk)


@pytest.mark.parametrize("who", ["curator", "teacher"])
def test_item_is_marked_corrected_and_unmarked(approved, item, people, who: str) -> None:
    actor = getattr(people, who)
    mark(item, actor, -1, "протокол № 3")
    assert marks(item) == (day(-1), "протокол № 3")
    entry = last_entry()
    assert (entry.text, entry.subject_text) == ("Пункт «Провести опрос» отмечен как выполненный.", "Карта года")
    assert entry.changes == [
        {"field": "Выполнено", "old": "—", "new": f"{day(-1):%d.%m.%Y}"},
        {"field": "Чем подтверждено", "old": "—", "new": "протокол № 3"},
    ]
    mark(item, actor, -1, "протокол № 4")
    assert last_entry().changes == [{"field": "Чем подтверждено", "old": "протокол № 3", "new": "протокол № 4"}]
    mark(item, actor, None)
    assert (marks(item), last_entry().text) == ((None, ""), "С пункта «Провести опрос» снята отметка о выполнении.")


def test_nothing_new_writes_no_history(approved, item, people, journal_count) -> None:
    mark(item, people.curator, None)
    assert journal_count() == 0
    mark(item, people.curator, 0, "да")
    mark(item, people.curator, 0, "да")
    assert journal_count() == 1


def test_tomorrow_and_ancient_days_are_refused(approved, item, people) -> None:
    with pytest.raises(Refused, match="День выполнения ещё не наступил"):
        mark(item, people.curator, 1)
    with pytest.raises(Refused, match="раньше 2000 года"):
        mark_item(item=item, done_on=dt.date(1999, 12, 31), done_note="", actor=people.curator)
    assert marks(item) == (None, "")


@pytest.mark.parametrize("state", ["draft", "replaced"])
@pytest.mark.parametrize("done", [0, None])
def test_only_a_roadmap_in_force_is_marked(approved, item, people, state: str, done: int | None) -> None:
    Roadmap.objects.update(state=state)
    Item.objects.update(done_on=day(-3))
    with pytest.raises(Refused, match="в утверждённой дорожной карте"):
        mark(Item.objects.get(), people.curator, done)
    assert marks(item) == (day(-3), "")


@pytest.mark.parametrize("who", ["psychologist", "class_teacher", "inspector", "admin", "stranger", "municipal"])
def test_others_mark_nothing(approved, item, people, who: str) -> None:
    with pytest.raises(Forbidden):
        mark(item, getattr(people, who))
    assert marks(item) == (None, "")


def test_whoever_answers_marks_only_their_own_items(approved, item, stage, people) -> None:
    other = make_item(stage, "Чужой", responsible_user=people.psychologist)
    with pytest.raises(Forbidden):
        mark(other, people.teacher)
    mark(other, people.psychologist)
    assert (marks(item)[0], marks(other)[0]) == (None, day(0))


def test_whoever_has_gone_to_another_school_marks_nothing_here(approved, item, other_school, people) -> None:
    membership = people.teacher.memberships.get()
    membership.organisation = other_school
    membership.save(update_fields=["organisation"])
    with pytest.raises(Forbidden):
        mark(item, people.teacher)
    membership.organisation = approved.organisation
    membership.save(update_fields=["organisation"])
    mark(item, type(people.teacher).objects.get(pk=people.teacher.pk))
    assert marks(item)[0] == day(0)
    assert Order.objects.count() == 1
