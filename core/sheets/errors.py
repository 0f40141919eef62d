"""What went wrong with a spreadsheet, told by row and column in Russian, without a word of the database."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import DatabaseError, DataError
from django.db.models import BaseConstraint, Model
from import_export.results import Result

from core.transitions import Refused

logger = logging.getLogger(__name__)

UNREADABLE = "Строку не удалось прочитать. Проверьте её значения."
UNSAVED = "Строка не сохранена: она противоречит другим записям портала."
REPEATED = "Такая запись уже есть: повторяется значение, которое должно быть единственным."
GONE = "Запись, на которую ссылается строка, не найдена."
TOO_LARGE = "Одно из значений слишком длинное или слишком большое."
REQUIRED = "Обязательное поле: заполните ячейку."

# Django speaks of NULL here.
EMPTY_CODES = frozenset({"null", "blank"})
# https://www.postgresql.org/docs/current/errcodes-appendix.html
NOT_NULL, FOREIGN_KEY, UNIQUE, EXCLUSION = "23502", "23503", "23505", "23P01"
BY_CODE = {FOREIGN_KEY: GONE, UNIQUE: REPEATED, EXCLUSION: REPEATED}


@dataclass(frozen=True)
class SheetError:
    """`row` is the line of the file, empty when it is about the whole table; `column` its header, or ""."""

    row: int | None
    column: str
    text: str


class SheetResult(Result):
    """An import's result that also knows lines, headers and which columns of the file were not read."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: list[int] = []
        self.columns: dict[str, str] = {}
        self.ignored: list[str] = []
        self.model: type[Model] | None = None

    def line(self, number: int) -> int:
        """The line of the file for import-export's row number, which counts from 1 below the headers."""
        return self.lines[number - 1] if number <= len(self.lines) else number + 1


def row_errors(result: SheetResult) -> list[SheetError]:
    """Everything that is wrong, the whole table first, then by line. Empty: the import went through."""
    whole = [
        SheetError(None, column, text) for error in result.base_errors for column, text in told(error.error, result)
    ]
    rows = [
        SheetError(result.line(number), column, text)
        for number, error in refused_rows(result)
        for column, text in told(error, result)
    ]
    return whole + sorted(rows, key=lambda error: error.row or 0)


def refused_rows(result: SheetResult) -> Iterator[tuple[int, Exception]]:
    for invalid in result.invalid_rows:
        yield invalid.number, invalid.error
    for failed in result.error_rows:
        for error in failed.errors:
            yield failed.number, error.error


def told(error: Exception, result: SheetResult) -> Iterable[tuple[str, str]]:
    """(column, sentence) pairs of one exception; what was not meant for people is replaced by plain words."""
    if isinstance(error, ValidationError):
        return validation_words(error, result)
    if isinstance(error, Refused):
        return [("", text) for text in error.obstacles]
    # The name alone: the message may carry somebody's personal data.
    logger.warning("A row of a spreadsheet failed with %s", type(error).__name__)
    if isinstance(error, DataError):
        return [("", TOO_LARGE)]
    if isinstance(error, DatabaseError):
        return [database_words(error, result)]
    return [("", UNREADABLE)]


def validation_words(error: ValidationError, result: SheetResult) -> Iterator[tuple[str, str]]:
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    for field, refusals in by_field.items():
        column = "" if field == NON_FIELD_ERRORS else result.columns.get(field, field)
        for refusal in refusals:
            for message in refusal.messages:
                yield column, REQUIRED if refusal.code in EMPTY_CODES else message


def database_words(error: DatabaseError, result: SheetResult) -> tuple[str, str]:
    """Why the database refused: the model's own words for a named constraint, else by the kind of refusal."""
    diagnosis = getattr(error.__cause__, "diag", None)
    code = str(getattr(diagnosis, "sqlstate", ""))
    if diagnosis is not None and code == NOT_NULL:
        return result.columns.get(str(diagnosis.column_name), ""), REQUIRED
    constraint = named_constraint(str(getattr(diagnosis, "constraint_name", "")), result.model)
    if constraint and constraint.violation_error_message != constraint.default_violation_error_message:
        return "", str(constraint.get_violation_error_message())
    return "", BY_CODE.get(code, UNSAVED)


def named_constraint(name: str, model: type[Model] | None) -> BaseConstraint | None:
    constraints = model._meta.constraints if model else []
    return next((constraint for constraint in constraints if constraint.name == name), None)
