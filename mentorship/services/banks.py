"""Actions on the banks: cards opened, entered, refused, archived, confirmed; what a programme leaves on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db import transaction
from django.forms import ModelForm

from accounts.models import Organisation, User
from accounts.permissions import Forbidden, permit, today
from core.journal import Change, entry, in_words, record, record_many, save_form
from core.transitions import Refused, move, obstacles_of
from mentorship.models import BankCard, BankRole, Consent, ConsentKind, Pair, Participant
from mentorship.models.banks import CHANGE
from mentorship.models.needs import sentence

EARLIEST = dt.date(2000, 1, 1)
LONGEST_OUTCOME = 500
WHERE = {BankRole.MENTOR.value: "в банке наставников", BankRole.MENTEE.value: "в банке наставляемых"}
NOBODY = "Отметьте хотя бы одного человека."
STRANGERS = "В банк вносят только участников своей организации."
MENTORS_ONLY = "Долгосрочная база — только для наставников."


@transaction.atomic
def open_cards(
    *, organisation: Organisation, people: Iterable[Participant], role: str, actor: User, enter: bool = False
) -> list[BankCard]:
    """Open a candidate's card for each of the people, and with `enter` bring all of them into the bank at once.

    All or nothing. The people's rows are locked, so that one card of a role is opened once.
    """
    permit(actor, CHANGE, organisation)
    people = list(Participant.objects.locked().filter(pk__in={person.pk for person in people}))
    if faults := opening_faults(organisation, people, role):
        raise Refused(faults)
    cards = BankCard.objects.bulk_create(BankCard(participant=person, role=role) for person in people)
    record_many(
        entry(
            "mentorship.bank.open",
            card,
            actor=actor,
            text=words_about("Заведена", card),
        )
        for card in cards
    )
    return enter_cards(cards=cards, actor=actor) if enter else cards


def open_card(*, participant: Participant, role: str, actor: User) -> BankCard:
    """Open one candidate's card."""
    [card] = open_cards(organisation=participant.organisation, people=[participant], role=role, actor=actor)
    return card


def opening_faults(organisation: Organisation, people: Sequence[Participant], role: str) -> list[str]:
    if not people:
        return [NOBODY]
    if any(person.organisation_id != organisation.pk for person in people):
        return [STRANGERS]
    present = set(BankCard.objects.filter(participant__in=people, role=role).values_list("participant", flat=True))
    faults = [sentence(f"Карточка в этом банке уже есть: {one.short_name}") for one in people if one.pk in present]
    return faults + [
        f"{one.short_name}: последний день в организации — {one.left_on:%d.%m.%Y}." for one in people if one.left_on
    ]


def words_about(what: str, card: BankCard) -> str:
    """«Заведена карточка в банке наставников: Иванова Анна Петровна.»"""
    return sentence(f"{what} карточка {WHERE[card.role]}: {card.participant}")


@transaction.atomic
def change_card(*, form: ModelForm, actor: User, checked: bool) -> BankCard:
    """Save a valid form of a card; `checked` says that the whole card has been looked at today."""
    card: BankCard = form.instance
    permit(actor, CHANGE, card)
    save_form(form, actor=actor, event=CHANGE, text=words_about("Изменена", card))
    if checked and card.actual_on != today():
        confirm_cards(cards=[card], actor=actor)
    return card


def locked_cards(cards: Iterable[BankCard], actor: User) -> list[BankCard]:
    """The cards with their people, both locked: a consent of theirs is withdrawn before or after, never meanwhile."""
    numbers = {card.pk for card in cards}
    rows = BankCard.objects.filter(pk__in=numbers)
    if rows.permitted(actor, CHANGE).count() != len(numbers):
        raise Forbidden(CHANGE)
    list(Participant.objects.locked().filter(pk__in=rows.values("participant")))
    return list(rows.locked().select_related("participant"))


@transaction.atomic
def enter_cards(*, cards: Iterable[BankCard], actor: User) -> list[BankCard]:
    """Bring people into the bank, all or nobody: without a live consent to processing nobody stands in it.

    The first day in the bank stays through later returns. Raises `Refused` with a sentence for each obstacle.
    """
    cards = locked_cards(cards, actor)
    if not cards:
        raise Refused([NOBODY])
    if faults := [named(card, why) for card in cards for why in obstacles_of(card, "enter")]:
        raise Refused(faults)
    day = today()
    for card in cards:
        move(card, "enter", actor=actor, entered_on=card.entered_on or day, actual_on=day, state_reason="")
    return cards


def enter_bank(*, card: BankCard, actor: User) -> BankCard:
    """Bring one person into the bank, for the first time or back from the archive or a refusal."""
    [card] = enter_cards(cards=[card], actor=actor)
    return card


def named(card: BankCard, why: str) -> str:
    """The sentence with the person's name in it."""
    name = card.participant.short_name
    return why if name in why else f"{sentence(name)} {why}"


@transaction.atomic
def train_mentor(*, card: BankCard, actor: User) -> None:
    """Mark that a selected mentor has been trained."""
    permit(actor, CHANGE, card)
    [card] = locked_cards([card], actor)
    move(card, "train", actor=actor)


