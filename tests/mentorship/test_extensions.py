"""A longer term: agreed by the mentor and every mentee, within a year, in force only by an order."""

from __future__ import annotations

import pytest

from accounts.attention import queue_for
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused, move
from mentorship.models import (
    Extension,
    ExtensionMark,
    ExtensionState,
    Pair,
    PairState,
    clashes,
    longest_end,
    silent_people,
)
from mentorship.order_kinds import extension as kind
from mentorship.services import extensions as services
from mentorship.services.extensions import answer_extension, ask_extension, decline_extension, record_answer
from orders.kinds import kind_of
from orders.models import Order
from orders.services import delete_draft, submit_order
from tests.mentorship.builders import approve, approved_order, day, form_pair
from tests.mentorship.pair_life import agreed_extension, carried_out, extending, in_force, on_paper, programme

KIND = kind_of("extension")
State = ExtensionState


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    """The mentor and the mentee sign in."""
    for person, user in ((pair.mentor, people.teacher), (pair.mentees[0], people.methodical_union)):
        person.user = user
        person.save(update_fields=["user"])
    return in_force(pair, people)


def fresh(row):
    return type(row).objects.get(pk=row.pk)


def ask(pair: Pair, actor, **more) -> Extension:
    return ask_extension(pair=pair, actor=actor, **{"ends_on": day(250), "reason": "не успеваем", **more})


# --- BR-18: everybody agrees ------------------------------------------------------------------------------------------
def test_br_18_mentee_alone_asking_waits_for_the_mentor(working: Pair, people) -> None:
    made = ask(working, people.methodical_union)
    assert (made.asked_by, fresh(made).state) == (working.mentees[0], State.COLLECTING)
    assert silent_people(fresh(made)) == [f"Нужно согласие наставника: {working.mentor.short_name}"]


def test_br_18_last_word_makes_the_extension_ready(working: Pair, people) -> None:
    made = ask(working, people.methodical_union)
    answer_extension(extension=made, agrees=True, actor=people.teacher)
    assert (fresh(made).state, silent_people(fresh(made))) == (State.AGREED, [])


def test_br_18_one_silent_mentee_of_a_group_keeps_it_waiting(pair: Pair, second, people) -> None:
    group = in_force(form_pair(pair.mentor, [*pair.mentees, second], people.curator), people)
    made = ask(group, people.curator)
    for person in (group.mentor, group.mentees[0]):
        on_paper(people, made, person)
    assert (fresh(made).state, silent_people(fresh(made))) == (
        State.COLLECTING,
        [f"Нужно согласие наставляемого: {second.short_name}"],
    )
    with pytest.raises(Refused):
        extending(people, fresh(made))


def test_br_18_word_withdrawn_from_the_marks_refuses_the_approval(working: Pair, people, monkeypatch) -> None:
    """The order asks again on its own day; without the question it would move the term."""
    made = agreed_extension(people, working)
    order = extending(people, made)
    submit_order(order=order, actor=people.curator)
    ExtensionMark.objects.filter(extension=made, participant=working.mentor).delete()
    with pytest.raises(Refused, match="Нужно согласие наставника"):
        approve(fresh(order), people)
    assert fresh(working).ends_on == day(200)
    monkeypatch.setattr(kind, "silent_people", lambda extension: [])
    step = Extension.TRANSITIONS["finish"]
    monkeypatch.setitem(
        Extension.TRANSITIONS, "finish", type(step)(step.label, step.sources, step.target, step.action, "")
    )
    approve(fresh(order), people)
    assert fresh(working).ends_on == day(250)


def test_br_18_a_refusal_ends_the_talk(working: Pair, people) -> None:
    made = ask(working, people.methodical_union)
    answer_extension(extension=made, agrees=False, actor=people.teacher)
    assert (fresh(made).state, fresh(made).decline_reason) == (
        State.DECLINED,
        f"Не согласен участник пары: {working.mentor.short_name}",
    )
    with pytest.raises(Refused, match="больше не договариваются"):
        answer_extension(extension=made, agrees=True, actor=people.teacher)


