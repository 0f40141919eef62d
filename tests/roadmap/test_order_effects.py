"""The order on the Положение and the roadmap: what its approval changes, its form, its publication."""

from __future__ import annotations

import pytest
from django.urls import reverse

from accounts.permissions import Forbidden
from core.documents.blocks import plain_text
from core.models import JournalEntry
from core.transitions import Refused
from orders import public
from orders.documents import order_blocks
from orders.models import LocalAct, Order
from orders.services import approve_order
from orders.services.redaction import HIDDEN
from roadmap import order_kinds
from roadmap.models import Roadmap, RoadmapState
from tests.mentorship.builders import approved_order, day
from tests.roadmap.builders import KIND, approve, draft, in_force, make_act, make_item, make_roadmap, ready, submitted


# --- What the approval changes ----------------------------------------------------------------------------------------
def test_approval_brings_both_into_force(school, people) -> None:
    act, roadmap = make_act(school), ready(school)
    order = approve(submitted(people, act, roadmap), people, on=day(-2))
    assert LocalAct.objects.values_list("state", "order", "in_force_from").get() == ("in_force", order.pk, day(-2))
    assert Roadmap.objects.values_list("state", "order").get() == (RoadmapState.APPROVED, order.pk)
    told = [JournalEntry.objects.about(one).first() for one in (act, roadmap)]
    assert [entry.text for entry in told] == [
        f"Введён в действие приказом с {day(-2):%d.%m.%Y}: «Положение о наставничестве».",
        "Дорожная карта утверждена приказом.",
    ]
    assert [entry.changes for entry in told] == [
        [{"field": "Состояние", "old": "проект", "new": "введён приказом"}],
        [{"field": "Состояние", "old": "черновик", "new": "утверждена"}],
    ]


def test_act_is_in_force_from_the_day_the_order_names(school, people) -> None:
    approve(submitted(people, make_act(school), effective_on=day(7).isoformat()), people)
    acts = LocalAct.objects
    assert [acts.in_force(day(offset)).count() for offset in (6, 7)] == [0, 1]


def test_earlier_act_of_the_kind_gives_way(school, other_school, people) -> None:
    approve(submitted(people, make_act(school, "Прежнее")), people, "1")
    approve(submitted(people, make_act(school, "Совет", kind="council")), people, "2")
    foreign = make_act(other_school, "Чужое")
    LocalAct.objects.filter(pk=foreign.pk).update(
        state="in_force", order=approved_order(other_school, people), in_force_from=day(-5)
    )
    approve(submitted(people, make_act(school, "Новое")), people, "3")
    assert dict(LocalAct.objects.values_list("title", "state")) == {
        "Прежнее": "superseded",
        "Совет": "in_force",
        "Чужое": "in_force",
        "Новое": "in_force",
    }
    old = JournalEntry.objects.about(LocalAct.objects.get(title="Прежнее")).first()
    assert (old.text, old.actor) == ("Утратил силу: «Прежнее».", people.director)


def test_overlapping_roadmap_is_replaced_and_others_stay(school, other_school, people) -> None:
    terms = {"Прошлая": (-400, -101), "Пересекается": (-300, 0), "Следующая": (201, 400), "Чужая": (-100, 200)}
    for title, (first, last) in terms.items():
        place = other_school if title == "Чужая" else school
        in_force(make_roadmap(place, title, first, last), people)
    make_roadmap(school, "Черновик")
    approve(submitted(people, roadmap=ready(school, "Новая")), people)
    assert dict(Roadmap.objects.values_list("title", "state")) == {
        "Прошлая": "approved",
        "Пересекается": "replaced",
        "Следующая": "approved",
        "Чужая": "approved",
        "Черновик": "draft",
        "Новая": "approved",
    }
    replaced = JournalEntry.objects.about(Roadmap.objects.get(title="Пересекается")).first()
    assert (replaced.text, replaced.actor) == ("Дорожная карта заменена новой.", people.director)


def test_refused_approval_changes_nothing(school, people) -> None:
    approve(submitted(people, make_act(school, "Прежнее")), people, "1")
    order = submitted(people, make_act(school, "Новое"), ready(school))
    LocalAct.objects.filter(title="Новое").update(order=None)
    with pytest.raises(Refused):
        approve(order, people, "2")
    assert dict(LocalAct.objects.values_list("title", "state")) == {"Прежнее": "in_force", "Новое": "draft"}
    assert (Roadmap.objects.get().state, Order.objects.get(pk=order.pk).state) == ("draft", "submitted")


