"""Is the content what the extension promises? One check per kind; each raises `UploadError` with a Russian reason."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable

from core.uploads.archives import inspect
from core.uploads.images import open_image
from core.uploads.kinds import CSV, DOCX, JPG, PDF, PNG, TXT, WEBP, XLSX, UploadError, UploadKind

HEAD = 1024
TAIL = 2048
MARKUP = re.compile(rb"<\s*(?:!doctype|html|script|svg|iframe|\?php|\?xml)", re.IGNORECASE)
PAGE = re.compile(rb"<\s*(?:!doctype\s+html|html|script|iframe|\?php)[\s>]", re.IGNORECASE)
ACTIVE = re.compile(rb"/(?:JavaScript|Launch)\b")
CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")
MAIN_PARTS = {
    DOCX: f"{DOCX.content_type}.main+xml",
    XLSX: f"{XLSX.content_type}.main+xml",
}

TWOFOLD = "Это два файла разных видов, склеенных в один. Сохраните документ заново и загрузите снова."
CUT = "Файл PDF обрезан или повреждён. Откройте его, сохраните заново и загрузите снова."
LIVELY = "В файле PDF есть программа (JavaScript или запуск). Распечатайте его в PDF заново и загрузите снова."
NOT_TEXT = "Это не текст. Сохраните таблицу как «CSV UTF-8 (разделитель — запятая)» или загрузите её в виде .xlsx."


def mismatch(kind: UploadKind) -> UploadError:
    return UploadError(f"По содержимому это не {kind.title}: расширение не соответствует файлу.")


def check_pdf(content: bytes, kind: UploadKind) -> None:
    """A whole PDF and nothing else. Active content is looked for in plain text only, packed objects are not opened."""
    if not content[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"%PDF-"):
        raise mismatch(kind)
    if zipfile.is_zipfile(io.BytesIO(content)) or PAGE.search(content[:HEAD]):
        raise UploadError(TWOFOLD)
    if b"%%EOF" not in content[-TAIL:]:
        raise UploadError(CUT)
    if ACTIVE.search(content):
        raise UploadError(LIVELY)


def check_office(content: bytes, kind: UploadKind) -> None:
    """A Word or Excel file that passed the guard of archives and declares the main part of its kind."""
    if b"%PDF-" in content[:HEAD]:
        raise UploadError(TWOFOLD)
    if MAIN_PARTS[kind] not in inspect(content).types:
        raise mismatch(kind)


def check_image(content: bytes, kind: UploadKind) -> None:
    """A whole image of this very format that can be drawn, with no archive, PDF or web page attached."""
    open_image(content, kind)
    if zipfile.is_zipfile(io.BytesIO(content)) or b"%PDF-" in content[:HEAD] or PAGE.search(content):
        raise UploadError(TWOFOLD)


def check_text(content: bytes, kind: UploadKind) -> None:
    """Readable text that no program would take for something else."""
    text = decode_text(content)
    beginning = text[:HEAD].lstrip()
    if CONTROL.search(text) or beginning.startswith("%PDF-") or MARKUP.match(beginning.encode()):
        raise mismatch(kind)


def decode_text(content: bytes) -> str:
    """Text in UTF-8 (with or without a mark) or in the Windows encoding; `UploadError` for anything else."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in content:
        raise UploadError(NOT_TEXT)
    for encoding in ("utf-8-sig", "cp1251"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UploadError(NOT_TEXT)


CHECKS: dict[UploadKind, Callable[[bytes, UploadKind], object]] = {
    PDF: check_pdf,
    DOCX: check_office,
    XLSX: check_office,
    JPG: check_image,
    PNG: check_image,
    WEBP: check_image,
    CSV: check_text,
    TXT: check_text,
}


def check_content(content: bytes, kind: UploadKind) -> None:
    """Raise `UploadError` unless `content` really is a harmless file of this kind."""
    CHECKS[kind](content, kind)
