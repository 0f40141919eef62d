"""The order that fixes pairs: what forbids it, what it says, what its approval changes, what the public sees."""

from __future__ import annotations

import json

import pytest
from django.urls import reverse

from accounts.models import Letter
from core.models import JournalEntry
from core.transitions import Refused, obstacles_of
from mentorship.models import ConsentKind, Pair, PairState
from mentorship.order_kinds.names import doubtful_people
from mentorship.services.consents import withdraw_consent
from mentorship.services.pairs import dissolve_pair
from orders.kinds import kind_of
from orders.models import Order, OrderState
from orders.services import change_params, delete_draft, draft_order, submit_order
from orders.services.drafting import clause_lines
from orders.services.words import name_obstacles, words_in
from tests.mentorship.builders import (
    agree_all,
    approve,
    card,
    day,
    draft,
    form_pair,
    params,
    regulation,
    submitted,
    word,
)

MENTOR, MENTEE = "Верескова\u00a0А.\u00a0П.", "Ольхин\u00a0Б.\u00a0В."
KIND = kind_of("pairs")


def texts(order: Order) -> list[str]:
    return list(order.clauses.filter(fact__startswith="pair.").values_list("text", flat=True))


# --- What it says -----------------------------------------------------------------------------------------------------
def test_order_names_people_in_the_right_cases(pair: Pair, people) -> None:
    order = draft(people, pair)
    term = f"с {pair.starts_on:%d.%m.%Y} по {pair.ends_on:%d.%m.%Y}"
    assert texts(order) == [
        f"Верескову Аллу Петровну, учителя математики, — за Ольхиным Борисом Викторовичем (учителем физики), {term}."
    ]


def test_order_of_a_group_names_every_mentee(mentor, mentee, second, people) -> None:
    group = form_pair(mentor, [mentee, second], people.curator)
    [text] = texts(draft(people, group))
    assert "за Ольхиным Борисом Викторовичем (учителем физики) и Осокиной Марией Ильиничной (учителем музыки)," in text


def test_confirmed_forms_win_over_the_grammar(pair: Pair, people) -> None:
    pair.mentor.forms["accusative"] = "Вереск Аллу Петровну"
    pair.mentor.save(update_fields=["forms"])
    assert texts(draft(people, pair))[0].startswith("Вереск Аллу Петровну, учителя")


def test_facts_carry_terms_and_consents(pair: Pair, people) -> None:
    agree_all(pair, people.curator)
    facts = draft(people, pair).facts
    signed = f"{day(-20):%d.%m.%Y}"
    said = facts["pairs"][0]
    assert [person["number"] for person in facts["people"]] == [pair.mentor_id, pair.mentees[0].pk]
    assert {key: said[key] for key in ("form", "kinds", "direction", "basis")} == {
        "form": "педагог – молодой педагог",
        "kinds": ["традиционное (один на один)"],
        "direction": "вхождение в профессию",
        "basis": [
            {"number": pair.mentor_id, "who": MENTOR, "what": "работа наставником", "date": signed},
            {"number": pair.mentees[0].pk, "who": MENTEE, "what": "участие в паре", "date": signed},
        ],
    }


def test_facts_cost_as_many_queries_for_three_pairs_as_for_one(
    pair: Pair, second, school, people, django_assert_num_queries
) -> None:
    others = [form_pair(second, [card(school, f"{name} Пётр Ильич")], people.curator) for name in ("Ивин", "Осин")]
    for order in (draft(people, pair), draft(people, *others)):
        with django_assert_num_queries(8):
            KIND.facts(order)


def test_sample_reads_as_an_order() -> None:
    lines = clause_lines("pairs", {**KIND.sample(), "control": "Контроль оставляю за собой."})
    assert [line.fact for line in lines] == ["pairs", "pair.1", "pair.2", "programmes", "control"]
    assert json.loads(json.dumps(KIND.sample())) == KIND.sample()


# --- What forbids it --------------------------------------------------------------------------------------------------
def test_everything_missing_is_named(pair: Pair, people) -> None:
    order = draft(people, pair)
    with pytest.raises(Refused) as refusal:
        submit_order(order=order, actor=people.curator)
    assert refusal.value.obstacles == [
        f"Положение о наставничестве на {day(0):%d.%m.%Y} не введено в действие: сначала утвердите приказ о нём.",
        f"Нет согласия: {MENTOR} — обработка персональных данных.",
        f"Нет согласия: {MENTEE} — обработка персональных данных.",
        f"Нет согласия: {MENTOR} — работа наставником.",
        f"Нет согласия: {MENTEE} — участие в паре.",
    ]


