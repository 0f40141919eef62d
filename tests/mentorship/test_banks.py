"""Bank cards: every state × every step, what stands in the way, what is confirmed, refused, put away, written."""

from __future__ import annotations

import datetime as dt

import pytest
import time_machine
from django.db import IntegrityError, transaction

from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused, move
from mentorship.models import BankCard, BankState, Category, ConsentKind, PairState, Participant
from mentorship.services.banks import (
    archive_card,
    confirm_cards,
    enter_bank,
    enter_cards,
    mark_long_term,
    open_card,
    open_cards,
    refuse_card,
    set_support,
    step_back,
    train_mentor,
    with_line,
    write_outcome,
)
from mentorship.services.consents import withdraw_consent
from mentorship.services.pairs import close_pair
from tests.mentorship.bank_builders import MENTEE, MENTOR, bank_card, consented, pair_of
from tests.mentorship.builders import agree, card, day, grown_on

STATES = [state.value for state in BankState]
FROM = {
    "enter": {"candidate", "refused", "archived"},
    "interview": {"in_bank"},
    "select": {"in_bank"},
    "train": {"selected"},
    "step_back": {"interviewed", "selected", "trained"},
    "refuse": {"candidate", "in_bank", "interviewed", "selected", "trained"},
    "archive": {"candidate", "in_bank", "interviewed", "selected", "trained", "refused"},
    "lose_consent": {"in_bank", "interviewed", "selected", "trained"},
}
TO = {
    "enter": "in_bank",
    "interview": "interviewed",
    "select": "selected",
    "train": "trained",
    "step_back": "in_bank",
    "refuse": "refused",
    "archive": "archived",
    "lose_consent": "candidate",
}


def events(card: BankCard) -> list[str]:
    return list(JournalEntry.objects.about(card).values_list("event", flat=True))


def refused(act, *args, **kwargs) -> list[str]:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    return caught.value.obstacles


# --- Every state × every step -----------------------------------------------------------------------------------------
@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", list(FROM))
def test_every_step_starts_only_where_the_table_says(mentor, people, state: str, step: str) -> None:
    role = MENTEE if step == "interview" else MENTOR
    one = consented(mentor, people.curator, role, state)
    values = {"entered_on": day(0)} if step == "enter" else {}
    if state in FROM[step]:
        move(one, step, actor=people.curator, **values)
        assert BankCard.objects.get().state == TO[step]
    else:
        assert "недоступно" in refused(move, one, step, actor=people.curator, **values)[0]
        assert BankCard.objects.get().state == state


def test_the_table_of_the_test_is_the_table_of_the_model() -> None:
    steps = BankCard.TRANSITIONS.items()
    assert {name: {str(state) for state in step.sources} for name, step in steps} == FROM
    assert {name: step.target for name, step in steps} == TO


@pytest.mark.parametrize(("step", "role"), [("interview", MENTOR), ("select", MENTEE), ("train", MENTEE)])
def test_steps_of_one_bank_are_refused_in_the_other(mentor, people, step: str, role: str) -> None:
    one = bank_card(mentor, role, BankState.SELECTED if step == "train" else BankState.IN_BANK)
    assert "Этот шаг" in refused(move, one, step, actor=people.curator)[0]


# --- Opening ----------------------------------------------------------------------------------------------------------
def test_cards_are_opened_for_many_at_once_as_candidates(school, mentor, mentee, people) -> None:
    cards = open_cards(organisation=school, people=[mentor, mentee], role=MENTEE, actor=people.curator)
    assert [(one.participant, one.role, one.state, one.entered_on) for one in cards] == [
        (mentor, "mentee", "candidate", None),
        (mentee, "mentee", "candidate", None),
    ]
    assert [events(one) for one in cards] == [["mentorship.bank.open"]] * 2


def test_a_person_has_one_card_in_each_bank(mentor, people) -> None:
    for role in (MENTOR, MENTEE):
        open_card(participant=mentor, role=role, actor=people.curator)
    words = refused(open_card, participant=mentor, role=MENTOR, actor=people.curator)
    assert words == ["Карточка в этом банке уже есть: Верескова\u00a0А.\u00a0П."]
    assert BankCard.objects.count() == 2


def test_the_database_keeps_one_card_of_a_role_by_itself(mentor) -> None:
    bank_card(mentor)
    with pytest.raises(IntegrityError, match="bank_card_once"), transaction.atomic():
        bank_card(mentor)


