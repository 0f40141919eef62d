"""The restricted HTML of documents: the list of all it may contain, and a reader into a small checked tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

INLINE = frozenset({"#text", "strong", "b", "em", "i", "br"})
SIDES = frozenset({"left", "center", "right"})

# What may stand in what. A `div`, `span` or `hr` is known by its class; a `p` of an acquaintance sheet is a row of it.
CONTENT: dict[str, frozenset[str]] = {
    "document": frozenset({"header", "h1", "h2", "h3", "p", "ol", "ul", "table", "hr.page"})
    | {"div.requisites", "div.signature", "div.stamp", "div.acquaintance"},
    "header": INLINE | {"p"},
    "h1": INLINE,
    "h2": INLINE,
    "h3": INLINE,
    "p": INLINE,
    "ol": frozenset({"li"}),
    "ul": frozenset({"li"}),
    "li": INLINE | {"ol", "ul"},
    "table": frozenset({"colgroup", "thead", "tbody", "tr"}),
    "colgroup": frozenset({"col"}),
    "thead": frozenset({"tr"}),
    "tbody": frozenset({"tr"}),
    "tr": frozenset({"th", "td"}),
    "th": INLINE,
    "td": INLINE,
    "div.requisites": frozenset({"span.date", "span.number", "span.place"}),
    "div.signature": frozenset({"span.post", "span.name"}),
    "div.stamp": INLINE | {"p", "div.mark"},
    "div.mark": INLINE | {"p"},
    "div.acquaintance": frozenset({"h3", "row"}),
    "row": INLINE | {"span.date", "span.name"},
    "span.date": INLINE,
    "span.number": INLINE,
    "span.place": INLINE,
    "span.post": INLINE,
    "span.name": INLINE,
    "strong": INLINE,
    "b": INLINE,
    "em": INLINE,
    "i": INLINE,
    "br": frozenset(),
    "hr.page": frozenset(),
    "col": frozenset(),
}
CLASSES: dict[str, frozenset[str]] = {
    "h1": SIDES,
    "h2": SIDES,
    "h3": SIDES,
    "p": SIDES | {"justify", "lead", "spaced", "small", "keep"},
    "table": frozenset({"small", "fine"}),
    "th": SIDES,
    "td": SIDES,
}
ATTRIBUTES: dict[str, frozenset[str]] = {
    "li": frozenset({"data-number"}),
    "col": frozenset({"width"}),
    "th": frozenset({"colspan"}),
    "td": frozenset({"colspan"}),
}
TAGS = {name.partition(".")[0] for name in CONTENT} - {"document", "row"}
VOID = frozenset({"br", "hr", "col"})
NAMED_BY_CLASS = frozenset({"div", "span", "hr"})

# Not printable, not allowed in XML, or able to turn the order of letters round: control characters, lone surrogates,
# non-characters, marks of direction.
UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufeff\ufffe\uffff\u202a-\u202e\u2066-\u2069]"
)
# The squares of a form to fill in, by the ones that every text face has.
SQUARES = str.maketrans({"☐": "□", "☑": "■", "☒": "■"})
# No language has such words, and a line breaker takes time by the square of their length.
ENDLESS_WORD = re.compile(r"\S{200,}")
ENDLESS_WORD_PIECE = re.compile(r"\S{1,20}")
ZERO_WIDTH_SPACE = "\u200b"


class UnknownMarkup(ValueError):  # noqa: N818 - named as it is spoken of, like Refused
    """The document contains something that is not in the list; the message names it and the line it stands in."""


@dataclass(eq=False)
class Element:
    """A checked piece of the tree; `name` is a key of CONTENT, `classes` and `attributes` are allowed for it."""

    name: str
    tag: str = ""
    line: int = 0
    classes: frozenset[str] = frozenset()
    attributes: dict[str, str] = field(default_factory=dict)
    children: list[Element | str] = field(default_factory=list)

    @property
    def elements(self) -> list[Element]:
        return [child for child in self.children if isinstance(child, Element)]

    def first(self, name: str) -> Element | None:
        return next((child for child in self.elements if child.name == name), None)


def printable(text: str) -> str:
    """`text` without the characters that no document may contain, and with endless words made breakable."""
    return ENDLESS_WORD.sub(_breakable, UNPRINTABLE.sub("", text).translate(SQUARES))


def _breakable(word: re.Match[str]) -> str:
    return ZERO_WIDTH_SPACE.join(ENDLESS_WORD_PIECE.findall(word[0]))


def read_tree(html: str) -> Element:
    """Read the markup of a whole document; entities are decoded. Raises `UnknownMarkup`."""
    reader = _Reader()
    reader.feed(UNPRINTABLE.sub("", html))
    reader.close()
    if len(reader.open) > 1:
        unclosed = reader.open[-1]
        raise UnknownMarkup(f"Line {unclosed.line}: <{unclosed.tag}> is never closed.")
    return reader.open[0]


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open = [Element("document")]

    def refuse(self, reason: str) -> UnknownMarkup:
        return UnknownMarkup(f"Line {self.getpos()[0]}: {reason}")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        parent = self.open[-1]
        attributes = {name: value or "" for name, value in attrs}
        classes = frozenset(attributes.pop("class", "").split())
        name = self.name_of(tag, classes, parent)
        if tag in NAMED_BY_CLASS:
            classes = frozenset()
        if strange := sorted(classes - CLASSES.get(name, frozenset())):
            raise self.refuse(f"class {' '.join(strange)!r} is not known for <{tag}>.")
        if strange := sorted(attributes.keys() - ATTRIBUTES.get(name, frozenset())):
            raise self.refuse(f"attribute {' '.join(strange)!r} is not known for <{tag}>.")
        element = Element(name, tag, self.getpos()[0], classes, attributes)
        parent.children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def name_of(self, tag: str, classes: frozenset[str], parent: Element) -> str:
        named = tag in NAMED_BY_CLASS
        name = f"{tag}.{'.'.join(sorted(classes))}" if named else tag
        if tag not in TAGS or name not in CONTENT:
            shown = f'{tag} class="{" ".join(sorted(classes))}"' if named else tag
            raise self.refuse(f"<{shown}> is not known in documents.")
        if (parent.name, name) == ("div.acquaintance", "p"):
            name = "row"
        if name not in CONTENT[parent.name]:
            raise self.refuse(f"<{tag}> has no place in {_shown(parent)}.")
        return name

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if self.open[-1].tag != tag:
            raise self.refuse(f"</{tag}> closes nothing: {_shown(self.open[-1])} is open.")
        self.open.pop()

    def handle_data(self, data: str) -> None:
        parent = self.open[-1]
        if "#text" in CONTENT[parent.name]:
            parent.children.append(printable(data))
        elif data.strip():
            raise self.refuse(f"text {data.strip()[:40]!r} has no place in {_shown(parent)}.")

    def handle_decl(self, decl: str) -> None:
        raise self.refuse(f"<!{decl[:20]}> is not known in documents.")

    def handle_pi(self, data: str) -> None:
        raise self.refuse(f"<?{data[:20]}> is not known in documents.")

    def unknown_decl(self, data: str) -> None:
        raise self.refuse(f"<![{data[:20]}]> is not known in documents.")


def _shown(element: Element) -> str:
    return f"<{element.tag}>" if element.tag else "the document itself"