def test_order_without_pairs_is_refused(pair: Pair, people) -> None:
    order = draft(people, pair)
    change_params(order=order, params=params(), actor=people.curator)
    assert KIND.obstacles(order) == ["Выберите пары, которые закрепляет приказ."]


def test_doubtful_name_is_refused_until_somebody_has_looked(pair: Pair, people) -> None:
    person = pair.mentor
    person.surname, person.forms_checked = "Кваша", False
    person.save(update_fields=["surname", "forms_checked"])
    order = submitted_but(pair, people)
    name = "Кваша Алла Петровна"
    assert KIND.obstacles(order) == [
        f"Не проверено, как склоняется имя: {name}. Откройте карточку и подтвердите формы имени."
    ]
    person.forms_checked = True
    person.save(update_fields=["forms_checked"])
    assert KIND.obstacles(order) == []


def test_doubtful_name_in_the_text_leads_to_the_card_until_somebody_has_looked(pair: Pair, people) -> None:
    person = pair.mentor
    person.surname, person.forms, person.forms_checked = "Кваша", {}, False
    person.save(update_fields=["surname", "forms", "forms_checked"])
    order = submitted_but(pair, people)
    (clause,) = order.clauses.filter(fact=f"pair.{pair.pk}")
    words = words_in(order, [clause])[0]
    assert [(one.form, one.url) for one in words if one.doubts] == [
        ("Квашу Аллу Петровну", reverse("participant_forms", args=[person.pk]))
    ]
    assert name_obstacles(order) == KIND.obstacles(order)
    person.forms_checked = True
    person.save(update_fields=["forms_checked"])
    assert [one.form for one in words_in(order, [clause])[0] if one.doubts] == []


def test_doubts_about_a_card_of_another_school_are_not_told(pair: Pair, people, other_school) -> None:
    person = pair.mentor
    person.surname, person.forms_checked = "Кваша", False
    person.save(update_fields=["surname", "forms_checked"])
    order = submitted_but(pair, people)
    assert list(doubtful_people(order, frozenset({person.pk}))) == [person.pk]
    order.organisation = other_school
    assert doubtful_people(order, frozenset({person.pk})) == {}


def submitted_but(pair: Pair, people) -> Order:
    """A draft that lacks nothing but what the test has spoilt."""
    regulation(pair.organisation, people)
    agree_all(pair, people.curator)
    return draft(people, pair)


def test_consent_withdrawn_after_submission_forbids_approval(pair: Pair, people) -> None:
    order = submitted(people, pair)
    consent = pair.mentees[0].consents.get(kind=ConsentKind.PAIR)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    with pytest.raises(Refused) as refusal:
        approve(order, people)
    assert refusal.value.obstacles == [f"Нет согласия: {MENTEE} — участие в паре."]
    assert (Pair.objects.get().state, Order.objects.get(pk=order.pk).number) == (PairState.FORMING, None)


def test_order_dated_before_a_consent_is_refused(pair: Pair, people) -> None:
    """The consents are alive today, but not yet on the day that the head writes."""
    order = submitted(people, pair)
    with pytest.raises(Refused) as refusal:
        approve(order, people, on=day(-21))
    assert refusal.value.obstacles[0] == f"Нет согласия: {MENTOR} — обработка персональных данных."
    assert (Pair.objects.get().state, Order.objects.get(pk=order.pk).state) == (PairState.FORMING, OrderState.SUBMITTED)


def test_order_dated_before_the_regulation_is_refused(pair: Pair, people) -> None:
    order = submitted(people, pair)
    with pytest.raises(Refused, match="не введено в действие"):
        approve(order, people, on=day(-95))


def test_regulation_of_another_school_is_not_ours(pair: Pair, people, other_school) -> None:
    regulation(other_school, people)
    assert any("не введено в действие" in reason for reason in KIND.obstacles(draft(people, pair)))


def test_pair_held_by_another_draft_cannot_be_taken(pair: Pair, people) -> None:
    draft(people, pair)
    with pytest.raises(Refused, match="уже держит другой приказ"):
        draft(people, pair)


