"""The term of a pair and who may stand in it."""

from __future__ import annotations

import datetime as dt

import pytest

from accounts.models import Organisation
from core.transitions import Refused
from mentorship.models import Pair, Participant, composition_faults, plus_months, term_faults
from mentorship.services.pairs import change_pair, create_pair
from tests.mentorship.builders import card, plan, word


@pytest.mark.parametrize(
    ("start", "months", "end"),
    [
        (dt.date(2026, 9, 1), 3, dt.date(2026, 12, 1)),
        (dt.date(2026, 11, 30), 3, dt.date(2027, 2, 28)),
        (dt.date(2024, 2, 29), 12, dt.date(2025, 2, 28)),
        (dt.date(2026, 12, 31), 12, dt.date(2027, 12, 31)),
    ],
)
def test_plus_months_keeps_the_day_or_takes_the_last(start: dt.date, months: int, end: dt.date) -> None:
    assert plus_months(start, months) == end


@pytest.mark.parametrize(
    ("start", "end", "acceptable"),
    [
        (dt.date(2022, 9, 1), dt.date(2022, 11, 29), False),
        (dt.date(2022, 9, 1), dt.date(2022, 11, 30), True),
        (dt.date(2022, 9, 1), dt.date(2023, 8, 31), True),
        (dt.date(2022, 9, 1), dt.date(2023, 9, 1), True),
        (dt.date(2022, 9, 1), dt.date(2023, 9, 2), False),
        (dt.date(2022, 9, 1), dt.date(2022, 8, 31), False),
    ],
)
def test_term_is_three_months_to_a_year(start: dt.date, end: dt.date, acceptable: bool) -> None:
    assert (term_faults(start, end) == []) is acceptable


@pytest.mark.parametrize("year", [1, 1899, 2101, 9999])
def test_term_of_an_impossible_year_is_told_in_words(year: int) -> None:
    assert term_faults(dt.date(year, 9, 1), dt.date(year, 12, 31)) == ["Проверьте год: он должен быть от 2000 до 2100."]


def test_composition_couples_the_kind_with_the_number(
    mentor: Participant, mentee: Participant, second: Participant
) -> None:
    group, one = word("kind", "group"), word("kind", "traditional")
    assert composition_faults(mentor, [mentee], [one]) == []
    assert composition_faults(mentor, [mentee, second], [group]) == []
    assert composition_faults(mentor, [mentee, second], [word("kind", "virtual")]) == [
        "Наставляемых несколько — отметьте вид «групповое»."
    ]
    assert composition_faults(mentor, [mentee], [group]) == [
        "Вид «групповое» — для двух и более наставляемых: добавьте их или снимите отметку."
    ]
    assert composition_faults(mentor, [mentee, second], [group, one]) == [
        "Вид «один на один» не подходит группе: снимите отметку или оставьте одного наставляемого."
    ]
    assert composition_faults(mentor, [], [one]) == ["Выберите хотя бы одного наставляемого."]


def test_composition_refuses_a_person_alone(mentor: Participant) -> None:
    assert composition_faults(mentor, [mentor], [word("kind", "traditional")]) == [
        "Верескова\u00a0А.\u00a0П. не может быть наставником самому себе: уберите из наставляемых."
    ]


def test_create_pair_refuses_a_person_of_another_school(
    mentor: Participant, other_school: Organisation, people, journal_count
) -> None:
    stranger = card(other_school, "Чужестранов Фома Игоревич")
    before = journal_count()
    with pytest.raises(Refused, match="только участники своей организации"):
        create_pair(organisation=mentor.organisation, plan=plan(mentor, [stranger]), actor=people.curator)
    assert (Pair.objects.count(), journal_count()) == (0, before)


def test_change_pair_replaces_people_both_ways(pair: Pair, second: Participant, people) -> None:
    """The former mentor may become the mentee, and the former mentee the mentor."""
    changed = change_pair(pair=pair, plan=plan(pair.mentees[0], [pair.mentor, second]), actor=people.curator)
    changed.refresh_from_db()
    assert changed.mentor == Participant.objects.get(surname="Ольхин")
    assert {member.mentee.surname for member in changed.members.all()} == {"Верескова", "Осокина"}
    assert {member.mentor_id for member in changed.members.all()} == {changed.mentor_id}
