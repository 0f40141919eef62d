"""What the database keeps true of pairs and consents by itself; each guard with the proof that it is the one."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import IntegrityError, connection, transaction

from mentorship.models import Consent, ConsentKind, Pair, PairMember, PairState, Participant
from tests.mentorship.builders import agree, approved_order, day, draft, form_pair, word

COPIED = ("mentor_id", "direction_id", "starts_on", "ends_on", "state")


def sql(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


@contextmanager
def without_trigger(table: str, trigger: str) -> Iterator[None]:
    """The guard taken away, inside the transaction of the test."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
    yield
    sql(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")


@pytest.fixture
def active(pair: Pair, people) -> Pair:
    """The pair in force by an approved order."""
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=approved_order(pair.organisation, people))
    pair.refresh_from_db()
    return pair


def copied(pair: Pair) -> list[tuple]:
    return list(PairMember.objects.filter(pair=pair).values_list(*COPIED))


# --- Members follow their pair ----------------------------------------------------------------------------------------
def test_members_follow_every_change_of_the_pair(pair: Pair, second: Participant, people) -> None:
    Pair.objects.filter(pk=pair.pk).update(
        mentor=second,
        direction=word("direction", "parents"),
        starts_on=day(1),
        ends_on=day(120),
        state=PairState.ACTIVE,
        order=approved_order(pair.organisation, people),
    )
    pair.refresh_from_db()
    assert copied(pair) == [tuple(getattr(pair, name) for name in COPIED)]


def test_members_cannot_differ_from_the_pair(pair: Pair) -> None:
    with pytest.raises(IntegrityError, match="pair_member_follows_its_pair"), transaction.atomic():
        PairMember.objects.filter(pair=pair).update(state=PairState.ACTIVE)


def test_members_differ_when_the_key_is_gone(pair: Pair, second: Participant) -> None:
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE mentorship_pairmember DROP CONSTRAINT pair_member_follows_its_pair")
    Pair.objects.filter(pk=pair.pk).update(mentor=second)
    assert copied(pair)[0][0] == pair.mentor_id != second.pk


def test_a_forming_pair_can_be_deleted_with_its_members(pair: Pair) -> None:
    pair.delete()
    assert (Pair.objects.count(), PairMember.objects.count()) == (0, 0)


# --- One period at a time ---------------------------------------------------------------------------------------------
def other_period(pair: Pair, people, **more) -> Pair:
    return form_pair(pair.mentor, pair.mentees, people.curator, **more)


def bring(pair: Pair, people, number: str) -> None:
    order = approved_order(pair.organisation, people, number)
    with transaction.atomic():
        Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)


@pytest.mark.parametrize("state", [PairState.ACTIVE, PairState.CLOSED])
def test_a_second_period_over_the_first_is_refused(pair: Pair, people, state: str) -> None:
    """Two were formed before either was in force; closed periods hold their days too."""
    twin = other_period(pair, people, starts_on=day(0), ends_on=day(150))
    bring(pair, people, "1")
    Pair.objects.filter(pk=pair.pk).update(state=state, closing_ground="term" if state == PairState.CLOSED else "")
    with pytest.raises(IntegrityError, match="pair_one_period_at_a_time"):
        bring(twin, people, "2")
    twin.refresh_from_db()
    assert twin.state == PairState.FORMING


def test_another_direction_or_other_days_are_allowed(pair: Pair, people) -> None:
    direction = other_period(pair, people, direction=word("direction", "parents"))
    later = other_period(pair, people, starts_on=day(201), ends_on=day(320))
    for number, one in enumerate((pair, direction, later)):
        bring(one, people, str(number))
    assert Pair.objects.filter(state=PairState.ACTIVE).count() == 3


def test_periods_overlap_when_the_constraint_is_gone(pair: Pair, people) -> None:
    twin = other_period(pair, people)
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE mentorship_pairmember DROP CONSTRAINT pair_one_period_at_a_time")
    bring(pair, people, "1")
    bring(twin, people, "2")
    assert PairMember.objects.filter(state=PairState.ACTIVE).count() == 2


# --- A pair in force is history ---------------------------------------------------------------------------------------
KEPT = "members of a pair fixed by an order"


def test_members_of_a_pair_in_force_are_neither_added_nor_removed(active: Pair, second: Participant) -> None:
    with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
        PairMember(pair=active, mentee=second).copy_pair().save()
    with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
        active.members.all().delete()
    with pytest.raises(IntegrityError, match=KEPT), transaction.atomic():
        active.members.update(mentee=second)
    assert [member.mentee.surname for member in active.members.all()] == ["Ольхин"]


