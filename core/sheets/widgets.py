"""Columns of a spreadsheet: how a cell becomes a value of the model and back, with Russian refusals.

A refusal is a `ValueError`: import-export then knows the column. Anything else it would lose among technical errors.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar

from django.db import models
from django.utils import timezone
from import_export import widgets

from core.russian import MONTHS, MONTHS_GENITIVE
from core.sheets.cells import DATE, MOMENT, NO, YES, folded, in_words, local
from core.uploads.cells import tidy

Day = TypeVar("Day", bound=dt.date)

EARLIEST, LATEST = 1900, 2100
# Excel counts days from here; numbers outside 1930…2099 are taken for something else.
EXCEL_EPOCH = dt.date(1899, 12, 30)
EXCEL_DAYS = range(10_959, 73_051)
IN_WORDS = re.compile(r"«?(?P<day>\d{1,2})»? (?P<month>[а-я]+) (?P<year>\d{4})(?: ?г\.?| год[а]?)?")
MONTH_NUMBERS = {name: number for names in (MONTHS, MONTHS_GENITIVE) for number, name in enumerate(names, 1)}
DATE_FORMATS = (DATE, "%Y-%m-%d", "%d/%m/%Y")
MOMENT_FORMATS = (MOMENT, "%d.%m.%Y %H:%M:%S", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S", DATE)
YES_WORDS = frozenset({"да", "д", "есть", "истина", "true", "yes", "1", "+"})
NO_WORDS = frozenset({"нет", "н", "ложь", "false", "no", "0", "-", "–", "—"})


class TextWidget(widgets.CharWidget):
    """Trimmed text; a number that Excel made of a class or a telephone comes back without «.0»."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> str | None:
        return in_words(value) or ("" if self.allow_blank else None)


class DateWidget(widgets.Widget):
    """A date as 01.09.2026, 2026-09-01, «1 сентября 2026 г.» or the number Excel keeps for it.

    The year with four digits, so that 30 is not taken for 2030 or 1930 by chance.
    """

    def clean(self, value: Any, row: Any = None, **options: Any) -> dt.date | None:
        value = tidy(value)
        if value == "":
            return None
        found = value if isinstance(value, dt.date) else date_in(value)
        if found is None:
            raise ValueError(f"Не дата: «{in_words(value)[:50]}». Пишите так: 01.09.2026.")
        return sane(found.date() if isinstance(found, dt.datetime) else found)

    def render(self, value: Any, obj: Any = None, **options: Any) -> Any:
        if value is None or options.get("force_native_type"):
            return value
        return value.strftime(DATE)


def date_in(value: Any) -> dt.date | None:
    """The day that a text or a number means, None where it means none."""
    if in_words(value).isdecimal() and not isinstance(value, bool):
        number = int(in_words(value)[:6])
        return EXCEL_EPOCH + dt.timedelta(number) if number in EXCEL_DAYS else None
    found = parsed(value, DATE_FORMATS)
    return found.date() if found else date_in_words(str(value))


def date_in_words(text: str) -> dt.date | None:
    """«1 сентября 2026 г.», the month in the genitive or the nominative."""
    match = IN_WORDS.fullmatch(folded(text))
    month = MONTH_NUMBERS.get(match["month"]) if match else None
    try:
        return dt.date(int(match["year"]), month, int(match["day"])) if match and month else None
    except ValueError:
        return None


class MomentWidget(widgets.Widget):
    """A date with time as 01.09.2026 14:30 by the clock of the portal."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> dt.datetime | None:
        value = tidy(value)
        if value == "":
            return None
        if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
            value = dt.datetime.combine(value, dt.time())
        found = value if isinstance(value, dt.datetime) else parsed(value, MOMENT_FORMATS)
        if found is None:
            raise ValueError(f"Не дата и время: «{in_words(value)[:50]}». Пишите так: 01.09.2026 14:30.")
        return timezone.make_aware(sane(found)) if timezone.is_naive(found) else sane(found)

    def render(self, value: Any, obj: Any = None, **options: Any) -> Any:
        if value is None or options.get("force_native_type"):
            return value
        return local(value).strftime(MOMENT)


def parsed(value: Any, formats: Iterable[str]) -> dt.datetime | None:
    """The moment a text means by the first format that fits, without a zone."""
    for pattern in formats:
        try:
            return dt.datetime.strptime(str(value), pattern)  # noqa: DTZ007 - the caller puts it into the portal's zone
        except ValueError:
            continue
    return None


def sane(day: Day) -> Day:
    """Refuse a year that can only be a slip of the pen."""
    if not EARLIEST <= day.year <= LATEST:
        raise ValueError(f"Проверьте год: {day.year}.")
    return day


class YesNoWidget(widgets.Widget):
    """«Да» or «нет»; an unknown word is refused, not taken for «нет»."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> bool | None:
        word = folded(value)
        if not word:
            return None
        if word not in YES_WORDS | NO_WORDS:
            raise ValueError(f"Напишите «да» или «нет» вместо «{in_words(value)[:50]}».")
        return word in YES_WORDS

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return "" if value is None else YES if value else NO


