"""Prints blocks as a DOCX that an office can go on editing: the same words, sheet and look as the PDF."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from core.documents.docx_file import add_emblem, element, new_document, sealed
from core.documents.page import PageSetup
from core.documents.parts import (
    Acquaintance,
    Block,
    Cell,
    Heading,
    Inline,
    Item,
    Letterhead,
    PageBreak,
    Paragraph,
    Requisites,
    Run,
    Signature,
    Stamp,
    Table,
)

ALIGNMENT = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
# Space before and after a heading of each level, and the letter-spacing of the first, in points.
HEADING_SPACE = {1: (20, 17), 2: (23, 20), 3: (11, 6)}
HEADING_TRACKING = 2.4
NBSP = "\u00a0"
CAPTION_SIZE = Pt(10)
CELL_PADDING = 1.5
# Of a table of a dozen columns and more.
FINE_SIZE, FINE_PADDING = Pt(8), 0.7
TABLE_GAP = Mm(3)
# A signature and a row of an acquaintance sheet: the post's share of the width, lines and gaps in millimetres.
SIGNATURE_POST, SIGNATURE_LINE, SIGNATURE_GAP = 0.36, 36.0, 4.0
# A stamp begins at this share of the width; marks stand before it at a distance.
STAMP_LEFT, MARK_GAP, STAMP_GAP = 0.6, 8.0, Mm(6)
ACQUAINTANCE_LINE, ACQUAINTANCE_GAP = 32.0, 4.0
# What stands before a pPr border and after it is fixed by the format; these come after.
AFTER_BORDER = ("w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr")


def to_docx(blocks: Iterable[Block], setup: PageSetup) -> bytes:
    """The document as a DOCX file in Times New Roman; the same blocks and setup give the same bytes."""
    writer = _Writer(setup)
    for block in blocks:
        writer.write(block)
    writer.gap = Mm(0)
    writer.separate()
    return sealed(writer.document)


class _Writer:
    def __init__(self, setup: PageSetup) -> None:
        self.setup = setup
        self.document = new_document(setup)
        self.break_pending = False
        self.last: Any = None  # the paragraph just written; none at the start and after a table
        self.gap = Mm(0)  # what the paragraph after a table keeps off it

    def write(self, block: Block) -> None:
        _WRITERS[type(block)](self, block)

    def paragraph(self, runs: Inline, align: str, style: str | None = None) -> Any:
        paragraph = self.document.add_paragraph(style=style)
        form = paragraph.paragraph_format
        form.alignment = ALIGNMENT[align]
        if self.break_pending:
            form.page_break_before = True
            self.break_pending = False
        elif self.gap:
            form.space_before = self.gap
        self.gap = Mm(0)
        _add_runs(paragraph, runs)
        self.last = paragraph
        return paragraph

    def single(self, runs: Inline, align: str, style: str | None = None) -> Any:
        paragraph = self.paragraph(runs, align, style)
        paragraph.paragraph_format.line_spacing = 1
        return paragraph

    def separate(self) -> None:
        """A line of one point: two tables in a row would become one, and none may begin a page or end the file."""
        if self.last is None or self.break_pending:
            form = self.paragraph((), "left").paragraph_format
            form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)

    def table(self, widths: Sequence[float], rows: int, style: str) -> Any:
        """A table of fixed columns, `widths` in millimetres; rows never break over a page."""
        self.separate()
        table = self.document.add_table(rows, len(widths), style=style)
        table.autofit = False
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        for row in table.rows:
            row._tr.get_or_add_trPr().append(element("w:cantSplit"))
            for cell, width in zip(row.cells, widths, strict=True):
                cell.width = Mm(width)
        self.last = None
        return table


def _add_runs(paragraph: Any, runs: Inline, size: Any = None) -> None:
    for run in runs:
        written = paragraph.add_run(run.text)
        # Unset rather than switched off: a heading is bold by its style.
        written.bold, written.italic = run.bold or None, run.italic or None
        if size is not None:
            written.font.size = size


def _letterhead(writer: _Writer, block: Letterhead) -> None:
    for line in block.lines:
        paragraph = writer.single(line, "center")
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val="single", sz="6", space="6", color="000000"))
    paragraph._p.get_or_add_pPr().insert_element_before(borders, *AFTER_BORDER)


def _requisites(writer: _Writer, block: Requisites) -> None:
    paragraph = writer.paragraph((*block.date, Run("\t"), *block.number), "left")
    width = Mm(writer.setup.text_width_mm)
    paragraph.paragraph_format.tab_stops.add_tab_stop(width, WD_TAB_ALIGNMENT.RIGHT)
    if block.place:
        writer.paragraph(block.place, "center").paragraph_format.space_before = Mm(2)


def _heading(writer: _Writer, block: Heading) -> None:
    paragraph = writer.single(block.runs, block.align, f"Heading {block.level}")
    form = paragraph.paragraph_format
    form.space_before, form.space_after = map(Pt, HEADING_SPACE[block.level])
    if block.level == 1:
        _track(paragraph, HEADING_TRACKING)
    elif block.level == 2 and block.align == "left":
        form.right_indent = Mm(writer.setup.text_width_mm * 0.38)


def _track(paragraph: Any, points: float) -> None:
    for run in paragraph.runs:
        run._r.get_or_add_rPr().append(element("w:spacing", val=str(round(points * 20))))


def _paragraph(writer: _Writer, block: Paragraph) -> None:
    paragraph = writer.paragraph(block.runs, block.align)
    form = paragraph.paragraph_format
    form.keep_with_next = block.keep or None
    if block.indented:
        form.first_line_indent = Mm(writer.setup.first_line_mm)
    if block.spaced:
        form.space_before = form.space_after = Pt(8)
        _track(paragraph, writer.setup.font_size_pt * 0.09)
    if block.small:
        for run in paragraph.runs:
            run.font.size = Pt(writer.setup.small_size_pt)


def _item(writer: _Writer, block: Item) -> None:
    form = writer.paragraph((Run(block.marker + NBSP), *block.runs), "justify").paragraph_format
    form.keep_with_next = block.keep or None
    form.first_line_indent = Mm(writer.setup.first_line_mm)


def _stamp(writer: _Writer, block: Stamp) -> None:
    if writer.last is not None and not writer.break_pending:
        writer.last.paragraph_format.space_after = STAMP_GAP
    if block.marks:
        _stamp_with_marks(writer, block)
        return
    for line in block.lines:
        paragraph = writer.single(line, "left")
        paragraph.paragraph_format.left_indent = Mm(writer.setup.text_width_mm * STAMP_LEFT)
        paragraph.paragraph_format.keep_with_next = True
    paragraph.paragraph_format.space_after = Mm(8)


def _stamp_with_marks(writer: _Writer, block: Stamp) -> None:
    width = writer.setup.text_width_mm
    widths = [width * STAMP_LEFT - MARK_GAP, MARK_GAP, width * (1 - STAMP_LEFT)]
    left, _, right = _frame(writer, widths, 1).rows[0].cells
    for mark in block.marks:
        _fill_lines(left, mark).paragraph_format.space_after = Mm(5)
    _fill_lines(right, block.lines)
    writer.gap = Mm(8)


def _fill_lines(cell: Any, lines: Sequence[Inline]) -> Any:
    """Write each line as a paragraph of the cell, after what is there; gives the last one."""
    for line in lines:
        if cell.paragraphs[-1].runs:
            cell.add_paragraph()
        paragraph = cell.paragraphs[-1]
        paragraph.paragraph_format.line_spacing = 1
        _add_runs(paragraph, line)
    return cell.paragraphs[-1]


def _page_break(writer: _Writer, block: PageBreak) -> None:
    writer.break_pending = True
    if writer.setup.several and writer.setup.emblem:
        add_emblem(writer.paragraph((), "center"), writer.setup.emblem)


def _table(writer: _Writer, block: Table) -> None:
    if writer.last is not None and not writer.break_pending and not writer.last.style.name.startswith("Heading"):
        writer.last.paragraph_format.space_after = TABLE_GAP
    widths = [writer.setup.text_width_mm * share / 100 for share in block.widths]
    rows = block.head + block.body
    ordinary = CAPTION_SIZE if block.small else Pt(writer.setup.small_size_pt)
    size = FINE_SIZE if block.fine else ordinary
    table = writer.table(widths, len(rows), "Table Grid")
    _set_padding(table, FINE_PADDING if block.fine else CELL_PADDING)
    for number, (row, printed) in enumerate(zip(rows, table.rows, strict=True)):
        if number < len(block.head):
            printed._tr.get_or_add_trPr().append(element("w:tblHeader"))
        _fill_row(row, printed.cells, size)
    writer.gap = TABLE_GAP


def _fill_row(row: Sequence[Cell], cells: Sequence[Any], size: Any) -> None:
    column = 0
    for cell in row:
        place = cells[column]
        if cell.span > 1:
            place = place.merge(cells[column + cell.span - 1])
        column += cell.span
        if cell.header:
            place.vertical_alignment = VERTICAL.CENTER
        runs = tuple(Run(run.text, run.bold or cell.header, run.italic) for run in cell.runs)
        paragraph = _fill(place, runs, cell.align, size)
        paragraph.paragraph_format.space_before = paragraph.paragraph_format.space_after = Mm(1)


def _fill(cell: Any, runs: Inline, align: str, size: Any = None) -> Any:
    paragraph = cell.paragraphs[0]
    paragraph.paragraph_format.alignment = ALIGNMENT[align]
    paragraph.paragraph_format.line_spacing = 1
    _add_runs(paragraph, runs, size)
    return paragraph


def _frame(writer: _Writer, widths: Sequence[float], rows: int) -> Any:
    """A table without rules whose text stands flush with the text of the page."""
    table = writer.table(widths, rows, "Normal Table")
    _set_padding(table, 0)
    return table


def _set_padding(table: Any, millimetres: float) -> None:
    margins = element("w:tblCellMar")
    for side in ("w:left", "w:right"):
        margins.append(element(side, w=str(Mm(millimetres).twips), type="dxa"))
    table._tbl.tblPr.find(qn("w:tblLook")).addprevious(margins)


def _line_to_sign_on(cell: Any) -> None:
    borders = element("w:tcBorders")
    borders.append(element("w:bottom", val="single", sz="6", space="0", color="000000"))
    cell._tc.get_or_add_tcPr().append(borders)


def _signature(writer: _Writer, block: Signature) -> None:
    width = writer.setup.text_width_mm
    post = width * SIGNATURE_POST
    name = width - post - SIGNATURE_LINE - 2 * SIGNATURE_GAP
    widths = [post, SIGNATURE_GAP, SIGNATURE_LINE, SIGNATURE_GAP, name]
    cells = _frame(writer, widths, 1).rows[0].cells
    _line_to_sign_on(cells[2])
    for cell, runs, align in ((cells[0], block.post, "left"), (cells[4], block.name, "right")):
        _fill(cell, runs, align).paragraph_format.space_before = Mm(14)
        cell.vertical_alignment = VERTICAL.BOTTOM


def _acquaintance(writer: _Writer, block: Acquaintance) -> None:
    writer.separate()
    caption = writer.single(block.caption, "left").paragraph_format
    caption.space_before, caption.space_after, caption.keep_with_next = Mm(14), Mm(2), True
    widths = [ACQUAINTANCE_LINE, ACQUAINTANCE_GAP, ACQUAINTANCE_LINE, ACQUAINTANCE_GAP]
    widths.append(writer.setup.text_width_mm - sum(widths))
    rows = _frame(writer, widths, len(block.rows) + 1).rows
    captions = rows[0].cells
    for cell, text, align in zip(captions[::2], block.captions, ("center", "center", "left"), strict=True):
        _fill(cell, (Run(text),), align, CAPTION_SIZE).paragraph_format.keep_with_next = True
    for person, row in zip(block.rows, list(rows)[1:], strict=True):
        date, _, signature, _, name = row.cells
        for cell in (date, signature):
            _line_to_sign_on(cell)
        for cell, runs, align in ((date, person.date, "center"), (name, person.name, "left")):
            _fill(cell, runs, align).paragraph_format.space_before = Mm(5)
            cell.vertical_alignment = VERTICAL.BOTTOM


_WRITERS: dict[type, Callable[[_Writer, Any], None]] = {
    Letterhead: _letterhead,
    Requisites: _requisites,
    Heading: _heading,
    Paragraph: _paragraph,
    Item: _item,
    Table: _table,
    Signature: _signature,
    Stamp: _stamp,
    Acquaintance: _acquaintance,
    PageBreak: _page_break,
}
