"""What orders bring to the home pages: what the head has to read, what came back, what lies idle; and the tab."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Count, Min
from django.urls import reverse
from django.utils import timezone

from accounts.attention import Entry, Tab, register, register_tab
from accounts.models import Organisation, ProductionDay
from accounts.permissions import holds, may
from core.russian import date_words, plural, short_name
from core.workdays import WorkCalendar, working_days_between
from orders.models import Acquaintance, Endorsement, Order, OrderState
from orders.services.library import papers_on_changed_ground

APPROVE, SUBMIT = "orders.order.approve", "orders.order.submit"
PATIENCE = 3  # working days that an order may wait for the head
MOST_LATE = 5
LOOKING_BACK = dt.timedelta(days=60)


@register
def orders_to_approve(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Entry]:
    """For the head: every submitted order, late after three working days."""
    if not holds(user, APPROVE):
        return
    rows = Order.objects.permitted(user, APPROVE).filter(organisation=organisation).waiting()
    calendar = calendar_before(day)
    for order in rows.select_related("submitted_by").order_by("submitted_at", "pk"):
        since = timezone.localdate(order.submitted_at)
        waited = working_days_between(max(since, day - LOOKING_BACK), day, calendar=calendar)
        yield Entry(
            title=order.title,
            url=reverse("order_approve", args=[order.pk]),
            detail=f"От кого: {short_name(str(order.submitted_by), surname_first=True)}, {date_words(since)}",
            action="Прочитать и утвердить",
            chip="ждёт утверждения",
            chip_kind="late" if waited > PATIENCE else "wait",
            late=waited > PATIENCE,
        )


@register
def orders_to_read(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Entry]:
    """For everybody: approved orders that they have not marked as read."""
    rows = Acquaintance.objects.permitted(user, "orders.acquaintance.own").waiting()
    for row in rows.filter(order__organisation=organisation).select_related("order").order_by("due_on", "pk"):
        late = row.due_on is not None and row.due_on < day
        yield Entry(
            row.order.title,
            reverse("order_read", args=[row.pk]),
            f"Приказ {row.order.requisites}: прочитайте и отметьте.",
            "Прочитать",
            "срок прошёл" if late else "ознакомьтесь",
            "late" if late else "wait",
            row.due_on,
            late,
        )


@register
def drafts_to_endorse(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Entry]:
    """For everybody: drafts that somebody has asked them to agree with."""
    rows = Endorsement.objects.permitted(user, "orders.endorsement.answer").waiting()
    open_states = [OrderState.DRAFT, OrderState.RETURNED]
    for row in rows.filter(order__organisation=organisation, order__state__in=open_states).select_related("order"):
        title = row.order.title if row.order else ""
        url = reverse("endorsement_answer", args=[row.pk])
        yield Entry(title, url, "Прочитайте проект приказа и ответьте.", "Прочитать", "на согласовании", "wait")


@register
def late_readers(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Entry]:
    """For the curator: orders that somebody has not read in time, the oldest first."""
    if not may(user, "orders.acquaintance.change", organisation):
        return
    late = Acquaintance.objects.late(day).filter(order__organisation=organisation).order_by()
    rows: Any = late.values("order", "order__title").annotate(count=Count("pk"), due=Min("due_on"))
    for row in rows.order_by("due", "order")[:MOST_LATE]:
        people = plural(row["count"], "человек не ознакомлен", "человека не ознакомлены", "человек не ознакомлены")
        url = reverse("order_readers", args=[row["order"]])
        words = f"{people} с приказом в срок."
        yield Entry(row["order__title"], url, words, "Открыть лист", "срок прошёл", "late", row["due"], late=True)


@register
def changed_grounds(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Entry]:
    """For the curator: orders in force whose grounds have changed, in one line."""
    if not may(user, "orders.library.change", organisation):
        return
    if papers := papers_on_changed_ground(organisation):
        count = plural(len(papers), "приказ опирается", "приказа опираются", "приказов опираются")
        yield Entry(
            f"{count} на акт, который изменился",
            f"{reverse('library_list')}?state=invalid",
            "Проверьте, не пора ли изменить или заменить эти приказы.",
            "Открыть акты",
            "проверьте",
            "wait",
        )


@register
def orders_of_curator(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Entry]:
    """For the curator: returned orders, drafts begun before today, and what waits for the head."""
    if not holds(user, SUBMIT):
        return
    rows = Order.objects.permitted(user, SUBMIT).filter(organisation=organisation).open()
    for order in rows.order_by("drafted_at", "pk"):
        url = reverse("order_detail", args=[order.pk])
        if order.state == OrderState.RETURNED:
            yield Entry(order.title, url, f"Замечание: {order.remark}", "Исправить", "возвращён", "no")
        elif order.state == OrderState.SUBMITTED:
            yield Entry(order.title, url, "Приказ у директора", "Открыть", "на утверждении", "wait", waiting=True)
        elif timezone.localdate(order.drafted_at) < day:
            yield Entry(order.title, url, "Проект не передан директору", "Открыть проект", "проект")


def calendar_before(day: dt.date) -> WorkCalendar:
    """The production calendar of the last two months; one query."""
    days: dict[bool, set[dt.date]] = {True: set(), False: set()}
    for row in ProductionDay.objects.filter(day__range=(day - LOOKING_BACK, day)):
        if row.kind != ProductionDay.Kind.SHORT:
            days[row.kind == ProductionDay.Kind.HOLIDAY].add(row.day)
    return WorkCalendar(holidays=frozenset(days[True]), working_days=frozenset(days[False]))


ORDERS_HINT = "Проекты, утверждённые приказы и журнал регистрации"
ACTS_HINT = "Положения и другие документы школы о наставничестве"
register_tab(
    Tab("Приказы", "order_list", "orders.order.view", 40, ORDERS_HINT, ("/cabinet/readers/", "/cabinet/endorsements/"))
)
register_tab(
    Tab(
        "Локальные акты",
        "act_list",
        "orders.localact.view",
        45,
        ACTS_HINT,
        ("/cabinet/library/", "/cabinet/protocols/"),
    )
)
