"""Who must read an approved order, and how they did; the scans of what was signed by hand."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from typing import Any

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import ProductionDay, User
from accounts.permissions import permit, today
from accounts.services.letters import write_letters
from core.journal import record
from core.transitions import Refused
from core.uploads import safe_name
from core.workdays import WorkCalendar, add_working_days
from orders.models import Acquaintance, Order, OrderState, SignedScan

CHANGE, OWN, SCAN = "orders.acquaintance.change", "orders.acquaintance.own", "orders.scan.add"
READING_DAYS = 3  # working days that people have to read an order
NOT_APPROVED = "Знакомить можно только с утверждённым приказом."
Method = Acquaintance.Method


def open_sheet(order: Order) -> None:
    """Called by the approval: everybody whom the order names has to read it; those with a login get a letter."""
    names = list(dict.fromkeys(named_in(order.facts)))
    known = users_by_name(order, names)
    due = add_working_days(today(), READING_DAYS, calendar=calendar_after(today()))
    made = Acquaintance.objects.bulk_create(
        Acquaintance(order=order, name=name, user=known.get(name), due_on=due) for name in names
    )
    ask(made, order)


def named_in(facts: dict[str, Any]) -> Iterable[str]:
    """Full names of everybody whom the order is about or charges with something."""
    people = [*facts.get("people", []), facts.get("responsible"), facts.get("controller")]
    return (person["full"]["nominative"] for person in people if person)


def users_by_name(order: Order, names: Sequence[str]) -> dict[str, User]:
    """Logins of the organisation by full name; of namesakes nobody is taken."""
    found: dict[str, list[User]] = {}
    for user in User.objects.of([order.organisation_id]).filter(full_name__in=names, is_active=True):
        found.setdefault(user.full_name, []).append(user)
    return {name: users[0] for name, users in found.items() if len(users) == 1}


def calendar_after(day: dt.date) -> WorkCalendar:
    """The production calendar of the two months that follow."""
    days = ProductionDay.objects.filter(day__range=(day, day + dt.timedelta(days=60)))
    kinds = dict(days.values_list("day", "kind"))
    return WorkCalendar(
        holidays=frozenset(one for one, kind in kinds.items() if kind == ProductionDay.Kind.HOLIDAY),
        working_days=frozenset(one for one, kind in kinds.items() if kind == ProductionDay.Kind.WORKING),
    )


def ask(rows: Sequence[Acquaintance], order: Order) -> None:
    """Letters to those who have a login; the others sign on paper."""
    for row in rows:
        if row.user is None:
            continue
        words = f"Прочитайте приказ {order.requisites} «{order.title}» и отметьте, что ознакомились"
        term = f" до {row.due_on:%d.%m.%Y}." if row.due_on else "."
        path = reverse("order_read", args=[row.pk])
        subject = f"Ознакомьтесь с приказом № {order.number}"
        write_letters([row.user], subject=subject, body=words + term, path=path, organisation=order.organisation)


@transaction.atomic
def mark_read(*, row: Acquaintance, actor: User) -> None:
    """The reader's own mark in the portal, once; it does not stand for a signature."""
    permit(actor, OWN, row)
    if not Acquaintance.objects.filter(pk=row.pk, read_on=None).update(
        read_on=today(), method=Method.PORTAL, recorded_by=actor
    ):
        raise Refused(["Отметка уже стоит."])
    record(OWN, row, actor=actor, text=f"Ознакомлен в портале: {row.name}.")


@transaction.atomic
def mark_signed(*, order: Order, rows: Sequence[int], day: dt.date, actor: User) -> int:
    """Record that the people of these rows have signed the sheet on paper that day; returns how many were marked."""
    permit(actor, CHANGE, order)
    if order.date is None:
        raise Refused([NOT_APPROVED])
    if not order.date <= day <= today():
        raise Refused([f"Подпись на листе — не раньше {order.date:%d.%m.%Y} и не позже сегодняшнего дня."])
    chosen = list(Acquaintance.objects.select_for_update().filter(order=order, pk__in=rows, read_on=None))
    for row in chosen:
        Acquaintance.objects.filter(pk=row.pk).update(read_on=day, method=Method.PAPER, recorded_by=actor)
        record(CHANGE, row, actor=actor, text=f"Подпись об ознакомлении от {day:%d.%m.%Y}: {row.name}.")
    return len(chosen)


@transaction.atomic
def add_reader(*, order: Order, name: str, user: User | None, actor: User) -> Acquaintance:
    """Somebody else has to read the order too."""
    permit(actor, CHANGE, order)
    if order.state != OrderState.APPROVED:
        raise Refused([NOT_APPROVED])
    if Acquaintance.objects.filter(order=order, name=name).exists():
        raise Refused([f"В листе уже есть: {name}."])
    due = add_working_days(today(), READING_DAYS, calendar=calendar_after(today()))
    row = Acquaintance.objects.create(order=order, name=name, user=user, due_on=due)
    record(CHANGE, row, actor=actor, text=f"В лист ознакомления добавлен человек: {name}.")
    ask([row], order)
    return row


@transaction.atomic
def remove_reader(*, row: Acquaintance, actor: User) -> None:
    """Take out somebody who has not read the order yet."""
    permit(actor, CHANGE, row)
    row.refresh_from_db(from_queryset=Acquaintance.objects.select_for_update())
    if row.read_on:
        raise Refused([f"{row.name} уже ознакомлен {row.read_on:%d.%m.%Y}: запись остаётся."])
    record(CHANGE, row, actor=actor, text=f"Из листа ознакомления убран человек: {row.name}.")
    row.delete()


@transaction.atomic
def add_scan(*, order: Order, kind: str, file: File, actor: User) -> SignedScan:
    """Keep the scan of a paper signed by hand beside the order; the file has passed the checks of its form."""
    permit(actor, SCAN, order)
    if order.state != OrderState.APPROVED:
        raise Refused(["Скан прикладывают к утверждённому приказу."])
    file.seek(0)
    total = hashlib.sha256(file.read()).hexdigest()
    file.seek(0)
    scan = SignedScan(order=order, kind=kind, sha256=total, file_name=safe_name(str(file.name)), added_by=actor)
    scan.file.save(scan.file_name, file, save=False)
    scan.save(force_insert=True)
    record(SCAN, scan, actor=actor, text=f"Приложен скан: {scan.get_kind_display()}.")
    return scan


@transaction.atomic
def withdraw_scan(*, scan: SignedScan, actor: User) -> None:
    """Hide a scan that was added by mistake; the file and the history stay."""
    permit(actor, SCAN, scan)
    if not SignedScan.objects.filter(pk=scan.pk, withdrawn_at=None).update(withdrawn_at=timezone.now()):
        raise Refused(["Скан уже убран."])
    record(SCAN, scan, actor=actor, text=f"Скан убран: {scan.get_kind_display()}.")
