"""Words that would fetch, include, compute or attach something if any paper took them for more than words."""

from __future__ import annotations

import io
import json
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import docx
import openpyxl
from django.apps import apps
from django.db import connection, models
from psycopg2.extras import Json
from psycopg2.sql import SQL, Identifier
from pypdf import PdfReader

from tests.conftest import GUARDED_TABLES

APPS = ("accounts", "core", "orders", "mentorship", "roadmap", "site_section")
# Words of the code, not of people: what is chosen, compared, hashed, signed in with.
CODES = {
    "password",
    "username",
    "code_hash",
    "address_hash",
    "token_hash",
    "token",
    "sha256",
    "kind",
    "fact",
    "event",
    "path",
}
CODES |= {"inn", "ogrn", "template", "state"}
# What the portal itself has written, in the markup of documents: the words of people in it were escaped then.
OWN_MARKUP = {"mentorship_consent.signed_text", "mentorship_addendum.signed_text", "mentorship_notice.text"}
# The words of a consent have names in braces, known ones only: whoever edits them is refused any other.
WITHOUT_BRACES = {"body"}
# A local act is a text or a file, never both: the text of a file stays empty.
MAY_BE_EMPTY = {"orders_localact.text"}
# Long tables of long texts would take the printer minutes.
SHORT = 80
CODE = re.compile(r"[a-z0-9_.]*|\d{4}-\d\d-\d\d")
GAPS = re.compile("[\\s\u00a0\u00ad\u200b\u2010\u2011-]+")
FIELDS_OF_WORD = re.compile(r"<w:instrText[^>]*>([^<]*)<|w:instr=\"([^\"]*)\"")


@dataclass(frozen=True)
class Poison:
    """`address` of a listener, `secret` a file that no paper may hold; `words` are what is typed everywhere."""

    address: str
    secret: Path

    @property
    def words(self) -> list[str]:
        file = self.secret.as_uri()
        return [
            f"<img src={self.address}/i>",
            f"url({file})",
            f"=HYPERLINK('{self.address}/h')",
            f"@import '{self.address}/c';",
            "{{ 7*7 }}",
            f"<link rel=attachment href={file}>",
            "{% include 'base.html' %}",
            f"{{ INCLUDETEXT '{self.secret}' }}",
            f"</w:t><w:instrText>INCLUDEPICTURE {self.address}/p",
        ]

    def text(self, longest: int | None = None, turn: int = 0, *, braces: bool = True) -> str:
        """As many of the words as fit, beginning with another one each turn."""
        words = [*self.words[turn % len(self.words) :], *self.words[: turn % len(self.words)]]
        words = [word for word in words if braces or "{" not in word]
        found = ""
        for word in words:
            longer = f"{found} {word}".strip()
            found = longer if longest is None or len(longer) <= longest else found
        return found

    def spoil(self, value: Any, longest: int | None = None, turn: int = 0) -> Any:
        """The same facts with the words, other ones each time, after every text that a person may have written."""
        if isinstance(value, str):
            return value if CODE.fullmatch(value) else f"{value} {self.text(longest, turn)}"
        if isinstance(value, dict):
            return {key: self.spoil(one, longest, turn + place) for place, (key, one) in enumerate(value.items())}
        if isinstance(value, list):
            return [self.spoil(one, longest, turn + place) for place, one in enumerate(value)]
        return value


# --- The database -----------------------------------------------------------------------------------------------------
def poison_database(poison: Poison) -> int:
    """Type the words into every text of every table, past forms and guards; returns how many columns were spoilt."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(GUARDED_TABLES)
        for (table,) in cursor.fetchall():
            cursor.execute(SQL("ALTER TABLE {} DISABLE TRIGGER USER").format(Identifier(table)))
        columns = list(columns_of_people())
        for turn, field in enumerate(columns):
            spoil_column(cursor, field, poison, turn)
        cursor.execute("DELETE FROM orders_orderfile")
    return len(columns)


def columns_of_people() -> Iterator[Any]:
    for name in APPS:
        for model in apps.get_app_config(name).get_models():
            yield from (field for field in model._meta.concrete_fields if is_of_people(field))


def is_of_people(field: Any) -> bool:
    if isinstance(field, models.JSONField):
        return True
    plain = type(field) in (models.CharField, models.TextField)
    return plain and not field.choices and field.name not in CODES and place_of(field) not in OWN_MARKUP


def place_of(field: Any) -> str:
    return f"{field.model._meta.db_table}.{field.column}"


def spoil_column(cursor: Any, field: Any, poison: Poison, turn: int) -> None:
    """Keys stand before the words, so that what must differ still differs; what is empty gets them too."""
    table, column = Identifier(field.model._meta.db_table), Identifier(field.column)
    if isinstance(field, models.JSONField):
        cursor.execute(SQL("SELECT id, {} FROM {} WHERE {} IS NOT NULL").format(column, table, column))
        for pk, value in cursor.fetchall():
            spoilt = poison.spoil(json.loads(value) if isinstance(value, str) else value, SHORT, turn)
            cursor.execute(SQL("UPDATE {} SET {} = %s WHERE id = %s").format(table, column), [Json(spoilt), pk])
        return
    longest = min(field.max_length - 7, 3 * SHORT) if field.max_length else None
    words = poison.text(longest, turn, braces=field.name not in WITHOUT_BRACES)
    kept = "" if place_of(field) in MAY_BE_EMPTY else None
    cursor.execute(
        SQL("UPDATE {} SET {} = left(id || ' ' || %s, %s) WHERE {} IS DISTINCT FROM %s").format(table, column, column),
        [words, field.max_length or 100_000, kept],
    )


# --- What came out ----------------------------------------------------------------------------------------------------
def squeezed(text: str) -> str:
    """Without gaps and hyphens: lines break where they like."""
    return GAPS.sub("", text)


@cache
def words_of(content: bytes, form: str) -> str:
    """All the text of a file, squeezed; `form` is pdf, docx or xlsx."""
    if form == "pdf":
        return squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages))
    if form == "docx":
        nodes = docx.Document(io.BytesIO(content)).element.body.iter()
        return squeezed("".join(node.text or "" for node in nodes if node.tag.endswith("}t")))
    rows = openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True)
    return squeezed("".join(str(value) for row in rows for value in row if value is not None))


def faults_of(content: bytes, form: str) -> list[str]:
    """What in the file is more than words: links, attachments, actions, fields, formulas, outside parts."""
    if form == "pdf":
        return list(faults_of_pdf(content))
    parts = {name: text for name, text in parts_of(content).items() if name.endswith((".xml", ".rels"))}
    found = [f"outside part in {name}" for name, text in parts.items() if 'TargetMode="External"' in text]
    found += [f"formula in {name}" for name, text in parts.items() if re.search(r"<f[ >]|<hyperlink", text)]
    fields = {"".join(match) for text in parts.values() for match in FIELDS_OF_WORD.findall(text)}
    return [*found, *(f"field {field}" for field in sorted(fields - {"PAGE"}))]


def parts_of(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name).decode("utf-8", "replace") for name in archive.namelist()}


def faults_of_pdf(content: bytes) -> Iterator[str]:
    reader = PdfReader(io.BytesIO(content))
    if reader.attachments:
        yield "attachment"
    if {"/OpenAction", "/AA"} & set(reader.trailer["/Root"]):
        yield "action of the file"
    for page in reader.pages:
        for annotation in page.get("/Annots") or []:
            yield f"annotation {annotation.get_object().get('/Subtype')}"
