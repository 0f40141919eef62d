"""The portfolio of a mentor: evidence from orders and closed facts alone; mentees named only with their consent."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from mentorship.documents.portfolio import Span, portfolio_file, portfolio_html
from mentorship.models import (
    Achievement,
    BankCard,
    ConsentKind,
    Course,
    Meeting,
    Pair,
    PairState,
    Participant,
    Programme,
)
from mentorship.services.consents import withdraw_consent
from mentorship.services.portfolios import hour_words, outcome_on, portfolio_of
from tests.core.document_words import docx_words, pdf_words
from tests.mentorship.asking import with_logins
from tests.mentorship.builders import agree, card, day, form_pair, word

ALL = Span()


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    working = with_logins(pair, people)
    agree(working.mentees[0], ConsentKind.PROCESSING, people.curator)
    return working


def url(person: Participant, query: str = "") -> str:
    return reverse("portfolio", args=[person.pk]) + query


def paper(person: Participant, form: str = "pdf", query: str = "") -> str:
    return reverse("portfolio_paper", args=[person.pk, form]) + query


def lines(person: Participant, span: Span = ALL) -> list[list[tuple[str, str, str, str]]]:
    return [
        [(one.what, one.detail, one.when, one.paper) for one in group.lines] for group in portfolio_of(person, span)
    ]


def meet(pair: Pair, offset: int, minutes: int | None, people, state: str = "held") -> Meeting:
    more = {"minutes": minutes, "cancel_reason": "болезнь" if state == "cancelled" else ""}
    return Meeting.objects.create(pair=pair, day=day(offset), state=state, entered_by=people.teacher, **more)


def achieve(person: Participant, kind: str, offset: int, title: str = "Дебют", **more: Any) -> Achievement:
    values = {"level": "municipal", "held_on": day(offset), "result": "призёр", **more}
    return Achievement.objects.create(participant=person, kind=kind, title=title, **values)


def term(pair: Pair) -> str:
    return f"{pair.starts_on:%d.%m.%Y} – {pair.ends_on:%d.%m.%Y}"


# --- What it says -----------------------------------------------------------------------------------------------------
def test_pair_stands_with_its_order_hours_and_result(working, people) -> None:
    for offset, minutes in ((-5, 45), (-3, 90), (-2, 5)):
        meet(working, offset, minutes, people)
    meet(working, -1, 60, people, state="cancelled")
    meet(working, 2, 60, people, state="planned")
    BankCard.objects.create(
        participant=working.mentor, role="mentor", outcome=f"{working.ends_on:%d.%m.%Y} — Адаптация завершена."
    )
    assert lines(working.mentor)[1] == [
        (
            working.mentees[0].short_name,
            "педагог – молодой педагог, вхождение в профессию; 3 встречи, 2 часа; результат: Адаптация завершена",
            f"{term(working)}, работает",
            f"Приказ {working.order.requisites}",
        )
    ]


def test_summed_programme_says_more_than_the_bank_card(working, people) -> None:
    Programme.objects.create(
        organisation=working.organisation,
        pair=working,
        title="Программа",
        starts_on=working.starts_on,
        ends_on=working.ends_on,
        state="summed",
        version=1,
        results="Проводит уроки сам",
    )
    assert "результат: Проводит уроки сам" in lines(working.mentor)[1][0][1]


def test_unapproved_pairs_are_no_evidence(working, people, second) -> None:
    form_pair(working.mentor, [second], people.curator)
    assert len(lines(working.mentor)[1]) == 1
    Pair.objects.filter(mentor=working.mentor, state="forming").update(state=PairState.DISSOLVED)
    assert len(lines(working.mentor)[1]) == 1


def test_forms_with_students_stand_in_their_own_group(working, people, second, school) -> None:
    for code, title in (("employer-student", "Осокина"), ("teacher-pupil", "Учеников")):
        mentee = second if title == "Осокина" else card(school, "Учеников Пётр Ильич", "")
        made = form_pair(working.mentor, [mentee], people.curator, form=word("form", code))
        Pair.objects.filter(pk=made.pk).update(state=PairState.ACTIVE, order=working.order)
    found = lines(working.mentor)
    assert ([len(group) for group in found[:2]], "работодатель – студент" in found[0][0][1]) == ([1, 1], True)


def test_mentee_is_named_only_while_the_consent_lives(working, people) -> None:
    name = working.mentees[0].short_name
    achieve(working.mentees[0], "contest", -2)
    assert [group[0][0] for group in lines(working.mentor)[1:3]] == [name, f"{name}: Дебют"]
    consent = working.mentees[0].consents.get(kind=ConsentKind.PROCESSING)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="по заявлению")
    assert [group[0][0] for group in lines(working.mentor)[1:3]] == ["наставляемый", "наставляемый: Дебют"]
    assert name not in portfolio_html(working.mentor, portfolio_of(working.mentor, ALL), ALL)


def test_contests_count_only_while_the_pair_works(working, second) -> None:
    mentee = working.mentees[0]
    achieve(mentee, "contest", -11, "До пары")
    achieve(mentee, "contest", -4, "Во время пары")
    achieve(mentee, "conference", -4, "Не конкурс")
    achieve(second, "contest", -4, "Чужой")
    achieve(working.mentor, "contest", -4, "Свой")
    assert [what for what, *_ in lines(working.mentor)[2]] == [f"{mentee.short_name}: Во время пары"]


def test_own_experience_and_awards(working) -> None:
    mentor = working.mentor
    achieve(mentor, "publication", -3, "Статья", result="")
    achieve(mentor, "award", -2, "благодарность директора", level="school", result="приказ от 01.09.2026 № 5")
    achieve(mentor, "award", -2, "грамота", result="приказ от 01.09.2026 № 6 отменён с 02.09.2026")
    Course.objects.create(
        participant=mentor, title="Наставник", ended_on=day(-9), hours=36, provider="ИРО", paper="удостоверение № 7"
    )
    found = lines(mentor)
    assert found[3] == [
        ("Статья", "публикация, муниципальный уровень", f"{day(-3):%d.%m.%Y}", ""),
        ("Курс «Наставник»", "ИРО, 36 ч", f"{day(-9):%d.%m.%Y}", "удостоверение № 7"),
    ]
    assert found[4] == [
        ("Благодарность директора", "школьный уровень", f"{day(-2):%d.%m.%Y}", "Приказ от 01.09.2026 № 5")
    ]


def test_period_narrows_every_group(working, people) -> None:
    mentor = working.mentor
    meet(working, -8, 120, people)
    meet(working, -1, 60, people)
    achieve(mentor, "award", -8)
    achieve(mentor, "publication", -8)
    achieve(working.mentees[0], "contest", -8)
    late = Span(day(-2), None)
    assert [len(group) for group in lines(mentor, late)] == [0, 1, 0, 0, 0]
    assert "1 встреча, 1 час" in lines(mentor, late)[1][0][1]
    assert [len(group) for group in lines(mentor, Span(None, day(-11)))] == [0] * 5
    assert [len(group) for group in lines(mentor, Span(day(-9), day(-7)))] == [0, 1, 1, 1, 1]


def test_what_lies_ahead_is_no_evidence(working) -> None:
    achieve(working.mentor, "publication", 5)
    assert lines(working.mentor, Span(None, day(30)))[3] == []


def test_hours_and_outcomes_in_words() -> None:
    assert [hour_words(minutes) for minutes in (0, 59, 60, 125, 300)] == ["", "", ", 1 час", ", 2 часа", ", 5 часов"]
    written = "31.05.2026 — Готово.\n31.05.2025 — Раньше."
    day_of = [dt.date(2026, 5, 31), dt.date(2025, 5, 31), dt.date(2024, 5, 31)]
    assert [outcome_on(written, one) for one in day_of] == ["Готово.", "Раньше.", ""]


@pytest.mark.parametrize(
    ("span", "words"),
    [
        (Span(), "за всё время"),
        (Span(dt.date(2026, 1, 2)), "с 02.01.2026"),
        (Span(None, dt.date(2026, 1, 2)), "по 02.01.2026"),
        (Span(dt.date(2026, 1, 1), dt.date(2026, 1, 2)), "с 01.01.2026 по 02.01.2026"),
    ],
)
def test_span_in_words(span: Span, words: str) -> None:
    assert span.words == words


# --- The paper --------------------------------------------------------------------------------------------------------
def test_pdf_and_docx_say_the_same(working, people) -> None:
    meet(working, -3, 90, people)
    achieve(working.mentor, "award", -2)
    groups = portfolio_of(working.mentor, ALL)
    name, pdf = portfolio_file(working.mentor, groups, ALL, "pdf")
    _, docx = portfolio_file(working.mentor, groups, ALL, "docx")
    assert name == "Портфолио педагога-наставника — Верескова А. П.pdf"
    assert pdf_words(pdf) == docx_words(docx)
    assert [word for word in working.order.requisites.split() if word not in pdf_words(pdf)] == []


# --- The pages --------------------------------------------------------------------------------------------------------
def test_own_portfolio_opens_also_after_the_pair(working, people, client_of) -> None:
    client = client_of(people.teacher)
    assert url(working.mentor) in client.get("/cabinet/card/").content.decode()
    Pair.objects.filter(pk=working.pk).update(state=PairState.CLOSED, closing_ground="cancelled", ends_on=day(-1))
    page = client.get(url(working.mentor))
    assert (page.status_code, working.mentees[0].short_name in page.content.decode()) == (200, True)
    assert url(working.mentor) in client.get("/cabinet/card/").content.decode()


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("curator", 200),
        ("director", 200),
        ("teacher", 200),
        ("inspector", 403),
        ("psychologist", 403),
        ("accountant", 403),
        ("stranger", 404),
        ("admin", 404),
    ],
)
def test_portfolio_is_for_its_readers(who: str, status: int, working, people, client_of) -> None:
    client = client_of(getattr(people, who))
    answers = [
        client.get(url(working.mentor)),
        client.get(paper(working.mentor)),
        client.get(paper(working.mentor, "docx")),
    ]
    assert {one.status_code for one in answers} == {status}


def test_teacher_reads_only_the_own_portfolio(working, people, client_of) -> None:
    assert client_of(people.teacher).get(url(working.mentees[0])).status_code == 403


def test_page_filters_and_hands_the_period_to_the_papers(working, people, client_of) -> None:
    client = client_of(people.curator)
    query = f"?since={day(-2).isoformat()}&until={day(0).isoformat()}"
    html = client.get(url(working.mentor, query)).content.decode()
    assert paper(working.mentor, "pdf", query.replace("&", "&amp;")) in html
    assert client.get(paper(working.mentor, "pdf", query)).status_code == 200
    assert client.get(paper(working.mentor, "exe")).status_code == 404
    odd = client.get(url(working.mentor, "?since=когда&until=0001-01-01"))
    assert (odd.status_code, "Введите правильную дату" in odd.content.decode()) == (200, True)
    turned = client.get(url(working.mentor, f"?since={day(0).isoformat()}&until={day(-5).isoformat()}"))
    assert "раньше первого" in turned.content.decode()


def test_empty_portfolio_says_what_will_stand_there(second, people, client_of) -> None:
    html = client_of(people.curator).get(url(second)).content.decode()
    assert html.count("За этот период записей нет") == 5


@pytest.mark.parametrize("size", [1, 3])
def test_page_costs_the_same(size: int, working, people, school, client_of, queries) -> None:
    for number in range(size - 1):
        mentee = card(school, f"Иванов{'аб'[number]} Анна Петровна")
        made = form_pair(working.mentor, [mentee], people.curator)
        Pair.objects.filter(pk=made.pk).update(state=PairState.ACTIVE, order=working.order)
        achieve(mentee, "contest", -1)
        meet(made, -2, 60, people)
    client = client_of(people.curator)
    assert queries(client, url(working.mentor)) == 19
    assert len(client.get(url(working.mentor)).context["groups"][1].lines) == size


# --- Past pairs on the card -------------------------------------------------------------------------------------------
def past(page: Any) -> list[tuple[str, str]]:
    parts = [part for part in page.context["parts"] if part.template.endswith("card_past.html")]
    return [(row.role, row.outcome) for part in parts for row in part.data["rows"]]


def test_past_pairs_stand_on_both_cards(working, people, client_of) -> None:
    last = day(-1)
    Pair.objects.filter(pk=working.pk).update(
        state=PairState.CLOSED, closing_ground="cancelled", ends_on=last, closing_reason="срок истёк"
    )
    mentor, mentee = working.mentor, working.mentees[0]
    BankCard.objects.create(participant=mentee, role="mentee", outcome=f"{last:%d.%m.%Y} — Освоился.")
    curator = client_of(people.curator)
    assert past(curator.get(f"/cabinet/participants/{mentor.pk}/")) == [("Наставник", "срок истёк")]
    assert past(curator.get(f"/cabinet/participants/{mentee.pk}/")) == [("Наставляемый", "Освоился.")]
    assert past(client_of(people.teacher).get("/cabinet/card/")) == [("Наставник", "срок истёк")]
    assert past(client_of(people.psychologist).get(f"/cabinet/participants/{mentor.pk}/")) == []