def test_br_18_whole_term_keeps_the_year(working: Pair, people, monkeypatch) -> None:
    latest = longest_end(working.starts_on)
    with pytest.raises(Refused, match=f"самый поздний день — {latest:%d.%m.%Y}"):
        ask(working, people.curator, ends_on=day(365))
    monkeypatch.setattr(services, "longest_end", lambda first: day(1000))
    assert ask(working, people.curator, ends_on=day(365)).state == State.COLLECTING


@pytest.mark.parametrize("offset", [200, 100])
def test_new_last_day_is_later(working: Pair, people, offset: int) -> None:
    with pytest.raises(Refused, match="и без продления работает"):
        ask(working, people.curator, ends_on=day(offset))


@pytest.mark.parametrize("state", [PairState.FORMING, PairState.CLOSED, PairState.DISSOLVED])
def test_only_a_working_pair_is_extended(pair: Pair, people, state: str) -> None:
    Pair.objects.filter(pk=pair.pk).update(
        state=state, closing_ground="term", order=approved_order(pair.organisation, people)
    )
    with pytest.raises(Refused, match="Продлевают только действующую"):
        ask(fresh(pair), people.curator)


def test_one_talk_at_a_time(working: Pair, people) -> None:
    ask(working, people.curator)
    with pytest.raises(Refused, match="уже договариваются"):
        ask(working, people.curator)


def test_days_of_another_period_are_refused_in_words(working: Pair, people) -> None:
    form = form_pair(working.mentor, working.mentees, people.curator, starts_on=day(201), ends_on=day(300))
    in_force(form, people)
    with pytest.raises(Refused, match="уже закреплены"):
        ask(working, people.curator)


def test_the_database_alone_keeps_another_period_out(working: Pair, people, monkeypatch) -> None:
    made = agreed_extension(people, working)
    order = extending(people, made)
    submit_order(order=order, actor=people.curator)
    in_force(form_pair(working.mentor, working.mentees, people.curator, starts_on=day(201), ends_on=day(300)), people)
    monkeypatch.setattr(kind, "obstacles", lambda order: [])
    monkeypatch.setattr(services, "extension_faults", lambda pair, ends_on: [])
    with pytest.raises(Refused, match="уже закреплены"):
        approve(fresh(order), people)
    assert (fresh(working).ends_on, clashes(fresh(working), working.mentees)) == (day(200), [])


# --- Who may ----------------------------------------------------------------------------------------------------------
def test_only_the_people_of_the_pair_and_the_curator_ask(working: Pair, people) -> None:
    for actor in (people.director, people.inspector, people.stranger, people.class_teacher):
        with pytest.raises(Forbidden):
            ask(working, actor)


def test_nobody_answers_for_another(working: Pair, people) -> None:
    made = ask(working, people.methodical_union)
    for actor in (people.curator, people.director, people.stranger):
        with pytest.raises(Forbidden):
            answer_extension(extension=made, agrees=True, actor=actor)


def test_paper_is_recorded_by_the_curator_of_whoever_is_in_the_pair(working: Pair, second, people) -> None:
    made = ask(working, people.curator)
    with pytest.raises(Refused, match="такого участника нет"):
        on_paper(people, made, second)
    with pytest.raises(Refused, match="в будущем"):
        on_paper(people, made, working.mentor, said_on=day(1))
    with pytest.raises(Forbidden):
        record_answer(
            extension=made,
            participant=working.mentor,
            agrees=True,
            said_on=day(0),
            paper_place="сейф",
            actor=people.teacher,
        )


# --- States -----------------------------------------------------------------------------------------------------------
ARROWS = {
    (State.COLLECTING, "agree"),
    (State.COLLECTING, "decline"),
    (State.AGREED, "hold"),
    (State.AGREED, "decline"),
    (State.IN_ORDER, "let_go"),
    (State.IN_ORDER, "finish"),
}