def test_the_database_keeps_the_first_day_of_whoever_stands(mentor) -> None:
    with pytest.raises(IntegrityError, match="bank_card_in_bank_since"), transaction.atomic():
        bank_card(mentor, state=BankState.IN_BANK, entered_on=None)


def test_who_has_left_is_nobody_for_the_bank(school, mentor, people) -> None:
    mentor.left_on = day(-1)
    mentor.save(update_fields=["left_on"])
    assert "последний день" in refused(open_card, participant=mentor, role=MENTOR, actor=people.curator)[0]


def test_another_school_is_not_opened(school, other_school, people, reference) -> None:
    stranger = card(other_school, "Чужестранов Фома Игоревич")
    words = refused(open_cards, organisation=school, people=[stranger], role=MENTOR, actor=people.curator)
    assert words == ["В банк вносят только участников своей организации."]


@pytest.mark.parametrize("who", ["director", "psychologist", "teacher", "stranger"])
def test_only_the_curator_of_the_school_keeps_the_bank(mentor, people, who: str) -> None:
    one, actor = consented(mentor, people.curator, state=BankState.CANDIDATE), getattr(people, who)
    acts = [
        lambda: open_card(participant=mentor, role=MENTEE, actor=actor),
        lambda: enter_bank(card=one, actor=actor),
        lambda: refuse_card(card=one, actor=actor, refused_on=day(0), reason="нет"),
        lambda: archive_card(card=one, actor=actor, reason="нет"),
        lambda: confirm_cards(cards=[one], actor=actor),
        lambda: mark_long_term(card=one, actor=actor, value=True),
        lambda: set_support(card=one, actor=actor, support="да"),
        lambda: train_mentor(card=one, actor=actor),
        lambda: step_back(card=one, actor=actor),
    ]
    for act in acts:
        with pytest.raises(Forbidden):
            act()


# --- Entering: BR-12, BR-13, BR-41 ------------------------------------------------------------------------------------
def test_entering_sets_both_days_and_keeps_the_first_one_later(mentor, people) -> None:
    one = consented(mentor, people.curator, state=BankState.CANDIDATE)
    with time_machine.travel(dt.datetime.combine(day(-5), dt.time(12)), tick=False):
        enter_bank(card=one, actor=people.curator)
    archive_card(card=one, actor=people.curator, reason="отпуск")
    enter_bank(card=one, actor=people.curator)
    one.refresh_from_db()
    assert (one.state, one.entered_on, one.actual_on, one.state_reason) == ("in_bank", day(-5), day(0), "")


