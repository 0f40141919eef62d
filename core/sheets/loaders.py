"""Which rows of a spreadsheet are already in the database: found by one query for the whole import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from import_export.instance_loaders import ModelInstanceLoader

from core.sheets.formats import lines_of

Key = tuple[Any, ...]


class CachedInstanceLoader(ModelInstanceLoader):
    """Finds existing objects by `import_id_fields`, one column or several; refuses the second row with the same key.

    A key that cannot be read finds nothing here: its own row then says what is wrong with it.
    """

    def __init__(self, resource: Any, dataset: Any = None) -> None:
        super().__init__(resource, dataset)
        self.keys = [resource.fields[name] for name in resource.get_import_id_fields() if name in resource.fields]
        self.lines: dict[Key, int] = {}
        self.met: set[Key] = set()
        self.instances = self.load()

    def rows(self) -> Iterator[tuple[int, Mapping[str, Any]]]:
        """(line of the file, row) of the whole table."""
        for line, values in zip(lines_of(self.dataset), self.dataset, strict=True):
            yield line, dict(zip(self.dataset.headers, values, strict=True))

    def load(self) -> dict[Key, models.Model]:
        for line, row in self.rows():
            if key := self.key(row):
                self.lines.setdefault(key, line)
        if not self.lines:
            return {}
        first = {key[0] for key in self.lines}
        queryset = self.get_queryset().filter(**{f"{self.keys[0].attribute}__in": first})
        queryset = queryset.select_related(*self.resource.related_names())
        return {tuple(field.get_value(instance) for field in self.keys): instance for instance in queryset}

    def key(self, row: Mapping[str, Any]) -> Key | None:
        """The values that identify a row; nothing when one of them is missing, blank or unreadable."""
        try:
            values = tuple(field.clean(row) for field in self.keys)
        except (ValueError, KeyError):
            return None
        return values if values and all(value not in (None, "") for value in values) else None

    def get_instance(self, row: Mapping[str, Any]) -> models.Model | None:
        key = self.key(row)
        if key is None:
            return None
        if key in self.met:
            raise ValidationError(f"Повторяет строку {self.lines[key]}. Оставьте одну из них.")
        self.met.add(key)
        return self.instances.get(key)
