"""The order that appoints mentors: what it says and what forbids it."""

from __future__ import annotations

import pytest

from core.documents.blocks import plain_text
from core.transitions import Refused
from mentorship.models import BankCard, BankRole, Consent, Participant
from mentorship.order_kinds import mentors as kind_of_mentors
from mentorship.services.consents import withdraw_consent
from orders import services
from orders.documents import order_blocks
from orders.models import Order
from tests.mentorship.appointing import KIND, TERMS, WHO, again, ready, started, submitted, texts
from tests.mentorship.builders import agree, approve, card, day, params
from tests.mentorship.test_constraints import without_trigger


# --- What it says -----------------------------------------------------------------------------------------------------
def test_several_mentors_stand_in_the_accusative_each_in_a_clause(mentor, mentee, people) -> None:
    ready(mentor, people)
    ready(mentee, people, in_duties=True, document="трудовой договор № 7")
    person = {"responsible_name": "Лебедева Ольга Викторовна", "responsible_post": "заместитель директора"}
    order = started(people, mentor, mentee, until="2027-05-31", effective_on="2026-09-01", **person)
    assert texts(order) == [
        "Назначить с «01» сентября 2026 г. по «31» мая 2027 г. наставниками с их письменного согласия:",
        "Верескову Аллу Петровну, учителя математики;",
        "Ольхина Бориса Викторовича, учителя физики.",
        "Установить содержание, срок и форму работы каждого наставника и её оплату так, как указано в приложении.",
        "До начала работы заключить дополнительные соглашения к трудовым договорам с теми наставниками, в чьи "
        "обязанности эта работа не входит.",
        "Наставляемых закреплять за наставниками отдельными приказами о парах и группах.",
        "О досрочном отказе от работы наставником и о досрочной отмене поручения предупреждать не позднее чем за три "
        "рабочих дня.",
        "Возложить подготовку соглашений и сопровождение наставников на Лебедеву О. В., заместителя директора.",
        "Контроль за исполнением приказа оставляю за собой.",
    ]


def test_one_mentor_stands_in_the_first_clause(mentor, people) -> None:
    ready(mentor, people, in_duties=True, document="должностная инструкция")
    found = texts(started(people, mentor))
    assert found[0] == (
        "Назначить с даты подписания с письменного согласия наставником Верескову Аллу Петровну, учителя математики."
    )
    assert not [text for text in found if "соглашения" in text]


def test_many_mentors_stand_in_the_appendix_only(mentor, mentee, people, monkeypatch) -> None:
    ready(mentor, people)
    ready(mentee, people)
    monkeypatch.setattr(kind_of_mentors, "MOST_IN_THE_TEXT", 1)
    order = started(people, mentor, mentee)
    assert texts(order)[0] == (
        "Назначить с даты подписания наставниками с их письменного согласия работников, которые названы в приложении."
    )
    assert "Вереск" not in " ".join(texts(order))
    assert "Верескова Алла Петровна" in plain_text(order_blocks(order))
    assert KIND.effects(order)[0] == f"Наставниками станут 2 человека, с {day(0):%d.%m.%Y}."


def test_appendix_prints_the_terms_of_each_consent(mentor, mentee, people) -> None:
    ready(mentor, people)
    ready(mentee, people, in_duties=True, document="трудовой договор № 7")
    text = " ".join(plain_text(order_blocks(started(people, mentor, mentee))).split())
    signed = f"{day(-20):%d.%m.%Y}"
    wanted = [
        f"1 Верескова Алла Петровна, учитель математики; согласие от {signed} разбор уроков учебный год; "
        "педагог – молодой педагог 10 % оклада",
        f"2 Ольхин Борис Викторович, учитель физики; согласие от {signed} Входит в трудовые обязанности: "
        "трудовой договор № 7",
    ]
    assert [words for words in wanted if words in text] == wanted


def test_facts_cost_the_same_for_any_number_of_mentors(mentor, people, school, django_assert_num_queries) -> None:
    ready(mentor, people)
    one = started(people, mentor)
    others = [card(school, f"Ивин{'а' * number} Пётр Ильич") for number in range(3)]
    for person in others:
        ready(person, people)
    many = started(people, mentor, *others)
    for order in (one, many):
        with django_assert_num_queries(4):
            KIND.facts(order)
        with django_assert_num_queries(5):
            KIND.obstacles(order)


# --- What forbids it --------------------------------------------------------------------------------------------------
def test_complete_order_has_nothing_in_its_way(mentor, people) -> None:
    ready(mentor, people)
    assert again(submitted(people, mentor)) == []


def test_order_names_somebody(mentor, people) -> None:
    order = started(people, mentor)
    order.params["people"] = []
    assert KIND.obstacles(order) == ["Отметьте, кого назначить наставником."]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("candidate", "состояние карточки в банке наставников — «кандидат». Внесите в банк или уберите из приказа."),
        ("refused", "состояние карточки в банке наставников — «отказ». Внесите в банк или уберите из приказа."),
        ("archived", "состояние карточки в банке наставников — «в архиве». Внесите в банк или уберите из приказа."),
        ("in_bank", "собеседование не пройдено. Запишите его итог или уберите этого человека из приказа."),
        ("selected", ""),
        ("trained", ""),
    ],
)
def test_only_who_stands_in_the_bank_after_a_talk_is_appointed(mentor, people, state: str, words: str) -> None:
    ready(mentor, people, state)
    assert again(started(people, mentor)) == ([f"{WHO}: {words}"] if words else [])


