"""Requests: who may ask for what, what a release must say, every step from every state, the law of a resignation."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Letter
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import Category, Notice, Pair, PairRequest, PairState, Participant, RequestKind, earliest_end
from mentorship.models.request_rules import BY_ORDER, RULES_OF_REQUESTS
from mentorship.models.requests import HEAD_ONLY, NO_REFUSAL, State
from mentorship.services.merging_checks import SUBSTITUTE, merge_obstacles
from mentorship.services.request_decisions import (
    STEPS,
    assign_mediators,
    carry_out,
    carry_out_for,
    notice_of_request,
    take_step,
)
from mentorship.services.requests import (
    CURATOR_IS_ASIDE,
    NO_CONTINUITY,
    NO_SUBSTITUTE,
    kinds_for,
    release_warnings,
    submit_request,
)
from tests.mentorship.asking import ask, asked, at, request_in, substitute, with_logins
from tests.mentorship.builders import card, day, form_pair

Kind = RequestKind


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    return with_logins(pair, people)


@pytest.fixture
def mentee_of(working: Pair) -> Participant:
    return working.mentees[0]


# --- Who may ask for what ---------------------------------------------------------------------------------------------
def test_every_kind_has_its_rule() -> None:
    assert set(RULES_OF_REQUESTS) == set(Kind)


def test_sides_of_a_pair_may_ask_for_their_own_things(working, mentee_of) -> None:
    assert kinds_for(working.mentor, [working]) == list(Kind)
    assert kinds_for(mentee_of, [working]) == [
        Kind.REPLACE,
        Kind.RELEASE,
        Kind.HELP,
        Kind.MEDIATION,
        Kind.SUGGESTION,
    ]
    mentee_of.category = Category.PUPIL
    assert Kind.RELEASE not in kinds_for(mentee_of, [working])


@pytest.mark.parametrize("kind", Kind)
def test_mentor_submits_every_kind_and_the_curator_gets_a_letter(kind: str, working, people) -> None:
    request = ask(working, kind)
    assert (request.state, request.author, request.submitted_by) == (State.SUBMITTED, working.mentor, people.teacher)
    assert [letter.path for letter in Letter.objects.filter(user=people.curator)] == [
        f"/cabinet/requests/{request.pk}/"
    ]
    assert JournalEntry.objects.about(request).count() == 1


@pytest.mark.parametrize("kind", [Kind.RESIGN, Kind.REWARD, Kind.DISCIPLINE, Kind.CONTEST])
def test_mentee_cannot_submit_what_is_the_mentors(kind: str, working, mentee_of) -> None:
    with pytest.raises(Refused, match="только наставник пары"):
        ask(working, kind, author=mentee_of)


def test_stranger_to_the_pair_and_pair_that_is_over_are_refused(working, people) -> None:
    Pair.objects.filter(pk=working.pk).update(ends_on=day(-1))
    with pytest.raises(Refused, match="участвуете сейчас"):
        ask(Pair.objects.for_cards().get(), Kind.HELP)


def test_nobody_submits_for_somebody_else(working, people) -> None:
    with pytest.raises(Forbidden):
        submit_request(author=working.mentor, asked=asked(working, Kind.HELP), actor=people.curator)


def test_help_of_a_mentee_reaches_the_mentor_too(working, mentee_of, people) -> None:
    request = ask(working, Kind.HELP, author=mentee_of)
    assert set(Letter.objects.values_list("user", flat=True)) == {people.curator.pk, people.teacher.pk}
    assert PairRequest.objects.permitted(people.teacher, "mentorship.request.view").get() == request


def test_proposal_must_be_about_an_own_mentee(working, second) -> None:
    with pytest.raises(Refused, match="о ком речь"):
        ask(working, Kind.REWARD, about=second)
    with pytest.raises(Refused, match="о ком речь"):
        ask(working, Kind.REWARD, about=None)


def test_quarrel_with_the_only_curator_goes_elsewhere(working, mentee_of, people) -> None:
    Participant.objects.filter(pk=working.mentor_id).update(user=people.curator)
    pair = Pair.objects.for_cards().get()
    with pytest.raises(Refused, match=CURATOR_IS_ASIDE):
        ask(pair, Kind.MEDIATION, author=pair.mentees[0], about=pair.mentor)


# --- Releases ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"substitute": None}, NO_SUBSTITUTE),
        ({"continuity": ""}, NO_CONTINUITY),
        ({"occasion": ""}, "Назовите мероприятие."),
        ({"starts_at": None}, "Укажите, когда вас не будет."),
        ({"starts_at": at(5, 14), "ends_at": at(5, 10)}, "Окончание должно быть позже начала."),
        ({"starts_at": at(-2, 10)}, "Освобождают заранее"),
        ({"starts_at": at(500, 10), "ends_at": at(500, 12)}, "Проверьте год."),
        ({"ends_at": at(60, 10)}, "Не больше 31 дней"),
    ],
)
def test_release_without_what_it_needs_is_refused(more: dict[str, Any], words: str, working) -> None:
    with pytest.raises(Refused) as refusal:
        ask(working, Kind.RELEASE, **more)
    assert [words in one for one in refusal.value.obstacles] == [True]


def test_substitute_is_another_employee_of_the_same_school(working, other_school) -> None:
    stranger = card(other_school, "Чужестранов Фома Игоревич")
    for wrong in (working.mentor, stranger):
        with pytest.raises(Refused, match="другого работника"):
            ask(working, Kind.RELEASE, substitute=wrong)


@pytest.mark.parametrize("gone", ["substitute", "starts_at", "ends_at"])
def test_database_keeps_no_release_without_a_substitute_or_time(gone: str, working) -> None:
    """Past every service: the law stands in the database too."""
    request = ask(working, Kind.RELEASE)
    with pytest.raises(IntegrityError), transaction.atomic():
        PairRequest.objects.filter(pk=request.pk).update(**{gone: None})
    PairRequest.objects.filter(pk=request.pk).update(kind=Kind.HELP, **{gone: None})


def test_time_of_a_release_in_words(working) -> None:
    request = PairRequest(kind=Kind.RELEASE, starts_at=at(0, 10), ends_at=at(0, 14))
    today, later = f"{day(0):%d.%m.%Y}", f"{day(2):%d.%m.%Y}"
    assert request.when == f"{today} с 10:00 до 14:00"
    request.ends_at = at(2, 14)
    assert request.when == f"с {today} 10:00 по {later} 14:00"
    request.starts_at, request.ends_at = at(0, 0), at(2, 23).replace(minute=59)
    assert request.when == f"с {today} по {later}"
    request.ends_at = at(0, 23).replace(minute=59)
    assert request.when == today


def test_overlapping_releases_are_warned_of(working, mentee_of) -> None:
    first = ask(working, Kind.RELEASE)
    assert release_warnings(first) == []
    other = ask(working, Kind.RELEASE, author=mentee_of, substitute=working.mentor)
    stand_in = substitute(working)
    assert release_warnings(first) == [
        f"Сам заявитель, {working.mentor.short_name}, в это время замещает: {mentee_of.short_name}, {other.when}."
    ]
    third = ask(working, Kind.RELEASE, author=mentee_of, starts_at=at(5, 11), ends_at=at(5, 12))
    assert [stand_in.short_name in words for words in release_warnings(third)] == [True, False]
    take_step(request=other, step="cancel", actor=mentee_of.user)
    assert len(release_warnings(first)) == 1
    apart = ask(working, Kind.RELEASE, starts_at=at(9, 10), ends_at=at(9, 12))
    assert release_warnings(apart) == []


# --- Steps ------------------------------------------------------------------------------------------------------------
STATES = [State.SUBMITTED, State.REFERRED, State.GRANTED, State.DONE, State.DECLINED, State.CANCELLED]
WHO = {"refer": "curator", "settle": "curator", "decline": "curator", "conclude": "curator"}
WHO |= {"grant": "director", "refuse": "director", "cancel": "teacher"}


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("state", [*STATES, State.MEDIATION])
def test_every_step_from_every_state(state: str, step: str, working, people) -> None:
    kind = Kind.MEDIATION if state == State.MEDIATION else Kind.CONTEST
    request = request_in(working, people, state, kind)
    rule = PairRequest.TRANSITIONS[step]
    actor = getattr(people, WHO[step])
    if state == State.MEDIATION and step in ("grant", "refuse"):
        with pytest.raises(Forbidden):
            take_step(request=request, step=step, words="Так", actor=actor)
    elif state in rule.sources:
        take_step(request=request, step=step, words="Так решено", actor=actor)
        request.refresh_from_db()
        assert request.state == rule.target
    else:
        with pytest.raises(Refused, match="недоступно"):
            take_step(request=request, step=step, words="Так", actor=actor)
        request.refresh_from_db()
        assert request.state == state


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("who", ["inspector", "site_editor", "stranger", "psychologist"])
def test_steps_are_for_their_roles(step: str, who: str, working, people) -> None:
    request = request_in(working, people, State.SUBMITTED)
    with pytest.raises(Forbidden):
        take_step(request=request, step=step, words="Так", actor=getattr(people, who))


def test_curator_does_not_decide_for_the_head_nor_withdraw_for_the_author(working, people) -> None:
    request = request_in(working, people, State.REFERRED)
    for step in ("grant", "refuse", "cancel"):
        with pytest.raises(Forbidden):
            take_step(request=request, step=step, words="Так", actor=people.curator)


@pytest.mark.parametrize("step", [name for name, rule in STEPS.items() if rule.needed])
def test_answer_is_needed(step: str, working, people) -> None:
    state = {"refuse": State.REFERRED, "conclude": State.MEDIATION}.get(step, State.SUBMITTED)
    kind = Kind.MEDIATION if step == "conclude" else Kind.CONTEST
    request = request_in(working, people, state, kind)
    with pytest.raises(Refused, match="Напишите ответ"):
        take_step(request=request, step=step, words="", actor=getattr(people, WHO[step]))


def test_decision_is_told_to_the_author_and_the_opinion_only_to_the_head(working, people) -> None:
    request = request_in(working, people, State.SUBMITTED)
    Letter.objects.all().delete()
    take_step(request=request, step="refer", words="Считаю преждевременным", actor=people.curator)
    assert {letter.user_id for letter in Letter.objects.all()} == {people.teacher.pk, people.director.pk}
    assert not Letter.objects.filter(body__contains="преждевременным").exists()
    Letter.objects.all().delete()
    take_step(request=request, step="refuse", words="Конкурс уже прошёл", actor=people.director)
    assert Letter.objects.get(user=people.teacher).body.endswith("Директор отказал. Конкурс уже прошёл")
    assert Letter.objects.filter(user=people.curator).count() == 1
    request.refresh_from_db()
    assert (request.answer, request.decided_by, request.opinion) == (
        "Конкурс уже прошёл",
        people.director,
        "Считаю преждевременным",
    )


def test_release_is_decided_by_the_head_alone(working, people) -> None:
    request = ask(working, Kind.RELEASE)
    for step in ("decline", "settle"):
        with pytest.raises(Refused):
            take_step(request=request, step=step, words="Так", actor=people.curator)
    with pytest.raises(Refused, match=HEAD_ONLY):
        take_step(request=request, step="decline", words="Так", actor=people.curator)
    take_step(request=request, step="refer", words="Замена есть", actor=people.curator)
    take_step(request=request, step="refuse", words="В этот день контрольная", actor=people.director)
    assert request.state == State.DECLINED


def test_resignation_is_a_right_that_nobody_refuses(working, people) -> None:
    request = ask(working, Kind.RESIGN)
    with pytest.raises(Refused, match="статья 351.8"):
        take_step(request=request, step="decline", words="Нет", actor=people.curator)
    take_step(request=request, step="refer", words="Жаль", actor=people.curator)
    with pytest.raises(Refused) as refusal:
        take_step(request=request, step="refuse", words="Нет", actor=people.director)
    assert refusal.value.obstacles == [NO_REFUSAL]
    take_step(request=request, step="cancel", actor=people.teacher)


# --- BR-28: the mentor changes only by an order -----------------------------------------------------------------------
@pytest.mark.parametrize("kind", [Kind.RESIGN, Kind.REPLACE])
def test_pair_keeps_its_mentor_until_an_order(kind: str, working, people) -> None:
    def pair_now() -> tuple[Any, ...]:
        return Pair.objects.values_list("mentor", "state", "ends_on").get(pk=working.pk)

    before = pair_now()
    request = request_in(working, people, State.GRANTED, kind)
    assert (pair_now(), before[1]) == (before, PairState.ACTIVE)
    with pytest.raises(Refused, match="нужен приказ"):
        take_step(request=request, step="settle", words="Сменили", actor=people.curator)
    assert (pair_now(), PairRequest.objects.get().state) == (before, State.GRANTED)
    # Once an order has ended the pair, the request may be marked as done: only the order stood in the way.
    Pair.objects.filter(pk=working.pk).update(state=PairState.CLOSED, closing_ground="term")
    take_step(request=PairRequest.objects.get(), step="settle", words="Исполнено приказом", actor=people.curator)
    assert PairRequest.objects.get().state == State.DONE


@pytest.mark.parametrize("state", [State.SUBMITTED, State.REFERRED, State.GRANTED])
@pytest.mark.parametrize("kind", [Kind.RESIGN, Kind.REPLACE])
def test_order_about_the_pair_carries_out_whatever_was_asked(kind: str, state: str, working, people) -> None:
    """What the orders that end or replace call when they are approved: the head's word is the order itself."""
    request = request_in(working, people, state, kind)
    help_asked = ask(working, Kind.HELP)
    Letter.objects.all().delete()
    with pytest.raises(Forbidden):
        carry_out_for(pair=working, order=working.order, actor=people.curator)
    carry_out_for(pair=working, order=working.order, actor=people.director)
    request.refresh_from_db()
    assert (request.state, request.order, request.decided_by) == (State.DONE, working.order, people.director)
    assert Letter.objects.filter(user=request.submitted_by, body__contains="Исполнено приказом").exists()
    assert PairRequest.objects.get(pk=help_asked.pk).state == State.SUBMITTED


