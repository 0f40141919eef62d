"""What the home pages say of the roadmap, and to whom."""

from __future__ import annotations

import pytest

from accounts.attention import Entry, Figure, figures_for, queue_for, tabs_for
from accounts.models import User
from roadmap.models import Item, Roadmap, RoadmapState
from tests.mentorship.builders import day
from tests.roadmap.builders import in_force, make_item, make_roadmap, make_stage

PREFIX = "Пункт дорожной карты: "
MISSING = "Нет утверждённой дорожной карты на этот учебный год"
DONE = "пунктов дорожной карты выполнено"


def entries(user: User, school, *, on: int = 0) -> list[Entry]:
    queue = queue_for(User.objects.get(pk=user.pk), school, day(on))
    return [*queue.late, *queue.now, *queue.waiting]


def items(user: User, school) -> list[str]:
    return [one.title.removeprefix(PREFIX) for one in entries(user, school) if one.title.startswith(PREFIX)]


def figures(user: User, school, *, on: int = 0) -> list[Figure]:
    found = figures_for(User.objects.get(pk=user.pk), school, day(on))
    return [one for one in found if one.label == DONE]


def missing(user: User, school, *, on: int = 0) -> list[tuple[str, str]]:
    return [(one.url, one.chip) for one in entries(user, school, on=on) if one.title == MISSING]


def test_item_leads_to_its_mark(approved, item, school, people) -> None:
    Item.objects.update(due_on=day(3))
    [entry] = [one for one in entries(people.teacher, school) if one.title.startswith(PREFIX)]
    assert entry == Entry(
        title=f"{PREFIX}Провести опрос",
        url=f"/cabinet/roadmap/items/{item.pk}/mark/",
        detail="Куратор",
        action="Отметить",
        chip=f"до {day(3):%d.%m}",
        chip_kind="go",
        due=day(3),
        late=False,
    )


@pytest.mark.parametrize(
    ("due", "chip", "kind", "late"),
    [
        (7, f"до {day(7):%d.%m}", "go", False),
        (0, f"до {day(0):%d.%m}", "go", False),
        (-1, "1 день", "late", True),
        (-2, "2 дня", "late", True),
        (-5, "5 дней", "late", True),
    ],
)
def test_chip_says_how_long(approved, item, school, people, due: int, chip: str, kind: str, late: bool) -> None:
    Item.objects.update(due_on=day(due))
    [entry] = [one for one in entries(people.curator, school) if one.title.startswith(PREFIX)]
    assert (entry.chip, entry.chip_kind, entry.late) == (chip, kind, late)


@pytest.mark.parametrize(
    "change",
    [{"due_on": day(8)}, {"due_on": None}, {"due_on": day(-1), "done_on": day(-1)}, {"responsible_user": None}],
)
def test_far_done_and_foreign_items_wait_for_nobody(approved, item, school, people, change: dict) -> None:
    Item.objects.update(due_on=day(0))
    assert items(people.teacher, school) == ["Провести опрос"]
    Item.objects.update(**change)
    assert items(people.teacher, school) == []


@pytest.mark.parametrize("state", ["draft", "replaced"])
def test_only_a_roadmap_in_force_asks_for_marks(approved, item, school, people, state: str) -> None:
    Item.objects.update(due_on=day(0))
    Roadmap.objects.update(state=state)
    assert [items(user, school) for user in (people.curator, people.teacher)] == [[], []]


def test_everybody_reads_their_own_and_the_curator_all(approved, item, stage, other_school, people) -> None:
    school = approved.organisation
    Item.objects.update(due_on=day(0))
    make_item(stage, "Психолога", due=1, responsible_user=people.psychologist)
    make_item(stage, "Ничей", due=2)
    found = {
        who: items(getattr(people, who), school)
        for who in ("curator", "teacher", "psychologist", "director", "inspector", "admin", "stranger")
    }
    assert found == {
        "curator": ["Провести опрос", "Психолога", "Ничей"],
        "teacher": ["Провести опрос"],
        "psychologist": ["Психолога"],
        "director": [],
        "inspector": [],
        "admin": [],
        "stranger": [],
    }
    assert items(people.curator, other_school) == []


def test_five_nearest_items_are_enough(approved, stage, school, people) -> None:
    for number in range(7):
        make_item(stage, f"№ {number}", due=3 - number)
    assert items(people.curator, school) == ["№ 6", "№ 5", "№ 4", "№ 3", "№ 2"]


# --- No roadmap -------------------------------------------------------------------------------------------------------
def test_curator_is_told_that_there_is_no_roadmap(roadmap, school, other_school, people) -> None:
    in_force(make_roadmap(other_school), people)
    assert missing(people.curator, school) == [("/cabinet/roadmap/", "нет карты")]
    others = ("director", "teacher", "inspector", "municipal", "stranger")
    assert [who for who in others if missing(getattr(people, who), school)] == []
    assert missing(people.curator, other_school) == []
    in_force(roadmap, people)
    assert [len(missing(people.curator, school, on=offset)) for offset in (-101, -100, 0, 200, 201)] == [1, 0, 0, 0, 1]
    in_force(roadmap, people, RoadmapState.REPLACED)
    assert len(missing(people.curator, school)) == 1


# --- Figures ----------------------------------------------------------------------------------------------------------
def test_figure_counts_what_is_done_and_late(approved, item, stage, school, people) -> None:
    make_item(stage, due=-1, done_on=day(-1))
    make_item(stage, due=None)
    expected = Figure("1/3", DONE, "/cabinet/roadmap/", "просроченных нет", bad=False)
    assert [figures(getattr(people, who), school) for who in ("curator", "director")] == [[expected]] * 2
    make_item(stage, due=-1)
    [figure] = figures(people.director, school)
    assert (figure.value, figure.detail, figure.bad) == ("1/4", "просрочено: 1", True)


def test_figure_is_of_the_roadmap_of_the_day(approved, item, school, people) -> None:
    make_item(make_stage(in_force(make_roadmap(school, "Следующая", 201, 300), people)), due=210, done_on=day(0))
    make_item(make_stage(make_roadmap(school, "Черновик")))
    assert [[one.value for one in figures(people.curator, school, on=offset)] for offset in (0, 205, 301)] == [
        ["0/1"],
        ["1/1"],
        [],
    ]


@pytest.mark.parametrize("who", ["teacher", "inspector", "psychologist", "municipal", "stranger", "stranger_director"])
def test_others_have_no_figure(approved, item, school, people, who: str) -> None:
    assert figures(getattr(people, who), school) == []


def test_tab_opens_for_whoever_reads_the_roadmap(approved, people, client_of) -> None:
    readers = {
        who
        for who in vars(people)
        if "/cabinet/roadmap/" in [tab["url"] for tab in tabs_for(User.objects.get(username=who), "/")]
    }
    assert readers == set(vars(people)) - {"accountant", "municipal"}
    statuses = {who: client_of(getattr(people, who)).get("/cabinet/roadmap/").status_code for who in vars(people)}
    assert {who for who, status in statuses.items() if status == 200} == readers
    assert set(statuses.values()) == {200, 403}


def test_home_costs_the_same_for_one_and_three(approved, item, stage, people, client_of, queries) -> None:
    client = client_of(people.curator)
    Item.objects.update(due_on=day(0))
    first = queries(client, "/cabinet/")
    for number in range(2):
        make_item(stage, due=-number)
    assert queries(client, "/cabinet/") == first
