"""Interviews: who may plan and record them, what a conclusion does to the card, who is told and what is kept quiet."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from accounts.models import Letter, User
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.documents.interviews import QUESTIONS, interview_sheet
from mentorship.models import BankCard, BankRole, BankState, Interview, InterviewState
from mentorship.models.interviews import year_began
from mentorship.services.interviews import (
    Meeting,
    Outcome,
    cancel_interview,
    plan_interview,
    plan_interviews,
    record_interview,
    record_now,
)
from tests.core.document_words import docx_words, pdf_words
from tests.mentorship.builders import agree, approved_order, card, day, form_pair
from tests.mentorship.federal import banked

SECRET = "Канарейка-17 сказала лишнее"
NAME = "Верескова\u00a0А.\u00a0П."


@pytest.fixture
def mentor_card(mentor, people) -> BankCard:
    return banked(mentor, BankRole.MENTOR, people)


@pytest.fixture
def mentee_card(mentee, people) -> BankCard:
    return banked(mentee, BankRole.MENTEE, people)


def plan(card: BankCard, people, **more) -> Interview:
    values = {"planned_for": day(3), "place": "15:10, кабинет 12", "interviewer": people.curator}
    return plan_interview(card=card, actor=people.curator, **{**values, **more})


def said(conclusion: str, **more) -> Outcome:
    return Outcome(**{"held_on": day(0), "conclusion": conclusion, "record": SECRET, "reason": "нет времени", **more})


def state(card: BankCard) -> str:
    return BankCard.objects.get(pk=card.pk).state


# --- Planning ---------------------------------------------------------------------------------------------------------
def test_plan_writes_the_history_and_invites(mentor_card, people) -> None:
    person = mentor_card.participant
    person.user = people.teacher
    person.save(update_fields=["user"])
    interview = plan(mentor_card, people, interviewer=people.psychologist)
    assert (interview.state, interview.interviewer, interview.place) == (
        "planned",
        people.psychologist,
        "15:10, кабинет 12",
    )
    letters = {letter.user: letter for letter in Letter.objects.all()}
    assert set(letters) == {people.teacher, people.psychologist}
    assert letters[people.psychologist].path == reverse("interview_detail", args=[interview.pk])
    assert letters[people.teacher].body == (
        f"Приглашаем на собеседование о наставничестве {day(3):%d.%m.%Y}. Время и место: 15:10, кабинет 12. "
        "Проводит Тихая Анна Львовна. Если день не подходит, скажите об этом заранее."
    )
    [entry] = JournalEntry.objects.about(interview)
    assert entry.text == f"Назначено собеседование {day(3):%d.%m.%Y}: Наставник: Верескова Алла Петровна."


def test_curator_gets_no_letter_about_the_own_plan(mentor_card, people) -> None:
    plan(mentor_card, people)
    assert Letter.objects.count() == 0


def test_several_are_planned_at_once_or_none(mentor_card, mentee_card, people) -> None:
    meeting = Meeting(day(2), people.psychologist, "актовый зал")
    planned = plan_interviews(cards=[mentor_card, mentee_card], meeting=meeting, actor=people.curator)
    assert len(planned) == 2
    [letter] = Letter.objects.filter(user=people.psychologist)
    assert letter.path == reverse("interview_list")
    with pytest.raises(Refused) as refusal:
        plan_interviews(cards=[mentor_card], meeting=meeting, actor=people.curator)
    assert refusal.value.obstacles == [
        f"{NAME}: собеседование уже назначено на {day(2):%d.%m.%Y}. Запишите его итог или отмените."
    ]
    assert Interview.objects.count() == 2


def test_plan_of_nobody_is_refused(people, school) -> None:
    with pytest.raises(Refused, match="Отметьте хотя бы одного"):
        plan_interviews(cards=[], meeting=Meeting(day(2), people.curator), actor=people.curator)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"planned_for": day(-1)}, "уже прошёл"),
        ({"planned_for": day(400)}, "не дальше чем на год"),
    ],
)
def test_plan_for_a_wrong_day_is_refused(mentor_card, people, more, words) -> None:
    with pytest.raises(Refused, match=words):
        plan(mentor_card, people, **more)


def test_only_who_may_record_can_be_the_interviewer(mentor_card, people) -> None:
    with pytest.raises(Refused, match="могут куратор и педагог-психолог"):
        plan(mentor_card, people, interviewer=people.teacher)


def test_candidate_is_not_interviewed_before_the_bank(mentor, people) -> None:
    candidate = BankCard.objects.create(participant=mentor, role=BankRole.MENTOR)
    with pytest.raises(Refused) as refusal:
        plan(candidate, people)
    assert refusal.value.obstacles == [f"{NAME}: состояние карточки — «кандидат». Сначала внесите человека в банк."]


@pytest.mark.parametrize("who", ["director", "inspector", "teacher", "stranger"])
def test_others_may_not_plan(mentor_card, people, who) -> None:
    with pytest.raises(Forbidden):
        plan_interview(
            card=mentor_card,
            planned_for=day(1),
            place="",
            interviewer=people.curator,
            actor=User.objects.get(pk=getattr(people, who).pk),
        )


# --- Recording --------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("role", "before", "conclusion", "after"),
    [
        ("mentor", "in_bank", "recommended", "selected"),
        ("mentor", "trained", "recommended", "trained"),
        ("mentee", "in_bank", "recommended", "interviewed"),
        ("mentee", "interviewed", "recommended", "interviewed"),
        ("mentor", "in_bank", "later", "in_bank"),
        ("mentor", "selected", "later", "in_bank"),
        ("mentor", "trained", "unfit", "in_bank"),
        ("mentee", "interviewed", "unfit", "in_bank"),
        ("mentee", "in_bank", "declined", "refused"),
        ("mentor", "trained", "declined", "refused"),
        ("mentor", "candidate", "declined", "refused"),
    ],
)
def test_conclusion_moves_the_card(mentor, people, role, before, conclusion, after) -> None:
    found = banked(mentor, role, people)
    interview = plan(found, people)
    BankCard.objects.filter(pk=found.pk).update(state=before)
    record_interview(interview=interview, outcome=said(conclusion), actor=people.psychologist)
    interview.refresh_from_db()
    assert (state(found), interview.state, interview.conclusion) == (after, "held", conclusion)
    assert (interview.record, interview.held_on, interview.recorded_by) == (SECRET, day(0), people.psychologist)


def test_refusal_keeps_its_day_and_reason(mentor_card, people) -> None:
    record_interview(interview=plan(mentor_card, people), outcome=said("declined"), actor=people.curator)
    mentor_card.refresh_from_db()
    assert (mentor_card.refused_on, mentor_card.state_reason) == (day(0), "нет времени")


@pytest.mark.parametrize("conclusion", ["recommended", "later", "unfit"])
@pytest.mark.parametrize("before", ["candidate", "archived", "refused"])
def test_nothing_is_recorded_of_somebody_out_of_the_bank(mentor_card, people, conclusion, before) -> None:
    interview = plan(mentor_card, people)
    BankCard.objects.filter(pk=mentor_card.pk).update(state=before)
    with pytest.raises(Refused, match="внесите человека в банк"):
        record_interview(interview=interview, outcome=said(conclusion), actor=people.curator)
    interview.refresh_from_db()
    assert (state(mentor_card), interview.state, interview.record) == (before, "planned", "")


def test_mentor_of_a_working_pair_cannot_decline_by_a_talk(mentor_card, mentee, people) -> None:
    form_pair(mentor_card.participant, [mentee], people.curator)
    with pytest.raises(Refused, match="Сначала расформируйте пару"):
        record_interview(interview=plan(mentor_card, people), outcome=said("declined"), actor=people.curator)
    assert (state(mentor_card), Interview.objects.get().state) == ("in_bank", "planned")


def test_refusal_older_than_the_consent_is_refused(mentor_card, people) -> None:
    with pytest.raises(Refused, match="проверьте дату отказа"):
        record_interview(
            interview=plan(mentor_card, people), outcome=said("declined", held_on=day(-30)), actor=people.curator
        )


@pytest.mark.parametrize(("held_on", "words"), [(day(1), "в будущем"), (dt.date(1999, 12, 31), "Проверьте год")])
def test_wrong_day_of_the_talk_is_refused(mentor_card, people, held_on, words) -> None:
    for act in (
        lambda: record_interview(
            interview=plan(mentor_card, people), outcome=said("later", held_on=held_on), actor=people.curator
        ),
        lambda: record_now(
            card=mentor_card,
            outcome=said("later", held_on=held_on),
            interviewer=people.curator,
            actor=people.curator,
        ),
    ):
        with pytest.raises(Refused, match=words):
            act()


def test_record_never_reaches_the_journal_or_letters(mentor_card, people) -> None:
    mentor_card.participant.user = people.teacher
    mentor_card.participant.save(update_fields=["user"])
    record_interview(interview=plan(mentor_card, people), outcome=said("recommended"), actor=people.psychologist)
    written = [f"{entry.text}{entry.changes}{entry.subject_text}" for entry in JournalEntry.objects.all()]
    written += [f"{letter.subject}{letter.body}" for letter in Letter.objects.all()]
    assert [text for text in written if "Канарейка" in text] == []
    texts = list(JournalEntry.objects.order_by("-pk").values_list("text", flat=True)[:2])
    assert texts == [
        "Отобран по итогам собеседования.",
        f"Собеседование проведено {day(0):%d.%m.%Y}: рекомендован к участию.",
    ]


def test_second_record_is_refused(mentor_card, people) -> None:
    interview = plan(mentor_card, people)
    record_interview(interview=interview, outcome=said("recommended"), actor=people.curator)
    with pytest.raises(Refused, match="недоступно: состояние — «проведено»"):
        record_interview(interview=interview, outcome=said("later"), actor=people.curator)
    assert state(mentor_card) == BankState.SELECTED


def test_unplanned_talk_is_recorded_at_once(mentor_card, people) -> None:
    interview = record_now(
        card=mentor_card, outcome=said("recommended"), interviewer=people.psychologist, actor=people.curator
    )
    assert (interview.state, interview.interviewer, state(mentor_card)) == ("held", people.psychologist, "selected")
    with pytest.raises(Refused, match="уже записан"):
        record_now(card=mentor_card, outcome=said("later"), interviewer=people.curator, actor=people.curator)
    assert Interview.objects.count() == 1


def test_unplanned_talk_beside_a_planned_one_is_refused(mentor_card, people) -> None:
    plan(mentor_card, people)
    with pytest.raises(Refused, match="уже назначено"):
        record_now(card=mentor_card, outcome=said("later"), interviewer=people.curator, actor=people.curator)


def test_unplanned_talk_needs_somebody_who_may_hold_it(mentor_card, people) -> None:
    with pytest.raises(Refused, match="выберите другого человека"):
        record_now(card=mentor_card, outcome=said("later"), interviewer=people.teacher, actor=people.curator)


# --- Calling off ------------------------------------------------------------------------------------------------------
def test_cancelled_interview_tells_its_people_and_may_be_planned_anew(mentor_card, people) -> None:
    mentor_card.participant.user = people.teacher
    mentor_card.participant.save(update_fields=["user"])
    interview = plan(mentor_card, people, interviewer=people.psychologist)
    Letter.objects.all().delete()
    cancel_interview(interview=interview, actor=people.curator, reason="карантин")
    assert {letter.user: letter.body for letter in Letter.objects.all()} == {
        people.teacher: f"Собеседование о наставничестве, назначенное на {day(3):%d.%m.%Y}, отменено. карантин.",
        people.psychologist: f"Собеседование {day(3):%d.%m.%Y} отменено: {NAME}, карантин.",
    }
    assert JournalEntry.objects.about(interview).first().text == "Собеседование отменено: карантин."
    plan(mentor_card, people)
    assert Interview.objects.planned().count() == 1
    with pytest.raises(Refused):
        cancel_interview(interview=interview, actor=people.curator, reason="ещё раз")


# --- The year and the sheet -------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("on", "began"),
    [
        (dt.date(2026, 7, 31), dt.date(2025, 8, 1)),
        (dt.date(2026, 8, 1), dt.date(2026, 8, 1)),
        (dt.date(2027, 5, 20), dt.date(2026, 8, 1)),
    ],
)
def test_talks_of_august_count_for_the_year_that_follows(on, began) -> None:
    assert year_began(on) == began


def test_sheet_says_the_same_in_both_formats_and_asks_by_role(mentor_card, mentee_card, people) -> None:
    plan(mentor_card, people, interviewer=people.psychologist)
    for found in (mentor_card, mentee_card):
        (name, pdf), (other, docx) = interview_sheet(found, "pdf"), interview_sheet(found, "docx")
        assert (name.removesuffix("pdf"), pdf_words(pdf)) == (other.removesuffix("docx"), docx_words(docx))
        first = QUESTIONS[BankRole(found.role)][0].split()
        assert all(word in pdf_words(pdf) for word in first)
    assert "15:10," in pdf_words(interview_sheet(mentor_card, "pdf")[1])


def test_interview_of_a_closed_pair_does_not_stand_in_the_way(mentor_card, mentee, people, school) -> None:
    pair = form_pair(mentor_card.participant, [mentee], people.curator)
    type(pair).objects.filter(pk=pair.pk).update(
        state="closed", closing_ground="term", order=approved_order(school, people)
    )
    record_interview(interview=plan(mentor_card, people), outcome=said("declined"), actor=people.curator)
    assert state(mentor_card) == BankState.REFUSED


def test_held_interviews_of_two_years_stand_side_by_side(mentor_card, people) -> None:
    record_now(card=mentor_card, outcome=said("later"), interviewer=people.curator, actor=people.curator)
    Interview.objects.update(held_on=day(-400))
    record_now(card=mentor_card, outcome=said("recommended"), interviewer=people.curator, actor=people.curator)
    assert Interview.objects.filter(state=InterviewState.HELD).count() == 2


def test_card_of_another_person_is_untouched(mentor_card, school, people) -> None:
    other = banked(card(school, "Осин Пётр Ильич"), BankRole.MENTOR, people)
    record_interview(interview=plan(mentor_card, people), outcome=said("recommended"), actor=people.curator)
    assert state(other) == BankState.IN_BANK


def test_consent_to_processing_stays_needed(mentor, people) -> None:
    agree(mentor, "processing", people.curator)
    with pytest.raises(Refused):
        plan(BankCard.objects.create(participant=mentor, role=BankRole.MENTOR), people)
