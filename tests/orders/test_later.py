"""Orders about orders: amendment and cancellation, with mutual references and without a change of the earlier text."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
from django.db import connections, transaction

from core.transitions import Refused
from orders import services
from orders.models import Order, OrderLink
from orders.services.links import later_links, standing_words
from tests.orders.conftest import params


def later(people, target, kind, number="", on=dt.date(2022, 9, 5), **more):
    """An order about `target`, approved if a number is given."""
    chosen = params(target=target.pk, **{"changes": ["Пункт 1 исключить"], "reason": "в связи с ошибкой", **more})
    order = services.draft_order(organisation=target.organisation, kind=kind, params=chosen, actor=people.curator)
    if number:
        services.submit_order(order=order, actor=people.curator)
        services.approve_order(order=order, number=number, date=on, actor=people.director)
    return order


def test_amendment_names_the_earlier_order_and_leaves_its_text(approved, people):
    old = approved(number="71-б")
    text = list(old.clauses.values_list("text", flat=True))
    new = later(people, old, "amendment", "72-б")
    first = new.clauses.standing().exclude(level=0).first()
    assert first.text == "Внести в приказ от 01.09.2022 № 71-б «О порядке» следующие изменения:"
    assert (list(old.clauses.values_list("text", flat=True)), standing_words(later_links(old))) == (
        text,
        ("изменён", "go"),
    )


def test_cancellation_counts_from_its_day(approved, people):
    old = approved()
    later(people, old, "cancellation", "72-б", effective_on="2022-10-01")
    links = later_links(old)
    assert standing_words(links, dt.date(2022, 9, 30)) == ("отменяется с 01.10.2022", "wait")
    assert standing_words(links, dt.date(2022, 10, 1)) == ("отменён", "no")
    assert later_links(old, dt.date(2022, 9, 30)) == []


def test_cancelled_amendment_counts_no_more(approved, people):
    old = approved()
    amendment = later(people, old, "amendment", "72-б")
    later(people, amendment, "cancellation", "73-б", on=dt.date(2022, 9, 6))
    assert (later_links(old), standing_words(later_links(old))) == ([], ("", ""))


def test_order_is_cancelled_once(approved, people):
    old = approved()
    later(people, old, "cancellation", "72-б")
    with pytest.raises(Refused, match="уже отменяет другой документ"):
        later(people, old, "cancellation")
    with pytest.raises(Refused, match="уже отменён приказом от 05.09.2022 № 72-б"):
        later(people, old, "amendment", "73-б", on=dt.date(2022, 9, 6))


def test_cancellation_is_not_cancelled(approved, people):
    cancelling = later(people, approved(), "cancellation", "72-б")
    with pytest.raises(Refused, match="Отмену не отменяют"):
        later(people, cancelling, "cancellation", "73-б", on=dt.date(2022, 9, 6))


def test_later_order_is_not_older_than_the_earlier(approved, people):
    with pytest.raises(Refused, match="подписан позже"):
        later(people, approved(), "amendment", "72-б", on=dt.date(2022, 8, 1))


def test_draft_is_no_target(draft, people):
    with pytest.raises(Refused, match="Выберите приказ"):
        later(people, draft(), "amendment")


def test_order_of_another_school_is_no_target(approved, people, other_school, client_of):
    old = approved()
    with pytest.raises(Refused, match="Выберите приказ"):
        services.draft_order(
            organisation=other_school, kind="amendment", params=params(target=old.pk), actor=people.stranger
        )
    form = client_of(people.stranger).get(f"/cabinet/orders/new/amendment/?target={old.pk}").context["form"]
    assert list(form.fields["target"].queryset) == []


def test_deleted_draft_lets_the_order_go(approved, people):
    old = approved()
    draft = later(people, old, "cancellation")
    services.delete_draft(order=draft, actor=people.curator)
    assert OrderLink.objects.count() == 0
    later(people, old, "cancellation", "72-б")
    assert later_links(old)[0].order.number == "72-б"


def test_people_of_the_earlier_order_read_the_later_one(approved, people):
    old = approved(people=[1, 3])
    new = later(people, old, "amendment", "72-б")
    assert [one["number"] for one in new.facts["people"]] == [1, 3]


def test_page_shows_both_ways_and_offers_no_second_cancellation(approved, people, client_of):
    old = approved(number="71-б")
    client = client_of(people.curator)
    before = client.get(f"/cabinet/orders/{old.pk}/").content.decode()
    new = later(people, old, "cancellation", "72-б")
    after = client.get(f"/cabinet/orders/{old.pk}/").content.decode()
    there = client.get(f"/cabinet/orders/{new.pk}/").content.decode()
    button = f"/cabinet/orders/new/cancellation/?target={old.pk}"
    assert (button in before, button in after) == (True, False)
    assert ("от 05.09.2022 № 72-б" in after, "от 01.09.2022 № 71-б" in there, "отменён" in after) == (True, True, True)


def test_form_makes_the_heading_and_keeps_what_was_typed(approved, people, client_of):
    old = approved(number="71-б")
    client = client_of(people.curator)
    url = "/cabinet/orders/new/amendment/"
    typed = {"target": old.pk, "purpose": "В целях уточнения", "control": "self", "changes": ""}
    refused = client.post(url, typed)
    assert list(refused.context["form"].errors) == ["changes"]
    client.post(url, {**typed, "changes": "Пункт 1 исключить\n\nПункт 2 считать пунктом 1"})
    made = Order.objects.get(kind="amendment")
    assert (made.title, made.params["changes"]) == (
        "О внесении изменений в приказ от 01.09.2022 № 71-б",
        ["Пункт 1 исключить", "Пункт 2 считать пунктом 1"],
    )


def test_register_asks_as_many_queries_for_three_orders_as_for_one(approved, people, client_of, queries):
    client = client_of(people.curator)
    approved(number="1")
    one = queries(client, "/cabinet/orders/")
    for number in ("2", "3"):
        later(people, approved(number=f"{number}-а"), "amendment", number)
    assert queries(client, "/cabinet/orders/") == one


@pytest.mark.django_db(transaction=True)
def test_two_cancellations_at_once_leave_one(approved, people):
    old = approved()
    barrier, outcomes = threading.Barrier(2), []

    def cancel() -> None:
        barrier.wait()
        try:
            with transaction.atomic():
                later(people, old, "cancellation")
            outcomes.append("made")
        except Refused:
            outcomes.append("refused")
        finally:
            connections.close_all()

    threads = [threading.Thread(target=cancel) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["made", "refused"]
