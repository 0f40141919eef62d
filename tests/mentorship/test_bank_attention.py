"""What the home pages say of the banks, to whom, and at what cost."""

from __future__ import annotations

import pytest

from accounts.attention import figures_for, queue_for, tabs_for
from mentorship.models import BankCard, BankState, ConsentKind, PairState
from mentorship.services.consents import withdraw_consent
from tests.mentorship.bank_builders import MENTEE, MENTOR, bank_card, consented, pair_of
from tests.mentorship.builders import agree, card, day


def told(user, school) -> list[tuple[str, str, bool]]:
    queue = queue_for(user, school, day(0))
    entries = [*queue.late, *queue.now, *queue.waiting]
    lists = ("/cabinet/banks/?", "/cabinet/banks/new/")
    return [(one.title, one.url, one.late) for one in entries if one.url.startswith(lists)]


def test_young_specialists_outside_the_bank_are_one_line(school, people, reference) -> None:
    assert told(people.curator, school) == []
    young = [card(school, f"{name} Пётр Ильич", young_flag=True) for name in ("Ивин", "Осин")]
    line = "/cabinet/banks/new/?role=mentee&young=on"
    assert told(people.curator, school) == [("2 молодых специалиста вне банка", line, False)]
    bank_card(young[0], MENTOR)
    bank_card(young[1], MENTEE)
    assert told(people.curator, school) == [("1 молодой специалист вне банка", line, False)]


def test_mentees_without_a_mentor_are_one_line_until_the_pair_works(school, mentor, second, people) -> None:
    consented(second, people.curator, MENTEE)
    pair_of(mentor, second, people)
    line = ("1 наставляемый без наставника", "/cabinet/banks/?role=mentee&show=without", False)
    assert told(people.curator, school) == [line]
    pair_of(mentor, second, people, PairState.ACTIVE)
    assert told(people.curator, school) == []


def test_mentee_for_whom_nothing_is_being_formed_leads_to_the_matching(school, mentee, second, people) -> None:
    consented(second, people.curator, MENTEE)
    queue = queue_for(people.curator, school, day(0))
    found = [(one.title, one.url, one.action) for one in [*queue.now, *queue.waiting] if "/matching/" in one.url]
    assert found == [("1 наставляемый без наставника", "/cabinet/matching/", "Подобрать")]


def test_outdated_cards_are_one_late_line(school, mentor, second, people) -> None:
    for one, role in ((mentor, MENTOR), (second, MENTOR), (second, MENTEE)):
        consented(one, people.curator, role) if one == mentor else bank_card(one, role, BankState.IN_BANK)
    agree(second, ConsentKind.PROCESSING, people.curator)
    BankCard.objects.update(actual_on=day(-400))
    found = [one for one in told(people.curator, school) if one[2]]
    assert found == [("3 карточки банков устарели", "/cabinet/banks/?role=mentor&show=outdated", True)]
    BankCard.objects.mentors().update(actual_on=day(0))
    found = [one for one in told(people.curator, school) if one[2]]
    assert found == [("1 карточка банка устарела", "/cabinet/banks/?role=mentee&show=outdated", True)]


def test_whoever_stands_there_after_the_consent_has_ended_is_told(school, mentor, second, people) -> None:
    agree(mentor, ConsentKind.PROCESSING, people.curator, valid_until=day(-1))
    bank_card(mentor, state=BankState.IN_BANK)
    given = agree(second, ConsentKind.PROCESSING, people.curator)
    bank_card(second, state=BankState.IN_BANK)
    withdraw_consent(consent=given, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    # The withdrawal has taken its person out of the bank already; an ended term takes nobody out by itself.
    assert told(people.curator, school) == [
        ("В банках без согласия на обработку данных: 1", "/cabinet/banks/?role=mentor&show=no_consent", False)
    ]


@pytest.mark.parametrize("who", ["director", "psychologist", "inspector", "teacher", "stranger", "methodical_union"])
def test_others_have_nothing_to_do_about_the_banks(school, mentor, second, people, who: str) -> None:
    bank_card(mentor, state=BankState.IN_BANK, actual_on=day(-400))
    consented(second, people.curator, MENTEE)
    assert told(getattr(people, who), school) == []


@pytest.mark.parametrize(("who", "sees"), [("director", True), ("curator", True), ("teacher", False)])
def test_figures_count_both_banks(school, mentor, mentee, second, people, who: str, sees: bool) -> None:
    consented(mentor, people.curator)
    bank_card(second)
    consented(mentee, people.curator, MENTEE)
    found = [(one.value, one.label, one.bad) for one in figures_for(getattr(people, who), school, day(0))]
    banks = [("1", "наставник в банке", False), ("1", "наставляемый в банке", False), ("1", "ждёт наставника", True)]
    assert [one for one in found if one in banks] == (banks if sees else [])


@pytest.mark.parametrize("who", ["curator", "director", "methodical_union", "department_head", "teacher"])
def test_tab_of_the_banks_opens_for_those_who_have_it(people, client_of, who: str) -> None:
    user = getattr(people, who)
    urls = [tab["url"] for tab in tabs_for(user, "/") if tab["url"] == "/cabinet/banks/"]
    assert [client_of(user).get(url).status_code for url in urls] == ([] if who == "teacher" else [200])


def test_home_costs_the_same_for_one_and_three_cards(school, mentor, people, client_of, queries) -> None:
    client = client_of(people.curator)

    def add(person) -> None:
        bank_card(person, state=BankState.IN_BANK, actual_on=day(-400))
        bank_card(person, MENTEE, BankState.IN_BANK, actual_on=day(-400))

    add(mentor)
    first = queries(client, "/cabinet/")
    for letter in "аб":
        add(card(school, f"Ивин{letter} Пётр Ильич"))
    assert queries(client, "/cabinet/") == first
