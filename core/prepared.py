"""Queries whose SQL is made and planned once: on pages that everybody opens that costs more than running it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property, wraps
from hashlib import sha256
from inspect import signature
from typing import Any, ParamSpec, TypeVar
from weakref import WeakKeyDictionary

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet, Value
from psycopg2.extensions import AsIs

Asked = ParamSpec("Asked")
Row = TypeVar("Row", bound=tuple[Any, ...])


# The statements that each connection of the driver knows already; they live as long as it does.
KNOWN: WeakKeyDictionary[Any, set[str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Place:
    """Stands among the parameters of the SQL where an argument of the call goes."""

    name: str


@dataclass(frozen=True)
class Statement:
    """SQL with the parameters it was compiled with, and what turns columns of the driver into values of fields."""

    sql: str
    params: tuple[Any, ...]
    converters: dict[int, Any]

    def ask(self, given: dict[str, Any]) -> list[Any]:
        """The rows as the driver gives them."""
        with connection.cursor() as cursor:
            cursor.execute(self.call(), [given[name] for name in self.names])
            return cursor.fetchall()

    @cached_property
    def names(self) -> list[str]:
        """The arguments that the SQL asks for, each once."""
        return list(dict.fromkeys(one.name for one in self.params if isinstance(one, Place)))

    @cached_property
    def title(self) -> str:
        return f"portal_{sha256(f'{self.sql}{self.params}'.encode()).hexdigest()[:24]}"

    def call(self) -> str:
        """The SQL that runs the statement on this connection, which learns it at the first call."""
        known = KNOWN.setdefault(connection.connection, set())
        if self.title not in known:
            self.teach()
            known.add(self.title)
        given = ", ".join(["%s"] * len(self.names))
        return f"EXECUTE {self.title} ({given})" if given else f"EXECUTE {self.title}"

    def teach(self) -> None:
        """Past Django's own cursor: what is sent once a connection belongs to no page's count of queries."""
        places = {name: AsIs(f"${number}") for number, name in enumerate(self.names, 1)}
        params = [places[one.name] if isinstance(one, Place) else one for one in self.params]
        with connection.wrap_database_errors, connection.connection.cursor() as cursor:
            cursor.execute(f"PREPARE {self.title} AS {self.sql}", params)


def prepared(build: Callable[Asked, QuerySet[Any, Row]]) -> Callable[Asked, list[Row]]:
    """A function that reads the rows of the `values_list` which `build` makes, with the same arguments.

    Only the SQL is kept, and its plan by the server: every call asks the database. `build` itself runs once and gets
    an expression in place of each argument, so it may compare columns with them and nothing else: no lists, no
    limits, no looking inside.
    """
    make: Callable[..., QuerySet[Any, Row]] = build
    names = list(signature(build).parameters)

    @cache
    def made() -> Statement:
        compiler = make(**{name: Value(Place(name)) for name in names}).query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        return Statement(sql, params, compiler.get_converters([selected for selected, *_ in compiler.select]))

    @wraps(build)
    def read(*arguments: Asked.args, **named: Asked.kwargs) -> list[Row]:
        statement = made()
        given: dict[str, Any] = {**dict(zip(names, arguments, strict=False)), **named}
        rows = statement.ask(given)
        return [converted(row, statement.converters) for row in rows] if statement.converters else rows

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
