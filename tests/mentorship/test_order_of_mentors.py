"""The order that appoints mentors: what it says, what forbids it, whom it makes a mentor and until when."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Letter
from accounts.permissions import Forbidden
from core.documents.blocks import plain_text
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import BankCard, BankRole, Consent, Participant, appointments_of, words_of_cards
from mentorship.order_kinds import mentors as kind_of_mentors
from mentorship.services.appointments import appoint_mentors, end_appointments
from mentorship.services.consents import withdraw_consent
from mentorship.services.merging_checks import orders_about
from orders import services
from orders.documents import order_blocks
from orders.kinds import kind_of
from orders.models import Acquaintance, Order, OrderLink
from tests.mentorship.bank_builders import bank_card, pair_of
from tests.mentorship.builders import agree, approve, card, day, draft, params
from tests.mentorship.test_constraints import without_trigger

KIND = kind_of("mentors")
WHO = "Верескова\u00a0А.\u00a0П."
TERMS = {
    "content": "разбор уроков",
    "term": "учебный год",
    "form": "педагог – молодой педагог",
    "pay": "10 % оклада",
}


def ready(person: Participant, people: Any, state: str = "selected", **terms: Any) -> BankCard:
    """Somebody who may be appointed: in the bank, talked to, agreed to both."""
    agree(person, "processing", people.curator)
    agree(person, "mentor", people.curator, terms=terms or TERMS)
    return bank_card(person, state=state)


def started(people: Any, *chosen: Participant, **more: Any) -> Order:
    values = {**params(), "title": "О назначении наставников", "people": [one.pk for one in chosen]}
    values |= {"need_interview": True, "until": None, **more}
    del values["pairs"]
    school = chosen[0].organisation
    return services.draft_order(organisation=school, kind="mentors", params=values, actor=people.curator)


def submitted(people: Any, *chosen: Participant, **more: Any) -> Order:
    order = started(people, *chosen, **more)
    services.submit_order(order=order, actor=people.curator)
    return order


def cancelled(people: Any, target: Order, on: int = 0, number: str = "99-б") -> Order:
    values = {**params(), "title": "Об отмене", "target": target.pk, "reason": "", "effective_on": day(on).isoformat()}
    order = services.draft_order(
        organisation=target.organisation, kind="cancellation", params=values, actor=people.curator
    )
    services.submit_order(order=order, actor=people.curator)
    return approve(order, people, number)


def texts(order: Order) -> list[str]:
    return [clause.text.replace("\u00a0", " ") for clause in order.clauses.standing().exclude(level=0)]


def again(order: Order) -> list[str]:
    return KIND.obstacles(Order.objects.get(pk=order.pk))


def chips(one: BankCard) -> list[str]:
    row = BankCard.objects.for_cards().get(pk=one.pk)
    return [chip.word for chip in words_of_cards([row], day(0))[row.pk].chips]


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


# --- What the approval changes ----------------------------------------------------------------------------------------
def test_approval_makes_mentors_and_writes_it_everywhere(mentor, people) -> None:
    Participant.objects.filter(pk=mentor.pk).update(user=people.teacher)
    one = ready(mentor, people)
    before = list(BankCard.objects.never_appointed())
    order = submitted(people, mentor, until=day(100).isoformat())
    assert (KIND.effects(order)[0], chips(one)) == (
        f"{WHO}: наставник с {day(0):%d.%m.%Y} по {day(100):%d.%m.%Y}.",
        ["отобран"],
    )
    approve(order, people)
    [found] = appointments_of([mentor])[mentor.pk]
    assert (found.order, found.since, found.until, found.requisites) == (
        order.pk,
        day(0),
        day(100),
        order.requisites,
    )
    assert (before, list(BankCard.objects.never_appointed())) == ([one], [])
    assert chips(one) == ["отобран", "назначен наставником"]
    assert JournalEntry.objects.about(one).filter(event="mentorship.mentor.appoint").get().text == (
        f"Назначен наставником с {day(0):%d.%m.%Y} по {day(100):%d.%m.%Y} приказом {order.requisites}."
    )
    assert Letter.objects.filter(user=people.teacher, subject="Вы назначены наставником").count() == 1
    assert list(Acquaintance.objects.filter(order=order).values_list("name", flat=True)) == [mentor.full_name]
    assert orders_about(mentor) == [order]


def test_appointment_from_a_later_day_is_told_so(mentor, people) -> None:
    one = ready(mentor, people)
    approve(submitted(people, mentor, effective_on=day(5).isoformat()), people)
    assert chips(one) == ["отобран", f"назначен наставником с {day(5):%d.%m.%Y}"]


def test_appointment_ends_with_its_term_and_with_leaving(mentor, people) -> None:
    one = ready(mentor, people)
    approve(submitted(people, mentor, until=day(10).isoformat()), people)
    [found] = appointments_of([mentor])[mentor.pk]
    assert [found.holds_on(day(offset)) for offset in (-1, 0, 10, 11)] == [False, True, True, False]
    Participant.objects.filter(pk=mentor.pk).update(left_on=day(-1))
    assert chips(one) == ["отобран"]


def test_merged_card_keeps_the_appointment(mentor, second, people) -> None:
    ready(mentor, people)
    approve(submitted(people, mentor), people)
    Participant.objects.filter(pk=second.pk).update(former_keys=[mentor.pk])
    second.refresh_from_db()
    assert [len(found) for found in appointments_of([second]).values()] == [1]


def test_cancellation_ends_the_appointment_and_deletes_nothing(mentor, mentee, people) -> None:
    Participant.objects.filter(pk=mentor.pk).update(user=people.teacher)
    one = ready(mentor, people)
    order = approve(submitted(people, mentor), people)
    pair = pair_of(mentor, mentee, people, "active")
    assert KIND.closing(order, day(3)) == [
        f"{WHO}: назначение наставником прекратится с {day(3):%d.%m.%Y}.",
        f"Пара {pair.title} останется: её прекращает отмена приказа о её закреплении.",
    ]
    cancelled(people, order, on=3)
    [found] = appointments_of([mentor])[mentor.pk]
    assert [found.holds_on(day(offset)) for offset in (0, 2, 3)] == [True, True, False]
    assert JournalEntry.objects.about(one).filter(event="mentorship.mentor.end").get().text == (
        f"С {day(3):%d.%m.%Y} больше не наставник: приказ {order.requisites} отменён."
    )
    assert Letter.objects.filter(user=people.teacher, subject="Назначение наставником отменено").count() == 1
    assert again(started(people, mentor, effective_on=day(3).isoformat())) == []


def test_without_the_cancellation_the_appointment_holds(mentor, people) -> None:
    one = ready(mentor, people)
    order = approve(submitted(people, mentor), people)
    assert appointments_of([mentor])[mentor.pk][0].holds_on(day(3))
    cancelled(people, order)
    assert (chips(one), list(BankCard.objects.never_appointed())) == (["отобран"], [one])
    OrderLink.objects.all().delete()
    assert chips(one) == ["отобран", "назначен наставником"]


def test_effects_belong_to_the_head_alone(mentor, people) -> None:
    ready(mentor, people)
    order = submitted(people, mentor)
    with pytest.raises(Forbidden):
        appoint_mentors(order=order, people=[mentor], term="", obstacles=[], actor=people.curator)
    with pytest.raises(Forbidden):
        end_appointments(order=order, people=[mentor], since=day(0), actor=people.curator)


def test_approval_locks_people_before_cards(mentor, people) -> None:
    ready(mentor, people)
    order = started(people, mentor)
    with CaptureQueriesContext(connection) as captured:
        KIND.lock(order)
    locked = [query["sql"].rsplit(" OF ", 1)[-1] for query in captured.captured_queries if " OF " in query["sql"]]
    assert locked == ['"mentorship_participant"', '"mentorship_bankcard"']


# --- Publication ------------------------------------------------------------------------------------------------------
def test_redaction_names_only_those_who_agreed_and_nobody_s_terms(mentor, mentee, people) -> None:
    ready(mentor, people)
    ready(mentee, people)
    facts = started(people, mentor, mentee).facts
    told = ("Вереск", "Ольхин", "математики", "разбор уроков", "оклада")
    assert [text for text in told if text not in json.dumps(facts, ensure_ascii=False)] == []
    hidden = json.dumps(KIND.redact(facts, frozenset()), ensure_ascii=False)
    partly = json.dumps(KIND.redact(facts, frozenset({mentor.pk})), ensure_ascii=False)
    assert [[text for text in told if text in found] for found in (hidden, partly)] == [[], ["Вереск", "математики"]]


# --- Pages ------------------------------------------------------------------------------------------------------------
def test_form_offers_those_in_the_bank_and_not_appointed(mentor, mentee, second, people, client_of) -> None:
    ready(mentor, people)
    ready(mentee, people)
    ready(second, people, "candidate")
    approve(submitted(people, mentee), people)
    page = client_of(people.curator).get(f"{reverse('order_draft', args=['mentors'])}?people={mentor.pk}")
    field = page.context["form"].fields["people"]
    assert [field.label_from_instance(one) for one in field.queryset] == [
        "Верескова Алла Петровна, учитель математики — отобран"
    ]
    assert page.context["form"]["people"].value() == [str(mentor.pk)]


def test_form_makes_the_draft_and_keeps_what_it_names(mentor, people, client_of) -> None:
    ready(mentor, people)
    client, url = client_of(people.curator), reverse("order_draft", args=["mentors"])
    data = {"title": "О наставниках", "purpose": "В целях поддержки", "control": "self", "until": day(-1).isoformat()}
    errors = client.post(url, data).context["form"].errors
    assert errors == {
        "people": ["Отметьте хотя бы одного человека."],
        "until": [f"Последний день раньше первого, {day(0):%d.%m.%Y}: исправьте один из них."],
    }
    client.post(url, {**data, "people": [mentor.pk], "until": day(90).isoformat(), "need_interview": "on"})
    order = Order.objects.get(kind="mentors")
    assert [order.params[name] for name in ("people", "until", "need_interview")] == [
        [mentor.pk],
        day(90).isoformat(),
        True,
    ]
    BankCard.objects.update(state="archived")
    form = client.get(reverse("order_params", args=[order.pk])).context["form"]
    assert list(form.fields["people"].queryset) == [mentor]


def test_year_of_the_term_is_checked(mentor, people, client_of) -> None:
    ready(mentor, people)
    data = {"title": "О", "purpose": "В целях", "control": "self", "people": [mentor.pk], "until": "9999-01-01"}
    form = client_of(people.curator).post(reverse("order_draft", args=["mentors"]), data).context["form"]
    assert form.errors == {"until": ["Проверьте год: такого срока быть не может."]}


def test_bank_pages_lead_to_the_order(mentor, people, client_of) -> None:
    one = ready(mentor, people)
    draft_url = reverse("order_draft", args=["mentors"])
    pages = [f"{reverse('bank_list')}?role=mentor", reverse("bank_detail", args=[one.pk])]
    links = [f'href="{draft_url}"', f'href="{draft_url}?people={mentor.pk}"']

    def shown(who: Any) -> list[bool]:
        client = client_of(who)
        return [link in client.get(url).content.decode() for url, link in zip(pages, links, strict=True)]

    assert (shown(people.curator), shown(people.director)) == ([True, True], [False, False])
    order = approve(submitted(people, mentor), people)
    assert shown(people.curator) == [True, False]
    text = client_of(people.curator).get(pages[1]).content.decode()
    assert f'<a href="{reverse("order_detail", args=[order.pk])}">приказ {order.requisites}</a>' in text
    mentees = client_of(people.curator).get(f"{reverse('bank_list')}?role=mentee").content.decode()
    assert draft_url not in mentees


@pytest.mark.parametrize(("who", "status"), [("teacher", 403), ("director", 403), ("curator", 200)])
def test_draft_is_started_by_those_who_draft_orders(people, client_of, reference, who: str, status: int) -> None:
    url = reverse("order_draft", args=["mentors"])
    assert client_of(getattr(people, who)).get(url).status_code == status


def test_pairs_need_no_appointment_first(pair, people) -> None:
    """Fixing a pair names its mentor already: a school may do with that order alone."""
    assert not any("назнач" in reason for reason in kind_of("pairs").obstacles(draft(people, pair)))
