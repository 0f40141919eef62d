"""The guard of Word and Excel files, which are ZIP archives: size, names, macros, links outside, DTD.

Everything is checked before any library opens the file. Sizes are counted while inflating, because headers lie.
Limits: 200 parts, 50 MB unpacked, compressed at most a hundredfold, a million XML elements.
"""

from __future__ import annotations

import io
import itertools
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.parsers import expat

from core.uploads.kinds import MB, UploadError

MAX_MEMBERS = 200
MAX_UNPACKED = 50 * MB
MAX_RATIO = 100
# Half a megabyte can hold ten million empty shared strings: half a minute and a gigabyte for the reader of tables.
MAX_ELEMENTS = 1_000_000
# Elements of a workbook that do not hold cells: styles, names and the like are ten times dearer to read.
MAX_DETAILS = 100_000
CELLS = frozenset({"row", "c", "v", "f", "is", "t", "si"})
CHUNK = 1 * MB
PIECE = 16 * 1024

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
OLD_OFFICE = b"\xd0\xcf\x11\xe0"
ENCRYPTED = 0x1
MACROS = re.compile(r"vbaproject|vbadata|/macrosheets/", re.IGNORECASE)
OUTSIDE = re.compile(r"(^|/)externallinks/", re.IGNORECASE)
PROGRAMS = re.compile(
    r"\.(exe|dll|scr|com|bat|cmd|ps1|vbs|vbe|js|jse|wsf|hta|lnk|jar|msi|zip|rar|7z|gz)$", re.IGNORECASE
)
EMBEDDED = re.compile(r"/embeddings/[^/]+\.(docx|xlsx|pptx)$", re.IGNORECASE)
LOCAL_TEMPLATE = re.compile(r"file:///[a-z]:", re.IGNORECASE)

DAMAGED = "Файл повреждён: его не удаётся прочитать. Откройте его в Word или Excel, сохраните заново и загрузите снова."
OLD = "Это файл старого Word или Excel либо файл под паролем. Снимите пароль и сохраните его как .docx или .xlsx."
LOCKED = "Файл защищён паролем. Снимите пароль и загрузите файл снова."
CROWDED = f"Внутри файла больше {MAX_MEMBERS} частей. Сохраните документ в PDF или разделите его."
HUGE = "Файл слишком сильно сжат или слишком велик внутри. Удалите лишние листы, строки и картинки и сохраните заново."
STRANGE = "Файл устроен не так, как сохраняют Word и Excel. Откройте его, сохраните заново и загрузите снова."
MACRO = "В файле есть макросы. Сохраните его без макросов: «Сохранить как», .docx или .xlsx."
STUFFED = "Внутри файла спрятан архив или программа. Удалите вложение и загрузите снова."
LINKED = (
    "Файл подгружает данные извне: связь с другим файлом, картинка из сети или удалённый шаблон. "
    "Разорвите связи и сохраните файл заново."
)
DECLARED = "Внутри файла есть объявления DTD, которых в документах Word и Excel не бывает. Сохраните его заново."


@dataclass
class Budget:
    """How many bytes may still be inflated and how many XML elements read, nested documents included."""

    left: int = field(default_factory=lambda: MAX_UNPACKED)
    elements: int = field(default_factory=lambda: MAX_ELEMENTS)
    details: int = field(default_factory=lambda: MAX_DETAILS)

    def spend(self, size: int) -> None:
        self.left -= size
        if self.left < 0:
            raise UploadError(HUGE)

    def count_element(self, tag: str) -> None:
        namespace, _, name = tag.rpartition(" ")
        self.elements -= 1
        if name not in CELLS and "spreadsheetml" in namespace:
            self.details -= 1
        if self.elements < 0 or self.details < 0:
            raise UploadError(HUGE)


@dataclass
class Package:
    """What the guard learnt of an office file: the media types its parts are declared with."""

    types: set[str] = field(default_factory=set)


def inspect(content: bytes, *, budget: Budget | None = None) -> Package:
    """Check an office file and return its declared types; raise `UploadError` for anything that must not come in.

    An office file embedded in another one is checked by the same rules within the same budget, one level deep.
    """
    nested = budget is not None
    budget = budget or Budget()
    members = directory(content)
    if sum(member.file_size for member in members) > min(MAX_UNPACKED, MAX_RATIO * len(content)):
        raise UploadError(HUGE)
    for member in members:
        check_header(member)
    package = Package()
    for member in members:
        read_member(content, member, package, budget, nested)
    return package


def directory(content: bytes) -> list[zipfile.ZipInfo]:
    """The central directory of an archive that begins at byte 0 and ends with its own end record."""
    if content.startswith(OLD_OFFICE):
        raise UploadError(OLD)
    if not content.startswith(LOCAL):
        raise UploadError(STRANGE)
    # Counted before the directory is read: a hundred thousand entries cost seconds and memory by themselves.
    if content.count(CENTRAL) > 10 * MAX_MEMBERS:
        raise UploadError(CROWDED)
    members = listing(content)
    if len(members) > MAX_MEMBERS:
        raise UploadError(CROWDED)
    if min((member.header_offset for member in members), default=0):
        raise UploadError(STRANGE)
    return members


