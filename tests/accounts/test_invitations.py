"""Giving out invitations: who may, what is kept, what ends the earlier ones."""

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone

from accounts.attention import people_who_never_came
from accounts.models import Invitation, Issued, Membership, User, WrongCode
from accounts.permissions import Forbidden, Role, may, today
from accounts.services.invitations import (
    WRONG_CODE,
    accept_invitation,
    cancel_invitation,
    forget_wrong_codes,
    hash_of,
    issue_invitations,
    must_wait,
    note_wrong_code,
    still_open,
    usable_invitation,
)
from core.models import JournalEntry
from core.transitions import Refused
from tests.accounts.invited import OWN_PASSWORD, newcomer, slip

pytestmark = pytest.mark.django_db


@pytest.fixture
def new(school) -> User:
    return newcomer(school)


# --- Issuing --------------------------------------------------------------------------------------------------------
def test_slip_is_good_for_two_weeks_and_only_its_hash_is_kept(people, school, new):
    with time_machine.travel("2026-11-12 10:00:00+03:00", tick=False):
        issued = slip(new, people.curator)
    kept = Invitation.objects.get()
    assert re.fullmatch(r"[a-hkmnp-z2-9]{4}(-[a-hkmnp-z2-9]{4}){2}", issued.code)
    assert (kept.user, kept.organisation, kept.created_by) == (new, school, people.curator)
    assert (kept.expires_at - kept.created_at, kept.code_hash) == (dt.timedelta(14), hash_of(issued.code))
    entry = JournalEntry.objects.get()
    assert entry.text == "Выдано приглашение к первому входу, годится до 26.11.2026."
    assert (entry.actor, entry.scope, entry.subject_id) == (people.curator, school.pk, new.pk)


def test_code_is_read_however_it_is_typed(people, new):
    code = slip(new, people.curator).code
    russian = code.upper().translate(str.maketrans("ABCEHKMPTXY", "АВСЕНКМРТХУ"))
    typed = [code, code.upper(), code.replace("-", ""), code.replace("-", " "), f"  {code}\n", russian, russian.lower()]
    assert {hash_of(one) for one in typed} == {hash_of(code)}
    assert hash_of(code[:-1]) != hash_of(code)


def test_code_is_not_told_by_the_words_of_the_object(people, new):
    issued = slip(new, people.curator)
    assert issued.code not in repr(issued)
    assert issued.link.endswith(f"/join/#{issued.code.upper()}")


def test_new_slip_ends_the_earlier_one(people, new):
    first, second = slip(new, people.curator), slip(new, people.curator)
    found = [usable_invitation(code_hash=hash_of(one.code)) for one in (first, second)]
    assert [one and one.pk for one in found] == [None, second.invitation.pk]
    assert [one.cancelled_at is None for one in Invitation.objects.order_by("pk")] == [False, True]


def test_several_people_get_slips_in_the_order_of_names(people, school):
    names = ["Яшина Ия Петровна", "Ёлкина Анна Львовна", "Жукова Ольга Ильинична"]
    users = [newcomer(school, name) for name in names]
    issued = issue_invitations(people=users, organisation=school, actor=people.curator)
    assert [one.invitation.user.full_name for one in issued] == [names[1], names[2], names[0]]
    assert len({one.code for one in issued}) == 3


def test_issuing_costs_the_same_for_one_and_for_ten(people, school, django_assert_num_queries):
    for count in (1, 10):
        users = [newcomer(school, f"Новая {number}", username=f"u{count}-{number}") for number in range(count)]
        actor = User.objects.get(pk=people.curator.pk)
        with django_assert_num_queries(15):
            issue_invitations(people=users, organisation=school, actor=actor)


def test_slip_speaks_for_the_school_even_when_the_municipality_gives_it(people, school, new):
    assert slip(new, people.admin).invitation.organisation == school


@pytest.mark.parametrize("who", ["teacher", "director", "inspector", "municipal", "stranger"])
def test_slips_are_given_by_those_of_the_table(people, school, new, who):
    with pytest.raises(Forbidden):
        issue_invitations(people=[new], organisation=school, actor=getattr(people, who))
    assert not Invitation.objects.exists()


