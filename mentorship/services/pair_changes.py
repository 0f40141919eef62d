"""A change of mentor as one act, and a mentor's temporary substitute: both only by an order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import permit
from accounts.services.saving import wait_for_turn
from core.journal import Change, record
from core.transitions import Refused
from mentorship.models import (
    ClosingGround,
    Pair,
    PairMember,
    PairState,
    Participant,
    Substitution,
)
from mentorship.models.needs import sentence
from mentorship.services.pair_endings import APPROVE, ENDS_BY_ORDER, Ending, finish_pair, settle_pair, tell_pair
from mentorship.services.pairs import CHANGE, PairPlan, bring_into_force, create_pair
from mentorship.services.request_decisions import carry_out_for
from orders.models import Order

ONE_DAY = dt.timedelta(days=1)
NOT_WORKING = "Пара {title} сейчас не действует: сменить в ней наставника нельзя."
SAME_MENTOR = "{name} и сейчас наставник этой пары: выберите другого."
OUT_OF_TERM = "Новый наставник начинает после {first:%d.%m.%Y} и не позже {last:%d.%m.%Y}, последнего дня пары."


def replacement_faults(old: Pair, mentor: Participant, starts_on: dt.date) -> list[str]:
    """Why the mentor of the old pair cannot give way to this one on the day."""
    if old.state != PairState.ACTIVE:
        return [NOT_WORKING.format(title=old.title)]
    if old.ends_by_order:
        return [ENDS_BY_ORDER.format(day=old.ends_on)]
    faults = [SAME_MENTOR.format(name=mentor.short_name)] if mentor == old.mentor else []
    if not old.starts_on < starts_on <= old.ends_on:
        faults.append(OUT_OF_TERM.format(first=old.starts_on, last=old.ends_on))
    return faults


@transaction.atomic
def prepare_replacement(*, pair: Pair, mentor: Participant, starts_on: dt.date, actor: User) -> Pair:
    """Form the pair that is to go on with the work: the same mentees, conditions and last day, another mentor.

    Nothing changes for anybody until an order of the kind `replacement` is approved. Raises `Refused`.
    """
    permit(actor, CHANGE, pair)
    old = Pair.objects.locked().get(pk=pair.pk)
    if faults := replacement_faults(old, mentor, starts_on):
        raise Refused(faults)
    if waiting := old.replaced_by.filter(state=PairState.FORMING).first():
        raise Refused([sentence(f"Замену уже готовят: {waiting.title}")])
    plan = PairPlan(
        mentor=mentor,
        mentees=old.mentees,
        form=old.form,
        kinds=list(old.kinds.all()),
        direction=old.direction,
        starts_on=starts_on,
        ends_on=old.ends_on,
        goal=old.goal,
    )
    return create_pair(organisation=old.organisation, plan=plan, actor=actor, replaces=old)


@transaction.atomic
def replace_mentors(*, order: Order, pairs: Sequence[Pair], obstacles: Sequence[str], reason: str, actor: User) -> None:
    """The effect of an order: the old pairs close on the day before, the new ones come into force, their programmes go
    on in them; helpers, substitutes and requests of the old pairs are settled, everybody gets a letter.

    `pairs` are the new ones, locked together with the old.
    """
    permit(actor, APPROVE, order)
    if obstacles:
        raise Refused(obstacles)
    wait_for_turn(PairMember)
    endings = {pair: Ending(ClosingGround.REPLACED, reason, "", pair.starts_on - ONE_DAY) for pair in pairs}
    for new, ending in endings.items():
        if new.replaces:
            finish_pair(pair=new.replaces, order=order, ending=ending, actor=actor)
    bring_into_force(order=order, pairs=pairs, obstacles=[], actor=actor)
    for new, ending in endings.items():
        if new.replaces:
            settle_replaced(new.replaces, new, ending, order, actor)


def settle_replaced(old: Pair, new: Pair, ending: Ending, order: Order, actor: User) -> None:
    settle_pair(pair=old, ending=ending, actor=actor)
    carry_out_for(pair=old, order=order, actor=actor)
    words = f"Приказом {order.requisites} наставник сменился: с {new.starts_on:%d.%m.%Y} — {new.mentor.full_name}."
    tell_pair(old, "Наставник сменился", words)


# --- Substitutes ------------------------------------------------------------------------------------------------------
@transaction.atomic
def put_substitute(
    *,
    order: Order,
    pair: Pair,
    substitute: Participant,
    starts_on: dt.date,
    ends_on: dt.date,
    obstacles: Sequence[str],
    actor: User,
) -> Substitution:
    """The effect of an order: somebody stands in for the mentor from a day to a day."""
    permit(actor, APPROVE, order)
    if obstacles:
        raise Refused(obstacles)
    row = Substitution.objects.create(
        pair=pair, substitute=substitute, starts_on=starts_on, ends_on=ends_on, order=order
    )
    words = f"Наставника замещает {substitute.short_name} {row.term}. Приказ {order.requisites}"
    record("mentorship.pair.change", pair, actor=actor, text=sentence(words))
    tell_pair(
        pair, "Наставника замещают", f"{row.term[0].upper()}{row.term[1:]} наставника замещает {substitute.full_name}."
    )
    return row


@transaction.atomic
def end_substitutions(*, order: Order, since: dt.date, actor: User) -> None:
    """The effect of cancelling such an order: the substitute works until the day before."""
    permit(actor, APPROVE, order)
    for row in Substitution.objects.filter(order=order, ends_on__gte=since).select_related("pair", "substitute"):
        last = max(since - ONE_DAY, row.starts_on)
        Substitution.objects.filter(pk=row.pk).update(ends_on=last)
        change: list[Any] = [Change(field="Последний день", old=f"{row.ends_on:%d.%m.%Y}", new=f"{last:%d.%m.%Y}")]
        text = sentence(f"Замещение прекращено отменой приказа: {row.substitute.short_name}")
        record("mentorship.pair.change", row.pair, actor=actor, text=text, changes=change)
