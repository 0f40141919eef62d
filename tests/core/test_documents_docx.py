"""The DOCX of a document: the same bytes every time, real Word formatting, and nothing that Word cannot open."""

from __future__ import annotations

import datetime as dt
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH as ALIGN
from docx.oxml.ns import qn

from core.documents.blocks import read_blocks
from core.documents.docx import to_docx
from core.documents.page import PageSetup

SETUP = PageSetup(title="О порядке <ведения> бумаг", author="Образец № 17")
TABLE = (
    '<table><colgroup><col width="25%"><col width="75%"></colgroup><thead><tr><th>А</th><th>Б</th></tr></thead>'
    '<tr><td>в</td><td class="right">г</td></tr><tr><td colspan="2">д</td></tr></table>'
)


def opened(markup: str, setup: PageSetup = SETUP) -> Any:
    return Document(BytesIO(to_docx(read_blocks(markup), setup)))


def millimetres(length: Any) -> float:
    return round(length.mm, 1)


def test_docx_is_the_same_for_the_same_blocks() -> None:
    blocks = read_blocks(f"<h1>А</h1><p>б</p>{TABLE}")
    first = to_docx(blocks, SETUP)
    assert to_docx(blocks, SETUP) == first
    assert to_docx(blocks[:-1], SETUP) != first
    with ZipFile(BytesIO(first)) as archive:
        assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert "docProps/thumbnail.jpeg" not in archive.namelist()


def test_docx_says_what_it_is() -> None:
    about = opened("<p>а</p>").core_properties
    assert (about.title, about.author, about.language) == ("О порядке <ведения> бумаг", "Образец № 17", "ru")
    assert (about.comments, about.last_modified_by) == ("", "Образец № 17")
    assert [moment.date() for moment in (about.created, about.modified)] == [dt.date(2000, 1, 1)] * 2


def test_docx_shortens_properties_that_the_format_does_not_hold() -> None:
    properties = opened("<p>а</p>", PageSetup(title="ж" * 300, author="\x00" + "ш" * 300)).core_properties
    assert (len(properties.title), len(properties.author)) == (255, 255)


def test_docx_has_the_sheet_of_the_setup() -> None:
    section = opened("<p>а</p>").sections[0]
    margins = (section.left_margin, section.right_margin, section.top_margin, section.bottom_margin)
    assert [millimetres(side) for side in (section.page_width, section.page_height)] == [210, 297]
    assert [millimetres(margin) for margin in margins] == [30, 10, 20, 20]
    lying = opened("<p>а</p>", PageSetup(landscape=True)).sections[0]
    assert [millimetres(side) for side in (lying.page_width, lying.page_height)] == [297, 210]


def test_docx_is_set_in_times_without_a_theme() -> None:
    styles = opened("<p>а</p>").styles
    for name, size in (("Normal", 14), ("Heading 1", 16), ("Heading 2", 14), ("Heading 3", 14), ("Header", 12)):
        face = styles[name].element.rPr.rFonts
        named = {face.get(qn(f"w:{script}")) for script in ("ascii", "hAnsi", "cs", "eastAsia")}
        assert (named, styles[name].font.size.pt) == ({"Times New Roman"}, size)
        assert face.get(qn("w:asciiTheme")) is None
    assert {language.get(qn("w:val")) for language in styles.element.iter(qn("w:lang"))} == {"ru-RU"}


def test_docx_numbers_pages_from_the_second() -> None:
    section = opened("<p>а</p>").sections[0]
    fields = [field.get(qn("w:instr")) for field in section.header._element.iter(qn("w:fldSimple"))]
    assert (section.different_first_page_header_footer, fields) == (True, ["PAGE"])
    assert list(section.first_page_header._element.iter(qn("w:fldSimple"))) == []


