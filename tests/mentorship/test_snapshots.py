"""Snapshots of the banks: frozen for good, thrown away while no order speaks of them, silent about the withdrawn."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.models import BankRole, BankSnapshot, Consent, Participant
from mentorship.models.snapshots import HIDDEN, difference, table_of, withdrawn_in
from mentorship.services.consents import withdraw_consent
from mentorship.services.snapshots import delete_snapshot, make_snapshot, note_export
from tests.mentorship.builders import approved_order, card, day
from tests.mentorship.federal import banked, draft, snapshot
from tests.mentorship.test_constraints import without_trigger

TABLE, TRIGGER = "mentorship_banksnapshot", "bank_snapshot_is_kept"


@pytest.fixture
def frozen(mentor, second, people, school) -> BankSnapshot:
    for person in (mentor, second):
        banked(person, BankRole.MENTOR, people)
    return snapshot(people, school)


def withdraw(person: Participant, people) -> None:
    consent = Consent.objects.get(participant=person, kind="processing", withdrawn_on=None)
    withdraw_consent(consent=consent, actor=people.curator, withdrawn_on=day(0), reason="заявление")


def test_snapshot_keeps_what_the_bank_was(frozen, mentor, second, people) -> None:
    assert [row[1] for row in frozen.rows] == ["Верескова Алла Петровна", "Осокина Мария Ильинична"]
    assert frozen.people == [
        {"number": mentor.pk, "post": "учитель математики"},
        {"number": second.pk, "post": "учитель музыки"},
    ]
    assert JournalEntry.objects.about(frozen).get().text == (
        f"Составлен снимок: Банк наставников на {day(0):%d.%m.%Y}, 2 строки."
    )
    Participant.objects.filter(pk=mentor.pk).update(surname="Новая")
    assert table_of(BankSnapshot.objects.get()).rows[0][1] == "Верескова Алла Петровна"


def test_empty_bank_has_no_snapshot(people, school) -> None:
    with pytest.raises(Refused, match="сначала внесите людей в банк"):
        make_snapshot(organisation=school, role=BankRole.MENTEE, actor=people.curator)


@pytest.mark.parametrize("who", ["director", "inspector", "psychologist", "stranger"])
def test_only_the_curator_makes_and_deletes(frozen, people, school, who) -> None:
    actor = User.objects.get(pk=getattr(people, who).pk)
    with pytest.raises(Forbidden):
        make_snapshot(organisation=school, role=BankRole.MENTOR, actor=actor)
    with pytest.raises(Forbidden):
        delete_snapshot(snapshot=frozen, actor=actor)


def test_free_snapshot_is_deleted_with_a_trace(frozen, people) -> None:
    delete_snapshot(snapshot=frozen, actor=people.curator)
    assert BankSnapshot.objects.count() == 0
    assert JournalEntry.objects.filter(event="mentorship.snapshot.delete").count() == 1


def test_snapshot_in_a_draft_is_not_deleted(frozen, people) -> None:
    draft(people, frozen)
    with pytest.raises(Refused, match="Сначала уберите его оттуда"):
        delete_snapshot(snapshot=frozen, actor=people.curator)


# --- The database -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("change", [{"rows": []}, {"people": []}, {"as_of": day(-1)}, {"columns": []}])
def test_database_keeps_a_snapshot_as_it_was(frozen, change) -> None:
    with pytest.raises(IntegrityError, match="a snapshot of a bank is frozen"), transaction.atomic():
        BankSnapshot.objects.filter(pk=frozen.pk).update(**change)
    with without_trigger(TABLE, TRIGGER):
        assert BankSnapshot.objects.filter(pk=frozen.pk).update(**change) == 1


def test_database_keeps_an_approved_snapshot_with_its_order(frozen, people, school) -> None:
    BankSnapshot.objects.filter(pk=frozen.pk).update(order=approved_order(school, people))
    for act in (lambda rows: rows.update(order=None), lambda rows: rows.delete()):
        with pytest.raises(IntegrityError, match="a snapshot of a bank is frozen"), transaction.atomic():
            act(BankSnapshot.objects.filter(pk=frozen.pk))
    with without_trigger(TABLE, TRIGGER):
        assert BankSnapshot.objects.filter(pk=frozen.pk).update(order=None) == 1


# --- What may be shown of it ------------------------------------------------------------------------------------------
def test_withdrawn_person_leaves_only_the_number(frozen, mentor, second, people) -> None:
    withdraw(mentor, people)
    gone = withdrawn_in(frozen, day(0))
    table = table_of(frozen, withdrawn=gone)
    assert gone == {mentor.pk}
    assert table.rows[0] == ["1", HIDDEN, *([""] * (len(table.columns) - 2))]
    assert "Вереск" not in str(table.rows)
    assert table.rows[1][1] == "Осокина Мария Ильинична"


def test_merged_card_keeps_its_consent(frozen, mentor, second, people) -> None:
    """The card that the snapshot names has gone into another one, which has the consent."""
    Participant.objects.filter(pk=second.pk).update(former_keys=[mentor.pk])
    withdraw(mentor, people)
    assert withdrawn_in(frozen, day(0)) == frozenset()


def test_difference_names_who_came_and_who_left(frozen, mentor, second, school, people) -> None:
    banked(card(school, "Ивин Пётр Ильич"), BankRole.MENTOR, people)
    second.bank_cards.update(state="archived")
    found = difference(frozen, snapshot(people, school), day(0))
    assert (found.added, found.gone) == (["Ивин Пётр Ильич"], ["Осокина Мария Ильинична"])
    withdraw(second, people)
    assert difference(frozen, BankSnapshot.objects.first(), day(0)).gone == [HIDDEN]


def test_difference_moves_nobody_by_merging_cards(frozen, mentor, school, people) -> None:
    later = snapshot(people, school)
    Participant.objects.filter(pk=mentor.pk).update(former_keys=[10**9])
    earlier = BankSnapshot(organisation=school, role="mentor", as_of=day(-9), columns=later.columns, rows=later.rows)
    earlier.people = [{**later.people[0], "number": 10**9}, later.people[1]]
    found = difference(earlier, later, day(0))
    assert (found.added, found.gone) == ([], [])


def test_export_is_noted_for_those_who_may(frozen, school, people) -> None:
    note_export(organisation=school, table=table_of(frozen), form="xlsx", actor=people.director)
    entry = JournalEntry.objects.latest("pk")
    assert (entry.event, entry.text, entry.scope) == (
        "mentorship.participant.export",
        "Выгружен банк наставников: 2 строки (XLSX).",
        school.pk,
    )
    with pytest.raises(Forbidden):
        note_export(organisation=school, table=table_of(frozen), form="xlsx", actor=people.inspector)
