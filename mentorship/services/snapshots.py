"""Actions on the forms of the banks: freezing one as it stands today, taking it into an order, noting its export."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction

from accounts.models import Organisation, User
from accounts.permissions import permit, today
from core.journal import record
from core.russian import plural
from core.transitions import Refused
from mentorship.models import BankRole, BankSnapshot
from mentorship.models.federal import BankTable, bank_table
from orders.models import Order

CHANGE = "mentorship.snapshot.change"
EXPORT = "mentorship.participant.export"
HOLD = "mentorship.snapshot.hold"
ROWS = ("строка", "строки", "строк")
EMPTY = "В банке нет никого с действующим согласием на обработку данных: сначала внесите людей в банк."
HELD = "Снимок включён в документ: {order}. Сначала уберите его оттуда или удалите проект."
TAKEN = "{snapshot}: этот снимок уже держит другой приказ. Обновите страницу и выберите другой."


@transaction.atomic
def make_snapshot(*, organisation: Organisation, role: BankRole, actor: User) -> BankSnapshot:
    """Freeze the federal form of a bank as it stands today: an order approves it, later changes do not touch it."""
    permit(actor, CHANGE, organisation)
    table = bank_table(organisation, role, today())
    if not table.rows:
        raise Refused([EMPTY])
    snapshot = BankSnapshot.objects.create(
        organisation=organisation,
        role=role,
        as_of=table.as_of,
        columns=table.columns,
        rows=table.rows,
        people=table.people,
        made_by=actor,
    )
    words = f"Составлен снимок: {snapshot}, {plural(len(table.rows), *ROWS)}."
    record("mentorship.snapshot.make", snapshot, actor=actor, text=words)
    return snapshot


@transaction.atomic
def delete_snapshot(*, snapshot: BankSnapshot, actor: User) -> None:
    """Throw away a snapshot that no order speaks of."""
    permit(actor, CHANGE, snapshot)
    snapshot = BankSnapshot.objects.locked().select_related("order").get(pk=snapshot.pk)
    if snapshot.order is not None:
        raise Refused([HELD.format(order=snapshot.order)])
    record("mentorship.snapshot.delete", snapshot, actor=actor, text=f"Удалён снимок: {snapshot}.")
    snapshot.delete()


@transaction.atomic
def note_export(*, organisation: Organisation, table: BankTable, form: str, actor: User) -> None:
    """Write into the history who took the data out of the portal; `form` is the kind of file."""
    permit(actor, EXPORT, organisation)
    whose = "наставников" if table.role == BankRole.MENTOR else "наставляемых"
    words = f"Выгружен банк {whose}: {plural(len(table.rows), *ROWS)} ({form.upper()})."
    record(EXPORT, organisation, actor=actor, text=words, scope=organisation.pk)


@transaction.atomic
def hold_snapshots(*, order: Order, numbers: Sequence[int]) -> None:
    """Tie the chosen snapshots to a draft and let go those no longer chosen."""
    wanted = list(BankSnapshot.objects.locked().filter(organisation=order.organisation_id, pk__in=numbers))
    for snapshot in wanted:
        if snapshot.order_id not in (None, order.pk):
            raise Refused([TAKEN.format(snapshot=snapshot)])
    let_snapshots_go(
        order=order, snapshots=[one for one in order.bank_snapshots.all() if one not in wanted], actor=order.drafted_by
    )
    for snapshot in wanted:
        if snapshot.order_id is None:
            BankSnapshot.objects.filter(pk=snapshot.pk).update(order=order)
            record(HOLD, snapshot, actor=order.drafted_by, text=f"Снимок включён в документ: {order}.")


@transaction.atomic
def let_snapshots_go(*, order: Order, snapshots: Iterable[BankSnapshot], actor: User) -> None:
    """Free snapshots that a draft held: they can be deleted, or taken into another order."""
    for snapshot in snapshots:
        BankSnapshot.objects.filter(pk=snapshot.pk, order=order).update(order=None)
        record(HOLD, snapshot, actor=actor, text=f"Снимок больше не в проекте приказа «{order.title}».")


@transaction.atomic
def approve_snapshots(
    *, order: Order, snapshots: Iterable[BankSnapshot], obstacles: Sequence[str], actor: User
) -> None:
    """The effect of an approved order: from now on its snapshots cannot be let go. `obstacles` as of its own date."""
    permit(actor, "orders.order.approve", order)
    if obstacles:
        raise Refused(obstacles)
    for snapshot in snapshots:
        text = f"Снимок утверждён приказом {order.requisites}."
        record("mentorship.snapshot.approve", snapshot, actor=actor, text=text)


@transaction.atomic
def note_cancelled(*, order: Order, snapshots: Iterable[BankSnapshot], since: dt.date, actor: User) -> None:
    """The effect of cancelling the order: its snapshots are kept as history and approved by nothing any more."""
    permit(actor, "orders.order.approve", order)
    for snapshot in snapshots:
        text = f"С {since:%d.%m.%Y} снимок не утверждён: приказ {order.requisites} отменён."
        record("mentorship.snapshot.cancel", snapshot, actor=actor, text=text)
