"""The sheet a document is printed on: margins, size of type, spacing, and what the file says about itself."""

from __future__ import annotations

from dataclasses import dataclass

from core.documents.markup import printable
from core.documents.pictures import code_png, data_uri

A4_MM = (210.0, 297.0)
SMALLEST_TEXT_MM = 80.0


@dataclass(frozen=True)
class PageSetup:
    """An A4 sheet as GOST R 7.0.97-2025 lays it out; the wide left margin is for papers kept ten years and longer.

    Lengths in millimetres, type in points, `line_spacing` in single lines. `draft` is a word («ПРОЕКТ») printed over
    every page of a preview and never part of the text. `code` is an address printed as a square code in the lower
    right corner of the first sheet, `emblem` a PNG or JPEG over the head; neither adds a word to the text.
    `several`: every page break begins another paper; no numbers of pages, the emblem over the head of each.
    Raises ValueError on a sheet that nothing fits on.
    """

    left_mm: float = 30
    right_mm: float = 10
    top_mm: float = 20
    bottom_mm: float = 20
    font_size_pt: float = 14
    line_spacing: float = 1.15
    first_line_mm: float = 12.5
    landscape: bool = False
    title: str = ""
    author: str = ""
    language: str = "ru"
    draft: str = ""
    code: str = ""
    emblem: bytes = b""
    several: bool = False

    def __post_init__(self) -> None:
        for name in ("title", "author", "draft"):
            object.__setattr__(self, name, printable(getattr(self, name)))
        if not 12 <= self.font_size_pt <= 14:
            raise ValueError(f"Type must be 12 to 14 points, not {self.font_size_pt}.")
        if not 1 <= self.line_spacing <= 1.5:
            raise ValueError(f"Line spacing must be 1 to 1.5, not {self.line_spacing}.")
        margins = (self.left_mm, self.right_mm, self.top_mm, self.bottom_mm)
        if min(margins) < 5 or not 0 <= self.first_line_mm <= 40:
            raise ValueError("A margin must be at least 5 mm, the first-line indent 0 to 40 mm.")
        if min(self.text_width_mm, self.height_mm - self.top_mm - self.bottom_mm) < SMALLEST_TEXT_MM:
            raise ValueError(f"The margins leave less than {SMALLEST_TEXT_MM:g} mm for the text.")

    @property
    def code_uri(self) -> str:
        """The square code as an address of data, empty where there is none."""
        return data_uri(code_png(self.code)) if self.code else ""

    @property
    def emblem_uri(self) -> str:
        return data_uri(self.emblem) if self.emblem else ""

    @property
    def width_mm(self) -> float:
        return A4_MM[1] if self.landscape else A4_MM[0]

    @property
    def height_mm(self) -> float:
        return A4_MM[0] if self.landscape else A4_MM[1]

    @property
    def text_width_mm(self) -> float:
        return self.width_mm - self.left_mm - self.right_mm

    @property
    def small_size_pt(self) -> float:
        """Tables, page numbers and paragraphs marked small."""
        return self.font_size_pt - 2

    @property
    def large_size_pt(self) -> float:
        """The name of the kind of paper."""
        return self.font_size_pt + 2
