"""What the banks bring to the home pages: who is without a mentor, who is out of date, whose consent is gone."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db.models import Exists, OuterRef
from django.urls import reverse

from accounts.attention import Entry, Figure, Tab, register, register_figures, register_tab
from accounts.models import Organisation
from accounts.permissions import holds, may
from core.russian import plural, plural_word
from mentorship.models import BankCard, BankRole, Participant
from mentorship.models.banks import CHANGE, BankCardQuerySet

BANKS_HINT = "Кто готов быть наставником и кому наставник нужен; кого внести, с кем поговорить"
BANKS = {BankRole.MENTOR: "наставники", BankRole.MENTEE: "наставляемые"}
OUTDATED = ("карточка банка устарела", "карточки банков устарели", "карточек банков устарело")
MENTEES = ("наставляемый", "наставляемых", "наставляемых")


def listed(role: str, show: str) -> str:
    return f"{reverse('bank_list')}?role={role}&show={show}"


def cards_of(organisation: Organisation) -> BankCardQuerySet:
    return BankCard.objects.filter(participant__organisation=organisation)


@register
def bank_work(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: a line for each kind of trouble in the banks, however many people it is about."""
    if may(user, CHANGE, organisation):
        yield from young_outside_the_bank(organisation, day)
        yield from mentees_without_mentor(organisation, day)
        yield from outdated_cards(organisation, day)
        yield from cards_without_consent(organisation, day)


def young_outside_the_bank(organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """Young specialists who have no card in the bank of mentees, in one line."""
    known = BankCard.objects.mentees().filter(participant=OuterRef("pk"))
    rows = Participant.objects.filter(organisation=organisation).present().young(day).exclude(Exists(known))
    if count := rows.count():
        words = plural(count, "молодой специалист", "молодых специалиста", "молодых специалистов")
        url = f"{reverse('bank_new')}?role=mentee&young=on"
        yield Entry(f"{words} вне банка", url, "Внесите в банк наставляемых, чтобы подобрать наставника.", "Внести")


def mentees_without_mentor(organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """Mentees in the bank whom nobody leads, in one line."""
    if count := cards_of(organisation).without_mentor(day).count():
        title = f"{plural(count, *MENTEES)} без наставника"
        words = "Поиск продолжается: подберите наставника или запишите, кто помогает пока."
        url, label = listed(BankRole.MENTEE, "without"), "Открыть список"
        if cards_of(organisation).to_match().exists():
            url, label = reverse("matching_start"), "Подобрать"
        yield Entry(title, url, words, label, "без пары", "wait")


def outdated_cards(organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """Cards that nobody has confirmed for more than a year, in one line."""
    if found := by_bank(cards_of(organisation).outdated(day)):
        title = plural(sum(found.values()), *OUTDATED)
        words = f"Сведения не проверяли больше года: {shares(found)}. Просмотрите и отметьте проверенные."
        yield Entry(title, listed(next(iter(found)), "outdated"), words, "Проверить", "устарели", "late", late=True)


def cards_without_consent(organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """People who stand in a bank although their consent to processing is gone or has ended, in one line."""
    if found := by_bank(cards_of(organisation).standing().without_consent(day)):
        title = f"В банках без согласия на обработку данных: {sum(found.values())}"
        words = f"{shares(found).capitalize()}. Возьмите новое согласие или уберите карточку в архив."
        url = listed(next(iter(found)), "no_consent")
        yield Entry(title, url, words, "Открыть список", "нет согласия", "no")


def by_bank(cards: BankCardQuerySet) -> dict[BankRole, int]:
    """How many cards there are in each bank that has any; one query."""
    roles = list(cards.values_list("role", flat=True))
    return {role: roles.count(role) for role in BankRole if role in roles}


def shares(found: dict[BankRole, int]) -> str:
    return ", ".join(f"{BANKS[role]} — {count}" for role, count in found.items())


@register_figures
def bank_figures(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Figure]:
    """How many stand in each bank, and how many mentees wait, for those who see the banks."""
    if organisation.is_municipality or not holds(user, "mentorship.bank.view"):
        return
    rows = BankCard.objects.permitted(user, "mentorship.bank.view").filter(participant__organisation=organisation)
    mentors, mentees = rows.mentors().standing().count(), rows.mentees().standing().count()
    waiting = rows.without_mentor(day).count()
    words = plural_word(mentors, "наставник", "наставника", "наставников")
    yield Figure(str(mentors), f"{words} в банке", listed(BankRole.MENTOR, "standing"))
    words = plural_word(mentees, *MENTEES)
    yield Figure(str(mentees), f"{words} в банке", listed(BankRole.MENTEE, "standing"))
    label = plural_word(waiting, "ждёт наставника", "ждут наставника", "ждут наставника")
    yield Figure(str(waiting), label, listed(BankRole.MENTEE, "without"), bad=waiting > 0)


register_tab(Tab("Банки", "bank_list", "mentorship.bank.view", 12, BANKS_HINT))
