"""The order that appoints mentors: whom it makes a mentor and until when, what the public sees, how it is reached."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from accounts.models import Letter
from accounts.permissions import Forbidden
from core.models import JournalEntry
from mentorship.models import BankCard, Consent, LegalDuty, Participant, appointments_of
from mentorship.services.appointments import appoint_mentors, end_appointments
from mentorship.services.consents import withdraw_consent
from mentorship.services.merging_checks import orders_about
from orders.kinds import kind_of
from orders.models import Acquaintance, Order, OrderLink
from tests.mentorship.appointing import KIND, WHO, again, cancelled, chips, ready, started, submitted
from tests.mentorship.bank_builders import pair_of
from tests.mentorship.builders import approve, day, draft


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


def test_withdrawn_consent_of_an_appointed_mentor_asks_for_an_order(mentor, second, people) -> None:
    """Whoever is only in the bank has nothing to be released from."""
    for person in (mentor, second):
        ready(person, people)
    approve(submitted(people, mentor), people)
    for consent in Consent.objects.filter(kind="mentor"):
        withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    duties = LegalDuty.objects.values_list("kind", "consent__participant")
    assert list(duties) == [("end_mentoring", mentor.pk)]


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
