"""A change of mentor as one act: prepared from the page, in force only by an order, everything follows."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, connection, transaction

from accounts.models import Letter
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import (
    Consent,
    ConsentKind,
    Notice,
    Pair,
    PairState,
    Programme,
    earliest_end,
    longest_end,
    term_faults,
)
from mentorship.order_kinds import replacement as kind
from mentorship.services import pair_changes
from mentorship.services.consents import withdraw_consent
from mentorship.services.extensions import extension_faults
from mentorship.services.pair_changes import prepare_replacement
from mentorship.services.pair_company import Help, add_helper
from orders.kinds import kind_of
from orders.models import Order
from orders.services import delete_draft, submit_order
from tests.mentorship.builders import agree_all, approve, card, day, draft, form_pair
from tests.mentorship.labour import notice
from tests.mentorship.pair_life import asked, carried_out, immediate, in_force, programme, replacing, run_out

KIND = kind_of("replacement")


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    return in_force(pair, people)


def fresh(pair: Pair) -> Pair:
    return Pair.objects.get(pk=pair.pk)


def programme_of(made: Programme) -> Pair:
    return Programme.objects.get(pk=made.pk).pair


# --- The whole act ----------------------------------------------------------------------------------------------------
def test_br_28_order_changes_the_mentor_and_everything_follows(working: Pair, second, school, people) -> None:
    made = programme(working, "planned")
    colleague = card(school, "Ивин Пётр Ильич")
    helper = add_helper(
        pair=working, given=Help(colleague, "разбор уроков", day(0), day(-1), "сейф"), actor=people.curator
    )
    request = asked(people, working)
    new, order = replacing(people, working, second)
    carried_out(people, order)
    assert (fresh(working).state, fresh(new).state, programme_of(made)) == ("active", "active", working)
    old, new = run_out(working), fresh(new)
    assert (old.state, old.ends_on, old.closing_ground, old.ended_by) == (PairState.CLOSED, day(9), "replaced", order)
    assert (new.state, new.starts_on, new.ends_on) == (PairState.ACTIVE, day(10), working.ends_on)
    assert (new.replaces, list(old.replaced_by.all()), new.mentees) == (old, [new], old.mentees)
    for row in (made, helper, request):
        row.refresh_from_db()
    assert (made.pair, made.state, helper.ends_on) == (new, "approved", day(9))
    assert (request.state, request.order, request.answer) == ("done", order, f"Исполнено приказом {order.requisites}.")
    assert JournalEntry.objects.about(made).filter(text__contains="перешла к новому наставнику").count() == 1


def test_br_28_nothing_changes_before_the_order(working: Pair, second, people) -> None:
    made = programme(working, "planned")
    new, order = replacing(people, working, second)
    submit_order(order=order, actor=people.curator)
    made.refresh_from_db()
    assert (fresh(working).state, fresh(new).state, made.pair) == (PairState.ACTIVE, PairState.FORMING, working)


def by_force(**said) -> None:
    with transaction.atomic():
        pair_changes.replace_mentors(**said)
        immediate()


def test_br_28_without_the_guard_the_database_still_asks_for_the_order(
    working: Pair, second, people, monkeypatch
) -> None:
    """The services ask for the head; without that a curator could carry out a draft, were it not for the trigger."""
    new, order = replacing(people, working, second)
    said = {"order": order, "pairs": [new], "obstacles": [], "reason": "", "actor": people.curator}
    with pytest.raises(Forbidden):
        pair_changes.replace_mentors(**said)
    for module in ("pair_changes", "pair_endings", "pairs", "request_decisions"):
        monkeypatch.setattr(f"mentorship.services.{module}.permit", lambda *said: None)
    with pytest.raises(IntegrityError, match="only by an approved order"):
        by_force(**said)
    immediate()
    with connection.cursor() as cursor:
        for name in ("pair_changes_by_order", "pair_in_force_by_approved_order"):
            cursor.execute(f"ALTER TABLE mentorship_pair DISABLE TRIGGER {name}")
    by_force(**{**said, "pairs": [fresh(new)]})
    assert fresh(working).ends_by_order


def test_everybody_reads_of_the_change(working: Pair, second, people) -> None:
    told = {working.mentor: people.teacher, working.mentees[0]: people.methodical_union, second: people.class_teacher}
    for person, user in told.items():
        person.user = user
        person.save(update_fields=["user"])
    _, order = replacing(people, fresh(working), second)
    carried_out(people, order)
    subjects = {
        (letter.user, letter.subject)
        for letter in Letter.objects.filter(user__in=told.values())
        if "Приказ" not in letter.subject
    }
    changed, fixed = "Наставник сменился", "Пара закреплена приказом"
    mentor, mentee, newcomer = told.values()
    assert subjects == {(mentor, changed), (mentee, changed), (mentee, fixed), (newcomer, fixed)}


def test_replacement_may_be_shorter_than_three_months(working: Pair, second, people) -> None:
    new, order = replacing(people, working, second, starts_on=working.ends_on)
    assert (new.faults(), KIND.obstacles(order)) == ([], [])
    assert term_faults(new.starts_on, new.ends_on) != []


def test_notice_of_the_old_mentor_is_settled(working: Pair, second, people) -> None:
    made = notice(working.mentor, people)
    _, order = replacing(people, working, second, starts_on=made.first_day_without)
    carried_out(people, order)
    assert list(Notice.objects.unsettled()) == []


def test_notice_keeps_three_working_days_of_the_old_mentor(working: Pair, second, people) -> None:
    made = notice(working.mentor, people)
    _, order = replacing(people, working, second, starts_on=day(1))
    lawful = f"не раньше {earliest_end(made.given_on):%d.%m.%Y}"
    assert [lawful in words for words in KIND.obstacles(order)] == [True]


# --- What forbids it --------------------------------------------------------------------------------------------------
def test_self_pair_and_the_same_mentor_are_refused(working: Pair, people) -> None:
    for person, words in ((working.mentees[0], "самому себе"), (working.mentor, "и сейчас наставник")):
        with pytest.raises(Refused, match=words):
            prepare_replacement(pair=working, mentor=person, starts_on=day(10), actor=people.curator)
    assert Pair.objects.count() == 1


@pytest.mark.parametrize("offset", [-10, -11, 201])
def test_day_lies_inside_the_term(working: Pair, second, people, offset: int) -> None:
    with pytest.raises(Refused, match="Новый наставник начинает после"):
        prepare_replacement(pair=working, mentor=second, starts_on=day(offset), actor=people.curator)


def test_only_one_replacement_is_prepared(working: Pair, second, school, people) -> None:
    prepare_replacement(pair=working, mentor=second, starts_on=day(10), actor=people.curator)
    other = card(school, "Ивин Пётр Ильич")
    with pytest.raises(Refused, match="Замену уже готовят"):
        prepare_replacement(pair=working, mentor=other, starts_on=day(12), actor=people.curator)


def test_pair_that_does_not_work_has_no_mentor_to_change(pair: Pair, second, people) -> None:
    with pytest.raises(Refused, match="сейчас не действует"):
        prepare_replacement(pair=pair, mentor=second, starts_on=day(10), actor=people.curator)


def test_second_open_pair_of_the_same_direction_is_refused(working: Pair, second, people) -> None:
    """The new mentor leads the same mentee already."""
    in_force(form_pair(second, working.mentees, people.curator), people)
    with pytest.raises(Refused, match="уже закреплены"):
        prepare_replacement(pair=working, mentor=second, starts_on=day(10), actor=people.curator)


def test_every_consent_to_the_new_pair_is_asked(working: Pair, second, people) -> None:
    _, order = replacing(people, working, second, agreed=False)
    assert KIND.obstacles(order) == [
        f"Нет согласия: {second.short_name} — обработка персональных данных.",
        f"Нет согласия: {second.short_name} — работа наставником.",
        f"Нет согласия: {working.mentees[0].short_name} — участие в паре.",
    ]


def test_consent_withdrawn_after_the_draft_refuses_the_approval(working: Pair, second, people, monkeypatch) -> None:
    new, order = replacing(people, working, second)
    submit_order(order=order, actor=people.curator)
    consent = Consent.objects.get(pair=new, kind=ConsentKind.PAIR)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    with pytest.raises(Refused, match="участие в паре"):
        approve(Order.objects.get(pk=order.pk), people)
    assert fresh(working).state == PairState.ACTIVE
    monkeypatch.setattr(kind, "needs_of", lambda pairs, day: {})
    approve(Order.objects.get(pk=order.pk), people)
    assert fresh(working).ends_by_order


def test_new_pair_keeps_mentees_and_the_last_day(working: Pair, second, school, people) -> None:
    new, order = replacing(people, working, second)
    new.members.update(mentee=card(school, "Ивин Пётр Ильич"))
    Pair.objects.filter(pk=new.pk).update(ends_on=day(150))
    found = [words for words in KIND.obstacles(order) if "Нет согласия" not in words]
    assert found == [
        f"{fresh(new).title}: наставляемые не те, что в прежней паре. Верните прежних или составьте новую пару."
    ]
    new.members.update(mentee=working.mentees[0])
    found = [words for words in KIND.obstacles(order) if "Нет согласия" not in words]
    assert [words.split(":")[1].split(",")[0] for words in found] == [" срок при замене не меняется"]


def test_ordinary_order_takes_no_replacement(working: Pair, second, people) -> None:
    new = prepare_replacement(pair=working, mentor=second, starts_on=day(10), actor=people.curator)
    agree_all(new, people.curator)
    words = f"{new.title}: здесь меняется наставник. Уберите пару и составьте приказ о замене с её страницы."
    assert kind_of("pairs").obstacles(draft(people, new)) == [words]


def test_pair_ended_meanwhile_has_nobody_to_replace(working: Pair, second, people) -> None:
    _, order = replacing(people, working, second)
    Pair.objects.filter(pk=working.pk).update(state="closed", closing_ground="term")
    assert KIND.obstacles(order) == [f"Пара {working.title} сейчас не действует: сменить в ней наставника нельзя."]


# --- Draft and cancellation -------------------------------------------------------------------------------------------
def test_deleted_draft_lets_the_new_pair_go(working: Pair, second, people) -> None:
    new, order = replacing(people, working, second)
    delete_draft(order=order, actor=people.curator)
    assert (fresh(new).order, fresh(new).state) == (None, PairState.FORMING)


def test_cancellation_ends_the_new_pair_and_revives_nothing(working: Pair, second, people) -> None:
    new, order = replacing(people, working, second, starts_on=day(-5))
    carried_out(people, order)
    KIND.close(order, day(0), people.director)
    assert (fresh(new).state, fresh(new).ends_on, fresh(new).closing_ground) == (PairState.CLOSED, day(-1), "cancelled")
    assert fresh(working).state == PairState.CLOSED


def test_year_of_a_replaced_pair_is_counted_from_the_first(working: Pair, second, people) -> None:
    new, order = replacing(people, working, second)
    carried_out(people, order)
    latest = longest_end(working.starts_on)
    assert extension_faults(fresh(new), latest) == []
    assert extension_faults(fresh(new), longest_end(new.starts_on)) == [
        f"Весь срок работы с {working.starts_on:%d.%m.%Y} не может быть длиннее года: "
        f"самый поздний день — {latest:%d.%m.%Y}."
    ]
