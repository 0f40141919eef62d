"""Actions on local acts: they come into force and give way only by orders."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.forms import ModelForm

from accounts.models import User
from accounts.permissions import permit
from core.journal import Change, record, save_form
from core.transitions import Refused
from orders.models import LocalAct, Order

LOCKED = "Текст передан на утверждение или уже действует: он меняется только новой редакцией и новым приказом."


def refuse_locked(act: LocalAct) -> None:
    """Look again with the row locked: an order may have taken the act while the page was open."""
    act.refresh_from_db(fields=["state", "order"], from_queryset=LocalAct.objects.select_for_update())
    if act.is_locked:
        raise Refused([LOCKED])


@transaction.atomic
def change_act(*, act: LocalAct, form: ModelForm, actor: User) -> None:
    """Save the valid form of a draft."""
    permit(actor, "orders.localact.change", act)
    refuse_locked(act)
    save_form(form, actor=actor, event="orders.localact.change", text="Изменён проект локального акта.")


@transaction.atomic
def new_edition(*, act: LocalAct, actor: User) -> LocalAct:
    """Start the next edition of an act with the text of this one."""
    permit(actor, "orders.localact.change", act)
    edition = LocalAct.objects.create(organisation=act.organisation, kind=act.kind, title=act.title, text=act.text)
    record("orders.localact.add", edition, actor=actor, text=f"Начата новая редакция: «{act.title}».")
    return edition


@transaction.atomic
def delete_act(*, act: LocalAct, actor: User) -> None:
    """Delete a draft that no order holds."""
    permit(actor, "orders.localact.change", act)
    refuse_locked(act)
    if act.order_id:
        raise Refused(["Акт указан в приказе: сначала удалите проект приказа."])
    record("orders.localact.delete", act, actor=actor, text=f"Удалён проект «{act.title}».")
    act.delete()


@transaction.atomic
def bring_into_force(*, act: LocalAct, order: Order, first_day: dt.date, actor: User) -> None:
    """The effect of an approved order: the act is in force, the earlier one of its kind is not any more."""
    permit(actor, "orders.order.approve", order)
    earlier = LocalAct.objects.select_for_update().filter(
        organisation=act.organisation_id, kind=act.kind, state=LocalAct.State.IN_FORCE
    )
    for old in earlier:
        LocalAct.objects.filter(pk=old.pk).update(state=LocalAct.State.SUPERSEDED)
        record_state(old, LocalAct.State.SUPERSEDED, actor, f"Утратил силу: «{old.title}».")
    ready = LocalAct.objects.filter(pk=act.pk, state=LocalAct.State.DRAFT, order=order)
    if not ready.update(state=LocalAct.State.IN_FORCE, in_force_from=first_day):
        raise Refused([f"«{act.title}» готовит другой приказ."])
    record_state(act, LocalAct.State.IN_FORCE, actor, f"Введён в действие приказом: «{act.title}».")


def record_state(act: LocalAct, state: LocalAct.State, actor: User, text: str) -> None:
    change = Change(field="Состояние", old=act.get_state_display(), new=str(state.label))
    record("orders.localact.state", act, actor=actor, text=text, changes=[change])


@transaction.atomic
def end_acts(*, order: Order, since: dt.date, actor: User) -> None:
    """The effect of cancelling an order: the acts it brought into force are in force no more from the day on."""
    permit(actor, "orders.order.approve", order)
    for act in LocalAct.objects.select_for_update().filter(order=order, state=LocalAct.State.IN_FORCE):
        last = max(since - dt.timedelta(days=1), act.in_force_from or since)
        LocalAct.objects.filter(pk=act.pk).update(state=LocalAct.State.SUPERSEDED, in_force_until=last)
        record_state(act, LocalAct.State.SUPERSEDED, actor, f"Утратил силу {last:%d.%m.%Y}: приказ о нём отменён.")
