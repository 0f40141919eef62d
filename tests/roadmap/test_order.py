"""The order on the Положение and the roadmap: what it says, what stands in its way, what it holds."""

from __future__ import annotations

import pytest

from core.documents.blocks import plain_text
from core.transitions import Refused
from orders.documents import order_blocks
from orders.kinds import KINDS
from orders.models import LocalAct, Order, OrderState
from orders.services import change_params, delete_draft, draft_order, recall_order, refresh_clauses, submit_order
from orders.services.drafting import clause_lines
from roadmap import order_kinds
from roadmap.models import Item, Roadmap, Stage
from tests.mentorship.builders import approved_order, day
from tests.roadmap.builders import (
    KIND,
    approve,
    draft,
    in_force,
    make_act,
    make_item,
    make_roadmap,
    make_stage,
    params,
    ready,
    submitted,
)

TAKEN = "«{}» уже готовит другой приказ. Обновите страницу и выберите другой документ."


def obstacles(order: Order) -> list[str]:
    return order_kinds.obstacles(Order.objects.get(pk=order.pk))


def clauses(order: Order) -> list[str]:
    return [clause.text.replace("\u00a0", " ") for clause in order.clauses.standing()]


# --- What it says -----------------------------------------------------------------------------------------------------
def test_facts_are_the_act_and_the_roadmap_as_printed(school, people) -> None:
    roadmap = make_roadmap(school)
    stage = make_stage(roadmap, result="Готово")
    make_item(stage, "Опрос", due=5, responsible="Куратор", responsible_user=people.curator)
    make_item(stage, "Семинар", due=5, term="осенью", responsible_user=people.teacher)
    make_item(stage, "Помощь", due=None)
    make_item(make_stage(roadmap, "Итоги"), "Отчёт", due=None, term="в конце года")
    facts = draft(people, make_act(school), roadmap).facts
    assert facts["act"] == {
        "title": "Положение о наставничестве",
        "paragraphs": [
            {"text": "1. Общие положения", "is_heading": True},
            {"text": "1.1. Наставничество добровольно.", "is_heading": False},
        ],
    }

    def row(number: str, text: str, term: str, responsible: str, named: bool = False) -> dict:
        return {"number": number, "text": text, "term": term, "responsible": responsible, "named": named}

    assert facts["roadmap"] == {
        "title": "Карта года",
        "starts_on": day(-100).isoformat(),
        "ends_on": day(200).isoformat(),
        "stages": [
            {
                "number": 1,
                "title": "Подготовка",
                "result": "Готово",
                "rows": [
                    row("1.1", "Опрос", f"до {day(5):%d.%m.%Y}", "Куратор"),
                    row("1.2", "Семинар", "осенью", people.teacher.full_name, named=True),
                    row("1.3", "Помощь", "по мере необходимости", ""),
                ],
            },
            {"number": 2, "title": "Итоги", "result": "", "rows": [row("2.1", "Отчёт", "в конце года", "")]},
        ],
    }
    assert [(one["number"], one["what"]) for one in facts["appendices"]] == [(1, "act"), (2, "roadmap")]


def test_text_of_the_order(school, people) -> None:
    person = {"responsible_name": "Лебедева Ольга Викторовна", "responsible_post": "заместитель директора"}
    order = draft(people, make_act(school), ready(school), **person)
    assert clauses(order) == [
        "В целях развития наставничества",
        "Утвердить и ввести в действие с даты подписания прилагаемые документы:",
        "Положение о наставничестве (приложение 1);",
        "Карта года (приложение 2).",
        "Назначить Лебедеву О. В., заместителя директора, ответственным лицом за реализацию "
        "Положения и дорожной карты.",
        "Контроль за исполнением приказа оставляю за собой.",
    ]


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("regulation", "Положения"),
        ("programme", "программы наставничества"),
        ("council", "Положения о совете наставников"),
        ("incentives", "мер стимулирования наставников"),
        ("honour_board", "Положения о доске почёта"),
        ("contest", "Положения о конкурсе"),
    ],
)
def test_every_act_is_called_what_it_is(school, people, kind: str, words: str) -> None:
    assert set(order_kinds.WHAT) == set(LocalAct.Kind.values)
    assert draft(people, make_act(school, "Один", kind=kind)).facts["what"] == words
    both = draft(people, make_act(school, "Второй", kind=kind), ready(school))
    assert both.facts["what"] == f"{words} и дорожной карты"


