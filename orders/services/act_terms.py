"""From when and until when local acts are in force: introduced and ended by orders, one of a kind on any day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.db import transaction

from accounts.models import User
from accounts.permissions import permit
from core.journal import Change, record
from core.transitions import Refused
from orders.models import LocalAct, Order
from orders.services.links import cancellation_of

ONE_DAY = dt.timedelta(days=1)
EVENT = "orders.localact.state"
State = LocalAct.State


@transaction.atomic
def bring_into_force(*, act: LocalAct, order: Order, first_day: dt.date, actor: User) -> None:
    """The effect of an approved order: the act is in force from the day on, the earlier one until the day before.

    An act of its kind that has been approved for a later day keeps that day: this one ends before it. One that would
    begin on the same day gives way without having been in force.
    """
    permit(actor, "orders.order.approve", order)
    others = list(LocalAct.objects.touched_by(act, first_day).select_for_update())
    replaced = [other for other in others if began(other) <= first_day]
    last_day = min((began(other) - ONE_DAY for other in others if began(other) > first_day), default=None)
    for other in replaced:
        end_before(other, first_day, actor)
    values: dict[str, object] = {"state": State.IN_FORCE, "in_force_from": first_day, "in_force_until": last_day}
    if replaced and act.replaces_id is None:
        values["replaces"] = replaced[-1]
    ready = LocalAct.objects.filter(pk=act.pk, state=State.DRAFT, order=order)
    if not ready.update(**values):
        raise Refused([f"«{act.title}» готовит другой приказ."])
    text = f"Введён в действие приказом с {first_day:%d.%m.%Y}: «{act.title}»."
    record_state(act, State.IN_FORCE, actor, text)


def replaced_by(act: LocalAct, first_day: dt.date) -> LocalAct | None:
    """The act that gives way to this one on that day; its order comes with it."""
    earlier = LocalAct.objects.touched_by(act, first_day).filter(in_force_from__lt=first_day)
    return earlier.select_related("order").last()


def began(act: LocalAct) -> dt.date:
    """The first day of an introduced act."""
    return act.in_force_from or dt.date.min


def end_before(act: LocalAct, day: dt.date, actor: User) -> None:
    """Let an introduced act be in force no more from the day on; one that has not begun by then never is."""
    if began(act) >= day:
        LocalAct.objects.filter(pk=act.pk).update(state=State.SUPERSEDED)
        record_state(act, State.SUPERSEDED, actor, f"Утратил силу: «{act.title}».")
        return
    set_last_day(act, day - ONE_DAY, actor, f"Действует по {day - ONE_DAY:%d.%m.%Y}: «{act.title}».")


def set_last_day(act: LocalAct, last: dt.date | None, actor: User, text: str) -> None:
    old, new = (f"{day:%d.%m.%Y}" if day else "—" for day in (act.in_force_until, last))
    LocalAct.objects.filter(pk=act.pk).update(in_force_until=last)
    record(EVENT, act, actor=actor, text=text, changes=[Change(field="Действует по", old=old, new=new)])


def record_state(act: LocalAct, state: LocalAct.State, actor: User, text: str) -> None:
    change = Change(field="Состояние", old=act.get_state_display(), new=str(state.label))
    record(EVENT, act, actor=actor, text=text, changes=[change])


def act_facts(act: LocalAct, since: dt.date) -> dict[str, Any]:
    """The act as its appendix prints it; `file` where it is one, `marks` of agreement and `replaces` where there are.

    Everything that must not change between the submission and the approval.
    """
    found: dict[str, Any] = {"title": act.title, "paragraphs": act.paragraphs}
    if act.file:
        found["file"] = {"name": act.file_name, "sha256": act.sha256}
    if marks := [mark.facts for mark in act.marks.all()]:
        found["marks"] = marks
    if old := replaced_by(act, since):
        found["replaces"] = {"title": old.title, "requisites": old.order.requisites if old.order else ""}
    return found


def act_obstacles(act: LocalAct) -> list[str]:
    return [] if act.has_content else [f"«{act.title}»: нет ни текста, ни файла."]


def without_names(facts: dict[str, Any]) -> dict[str, Any]:
    """Facts of an order whose `act` carries agreement marks, for everybody: bodies and posts stay, names do not."""
    act = facts.get("act") or {}
    if not act.get("marks"):
        return facts
    return {**facts, "act": {**act, "marks": [{**mark, "name": ""} for mark in act["marks"]]}}


def introduced_by(order: Order, since: dt.date) -> Iterator[tuple[LocalAct, LocalAct | None]]:
    """Acts of the order that are in force on that day or later, each with the act that its cancellation revives.

    An act that has not begun by then never took the place of the earlier one; the earlier one then goes on, unless
    its own order has been cancelled.
    """
    acts = LocalAct.objects.introduced().filter(order=order).select_related("replaces__order", "order")
    for act in acts:
        if act.in_force_until and act.in_force_until < since:
            continue
        yield act, revived(act) if began(act) >= since else None


def revived(act: LocalAct) -> LocalAct | None:
    old = act.replaces
    if old is None or old.order is None or old.state != State.IN_FORCE or cancellation_of(old.order):
        return None
    return old if old.in_force_until == began(act) - ONE_DAY else None


@transaction.atomic
def end_acts(*, order: Order, since: dt.date, actor: User) -> None:
    """The effect of cancelling an order: the acts it introduced are in force no more from the day on."""
    permit(actor, "orders.order.approve", order)
    list(LocalAct.objects.filter(organisation=order.organisation_id).select_for_update().values_list("pk"))
    for act, earlier in list(introduced_by(order, since)):
        end_before(act, since, actor)
        if earlier:
            last = act.in_force_until
            set_last_day(earlier, last, actor, f"Продолжает действовать: «{earlier.title}».")


def ending_words(order: Order, since: dt.date) -> list[str]:
    """What cancelling the order from that day does to its acts, for whoever approves."""
    found = []
    for act, earlier in introduced_by(order, since):
        if began(act) < since:
            found.append(f"Утратит силу: {act.title}. Если нужен другой, утвердите его приказом.")
        else:
            found.append(f"Не вступит в силу: {act.title}.")
        if earlier:
            found.append(f"Продолжит действовать: {earlier.title}.")
    return found


def beginning_words(act: LocalAct, first_day: dt.date, day: dt.date) -> list[str]:
    """What introducing the act from its first day changes, for whoever approves on `day`."""
    since = f" с {first_day:%d.%m.%Y}" if first_day > day else ""
    found = [f"Вступит в силу{since}: {act.title}."]
    for other in LocalAct.objects.touched_by(act, first_day):
        if began(other) < first_day:
            found.append(
                f"Утратит силу прежняя редакция: {other.title}. Последний день: {first_day - ONE_DAY:%d.%m.%Y}."
            )
        elif began(other) == first_day:
            found.append(f"Не вступит в силу: {other.title}.")
        else:
            found.append(f"С {began(other):%d.%m.%Y} уступит место уже утверждённому: {other.title}.")
    return found
