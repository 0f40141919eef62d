"""Names of files that came from outside: read carefully, kept only in a harmless form."""

from __future__ import annotations

import unicodedata

from core.uploads.kinds import EXTENSIONS, UploadKind

NAMELESS = "файл"
LONGEST = 120  # characters; 240 bytes in Cyrillic, below the 255 of every file system
HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
RESERVED = frozenset('<>:"|?*')
# Characters that turn the writing direction: «отчёт[RLO]fdp.exe» would be read as «отчётexe.pdf».
DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def safe_name(name: str) -> str:
    """The last part of a path without control, hidden or reserved characters, at most 120 long, extension kept."""
    last = unicodedata.normalize("NFC", name).replace("\\", "/").rsplit("/", 1)[-1]
    visible = "".join(sign for sign in last if unicodedata.category(sign) not in HIDDEN and sign not in RESERVED)
    tidy = " ".join(visible.split()).strip(" .")
    if len(tidy) <= LONGEST:
        return tidy or NAMELESS
    extension = extension_of(tidy)
    if not extension or len(extension) > 10:
        return tidy[:LONGEST]
    return f"{tidy[: LONGEST - len(extension) - 1]}.{extension}"


def extension_of(name: str) -> str:
    """What follows the last dot, lower-case; empty when there is no dot or nothing before it."""
    stem, dot, extension = name.rpartition(".")
    return extension.strip().lower() if stem and dot else ""


def is_disguised(name: str) -> bool:
    """The name hides what the file is: control characters (NUL among them) or a turned writing direction."""
    return any(sign in DIRECTIONS or unicodedata.category(sign) == "Cc" for sign in name)


def kind_of(name: str) -> UploadKind | None:
    """The kind a stored file's name speaks of, or nothing: for serving what has already been checked."""
    return EXTENSIONS.get(extension_of(name))
