"""The order that approves banks: what forbids it, what it says, what its approval fixes, what the public sees."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.documents.blocks import plain_text
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import BankRole, BankSnapshot, Consent, Participant
from mentorship.services.consents import withdraw_consent
from mentorship.services.merging_checks import orders_about
from mentorship.services.snapshots import delete_snapshot
from orders.documents import order_blocks
from orders.kinds import kind_of
from orders.models import Acquaintance, Order, OrderState
from orders.services import change_params, delete_draft, draft_order, submit_order
from orders.services.drafting import clause_lines
from tests.mentorship.appointing import cancelled
from tests.mentorship.builders import approve, card, day
from tests.mentorship.federal import banked, draft, params, snapshot, submitted
from tests.mentorship.test_constraints import without_trigger

KIND = kind_of("bank")
TODAY = f"{day(0):%d.%m.%Y}"


@pytest.fixture
def mentors(mentor, second, people, school) -> BankSnapshot:
    mentor.phone = "+7 900 000-00-01"
    mentor.save(update_fields=["phone"])
    banked(mentor, BankRole.MENTOR, people, time_resource="2 часа в неделю")
    banked(second, BankRole.MENTOR, people)
    return snapshot(people, school)


@pytest.fixture
def mentees(mentee, people, school) -> BankSnapshot:
    banked(mentee, BankRole.MENTEE, people, request="дисциплина на уроке")
    return snapshot(people, school, BankRole.MENTEE)


def test_order_lists_the_banks_with_their_days_and_sizes(mentors, mentees, people) -> None:
    order = draft(people, mentees, mentors)
    texts = list(order.clauses.filter(fact__startswith="bank.").values_list("text", flat=True))
    assert texts == [
        f"банк наставников по состоянию на {TODAY}, 2 человека (приложение\u00a01);",
        f"банк наставляемых по состоянию на {TODAY}, 1 человек (приложение\u00a02).",
    ]


def test_appendix_prints_posts_and_needs_but_no_contacts(mentors, mentees, people) -> None:
    text = " ".join(plain_text(order_blocks(draft(people, mentors, mentees))).split())
    shown = ["1 Верескова Алла Петровна учитель математики", "2 часа в неделю", "учитель физики дисциплина на уроке"]
    assert [words for words in shown if words in text] == shown
    assert "900" not in text
    assert "дата подпись" not in text


def test_facts_cost_the_same_for_any_number_of_people(mentors, people, school, django_assert_num_queries) -> None:
    order = draft(people, mentors)
    for number in range(3):
        banked(card(school, f"Ивин{'а' * number} Пётр Ильич"), BankRole.MENTOR, people)
    other = draft(people, snapshot(people, school))
    for one in (order, other):
        with django_assert_num_queries(6):
            KIND.facts(one)


def test_name_of_the_snapshot_wins_over_a_later_one(mentors, mentor, people) -> None:
    Participant.objects.filter(pk=mentor.pk).update(surname="Новая")
    [bank] = draft(people, mentors).facts["banks"]
    assert bank["rows"][0]["person"]["full"]["accusative"] == "Верескову Аллу Петровну"


def test_sample_reads_as_an_order() -> None:
    lines = clause_lines("bank", {**KIND.sample(), "control": "Контроль оставляю за собой."})
    assert [line.fact for line in lines] == ["approve", "bank.1", "bank.2", "use", "actual", "control"]
    assert json.loads(json.dumps(KIND.sample())) == KIND.sample()


# --- What forbids it --------------------------------------------------------------------------------------------------
def test_order_without_snapshots_is_refused(mentors, people) -> None:
    order = draft(people, mentors)
    change_params(order=order, params=params(), actor=people.curator)
    assert KIND.obstacles(order) == ["Выберите снимки, которые утверждает приказ."]


def test_empty_snapshot_is_refused(mentors, people) -> None:
    with without_trigger("mentorship_banksnapshot", "bank_snapshot_is_kept"):
        BankSnapshot.objects.update(rows=[], people=[])
    assert KIND.obstacles(draft(people, BankSnapshot.objects.get())) == [
        f"Банк наставников на {TODAY}: в снимке нет ни одной строки. Составьте новый."
    ]


def test_person_who_withdrew_since_forbids_the_order(mentors, mentor, people) -> None:
    order = submitted(people, mentors)
    consent = Consent.objects.get(participant=mentor, kind="processing")
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    with pytest.raises(Refused) as refusal:
        approve(order, people)
    assert refusal.value.obstacles == [
        f"Банк наставников на {TODAY}: Верескова Алла Петровна — больше нет согласия на обработку данных. "
        "Составьте новый снимок и выберите его."
    ]


def test_order_dated_before_the_snapshot_is_refused(mentors, people) -> None:
    with pytest.raises(Refused, match="не может быть датирован раньше снимка"):
        approve(submitted(people, mentors), people, on=day(-1))


def test_snapshot_of_another_draft_cannot_be_taken(mentors, people) -> None:
    draft(people, mentors)
    with pytest.raises(Refused, match="уже держит другой приказ"):
        draft(people, mentors)


def test_snapshot_that_another_order_has_approved_is_an_obstacle(mentors, people) -> None:
    first = approve(submitted(people, mentors), people)
    order = Order.objects.get(pk=first.pk)
    order.pk, order.state, order.date = None, OrderState.DRAFT, None
    [obstacle] = KIND.obstacles(order)
    assert "уже утверждён" in obstacle


def test_snapshot_of_another_school_cannot_be_taken(mentors, people, other_school) -> None:
    order = draft_order(organisation=other_school, kind="bank", params=params(mentors), actor=people.stranger)
    mentors.refresh_from_db()
    assert (mentors.order, order.facts["banks"]) == (None, [])


# --- Holding, letting go, approving -----------------------------------------------------------------------------------
def test_draft_holds_and_deletion_lets_go(mentors, people) -> None:
    order = draft(people, mentors)
    mentors.refresh_from_db()
    assert mentors.order == order
    delete_draft(order=order, actor=people.curator)
    mentors.refresh_from_db()
    assert mentors.order is None
    held = JournalEntry.objects.about(mentors).filter(event="mentorship.snapshot.hold").order_by("pk")
    assert [entry.text for entry in held] == [
        "Снимок включён в документ: Проект приказа «Об утверждении банков».",
        "Снимок больше не в проекте приказа «Об утверждении банков».",
    ]


def test_snapshot_taken_out_of_the_draft_is_free(mentors, mentees, people) -> None:
    order = draft(people, mentors, mentees)
    change_params(order=order, params=params(mentees), actor=people.curator)
    assert {one.pk: one.order_id for one in BankSnapshot.objects.all()} == {mentors.pk: None, mentees.pk: order.pk}


def test_approval_fixes_the_snapshot_for_good(mentors, people) -> None:
    order = approve(submitted(people, mentors), people)
    mentors.refresh_from_db()
    assert (mentors.is_approved, mentors.order) == (True, order)
    assert list(BankSnapshot.objects.approved()) == [mentors]
    assert JournalEntry.objects.about(mentors).first().text == f"Снимок утверждён приказом {order.requisites}."
    with pytest.raises(Refused):
        delete_snapshot(snapshot=mentors, actor=people.curator)


def test_approval_locks_people_before_snapshots(mentors, people) -> None:
    """A consent of theirs is withdrawn before the approval or after it, never meanwhile."""
    order = draft(people, mentors)
    with CaptureQueriesContext(connection) as captured:
        KIND.lock(order)
    locked = [query["sql"] for query in captured.captured_queries if "FOR" in query["sql"].split("ORDER BY")[-1]]
    assert [sql.rsplit(" OF ", 1)[-1] for sql in locked] == ['"mentorship_participant"', '"mentorship_banksnapshot"']


def test_effects_are_told_before_approval(mentors, people) -> None:
    assert KIND.effects(submitted(people, mentors)) == [
        f"Банк наставников на {TODAY} станет утверждённым: 2 человека. Снимок больше нельзя удалить."
    ]


# --- Who reads it, and what its cancellation ends ---------------------------------------------------------------------
def names_of_readers(order: Order) -> list[str]:
    return list(Acquaintance.objects.filter(order=order).values_list("name", flat=True))


def test_curator_reads_the_order_and_the_listed_need_not(mentors, people, school) -> None:
    keeper = card(school, "Лебедева Ольга Викторовна", "заместитель директора", user=people.curator)
    order = approve(submitted(people, mentors), people)
    assert names_of_readers(order) == [keeper.full_name]
    assert [one["number"] for one in order.facts["people"]] == [keeper.pk]


def test_responsible_person_reads_it_instead(mentors, people, school) -> None:
    card(school, "Лебедева Ольга Викторовна", "заместитель директора", user=people.curator)
    order = draft(people, mentors)
    person = {"responsible_name": "Рябинина Анна Сергеевна", "responsible_post": "методист"}
    change_params(order=order, params={**params(mentors), **person}, actor=people.curator)
    submit_order(order=order, actor=people.curator)
    approve(order, people)
    assert names_of_readers(order) == ["Рябинина Анна Сергеевна"]


def test_merging_finds_the_order_by_the_listed_and_by_the_keeper(mentors, mentor, mentee, people, school) -> None:
    keeper = card(school, "Лебедева Ольга Викторовна", "заместитель директора", user=people.curator)
    order = draft(people, mentors)
    assert [orders_about(one) for one in (mentor, keeper, mentee)] == [[order], [order], []]


def test_cancelled_order_leaves_the_snapshot_unapproved(mentors, people, client_of) -> None:
    order = approve(submitted(people, mentors), people)
    assert KIND.closing(order, day(0)) == [
        f"Банк наставников на {TODAY} больше не будет утверждённым. Чтобы утвердить банк, составьте новый снимок."
    ]
    client = client_of(people.curator)
    pages = [reverse("snapshot_list"), reverse("snapshot_detail", args=[mentors.pk])]
    before = ["приказ отменён" in client.get(url).content.decode() for url in pages]
    cancelled(people, order)
    after = ["приказ отменён" in client.get(url).content.decode() for url in pages]
    assert (before, after, BankSnapshot.objects.count()) == ([False, False], [True, True], 1)
    assert JournalEntry.objects.about(mentors).filter(event="mentorship.snapshot.cancel").count() == 1


# --- Publication ------------------------------------------------------------------------------------------------------
def test_redaction_names_only_those_who_agreed(mentors, mentees, mentor, people) -> None:
    facts = draft(people, mentors, mentees).facts
    hidden = json.dumps(KIND.redact(facts, frozenset()), ensure_ascii=False)
    told = ("Вереск", "Ольхин", "Осокин", "математики", "дисциплина", "2 часа")
    assert [text for text in told if text in hidden] == []
    partly = json.dumps(KIND.redact(facts, frozenset({mentor.pk})), ensure_ascii=False)
    assert [text for text in told if text in partly] == ["Вереск", "математики"]


# --- The form ---------------------------------------------------------------------------------------------------------
def test_draft_page_offers_free_snapshots_and_prefills(mentors, mentees, people, client_of) -> None:
    draft(people, mentees)
    url = reverse("order_draft", args=["bank"])
    form = client_of(people.curator).get(f"{url}?snapshots={mentors.pk}").context["form"]
    assert list(form.fields["snapshots"].queryset) == [mentors]
    assert form["snapshots"].value() == [str(mentors.pk)]


def test_draft_page_makes_the_draft_or_asks_for_a_snapshot(mentors, people, client_of) -> None:
    url, client = reverse("order_draft", args=["bank"]), client_of(people.curator)
    empty = client.post(url, {**params(), "effective_on": ""})
    assert (empty.status_code, "Отметьте хотя бы один снимок." in empty.content.decode()) == (200, True)
    response = client.post(url, {**params(mentors), "effective_on": ""})
    order = Order.objects.get()
    assert (response.status_code, order.params["snapshots"], BankSnapshot.objects.get().order) == (
        302,
        [mentors.pk],
        order,
    )
    submit_order(order=order, actor=people.curator)
    assert "Банк наставников по состоянию на" in client.get(reverse("order_detail", args=[order.pk])).content.decode()
