"""What stands in the way of merging two cards, each with what to do."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from accounts.permissions import Forbidden
from core.transitions import Refused
from mentorship.models import (
    BankSnapshot,
    Category,
    Consent,
    ConsentKind,
    Participant,
)
from mentorship.services import merging
from mentorship.services.consents import withdraw_consent
from mentorship.services.merging import KEPT, merge_participants
from mentorship.services.merging_checks import merge_obstacles, merge_warnings, orders_about
from tests.mentorship.builders import agree, approve, approved_order, card, day, form_pair, submitted
from tests.mentorship.twins import merge

NAME = "Щербакова Инна Вадимовна"


@pytest.fixture
def kept(school, people: SimpleNamespace, reference: None) -> Participant:
    return card(school, NAME, "учитель географии", birth_year=1980)


@pytest.fixture
def absorbed(school, people: SimpleNamespace, reference: None) -> Participant:
    return card(school, "Щербакова-Ким Инна Вадимовна", "учитель экономики", birth_year=1980)


def refusal(kept: Participant, absorbed: Participant, people: SimpleNamespace) -> str:
    with pytest.raises(Refused) as refused:
        merge(kept, absorbed, people)
    assert Participant.objects.filter(pk=absorbed.pk).exists()
    return " ".join(refused.value.obstacles)


def test_two_logins_are_refused_with_advice(kept, absorbed, people) -> None:
    Participant.objects.filter(pk=kept.pk).update(user=people.teacher)
    Participant.objects.filter(pk=absorbed.pk).update(user=people.psychologist)
    words = refusal(kept, absorbed, people)
    assert "разные логины: «teacher» и «psychologist»" in words
    assert "уберите другой" in words


def test_pair_of_the_two_themselves_is_refused(kept, absorbed, people) -> None:
    form_pair(kept, [absorbed], people.curator)
    assert "Обе карточки стоят в одной паре" in refusal(kept, absorbed, people)


def test_members_of_one_group_are_refused(kept, absorbed, people, mentor) -> None:
    form_pair(mentor, [kept, absorbed], people.curator)
    assert "расформируйте" in refusal(kept, absorbed, people)


def test_clashing_periods_are_refused(kept, absorbed, people, mentor) -> None:
    for person, number in ((kept, "71-б"), (absorbed, "72-б")):
        approve(submitted(people, form_pair(mentor, [person], people.curator)), people, number)
    assert "в те же дни" in refusal(kept, absorbed, people)


def test_the_database_alone_keeps_clashing_periods_apart(kept, absorbed, people, mentor, monkeypatch) -> None:
    for person, number in ((kept, "71-б"), (absorbed, "72-б")):
        approve(submitted(people, form_pair(mentor, [person], people.curator)), people, number)
    monkeypatch.setattr(merging, "merge_obstacles", lambda kept, absorbed: [])
    assert "в те же дни" in refusal(kept, absorbed, people)


def test_consent_against_a_later_withdrawal_is_refused(kept, absorbed, people) -> None:
    """Otherwise a name taken off the site would come back by merging."""
    withdrawn = agree(kept, ConsentKind.DISSEMINATION, people.curator, signed_on=day(-30))
    withdraw_consent(consent=withdrawn, actor=people.curator, withdrawn_on=day(-5), reason="заявление")
    agree(absorbed, ConsentKind.DISSEMINATION, people.curator, signed_on=day(-20))
    words = refusal(kept, absorbed, people)
    assert "Согласия спорят" in words
    assert f"записан отзыв — {day(-5):%d.%m.%Y}" in words


def test_consent_against_a_later_refusal_is_refused(kept, absorbed, people) -> None:
    agree(kept, ConsentKind.TRANSFER, people.curator, signed_on=day(-30))
    agree(absorbed, ConsentKind.TRANSFER, people.curator, signed_on=day(-3), answer="refused")
    assert "позже записан отказ" in refusal(kept, absorbed, people)


def test_consent_younger_than_the_withdrawal_speaks(kept, absorbed, people) -> None:
    withdrawn = agree(kept, ConsentKind.TRANSFER, people.curator, signed_on=day(-30))
    withdraw_consent(consent=withdrawn, actor=people.curator, withdrawn_on=day(-25), reason="заявление")
    live = agree(absorbed, ConsentKind.TRANSFER, people.curator, signed_on=day(-3))
    merge(kept, absorbed, people)
    assert list(Consent.objects.live(day(0))) == [live]


def test_replaced_consent_is_no_withdrawal(kept, absorbed, people) -> None:
    """Closing the earlier paper of a card when a newer is signed is not the person's no."""
    agree(kept, ConsentKind.TRANSFER, people.curator, signed_on=day(-30))
    newest = agree(kept, ConsentKind.TRANSFER, people.curator, signed_on=day(-5))
    agree(absorbed, ConsentKind.TRANSFER, people.curator, signed_on=day(-20))
    merge(kept, absorbed, people)
    assert list(Consent.objects.live(day(0))) == [newest]


def test_card_with_itself_or_of_another_school_is_refused(kept, people, other_school) -> None:
    stranger = card(other_school, NAME)
    assert merge_obstacles(kept, stranger) == merge_obstacles(kept, kept) != []
    with pytest.raises(Forbidden):
        merge(kept, stranger, people)
    with pytest.raises(Refused):
        merge(kept, kept, people)


@pytest.mark.parametrize("role", ["director", "teacher", "inspector", "stranger"])
def test_only_the_curator_merges(role: str, kept, absorbed, people) -> None:
    with pytest.raises(Forbidden):
        merge_participants(kept=kept, absorbed=absorbed, choices={}, actor=getattr(people, role))


def test_order_that_waits_is_told_before(kept, absorbed, people, mentee) -> None:
    submitted(people, form_pair(absorbed, [mentee], people.curator))
    assert ["ждёт утверждения" in one for one in merge_warnings(kept, absorbed)] == [True]


def test_pupil_and_teacher_keep_the_chosen_category(kept, absorbed, people) -> None:
    Participant.objects.filter(pk=absorbed.pk).update(category=Category.PUPIL, class_name="9 А")
    merged = merge(kept, absorbed, people, choices={"category": KEPT, "class_name": KEPT})
    assert (merged.category, merged.class_name) == (Category.TEACHER, "")


def test_bank_that_lists_the_card_is_named_with_its_order(kept, absorbed, people) -> None:
    order = approved_order(kept.organisation, people, "80-б")
    BankSnapshot.objects.create(
        organisation=kept.organisation,
        role="mentor",
        people=[{"number": absorbed.pk, "post": ""}],
        order=order,
        made_by=people.curator,
    )
    assert (orders_about(absorbed), orders_about(kept)) == ([order], [])
    assert merge_warnings(kept, absorbed) == ["В утверждённых приказах останется имя, которое в них записано."]
