"""Pages of matching: the start, the answer with its three lists, another mentor, two cards, rules, progress."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from mentorship.models import (
    BankCard,
    Interview,
    MatchingRules,
    MatchingRun,
    Pair,
    PairState,
    Participant,
    Wish,
)
from mentorship.services import matching
from mentorship.services.matching import result_of
from tests.mentorship.bank_builders import MENTEE, MENTOR, bank_card, pair_of
from tests.mentorship.builders import card, day, word
from tests.mentorship.matched import search, small_school, stands, topic

START, RULES = "/cabinet/matching/", "/cabinet/matching/rules/"

pytestmark = pytest.mark.usefixtures("reference")


@pytest.fixture
def cards(school, people) -> dict[str, BankCard]:
    return small_school(school, people)


@pytest.fixture
def run(school, people, cards) -> MatchingRun:
    return search(school, people)


@pytest.fixture
def curator(people, client_of) -> Client:
    return client_of(people.curator)


def page(run: MatchingRun, show: str = "") -> str:
    return reverse("matching_run", args=[run.pk]) + (f"?show={show}" if show else "")


def other(run: MatchingRun, one: BankCard) -> str:
    return reverse("matching_other", args=[run.pk, one.participant_id])


def compare(mentee: BankCard, mentor: BankCard) -> str:
    return reverse("matching_compare", args=[mentee.pk, mentor.pk])


def conditions(*mentees: BankCard, **more: Any) -> dict[str, Any]:
    values = {"direction": topic().pk, "form": "", "starts_on": day(0).isoformat(), "ends_on": day(200).isoformat()}
    return {**values, "person": [one.participant_id for one in mentees], **more}


def names(response) -> list[tuple[str, str]]:
    return [(row.mentee.surname, row.mentor.surname) for row in response.context["rows"]]


# --- Who may open what ------------------------------------------------------------------------------------------------
def addresses(run: MatchingRun, cards: dict[str, BankCard]) -> list[str]:
    of_run = [page(run), other(run, cards["Чижов"]), compare(cards["Чижов"], cards["Дубов"])]
    return [START, RULES, "/cabinet/matching/network/", *of_run]


@pytest.mark.parametrize("who", ["director", "psychologist", "teacher", "inspector", "methodical_union"])
def test_others_of_the_school_are_told_whose_work_it_is(run, cards, people, client_of, who: str) -> None:
    client = client_of(getattr(people, who))
    assert [client.get(address).status_code for address in addresses(run, cards)] == [403] * 6
    fix = client.post(reverse("matching_fix", args=[run.pk]), {"keep": "1:2"})
    assert [client.post(page(run), {}).status_code, fix.status_code] == [403, 403]


def test_another_school_finds_nothing(run, cards, people, client_of) -> None:
    client = client_of(people.stranger)
    assert [client.get(address).status_code for address in addresses(run, cards)] == [200, 200, 200, 404, 404, 404]
    assert client.post(reverse("matching_fix", args=[run.pk])).status_code == 404
    html = client.get(START).content.decode()
    assert [name for name in ("Сойкин", "Дубов") if name in html] == []


def test_fixing_answers_to_post_alone(run, curator) -> None:
    assert curator.get(reverse("matching_fix", args=[run.pk])).status_code == 405


def test_comparison_takes_a_mentee_and_a_mentor_of_one_school(run, cards, other_school, people, curator) -> None:
    alien = bank_card(card(other_school, "Чужестранов Фома Ильич"), MENTOR)
    pairs = [(cards["Дубов"], cards["Дубов"]), (cards["Чижов"], cards["Чижов"]), (cards["Чижов"], alien)]
    assert [curator.get(compare(*pair)).status_code for pair in pairs] == [404, 404, 404]


# --- The start --------------------------------------------------------------------------------------------------------
def test_start_counts_both_sides(cards, school, people, curator) -> None:
    bank_card(card(school, "Дроздов Пётр Ильич"), MENTEE, "in_bank")
    context = curator.get(START).context
    told = [
        (side.count, [one.surname for one in side.people], side.silent)
        for side in (context["mentees"], context["mentors"])
    ]
    assert told == [(4, ["Дроздов", "Сойкин", "Стрижов", "Чижов"], 1), (2, ["Дубов", "Клёнов"], 0)]


def test_start_leads_to_the_answer(cards, curator, journal_count) -> None:
    before = journal_count()
    response = curator.post(START, {"direction": topic().pk})
    run = MatchingRun.objects.get()
    assert (response.status_code, response.url, journal_count() - before) == (302, page(run), 3)
    assert [one for one, _ in curator.get(START).context["runs"]] == [run]


def test_start_refuses_a_wrong_topic_in_words(cards, curator) -> None:
    response = curator.post(START, {"direction": word("form", "teacher-teacher").pk})
    assert response.status_code == 200
    assert response.context["form"].errors["direction"]
    assert not MatchingRun.objects.exists()


def test_start_without_mentees_says_what_to_do(school, people, curator) -> None:
    html = curator.get(START).content.decode()
    assert "Подбирать некому" in html
    assert reverse("bank_new") in html


def test_start_costs_the_same_for_one_and_three(school, people, curator, queries) -> None:
    stands(card(school, "Дубов Пётр Ильич"), people, MENTOR, "discipline")
    stands(card(school, "Сойкин Пётр Ильич"), people, MENTEE, "discipline")
    search(school, people)
    assert queries(curator, START) == 18
    for letter in "аб":
        stands(card(school, f"Дубов{letter} Пётр Ильич"), people, MENTOR, "discipline")
        stands(card(school, f"Сойкин{letter} Пётр Ильич"), people, MENTEE, "discipline")
        search(school, people)
    assert queries(curator, START) == 18


# --- The answer -------------------------------------------------------------------------------------------------------
def test_answer_lists_pairs_those_left_over_and_spare_mentors(run, cards, school, people, curator) -> None:
    response = curator.get(page(run))
    assert names(response) == [("Сойкин", "Дубов"), ("Стрижов", "Клёнов")]
    assert [row.chip.word for row in response.context["rows"]] == ["хорошее совпадение"] * 2
    assert "Наставник силён в том, что трудно: порядок и внимание на уроке" in response.content.decode()
    [left] = curator.get(page(run, "mentees")).context["left"]
    assert (left.person.surname, left.people) == ("Чижов", [])
    assert left.told.sentence.startswith("Подходящего наставника в банке нет.")
    assert curator.get(page(run, "mentors")).context["left"] == []
    assert [tab["label"] for tab in response.context["tabs"]] == [
        "Предложенные пары: 2",
        "Без наставника: 1",
        "Наставники в запасе: 0",
    ]


def test_answer_has_no_bare_numbers_of_points(run, curator) -> None:
    html = curator.get(page(run)).content.decode()
    assert [one.points for one in result_of(run).proposals if f">{one.points}" in html] == []


@pytest.mark.parametrize(("show", "cost"), [("", 22), ("mentees", 19), ("mentors", 19), ("ghost", 22)])
def test_answer_costs_the_same_for_one_and_three(school, people, curator, queries, show: str, cost: int) -> None:
    def add(letter: str) -> None:
        stands(card(school, f"Дубов{letter} Пётр Ильич"), people, MENTOR, "discipline")
        stands(card(school, f"Клён{letter} Пётр Ильич"), people, MENTOR, "talents")
        stands(card(school, f"Сойкин{letter} Пётр Ильич"), people, MENTEE, "discipline")
        stands(card(school, f"Чижов{letter} Пётр Ильич"), people, MENTEE, "ict")

    add("")
    first = queries(curator, page(search(school, people), show))
    for letter in "аб":
        add(letter)
    assert (first, queries(curator, page(search(school, people), show))) == (cost, cost)


def test_answer_that_has_grown_old_says_so(run, cards, people, curator) -> None:
    assert not curator.get(page(run)).context["stale"]
    Wish.objects.create(author=cards["Чижов"].participant, about=cards["Дубов"].participant, side=MENTOR, rank=1)
    response = curator.get(page(run))
    assert response.context["stale"]
    assert "С тех пор кое-что изменилось" in response.content.decode()


def test_pair_that_cannot_be_any_more_has_no_box(run, cards, people, curator) -> None:
    pair_of(cards["Дубов"].participant, cards["Сойкин"].participant, people)
    response = curator.get(page(run))
    assert [row.faults for row in response.context["rows"]] == [[matching.TAKEN], []]
    html = response.content.decode()
    assert (html.count('name="person"'), "Уже не составить" in html) == (1, True)


def test_person_whose_card_is_gone_is_left_out(run, cards, curator) -> None:
    MatchingRun.objects.filter(pk=run.pk).update(
        result={**run.result, "proposals": [{**one, "mentee": 10**9} for one in run.result["proposals"]]}
    )
    assert curator.get(page(run)).context["rows"] == []


# --- Taking pairs -----------------------------------------------------------------------------------------------------
def test_ticked_pairs_are_formed_at_once(run, cards, curator, journal_count) -> None:
    before = journal_count()
    response = curator.post(page(run), conditions(cards["Сойкин"], cards["Стрижов"]), follow=True)
    assert "Составлено: 2 пары." in response.content.decode()
    assert (Pair.objects.count(), journal_count() - before) == (2, 2)


def test_refusal_stands_in_its_row_and_the_rest_is_formed(run, cards, school, people, curator) -> None:
    pair_of(cards["Дубов"].participant, card(school, "Дятлов Пётр Ильич"), people)
    response = curator.post(page(run), conditions(cards["Сойкин"], cards["Стрижов"]))
    assert response.status_code == 200
    refused = {row.mentee.surname: row.refusals for row in response.context["rows"]}
    name = cards["Дубов"].participant.short_name
    assert refused == {"Сойкин": [f"{name}: свободных мест больше нет."], "Стрижов": []}
    assert Pair.objects.filter(members__mentee=cards["Стрижов"].participant).exists()


@pytest.mark.parametrize(
    ("more", "field", "words"),
    [
        ({"ends_on": "31.02.2026"}, "ends_on", "правильную дату"),
        ({"ends_on": (timezone.localdate() + dt.timedelta(days=9)).isoformat()}, "ends_on", "короче трёх месяцев"),
        ({"direction": "0"}, "direction", "Выберите корректный вариант"),
        ({"form": "нет"}, "form", "Выберите корректный вариант"),
        ({"person": []}, "__all__", "Отметьте хотя бы одну пару."),
        ({"person": ["²", "-1", "9" * 40]}, "__all__", "Отметьте хотя бы одну пару."),
    ],
)
def test_wrong_conditions_are_told_and_nothing_is_formed(run, cards, curator, more, field: str, words: str) -> None:
    response = curator.post(page(run), conditions(cards["Сойкин"], **more))
    assert response.status_code == 200
    assert words in " ".join(response.context["form"].errors[field])
    assert words in response.content.decode()
    assert not Pair.objects.exists()


# --- Fixing and another mentor ----------------------------------------------------------------------------------------
def test_fixing_searches_anew_and_keeps_the_pair(run, cards, curator, journal_count) -> None:
    before, url = journal_count(), reverse("matching_fix", args=[run.pk])
    keys = [cards["Чижов"].participant_id, cards["Дубов"].participant_id]
    response = curator.post(url, {"keep": f"{keys[0]}:{keys[1]}"})
    fresh = MatchingRun.objects.exclude(pk=run.pk).get()
    assert (response.url, fresh.fixed, journal_count() - before) == (page(fresh), [keys], 3)
    rows = curator.get(page(fresh)).context["rows"]
    assert [(row.mentee.surname, row.proposal.fixed) for row in rows] == [("Стрижов", False), ("Чижов", True)]
    curator.post(reverse("matching_fix", args=[fresh.pk]), {"free": keys[0]})
    assert MatchingRun.objects.exclude(pk__in=[run.pk, fresh.pk]).get().fixed == []


@pytest.mark.parametrize("sent", [{}, {"keep": "²:1"}, {"keep": "5"}, {"keep": "1:2:3"}, {"free": "9" * 40}])
def test_fixing_nobody_is_refused_in_words(run, curator, sent) -> None:
    response = curator.post(reverse("matching_fix", args=[run.pk]), sent, follow=True)
    assert "Не выбрано, какую пару закрепить" in response.content.decode()
    assert MatchingRun.objects.count() == 1


def test_other_mentors_stand_with_reasons(run, cards, curator) -> None:
    Wish.objects.create(author=cards["Клёнов"].participant, about=cards["Сойкин"].participant, side=MENTEE)
    rows = curator.get(other(run, cards["Сойкин"])).context["rows"]
    assert [(row.person.surname, row.choice.proposed, row.chip.word, row.choice.why_not) for row in rows] == [
        ("Дубов", True, "хорошее совпадение", ""),
        ("Клёнов", False, "нельзя", "Пару не предлагаем по личным обстоятельствам."),
    ]


def test_effect_of_a_choice_is_shown_before_it_is_made(run, cards, people, curator) -> None:
    cards["Клёнов"].competences.add(word("competence", "discipline"))
    key = cards["Клёнов"].participant_id
    context = curator.get(f"{other(run, cards['Сойкин'])}?mentor={key}").context
    effect = context["effect"]
    assert (context["picked"].surname, effect["percent"], effect["pairs"], effect["kept"]) == (
        "Клёнов",
        50,
        (2, 1),
        True,
    )
    assert [(one.mentee, one.before, one.after) for one in effect["changes"]] == [
        (cards["Сойкин"].participant.short_name, "Дубов\u00a0П.\u00a0И.", "Клёнов\u00a0П.\u00a0И."),
        (cards["Стрижов"].participant.short_name, "Клёнов\u00a0П.\u00a0И.", ""),
    ]
    assert MatchingRun.objects.count() == 1


@pytest.mark.parametrize("text", ["", "abc", "²", "9" * 60, "0"])
def test_unreadable_choice_shows_no_effect(run, cards, curator, text: str) -> None:
    response = curator.get(other(run, cards["Сойкин"]), {"mentor": text})
    assert (response.status_code, response.context["effect"]) == (200, None)


def test_other_mentors_of_somebody_in_a_pair_are_not_found(run, cards, people, curator) -> None:
    pair_of(cards["Дубов"].participant, cards["Сойкин"].participant, people, PairState.ACTIVE)
    assert curator.get(other(run, cards["Сойкин"])).status_code == 404


def test_other_mentors_cost_the_same_for_one_and_three(school, people, curator, queries) -> None:
    mentee = stands(card(school, "Сойкин Пётр Ильич"), people, MENTEE, "discipline")
    stands(card(school, "Дубов Пётр Ильич"), people, MENTOR, "discipline")
    first = queries(curator, other(search(school, people), mentee))
    for letter in "аб":
        stands(card(school, f"Дубов{letter} Пётр Ильич"), people, MENTOR, "discipline")
    assert (first, queries(curator, other(search(school, people), mentee))) == (18, 18)


# --- Two cards --------------------------------------------------------------------------------------------------------
def test_comparison_answers_each_difficulty(cards, people, curator) -> None:
    cards["Чижов"].difficulties.set([word("difficulty", code) for code in ("discipline", "upbringing", "ict")])
    cards["Дубов"].competences.set([word("competence", "upbringing")])
    response = curator.get(compare(cards["Чижов"], cards["Дубов"]))
    assert [(row.difficulty, row.competence, row.chip.word) for row in response.context["answers"]] == [
        ("воспитательная работа с классом", "ведёт воспитательную работу и классное руководство", "отвечает"),
        ("порядок и внимание на уроке", "ведёт воспитательную работу и классное руководство", "отчасти"),
        ("цифровые инструменты и электронный журнал", "", "не отвечает"),
    ]
    chip, sentence = response.context["verdict"]
    assert chip.word == "слабое совпадение"
    assert sentence.startswith("Наставник силён в том, что трудно: воспитательная работа с классом")


def test_comparison_shows_conclusions_and_never_the_talk(cards, people, curator) -> None:
    talk = {"planned_for": day(-3), "interviewer": people.curator, "state": "held", "held_on": day(-3)}
    Interview.objects.create(card=cards["Дубов"], conclusion="recommended", record="личное признание", **talk)
    html = curator.get(compare(cards["Чижов"], cards["Дубов"])).content.decode()
    assert ("рекомендован к участию" in html, "личное признание" in html) == (True, False)


def test_comparison_of_somebody_who_takes_no_part_says_so(cards, people, curator) -> None:
    pair_of(cards["Клёнов"].participant, cards["Чижов"].participant, people)
    response = curator.get(compare(cards["Чижов"], cards["Дубов"]))
    assert (response.context["verdict"], "сейчас не участвует в подборе" in response.content.decode()) == (None, True)


# --- Progress and rules -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("state", "told", "words"),
    [
        ("queued", None, "Ждёт своей очереди"),
        ("running", dt.timedelta(0), "Сравниваем всех со всеми"),
        ("running", dt.timedelta(minutes=6), "Подбор прервался"),
        ("failed", None, "Произошёл сбой"),
    ],
)
def test_unfinished_search_says_how_far_it_is(run, curator, state: str, told, words: str) -> None:
    moment = timezone.now() - told if told is not None else None
    MatchingRun.objects.update(state=state, told_at=moment, failure=matching.CRASHED if state == "failed" else "")
    assert words in curator.get(page(run)).content.decode()
    assert curator.post(page(run), {}).status_code == 200
    assert not Pair.objects.exists()


def test_page_that_waited_is_refreshed_when_the_answer_comes(run, curator) -> None:
    MatchingRun.objects.update(state="running", told_at=timezone.now())
    assert "HX-Refresh" not in curator.get(page(run), headers={"HX-Request": "true"}).headers
    MatchingRun.objects.update(state="failed")
    assert curator.get(page(run), headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"


def rules(**more: Any) -> dict[str, Any]:
    return {**{term: 1 for term in MatchingRules.TERMS}, "bars_superiors": "on", **more}


def test_rules_are_saved_once_for_a_school(school, curator, journal_count) -> None:
    before = journal_count()
    assert curator.post(RULES, rules(needs=10)).status_code == 302
    assert curator.post(RULES, rules(needs=5)).status_code == 302
    assert [one.needs for one in MatchingRules.objects.filter(organisation=school)] == [5]
    assert journal_count() - before == 2


@pytest.mark.parametrize("more", [{"needs": 11}, {"subject": "-1"}, {"time": "три"}, {"needs": 0, "subject": 0}])
def test_wrong_weights_are_refused_in_words(curator, more) -> None:
    response = curator.post(RULES, rules(**more))
    assert (response.status_code, bool(response.context["form"].errors)) == (200, True)
    assert not MatchingRules.objects.exists()


def test_pages_lead_to_each_other(run, cards, people, curator) -> None:
    links = {
        "/cabinet/pairs/": START,
        "/cabinet/banks/?role=mentee": START,
        START: RULES,
        page(run): other(run, cards["Сойкин"]),
        other(run, cards["Сойкин"]): compare(cards["Сойкин"], cards["Дубов"]),
        page(run, "mentees"): "/cabinet/matching/network/",
    }
    assert [at for at, link in links.items() if f'"{link}' not in curator.get(at).content.decode()] == []
    assert Participant.objects.exists()