def listing(content: bytes) -> list[zipfile.ZipInfo]:
    """The entries of the central directory; nothing may follow its end record except its own comment."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = archive.infolist()
            tail = content.rfind(END) + 22 + len(archive.comment)
    except (zipfile.BadZipFile, ValueError, struct.error, RuntimeError, OverflowError, EOFError) as error:
        raise UploadError(DAMAGED) from error
    if tail != len(content):
        raise UploadError(STRANGE)
    if len({member.filename.lower() for member in members}) != len(members):
        raise UploadError(STRANGE)
    return members


def check_header(member: zipfile.ZipInfo) -> None:
    """One entry by its header: name, password, way of packing."""
    name = member.orig_filename
    if member.flag_bits & ENCRYPTED:
        raise UploadError(LOCKED)
    if member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED}:
        raise UploadError(STRANGE)
    if "\0" in name or "\\" in name or ":" in name or name.startswith("/") or ".." in name.split("/"):
        raise UploadError(STRANGE)
    for pattern, refusal in ((MACROS, MACRO), (OUTSIDE, LINKED), (PROGRAMS, STUFFED)):
        if pattern.search(f"/{name}"):
            raise UploadError(refusal)


def read_member(content: bytes, member: zipfile.ZipInfo, package: Package, budget: Budget, nested: bool) -> None:
    """Inflate one part, counting, and look into it: XML is parsed, an embedded office file is checked in its turn."""
    chunks = counted(inflate(content, member), member.file_size, budget)
    first = beginning(chunks)
    whole = itertools.chain([first], chunks)
    if first.startswith((LOCAL, END)):
        if nested or not EMBEDDED.search(member.filename):
            raise UploadError(STUFFED)
        inspect(b"".join(whole), budget=budget)
    elif first.startswith(b"MZ"):
        raise UploadError(STUFFED)
    elif first and looks_like_xml(member.filename, first):
        read_xml(member.filename.lower(), whole, package, budget)
    else:
        for _ in whole:
            pass


def inflate(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """The unpacked bytes of an entry, in pieces, without believing the declared size."""
    start = member.header_offset
    header = content[start : start + 30]
    if len(header) < 30 or not header.startswith(LOCAL):
        raise UploadError(DAMAGED)
    start += 30 + sum(struct.unpack("<HH", header[26:30]))
    packed = memoryview(content)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
    else:
        yield from deflated(packed)


def deflated(packed: memoryview) -> Iterator[bytes]:
    """Inflate a raw deflate stream that must end exactly where its bytes end."""
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        for offset in range(0, len(packed), PIECE):
            piece = bytes(packed[offset : offset + PIECE])
            while piece:
                yield inflater.decompress(piece, CHUNK)
                piece = inflater.unconsumed_tail
        while not inflater.eof and (rest := inflater.decompress(b"", CHUNK)):
            yield rest
    except zlib.error as error:
        raise UploadError(DAMAGED) from error
    if not inflater.eof or inflater.unused_data:
        raise UploadError(DAMAGED)


def counted(chunks: Iterator[bytes], declared: int, budget: Budget) -> Iterator[bytes]:
    """Pass the chunks on while the budget lasts; the sum must be the declared size."""
    total = 0
    for chunk in chunks:
        total += len(chunk)
        budget.spend(len(chunk))
        if total > declared:
            raise UploadError(STRANGE)
        yield chunk
    if total != declared:
        raise UploadError(STRANGE)


def beginning(chunks: Iterator[bytes]) -> bytes:
    """The first bytes of a part, enough to recognise it even behind leading spaces or empty blocks."""
    first = b""
    for chunk in chunks:
        first += chunk
        if len(first.lstrip()) >= 8:
            break
    return first


def looks_like_xml(name: str, first: bytes) -> bool:
    """By the name, or by the first bytes in any encoding a reader would guess: a name alone proves nothing."""
    if name.lower().endswith((".xml", ".rels", ".vml")):
        return True
    return first.lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"<", b"\xff\xfe", b"\xfe\xff", b"\0<", b"\0\0\0<"))


def read_xml(name: str, chunks: Iterator[bytes], package: Package, budget: Budget) -> None:
    """Parse one part: no DTD anywhere; relations may not lead outside; declared types are collected."""

    def start(tag: str, attributes: dict[str, str]) -> None:
        budget.count_element(tag)
        if name.endswith(".rels"):
            check_relation(attributes)
        elif name == "[content_types].xml":
            check_type(attributes, package)

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.StartDoctypeDeclHandler = refuse_dtd
    parser.StartElementHandler = start
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, ValueError, LookupError) as error:
        # Excel itself writes notes (.vml) that are not well-formed, and nobody parses them here.
        if not name.endswith(".vml"):
            raise UploadError(DAMAGED) from error


def refuse_dtd(*_: object) -> None:
    raise UploadError(DECLARED)


def check_relation(attributes: dict[str, str]) -> None:
    """A relation to the outside may be a link to click on or the template on the author's own disk, nothing else."""
    if attributes.get("TargetMode", "").lower() != "external":
        return
    relation = attributes.get("Type", "").rpartition("/")[2]
    own_template = relation == "attachedTemplate" and LOCAL_TEMPLATE.match(attributes.get("Target", ""))
    if relation != "hyperlink" and not own_template:
        raise UploadError(LINKED)


def check_type(attributes: dict[str, str], package: Package) -> None:
    """Remember a declared media type; a type that carries macros is refused."""
    declared = attributes.get("ContentType", "")
    if re.search("macroenabled|vbaproject", declared, re.IGNORECASE):
        raise UploadError(MACRO)
    package.types.add(declared)