class WholeNumberWidget(widgets.Widget):
    """A whole number; 5,7 is refused, not cut down to 5."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> int | None:
        number = decimal(value, "Не целое число")
        if number is None:
            return None
        if number != number.to_integral_value():
            raise ValueError(f"Не целое число: «{in_words(value)[:50]}».")
        return int(number)

    def render(self, value: Any, obj: Any = None, **options: Any) -> Any:
        return number_out(value, options)


class NumberWidget(widgets.Widget):
    """A number with a comma or a point."""

    def clean(self, value: Any, row: Any = None, **options: Any) -> Decimal | None:
        return decimal(value, "Не число")

    def render(self, value: Any, obj: Any = None, **options: Any) -> Any:
        return number_out(value, options)


def decimal(value: Any, complaint: str) -> Decimal | None:
    """The number a cell means; more than thirty digits are no number of a school."""
    text = in_words(value).replace(" ", "").replace(",", ".")
    if not text:
        return None
    try:
        number = Decimal(text)
    except InvalidOperation:
        number = Decimal("NaN")
    if not number.is_finite() or abs(number.adjusted()) > 30:
        raise ValueError(f"{complaint}: «{in_words(value)[:50]}».")
    return number


def number_out(value: Any, options: dict[str, Any]) -> Any:
    if value is None or options.get("force_native_type"):
        return value
    return str(value).replace(".", ",")


class ChoiceWidget(widgets.Widget):
    """A value of `choices` under the label people see."""

    def __init__(self, choices: Iterable[tuple[Any, Any]]) -> None:
        super().__init__()
        self.labels = {value: str(label) for value, label in choices if value not in {None, ""}}

    def clean(self, value: Any, row: Any = None, **options: Any) -> Any:
        word = folded(value)
        if not word:
            return ""
        for choice, label in self.labels.items():
            if folded(label) == word:
                return choice
        known = ", ".join(f"«{label}»" for label in self.labels.values())
        raise ValueError(f"Нет такого значения: «{in_words(value)[:50]}». Можно написать: {known}.")

    def render(self, value: Any, obj: Any = None, **options: Any) -> str:
        return self.labels.get(value, "")


class CachedForeignKeyWidget(widgets.ForeignKeyWidget):
    """A related object by the text of its `field`; all of them are read once, by one query, for the whole import.

    `queryset` limits what may be referred to: give it the rows of the importing person's own organisation, in the
    `__init__` of the resource. Compared without regard to case, ё and spaces.
    """

    def __init__(
        self, model: type[models.Model], field: str, *, queryset: models.QuerySet[Any] | None = None, **options: Any
    ) -> None:
        super().__init__(model, field, **options)
        self.queryset = queryset
        self.known: dict[str, list[models.Model]] | None = None

    def get_queryset(self, value: Any, row: Any, *args: Any, **options: Any) -> models.QuerySet[Any]:
        return self.model._default_manager.all() if self.queryset is None else self.queryset.all()

    def forget(self) -> None:
        """Read anew at the next import."""
        self.known = None

    def clean(self, value: Any, row: Any = None, **options: Any) -> models.Model | None:
        word = folded(value)
        if not word:
            return None
        if self.known is None:
            self.known = self.read(row)
        found = self.known.get(word, [])
        if not found:
            raise ValueError(f"Не найдено: «{in_words(value)[:100]}». Проверьте написание.")
        if len(found) > 1:
            raise ValueError(f"Подходит несколько записей: «{in_words(value)[:100]}». Уточните.")
        return found[0]

    def read(self, row: Any) -> dict[str, list[models.Model]]:
        """All objects by their folded text."""
        known: dict[str, list[models.Model]] = {}
        for found in self.get_queryset(None, row):
            known.setdefault(folded(super().render(found)), []).append(found)
        return known
