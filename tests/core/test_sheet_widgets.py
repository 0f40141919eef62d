"""Columns of a spreadsheet: what a cell may say, what it becomes, how it is written back."""

import datetime as dt
from decimal import Decimal

import pytest
from import_export import widgets

from core.sheets import ChoiceWidget, DateWidget, MomentWidget, NumberWidget, TextWidget, WholeNumberWidget, YesNoWidget
from core.uploads.cells import Flaw

CHOICES = ChoiceWidget([("", "—"), ("new", "Новая заявка"), ("done", "Закрыта")])


def naive(*parts: int) -> dt.datetime:
    """A moment as Excel keeps it."""
    return dt.datetime(*parts)  # noqa: DTZ001 - a spreadsheet knows no zones


def refusal(widget, value) -> str:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the words are compared by the caller
        widget.clean(value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("widget", "value", "meaning"),
    [
        (TextWidget(), "  Анна\xa0 ", "Анна"),
        (TextWidget(), None, ""),
        (TextWidget(), 89000000000.0, "89000000000"),
        (TextWidget(), 7.5, "7.5"),
        (TextWidget(), naive(2026, 9, 1), "01.09.2026"),
        (TextWidget(), "a\x00\x1bb", "ab"),
        (TextWidget(allow_blank=False), " ", None),
        (DateWidget(), "01.09.2026", dt.date(2026, 9, 1)),
        (DateWidget(), " 1.9.2026 ", dt.date(2026, 9, 1)),
        (DateWidget(), "2026-09-01", dt.date(2026, 9, 1)),
        (DateWidget(), "01/09/2026", dt.date(2026, 9, 1)),
        (DateWidget(), "1 сентября 2026", dt.date(2026, 9, 1)),
        (DateWidget(), "«01» Сентября 2026 г.", dt.date(2026, 9, 1)),
        (DateWidget(), "1 май 2026 года", dt.date(2026, 5, 1)),
        (DateWidget(), 46266, dt.date(2026, 9, 1)),
        (DateWidget(), "46266", dt.date(2026, 9, 1)),
        (DateWidget(), naive(2026, 9, 1, 14, 30), dt.date(2026, 9, 1)),
        (DateWidget(), dt.date(2026, 9, 1), dt.date(2026, 9, 1)),
        (DateWidget(), "", None),
        (MomentWidget(), "01.09.2026 14:30", dt.datetime(2026, 9, 1, 11, 30, tzinfo=dt.UTC)),
        (MomentWidget(), naive(2026, 9, 1, 14, 30), dt.datetime(2026, 9, 1, 11, 30, tzinfo=dt.UTC)),
        (MomentWidget(), dt.date(2026, 9, 1), dt.datetime(2026, 8, 31, 21, 0, tzinfo=dt.UTC)),
        (MomentWidget(), None, None),
        (YesNoWidget(), "Да", True),
        (YesNoWidget(), " НЕТ ", False),
        (YesNoWidget(), True, True),
        (YesNoWidget(), 0, False),
        (YesNoWidget(), "Истина", True),
        (YesNoWidget(), "", None),
        (WholeNumberWidget(), "1 200", 1200),
        (WholeNumberWidget(), 5.0, 5),
        (WholeNumberWidget(), "5,0", 5),
        (WholeNumberWidget(), 0, 0),
        (WholeNumberWidget(), "", None),
        (NumberWidget(), "5,75", Decimal("5.75")),
        (NumberWidget(), 5.75, Decimal("5.75")),
        (NumberWidget(), None, None),
        (CHOICES, " новая  ЗАЯВКА", "new"),
        (CHOICES, "", ""),
    ],
)
def test_cell_means(widget, value, meaning):
    cleaned = widget.clean(value)
    assert (type(cleaned), cleaned) == (type(meaning), meaning)


@pytest.mark.parametrize(
    ("widget", "value", "words"),
    [
        (DateWidget(), "вчера", "Не дата: «вчера». Пишите так: 01.09.2026."),
        (DateWidget(), "01.09.26", "Не дата: «01.09.26». Пишите так: 01.09.2026."),
        (DateWidget(), "31.02.2026", "Не дата: «31.02.2026». Пишите так: 01.09.2026."),
        (DateWidget(), 2026, "Не дата: «2026». Пишите так: 01.09.2026."),
        (DateWidget(), "99999999999", "Не дата: «99999999999». Пишите так: 01.09.2026."),
        (DateWidget(), True, "Не дата: «да». Пишите так: 01.09.2026."),
        (DateWidget(), "31 февраля 2026", "Не дата: «31 февраля 2026». Пишите так: 01.09.2026."),
        (DateWidget(), "1 мартобря 2026", "Не дата: «1 мартобря 2026». Пишите так: 01.09.2026."),
        (DateWidget(), Flaw("В ячейке формула."), "В ячейке формула."),
        (TextWidget(), Flaw("В ячейке формула."), "В ячейке формула."),
        (CHOICES, Flaw("В ячейке формула."), "В ячейке формула."),
        (DateWidget(), "01.09.0206", "Проверьте год: 206."),
        (DateWidget(), naive(9999, 9, 1), "Проверьте год: 9999."),
        (MomentWidget(), "в обед", "Не дата и время: «в обед». Пишите так: 01.09.2026 14:30."),
        (YesNoWidget(), "наверное", "Напишите «да» или «нет» вместо «наверное»."),
        (WholeNumberWidget(), "5,7", "Не целое число: «5,7»."),
        (WholeNumberWidget(), "пять", "Не целое число: «пять»."),
        (WholeNumberWidget(), "9" * 5000, f"Не целое число: «{'9' * 50}»."),
        (WholeNumberWidget(), "1e999999999", "Не целое число: «1e999999999»."),
        (NumberWidget(), "NaN", "Не число: «NaN»."),
        (NumberWidget(), "Infinity", "Не число: «Infinity»."),
        (CHOICES, "старая", "Нет такого значения: «старая». Можно написать: «Новая заявка», «Закрыта»."),
    ],
)
def test_cell_is_refused(widget, value, words):
    assert refusal(widget, value) == words


def test_stock_widgets_guess_where_ours_refuse():
    assert widgets.BooleanWidget().clean("наверное") is False
    assert widgets.IntegerWidget().clean("5.7") == 5
    assert type(widgets.DateWidget().clean(naive(2026, 9, 1, 14, 30))) is dt.datetime


@pytest.mark.parametrize(
    ("widget", "value", "text", "native"),
    [
        (DateWidget(), dt.date(2026, 9, 1), "01.09.2026", dt.date(2026, 9, 1)),
        (YesNoWidget(), True, "да", "да"),
        (YesNoWidget(), False, "нет", "нет"),
        (YesNoWidget(), None, "", ""),
        (WholeNumberWidget(), 1200, "1200", 1200),
        (NumberWidget(), Decimal("5.75"), "5,75", Decimal("5.75")),
        (CHOICES, "done", "Закрыта", "Закрыта"),
        (CHOICES, "", "", ""),
    ],
)
def test_value_is_written(widget, value, text, native):
    assert (widget.render(value), widget.render(value, force_native_type=True)) == (text, native)


def test_moment_is_written_by_the_clock_of_the_portal():
    assert MomentWidget().render(dt.datetime(2026, 9, 1, 11, 30, tzinfo=dt.UTC)) == "01.09.2026 14:30"