def test_pair_of_another_school_cannot_be_taken(pair: Pair, people, other_school) -> None:
    order = draft_order(organisation=other_school, kind="pairs", params=params(pair), actor=people.stranger)
    pair.refresh_from_db()
    assert (pair.order, order.facts["pairs"]) == (None, [])


def test_pair_changed_behind_the_frozen_text_forbids_approval(pair: Pair, people) -> None:
    order = submitted(people, pair)
    Pair.objects.filter(pk=pair.pk).update(ends_on=day(150))
    with pytest.raises(Refused, match="пара изменилась после передачи приказа"):
        approve(order, people)


def test_wrong_term_forbids_the_order_whatever_way_it_came(pair: Pair, people) -> None:
    """The same law as on the page of the pair."""
    Pair.objects.filter(pk=pair.pk).update(ends_on=day(20))
    order = submitted_but(pair, people)
    [obstacle] = KIND.obstacles(order)
    assert obstacle.startswith(f"{MENTOR} — {MENTEE}: Срок короче трёх месяцев")


# --- Holding and letting go -------------------------------------------------------------------------------------------
def test_draft_holds_and_deletion_lets_go(pair: Pair, people) -> None:
    order = draft(people, pair)
    pair.refresh_from_db()
    assert pair.order == order
    delete_draft(order=order, actor=people.curator)
    pair.refresh_from_db()
    assert pair.order is None
    dissolve_pair(pair=pair, actor=people.curator, reason="так")
    held = JournalEntry.objects.about(pair).filter(event="mentorship.pair.hold").order_by("pk")
    assert [entry.text for entry in held] == [
        "Пара включена в документ: Проект приказа «О закреплении наставнических пар».",
        "Пара больше не в проекте приказа «О закреплении наставнических пар».",
    ]


def test_pair_taken_out_of_the_draft_is_free(pair: Pair, second, people) -> None:
    other = form_pair(second, pair.mentees, people.curator)
    order = draft(people, pair, other)
    change_params(order=order, params=params(other), actor=people.curator)
    assert {one.pk: one.order_id for one in Pair.objects.all()} == {pair.pk: None, other.pk: order.pk}


# --- Approval ---------------------------------------------------------------------------------------------------------
def test_approval_brings_the_pair_into_force_and_tells_its_people(pair: Pair, people) -> None:
    mentee = pair.mentees[0]
    mentee.user = people.teacher
    mentee.save(update_fields=["user"])
    order = approve(submitted(people, pair), people)
    pair.refresh_from_db()
    assert (pair.state, pair.order, pair.is_in_force_on(day(0))) == (PairState.ACTIVE, order, True)
    letter = Letter.objects.get(user=people.teacher)
    assert (letter.subject, letter.path) == ("Пара закреплена приказом", reverse("pair_detail", args=[pair.pk]))
    assert "ваш наставник — Верескова Алла Петровна" in letter.body
    assert JournalEntry.objects.about(pair).first().text == f"Пара закреплена приказом {order.requisites}."


def test_approved_order_keeps_the_surname_of_its_day(pair: Pair, people) -> None:
    order = approve(submitted(people, pair), people)
    pair.mentor.surname = "Новая"
    pair.mentor.save(update_fields=["surname"])
    stored = Order.objects.get(pk=order.pk)
    assert stored.facts["pairs"][0]["mentor"]["full"]["accusative"] == "Верескову Аллу Петровну"
    assert texts(stored)[0].startswith("Верескову Аллу Петровну")


def test_letter_of_a_pair_that_starts_later_leads_to_an_open_page(mentor, mentee, people) -> None:
    mentee.user = people.teacher
    mentee.save(update_fields=["user"])
    pair = form_pair(mentor, [mentee], people.curator, starts_on=day(10))
    approve(submitted(people, pair), people)
    assert Letter.objects.get(user=people.teacher).path == reverse("home")


def test_two_orders_with_one_period_are_refused_in_words(pair: Pair, people) -> None:
    twin = form_pair(pair.mentor, pair.mentees, people.curator)
    first, other = submitted(people, pair), submitted(people, twin)
    approve(first, people, "1")
    with pytest.raises(Refused, match="уже закреплены"):
        approve(other, people, "2")
    assert {one.pk: one.state for one in Pair.objects.all()} == {pair.pk: "active", twin.pk: "forming"}