def test_curator_reaches_nobody_of_another_school(people, school, other_school):
    with pytest.raises(Forbidden):
        issue_invitations(people=[newcomer(other_school)], organisation=school, actor=people.curator)


def test_curator_cannot_become_the_director_by_a_slip(people, school):
    """The same law as for one-time passwords: whoever holds the slip can act as that person."""
    head = newcomer(school, role=Role.DIRECTOR)
    with pytest.raises(Refused, match="меняет только администратор"):
        slip(head, people.curator)
    assert slip(head, people.admin).invitation.user == head


def test_curator_invites_nobody_with_a_role_elsewhere(people, school, other_school, new):
    Membership.objects.create(user=new, organisation=other_school, role=Role.TEACHER)
    with pytest.raises(Refused, match="роль в другой организации"):
        slip(new, people.curator)


def test_who_has_come_in_gets_a_password_instead(people, new):
    User.objects.filter(pk=new.pk).update(last_login=timezone.now())
    with pytest.raises(Refused, match=f"{new.full_name}: Уже входит в портал"):
        slip(new, people.curator)


def test_who_may_not_sign_in_gets_no_slip(people, new):
    User.objects.filter(pk=new.pk).update(is_active=False)
    with pytest.raises(Refused, match="Вход в портал закрыт"):
        slip(new, people.curator)


def test_one_refused_person_stops_the_whole_pack(people, school, new):
    head = newcomer(school, role=Role.DIRECTOR)
    with pytest.raises(Refused):
        issue_invitations(people=[new, head], organisation=school, actor=people.curator)
    assert not Invitation.objects.exists()


def test_invited_without_a_role_is_within_reach_of_the_school_alone(people, school, other_school):
    guest = newcomer(school, role="")
    assert not may(people.curator, "accounts.user.password", guest)
    slip(guest, people.curator)
    reach = [may(one, "accounts.user.password", guest) for one in (people.curator, people.admin, people.stranger)]
    assert reach == [True, True, False]
    assert guest.journal_scope == school.pk
    Membership.objects.create(user=guest, organisation=other_school, role=Role.TEACHER)
    reach = [may(one, "accounts.user.password", guest) for one in (people.curator, people.stranger)]
    assert reach == [False, True]


# --- Calling back, printing -----------------------------------------------------------------------------------------
def test_lost_slip_is_called_back_once(people, school, new):
    issued = slip(new, people.curator)
    cancel_invitation(invitation=issued.invitation, actor=people.curator)
    assert usable_invitation(code_hash=hash_of(issued.code)) is None
    with pytest.raises(Refused, match="уже использовано или отменено"):
        cancel_invitation(invitation=issued.invitation, actor=people.curator)
    texts = list(JournalEntry.objects.filter(scope=school.pk).order_by("pk").values_list("text", flat=True))
    assert texts[1:] == ["Приглашение к первому входу отменено."]


@pytest.mark.parametrize("who", ["teacher", "stranger"])
def test_slip_is_called_back_by_those_of_the_table(people, new, who):
    with pytest.raises(Forbidden):
        cancel_invitation(invitation=slip(new, people.curator).invitation, actor=getattr(people, who))


def test_only_open_codes_of_the_own_school_are_printed(people, school, other_school, new):
    other, gone = newcomer(school, "Другая Ия"), newcomer(school, "Ушла Ия")
    mine, also, cancelled = (slip(person, people.curator) for person in (new, other, gone))
    cancel_invitation(invitation=cancelled.invitation, actor=people.curator)
    theirs = slip(newcomer(other_school), people.stranger)
    codes = [also.spoken, mine.code, cancelled.code, theirs.code, "нет-такого", ""]
    printed: list[Issued] = still_open(codes, people.curator)
    assert [(one.invitation.user, one.code) for one in printed] == [(other, also.code), (new, mine.code)]