def test_order_carries_out_nothing_else_that_nobody_has_granted(working, people) -> None:
    request = request_in(working, people, State.REFERRED, Kind.RELEASE)
    with pytest.raises(Refused, match="согласие директора"):
        carry_out(order=working.order, requests=[request], actor=people.director)


def test_kinds_by_order_are_those_that_touch_work() -> None:
    assert BY_ORDER == (Kind.RESIGN, Kind.REPLACE, Kind.RELEASE)


# --- The notice that a resignation is ---------------------------------------------------------------------------------
def test_resignation_becomes_a_notice_of_its_own_day(working, people) -> None:
    request = ask(working, Kind.RESIGN, text="Большая нагрузка")
    notice = notice_of_request(request=request, actor=people.curator)
    assert (notice.given_on, notice.ends_on) == (day(0), earliest_end(day(0)))
    assert (notice.participant, notice.pair, notice.side) == (working.mentor, working, Notice.Side.EMPLOYEE)
    assert (notice.reason, notice.original_place) == ("Большая нагрузка", f"обращение № {request.pk} в портале")
    with pytest.raises(Refused, match="уже записано"):
        notice_of_request(request=request, actor=people.curator)


def test_notice_is_only_for_a_resignation_and_by_the_curator(working, people) -> None:
    replaced = ask(working, Kind.REPLACE)
    with pytest.raises(Refused, match="о сложении обязанностей"):
        notice_of_request(request=replaced, actor=people.curator)
    with pytest.raises(Forbidden):
        notice_of_request(request=ask(working, Kind.RESIGN), actor=people.director)
    gone = request_in(working, people, State.CANCELLED, Kind.RESIGN)
    with pytest.raises(Refused):
        notice_of_request(request=gone, actor=people.curator)