def test_one_order_with_one_period_twice_is_refused_in_words(pair: Pair, people) -> None:
    twin = form_pair(pair.mentor, pair.mentees, people.curator)
    with pytest.raises(Refused, match="уже закреплены"):
        approve(submitted(people, pair, twin), people)
    assert {one.state for one in Pair.objects.all()} == {"forming"}


def test_effects_are_told_before_approval(pair: Pair, people) -> None:
    assert KIND.effects(submitted(people, pair)) == [
        f"Пара {MENTOR} — {MENTEE} начнёт работу с {day(-10):%d.%m.%Y} и будет действовать по {day(200):%d.%m.%Y}.",
        "Наставники и наставляемые получат письма.",
    ]


def test_obstacles_are_those_of_the_step(pair: Pair, people) -> None:
    order = submitted(people, pair)
    assert obstacles_of(order, "approve") == []


# --- Publication ------------------------------------------------------------------------------------------------------
def test_redaction_leaves_no_name_without_consent(mentor, mentee, second, people) -> None:
    group = form_pair(mentor, [mentee, second], people.curator)
    agree_all(group, people.curator)
    facts = draft(people, group).facts
    hidden = json.dumps(KIND.redact(facts, frozenset()), ensure_ascii=False)
    assert [name for name in ("Вереск", "Ольхин", "Осокин", "математики", "физики") if name in hidden] == []
    partly = KIND.redact(facts, frozenset({second.pk}))
    lines = {line.fact: line.text for line in clause_lines("pairs", {**facts, **partly})}
    term = f"с {day(-10):%d.%m.%Y} по {day(200):%d.%m.%Y}"
    assert lines[f"pair.{group.pk}"] == (
        f"наставника — за наставляемым и Осокиной Марией Ильиничной (учителем музыки), {term}."
    )
    assert KIND.redact(facts, frozenset({mentor.pk, mentee.pk, second.pk})) == facts


# --- The form ---------------------------------------------------------------------------------------------------------
def test_draft_page_offers_free_pairs_and_prefills(pair: Pair, second, other_school, people, client_of) -> None:
    taken = form_pair(second, pair.mentees, people.curator)
    draft(people, taken)
    stranger = form_pair(
        card(other_school, "Чужестранов Фома Игоревич"), [card(other_school, "Канарейкин Пётр Ильич")], people.stranger
    )
    url = reverse("order_draft", args=["pairs"])
    response = client_of(people.curator).get(f"{url}?pairs={pair.pk}")
    form = response.context["form"]
    assert list(form.fields["pairs"].queryset) == [pair]
    assert form["pairs"].value() == [str(pair.pk)]
    posted = {**params(stranger), "effective_on": ""}
    refused = client_of(people.curator).post(url, posted)
    assert (refused.status_code, Order.objects.filter(organisation=pair.organisation).count()) == (200, 1)


def test_draft_page_makes_the_draft(pair: Pair, people, client_of) -> None:
    url = reverse("order_draft", args=["pairs"])
    response = client_of(people.curator).post(url, {**params(pair), "effective_on": ""})
    order = Order.objects.get()
    assert (response.status_code, order.params["pairs"], Pair.objects.get().order) == (302, [pair.pk], order)


def test_draft_page_asks_for_a_pair(pair: Pair, people, client_of) -> None:
    url = reverse("order_draft", args=["pairs"])
    data = {**params(), "effective_on": ""}
    response = client_of(people.curator).post(url, data)
    assert (response.status_code, "Отметьте хотя бы одну пару." in response.content.decode()) == (200, True)


def test_order_page_shows_the_appendix(pair: Pair, people, client_of) -> None:
    order = submitted(people, pair)
    html = client_of(people.director).get(reverse("order_detail", args=[order.pk])).content.decode()
    shown = [words in html for words in ("Наставнические пары и группы", "Верескова Алла Петровна, учитель математики")]
    assert shown == [True, True]


def test_directions_differ_but_people_may_repeat(pair: Pair, people) -> None:
    other = form_pair(pair.mentor, pair.mentees, people.curator, direction=word("direction", "parents"))
    approve(submitted(people, pair, other), people)
    assert {one.state for one in Pair.objects.all()} == {"active"}
