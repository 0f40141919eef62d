"""What a list says of a bank card: stored and computed states, free places, the boundary of a year, one cost."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mentorship.models import BankCard, BankState, ConsentKind, PairState, words_of_cards
from mentorship.services.consents import withdraw_consent
from tests.mentorship.bank_builders import MENTEE, MENTOR, bank_card, consented, pair_of
from tests.mentorship.builders import agree, card, day

NO_CONSENT = ("нет согласия", "no")
WITHOUT = ("без наставника", "wait")


def chips(one: BankCard) -> list[tuple[str, str]]:
    one = BankCard.objects.for_cards().get(pk=one.pk)
    return [(chip.word, chip.kind) for chip in words_of_cards([one], day(0))[one.pk].chips]


@pytest.mark.parametrize(
    ("state", "kind", "rest"),
    [
        ("candidate", "", [NO_CONSENT]),
        ("in_bank", "ok", [NO_CONSENT]),
        ("selected", "ok", [NO_CONSENT]),
        ("trained", "ok", [NO_CONSENT]),
        ("refused", "no", []),
        ("archived", "", []),
    ],
)
def test_stored_state_comes_first(mentor, state: str, kind: str, rest: list) -> None:
    assert chips(bank_card(mentor, MENTOR, state)) == [(BankState(state).label, kind), *rest]


def test_consent_says_whether_it_was_asked_for_given_or_gone(mentor, people) -> None:
    one = bank_card(mentor)
    given = agree(mentor, ConsentKind.PROCESSING, people.curator)
    assert chips(one) == [("кандидат", "")]
    withdraw_consent(consent=given, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    assert chips(one) == [("кандидат", ""), NO_CONSENT]
    mentor.consent_requests.create(kind=ConsentKind.PROCESSING, asked_by=people.curator)
    assert chips(one) == [("кандидат", ""), ("согласие запрошено", "wait")]


@pytest.mark.parametrize(
    ("state", "starts", "ends", "leader", "learner"),
    [
        ("", -10, 200, [("в потенциальной паре", "wait")], [("в потенциальной паре", "wait"), WITHOUT]),
        (PairState.ACTIVE, -10, 200, [("в паре до", "ok")], [("в паре до", "ok")]),
        (PairState.ACTIVE, 5, 200, [("назначен приказом с", "go")], [("назначен приказом с", "go"), WITHOUT]),
        (PairState.ACTIVE, -200, -1, [("срок пары истёк", "late")], [("срок пары истёк", "late"), WITHOUT]),
        (PairState.CLOSED, -200, -1, [("программа завершена", "")], [("программа завершена", ""), WITHOUT]),
    ],
)
def test_pairs_speak_for_both_sides(mentor, mentee, people, state, starts, ends, leader, learner) -> None:
    pair_of(mentor, mentee, people, state, starts_on=day(starts), ends_on=day(ends))
    day_said = {"в паре до": day(ends), "назначен приказом с": day(starts)}

    def said(words: list) -> list:
        return [(f"{word} {day_said[word]:%d.%m.%Y}" if word in day_said else word, kind) for word, kind in words]

    found = chips(consented(mentor, people.curator)), chips(consented(mentee, people.curator, MENTEE))
    assert found == ([("в банке", "ok"), *said(leader)], [("в банке", "ok"), *said(learner)])


def test_a_pair_in_one_role_says_nothing_of_the_other(mentor, mentee, people) -> None:
    pair_of(mentor, mentee, people, PairState.ACTIVE)
    assert chips(consented(mentor, people.curator, MENTEE)) == [("в банке", "ok"), WITHOUT]


@pytest.mark.parametrize(
    ("today", "checked", "outdated"),
    [
        ("2026-11-20", "2025-11-20", False),  # 365 days
        ("2026-11-20", "2025-11-19", True),  # 366 days
        ("2028-03-01", "2027-03-01", False),  # over 29 February: a year, not 365 days
        ("2028-03-01", "2027-02-28", True),
        ("2028-02-29", "2027-02-28", False),
        ("2028-02-29", "2027-02-27", True),
    ],
)
def test_card_is_out_of_date_after_a_year_and_a_day(mentor, today: str, checked: str, outdated: bool) -> None:
    one = bank_card(mentor, state=BankState.IN_BANK, actual_on=dt.date.fromisoformat(checked))
    now = dt.date.fromisoformat(today)
    listed = BankCard.objects.outdated(now).exists()
    assert (one.is_outdated_on(now), listed) == (outdated, outdated)


@pytest.mark.parametrize("state", ["candidate", "refused", "archived"])
def test_only_cards_in_the_bank_grow_old(mentor, state: str) -> None:
    one = bank_card(mentor, MENTOR, state, actual_on=day(-1000))
    assert (one.is_outdated_on(day(0)), BankCard.objects.outdated(day(0)).exists()) == (False, False)


def test_old_and_long_term_are_told(mentor, people) -> None:
    agree(mentor, ConsentKind.PROCESSING, people.curator)
    one = bank_card(mentor, state=BankState.TRAINED, actual_on=day(-400), long_term=True)
    assert chips(one) == [("обучен", "ok"), ("сведения устарели", "late"), ("долгосрочная база", "")]


def test_free_places_count_people_not_pairs(mentor, mentee, second, people) -> None:
    one = bank_card(mentor, state=BankState.IN_BANK, capacity=2)

    def free() -> tuple[int, bool]:
        words = words_of_cards([BankCard.objects.select_related("participant").get(pk=one.pk)], day(0))
        return words[one.pk].free, BankCard.objects.with_free_places().exists()

    assert free() == (2, True)
    pair_of(mentor, mentee, people, PairState.ACTIVE)
    pair_of(mentor, mentee, people, starts_on=day(300), ends_on=day(500))
    assert free() == (1, True)
    pair_of(mentor, second, people)
    assert free() == (0, False)
    BankCard.objects.update(capacity=1)
    assert free() == (0, False)


def test_start_list_is_who_was_never_appointed(mentor, mentee, second, people) -> None:
    cards = [bank_card(one, state=BankState.IN_BANK) for one in (mentor, second)]
    pair_of(mentor, mentee, people)
    assert list(BankCard.objects.never_appointed().order_by("pk")) == cards
    pair_of(mentor, mentee, people, PairState.CLOSED, starts_on=day(-200), ends_on=day(-1))
    assert list(BankCard.objects.never_appointed()) == [cards[1]]


def test_words_cost_the_same_for_one_and_many(school, mentor, people, reference) -> None:
    def cost() -> int:
        cards = list(BankCard.objects.for_cards())
        with CaptureQueriesContext(connection) as captured:
            words_of_cards(cards, day(0))
        return len(captured)

    bank_card(mentor)
    first = cost()
    for number in range(3):
        leader = card(school, f"Ивин{'абв'[number]} Пётр Ильич")
        pair_of(leader, mentor, people)
        consented(leader, people.curator)
    assert (first, cost()) == (3, 3)