@pytest.mark.parametrize("step", sorted(Extension.TRANSITIONS))
@pytest.mark.parametrize("state", list(State))
def test_every_state_with_every_step(working: Pair, people, state: str, step: str) -> None:
    made = agreed_extension(people, working)
    Extension.objects.filter(pk=made.pk).update(state=state, order=approved_order(working.organisation, people, "7"))
    made = Extension.objects.for_cards().get(pk=made.pk)
    if (State(state), step) in ARROWS:
        move(made, step, actor=people.curator)
        assert fresh(made).state == Extension.TRANSITIONS[step].target
    else:
        with pytest.raises(Refused):
            move(made, step, actor=people.curator)
        assert fresh(made).state == state


# --- The order --------------------------------------------------------------------------------------------------------
def test_order_moves_the_pair_and_its_programme(working: Pair, people) -> None:
    made, current = agreed_extension(people, working), programme(working, "planned")
    order = carried_out(people, extending(people, made))
    pair, extension, current = fresh(working), fresh(made), fresh(current)
    assert (pair.ends_on, pair.planned_ends_on, current.ends_on) == (day(250), day(200), day(250))
    assert (extension.state, extension.previous_ends_on, extension.order) == (State.DONE, day(200), order)
    changes = [{"field": "Окончание", "old": f"{day(200):%d.%m.%Y}", "new": f"{day(250):%d.%m.%Y}"}]
    for row in (pair, current):
        assert JournalEntry.objects.about(row).filter(changes=changes).count() == 1


def test_draft_holds_and_lets_go(working: Pair, people) -> None:
    made = agreed_extension(people, working)
    order = extending(people, made)
    assert (fresh(made).state, fresh(made).order) == (State.IN_ORDER, order)
    with pytest.raises(Refused):
        decline_extension(extension=fresh(made), reason="передумали", actor=people.curator)
    delete_draft(order=order, actor=people.curator)
    assert (fresh(made).state, fresh(made).order) == (State.AGREED, None)
    decline_extension(extension=fresh(made), reason="передумали", actor=people.curator)
    assert fresh(made).state == State.DECLINED


def test_second_draft_about_the_same_extension_is_refused(working: Pair, people) -> None:
    made = agreed_extension(people, working)
    extending(people, made)
    with pytest.raises(Refused):
        extending(people, fresh(made))


def test_cancellation_brings_the_earlier_day_back(working: Pair, people) -> None:
    made = agreed_extension(people, working)
    order = carried_out(people, extending(people, made))
    assert KIND.closing(order, day(1)) == [f"Пара {working.title} снова будет работать до {day(200):%d.%m.%Y}."]
    KIND.close(order, day(1), people.director)
    assert (fresh(working).state, fresh(working).ends_on) == (PairState.ACTIVE, day(200))


def test_empty_draft_names_what_to_choose(school, people) -> None:
    order = Order(organisation=school, kind="extension", params={}, title="О продлении")
    assert KIND.obstacles(order) == ["Выберите продления, которые утверждает приказ."]


# --- Home pages -------------------------------------------------------------------------------------------------------
def asked_of(user, school) -> list[tuple[str, str, bool]]:
    queue = queue_for(user, school, day(0))
    entries = [*queue.now, *queue.waiting, *queue.late]
    return [(one.action, one.detail, one.waiting) for one in entries if one.chip == "продление"]


def test_home_pages_ask_whoever_has_not_answered_and_then_the_curator(working: Pair, school, people) -> None:
    made = ask(working, people.methodical_union)
    answer = ("Ответить", "Ответьте, согласны ли вы продлить работу.", False)
    silent = f"Нужно согласие наставника: {working.mentor.short_name}"
    assert [asked_of(one, school) for one in (people.teacher, people.methodical_union, people.curator)] == [
        [answer],
        [],
        [("Открыть пару", silent, True)],
    ]
    answer_extension(extension=made, agrees=True, actor=people.teacher)
    assert (asked_of(people.teacher, school), asked_of(people.curator, school)) == (
        [],
        [("Открыть пару", "Все согласны: составьте приказ.", False)],
    )
