"""What everybody sees of the roadmap: the approved one of the day, posts instead of people's names."""

from __future__ import annotations

import dataclasses
import json
from unittest import mock

import pytest

from accounts import public as accounts_public
from orders.services.redaction import HIDDEN, Redactor
from roadmap import public
from roadmap.models import Item, RoadmapState, Stage
from tests.mentorship.builders import day
from tests.roadmap.builders import in_force, make_item, make_roadmap, make_stage

NAMES = (
    "Мелова Дарья Сергеевна",
    "Меловой Д. С.",
    "Д. С. Меловой",
    "Дарье Сергеевне Меловой",
    "Дарья Сергеевна",
)


def words(organisation) -> str:
    shown = public.roadmap(organisation.pk, day(0))
    return json.dumps(dataclasses.asdict(shown), default=str, ensure_ascii=False) if shown else ""


def steps(organisation, offset: int = 0) -> list[tuple[str, int, int]]:
    found = public.steps(accounts_public.shown(organisation), day(offset))
    return [(step.title, step.done, step.total) for step in found]


def test_roadmap_is_shown_with_its_execution(approved, item, stage, school) -> None:
    make_item(stage, "Семинар", due=-1, term="осенью", done_on=day(-2), done_note="протокол № 3")
    make_item(stage, "Помощь", due=None)
    due = f"до {day(10):%d.%m.%Y}"
    assert public.roadmap(school.pk, day(0)) == public.PublicRoadmap(
        title="Карта года",
        starts_on=day(-100),
        ends_on=day(200),
        approved=f"от {day(-100):%d.%m.%Y} № 1-к",
        stages=[
            public.PublicStage(
                number=1,
                title="Подготовка",
                result="Приказ и план",
                done=1,
                total=3,
                items=[
                    public.PublicItem("1.1", "Провести опрос", due, "Куратор", "идёт", "go", None),
                    public.PublicItem("1.2", "Семинар", "осенью", "", "выполнено", "ok", day(-2)),
                    public.PublicItem("1.3", "Помощь", "по мере необходимости", "", "по запросу", "", None),
                ],
            )
        ],
    )


@pytest.mark.parametrize("state", ["draft", "replaced"])
def test_only_an_approved_roadmap_is_public(approved, item, school, other_school, people, state: str) -> None:
    assert (words(school) != "", words(other_school)) == (True, "")
    assert [len(steps(one)) for one in (school, other_school)] == [1, 0]
    in_force(approved, people, state)
    assert (public.roadmap(school.pk, day(0)), steps(school)) == (None, [])


def test_roadmap_of_the_day_comes_first_then_the_latest(school, people) -> None:
    terms = {"Прошлая": (-400, -101), "Нынешняя": (-100, 100), "Следующая": (120, 300)}
    for title, (first, last) in terms.items():
        made = make_roadmap(school, title, first, last)
        make_item(make_stage(made, title))
        in_force(made, people)
    shown = {offset: public.roadmap(school.pk, day(offset)) for offset in (-401, -200, 0, 110, 130, 301)}
    assert {offset: one and one.title for offset, one in shown.items()} == {
        -401: "Следующая",
        -200: "Прошлая",
        0: "Нынешняя",
        110: "Следующая",
        130: "Следующая",
        301: "Следующая",
    }
    assert {offset: title for offset in shown for title, *_ in steps(school, offset)} == {
        offset: one and one.title for offset, one in shown.items()
    }


def test_steps_count_what_the_roadmap_shows(approved, item, stage, school) -> None:
    make_item(stage, "Семинар", done_on=day(-2))
    make_item(stage, "Помощь", due=None)
    make_stage(approved, "Без пунктов")
    make_item(make_stage(approved, "Итоги"), done_on=day(0))
    assert steps(school) == [("Подготовка", 1, 3), ("Без пунктов", 0, 0), ("Итоги", 1, 1)]
    shown = public.roadmap(school.pk, day(0)).stages
    assert steps(school) == [(one.title, one.done, one.total) for one in shown]


def test_people_who_answer_are_not_named(approved, item, stage, school, people) -> None:
    Item.objects.update(responsible="")
    assert item.responsible_user.full_name not in words(school)
    assert [one.responsible for one in public.roadmap(school.pk, day(0)).stages[0].items] == [""]


@pytest.mark.parametrize("name", NAMES)
def test_names_typed_into_any_text_are_taken_out(approved, item, school, name: str) -> None:
    Item.objects.update(text=f"Открытый урок: {name}", responsible=f"{name}, учитель", term=f"после урока {name}")
    Stage.objects.update(title=f"Этап {name}", result=f"Урок проводит {name}")
    type(approved).objects.update(title=f"Карта: {name}")
    found = words(school)
    assert ("Мелов" in found, "Дарь" in found, found.count(HIDDEN)) == (False, False, 6)
    [(title, *_)] = steps(school)
    assert (title, HIDDEN in title) == (public.roadmap(school.pk, day(0)).stages[0].title, True)
    with mock.patch.object(Redactor, "text", lambda self, text: text):
        assert words(school).count(name) == 6
        assert [title for title, *_ in steps(school)] == [f"Этап {name}"]


def test_ordinary_words_and_the_name_of_the_school_stay(approved, item, school) -> None:
    school.name = "МБОУ «Школа им. А. С. Пушкина»"
    school.save(update_fields=["name"])
    text = f"Выступить в {school.name} перед Советом наставников: Положение, п. 3.1"
    Item.objects.update(text=text, responsible="Заместитель директора по УВР, Методическое объединение")
    Stage.objects.update(title=school.name)
    assert steps(school) == [(school.name, 0, 1)]
    [shown] = public.roadmap(school.pk, day(0)).stages[0].items
    assert (shown.text, shown.responsible) == (text, "Заместитель директора по УВР, Методическое объединение")


def test_window_has_no_field_for_a_note_or_a_login(approved, item, school) -> None:
    Item.objects.update(done_on=day(0), done_note="у Меловой всё хорошо")
    assert "Мелов" not in words(school)
    assert {field.name for field in dataclasses.fields(public.PublicItem)} == {
        "number",
        "text",
        "term",
        "responsible",
        "status",
        "chip",
        "done_on",
    }


def test_window_costs_the_same_for_one_and_three(approved, item, people, school, django_assert_num_queries) -> None:
    for size in (1, 3):
        while approved.stages.count() < size:
            make_item(make_stage(approved), responsible_user=people.teacher)
            in_force(make_roadmap(school, "Старая", -300, -200), people, RoadmapState.APPROVED)
        with django_assert_num_queries(3):
            assert len(public.roadmap(school.pk, day(0)).stages) == size
        with django_assert_num_queries(1):
            assert len(steps(school)) == size
