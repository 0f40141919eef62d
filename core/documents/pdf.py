"""Prints blocks as a PDF/A-2a: WeasyPrint behind one lock, with our own fonts and nothing else to fetch."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from pathlib import Path
from threading import Lock
from typing import Any

from django.template.loader import render_to_string
from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from core.documents.page import PageSetup
from core.documents.parts import Block

# What Word calls single spacing of this face, as a multiple of its size.
SINGLE_LINE = 1.15
FONT_FOLDER = Path(__file__).with_name("fonts")
FONTS = {f"document-font:{path.name}": path for path in sorted(FONT_FOLDER.glob("*.ttf"))}

# Pango breaks down when threads share a FontConfiguration, and a private one for each document costs a third more.
_one_at_a_time = Lock()


class OwnFilesOnly(URLFetcher):
    """Gives the bundled fonts and data: addresses; any other address, of a file or of a network, is refused."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=frozenset({"data"}), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        if url in FONTS:
            return URLFetcherResponse(url, FONTS[url].read_bytes(), {"Content-Type": "font/ttf"})
        return super().fetch(url, headers)


def to_pdf(blocks: Iterable[Block], setup: PageSetup) -> bytes:
    """The document as a tagged PDF/A-2a file; the same blocks and setup give the same bytes.

    Takes 50 ms for a page of text and about 12 ms for a row of a wide table; documents wait for one another.
    """
    html = render_to_string(
        "core/documents/pdf.html",
        {
            "blocks": list(blocks),
            "setup": setup,
            "single_line": SINGLE_LINE,
            "line_height": round(SINGLE_LINE * setup.line_spacing, 3),
        },
    )
    return print_html(html)


def print_html(html: str) -> bytes:
    """A whole page of one of our own templates, its style inside, as PDF/A-2a; pages wait for one another."""
    with _one_at_a_time:
        try:
            return _print(html)
        except FileNotFoundError:
            # A cleaner of temporary files has taken the copies of the fonts that the engine keeps there.
            _fonts.cache_clear()
            return _print(html)


@cache
def _fonts() -> FontConfiguration:
    return FontConfiguration()


def _print(html: str) -> bytes:
    document: Any = HTML(string=html, url_fetcher=OwnFilesOnly())
    return document.write_pdf(font_config=_fonts(), pdf_variant="pdf/a-2a", presentational_hints=True)
