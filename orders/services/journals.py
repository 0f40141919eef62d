"""The journal of a book of orders for a year, as it is printed and bound."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from django.db import transaction
from django.template.loader import render_to_string

from accounts.models import Organisation, User
from accounts.permissions import permit, today
from core.documents.blocks import read_blocks
from core.documents.parts import Block
from core.documents.pdf import to_pdf
from core.journal import record
from core.russian import plural, short_name
from core.transitions import Refused
from core.uploads import safe_name
from orders.documents import sheet_of
from orders.models import Order, Series, letterhead_of
from orders.services.links import links_of, standing_words
from orders.services.numbering import gaps

PRINT, VIEW = "orders.series.print", "orders.order.view"
TITLE = "Журнал регистрации приказов"
OUTSIDE = "вне портала"
# About five seconds of printing; books of schools stay far below.
MOST_ROWS = 500
TOO_LONG = f"В книге за этот год больше {MOST_ROWS} приказов. Выгрузите список в Excel и распечатайте его оттуда."
EMPTY = "В этой книге за {year} год утверждённых приказов нет: печатать нечего."


@dataclass(frozen=True)
class JournalRow:
    """A line of the journal: an order, or a run of numbers that were given outside the portal."""

    number: str
    date: str = ""
    title: str = ""
    signer: str = ""
    remark: str = ""


@transaction.atomic
def yearly_journal(*, series: Series, year: int, actor: User) -> tuple[str, io.BytesIO]:
    """The name of the file and the PDF; the history says who printed which journal. Raises Refused."""
    permit(actor, PRINT, series)
    organisation = series.organisation
    rows = Order.objects.permitted(actor, VIEW).approved().filter(series=series, year=year)
    orders = list(rows.order_by("ordinal", "date", "pk")[: MOST_ROWS + 1])
    if not orders:
        raise Refused([EMPTY.format(year=year)])
    if len(orders) > MOST_ROWS:
        raise Refused([TOO_LONG])
    name = f"{TITLE} за {year} год, {series.name}"
    count = plural(len(orders), "приказ", "приказа", "приказов")
    record(PRINT, series, actor=actor, text=f"Напечатан документ «{name}»: {count}.")
    setup = replace(sheet_of(letterhead_of(organisation), title=name), code="", landscape=True)
    return safe_name(f"{name}.pdf"), io.BytesIO(to_pdf(journal_blocks(organisation, series, year, orders), setup))


def journal_blocks(organisation: Organisation, series: Series, year: int, orders: Sequence[Order]) -> list[Block]:
    """The head of the organisation, the title, the table and the line of whoever keeps the book."""
    context = {
        "organisation": organisation,
        "series": series,
        "year": year,
        "rows": list(journal_rows(series, orders)),
        "count": plural(len(orders), "приказ", "приказа", "приказов"),
        "day": f"{today():%d.%m.%Y}",
    }
    return read_blocks(render_to_string("orders/documents/journal.html", context))


def journal_rows(series: Series, orders: Iterable[Order]) -> Iterator[JournalRow]:
    """Orders by their numbers, those skipped between them as «вне портала»; numbers that cannot be counted last."""
    orders = list(orders)
    numbered = [order for order in orders if order.ordinal is not None]
    skipped = [] if series.kept_here else gaps(sorted({order.ordinal or 0 for order in numbered}))
    links = links_of(orders)
    for order in numbered:
        while skipped and skipped[0][1] < (order.ordinal or 0):
            yield outside(series, *skipped.pop(0))
        yield order_row(order, standing_words(links.get(order.pk, []))[0])
    for order in orders:
        if order.ordinal is None:
            yield order_row(order, standing_words(links.get(order.pk, []))[0])


def outside(series: Series, first: int, last: int) -> JournalRow:
    number = series.number(first) if first == last else f"{series.number(first)} – {series.number(last)}"
    return JournalRow(number, remark=OUTSIDE)


def order_row(order: Order, remark: str) -> JournalRow:
    return JournalRow(
        number=order.number or "",
        date=f"{order.date:%d.%m.%Y}" if order.date else "",
        title=order.title,
        signer=short_name(order.signer_name, surname_first=True),
        remark=remark,
    )
