"""Actions on extensions: asking, agreeing, declining; an order moves the last day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Forbidden, Role, permit, today
from accounts.services.letters import write_letters
from accounts.services.saving import wait_for_turn
from core.journal import Change, record
from core.transitions import Refused, move
from mentorship.models import (
    Extension,
    ExtensionMark,
    ExtensionState,
    Pair,
    PairMember,
    PairState,
    Participant,
    Programme,
    clashes,
    longest_end,
    silent_people,
)
from mentorship.models.needs import sentence
from mentorship.services.pair_endings import APPROVE, ENDS_BY_ORDER, tell_pair
from orders.models import Order

ASK, AGREE, MANAGE = "mentorship.extension.ask", "mentorship.extension.agree", "mentorship.extension.change"
NOT_WORKING = "Продлевают только действующую пару, а эта — «{state}»."
NOT_LATER = "Пара и без продления работает до {day:%d.%m.%Y}: укажите более поздний день."
TOO_LONG = "Весь срок работы с {first:%d.%m.%Y} не может быть длиннее года: самый поздний день — {last:%d.%m.%Y}."
ASKED = "О продлении этой пары уже договариваются: откройте начатое продление на её странице."
NOT_ASKED = "Об этом продлении больше не договариваются: состояние — «{state}»."
TAKEN = "{title}: на эти дни эти люди по этому направлению уже закреплены другим приказом."
CHANGED = "{title}: последний день пары изменился. Уберите её из приказа и договоритесь о продлении заново."


def first_day_of_work(pair: Pair) -> dt.date:
    """The day from which the year is counted: of the first of the pairs that have replaced one another."""
    while pair.replaces is not None:
        pair = pair.replaces
    return pair.starts_on


def extension_faults(pair: Pair, ends_on: dt.date) -> list[str]:
    """Why the pair cannot last until the day; the law of a year counts the whole work of the mentees."""
    if pair.state != PairState.ACTIVE:
        return [NOT_WORKING.format(state=pair.get_state_display())]
    if pair.ends_by_order:
        return [ENDS_BY_ORDER.format(day=pair.ends_on)]
    if ends_on <= pair.ends_on:
        return [NOT_LATER.format(day=pair.ends_on)]
    first = first_day_of_work(pair)
    last = longest_end(first)
    if ends_on > last:
        return [TOO_LONG.format(first=first, last=last)]
    pair.ends_on, kept = ends_on, pair.ends_on
    found = clashes(pair, pair.mentees)
    pair.ends_on = kept
    return found


@transaction.atomic
def ask_extension(*, pair: Pair, ends_on: dt.date, reason: str, actor: User) -> Extension:
    """Begin to collect agreement; whoever asks and belongs to the pair has agreed by asking.

    The others get a letter. Raises `Refused` where the pair cannot last so long or is talked about already.
    """
    permit(actor, ASK, pair)
    pair = Pair.objects.locked().get(pk=pair.pk)
    if faults := extension_faults(pair, ends_on):
        raise Refused(faults)
    if Extension.objects.open().filter(pair=pair).exists():
        raise Refused([ASKED])
    asker = member_of(pair, actor)
    extension = Extension.objects.create(pair=pair, ends_on=ends_on, reason=reason, asked_by=asker, recorded_by=actor)
    text = sentence(f"Предложено продлить пару до {ends_on:%d.%m.%Y}: {reason}")
    record(ASK, extension, actor=actor, text=text)
    if asker is not None:
        put_mark(extension, asker, actor, agrees=True, said_on=today())
    tell_asked(extension, actor)
    return extension


def member_of(pair: Pair, user: User) -> Participant | None:
    return next((person for person in pair.people if person.user_id == user.pk), None)


def tell_asked(extension: Extension, actor: User) -> None:
    """Those whose word is missing, and the curators."""
    pair = extension.pair
    curators = User.objects.with_role(pair.organisation, Role.CURATOR)
    told = [user for user in (*(person.user for person in pair.people), *curators) if user and user != actor]
    body = (
        f"{pair.title.rstrip('.')}: предлагают продлить работу до {extension.ends_on:%d.%m.%Y}. "
        f"{sentence(extension.reason)} Нужно согласие наставника и каждого наставляемого."
    )
    path = reverse("pair_detail", args=[pair.pk])
    write_letters(told, subject="Продление пары", body=body, path=path, organisation=pair.organisation)


def put_mark(extension: Extension, person: Participant, actor: User, *, agrees: bool, **values: Any) -> None:
    """The word of one member; a later word takes the place of the earlier one."""
    ExtensionMark.objects.update_or_create(
        extension=extension, participant=person, defaults={"agrees": agrees, "recorded_by": actor, **values}
    )
    what = "согласие на продление" if agrees else "отказ от продления"
    place = f", бумага: {values['paper_place']}" if values.get("paper_place") else ""
    text = sentence(f"{person.short_name} — {what}, {values['said_on']:%d.%m.%Y}{place}")
    record(AGREE, extension, actor=actor, text=text)
    fresh = Extension.objects.for_cards().get(pk=extension.pk)
    if not agrees:
        why = sentence(f"Не согласен участник пары: {person.short_name}")
        move(fresh, "decline", actor=actor, text=why, decline_reason=why)
    elif not silent_people(fresh):
        move(fresh, "agree", actor=actor)


def asked(extension: Extension) -> Extension:
    """The row locked, while agreement is still collected."""
    fresh = Extension.objects.locked().get(pk=extension.pk)
    if fresh.state != ExtensionState.COLLECTING:
        raise Refused([NOT_ASKED.format(state=fresh.get_state_display())])
    return fresh


@transaction.atomic
def answer_extension(*, extension: Extension, agrees: bool, actor: User) -> None:
    """A member of the pair says yes or no for themselves; a no ends the talk, the last yes makes it ready."""
    permit(actor, AGREE, extension)
    fresh = asked(extension)
    person = member_of(fresh.pair, actor)
    if person is None:
        raise Forbidden(AGREE)
    put_mark(fresh, person, actor, agrees=agrees, said_on=today())


@transaction.atomic
def record_answer(
    *, extension: Extension, participant: Participant, agrees: bool, said_on: dt.date, paper_place: str, actor: User
) -> None:
    """The curator writes down what somebody has signed on paper. Raises `Refused` for a stranger or a day to come."""
    permit(actor, MANAGE, extension)
    fresh = asked(extension)
    if participant not in fresh.pair.people:
        raise Refused([sentence(f"В этой паре такого участника нет: {participant.short_name}")])
    if said_on > today():
        raise Refused(["День подписи не может быть в будущем."])
    put_mark(fresh, participant, actor, agrees=agrees, said_on=said_on, paper_place=paper_place)


@transaction.atomic
def decline_extension(*, extension: Extension, reason: str, actor: User) -> None:
    """Give the extension up; what was said of it stays."""
    permit(actor, MANAGE, extension)
    fresh = Extension.objects.locked().get(pk=extension.pk)
    move(fresh, "decline", actor=actor, text=sentence(f"Продление не состоялось: {reason}"), decline_reason=reason)


# --- The order --------------------------------------------------------------------------------------------------------
@transaction.atomic
def hold_extensions(*, order: Order, numbers: Sequence[int]) -> None:
    """Tie the chosen extensions to a draft and let go those no longer chosen."""
    actor = order.drafted_by
    wanted = list(Extension.objects.locked().filter(pair__organisation=order.organisation_id, pk__in=numbers))
    let_go(order=order, extensions=[one for one in order.extensions.all() if one not in wanted], actor=actor)
    for extension in wanted:
        if extension.order_id != order.pk:
            move(extension, "hold", actor=actor, order=order)


@transaction.atomic
def let_go(*, order: Order, extensions: Sequence[Extension], actor: User) -> None:
    """Free extensions that a draft held."""
    for extension in extensions:
        if extension.state == ExtensionState.IN_ORDER:
            move(extension, "let_go", actor=actor, order=None)


@transaction.atomic
def extend_pairs(*, order: Order, extensions: Sequence[Extension], obstacles: Sequence[str], actor: User) -> None:
    """The effect of an order: pairs and their current programmes last longer; everybody gets a letter.

    A period that another order has fixed in the meantime is refused by the database and told in words.
    """
    permit(actor, APPROVE, order)
    if obstacles:
        raise Refused(obstacles)
    wait_for_turn(PairMember)
    for extension in extensions:
        pair, before = extension.pair, extension.pair.ends_on
        move(extension, "finish", actor=actor, previous_ends_on=before)
        shift_end(pair, before, extension.ends_on, f"Срок продлён приказом {order.requisites}", actor)
        words = f"Приказом {order.requisites} срок продлён до {extension.ends_on:%d.%m.%Y}."
        tell_pair(pair, "Срок пары продлён", words)


def shift_end(pair: Pair, before: dt.date, after: dt.date, why: str, actor: User) -> None:
    """Move the last day of a working pair and of its current programme; compare-and-set, both journalled."""
    rows = Pair.objects.filter(pk=pair.pk, state=PairState.ACTIVE, ends_on=before)
    try:
        with transaction.atomic():
            if not rows.update(ends_on=after, planned_ends_on=pair.planned_ends_on or before):
                raise Refused([CHANGED.format(title=pair.title)])
    except IntegrityError as error:
        if "pair_one_period_at_a_time" not in str(error):
            raise
        raise Refused([TAKEN.format(title=pair.title)]) from None
    change = Change(field="Окончание", old=f"{before:%d.%m.%Y}", new=f"{after:%d.%m.%Y}")
    record("mentorship.pair.change", pair, actor=actor, text=sentence(why), changes=[change])
    for programme in Programme.objects.locked().filter(pair=pair).current().filter(starts_on__lte=after):
        change = Change(field="Окончание", old=f"{programme.ends_on:%d.%m.%Y}", new=f"{after:%d.%m.%Y}")
        Programme.objects.filter(pk=programme.pk).update(ends_on=after)
        record("mentorship.programme.end", programme, actor=actor, text=sentence(why), changes=[change])


@transaction.atomic
def take_extensions_back(*, order: Order, since: dt.date, actor: User) -> None:
    """The effect of cancelling such an order: pairs that still work end as they would have, not before the day."""
    permit(actor, APPROVE, order)
    for extension, last in shortened(order, since):
        why = f"Продление отменено: приказ {order.requisites} отменён"
        shift_end(extension.pair, extension.pair.ends_on, last, why, actor)


def shortened(order: Order, since: dt.date) -> list[tuple[Extension, dt.date]]:
    """Extensions of the order whose pairs would still work on the day, each with the last day that it gets."""
    rows = Extension.objects.for_cards().filter(order=order, state=ExtensionState.DONE, pair__state=PairState.ACTIVE)
    found = []
    for extension in rows.filter(pair__ends_on__gte=since).order_by("pk"):
        last = max(extension.previous_ends_on or since, since - dt.timedelta(days=1))
        if last < extension.pair.ends_on:
            found.append((extension, last))
    return found