# --- Accepting ------------------------------------------------------------------------------------------------------
def test_code_is_used_once_and_sets_the_password(people, new):
    issued = slip(new, people.curator)
    accept_invitation(invitation=issued.invitation, password=OWN_PASSWORD)
    new.refresh_from_db()
    assert (new.check_password(OWN_PASSWORD), new.must_change_password) == (True, False)
    assert Invitation.objects.get().used_at is not None
    with pytest.raises(Refused, match="Код не подошёл"):
        accept_invitation(invitation=issued.invitation, password="другой-пароль-2026")
    new.refresh_from_db()
    assert new.check_password(OWN_PASSWORD)
    entry = JournalEntry.objects.filter(actor=new).get()
    assert (entry.text, entry.subject_id) == ("Пароль изменён по приглашению к первому входу.", new.pk)


@pytest.mark.parametrize("fault", ["expired", "cancelled", "came", "closed"])
def test_code_that_is_no_longer_good_opens_nothing(people, new, fault):
    issued = slip(new, people.curator)
    now = timezone.now()
    if fault == "expired":
        Invitation.objects.update(created_at=now - dt.timedelta(20), expires_at=now)
    elif fault == "cancelled":
        Invitation.objects.update(cancelled_at=now)
    else:
        User.objects.filter(pk=new.pk).update(**({"last_login": now} if fault == "came" else {"is_active": False}))
    assert usable_invitation(code_hash=hash_of(issued.code)) is None
    with pytest.raises(Refused) as refusal:
        accept_invitation(invitation=issued.invitation, password=OWN_PASSWORD)
    assert refusal.value.obstacles == [WRONG_CODE]


# --- Guessing -------------------------------------------------------------------------------------------------------
def test_address_waits_ten_minutes_after_five_wrong_codes():
    with time_machine.travel("2026-11-12 10:00:00+03:00", tick=False) as clock:
        for _ in range(4):
            note_wrong_code("10.0.0.1")
        assert not must_wait("10.0.0.1")
        note_wrong_code("10.0.0.1")
        assert (must_wait("10.0.0.1"), must_wait("10.0.0.2")) == (True, False)
        clock.shift(600)
        assert not must_wait("10.0.0.1")


def test_wrong_codes_keep_neither_the_address_nor_last_for_days():
    with time_machine.travel("2026-11-12 10:00:00+03:00", tick=False) as clock:
        note_wrong_code("10.0.0.1")
        assert "10.0.0.1" not in str(list(WrongCode.objects.values()))
        clock.shift(dt.timedelta(days=1, seconds=1))
        note_wrong_code("10.0.0.2")
    assert WrongCode.objects.count() == 1


def test_success_forgets_the_mistakes_of_a_staff_room():
    for _ in range(5):
        note_wrong_code("10.0.0.1")
    forget_wrong_codes("10.0.0.1")
    assert not must_wait("10.0.0.1")


# --- Attention ------------------------------------------------------------------------------------------------------
@pytest.fixture
def everybody_came(people) -> None:
    User.objects.update(last_login=timezone.now())


def test_curator_is_told_how_many_have_not_come(people, school, everybody_came):
    assert list(people_who_never_came(people.curator, school, today())) == []
    first, second = newcomer(school), newcomer(school)
    (entry,) = people_who_never_came(people.curator, school, today())
    assert (entry.title, entry.waiting) == ("2 человека ещё не входили в портал", False)
    assert entry.detail.startswith("Без действующего листка с кодом: 2.")
    issue_invitations(people=[first, second], organisation=school, actor=people.curator)
    (entry,) = people_who_never_came(people.curator, school, today())
    assert (entry.action, entry.waiting) == ("Открыть список", True)


def test_count_of_the_municipality_takes_in_its_schools(people, town, school, other_school, everybody_came):
    newcomer(school)
    newcomer(other_school)
    (entry,) = people_who_never_came(people.admin, town, today())
    assert entry.title == "2 человека ещё не входили в портал"
    assert list(people_who_never_came(people.director, school, today())) == []