def test_one_document_alone_is_the_first_appendix(school, people) -> None:
    facts = draft(people, roadmap=ready(school)).facts
    assert (facts["what"], facts["appendices"]) == (
        "дорожной карты",
        [{"what": "roadmap", "title": "Карта года", "word": "УТВЕРЖДЕНА", "number": 1}],
    )
    assert "act" not in facts


def test_sample_renders_through_the_clauses_and_the_appendices(school, people) -> None:
    order = approve(submitted(people, make_act(school), ready(school)), people)
    sample = order_kinds.sample()
    real = KINDS[KIND].facts(order)
    assert {key: type(value) for key, value in sample.items()} == {key: type(value) for key, value in real.items()}
    assert set(sample["roadmap"]["stages"][0]["rows"][0]) == set(real["roadmap"]["stages"][0]["rows"][0])
    facts = {**order.facts, **sample}
    assert [(line.level, line.fact) for line in clause_lines(KIND, facts)] == [
        (0, "preamble"),
        (1, "approve"),
        (2, "approve.act"),
        (2, "approve.roadmap"),
        (1, "replaced"),
        (1, "control"),
    ]
    order.facts = facts
    text = plain_text(order_blocks(order))
    words = ("Приложение 1", "1. Общие положения", "1.1. Цель.", "Приложение 2", "Провести опрос педагогов", "Куратор")
    assert [word for word in words if word not in text] == []
    assert "{{" not in text


# --- What stands in its way -------------------------------------------------------------------------------------------
def test_complete_order_has_nothing_in_its_way(school, people) -> None:
    order = draft(people, make_act(school), ready(school))
    assert obstacles(order) == []
    submit_order(order=order, actor=people.curator)
    assert obstacles(order) == []


def test_nothing_chosen(school, people) -> None:
    order = draft(people, make_act(school))
    change_params(order=order, params=params(), actor=people.curator)
    assert obstacles(order) == ["В приказе не выбрано, что он утверждает."]
    assert LocalAct.objects.get().order is None


def test_empty_act_and_empty_roadmap(school, people) -> None:
    order = draft(people, make_act(school, text=" \n "), make_roadmap(school))
    assert obstacles(order) == [
        "«Положение о наставничестве»: нет ни текста, ни файла.",
        "«Карта года»: нет ни одного пункта.",
    ]
    make_stage(Roadmap.objects.get())
    assert obstacles(order)[1] == "«Карта года»: нет ни одного пункта."
    refresh_clauses(order=order, actor=people.curator)
    with pytest.raises(Refused, match="нет ни одного пункта"):
        submit_order(order=order, actor=people.curator)


def test_items_outside_the_roadmap(school, people) -> None:
    """The period was made shorter, or last year's items were copied into another season."""
    roadmap = ready(school)
    make_item(roadmap.stages.get(), "Поздний", due=190)
    order = draft(people, roadmap=roadmap)
    Roadmap.objects.update(ends_on=day(150))
    assert obstacles(order) == [
        f"Пункт «Поздний»: срок вне срока дорожной карты, с {day(-100):%d.%m.%Y} по {day(150):%d.%m.%Y}."
    ]


