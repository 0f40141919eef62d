"""The text of a local act as lines: which are headings, what a section holds, numbers put in order. No database."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

# A numbered line without a full stop at its end: the name of a section.
HEADING = re.compile(r"(?:\d+|[IVX]+)\.\s+[^.;:]{1,120}")
# «2.», «2.3.» or «2.3.1.» before the words of a line.
NUMBERED = re.compile(r"(\d+(?:\.\d+){0,2})\.\s+(.*)")


@dataclass
class Section:
    """A heading and the lines under it; the lines before the first heading have a section without one."""

    heading: str = ""
    lines: list[str] = field(default_factory=list)

    @property
    def title(self) -> str:
        return self.heading or "Начало документа"

    @property
    def all_lines(self) -> list[str]:
        return [self.heading, *self.lines] if self.heading else self.lines


def lines_of(text: str) -> list[str]:
    """Lines with words, without the white space around them."""
    return [line for line in (raw.strip() for raw in text.splitlines()) if line]


def is_heading(line: str) -> bool:
    """«1. Общие положения» is a heading, «1.1. …» and «1. Сделать.» are not."""
    return bool(HEADING.fullmatch(line))


def sections_of(text: str) -> list[Section]:
    """The text cut before every heading."""
    found: list[Section] = []
    for line in lines_of(text):
        if is_heading(line):
            found.append(Section(line))
            continue
        if not found:
            found.append(Section())
        found[-1].lines.append(line)
    return found


def with_section(text: str, place: int, lines: Sequence[str]) -> str:
    """The text with other lines in the section of that place (from 0); no lines take the section out."""
    parts: list[Iterable[str]] = [section.all_lines for section in sections_of(text)]
    parts[place] = lines
    return "\n".join(line for part in parts for line in part)


def renumbered(text: str) -> str:
    """Sections and clauses numbered anew in their order; lines without a number and Roman numbers stay."""
    found: list[str] = []
    section = clause = item = 0
    for line in lines_of(text):
        matched = NUMBERED.fullmatch(line)
        depth = matched[1].count(".") if matched else 0
        if is_heading(line):
            section, clause, item = section + 1, 0, 0
            line = f"{section}. {matched[2]}" if matched else line
        elif matched and section and depth == 1:
            clause, item = clause + 1, 0
            line = f"{section}.{clause}. {matched[2]}"
        elif matched and section and depth == 2:
            item += 1
            line = f"{section}.{clause}.{item}. {matched[2]}"
        found.append(line)
    return "\n".join(found)
