"""Orders about single people: the curator, the rewards."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.models import Membership
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Achievement
from orders import services
from orders.models import Order
from tests.mentorship.appointing import cancelled
from tests.mentorship.builders import card, day
from tests.orders.conftest import params


def made(cast: Any, school: Any, kind: str, **more: Any) -> Order:
    chosen = params(**more)
    return services.draft_order(organisation=school, kind=kind, params=chosen, actor=cast.curator)


def approved(people: Any, order: Order, number: str = "5") -> Order:
    services.submit_order(order=order, actor=people.curator)
    services.approve_order(order=order, number=number, date=day(0), actor=people.director)
    return order


@pytest.fixture
def deputy(school, people, reference):
    return card(school, "Рябинина Анна Сергеевна", "заместитель директора по учебной работе", user=people.teacher)


def test_curator_is_appointed_by_the_order(people, school, deputy) -> None:
    order = approved(people, made(people, school, "curator", person=deputy.pk))
    first = order.clauses.standing().exclude(level=0).first().text
    assert first == (
        "Назначить куратором программы наставничества Рябинину Анну Сергеевну, заместителя директора по учебной работе."
    )
    held = Membership.objects.get(user=people.teacher, role="curator")
    assert (held.organisation, held.starts_on) == (school, day(0))
    assert JournalEntry.objects.filter(event="mentorship.curator.appoint").count() == 1


def test_appointment_counts_from_its_day_and_not_twice(people, school, deputy) -> None:
    approved(people, made(people, school, "curator", person=deputy.pk, effective_on=day(7).isoformat()))
    approved(people, made(people, school, "curator", person=deputy.pk), number="6")
    assert [one.starts_on for one in Membership.objects.filter(user=people.teacher, role="curator")] == [day(7)]


def test_teacher_is_no_curator_without_a_recorded_exception(people, school, reference) -> None:
    teacher = card(school, "Ольхин Борис Викторович", "учитель физики")
    order = made(people, school, "curator", person=teacher.pk)
    with pytest.raises(Refused, match="назначают заместителя руководителя"):
        services.submit_order(order=order, actor=people.curator)
    exception = made(people, school, "curator", person=teacher.pk, exception="в связи с отсутствием заместителя")
    approved(people, exception)
    assert "в связи с отсутствием заместителя" in exception.clauses.get(fact="exception").text


def test_doubtful_name_waits_for_somebody_to_look_at_it(people, school, reference) -> None:
    person = card(school, "Ткач Лев Борисович", "заместитель директора", forms_checked=False)
    order = made(people, school, "curator", person=person.pk)
    with pytest.raises(Refused, match="Не проверено, как склоняется имя"):
        services.submit_order(order=order, actor=people.curator)


def test_person_of_another_school_is_not_appointed(people, other_school, deputy) -> None:
    order = services.draft_order(
        organisation=other_school, kind="curator", params=params(person=deputy.pk), actor=people.stranger
    )
    with pytest.raises(Refused, match="Выберите, кого назначить"):
        services.submit_order(order=order, actor=people.stranger)


@pytest.mark.parametrize(
    ("award", "words"),
    [
        ("gratitude", "Рябининой Анне Сергеевне, заместителю директора по учебной работе."),
        ("diploma", "Рябинину Анну Сергеевну, заместителя директора по учебной работе."),
    ],
)
def test_rewarded_person_stands_in_the_case_of_the_award(people, school, deputy, award, words) -> None:
    order = made(people, school, "rewards", people=[deputy.pk], award=award, grounds="за помощь молодым педагогам")
    assert order.clauses.get(fact="person.1").text == words


def test_reward_is_written_onto_the_card(people, school, deputy) -> None:
    order = approved(
        people, made(people, school, "rewards", people=[deputy.pk], award="diploma", grounds="за успешную работу")
    )
    found = Achievement.objects.get(participant=deputy)
    assert (found.kind, found.title, found.held_on, found.result) == (
        "award",
        "почётная грамота",
        day(0),
        f"приказ {order.requisites}",
    )


def test_rewards_need_somebody(people, school, reference) -> None:
    order = made(people, school, "rewards", people=[], award="diploma", grounds="за работу")
    with pytest.raises(Refused, match="Отметьте, кого наградить"):
        services.submit_order(order=order, actor=people.curator)


def test_forms_offer_own_people_only(people, school, other_school, deputy, client_of) -> None:
    card(other_school, "Чужая Марфа Канарейкина", "заместитель директора")
    client = client_of(people.curator)
    for kind, field in (("curator", "person"), ("rewards", "people")):
        form = client.get(f"/cabinet/orders/new/{kind}/").context["form"]
        assert list(form.fields[field].queryset) == [deputy]


def test_form_drafts_the_order(people, school, deputy, client_of) -> None:
    data = {"title": "О поощрении", "purpose": "В целях поддержки", "control": "self", "award": "gratitude"}
    client = client_of(people.curator)
    form = client.post("/cabinet/orders/new/rewards/", {**data, "grounds": "за труд"}).context["form"]
    assert form.errors == {"people": ["Отметьте хотя бы одного человека."]}
    client.post("/cabinet/orders/new/rewards/", {**data, "grounds": "за труд", "people": [deputy.pk]})
    assert Order.objects.get(kind="rewards").params["people"] == [deputy.pk]


# --- Cancelled: what the order opened ends, nothing is deleted --------------------------------------------------------
def test_cancelled_appointment_of_the_curator_ends_the_role(people, school, deputy) -> None:
    order = approved(people, made(people, school, "curator", person=deputy.pk))
    closing = order.kind_entry.closing(order, day(5))
    assert closing == [
        f"{deputy.short_name} перестанет быть куратором с {day(5):%d.%m.%Y}: назначьте другого приказом."
    ]
    role = Membership.objects.get(user=people.teacher, role="curator")
    assert role.ends_on is None
    cancelled(people, order, on=5)
    role.refresh_from_db()
    assert role.ends_on == day(4)
    assert JournalEntry.objects.about(deputy).filter(event="mentorship.curator.end").count() == 1
    assert order.kind_entry.closing(order, day(5)) == []


def test_role_cancelled_from_its_first_day_keeps_that_day(people, school, deputy) -> None:
    order = approved(people, made(people, school, "curator", person=deputy.pk))
    cancelled(people, order)
    assert Membership.objects.get(user=people.teacher, role="curator").ends_on == day(0)


def test_role_that_the_order_has_not_opened_stays(people, school, deputy) -> None:
    Membership.objects.create(user=people.teacher, organisation=school, role="curator", starts_on=day(-50))
    order = approved(people, made(people, school, "curator", person=deputy.pk))
    assert order.kind_entry.closing(order, day(0)) == []
    cancelled(people, order)
    assert Membership.objects.get(user=people.teacher, role="curator").ends_on is None


def test_cancelled_reward_stays_on_the_card_with_a_note(people, school, deputy) -> None:
    order = approved(people, made(people, school, "rewards", people=[deputy.pk], award="diploma", grounds="за труд"))
    other = approved(people, made(people, school, "rewards", people=[deputy.pk], award="diploma", grounds="за"), "6")
    assert order.kind_entry.closing(order, day(0)) == [
        f"{deputy.short_name}: в карточке будет отмечено, что награда отменена."
    ]
    cancelled(people, order)
    found = Achievement.objects.filter(participant=deputy).order_by("pk").values_list("result", flat=True)
    assert list(found) == [f"приказ {order.requisites} отменён с {day(0):%d.%m.%Y}", f"приказ {other.requisites}"]
