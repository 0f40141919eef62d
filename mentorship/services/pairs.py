"""Actions on pairs and groups while they are being formed; an order does the rest."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import IntegrityError, transaction
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.permissions import permit, today
from accounts.services.letters import write_letters
from core.journal import differences, in_words, record
from core.transitions import Refused, move
from mentorship.models import (
    ClosingGround,
    DictionaryEntry,
    Pair,
    PairMember,
    PairState,
    Participant,
    clashes,
    composition_faults,
    term_faults,
)
from mentorship.models.needs import sentence
from mentorship.services.pair_endings import Ending, close_ended, ending_faults, settle_pair
from orders.models import Order

CHANGE = "mentorship.pair.change"
LOCKED = "Пару уже держит приказ: её людей и сроки меняет только новый приказ."
TAKEN = "эти люди по этому направлению на эти дни уже закреплены другим приказом."


@dataclass(frozen=True)
class PairPlan:
    """What a pair is to be: its people and conditions."""

    mentor: Participant
    mentees: Sequence[Participant]
    form: DictionaryEntry
    kinds: Sequence[DictionaryEntry]
    direction: DictionaryEntry
    starts_on: dt.date
    ends_on: dt.date
    goal: str = ""

    def faults(self, pair: Pair) -> list[str]:
        """Why `pair`, saved or not, may not be so; one law for the pages and for every other way in."""
        return [
            *term_faults(self.starts_on, self.ends_on, replacing=pair.replaces_id is not None),
            *composition_faults(self.mentor, self.mentees, self.kinds),
            *clashes(pair, self.mentees),
        ]

    def lay_on(self, pair: Pair) -> None:
        for name in ("mentor", "form", "direction", "starts_on", "ends_on", "goal"):
            setattr(pair, name, getattr(self, name))


def reading(pair: Pair) -> dict[str, str]:
    """A pair in words, for the history."""
    return {
        "Наставник": str(pair.mentor),
        "Наставляемые": in_words(list(pair.mentees)),
        "Форма": str(pair.form),
        "Виды": in_words(pair.kinds.all()),
        "Направление": str(pair.direction),
        "Начало": in_words(pair.starts_on),
        "Окончание": in_words(pair.ends_on),
        "Цель": in_words(pair.goal),
    }


@transaction.atomic
def create_pair(*, organisation: Organisation, plan: PairPlan, actor: User, replaces: Pair | None = None) -> Pair:
    """Form a pair or a group. It works only from the day an approved order brings it into force.

    `replaces`: the pair whose mentor gives way to this one's. Where the same two people work the other way round,
    each card names the other pair.
    """
    permit(actor, CHANGE, organisation)
    pair = Pair(organisation=organisation, replaces=replaces, reverse_of=mirror_of(plan))
    plan.lay_on(pair)
    refuse_faults(plan, pair)
    pair.save()
    pair.kinds.set(plan.kinds)
    PairMember.objects.bulk_create(PairMember(pair=pair, mentee=mentee).copy_pair() for mentee in plan.mentees)
    record("mentorship.pair.create", pair, actor=actor, text=sentence(f"Составлена пара: {pair.title}"))
    return pair


def mirror_of(plan: PairPlan) -> Pair | None:
    """The pair in which the mentee leads and the mentor learns, while it is formed or works."""
    if len(plan.mentees) != 1:
        return None
    rows = Pair.objects.filter(mentor=plan.mentees[0], members__mentee=plan.mentor)
    return rows.filter(state__in=[PairState.FORMING, PairState.ACTIVE]).first()


def refuse_faults(plan: PairPlan, pair: Pair) -> None:
    strangers = [person for person in (plan.mentor, *plan.mentees) if person.organisation_id != pair.organisation_id]
    if strangers:
        raise Refused(["В паре могут быть только участники своей организации."])
    if faults := plan.faults(pair):
        raise Refused(faults)


@transaction.atomic
def change_pair(*, pair: Pair, plan: PairPlan, actor: User) -> Pair:
    """Change a pair that no order under approval holds; its members follow by themselves."""
    permit(actor, CHANGE, pair)
    pair = Pair.objects.locked().get(pk=pair.pk)
    if pair.is_locked:
        raise Refused([LOCKED])
    before = reading(pair)
    plan.lay_on(pair)
    refuse_faults(plan, pair)
    wanted = {mentee.pk for mentee in plan.mentees}
    # Whoever leaves goes first: the new mentor may be one of them.
    pair.members.exclude(mentee__in=wanted).delete()
    pair.save(update_fields=["mentor", "form", "direction", "starts_on", "ends_on", "goal"])
    pair.kinds.set(plan.kinds)
    present = set(pair.members.values_list("mentee", flat=True))
    PairMember.objects.bulk_create(
        PairMember(pair=pair, mentee=mentee).copy_pair() for mentee in plan.mentees if mentee.pk not in present
    )
    changes = differences(before, reading(pair))
    if changes:
        record(CHANGE, pair, actor=actor, text=sentence(f"Изменена пара: {pair.title}"), changes=changes)
    return pair


@transaction.atomic
def dissolve_pair(*, pair: Pair, actor: User, reason: str) -> None:
    """Give up a pair that never came into force; its consents and history stay."""
    permit(actor, CHANGE, pair)
    pair = Pair.objects.locked().get(pk=pair.pk)
    words = sentence(f"Пара не состоялась: {reason}")
    move(pair, "dissolve", actor=actor, text=words, closing_reason=reason)


@transaction.atomic
def close_pair(
    *, pair: Pair, actor: User, reason: str = "", ground: str = ClosingGround.TERM, initiator: str = ""
) -> None:
    """Close a pair whose term is over; its period stays as it was, so nothing can be laid over it later.

    Its programme is completed, helpers stop, and how it ended is written onto the bank cards of its people. Raises
    `Refused` where the ground has not what it asks for.
    """
    permit(actor, CHANGE, pair)
    pair = Pair.objects.locked().get(pk=pair.pk)
    if pair.ends_by_order and pair.ends_on < today():
        close_ended(pair, actor=actor)
        return
    ending = Ending(ground, reason, initiator, pair.ends_on)
    if faults := ending_faults(pair, ending):
        raise Refused(faults)
    words = sentence(f"Пара завершена: {ending.words}")
    move(pair, "close", actor=actor, text=words, **ending.columns)
    settle_pair(pair=pair, ending=ending, actor=actor)


@transaction.atomic
def hold_pairs(*, order: Order, numbers: Sequence[int]) -> None:
    """Tie the chosen pairs to a draft and let go those no longer chosen; the history names whoever drafted it."""
    wanted = list(Pair.objects.locked().filter(organisation=order.organisation_id, pk__in=numbers))
    for pair in wanted:
        if pair.state != PairState.FORMING or pair.order_id not in (None, order.pk):
            raise Refused([f"{pair.title}: эту пару уже держит другой приказ. Обновите страницу и выберите другую."])
    let_go(order=order, pairs=[pair for pair in order.pairs.all() if pair not in wanted], actor=order.drafted_by)
    for pair in wanted:
        if pair.order_id is None:
            Pair.objects.filter(pk=pair.pk).update(order=order)
            record("mentorship.pair.hold", pair, actor=order.drafted_by, text=f"Пара включена в документ: {order}.")


@transaction.atomic
def let_go(*, order: Order, pairs: Sequence[Pair], actor: User) -> None:
    """Free pairs that a draft held: they can be changed, or taken into another order."""
    Pair.objects.filter(pk__in=[pair.pk for pair in pairs], state=PairState.FORMING, order=order).update(order=None)
    for pair in pairs:
        record("mentorship.pair.hold", pair, actor=actor, text=f"Пара больше не в проекте приказа «{order.title}».")


@transaction.atomic
def bring_into_force(*, order: Order, pairs: Sequence[Pair], obstacles: Sequence[str], actor: User) -> None:
    """The effect of an approved order: its pairs work, and their people get letters.

    `obstacles` are what the order's kind has against it on its own date. A period that another order has fixed in
    the meantime is refused by the database and told in words.
    """
    permit(actor, "orders.order.approve", order)
    if obstacles:
        raise Refused(obstacles)
    for pair in pairs:
        try:
            with transaction.atomic():
                move(pair, "activate", actor=actor, text=f"Пара закреплена приказом {order.requisites}.", order=order)
        except IntegrityError as error:
            if "pair_one_period_at_a_time" not in str(error):
                raise
            raise Refused(clashes(pair, pair.mentees) or [f"{pair.title}: {TAKEN}"]) from None
        tell_people(pair, order)


def tell_people(pair: Pair, order: Order) -> None:
    """Letters to whoever of the pair signs in; the page of a pair opens to them on its first day."""
    term = f"с {pair.starts_on:%d.%m.%Y} по {pair.ends_on:%d.%m.%Y}"
    learners = ", ".join(mentee.full_name for mentee in pair.mentees)
    path = reverse("pair_detail", args=[pair.pk]) if pair.is_in_force_on(today()) else reverse("home")
    told = [(pair.mentor, f"вы наставник. Наставляемые: {learners}.")]
    told += [(mentee, f"ваш наставник — {pair.mentor.full_name}.") for mentee in pair.mentees]
    for person, words in told:
        if person.user:
            body = f"Приказом {order.requisites} пара закреплена {term}: {words}"
            write_letters(
                [person.user], subject="Пара закреплена приказом", body=body, path=path, organisation=pair.organisation
            )


@transaction.atomic
def end_pairs(*, order: Order, since: dt.date, by: str, actor: User) -> None:
    """The effect of cancelling an order: its working pairs end on the day before `since`, nothing is deleted.

    `by` names the cancelling in words. The planned last day is kept; a pair that has not begun keeps its first day.
    """
    permit(actor, "orders.order.approve", order)
    for pair in ending_pairs(order, since):
        last = last_day_before(pair, since)
        move(
            pair,
            "end",
            actor=actor,
            text=sentence(f"Пара прекращена {last:%d.%m.%Y}: {by}"),
            planned_ends_on=pair.planned_ends_on or pair.ends_on,
            ends_on=last,
            closing_ground=ClosingGround.CANCELLED,
            closing_reason=by,
        )
        settle_pair(pair=pair, ending=Ending(ClosingGround.CANCELLED, by, "", last), actor=actor)


def ending_pairs(order: Order, since: dt.date) -> list[Pair]:
    """Pairs that the order has fixed and that would still work on the day, locked."""
    rows = Pair.objects.locked().filter(order=order, state=PairState.ACTIVE, ends_on__gte=since)
    return list(rows.for_cards())


def last_day_before(pair: Pair, since: dt.date) -> dt.date:
    return max(since - dt.timedelta(days=1), pair.starts_on)