@pytest.mark.parametrize("consent", ["none", "refused", "expired", "withdrawn", "other"])
def test_without_a_live_consent_nobody_enters(mentor, people, consent: str) -> None:
    if consent == "refused":
        agree(mentor, ConsentKind.PROCESSING, people.curator, answer="refused")
    elif consent == "expired":
        agree(mentor, ConsentKind.PROCESSING, people.curator, valid_until=day(-1))
    elif consent == "withdrawn":
        given = agree(mentor, ConsentKind.PROCESSING, people.curator)
        withdraw_consent(consent=given, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    elif consent == "other":
        agree(mentor, ConsentKind.DISSEMINATION, people.curator)
    one = bank_card(mentor)
    assert refused(enter_bank, card=one, actor=people.curator) == [
        "Нет согласия на обработку персональных данных: Верескова\u00a0А.\u00a0П. — запишите подписанное согласие."
    ]
    assert BankCard.objects.get().state == "candidate"


def test_consent_that_ends_today_still_lets_in(mentor, people) -> None:
    agree(mentor, ConsentKind.PROCESSING, people.curator, valid_until=day(0))
    enter_bank(card=bank_card(mentor), actor=people.curator)
    assert BankCard.objects.get().state == "in_bank"


@pytest.mark.parametrize(
    ("birthday", "more", "enters"),
    [
        (day(-10), {}, False),  # became 18 after the signature
        (day(-20), {}, True),  # the eighteenth birthday is the day of the signature
        (day(-10), {"representative": "Ветрова Анна", "relation": "мать", "own_signature": True}, True),
    ],
)
def test_minor_on_the_day_of_the_signature_needs_the_representative(
    school, people, reference, birthday, more: dict, enters: bool
) -> None:
    """The paper was recorded while the age was unknown; the card learned the date of birth later."""
    pupil = card(school, "Ветров Егор Ильич", "")
    agree(pupil, ConsentKind.PROCESSING, people.curator, **more)
    Participant.objects.filter(pk=pupil.pk).update(category=Category.PUPIL, birth_date=grown_on(birthday))
    one = BankCard.objects.get(pk=bank_card(pupil, MENTEE).pk)
    if enters:
        enter_bank(card=one, actor=people.curator)
    else:
        assert "законного представителя" in refused(enter_bank, card=one, actor=people.curator)[0]


def test_a_refusal_is_not_overwritten_without_a_later_consent(mentor, people) -> None:
    one = consented(mentor, people.curator)
    refuse_card(card=one, actor=people.curator, refused_on=day(-3), reason="большая нагрузка")
    one.refresh_from_db()
    assert (one.state, one.refused_on, one.state_reason) == ("refused", day(-3), "большая нагрузка")
    words = f"Верескова\u00a0А.\u00a0П.: записан отказ от {day(-3):%d.%m.%Y}."
    voluntary = "Участие добровольное — нужно новое согласие, подписанное позже отказа."
    assert refused(enter_bank, card=one, actor=people.curator) == [f"{words} {voluntary}"]
    agree(mentor, ConsentKind.PROCESSING, people.curator, signed_on=day(-3))
    assert refused(enter_bank, card=one, actor=people.curator) == [f"{words} {voluntary}"]
    agree(mentor, ConsentKind.PROCESSING, people.curator, signed_on=day(-2))
    enter_bank(card=one, actor=people.curator)
    assert BankCard.objects.get().state == "in_bank"


def test_through_the_archive_a_refusal_is_not_overwritten_either(mentor, people) -> None:
    one = consented(mentor, people.curator)
    refuse_card(card=one, actor=people.curator, refused_on=day(0), reason="нет")
    archive_card(card=one, actor=people.curator, reason="порядок в списках")
    assert "записан отказ" in refused(enter_bank, card=one, actor=people.curator)[0]


def test_who_refused_to_be_a_mentor_may_only_learn(mentor, people) -> None:
    one = consented(mentor, people.curator, state=BankState.CANDIDATE)
    agree(mentor, ConsentKind.MENTOR, people.curator, answer="refused")
    assert "отказ от работы наставником" in refused(enter_bank, card=one, actor=people.curator)[0]
    enter_bank(card=bank_card(mentor, MENTEE), actor=people.curator)
    agree(mentor, ConsentKind.MENTOR, people.curator, signed_on=day(-1))
    enter_bank(card=one, actor=people.curator)
    assert set(BankCard.objects.values_list("state", flat=True)) == {"in_bank"}


def test_many_enter_together_or_nobody_does(mentor, mentee, second, people) -> None:
    cards = [consented(one, people.curator, state=BankState.CANDIDATE) for one in (mentor, mentee)]
    cards.append(bank_card(second))
    words = refused(enter_cards, cards=cards, actor=people.curator)
    assert words == [
        "Нет согласия на обработку персональных данных: Осокина\u00a0М.\u00a0И. — запишите подписанное согласие."
    ]
    assert set(BankCard.objects.values_list("state", flat=True)) == {"candidate"}
    assert len(enter_cards(cards=cards[:2], actor=people.curator)) == 2
    assert [events(one)[0] for one in cards[:2]] == ["mentorship.bank.change"] * 2


def test_who_stands_in_the_bank_already_is_named(mentor, people) -> None:
    one = consented(mentor, people.curator)
    assert refused(enter_cards, cards=[one], actor=people.curator) == [
        "Верескова\u00a0А.\u00a0П. Действие «Внести в банк» недоступно: состояние — «в банке»."
    ]
    assert refused(enter_cards, cards=[], actor=people.curator) == ["Отметьте хотя бы одного человека."]


# --- Leaving ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("refused_on", "words"),
    [
        (day(1), "Дата отказа не может быть в будущем."),
        (dt.date(1999, 12, 31), "Проверьте год отказа."),
        (day(-21), f"Позже, {day(-20):%d.%m.%Y}, подписано согласие: проверьте дату отказа."),
    ],
)
def test_impossible_day_of_a_refusal(mentor, people, refused_on, words: str) -> None:
    one = consented(mentor, people.curator)
    found = refused(refuse_card, card=one, actor=people.curator, refused_on=refused_on, reason="нет")
    assert (found, BankCard.objects.get().state) == ([words], "in_bank")