@transaction.atomic
def step_back(*, card: BankCard, actor: User) -> None:
    """Send a card back to the interview; the interviews held stay in the history."""
    permit(actor, CHANGE, card)
    [card] = locked_cards([card], actor)
    move(card, "step_back", actor=actor)


@transaction.atomic
def refuse_card(*, card: BankCard, actor: User, refused_on: dt.date, reason: str) -> None:
    """Record that the person does not want to take part. Only a consent signed later lets them into the bank again."""
    permit(actor, CHANGE, card)
    [card] = locked_cards([card], actor)
    if faults := refusal_faults(card, refused_on):
        raise Refused(faults)
    words = sentence(f"Записан отказ от участия: {reason}")
    move(card, "refuse", actor=actor, text=words, refused_on=refused_on, state_reason=reason)


def refusal_faults(card: BankCard, refused_on: dt.date) -> list[str]:
    """Why the day cannot be the day of the refusal."""
    if refused_on > today():
        return ["Дата отказа не может быть в будущем."]
    if refused_on < EARLIEST:
        return ["Проверьте год отказа."]
    given = Consent.objects.live(today()).filter(participant=card.participant, kind=ConsentKind.PROCESSING)
    if later := given.filter(signed_on__gt=refused_on).first():
        return [f"Позже, {later.signed_on:%d.%m.%Y}, подписано согласие: проверьте дату отказа."]
    return []


@transaction.atomic
def archive_card(*, card: BankCard, actor: User, reason: str) -> None:
    """Put a card away: it leaves the lists, its history stays, and it may come back into the bank."""
    permit(actor, CHANGE, card)
    [card] = locked_cards([card], actor)
    move(card, "archive", actor=actor, text=sentence(f"Карточка убрана в архив: {reason}"), state_reason=reason)


@transaction.atomic
def confirm_cards(*, cards: Iterable[BankCard], actor: User) -> int:
    """«Сведения проверены»: note that somebody has looked at the cards today; how many there were."""
    cards, day = locked_cards(cards, actor), today()
    if not cards:
        raise Refused([NOBODY])
    BankCard.objects.filter(pk__in=[card.pk for card in cards]).update(actual_on=day)
    record_many(
        entry(
            "mentorship.bank.confirm",
            card,
            actor=actor,
            text="Сведения проверены.",
            changes=[Change(field="Сведения проверены", old=in_words(card.actual_on), new=in_words(day))],
        )
        for card in cards
    )
    return len(cards)


def confirm_card(*, card: BankCard, actor: User) -> None:
    """Confirm one card."""
    confirm_cards(cards=[card], actor=actor)


@transaction.atomic
def mark_long_term(*, card: BankCard, actor: User, value: bool) -> None:
    """Put a mentor into the long-term base, or take them out of it."""
    permit(actor, CHANGE, card)
    [card] = locked_cards([card], actor)
    if card.role != BankRole.MENTOR:
        raise Refused([MENTORS_ONLY])
    words = "Включено в долгосрочную базу наставников." if value else "Исключено из долгосрочной базы наставников."
    write(card, actor=actor, text=words, long_term=value)


@transaction.atomic
def set_support(*, card: BankCard, actor: User, support: str) -> None:
    """Note what helps a mentee until a mentor is found; an empty text takes the note away."""
    permit(actor, CHANGE, card)
    [card] = locked_cards([card], actor)
    write(card, actor=actor, text="Изменена поддержка до появления пары.", support=support)


def write(card: BankCard, *, actor: User | None, text: str, **values: Any) -> None:
    """Set plain fields of a locked card and write what they were; nothing where nothing changes."""
    changes = [
        Change(
            field=str(BankCard._meta.get_field(name).verbose_name).capitalize(),  # type: ignore[union-attr]
            old=in_words(getattr(card, name)),
            new=in_words(value),
        )
        for name, value in values.items()
        if getattr(card, name) != value
    ]
    if changes:
        BankCard.objects.filter(pk=card.pk).update(**values)
        record(CHANGE, card, actor=actor, text=text, changes=changes)


@transaction.atomic
def write_outcome(*, pair: Pair, text: str, actor: User | None) -> None:
    """Write how a programme ended onto the bank cards of both sides, the newest first; older words give way.

    The caller has asked the permission: a head whose order ends a pair keeps no banks, and the day itself ends one too.
    """
    mentors = BankCard.objects.mentors().filter(participant=pair.mentor)
    mentees = BankCard.objects.mentees().filter(participant__in=pair.mentees)
    line = f"{pair.ends_on:%d.%m.%Y} — {sentence(text)}"
    for card in (mentors | mentees).locked():
        write(card, actor=actor, text="Записан результат программы.", outcome=with_line(card.outcome, line))


def with_line(earlier: str, line: str) -> str:
    """The line above as many of the earlier ones as the field holds; a line too long ends in «…»."""
    if len(line) > LONGEST_OUTCOME:
        return f"{line[: LONGEST_OUTCOME - 1]}…"
    kept = line
    for one in earlier.splitlines():
        if len(kept) + 1 + len(one) > LONGEST_OUTCOME:
            break
        kept = f"{kept}\n{one}"
    return kept
