"""How everything that points at a card follows when the card is merged into another one of the same person.

Every relation to a participant stands in `MOVES`; merging refuses to work while one of them is missing there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import today
from core.journal import record
from core.russian import plural
from core.transitions import move
from mentorship.models import (
    PURPOSES,
    BankCard,
    CardRequest,
    CardView,
    Consent,
    ConsentKind,
    ConsentRequest,
    NotSame,
    Pair,
    PairHelper,
    Participant,
    Post,
    Wish,
)
from mentorship.services.consents import close
from mentorship.services.merging_bank import merge_bank_cards

ASK_AGAIN = "Две карточки одного человека объединены. Если исправление ещё нужно, пришлите просьбу снова."


def follow(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """The rows simply point at the other card."""
    rows.update(**{field: kept})


def follow_once(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """The rows follow, except those that say word for word what the kept card already says."""
    known = [facts_of(row, field) for row in rows.model._base_manager.filter(**{field: kept})]
    for row in rows:
        if facts_of(row, field) in known:
            row.delete()
    follow(rows, field, kept, actor)


def facts_of(row: models.Model, field: str) -> dict[str, Any]:
    return {
        one.attname: getattr(row, one.attname) for one in row._meta.concrete_fields if one.name not in ("id", field)
    }


def follow_posts(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """Two main posts at a time are one too many: the kept card's stays main."""
    has_main = kept.posts.on(today()).filter(is_main=True).exists()
    coming = list(rows.values_list("pk", flat=True))
    follow_once(rows, field, kept, actor)
    if has_main:
        Post.objects.on(today()).filter(pk__in=coming).update(is_main=False)