def test_documents_of_another_order_and_of_another_school(school, other_school, people) -> None:
    act, roadmap = make_act(school), ready(school)
    first, second = draft(people, act, roadmap), draft(people, make_act(school, "Другое", kind="council"))
    Order.objects.filter(pk=second.pk).update(params=params(act, roadmap))
    assert obstacles(first) == []
    assert obstacles(second) == [TAKEN.format(act.title), TAKEN.format(roadmap.title)]
    foreign = make_act(other_school, "Чужое")
    Order.objects.filter(pk=second.pk).update(params=params(foreign, ready(other_school)))
    assert obstacles(second) == ["В приказе не выбрано, что он утверждает."]


def test_documents_in_force_already(school, people) -> None:
    act, roadmap = make_act(school), ready(school)
    order = draft(people, act, roadmap)
    in_force(roadmap, people)
    other = approved_order(school, people, "9")
    LocalAct.objects.update(state="in_force", in_force_from=day(0), order=other)
    assert obstacles(order) == [
        "«Положение о наставничестве»: состояние — «введён приказом». Выберите другой документ.",
        "«Карта года»: состояние — «утверждена». Выберите другой документ.",
    ]


def change_act_text(school) -> None:
    LocalAct.objects.update(text="2. Иначе")


def change_item(school) -> None:
    Item.objects.update(text="Иначе")


def change_stage(school) -> None:
    Stage.objects.update(title="Иначе")


def change_title(school) -> None:
    Roadmap.objects.update(title="Иначе")


@pytest.mark.parametrize("change", [change_act_text, change_item, change_stage, change_title])
def test_head_approves_only_what_was_submitted(school, people, change) -> None:
    order = submitted(people, make_act(school), ready(school))
    assert obstacles(order) == []
    change(school)
    title = LocalAct.objects.get().title if change is change_act_text else Roadmap.objects.get().title
    words = f"«{title}»: текст изменился после передачи приказа. Верните приказ, чтобы обновить его."
    assert obstacles(order) == [words]
    with pytest.raises(Refused, match="изменился после передачи"):
        approve(order, people)
    recall_order(order=order, actor=people.curator)
    refresh_clauses(order=order, actor=people.curator)
    submit_order(order=order, actor=people.curator)
    assert approve(order, people).state == OrderState.APPROVED


# --- Holding and letting go -------------------------------------------------------------------------------------------
def held() -> list[int | None]:
    return [LocalAct.objects.get().order_id, Roadmap.objects.get().order_id]


def test_draft_holds_what_it_approves_and_lets_it_go(school, people) -> None:
    act, roadmap = make_act(school), ready(school)
    order = draft(people, act, roadmap)
    number, found = order.pk, [held()]
    change_params(order=order, params=params(act), actor=people.curator)
    found.append(held())
    change_params(order=order, params=params(roadmap=roadmap), actor=people.curator)
    found.append(held())
    change_params(order=order, params=params(act, roadmap), actor=people.curator)
    delete_draft(order=order, actor=people.curator)
    assert [*found, held()] == [[number, number], [number, None], [None, number], [None, None]]


def test_draft_takes_nothing_from_another_order(school, people) -> None:
    act, roadmap = make_act(school), ready(school)
    order = submitted(people, act, roadmap)
    for chosen in ({"act": act}, {"roadmap": roadmap}):
        title = next(iter(chosen.values())).title
        with pytest.raises(Refused) as refusal:
            draft(people, **chosen)
        assert refusal.value.obstacles == [TAKEN.format(title)]
    other = draft(people, make_act(school, "Другое"))
    with pytest.raises(Refused):
        change_params(order=other, params=params(act), actor=people.curator)
    assert list(LocalAct.objects.order_by("pk").values_list("order", flat=True)) == [order.pk, other.pk]
    assert (Order.objects.count(), Roadmap.objects.get().order_id) == (2, order.pk)


def test_draft_takes_nothing_of_another_school(school, other_school, people) -> None:
    foreign = make_act(other_school, "Чужое")
    draft_order(organisation=school, kind=KIND, params=params(foreign), actor=people.curator)
    assert LocalAct.objects.get().order is None
