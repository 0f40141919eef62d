"""Work on a draft: its data, its clauses, its deletion. Every change raises the version of the draft."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from accounts.models import Organisation, User
from accounts.permissions import permit
from core.journal import Change, differences, in_words, record
from core.transitions import Refused
from orders.kinds import kind_of
from orders.models import Clause, Order, Series
from orders.services.drafting import clause_lines, current_facts, merge, pending_changes
from orders.services.facts import CONFIRMED

DRAFT = "orders.order.draft"
CHANGED_MEANWHILE = (
    "Пока страница была открыта, проект изменили. Ничего из введённого не потеряно: сверьте и сохраните ещё раз."
)
LOCKED = "Проект передан на утверждение или уже утверждён: править его нельзя. Переданный можно сначала отозвать."
WORDS = {
    "title": "Заголовок",
    "purpose": "Цель",
    "basis": "Основания",
    "effective_on": "Действует с",
    "responsible_name": "Ответственный",
    "responsible_post": "Должность ответственного",
    "control_name": "Кто контролирует",
}


@transaction.atomic
def draft_order(
    *, organisation: Organisation, kind: str, params: dict[str, Any], series: Series | None = None, actor: User
) -> Order:
    """Start a draft: clauses are made from the facts at once, and the kind takes hold of what was chosen."""
    permit(actor, DRAFT, organisation)
    entry = kind_of(kind)
    order = Order.objects.create(
        organisation=organisation,
        series=series or first_series(organisation),
        kind=kind,
        title=params["title"],
        params=params,
        drafted_by=actor,
    )
    renew_draft(order)
    record(DRAFT, order, actor=actor, text=f"Составлен проект приказа. Вид: {entry.title.lower()}.")
    return order


def first_series(organisation: Organisation) -> Series:
    """The book of a school that has not set up any."""
    found = Series.objects.filter(organisation=organisation).first()
    return found or Series.objects.create(organisation=organisation, name="Приказы по основной деятельности")


def renew_draft(order: Order) -> None:
    """Let the kind hold what the params name, read the facts anew and renew the clauses."""
    order.kind_entry.hold(order)
    order.facts = current_facts(order)
    order.save(update_fields=["facts"])
    result = merge(order, list(order.clauses.all()), clause_lines(order.kind, order.facts))
    Clause.objects.filter(pk__in=[clause.pk for clause in result.gone]).delete()
    for clause in result.kept:
        clause.save()


def open_draft(order: Order, actor: User, version: int | None) -> None:
    """Lock the row and check that the actor may still correct what they have seen."""
    permit(actor, DRAFT, order)
    lock_order(order)
    if not order.is_editable:
        raise Refused([LOCKED])
    if version is not None and version != order.version:
        raise Refused([CHANGED_MEANWHILE])


def lock_order(order: Order) -> None:
    """Take the row for this transaction and read it again."""
    try:
        order.refresh_from_db(from_queryset=Order.objects.select_for_update())
    except Order.DoesNotExist:
        raise Refused(["Проект удалили, пока страница была открыта."]) from None


def close_draft(order: Order, actor: User, text: str, changes: list[Change]) -> None:
    """Raise the version and write the history."""
    order.version += 1
    order.save(update_fields=["version"])
    record(DRAFT, order, actor=actor, text=text, changes=changes)


@transaction.atomic
def change_params(
    *, order: Order, params: dict[str, Any], actor: User, series: Series | None = None, version: int | None = None
) -> None:
    """Replace what the drafter chose; clauses not edited by hand follow, edited ones are marked."""
    open_draft(order, actor, version)
    before, after = params_in_words(order.params), params_in_words(params)
    # Forms that somebody has looked at are no answer of the form: they stay.
    kept = {CONFIRMED: order.params[CONFIRMED]} if CONFIRMED in order.params else {}
    order.params, order.title, order.series = {**params, **kept}, params["title"], series or order.series
    order.save(update_fields=["params", "title", "series"])
    renew_draft(order)
    close_draft(order, actor, "Изменены данные проекта.", differences(before, after))


def params_in_words(params: Mapping[str, Any]) -> dict[str, str]:
    return {label: in_words(params.get(name)) for name, label in WORDS.items()}


@transaction.atomic
def refresh_clauses(*, order: Order, actor: User) -> None:
    """Bring the draft up to the data of today; the history keeps the old and the new words of every clause."""
    open_draft(order, actor, None)
    pending = [one for one in pending_changes(order) if not one.kept]
    renew_draft(order)
    changes = [Change(field=one.name, old=in_words(one.old), new=in_words(one.new)) for one in pending]
    close_draft(order, actor, "Текст обновлён по данным портала.", changes)


@transaction.atomic
def delete_draft(*, order: Order, actor: User) -> None:
    """Delete a draft that is not with the head; the kind lets go of what it held."""
    open_draft(order, actor, None)
    order.kind_entry.release(order, actor)
    record("orders.order.delete", order, actor=actor, text=f"Удалён проект приказа «{order.title}».")
    order.delete()
