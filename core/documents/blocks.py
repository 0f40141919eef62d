"""Reads the restricted HTML of a document into the list of blocks that every renderer prints alike."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from core.documents.markup import ZERO_WIDTH_SPACE, Element, UnknownMarkup, printable, read_tree
from core.documents.parts import (
    Acquaintance,
    Acquainted,
    Block,
    Cell,
    Heading,
    Inline,
    Item,
    Letterhead,
    PageBreak,
    Paragraph,
    Requisites,
    Row,
    Run,
    Signature,
    Stamp,
    Table,
)

DASH = "–"
SPACES = re.compile("[ \t\n\r\f\u2028\u2029]+")
DECIMAL = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,6})*)\.?")
NBSP = "\u00a0"
# «№ 5», «§ 3», «И. О. Фамилия», «2026 г.»: never torn apart by the end of a line.
INSEPARABLE = re.compile(r"(?<=[№§]) | (?=гг?\.)(?<=[0-9] )|(?<=\b[А-ЯЁ]\.) (?=[А-ЯЁ])")
BODIES = ("tbody", "tr")
SIDES = ("left", "center", "right", "justify")


def read_blocks(html: str) -> list[Block]:
    """Read a document written in the markup of `core.documents.markup`; values in it are already escaped.

    Empty paragraphs and items vanish, so a template may leave a value out. Raises `UnknownMarkup` with a line number.
    """
    blocks: list[Block] = []
    for element in read_tree(html).elements:
        blocks.extend(_READERS[element.name](element))
    return list(_kept_with_signatures(_without_idle_breaks(blocks)))


def plain_text(blocks: Iterable[Block]) -> str:
    """The words of the document in their order, with ordinary spaces: what PDF and DOCX both say."""
    words = "\n".join(block.text for block in blocks if block.text)
    return words.replace(NBSP, " ").replace(ZERO_WIDTH_SPACE, "")


def _without_idle_breaks(blocks: list[Block]) -> Iterator[Block]:
    """A break before the first words, after the last or after another break would only print an empty page."""
    waiting: PageBreak | None = None
    started = False
    for block in blocks:
        if isinstance(block, PageBreak):
            waiting = block if started else None
            continue
        if waiting:
            yield waiting
        waiting, started = None, True
        yield block


def _kept_with_signatures(blocks: Iterable[Block]) -> Iterator[Block]:
    """A signature never stands alone on a page: the words before it go with it."""
    for block, following in pairwise([*blocks, None]):
        if isinstance(block, Paragraph | Item) and isinstance(following, Signature):
            yield replace(block, keep=True)
        elif block is not None:
            yield block


def _runs(children: Iterable[Element | str]) -> Inline:
    """Inline content with its white space folded as a browser folds it."""
    runs: list[Run] = []
    for run in _flattened(children, bold=False, italic=False):
        at_line_start = not runs or runs[-1].text[-1:] in (" ", "\n")
        text = run.text.lstrip(" ") if at_line_start else run.text
        if text == "\n" and runs:
            runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" "))
        if not text or (text == "\n" and not runs):
            continue
        if runs and (runs[-1].bold, runs[-1].italic) == (run.bold, run.italic):
            runs[-1] = replace(runs[-1], text=runs[-1].text + text)
        else:
            runs.append(replace(run, text=text))
    if runs:
        runs[-1] = replace(runs[-1], text=runs[-1].text.rstrip(" \n"))
    return tuple(replace(run, text=INSEPARABLE.sub(NBSP, run.text)) for run in runs if run.text)


def _flattened(children: Iterable[Element | str], *, bold: bool, italic: bool) -> Iterator[Run]:
    for child in children:
        if isinstance(child, str):
            yield Run(SPACES.sub(" ", child), bold, italic)
        elif child.name == "br":
            yield Run("\n", bold, italic)
        else:
            stronger, slanted = bold or child.name in ("strong", "b"), italic or child.name in ("em", "i")
            yield from _flattened(child.children, bold=stronger, italic=slanted)


def _lines(element: Element) -> tuple[Inline, ...]:
    """One line per paragraph and per line break; empty ones are left out."""
    lines: list[list[Element | str]] = [[]]
    for child in element.children:
        if isinstance(child, Element) and child.name == "p":
            lines += [list(child.children), []]
        elif isinstance(child, Element) and child.name == "br":
            lines.append([])
        else:
            lines[-1].append(child)
    return tuple(filter(None, map(_runs, lines)))


def _align(element: Element, default: str) -> str:
    chosen = [side for side in SIDES if side in element.classes]
    if len(chosen) > 1:
        raise UnknownMarkup(f"Line {element.line}: <{element.tag}> is both {' and '.join(chosen)}.")
    return chosen[0] if chosen else default


def _part(element: Element, name: str) -> Inline:
    part = element.first(name)
    return _runs(part.children) if part else ()


def _read_heading(element: Element) -> Iterator[Block]:
    runs = _runs(element.children)
    if runs:
        yield Heading(int(element.tag[1]), runs, _align(element, "center" if element.tag == "h1" else "left"))


def _read_paragraph(element: Element) -> Iterator[Block]:
    runs, align, spaced = _runs(element.children), _align(element, "justify"), "spaced" in element.classes
    indented = align in ("justify", "left") and not spaced and "lead" not in element.classes
    if runs:
        yield Paragraph(runs, align, indented, spaced, "small" in element.classes, spaced or "keep" in element.classes)


def _read_list(element: Element, prefix: str = "", level: int = 1) -> Iterator[Block]:
    count = 0
    for li in element.elements:
        lists = [child for child in li.elements if child.name in ("ol", "ul")]
        own = _runs(child for child in li.children if child not in lists)
        if not own and not lists:
            continue
        after = li.children[li.children.index(lists[0]) :] if lists else []
        if _runs(child for child in after if child not in lists):
            raise UnknownMarkup(f"Line {li.line}: words of <li> stand after the list inside it.")
        marker, inner, count = _numbered(li, prefix, count) if element.name == "ol" else (DASH, "", count)
        yield Item(marker, level, own)
        for nested in lists:
            yield from _read_list(nested, inner, level + 1)


def _numbered(li: Element, prefix: str, count: int) -> tuple[str, str, int]:
    """The printed number, what the numbers inside it begin with, and the number to count on from."""
    given = printable(li.attributes.get("data-number", "")).strip()
    if not given:
        return f"{prefix}{count + 1}.", f"{prefix}{count + 1}.", count + 1
    decimal = DECIMAL.fullmatch(given)
    if not decimal:
        return given, "", count + 1
    number = decimal[1]
    return f"{number}.", f"{number}.", int(number.rpartition(".")[2])


def _read_table(element: Element) -> Iterator[Block]:
    head = [_row(tr) for group in element.elements if group.name == "thead" for tr in group.elements]
    loose = [[child] if child.name == "tr" else child.elements for child in element.elements if child.name in BODIES]
    body = [_row(tr) for rows in loose for tr in rows]
    if not head and not body:
        return
    columns = [col for group in element.elements if group.name == "colgroup" for col in group.elements]
    taken = [sum(cell.span for cell in row) for row in head + body]
    count = len(columns) or taken[0]
    if wrong := [columns_taken for columns_taken in taken if columns_taken != count]:
        raise UnknownMarkup(f"Line {element.line}: a row of <table> has {wrong[0]} columns, not {count}.")
    small, fine = "small" in element.classes, "fine" in element.classes
    yield Table(_widths(columns, count), tuple(head), tuple(body), small, fine)


def _row(tr: Element) -> Row:
    return tuple(_cell(element) for element in tr.elements)


def _cell(element: Element) -> Cell:
    header = element.name == "th"
    span = element.attributes.get("colspan", "1")
    if not re.fullmatch("[1-9][0-9]?", span):
        raise UnknownMarkup(f"Line {element.line}: colspan must be 1 to 99, not {span!r}.")
    return Cell(_runs(element.children), _align(element, "center" if header else "left"), header, int(span))


def _widths(columns: list[Element], count: int) -> tuple[float, ...]:
    """Percent of each column; without any the columns are equal, and what does not add up to 100 is scaled."""
    given = [column.attributes.get("width", "") for column in columns] or ["1"] * count
    if not any(given):
        given = ["1"] * count
    for column, width in zip(columns, given, strict=False):
        if not re.fullmatch(r"[0-9]{1,3}(\.[0-9]{1,3})?%?", width) or not float(width.rstrip("%")):
            raise UnknownMarkup(f"Line {column.line}: width of <col> must be percent, like 25%, not {width!r}.")
    shares = [float(width.rstrip("%")) for width in given]
    return tuple(round(100 * share / sum(shares), 3) for share in shares)


def _read_stamp(element: Element) -> Iterator[Block]:
    marks = [child for child in element.elements if child.name == "div.mark"]
    element.children = [child for child in element.children if child not in marks]
    lines, beside = _lines(element), tuple(filter(None, map(_lines, marks)))
    if lines or beside:
        yield Stamp(lines, beside)


def _read_acquaintance(element: Element) -> Iterator[Block]:
    people = tuple(_acquainted(row) for row in element.elements if row.name == "row")
    if any(person.name for person in people):
        yield Acquaintance(_part(element, "h3"), tuple(person for person in people if person.name))


def _acquainted(row: Element) -> Acquainted:
    loose = [child for child in row.children if isinstance(child, str) or not child.name.startswith("span.")]
    return Acquainted(_part(row, "span.date"), _part(row, "span.name") or _runs(loose))


_READERS: dict[str, Callable[[Element], Iterable[Block]]] = {
    "header": lambda element: [Letterhead(lines)] if (lines := _lines(element)) else [],
    "h1": _read_heading,
    "h2": _read_heading,
    "h3": _read_heading,
    "p": _read_paragraph,
    "ol": _read_list,
    "ul": _read_list,
    "table": _read_table,
    "hr.page": lambda element: [PageBreak()],
    "div.requisites": lambda element: [
        Requisites(_part(element, "span.date"), _part(element, "span.number"), _part(element, "span.place"))
    ],
    "div.signature": lambda element: [Signature(_part(element, "span.post"), _part(element, "span.name"))],
    "div.stamp": _read_stamp,
    "div.acquaintance": _read_acquaintance,
}
