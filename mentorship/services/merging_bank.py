"""Cards of a bank when two cards of a person become one: a role has one card, and nothing written on either is lost."""

from __future__ import annotations

from typing import Any

from django.db import models

from accounts.models import User
from core.journal import Change, differences, reading, record
from core.transitions import move
from mentorship.models import BankCard, BankState, Interview, Participant

BETWEEN = "; "


def merge_bank_cards(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """Cards of a role that the kept card lacks follow; two cards of one role become one."""
    own = {card.role: card for card in BankCard.objects.filter(participant=kept)}
    for card in rows:
        if card.role in own:
            merge_two(own[card.role], card, kept, actor)
        else:
            BankCard.objects.filter(pk=card.pk).update(participant=kept)


def merge_two(own: BankCard, coming: BankCard, kept: Participant, actor: User) -> None:
    """The weightier card stays, with everything that the other one says besides."""
    card, other = in_order(own, coming)
    fields = [one.name for one in (*BankCard._meta.concrete_fields, *BankCard._meta.many_to_many)]
    fields = [name for name in fields if name not in ("id", "participant")]
    before, said = reading(card, fields), reading(other, fields)
    merge_interviews(card, other, actor)
    for relation in BankCard._meta.many_to_many:
        getattr(card, relation.name).add(*getattr(other, relation.name).all())
    for one in BankCard._meta.concrete_fields:
        setattr(card, one.attname, merged_value(one, getattr(card, one.attname), getattr(other, one.attname)))
    card.refused_on = max((day for day in (card.refused_on, other.refused_on) if day), default=None)
    card.long_term = card.long_term or other.long_term
    other.delete()
    card.participant = kept
    card.save()
    changes = [*differences(before, reading(card, fields)), *untold(said, reading(card, fields))]
    record("mentorship.bank.merge", card, actor=actor, text=f"Объединены карточки банка: {card}.", changes=changes)


def in_order(one: BankCard, other: BankCard) -> tuple[BankCard, BankCard]:
    """The card that speaks for the person, then the one that goes away.

    A refusal later than the other's entry is not overruled by it. Otherwise: whichever stands in the bank, says more,
    is newer.
    """
    for card, against in ((one, other), (other, one)):
        if card.state == BankState.REFUSED and against.stands and refused_later(card, against):
            return card, against
    second, first = sorted((one, other), key=lambda card: (card.stands, fullness(card), card.pk))
    return first, second


def refused_later(card: BankCard, other: BankCard) -> bool:
    return bool(card.refused_on and other.entered_on and card.refused_on >= other.entered_on)


def fullness(card: BankCard) -> int:
    return sum(bool(getattr(card, one.attname)) for one in card._meta.concrete_fields)


def merge_interviews(card: BankCard, other: BankCard, actor: User) -> None:
    """Talks follow; of two that are planned the card's own stays planned."""
    if card.interviews.planned().exists():
        for interview in other.interviews.planned():
            move(interview, "cancel", actor=actor, text="Собеседование отменено: карточки одного человека объединены.")
    Interview.objects.filter(card=other).update(card=card)


def merged_value(field: Any, own: Any, other: Any) -> Any:
    """The own value; the other's where there is none; two free texts together as long as they fit."""
    if own in (None, "") and not field.primary_key:
        return other
    free = isinstance(field, models.CharField | models.TextField) and not field.choices
    if not free or isinstance(field, models.URLField) or other in (None, "", own):
        return own
    both = f"{own}{BETWEEN}{other}"
    return both if field.max_length is None or len(both) <= field.max_length else own


def untold(said: dict[str, str], now: dict[str, str]) -> list[Change]:
    """What the card that goes away said and the merged one does not: the history keeps it."""
    return [
        Change(field=f"{label} (вторая карточка)", old=words, new=now[label])
        for label, words in said.items()
        if words != "—" and words not in now[label] and now[label] != words
    ]
