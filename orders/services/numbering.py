"""Numbers of orders: proposed, taken without gaps, typed by the director, and those given outside the portal."""

from __future__ import annotations

import re

from django.core.exceptions import ValidationError
from django.db import connection

from orders.models import Counter, Order, Series

LONGEST_NUMBER = 30
SIGN = re.compile(r"^(?:№|N|No)\.?\s*(?=\S)")
WITHOUT = re.compile(r"б\s*[/\\]\s*н|без номера", re.IGNORECASE)

RAISE = """
INSERT INTO orders_counter (series_id, year, last) VALUES (%(series)s, %(year)s, {first})
ON CONFLICT ON CONSTRAINT counter_once_a_year DO UPDATE SET last = {next} RETURNING last
"""


def propose(series: Series, year: int) -> str:
    """The next number of the book as text; nothing is taken."""
    last = Counter.objects.filter(series=series, year=year).values_list("last", flat=True).first()
    return series.number((last or 0) + 1)


def take(series: Series, year: int) -> int:
    """Take the next ordinal for good. The counter's row stays locked until the transaction ends.

    Whoever comes meanwhile waits, and a rollback gives the ordinal back: hence no gaps and no duplicates.
    """
    return raise_counter(series, year, first="1", following="orders_counter.last + 1")


def follow(series: Series, year: int, ordinal: int) -> None:
    """Let the counter know a number that was typed, so that the next proposal goes on from the highest."""
    raise_counter(
        series, year, first="%(ordinal)s", following="GREATEST(orders_counter.last, %(ordinal)s)", ordinal=ordinal
    )


def raise_counter(series: Series, year: int, *, first: str, following: str, **values: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute(RAISE.format(first=first, next=following), {"series": series.pk, "year": year, **values})
        return cursor.fetchone()[0]


def clean_number(text: str) -> str:
    """The number as it will stand on the paper; raises ValidationError with a sentence."""
    number = SIGN.sub("", " ".join(text.split()))
    if not number:
        raise ValidationError("Укажите номер: без номера приказ не утвердить.")
    if WITHOUT.search(number):
        raise ValidationError("Приказ без номера утвердить нельзя: укажите номер по книге приказов.")
    if len(number) > LONGEST_NUMBER:
        raise ValidationError(f"Номер длиннее {LONGEST_NUMBER} знаков.")
    if not any(sign.isdecimal() for sign in number):
        raise ValidationError("В номере должна быть хотя бы одна цифра, например «71-б».")
    if not number.isprintable():
        raise ValidationError("В номере есть знаки, которых не бывает на бумаге.")
    return number


def skipped(series: Series, year: int) -> list[tuple[int, int]]:
    """Ordinals up to the last used one that no order of the portal has: ranges, both ends included.

    Such numbers were given outside the portal.
    """
    used = Order.objects.approved().filter(series=series, year=year, ordinal__isnull=False)
    return gaps(sorted({ordinal for ordinal in used.values_list("ordinal", flat=True) if ordinal is not None}))


def gaps(used: list[int]) -> list[tuple[int, int]]:
    """[2, 3, 7] → [(1, 1), (4, 6)]."""
    edges = zip([0, *used], used, strict=False)
    return [(before + 1, after - 1) for before, after in edges if after - before > 1]
