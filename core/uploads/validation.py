"""The gate for files from outside: size, name, extension and content must all be right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.exceptions import ValidationError
from django.core.files.base import File

from core.uploads.contents import check_content
from core.uploads.kinds import MAX_BYTES, SCANS, UploadError, UploadKind, accepted_words, megabytes
from core.uploads.names import extension_of, is_disguised, safe_name

ADVICE = {
    "doc": "Откройте документ в Word и сохраните его как .docx.",
    "docm": "Сохраните документ без макросов, как .docx.",
    "xls": "Откройте таблицу в Excel и сохраните её как .xlsx.",
    "xlsm": "Сохраните таблицу без макросов, как .xlsx.",
    "odt": "Сохраните документ как .docx или PDF.",
    "ods": "Сохраните таблицу как .xlsx.",
    "rtf": "Сохраните документ как .docx или PDF.",
    "heic": "Сохраните снимок как JPG.",
    "zip": "Загрузите сам документ, без архива.",
    "rar": "Загрузите сам документ, без архива.",
    "7z": "Загрузите сам документ, без архива.",
}


def validate_upload(file: File[bytes], *, kinds: Sequence[UploadKind] = SCANS, max_bytes: int = MAX_BYTES) -> None:
    """Let a file of one of the `kinds` and at most `max_bytes` pass; raise `ValidationError` for any other.

    The sentence says what is wrong and what is accepted. A file that passed is left rewound.
    """
    with refusing(kinds, max_bytes):
        kind = kind_by_name(str(file.name or ""), kinds)
        check_content(read_within(file, max_bytes), kind)
    file.seek(0)


@contextmanager
def refusing(kinds: Sequence[UploadKind], max_bytes: int = MAX_BYTES) -> Iterator[None]:
    """Turn a refusal into a `ValidationError` that also says what is accepted."""
    try:
        yield
    except UploadError as refusal:
        words = f"{refusal} Подойдёт файл {accepted_words(kinds, max_bytes)}."
        raise ValidationError(words, code="upload") from refusal


def kind_by_name(name: str, kinds: Sequence[UploadKind]) -> UploadKind:
    """The kind that the extension promises, one of the accepted ones."""
    if is_disguised(name):
        raise UploadError("В имени файла есть скрытые знаки. Переименуйте файл.")
    extension = extension_of(safe_name(name))
    if not extension:
        raise UploadError("У имени файла нет расширения, поэтому неясно, что это за файл.")
    for kind in kinds:
        if extension in kind.extensions:
            return kind
    advice = f" {ADVICE[extension]}" if extension in ADVICE else ""
    raise UploadError(f"Файлы .{extension[:10]} здесь не принимаются.{advice}")


def read_within(file: File[bytes], max_bytes: int) -> bytes:
    """The whole content, never more than the limit: the announced size is not believed."""
    file.seek(0)
    content = file.read(max_bytes + 1)
    if not content:
        raise UploadError("Файл пустой. Проверьте его и загрузите снова.")
    if len(content) > max_bytes:
        raise UploadError(f"Файл больше {megabytes(max_bytes)}. Уменьшите его или разделите на части.")
    return content
