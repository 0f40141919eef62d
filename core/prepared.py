"""Queries whose SQL is made once: on pages that everybody opens making it costs more than running it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, wraps
from inspect import signature
from typing import Any, ParamSpec, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet, Value

Asked = ParamSpec("Asked")
Row = TypeVar("Row", bound=tuple[Any, ...])


@dataclass(frozen=True)
class Place:
    """Stands among the parameters of the SQL where an argument of the call goes."""

    name: str


def prepared(build: Callable[Asked, QuerySet[Any, Row]]) -> Callable[Asked, list[Row]]:
    """A function that reads the rows of the `values_list` which `build` makes, with the same arguments.

    Only the SQL is kept: every call asks the database. `build` itself runs once and gets an expression in place of
    each argument, so it may compare columns with them and nothing else: no lists, no limits, no looking inside.
    """
    make: Callable[..., QuerySet[Any, Row]] = build
    names = list(signature(build).parameters)

    @cache
    def made() -> tuple[str, tuple[Any, ...], dict[int, Any]]:
        compiler = make(**{name: Value(Place(name)) for name in names}).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        return sql, params, compiler.get_converters([selected for selected, *_ in compiler.select])

    @wraps(build)
    def read(*arguments: Asked.args, **named: Asked.kwargs) -> list[Row]:
        sql, params, converters = made()
        given: dict[str, Any] = {**dict(zip(names, arguments, strict=False)), **named}
        with connection.cursor() as cursor:
            cursor.execute(sql, [given[one.name] if isinstance(one, Place) else one for one in params])
            rows: list[Any] = cursor.fetchall()
        return [converted(row, converters) for row in rows] if converters else rows

    return read


def converted(row: Any, converters: dict[int, Any]) -> Any:
    """The row as the fields of the models give it: what the driver leaves as text becomes a list, a file…"""
    values = list(row)
    for position, (functions, expression) in converters.items():
        for function in functions:
            values[position] = function(values[position], expression, connection)
    return tuple(values)


def columns(model: type[Model], *wanted: str) -> list[str]:
    """Columns of the model, all or the wanted ones, in the order in which `from_db` takes their values.

    What is not among them is read from the database when somebody asks the object for it.
    """
    names = [field.attname for field in model._meta.concrete_fields]
    return [name for name in names if name in wanted] if wanted else names
