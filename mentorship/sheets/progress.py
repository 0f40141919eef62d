"""How far a long import is: written outside its transaction, so that the page can show it."""

from __future__ import annotations

import contextlib
from types import TracebackType
from typing import Self

from django.db import DatabaseError, connection

from mentorship.models import ImportBatch
from mentorship.services.imports import LOCKS

UPDATE = f"UPDATE {ImportBatch._meta.db_table} SET processed = %s WHERE id = %s"  # noqa: S608 - the name of our table


class Progress:
    """Called with the number of rows done. A connection of its own also holds the lock that says the worker lives.

    The import itself must not touch the row of the batch before its end: it would wait for itself.
    """

    def __init__(self, batch: ImportBatch) -> None:
        self.batch = batch
        self.connection = connection.copy()

    def __enter__(self) -> Self:
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s, %s)", [LOCKS, self.batch.pk])
        return self

    def __call__(self, done: int) -> None:
        with contextlib.suppress(DatabaseError), self.connection.cursor() as cursor:
            cursor.execute(UPDATE, [done, self.batch.pk])

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        # Said aloud: the server notices a closed connection only some time later.
        with contextlib.suppress(DatabaseError), self.connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCKS, self.batch.pk])
        self.connection.close()
