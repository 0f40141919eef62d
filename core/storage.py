"""Where uploaded and produced files are kept: closed to the web, under random names, written whole or not at all."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import IO, Any

from django.core.files.base import File
from django.core.files.storage import FileSystemStorage
from django.db import models
from django.http import FileResponse, Http404

from core.uploads.kinds import EXTENSIONS, IMAGES, PDF
from core.uploads.names import extension_of, kind_of, safe_name

OWNER_ONLY = 0o600
OWNER_ONLY_DIRECTORY = 0o700
SHOWN_IN_PLACE = {PDF.content_type, *(kind.content_type for kind in IMAGES)}


class NoAddressError(AttributeError):
    """A private file was asked for its URL.

    An AttributeError, so that Django's own file widgets take it for "no link" instead of failing.
    """


class PrivateStorage(FileSystemStorage):
    """Files under `MEDIA_ROOT` that no URL leads to; a view checks the right and answers with `private_response`.

    A file appears under its name only when it is whole and on the disk: temporary file, fsync, rename. A file that a
    crash left unfinished stays as a hidden «.….part» and is never served.
    """

    def __init__(self, location: str | os.PathLike[str] | None = None) -> None:
        super().__init__(
            location=location,
            file_permissions_mode=OWNER_ONLY,
            directory_permissions_mode=OWNER_ONLY_DIRECTORY,
        )

    def url(self, name: str | None) -> str:
        raise NoAddressError("У закрытого файла нет адреса: его отдаёт представление, через private_response.")

    def _save(self, name: str, content: File[Any]) -> str:
        target = Path(self.path(name))
        target.parent.mkdir(mode=OWNER_ONLY_DIRECTORY, parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
        try:
            write_whole(descriptor, content)
            os.replace(temporary, target)
        except BaseException:  # whatever stopped the writing, nothing half-written may stay
            Path(temporary).unlink(missing_ok=True)
            raise
        sync_directory(target.parent)
        return name.replace("\\", "/")


def write_whole(descriptor: int, content: File[Any]) -> None:
    """Write all chunks and wait until they are on the disk."""
    with os.fdopen(descriptor, "wb") as out:
        os.fchmod(descriptor, OWNER_ONLY)
        for chunk in content.chunks():
            out.write(chunk)
        out.flush()
        os.fsync(descriptor)


def sync_directory(directory: Path) -> None:
    """Make the rename itself survive a power cut."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def random_name(instance: models.Model | None, filename: str) -> str:
    """An unguessable name for `upload_to`: «3f/3f9c….pdf»; of the given name only an accepted extension is kept."""
    name = secrets.token_hex(16)
    extension = extension_of(safe_name(filename))
    suffix = f".{extension}" if extension in EXTENSIONS else ""
    return f"{name[:2]}/{name}{suffix}"


def brought_response(file: File[Any] | None, name: str, *, inline: bool = False) -> FileResponse:
    """Answer with a file that somebody has brought, of the kind that its name tells; 404 where there is none."""
    kind = kind_of(name) if file else None
    if file is None or kind is None:
        raise Http404
    return private_response(file, filename=name, content_type=kind.content_type, inline=inline)


def private_response(
    file: File[Any] | IO[bytes], *, filename: str, content_type: str, inline: bool = False
) -> FileResponse:
    """Answer with a private file under the name people know; the caller has asked the permission.

    Sent as an attachment; `inline` shows it in the browser, which only PDF and pictures may. Never cached. A file
    that is recorded but absent from the disk is a 404.
    """
    try:
        file.open() if isinstance(file, File) else file.seek(0)
    except FileNotFoundError as error:
        raise Http404("Файл записан в портале, но в хранилище его нет. Загрузите его заново.") from error
    response = FileResponse(
        file,
        as_attachment=not (inline and content_type in SHOWN_IN_PLACE),
        filename=safe_name(filename),
        content_type=content_type,
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
