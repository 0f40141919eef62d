"""How a pair ends: three grounds with their evidence, at the end of the term or before it by an order."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from accounts.models import Letter
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import BankCard, ClosingGround, Pair, PairState, ProgrammeState, earliest_end
from mentorship.order_kinds import ending as kind
from mentorship.order_kinds import pair_parts
from mentorship.services import pair_endings
from mentorship.services.extensions import extension_faults
from mentorship.services.pair_changes import replacement_faults
from mentorship.services.pair_company import Help, add_helper
from mentorship.services.pair_endings import close_run_out
from mentorship.services.pairs import close_pair
from orders.kinds import kind_of
from orders.services import submit_order
from tests.mentorship.builders import approve, day, form_pair, submitted
from tests.mentorship.labour import notice
from tests.mentorship.pair_life import asked, carried_out, ending, immediate, in_force, programme, run_out

KIND = kind_of("ending")


@pytest.fixture
def working(pair: Pair, people) -> Pair:
    return in_force(pair, people)


@pytest.fixture
def over(working: Pair) -> Pair:
    """A pair whose term is over and that nobody has closed."""
    Pair.objects.filter(pk=working.pk).update(ends_on=day(-1))
    return Pair.objects.get(pk=working.pk)


def fresh(pair: Pair) -> Pair:
    return Pair.objects.get(pk=pair.pk)


# --- BR-15: in full ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", ["planned", "done"])
def test_br_15_one_open_activity_refuses_a_completion_in_full(over: Pair, people, state: str) -> None:
    programme(over, "checked", state, "cancelled")
    with pytest.raises(Refused, match="не проверено 1 мероприятие: «Урок 2»"):
        close_pair(pair=over, actor=people.curator, ground="full")
    assert fresh(over).state == PairState.ACTIVE


def test_br_15_checked_and_cancelled_activities_complete_the_pair_in_full(over: Pair, people) -> None:
    made = programme(over, "checked", "cancelled")
    close_pair(pair=over, actor=people.curator, ground="full")
    made.refresh_from_db()
    assert (fresh(over).closing_ground, made.state, made.completed_on) == ("full", ProgrammeState.COMPLETED, day(-1))


def test_br_15_pair_without_an_approved_programme_is_not_complete_in_full(over: Pair, people) -> None:
    programme(over, "checked", version=0)
    with pytest.raises(Refused, match="нет утверждённой программы"):
        close_pair(pair=over, actor=people.curator, ground="full")


def test_br_15_without_the_guard_an_open_activity_is_lost(over: Pair, people, monkeypatch) -> None:
    programme(over, "planned")
    monkeypatch.setattr(pair_endings, "unfinished", lambda pair: [])
    close_pair(pair=over, actor=people.curator, ground="full")
    assert fresh(over).closing_ground == "full"


# --- BR-16: by the people of the pair ---------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("initiator", "reason", "words"),
    [("", "переезд", "кто предложил"), ("mentee", "", "обстоятельства"), ("boss", " ", "кто предложил")],
)
def test_br_16_initiator_and_circumstances_are_required(over: Pair, people, initiator, reason, words) -> None:
    with pytest.raises(Refused, match=words):
        close_pair(pair=over, actor=people.curator, ground="parties", initiator=initiator, reason=reason)
    assert fresh(over).state == PairState.ACTIVE


def test_br_16_who_and_why_stay_on_the_pair(over: Pair, people) -> None:
    close_pair(pair=over, actor=people.curator, ground="parties", initiator="mentee", reason="переезд")
    pair = fresh(over)
    assert (pair.closing_initiator, pair.closing_reason) == ("mentee", "переезд")
    assert JournalEntry.objects.about(pair).filter(text__contains="по инициативе наставляемого: переезд").exists()


def test_br_16_the_database_alone_asks_who_and_why(over: Pair, people, monkeypatch) -> None:
    """Without the sentences the row itself is refused."""
    monkeypatch.setattr(pair_endings, "ending_faults", lambda pair, ending: [])
    monkeypatch.setattr("mentorship.services.pairs.ending_faults", lambda pair, ending: [])
    with pytest.raises(IntegrityError, match="pair_parties_say_who_and_why"), transaction.atomic():
        close_pair(pair=over, actor=people.curator, ground="parties")


# --- BR-17: by the curator --------------------------------------------------------------------------------------------
def test_br_17_curator_says_why(over: Pair, people) -> None:
    with pytest.raises(Refused, match="почему куратор"):
        close_pair(pair=over, actor=people.curator, ground="curator", reason="  ")
    close_pair(pair=over, actor=people.curator, ground="curator", reason="программа не выполняется")
    assert fresh(over).closing_reason == "программа не выполняется"


def test_br_17_without_the_guard_nobody_says_why(over: Pair, people, monkeypatch) -> None:
    monkeypatch.setattr("mentorship.services.pairs.ending_faults", lambda pair, ending: [])
    close_pair(pair=over, actor=people.curator, ground="curator")
    assert (fresh(over).closing_ground, fresh(over).closing_reason) == ("curator", "")


def test_br_17_nobody_else_closes_a_pair(over: Pair, people) -> None:
    for actor in (people.director, people.teacher, people.stranger, people.inspector):
        with pytest.raises(Forbidden):
            close_pair(pair=over, actor=actor, ground="curator", reason="нет времени")


def test_br_17_only_the_head_ends_a_pair_before_its_term(working: Pair, people) -> None:
    order = ending(people, working)
    submit_order(order=order, actor=people.curator)
    for actor in (people.curator, people.teacher, people.stranger):
        with pytest.raises(Forbidden):
            pair_endings.finish_pairs(
                order=order, pairs=[working], ending=kind.ending_of(order), obstacles=[], actor=actor
            )


# --- BR-32: the outcome -----------------------------------------------------------------------------------------------
def test_br_32_outcome_stands_on_the_cards_of_both_sides(working: Pair, people) -> None:
    cards = [
        BankCard.objects.create(participant=working.mentor, role="mentor"),
        BankCard.objects.create(participant=working.mentees[0], role="mentee"),
    ]
    carried_out(people, ending(people, working))
    assert {BankCard.objects.get(pk=one.pk).outcome for one in cards} == {""}
    run_out(working)
    words = f"{day(5):%d.%m.%Y} — по обоюдному решению: цель достигнута раньше."
    assert [BankCard.objects.get(pk=one.pk).outcome for one in cards] == [words, words]


def test_br_32_without_the_service_the_cards_stay_silent(working: Pair, people, monkeypatch) -> None:
    card = BankCard.objects.create(participant=working.mentor, role="mentor")
    monkeypatch.setattr(pair_endings, "write_outcome", lambda **said: None)
    carried_out(people, ending(people, working))
    assert run_out(working).state == PairState.CLOSED
    assert BankCard.objects.get(pk=card.pk).outcome == ""


# --- The order --------------------------------------------------------------------------------------------------------
def test_order_ends_the_pair_and_everything_with_it(working: Pair, second, people) -> None:
    made = programme(working, "planned")
    given = Help(second, "разбор уроков", day(0), day(-1), "сейф")
    helper = add_helper(pair=working, given=given, actor=people.curator)
    request = asked(people, working, "resign")
    planned = working.ends_on
    order = carried_out(people, ending(people, working))
    pair = run_out(working)
    assert (pair.state, pair.ends_on, pair.planned_ends_on) == (PairState.CLOSED, day(5), planned)
    assert (pair.closing_ground, pair.closing_initiator, pair.ended_by) == ("parties", "both", order)
    for row in (made, helper, request):
        row.refresh_from_db()
    assert (made.state, made.completed_on, helper.ends_on) == (ProgrammeState.COMPLETED, day(5), day(5))
    assert (request.state, request.order) == ("done", order)


def test_order_ends_one_pair_of_an_order_of_two(pair: Pair, second, people) -> None:
    other = form_pair(second, pair.mentees, people.curator)
    approve(submitted(people, pair, other), people, "1")
    carried_out(people, ending(people, fresh(pair)))
    assert (run_out(pair).state, fresh(other).state) == (PairState.CLOSED, PairState.ACTIVE)


def test_one_order_ends_several_pairs(pair: Pair, second, people) -> None:
    other = form_pair(second, pair.mentees, people.curator)
    approve(submitted(people, pair, other), people, "1")
    carried_out(people, ending(people, fresh(pair), fresh(other)))
    assert {fresh(one).ended_by_id is not None for one in (pair, other)} == {True}


def test_everybody_of_the_pair_gets_a_letter(working: Pair, people) -> None:
    for person, user in ((working.mentor, people.teacher), (working.mentees[0], people.methodical_union)):
        person.user = user
        person.save(update_fields=["user"])
    carried_out(people, ending(people, fresh(working)))
    letters = Letter.objects.filter(subject="Пара завершена приказом")
    assert {letter.user for letter in letters} == {people.teacher, people.methodical_union}


@pytest.mark.parametrize("offset", [-11, 200, 300])
def test_last_day_lies_in_the_term(working: Pair, people, offset: int) -> None:
    found = KIND.obstacles(ending(people, working, last_day=day(offset)))
    assert [words.endswith("когда пара закончится сама.") for words in found] == [True]


def test_pair_that_is_over_stands_in_no_such_order(working: Pair, people) -> None:
    order = ending(people, working)
    carried_out(people, ending(people, working))
    run_out(working)
    assert KIND.obstacles(order) == [f"{working.title}: состояние — «завершена». Уберите эту пару из приказа."]


def test_ending_in_full_before_the_term_asks_for_the_whole_programme(working: Pair, people) -> None:
    programme(working, "planned")
    order = ending(people, working, ground="full", initiator="")
    with pytest.raises(Refused, match="не проверено 1 мероприятие"):
        submit_order(order=order, actor=people.curator)


def test_notice_keeps_three_working_days(working: Pair, people, monkeypatch) -> None:
    made = notice(working.mentor, people)
    early = ending(people, working, last_day=day(1))
    lawful = f"не раньше {earliest_end(made.given_on):%d.%m.%Y}"
    assert [lawful in words for words in KIND.obstacles(early)] == [True]
    assert KIND.obstacles(ending(people, working, last_day=made.ends_on)) == []
    monkeypatch.setattr(pair_parts.Notice, "covers", lambda self, pair: False)
    assert KIND.obstacles(early) == []


def test_pair_changed_after_submission_sends_the_order_back(working: Pair, people) -> None:
    order = ending(people, working)
    submit_order(order=order, actor=people.curator)
    Pair.objects.filter(pk=working.pk).update(ends_on=day(100))
    assert KIND.obstacles(order) == [
        f"{working.title}: пара изменилась после передачи приказа. Верните его, чтобы обновить текст."
    ]


def test_circumstances_stay_out_of_the_paper(working: Pair, people) -> None:
    order = ending(people, working, reason="тяжёлая болезнь")
    assert not order.clauses.filter(text__contains="болезнь").exists()


# --- The last day -----------------------------------------------------------------------------------------------------
def test_pair_works_until_its_last_day_is_over(working: Pair, people) -> None:
    """Whoever lost the right to write on the day of the order could not write down the last meetings."""
    made, planned = programme(working, "planned"), working.ends_on
    order = carried_out(people, ending(people, working))
    pair = fresh(working)
    assert (pair.state, pair.ends_on, pair.planned_ends_on, pair.ends_by_order) == ("active", day(5), planned, True)
    assert [pair.is_in_force_on(day(offset)) for offset in (0, 5, 6)] == [True, True, False]
    made.refresh_from_db()
    assert (made.state, close_run_out()) == (ProgrammeState.APPROVED, 0)
    entry = JournalEntry.objects.about(pair).filter(text__startswith=f"Пара завершится {day(5):%d.%m.%Y}").get()
    assert order.requisites in entry.text
    pair = run_out(working)
    last = JournalEntry.objects.about(pair).filter(text__startswith=f"Пара завершена {day(5):%d.%m.%Y}").get()
    assert (pair.state, last.actor, order.requisites in last.text) == (PairState.CLOSED, None, True)


def test_order_of_a_day_that_has_passed_closes_the_pair_at_once(working: Pair, people) -> None:
    carried_out(people, ending(people, working, last_day=day(-1)))
    assert (fresh(working).state, fresh(working).ends_on) == (PairState.CLOSED, day(-1))


def test_last_day_of_an_order_still_belongs_to_the_pair(working: Pair, people) -> None:
    carried_out(people, ending(people, working, last_day=day(0)))
    assert fresh(working).is_in_force_on(day(0))


def test_curator_who_comes_before_the_worker_closes_it_by_the_order(working: Pair, people) -> None:
    carried_out(people, ending(people, working))
    with time_machine.travel(dt.datetime.combine(day(6), dt.time(9), tzinfo=dt.UTC)):
        close_pair(pair=fresh(working), actor=people.curator, ground="term")
    assert (fresh(working).state, fresh(working).closing_ground) == (PairState.CLOSED, "parties")


def test_two_workers_close_a_pair_once(working: Pair, people) -> None:
    carried_out(people, ending(people, working))
    run_out(working)
    with time_machine.travel(dt.datetime.combine(day(6), dt.time(9), tzinfo=dt.UTC)):
        assert close_run_out() == 0


def test_second_order_names_no_other_day(working: Pair, people) -> None:
    other = ending(people, working, last_day=day(3))
    carried_out(people, ending(people, working))
    assert KIND.obstacles(other) == [
        f"{working.title}. Приказом назначен последний день этой пары — {day(5):%d.%m.%Y}: "
        "её больше не меняют и не продлевают."
    ]


def test_pair_whose_end_is_decided_is_not_extended_or_replaced(working: Pair, second, people, client_of) -> None:
    carried_out(people, ending(people, working))
    pair = fresh(working)
    words = f"Приказом назначен последний день этой пары — {day(5):%d.%m.%Y}: её больше не меняют и не продлевают."
    assert (extension_faults(pair, day(100)), replacement_faults(pair, second, day(3))) == ([words], [words])
    page = client_of(people.curator).get(reverse("pair_detail", args=[pair.pk]))
    assert {button.label for button in page.context["buttons"]} & {"Продлить", "Сменить наставника"} == set()
    assert "До конца этого дня пара работает как обычно" in page.content.decode()


# --- The database -----------------------------------------------------------------------------------------------------
def past_an_order(pair: Pair, **change) -> None:
    """What no service does: the end of a working pair moved directly."""
    with transaction.atomic():
        Pair.objects.filter(pk=pair.pk).update(**change)
        immediate()


def test_a_pair_is_not_closed_without_a_ground(working: Pair) -> None:
    with pytest.raises(IntegrityError, match="pair_closed_has_ground"), transaction.atomic():
        Pair.objects.filter(pk=working.pk).update(state=PairState.CLOSED)


def test_a_pair_is_not_ended_early_past_an_order(working: Pair) -> None:
    with pytest.raises(IntegrityError, match="only by an approved order"):
        past_an_order(working, state=PairState.CLOSED, ends_on=day(5), closing_ground=ClosingGround.CURATOR)


def test_last_day_is_not_named_by_a_draft(working: Pair, people) -> None:
    with pytest.raises(IntegrityError, match="only by an approved order"):
        past_an_order(working, ends_on=day(5), ended_by=ending(people, working))


def test_a_pair_is_not_made_longer_past_an_order(working: Pair) -> None:
    with pytest.raises(IntegrityError, match="extended only by an approved order"):
        past_an_order(working, ends_on=day(300))


def test_without_the_trigger_the_end_of_a_pair_moves_freely(working: Pair) -> None:
    immediate()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mentorship_pair DISABLE TRIGGER pair_changes_by_order")
    Pair.objects.filter(pk=working.pk).update(ends_on=day(300))
    immediate()
    assert fresh(working).ends_on == day(300)


def test_a_closed_pair_is_not_opened_again(over: Pair, people) -> None:
    close_pair(pair=over, actor=people.curator)
    for change in ({"state": PairState.ACTIVE}, {"closing_ground": "full"}, {"ends_on": day(-3)}):
        with pytest.raises(IntegrityError, match="a closed pair is history"), transaction.atomic():
            Pair.objects.filter(pk=over.pk).update(**change)


def test_without_the_trigger_a_closed_pair_opens_again(over: Pair, people) -> None:
    close_pair(pair=over, actor=people.curator)
    immediate()
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE mentorship_pair DISABLE TRIGGER pair_closed_is_final")
    Pair.objects.filter(pk=over.pk).update(state=PairState.ACTIVE)
    assert fresh(over).state == PairState.ACTIVE
