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
    Programme,
    Substitution,
)
from mentorship.models.needs import sentence
from mentorship.services.pair_endings import APPROVE, Ending, finish_pair, settle_pair, tell_pair
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
    for pair in pairs:
        close_replaced(pair, order, reason, actor)
    bring_into_force(order=order, pairs=pairs, obstacles=[], actor=actor)


def close_replaced(new: Pair, order: Order, reason: str, actor: User) -> None:
    old = new.replaces
    if old is None:
        return
    ending = Ending(ClosingGround.REPLACED, reason, "", new.starts_on - ONE_DAY)
    finish_pair(pair=old, order=order, ending=ending, actor=actor)
    move_programme(old, new, actor)
    settle_pair(pair=old, ending=ending, actor=actor, programme=False)
    carry_out_for(pair=old, order=order, actor=actor)
    words = f"Приказом {order.requisites} наставник сменился: с {new.starts_on:%d.%m.%Y} — {new.mentor.full_name}."
    tell_pair(old, "Наставник сменился", words)


def move_programme(old: Pair, new: Pair, actor: User) -> None:
    """The current programme follows its mentees to the new mentor."""
    for programme in Programme.objects.locked().filter(pair=old).current():
        Programme.objects.filter(pk=programme.pk).update(pair=new)
        text = sentence(f"Программа перешла к новому наставнику: {new.mentor.full_name}")
        change = Change(field="Пара или группа", old=old.title, new=new.title)
        record("mentorship.programme.end", programme, actor=actor, text=text, changes=[change])


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