@pytest.mark.parametrize(("state", "step"), [("", "расформируйте"), (PairState.ACTIVE, "завершите")])
@pytest.mark.parametrize("role", [MENTOR, MENTEE])
def test_nobody_leaves_the_bank_out_of_an_open_pair(mentor, mentee, people, state: str, step: str, role: str) -> None:
    pair_of(mentor, mentee, people, state)
    one = consented(mentor if role == MENTOR else mentee, people.curator, role)
    words = [f"Сначала {step} пару: Верескова\u00a0А.\u00a0П. — Ольхин\u00a0Б.\u00a0В."]
    assert refused(archive_card, card=one, actor=people.curator, reason="нет") == words
    assert refused(refuse_card, card=one, actor=people.curator, refused_on=day(0), reason="нет") == words


def test_the_other_card_of_the_person_may_leave(mentor, mentee, people) -> None:
    pair_of(mentor, mentee, people, PairState.ACTIVE)
    archive_card(card=consented(mentor, people.curator, MENTEE), actor=people.curator, reason="не нужно")
    assert BankCard.objects.get().state == "archived"


def test_withdrawn_processing_takes_both_cards_out(mentor, people) -> None:
    given = agree(mentor, ConsentKind.PROCESSING, people.curator)
    for role, state in ((MENTOR, BankState.TRAINED), (MENTEE, BankState.IN_BANK)):
        bank_card(mentor, role, state)
    withdraw_consent(consent=given, actor=people.curator, withdrawn_on=day(0), reason="заявление")
    assert list(BankCard.objects.values_list("state", flat=True)) == ["candidate", "candidate"]


# --- Confirming, long-term base, support, results ---------------------------------------------------------------------
def test_confirming_many_notes_the_day_of_each(mentor, mentee, people, journal_count) -> None:
    cards = [bank_card(one, state=BankState.IN_BANK, actual_on=day(-400)) for one in (mentor, mentee)]
    before = journal_count()
    assert confirm_cards(cards=cards, actor=people.curator) == 2
    assert set(BankCard.objects.values_list("actual_on", flat=True)) == {day(0)}
    entry = JournalEntry.objects.about(cards[0]).get()
    assert (journal_count() - before, entry.changes) == (
        2,
        [{"field": "Сведения проверены", "old": f"{day(-400):%d.%m.%Y}", "new": f"{day(0):%d.%m.%Y}"}],
    )


def test_plain_marks_are_written_once(mentor, mentee, people) -> None:
    leader, learner = bank_card(mentor), bank_card(mentee, MENTEE)
    for _ in range(2):
        mark_long_term(card=leader, actor=people.curator, value=True)
        set_support(card=learner, actor=people.curator, support="психолог")
    assert (events(leader), events(learner)) == (["mentorship.bank.change"], ["mentorship.bank.change"])
    assert refused(mark_long_term, card=learner, actor=people.curator, value=True) == [
        "Долгосрочная база — только для наставников."
    ]


def test_closed_pair_writes_its_result_on_the_cards_of_both_sides(mentor, mentee, second, people) -> None:
    cards = [bank_card(mentor), bank_card(mentee, MENTEE)]
    others = [bank_card(mentor, MENTEE), bank_card(mentee), bank_card(second)]
    ended = pair_of(mentor, mentee, people, PairState.ACTIVE, starts_on=day(-200), ends_on=day(-1))
    close_pair(pair=ended, actor=people.curator, reason="Программа выполнена")
    line = f"{day(-1):%d.%m.%Y} — срок закончился: Программа выполнена."
    written = dict(BankCard.objects.values_list("pk", "outcome"))
    assert [written[one.pk] for one in cards + others] == [line, line, "", "", ""]
    write_outcome(pair=ended, text="Уточнено", actor=people.curator)
    assert BankCard.objects.get(pk=cards[0].pk).outcome.splitlines() == [f"{day(-1):%d.%m.%Y} — Уточнено.", line]


def test_results_fit_the_field_and_the_oldest_give_way() -> None:
    lines = [f"{number} " + "о" * 240 for number in range(3)]
    kept = ""
    for line in lines:
        kept = with_line(kept, line)
    assert kept.splitlines() == [lines[2], lines[1]]
    assert (len(with_line("", "р" * 600)), with_line("", "р" * 600)[-1]) == (500, "…")