@pytest.mark.parametrize("who", ["curator", "teacher", "stranger_director"])
def test_only_the_head_brings_into_force(school, people, who: str) -> None:
    order = submitted(people, make_act(school))
    with pytest.raises(Forbidden, match="доступно ролям — директор"):
        approve_order(order=order, number="1", date=day(0), actor=getattr(people, who))
    assert LocalAct.objects.get().state == "draft"


def test_effects_tell_what_comes_and_what_gives_way(school, people) -> None:
    coming = "Начнёт действовать Новая: пункты появятся в делах ответственных и на сайте."
    order = draft(people, make_act(school, "Новое"), ready(school, "Новая"))
    assert order_kinds.effects(order) == ["Вступит в силу: Новое.", coming]
    old = make_act(school, "Прежнее")
    LocalAct.objects.filter(pk=old.pk).update(
        state="in_force", in_force_from=day(-9), order=approved_order(school, people)
    )
    in_force(make_roadmap(school, "Прежняя", -300, 0), people)
    in_force(make_roadmap(school, "Давняя", -500, -301), people)
    assert order_kinds.effects(order) == [
        "Вступит в силу: Новое.",
        f"Утратит силу прежняя редакция: Прежнее. Последний день: {day(-1):%d.%m.%Y}.",
        coming,
        "Будет заменена: Прежняя.",
    ]


# --- Pages and publication --------------------------------------------------------------------------------------------
def answers(**more) -> dict:
    empty = {name: "" for name in ("basis", "effective_on", "responsible_name", "responsible_post", "act", "roadmap")}
    return {"title": "Об утверждении", "purpose": "В целях", "control": "self", **empty, **more}


def test_form_offers_free_drafts_of_the_school(school, other_school, people, client_of) -> None:
    act, roadmap = make_act(school, "Свободное"), ready(school, "Свободная")
    in_force(ready(school, "Действующая"), people)
    draft(people, make_act(school, "Занятое"), ready(school, "Занятая"))
    make_act(other_school, "Чужое")
    client, address = client_of(people.curator), reverse("order_draft", args=[KIND])
    form = client.get(f"{address}?act={act.pk}&roadmap={roadmap.pk}").context["form"]
    assert [[str(one) for one in form.fields[name].queryset] for name in ("act", "roadmap")] == [
        ["Свободное"],
        ["Свободная"],
    ]
    assert (form["act"].value(), form["roadmap"].value()) == (str(act.pk), str(roadmap.pk))
    response = client.post(address, answers(act=act.pk, roadmap=roadmap.pk))
    made = Order.objects.get(title="Об утверждении")
    assert (response["Location"], made.params["act"], made.params["roadmap"]) == (
        reverse("order_detail", args=[made.pk]),
        act.pk,
        roadmap.pk,
    )
    form = client.get(reverse("order_params", args=[made.pk])).context["form"]
    assert (form["act"].value(), form["roadmap"].value()) == (act.pk, roadmap.pk)


def test_form_wants_at_least_one_document(school, people, client_of) -> None:
    client, address = client_of(people.curator), reverse("order_draft", args=[KIND])
    words = "Выберите, что утверждает приказ: Положение, дорожную карту или и то и другое."
    assert client.post(address, answers()).context["form"].errors == {"act": [words]}
    for wrong in ("щ", "999999"):
        assert "act" in client.post(address, answers(act=wrong)).context["form"].errors
        assert client.get(f"{address}?act={wrong}&roadmap={wrong}").status_code == 200
    assert Order.objects.count() == 0


def test_name_instead_of_a_post_is_not_published(school, people) -> None:
    """A name without a patronymic looks like no name: the row itself says that a person stands there."""
    type(people.teacher).objects.filter(pk=people.teacher.pk).update(full_name="Мелова Дарья")
    roadmap = ready(school)
    make_item(roadmap.stages.get(), "Семинар", responsible_user=people.teacher)
    make_item(roadmap.stages.get(), "Опрос", responsible="Куратор", responsible_user=people.teacher)
    order = approve(submitted(people, make_act(school), roadmap), people)
    assert "Мелова" in plain_text(order_blocks(order))
    shown = public.document(school.pk, order.pk, frozenset())
    text = plain_text(shown.blocks)
    assert ("Мелова" in text, HIDDEN in text, "Куратор" in text, "1. Общие положения" in text) == (
        False,
        True,
        True,
        True,
    )


def test_act_alone_is_published_whole(school, people) -> None:
    order = approve(submitted(people, make_act(school)), people)
    assert "1.1. Наставничество добровольно." in plain_text(public.document(school.pk, order.pk, frozenset()).blocks)
