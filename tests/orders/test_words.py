"""Names and posts in the text: which form stands where, what is in doubt, forms confirmed for later orders."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import DeclensionOverride
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from orders import kinds, services
from orders.kinds import NameCheck
from orders.models import Order, OrderState
from orders.services.drafts import LOCKED
from orders.services.words import NOT_THERE, TYPED_UNREAD, name_obstacles, words_in
from tests.orders import memo

NAME, POST = "Гуща Иван Ильич", "андрагог"
NAME_FORMS = {
    "genitive": "Гущи Ивана Ильича",
    "dative": "Гуще Ивану Ильичу",
    "accusative": "Гущу Ивана Ильича",
    "instrumental": "Гущой Иваном Ильичом",
    "prepositional": "Гуще Иване Ильиче",
}
POST_FORMS = {
    "genitive": "андрагога",
    "dative": "андрагогу",
    "accusative": "андрагога",
    "instrumental": "андрагогом-наставником",
    "prepositional": "андрагоге",
}
HARD = {"responsible_name": NAME, "responsible_post": POST}


def found(order, fact):
    """(form, case words, in doubt) of every word in a clause."""
    clause = order.clauses.get(fact=fact)
    return [(one.form, one.case_words, bool(one.doubts)) for one in words_in(order, [clause])[0]]


def confirm(order, people, kind="name", word=NAME, forms=NAME_FORMS):
    services.confirm_word(order=order, kind=kind, nominative=word, forms=forms, actor=people.curator)


def test_words_of_a_clause_are_named_with_their_cases(draft):
    order = draft(people=[2, 3])
    assert found(order, "person.2") == [
        ("Черных Максима Олеговича", "родительный или винительный", False),
        ("учителя физики", "родительный или винительный", False),
        ("Черных М. О.", "во всех падежах одинаково", False),
    ]
    assert found(order, "person.3") == [
        ("Иванову Анну Петровну", "винительный", False),
        ("учителя химии", "родительный или винительный", False),
        ("Ивановой А. П.", "родительный, дательный, творительный или предложный", False),
    ]
    assert found(order, "approve") == []


def test_words_typed_by_hand_are_found_whole_and_only_as_words(draft, people):
    order = draft(people=[3])
    clause = order.clauses.get(fact="approve")
    clause.text = "Передать Ивановой Анне Петровне, а не Иванову Аннушку Петровнуеву; учителями химии."
    assert [(one.form, one.case_words) for one in words_in(order, [clause])[0]] == [
        ("Ивановой Анне Петровне", "дательный или предложный")
    ]


def test_hard_name_and_unknown_post_are_in_doubt_until_somebody_looks(draft, people):
    order = draft(**HARD)
    assert [(form, doubt) for form, _, doubt in found(order, "responsible")] == [
        ("Гущу И. И.", True),
        (POST + "а", True),
    ]
    confirm(order, people)
    assert [(form, doubt) for form, _, doubt in found(order, "responsible")] == [
        ("Гущу И. И.", False),
        (POST + "а", True),
    ]
    confirm(order, people, "post", POST, POST_FORMS)
    assert [doubt for *_, doubt in found(order, "responsible")] == [False, False]


def test_word_of_the_dictionary_of_the_portal_is_in_no_doubt(draft):
    DeclensionOverride.objects.create(kind="name", nominative=NAME, **NAME_FORMS)
    assert [doubt for *_, doubt in found(draft(**HARD), "responsible")] == [False, True]


def test_unread_hard_name_is_neither_submitted_nor_approved(draft, people):
    order = draft(**HARD)
    sentence = TYPED_UNREAD.format(name=NAME)
    assert name_obstacles(order) == [sentence]
    with pytest.raises(Refused) as refusal:
        services.submit_order(order=order, actor=people.curator)
    assert refusal.value.obstacles == [sentence]
    Order.objects.filter(pk=order.pk).update(state=OrderState.SUBMITTED, submitted_by=people.curator)
    order.refresh_from_db()
    with pytest.raises(Refused) as refusal:
        services.approve_order(order=order, number="1-б", date=dt.date(2022, 9, 1), actor=people.director)
    assert refusal.value.obstacles == [sentence]
    assert Order.objects.get().state == OrderState.SUBMITTED


def test_unread_hard_name_would_be_approved_without_the_guard(draft, people, monkeypatch):
    monkeypatch.setattr("orders.services.approval.name_obstacles", lambda order: [])
    order = draft(**HARD)
    services.submit_order(order=order, actor=people.curator)
    services.approve_order(order=order, number="1-б", date=dt.date(2022, 9, 1), actor=people.director)
    assert Order.objects.get().state == OrderState.APPROVED


def test_confirmed_name_is_submitted_and_approved(draft, people):
    order = draft(**HARD)
    confirm(order, people)
    services.submit_order(order=order, actor=people.curator)
    services.approve_order(order=order, number="1-б", date=dt.date(2022, 9, 1), actor=people.director)
    assert Order.objects.get().state == OrderState.APPROVED


def test_unread_name_that_stands_only_in_the_nominative_is_nobodys_obstacle(draft, people):
    order = draft(**HARD)
    clause = order.clauses.get(fact="responsible")
    services.edit_clauses(order=order, texts={clause.pk: f"Ответственный — {NAME}."}, actor=people.curator)
    assert found(order, "responsible") == [(NAME, "именительный", False)]
    assert name_obstacles(order) == []


def test_name_with_a_card_is_asked_of_the_app_that_keeps_it(draft, monkeypatch):
    asked = []

    def check(order, numbers):
        asked.append(sorted(numbers))
        return {2: NameCheck(("Сомнение.",), "/card/2/")}

    monkeypatch.setattr(kinds, "NAME_CHECKS", [check])
    order = draft(people=[2, 3])
    word = words_in(order, [order.clauses.get(fact="person.2")])[0][0]
    assert (word.doubts, word.url) == (("Сомнение.",), "/card/2/")
    assert asked == [[2]]
    assert name_obstacles(order) == [
        "Не проверено, как склоняется имя: Черных Максим Олегович. Откройте карточку и подтвердите формы имени."
    ]


def test_confirmed_forms_stand_in_the_text_and_in_the_history(draft, people):
    order = draft(**HARD)
    confirm(order, people, "post", POST, {**POST_FORMS, "accusative": "  андрагога   школы "})
    order.refresh_from_db()
    assert order.clauses.get(fact="responsible").text == "Ответственным назначить Гущу\xa0И.\xa0И., андрагога школы."
    entry = JournalEntry.objects.about(order)[0]
    assert entry.text == "Проверено, как склоняется: андрагог."
    assert {change["field"]: change["new"] for change in entry.changes} == {
        "Винительный": "андрагога школы",
        "Творительный": "андрагогом-наставником",
    }


def test_confirmed_forms_hold_for_later_orders_of_the_school_and_for_other_answers(draft, people, series):
    first = draft(**HARD)
    confirm(first, people)
    confirm(first, people, "post", POST, POST_FORMS)
    later = draft(**HARD)
    assert name_obstacles(later) == []
    assert later.facts["responsible"]["short"]["instrumental"] == "Гущой\xa0И.\xa0И."
    assert later.facts["responsible"]["post"]["instrumental"] == "андрагогом-наставником"
    params = {key: value for key, value in first.params.items() if key != "words"}
    services.change_params(order=first, params={**params, "purpose": "Иная цель"}, actor=people.curator)
    assert name_obstacles(Order.objects.get(pk=first.pk)) == []


def test_confirmed_forms_stay_inside_the_school(draft, people, other_school):
    confirm(draft(**HARD), people)
    foreign = services.draft_order(
        organisation=other_school, kind=memo.CODE, params={**draft().params, **HARD}, actor=people.stranger
    )
    assert name_obstacles(foreign) == [TYPED_UNREAD.format(name=NAME)]


def test_confirmed_post_reaches_people_with_cards(draft, people, monkeypatch):
    monkeypatch.setitem(memo.PEOPLE, 2, ("Черных Максим Олегович", "m", POST))
    order = draft(people=[2])
    confirm(order, people, "post", POST, {**POST_FORMS, "accusative": "андрагога школы"})
    assert "андрагога школы" in order.clauses.get(fact="person.2").text


@pytest.mark.parametrize(
    ("kind", "word"), [("name", "Иванова Анна Петровна"), ("post", "лётчик"), ("name", "Черных Максим Олегович")]
)
def test_only_words_of_the_draft_without_a_card_are_confirmed(kind, word, draft, people):
    with pytest.raises(Refused) as refusal:
        confirm(draft(people=[2]), people, kind, word)
    assert refusal.value.obstacles == [NOT_THERE]


def test_words_are_confirmed_by_whoever_may_draft_and_while_they_may(draft, submitted, people):
    order = draft(**HARD)
    with pytest.raises(Forbidden):
        services.confirm_word(order=order, kind="name", nominative=NAME, forms=NAME_FORMS, actor=people.director)
    with pytest.raises(Refused) as refusal:
        confirm(submitted(people=[2]), people)
    assert refusal.value.obstacles == [LOCKED]
