"""The order that approves the plan of a year alone: what it says, what forbids it, what gives way to it."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from core.documents.blocks import plain_text
from core.transitions import Refused
from orders.documents import order_blocks
from orders.kinds import kind_of
from orders.models import Order
from orders.services import delete_draft, draft_order, submit_order
from roadmap.models import Item, Roadmap
from tests.mentorship.appointing import cancelled
from tests.mentorship.builders import day
from tests.roadmap.builders import approve, in_force, make_roadmap, params, ready

KIND = kind_of("plan")


def started(people: Any, roadmap: Roadmap, **more: Any) -> Order:
    chosen = params(roadmap=roadmap, **more)
    del chosen["act"]
    return draft_order(organisation=roadmap.organisation, kind="plan", params=chosen, actor=people.curator)


def submitted(people: Any, roadmap: Roadmap) -> Order:
    order = started(people, roadmap)
    submit_order(order=order, actor=people.curator)
    return order


def again(order: Order) -> list[str]:
    return KIND.obstacles(Order.objects.get(pk=order.pk))


def state_of(roadmap: Roadmap) -> str:
    return Roadmap.objects.get(pk=roadmap.pk).state


def test_text_names_the_plan_its_term_and_what_gives_way(school, people) -> None:
    old = in_force(ready(school, "План осени"), people)
    person = {"responsible_name": "Лебедева Ольга Викторовна", "responsible_post": "заместитель директора"}
    order = started(people, ready(school, "План года"), **person)
    found = [clause.text.replace("\u00a0", " ") for clause in order.clauses.standing().exclude(level=0)]
    assert found == [
        "Утвердить и ввести в действие с даты подписания прилагаемый план «План года», рассчитанный на срок "
        f"с {day(-100):%d.%m.%Y} по {day(200):%d.%m.%Y}.",
        f"Считать утратившим силу план «План осени», утверждённый приказом {old.order.requisites}.",
        "Тем, кто назван в плане, выполнять его пункты в указанные сроки и сообщать о выполнении куратору.",
        "Назначить Лебедеву О. В., заместителя директора, ответственным лицом за выполнение плана и отчёт по его "
        "итогам.",
        "Контроль за исполнением приказа оставляю за собой.",
    ]
    text = plain_text(order_blocks(order))
    assert [words for words in ("Приложение 1", "УТВЕРЖДЁН", "Провести опрос") if words not in text] == []


def test_approval_puts_the_plan_in_force_and_the_earlier_one_out(school, people) -> None:
    old, new = in_force(ready(school, "План осени"), people), ready(school, "План года")
    order = submitted(people, new)
    assert (again(order), state_of(new)) == ([], "draft")
    approve(order, people)
    assert (state_of(old), state_of(new)) == ("replaced", "approved")


def test_cancellation_ends_the_plan_and_keeps_it(school, people) -> None:
    plan = ready(school, "План года")
    order = approve(submitted(people, plan), people)
    assert KIND.closing(order, day(0)) == ["Перестанет действовать: План года."]
    cancelled(people, order)
    assert (state_of(plan), Item.objects.count()) == ("replaced", 1)


def test_nothing_chosen_is_refused(school, people) -> None:
    order = started(people, ready(school))
    Order.objects.filter(pk=order.pk).update(params={**order.params, "roadmap": None})
    assert again(order) == ["Выберите план или дорожную карту, которую утверждает приказ."]


def test_empty_plan_is_refused(school, people) -> None:
    assert again(started(people, make_roadmap(school))) == ["«Карта года»: нет ни одного пункта."]


def test_plan_changed_after_submission_asks_for_another_text(school, people) -> None:
    order = submitted(people, ready(school))
    assert again(order) == []
    Item.objects.update(text="Другое дело")
    assert again(order) == ["«Карта года»: текст изменился после передачи приказа. Верните приказ, чтобы обновить его."]


def test_plan_that_would_replace_another_one_now_asks_for_another_text(school, people) -> None:
    order = submitted(people, ready(school))
    in_force(ready(school, "План осени"), people)
    [found] = again(order)
    assert found.startswith("«Карта года»: с передачи приказа изменилось, какие планы он заменяет.")


def test_plan_of_another_draft_is_taken_until_that_draft_is_gone(school, people) -> None:
    plan = ready(school)
    first = started(people, plan)
    with pytest.raises(Refused, match="уже готовит другой приказ"):
        started(people, plan)
    delete_draft(order=first, actor=people.curator)
    assert again(started(people, plan)) == []


def test_plan_of_another_school_is_not_taken(school, other_school, people) -> None:
    plan = ready(school)
    chosen = params(roadmap=plan)
    order = draft_order(organisation=other_school, kind="plan", params=chosen, actor=people.stranger)
    plan.refresh_from_db()
    assert (plan.order, order.facts["roadmap"]) == (None, None)


def test_redaction_hides_names_that_stand_instead_of_posts(school, people) -> None:
    plan = ready(school)
    Item.objects.update(responsible="", responsible_user=people.teacher)
    facts = started(people, plan).facts
    [row] = KIND.redact(facts, frozenset())["roadmap"]["stages"][0]["rows"]
    assert (facts["roadmap"]["stages"][0]["rows"][0]["responsible"], row["responsible"]) == (
        people.teacher.full_name,
        "(имя не публикуется)",
    )


def test_form_offers_own_free_drafts(school, other_school, people, client_of) -> None:
    free, taken, _ = ready(school, "Свободный"), ready(school, "Занятый"), ready(other_school, "Чужой")
    started(people, taken)
    client, url = client_of(people.curator), reverse("order_draft", args=["plan"])
    form = client.get(f"{url}?roadmap={free.pk}").context["form"]
    assert list(form.fields["roadmap"].queryset) == [free]
    data = {"title": "О плане", "purpose": "В целях порядка", "control": "self"}
    assert list(client.post(url, data).context["form"].errors) == ["roadmap"]
    client.post(url, {**data, "roadmap": free.pk})
    assert Order.objects.filter(kind="plan", title="О плане").get().params["roadmap"] == free.pk
