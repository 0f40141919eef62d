"""Slips to cut out and hand over one by one: several on an A4 page, with dashed lines to cut along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string

from core.documents.markup import printable
from core.documents.pdf import print_html
from core.documents.pictures import code_png, data_uri

ON_A_PAGE = 4


@dataclass(frozen=True)
class Slip:
    """One slip: who gives it out, what it is, whom it is for, what stands large, what to do, where to go.

    `facts` are pairs of a caption and a value, `address` is printed below its square code `link`.
    """

    head: str
    title: str
    name: str
    large: str
    facts: tuple[tuple[str, str], ...]
    text: str
    address: str
    link: str

    @property
    def picture(self) -> str:
        return data_uri(code_png(self.link))


def slips_pdf(slips: Sequence[Slip], *, title: str, author: str) -> bytes:
    """All slips as one PDF/A-2a, four to a page; about 60 ms a page."""
    pages = [slips[start : start + ON_A_PAGE] for start in range(0, len(slips), ON_A_PAGE)]
    context = {"pages": pages, "title": printable(title), "author": printable(author)}
    return print_html(render_to_string("core/documents/slips.html", context))
