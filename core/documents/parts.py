"""What a document consists of: the kinds of blocks, each of which knows the words it prints."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

# The captions over the three places of an acquaintance row.
ACQUAINTANCE_CAPTIONS = ("дата", "подпись", "инициалы, фамилия")


@dataclass(frozen=True)
class Run:
    """Words of one face; a line feed inside is a line break of the document."""

    text: str
    bold: bool = False
    italic: bool = False


Inline = tuple[Run, ...]


def _text(runs: Inline) -> str:
    return "".join(run.text for run in runs)


@dataclass(frozen=True)
class Letterhead:
    """Who issues the paper: centred lines over a thin rule."""

    lines: tuple[Inline, ...]
    kind: ClassVar = "letterhead"
    part: ClassVar = "head"

    @property
    def text(self) -> str:
        return "\n".join(map(_text, self.lines))


@dataclass(frozen=True)
class Requisites:
    """Date on the left, number on the right, place below in the middle."""

    date: Inline
    number: Inline
    place: Inline
    kind: ClassVar = "requisites"
    part: ClassVar = "head"

    @property
    def text(self) -> str:
        return f"{_text(self.date)} {_text(self.number)}\n{_text(self.place)}".strip()


@dataclass(frozen=True)
class Heading:
    """Level 1 is the name of the kind of paper, 2 what the paper is about, 3 a heading inside the text."""

    level: int
    runs: Inline
    align: str
    kind: ClassVar = "heading"
    part: ClassVar = "head"

    @property
    def text(self) -> str:
        return _text(self.runs)


@dataclass(frozen=True)
class Paragraph:
    """Running text; `keep` holds it on the page of what follows, `spaced` letter-spaces it."""

    runs: Inline
    align: str = "justify"
    indented: bool = True
    spaced: bool = False
    small: bool = False
    keep: bool = False
    kind: ClassVar = "paragraph"
    part: ClassVar = "body"

    @property
    def text(self) -> str:
        return _text(self.runs)


@dataclass(frozen=True)
class Item:
    """A clause with its number already worked out («2.1.»), or a dash; `level` counts from 1."""

    marker: str
    level: int
    runs: Inline
    keep: bool = False
    kind: ClassVar = "item"
    part: ClassVar = "body"

    @property
    def text(self) -> str:
        return f"{self.marker} {_text(self.runs)}"


@dataclass(frozen=True)
class Cell:
    """`span` is the number of columns it takes."""

    runs: Inline
    align: str
    header: bool
    span: int = 1


Row = tuple[Cell, ...]


@dataclass(frozen=True)
class Table:
    """`widths` are percent of the text width and add up to 100; `head` is repeated on every page.

    `fine` is the print of wide forms of a dozen columns and more, smaller than `small`.
    """

    widths: tuple[float, ...]
    head: tuple[Row, ...]
    body: tuple[Row, ...]
    small: bool = False
    fine: bool = False
    kind: ClassVar = "table"
    part: ClassVar = "body"

    @property
    def text(self) -> str:
        return "\n".join(" ".join(_text(cell.runs) for cell in row) for row in self.head + self.body)


@dataclass(frozen=True)
class Signature:
    """Post on the left, a line to sign on, name on the right."""

    post: Inline
    name: Inline
    kind: ClassVar = "signature"
    part: ClassVar = "foot"

    @property
    def text(self) -> str:
        return f"{_text(self.post)} {_text(self.name)}"


@dataclass(frozen=True)
class Stamp:
    """«УТВЕРЖДЕНО» and the like: lines on the right of the sheet, agreement marks one under another on the left."""

    lines: tuple[Inline, ...]
    marks: tuple[tuple[Inline, ...], ...] = ()
    kind: ClassVar = "stamp"
    part: ClassVar = "head"

    @property
    def text(self) -> str:
        return "\n".join(_text(line) for lines in (*self.marks, self.lines) for line in lines)


@dataclass(frozen=True)
class Acquainted:
    """One person of the acquaintance sheet; an empty date is a line to write it on."""

    date: Inline
    name: Inline


@dataclass(frozen=True)
class Acquaintance:
    """Who has read the paper: a row of date, signature and name for each."""

    caption: Inline
    rows: tuple[Acquainted, ...]
    kind: ClassVar = "acquaintance"
    part: ClassVar = "foot"

    @property
    def captions(self) -> tuple[str, str, str]:
        return ACQUAINTANCE_CAPTIONS

    @property
    def text(self) -> str:
        rows = [f"{_text(row.date)} {_text(row.name)}".strip() for row in self.rows]
        return "\n".join([_text(self.caption), " ".join(self.captions), *rows])


@dataclass(frozen=True)
class PageBreak:
    """What follows starts on a new page."""

    kind: ClassVar = "break"
    part: ClassVar = "break"
    text: ClassVar = ""


Block = Letterhead | Requisites | Heading | Paragraph | Item | Table | Signature | Stamp | Acquaintance | PageBreak