def follow_views(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """Whoever opened both cards on one day opened the person's card that day."""
    seen = set(CardView.objects.filter(participant=kept).values_list("user", "day"))
    rows.filter(pk__in=[row.pk for row in rows if (row.user_id, row.day) in seen]).delete()
    follow(rows, field, kept, actor)


def follow_requests(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """One request waits at a time: the kept card's."""
    if CardRequest.objects.waiting().filter(participant=kept).exists():
        for row in rows.filter(state=CardRequest.State.WAITING):
            move(row, "decline", actor=actor, answer=ASK_AGAIN, decided_by=actor, decided_at=timezone.now())
    follow(rows, field, kept, actor)


def follow_consents(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """All papers follow; of two that speak for one purpose the later goes on speaking, as after any new paper."""
    follow(rows, field, kept, actor)
    speaking: dict[tuple[str, int | None], Consent] = {}
    for consent in Consent.objects.filter(participant=kept).live(today()):
        newest = speaking.setdefault((consent.kind, consent.pair_id), consent)
        if newest is not consent:
            reason = f"Заменено согласием от {newest.signed_on:%d.%m.%Y}: карточки одного человека объединены."
            close(consent, newest.signed_on, reason)
            record("mentorship.consent.replace", consent, actor=actor, text=reason)


def follow_consent_requests(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """What the kept card is asked already is not asked twice."""
    asked = set(ConsentRequest.objects.waiting().filter(participant=kept).values_list("kind", "pair"))
    twice = [row.pk for row in rows.filter(answered_by=None, cancelled_on=None) if (row.kind, row.pair_id) in asked]
    rows.filter(pk__in=twice).update(cancelled_on=today())
    follow(rows, field, kept, actor)


def follow_the_pair(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """The database carries the mentor of a pair to its members by itself."""


def follow_helpers(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """Whoever has helped one pair under both names goes on helping it once."""
    helped = PairHelper.objects.filter(participant=kept, ends_on=None).values("pair")
    for row in rows.filter(ends_on=None, pair__in=helped):
        rows.filter(pk=row.pk).update(ends_on=max(today(), row.starts_on))
    follow(rows, field, kept, actor)


def follow_verdicts(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """«Разные люди» goes on for the kept card, each pair once; the two cards themselves turned out to be one."""
    other = "second" if field == "first" else "first"
    for verdict in rows:
        verdict.delete()
        stranger = getattr(verdict, f"{other}_id")
        if stranger != kept.pk:
            first, second = sorted((kept.pk, stranger))
            NotSame.objects.get_or_create(
                first_id=first,
                second_id=second,
                defaults={"decided_by_id": verdict.decided_by_id, "decided_at": verdict.decided_at},
            )


def follow_wishes(rows: models.QuerySet, field: str, kept: Participant, actor: User) -> None:
    """What the kept card says stays; of the absorbed one's only what fits beside it, and nobody wishes for oneself."""
    other = "about" if field == "author" else "author"
    for wish in list(rows):
        setattr(wish, field, kept)
        known = Wish.objects.filter(author=wish.author, side=wish.side).exclude(pk=wish.pk)
        taken = Q(about=wish.about) if wish.rank is None else Q(about=wish.about) | Q(rank=wish.rank)
        if getattr(wish, f"{other}_id") == kept.pk or known.filter(taken).exists():
            wish.delete()
        else:
            wish.save(update_fields=[field])


def consent_words(consent: Consent) -> str:
    return f"{PURPOSES[ConsentKind(consent.kind)]}, {consent.signed_on:%d.%m.%Y}, {consent.state_on(today())}"


def pair_words(pair: Pair) -> str:
    return f"{pair.title}, {pair.get_state_display()}"


def card_words(card: BankCard) -> str:
    held = len(card.interviews.all())
    talks = f", {plural(held, 'собеседование', 'собеседования', 'собеседований')}" if held else ""
    return f"{card.get_role_display().lower()}, {card.get_state_display()}{talks}"


Mover = Callable[[models.QuerySet, str, Participant, User], None]


@dataclass(frozen=True)
class Move:
    """What the rows of a relation are called, how they follow, and how one of them reads (empty: only counted)."""

    label: str
    mover: Mover
    words: Callable[[Any], str] | None = str


MOVES = {
    "Post.participant": Move("Должности", follow_posts),
    "Consent.participant": Move("Согласия", follow_consents, consent_words),
    "ConsentRequest.participant": Move("Запросы согласий", follow_consent_requests, None),
    "Addendum.participant": Move("Дополнительные соглашения", follow),
    "Notice.participant": Move("Уведомления об отказе и отмене", follow),
    "Pair.mentor": Move("Пары, где человек — наставник", follow, pair_words),
    "PairMember.mentee": Move("Пары, где человек — наставляемый", follow, lambda row: pair_words(row.pair)),
    "PairMember.mentor": Move("", follow_the_pair, None),
    "PairHelper.participant": Move("Помощь наставникам", follow_helpers),
    "Substitution.substitute": Move("Замещения наставников", follow),
    "Extension.asked_by": Move("", follow, None),
    "ExtensionMark.participant": Move("Согласия на продление пар", follow, None),
    "BankCard.participant": Move("Карточки банков", merge_bank_cards, card_words),
    "Course.participant": Move("Курсы", follow_once),
    "Achievement.participant": Move("Конкурсы и конференции", follow_once),
    "PastName.participant": Move("Прежние имена", follow_once),
    "CardRequest.participant": Move("Просьбы исправить карточку", follow_requests, None),
    "ReminderLetter.participant": Move("Напоминания", follow, None),
    "CardView.participant": Move("Отметки о просмотре карточки", follow_views, None),
    "Wish.author": Move("", follow_wishes, None),
    "Wish.about": Move("", follow_wishes, None),
    "MeetingConfirmation.participant": Move("", follow, None),
    "Pulse.participant": Move("", follow, None),
    "Focus.mentee": Move("Затруднения и сильные стороны в программах", follow),
    "Activity.mentee": Move("Личные мероприятия программ", follow),
    "ProgrammeMark.participant": Move("", follow, None),
    "PairRequest.author": Move("Заявления и обращения", follow, None),
    "PairRequest.about": Move("", follow, None),
    "PairRequest.substitute": Move("", follow, None),
    "SupportRecord.participant": Move("", follow, None),
    "NotSame.first": Move("", follow_verdicts, None),
    "NotSame.second": Move("", follow_verdicts, None),
}
RELATED: dict[str, Callable[[models.QuerySet], models.QuerySet]] = {
    "Pair.mentor": lambda rows: rows.select_related("mentor").prefetch_related("members__mentee"),
    "BankCard.participant": lambda rows: rows.prefetch_related("interviews"),
    "PairMember.mentee": lambda rows: rows.select_related("pair__mentor").prefetch_related("pair__members__mentee"),
}


def relations() -> dict[str, Any]:
    """Every foreign key to a participant, hidden ones included: «Model.field» → the field."""
    found = (one for one in Participant._meta.get_fields(include_hidden=True) if one.auto_created and not one.concrete)
    return {f"{one.related_model.__name__}.{one.field.name}": one.field for one in found}  # type: ignore[union-attr]


def rows_of(field: Any, person: Participant) -> models.QuerySet:
    return field.model._base_manager.filter(**{field.name: person})


@dataclass(frozen=True)
class Moving:
    """Rows of one kind that follow the person: how many, and how they read."""

    label: str
    count: int
    words: list[str]


def what_moves(person: Participant) -> list[Moving]:
    """What stands on the card and would follow it; a constant number of queries."""
    fields, found = relations(), []
    for name, moving in MOVES.items():
        rows = list(RELATED.get(name, lambda rows: rows)(rows_of(fields[name], person))) if moving.label else []
        if rows:
            found.append(Moving(moving.label, len(rows), [moving.words(row) for row in rows] if moving.words else []))
    return found


def move_rows(absorbed: Participant, kept: Participant, actor: User) -> list[Moving]:
    """Let everything follow to the kept card and say what did. Nothing may be left behind: the card is deleted next."""
    moved = what_moves(absorbed)
    fields = relations()
    if unknown := fields.keys() ^ MOVES.keys():
        raise RuntimeError(f"merging does not know what to do with {unknown}")
    for name, moving in MOVES.items():
        moving.mover(rows_of(fields[name], absorbed), fields[name].name, kept, actor)
    left = [name for name, field in fields.items() if rows_of(field, absorbed).exists()]
    if left:
        raise RuntimeError(f"rows of {left} still point at the absorbed card")
    return moved