def test_docx_marks_a_draft_on_every_page() -> None:
    for draft in ("ПРОЕКТ", ""):
        section = opened("<p>а</p>", PageSetup(draft=draft)).sections[0]
        headers = (section.first_page_header, section.header)
        assert [header.paragraphs[0].text.strip() for header in headers] == [draft, draft]


def test_docx_paragraphs_are_formatted() -> None:
    markup = '<p>а <b>б</b><i>в</i></p><p class="center keep">г</p><p class="spaced">д</p><p class="small lead">е</p>'
    paragraphs = opened(markup).paragraphs
    plain, _, spaced, small = paragraphs
    faces = [(run.text, run.bold, run.italic) for run in plain.runs]
    assert faces == [("а ", None, None), ("б", True, None), ("в", None, True)]
    forms = [paragraph.paragraph_format for paragraph in paragraphs]
    assert [form.alignment for form in forms] == [ALIGN.JUSTIFY, ALIGN.CENTER, ALIGN.JUSTIFY, ALIGN.JUSTIFY]
    assert [form.first_line_indent for form in forms[1:]] == [None, None, None]
    assert millimetres(forms[0].first_line_indent) == 12.5
    assert [form.keep_with_next for form in forms] == [None, True, True, None]
    assert spaced.runs[0]._r.rPr.find(qn("w:spacing")).get(qn("w:val")) == "25"
    assert small.runs[0].font.size.pt == 12


def test_docx_headings_are_headings() -> None:
    paragraphs = opened("<h1>а</h1><h2>б</h2><h3>в</h3>").paragraphs
    assert [paragraph.style.name for paragraph in paragraphs] == ["Heading 1", "Heading 2", "Heading 3"]


def test_docx_clauses_carry_their_numbers_in_the_text() -> None:
    paragraphs = opened("<ol><li>а<ol><li>б</li></ol></li></ol>").paragraphs
    assert [paragraph.text for paragraph in paragraphs] == ["1.\u00a0а", "1.1.\u00a0б"]


def test_docx_tables_keep_widths_heads_and_rows() -> None:
    (table,) = opened(f"<p>а</p>{TABLE}").tables
    assert [millimetres(column.width) for column in table.columns] == [42.5, 127.5]
    assert [millimetres(cell.width) for cell in table.rows[1].cells] == [42.5, 127.5]
    assert [row._tr.trPr.find(qn("w:tblHeader")) is not None for row in table.rows] == [True, False, False]
    assert [row._tr.trPr.find(qn("w:cantSplit")) is not None for row in table.rows] == [True, True, True]
    merged = table.rows[2].cells
    assert (merged[0]._tc is merged[1]._tc, merged[0].text) == (True, "д")


def test_docx_sets_wide_tables_in_fine_print() -> None:
    cells = "".join(f"<td>{number}</td>" for number in range(16))
    (fine,) = opened(f'<table class="fine"><tr>{cells}</tr></table>', PageSetup(landscape=True)).tables
    (small,) = opened(f'<table class="small"><tr>{cells}</tr></table>', PageSetup(landscape=True)).tables
    assert [table.cell(0, 0).paragraphs[0].runs[0].font.size.pt for table in (fine, small)] == [8, 10]


def test_docx_keeps_neighbouring_tables_apart() -> None:
    document = opened(TABLE + TABLE)
    kinds = [child.tag.rpartition("}")[2] for child in document.element.body]
    assert kinds == ["p", "tbl", "p", "tbl", "p", "sectPr"]


def test_docx_page_break_adds_no_empty_line() -> None:
    first, second = opened('<p>а</p><hr class="page"><p>б</p>').paragraphs
    assert [first.paragraph_format.page_break_before, second.paragraph_format.page_break_before] == [None, True]


def test_docx_takes_what_xml_does_not() -> None:
    (paragraph,) = opened("<p>а\x00\x0bб&#xFFFE;&#1; &lt;w:p&gt; &amp;amp;</p>").paragraphs
    assert paragraph.text == "аб <w:p> &amp;"