def test_members_of_a_pair_in_force_change_without_the_trigger(active: Pair, second: Participant) -> None:
    with without_trigger("mentorship_pairmember", "pair_members_are_kept"):
        PairMember(pair=active, mentee=second).copy_pair().save()
        active.members.exclude(mentee=second).delete()
    assert [member.mentee.surname for member in active.members.all()] == ["Осокина"]


@pytest.mark.parametrize("change", [{"starts_on": day(-50)}, {"state": PairState.FORMING}])
def test_a_pair_in_force_is_not_turned_into_another(active: Pair, change: dict) -> None:
    with pytest.raises(IntegrityError, match="is history"), transaction.atomic():
        Pair.objects.filter(pk=active.pk).update(**change)
    with pytest.raises(IntegrityError, match="is history"), transaction.atomic():
        Pair.objects.filter(pk=active.pk)._raw_delete("default")


def test_a_pair_in_force_may_get_another_last_day(active: Pair) -> None:
    Pair.objects.filter(pk=active.pk).update(ends_on=day(30), state=PairState.CLOSED, closing_ground="cancelled")
    active.refresh_from_db()
    assert copied(active) == [tuple(getattr(active, name) for name in COPIED)]


def test_a_pair_in_force_changes_without_the_trigger(active: Pair) -> None:
    with without_trigger("mentorship_pair", "pair_in_force_is_kept"):
        Pair.objects.filter(pk=active.pk).update(starts_on=day(-50))
    active.refresh_from_db()
    assert active.starts_on == day(-50)


# --- In force only by an approved order -------------------------------------------------------------------------------
def test_a_pair_without_an_order_never_comes_into_force(pair: Pair) -> None:
    with pytest.raises(IntegrityError, match="pair_in_force_by_order"), transaction.atomic():
        Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE)


def bring_by_a_draft(pair: Pair, people) -> None:
    """What no service does: the state set directly, with an order that nobody has approved."""
    with transaction.atomic():
        order = draft(people, pair)
        Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)
        sql("SET CONSTRAINTS ALL IMMEDIATE")


def test_a_draft_brings_no_pair_into_force(pair: Pair, people) -> None:
    with pytest.raises(IntegrityError, match="only by an approved order"):
        bring_by_a_draft(pair, people)
    pair.refresh_from_db()
    assert pair.state == PairState.FORMING


def test_a_draft_brings_a_pair_into_force_without_the_trigger(pair: Pair, people) -> None:
    with without_trigger("mentorship_pair", "pair_in_force_by_approved_order"):
        bring_by_a_draft(pair, people)
    pair.refresh_from_db()
    assert pair.state == PairState.ACTIVE


# --- Consents are kept ------------------------------------------------------------------------------------------------
@pytest.fixture
def consent(mentee: Participant, people) -> Consent:
    return agree(mentee, ConsentKind.PROCESSING, people.curator)


CONSENT_KEPT = "a recorded consent is never changed or deleted"


@pytest.mark.parametrize(
    "change",
    [
        {"signed_on": day(-30)},
        {"answer": "refused"},
        {"fields": ["name"]},
        {"withdrawn_on": day(0), "valid_until": day(5)},
        {"withdrawal_reason": "просто так"},
    ],
)
def test_a_consent_is_not_edited(consent: Consent, change: dict) -> None:
    with pytest.raises(IntegrityError, match=CONSENT_KEPT), transaction.atomic():
        Consent.objects.filter(pk=consent.pk).update(**change)


def test_a_consent_is_not_deleted(consent: Consent) -> None:
    with pytest.raises(IntegrityError, match=CONSENT_KEPT), transaction.atomic():
        consent.delete()
    assert Consent.objects.count() == 1


def test_a_consent_is_withdrawn_once(consent: Consent) -> None:
    rows = Consent.objects.filter(pk=consent.pk)
    rows.update(withdrawn_on=day(0), withdrawal_reason="заявление")
    for again in ({"withdrawn_on": day(-1)}, {"withdrawn_on": None}, {"withdrawal_reason": "другое"}):
        with pytest.raises(IntegrityError, match=CONSENT_KEPT), transaction.atomic():
            rows.update(**again)
    assert rows.get().withdrawn_on == day(0)


def test_a_consent_is_edited_and_deleted_without_the_trigger(consent: Consent) -> None:
    with without_trigger("mentorship_consent", "consent_is_kept"):
        Consent.objects.filter(pk=consent.pk).update(signed_on=day(-30))
        consent.delete()
    assert Consent.objects.count() == 0


def test_a_refusal_has_nothing_to_withdraw(mentee: Participant, people) -> None:
    refusal = agree(mentee, ConsentKind.PROCESSING, people.curator, answer="refused")
    with pytest.raises(IntegrityError, match="consent_refusal_is_not_withdrawn"), transaction.atomic():
        Consent.objects.filter(pk=refusal.pk).update(withdrawn_on=day(0))