# --- Mediators --------------------------------------------------------------------------------------------------------
def test_mediators_are_named_and_write_the_outcome(working, people) -> None:
    request = ask(working, Kind.MEDIATION)
    assign_mediators(request=request, mediators=[people.psychologist, people.methodical_union], actor=people.curator)
    assert set(request.mediators.all()) == {people.psychologist, people.methodical_union}
    take_step(request=request, step="conclude", words="Договорились о дне встреч", actor=people.psychologist)
    request.refresh_from_db()
    assert (request.state, request.answer) == (State.DONE, "Договорились о дне встреч")


def test_mediator_is_nobody_from_outside_nor_a_side(working, people) -> None:
    request = ask(working, Kind.MEDIATION)
    for wrong in ([], [people.inspector], [people.stranger]):
        with pytest.raises(Refused):
            assign_mediators(request=request, mediators=wrong, actor=people.curator)
    Participant.objects.filter(pk=working.mentees[0].pk).update(user=people.psychologist)
    with pytest.raises(Refused, match="не сторона спора"):
        assign_mediators(request=PairRequest.objects.get(), mediators=[people.psychologist], actor=people.curator)
    assert PairRequest.objects.get().state == State.SUBMITTED


def test_mediator_cannot_withdraw_or_settle(working, people) -> None:
    request = request_in(working, people, State.MEDIATION, Kind.MEDIATION)
    for step in ("cancel", "settle", "decline"):
        with pytest.raises(Forbidden):
            take_step(request=request, step=step, words="Так", actor=people.psychologist)
    with pytest.raises(Forbidden):
        take_step(request=request, step="conclude", words="Так", actor=people.methodical_union)


def test_only_a_quarrel_has_mediators(working, people) -> None:
    request = ask(working, Kind.HELP)
    with pytest.raises(Refused, match="только по просьбе о посредничестве"):
        assign_mediators(request=request, mediators=[people.psychologist], actor=people.curator)


def test_cards_that_stand_in_for_one_another_are_not_one_person(working) -> None:
    request = ask(working, Kind.RELEASE)
    assert SUBSTITUTE in merge_obstacles(request.author, request.substitute)
    PairRequest.objects.all().delete()
    assert SUBSTITUTE not in merge_obstacles(request.author, request.substitute)


def test_group_asks_about_one_of_its_mentees(working, people, second) -> None:
    group = form_pair(
        card(working.organisation, "Калинина Дарья Андреевна", user=people.class_teacher),
        [
            *working.mentees,
            second,
        ],
        people.curator,
    )
    assert group.is_group
    Pair.objects.filter(pk=group.pk).update(state=PairState.ACTIVE, order=working.order)
    group = Pair.objects.for_cards().get(pk=group.pk)
    assert ask(group, Kind.REWARD, about=second).about == second
