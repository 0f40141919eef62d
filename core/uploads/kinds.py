"""The table of file kinds the portal accepts, and how they are named to people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MB = 1024 * 1024
MAX_BYTES = 10 * MB


class UploadError(Exception):
    """Why a file is refused: one or two Russian sentences, shown as they are."""


@dataclass(frozen=True)
class UploadKind:
    """One row of the table.

    `title` is the word shown to people; `extensions` are lower-case without the dot, the first is the usual one;
    `content_type` is what the file is served with, never what the browser claimed.
    """

    title: str
    extensions: tuple[str, ...]
    content_type: str


OFFICE = "application/vnd.openxmlformats-officedocument"

PDF = UploadKind("PDF", ("pdf",), "application/pdf")
DOCX = UploadKind("Word (.docx)", ("docx",), f"{OFFICE}.wordprocessingml.document")
XLSX = UploadKind("Excel (.xlsx)", ("xlsx",), f"{OFFICE}.spreadsheetml.sheet")
JPG = UploadKind("JPG", ("jpg", "jpeg"), "image/jpeg")
PNG = UploadKind("PNG", ("png",), "image/png")
WEBP = UploadKind("WEBP", ("webp",), "image/webp")
CSV = UploadKind("CSV", ("csv",), "text/csv")
TXT = UploadKind("TXT", ("txt",), "text/plain")

KINDS = (PDF, DOCX, XLSX, JPG, PNG, WEBP, CSV, TXT)
IMAGES = (JPG, PNG, WEBP)
SCANS = (PDF, JPG, PNG)
DOCUMENTS = (PDF, DOCX, XLSX, JPG, PNG)
TABLES = (XLSX, CSV)

EXTENSIONS = {extension: kind for kind in KINDS for extension in kind.extensions}


def accepted_words(kinds: Sequence[UploadKind], max_bytes: int = MAX_BYTES) -> str:
    """«PDF, JPG или PNG, до 10 МБ»: the same words under the field and in a refusal."""
    *others, last = [kind.title for kind in kinds]
    titles = f"{', '.join(others)} или {last}" if others else last
    return f"{titles}, до {megabytes(max_bytes)}"


def megabytes(size: int) -> str:
    """A size in bytes as people write it: «10 МБ», «2,5 МБ»."""
    return f"{size / MB:.1f}".removesuffix(".0").replace(".", ",") + " МБ"


def accept_attribute(kinds: Sequence[UploadKind]) -> str:
    """The `accept` of a file input: extensions for computers, media types for telephones."""
    extensions = [f".{extension}" for kind in kinds for extension in kind.extensions]
    return ",".join([*extensions, *(kind.content_type for kind in kinds)])