def test_school_without_interviews_appoints_from_the_bank(mentor, people) -> None:
    ready(mentor, people, "in_bank")
    assert again(started(people, mentor, need_interview=False)) == []


def test_person_outside_the_bank_is_not_appointed(mentor, people) -> None:
    ready(mentor, people).delete()
    assert again(started(people, mentor)) == [f"{WHO}: нет в банке наставников. Внесите в банк или уберите из приказа."]


def test_mentee_card_does_not_make_a_mentor(mentor, people) -> None:
    BankCard.objects.filter(pk=ready(mentor, people).pk).update(role=BankRole.MENTEE)
    assert len(again(started(people, mentor))) == 1


def test_person_who_left_is_not_appointed(mentor, people) -> None:
    ready(mentor, people)
    order = started(people, mentor)
    Participant.objects.filter(pk=mentor.pk).update(left_on=day(-1))
    assert again(order) == [
        f"{WHO}: последний день в организации — {day(-1):%d.%m.%Y}. Уберите этого человека из приказа."
    ]


@pytest.mark.parametrize(("kind", "words"), [("mentor", "работа наставником"), ("processing", "обработка")])
def test_both_consents_are_needed(mentor, people, kind: str, words: str) -> None:
    ready(mentor, people)
    order = started(people, mentor)
    assert again(order) == []
    Consent.objects.filter(kind=kind).update(withdrawn_on=day(0))
    [found] = again(order)
    assert found.startswith(f"Нет согласия: {WHO} — {words}")


def test_consent_of_today_does_not_carry_an_order_of_yesterday(mentor, people) -> None:
    ready(mentor, people)
    withdraw_consent(
        consent=Consent.objects.get(kind="mentor"), actor=people.curator, withdrawn_on=day(-3), reason="заявление"
    )
    agree(mentor, "mentor", people.curator, signed_on=day(0), terms=TERMS)
    order = submitted(people, mentor)
    with pytest.raises(Refused, match=f"Нет согласия: {WHO} — работа наставником"):
        approve(order, people, on=day(-1))
    approve(order, people)


def test_consent_without_terms_is_not_enough_for_an_employee(mentor, people) -> None:
    ready(mentor, people)
    order = started(people, mentor)
    with without_trigger("mentorship_consent", "consent_is_kept"):
        Consent.objects.filter(kind="mentor").update(terms={"content": "уроки", "term": "год", "form": "пара"})
    assert again(order) == [
        f"{WHO}: в согласии работать наставником не названы условия по статье 351.8 Трудового кодекса "
        "(размер и условия оплаты). Запишите новое согласие."
    ]


def test_pupil_agrees_without_the_terms_of_employees(mentor, people) -> None:
    ready(mentor, people)
    order = started(people, mentor)
    with without_trigger("mentorship_consent", "consent_is_kept"):
        Consent.objects.filter(kind="mentor").update(terms={})
    Participant.objects.filter(pk=mentor.pk).update(category="pupil", birth_date=day(-7000))
    assert again(order) == []


def test_terms_agreed_anew_after_submission_ask_for_another_text(mentor, people) -> None:
    ready(mentor, people)
    order = submitted(people, mentor)
    agree(mentor, "mentor", people.curator, signed_on=day(-1), terms={**TERMS, "pay": "15 % оклада"})
    assert again(order) == [
        f"{WHO}: согласие или его условия изменились после передачи приказа. Верните его, чтобы обновить текст."
    ]


def test_nobody_is_appointed_twice_for_the_same_days(mentor, people) -> None:
    ready(mentor, people)
    first, second = submitted(people, mentor, until=day(100).isoformat()), submitted(people, mentor)
    later = started(people, mentor, effective_on=day(101).isoformat())
    approve(first, people)
    words = (
        f"{WHO}: наставником уже назначает приказ {first.requisites}, с {day(0):%d.%m.%Y} "
        f"по {day(100):%d.%m.%Y}. Уберите из этого или отмените тот."
    )
    with pytest.raises(Refused) as refusal:
        approve(second, people, "72-б")
    assert (refusal.value.obstacles, again(later)) == ([words], [])


def test_term_goes_forward(mentor, people) -> None:
    ready(mentor, people)
    order = started(people, mentor, until=day(-1).isoformat())
    assert again(order) == ["Срок назначения заканчивается раньше, чем начинается: исправьте его в данных приказа."]


def test_card_that_is_gone_is_told(mentor, people) -> None:
    ready(mentor, people)
    order = started(people, mentor)
    Order.objects.filter(pk=order.pk).update(params={**order.params, "people": [mentor.pk, 999_999]})
    [found] = again(order)
    assert found.startswith("Кого-то из выбранных людей в портале больше нет")


def test_doubtful_name_waits_for_somebody_to_look_at_it(school, people, reference) -> None:
    person = card(school, "Ткач Лев Борисович", forms_checked=False)
    ready(person, people)
    [found] = again(started(people, person))
    assert found.startswith("Не проверено, как склоняется имя: Ткач Лев Борисович")


def test_people_of_another_school_are_not_named(mentor, people, other_school) -> None:
    values = {**params(), "people": [mentor.pk], "need_interview": False, "until": None}
    order = services.draft_order(organisation=other_school, kind="mentors", params=values, actor=people.stranger)
    assert (order.facts["people"], KIND.obstacles(order)) == ([], ["Отметьте, кого назначить наставником."])
