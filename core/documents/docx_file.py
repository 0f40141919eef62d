"""The DOCX file around the text: sheet, styles, page numbers, what the file says about itself, and the same bytes."""

from __future__ import annotations

import datetime
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from core.documents.page import PageSetup
from core.documents.pictures import CODE_MM, EMBLEM_MM, code_png

# Every office has it, and the lines break where they break in Tinos of the PDF: the two have the same widths.
FONT = "Times New Roman"
HEADER_DISTANCE_MM = 11
# A file made twice must be the same file, so it keeps no clock; the journal knows who made it and when.
UNDATED = datetime.datetime(2000, 1, 1, tzinfo=datetime.UTC)
UNDATED_ENTRY = (1980, 1, 1, 0, 0, 0)
LONGEST_PROPERTY = 255
LOCALES = {"ru": "ru-RU"}  # Word spells and hyphenates by country
DRAFT_GREY = RGBColor(0x80, 0x80, 0x80)


def new_document(setup: PageSetup) -> Any:
    """An empty document of python-docx with this sheet; its Normal style is the running text."""
    document = Document()
    _lay_out_sheet(document, setup)
    _set_styles(document, setup)
    _number_pages(document, setup)
    _add_pictures(document, setup)
    _set_properties(document, setup)
    _set_behaviour(document)
    return document


def sealed(document: Any) -> bytes:
    """The file of the document, with nothing in it that depends on the moment."""
    loose, tight = BytesIO(), BytesIO()
    document.save(loose)
    with ZipFile(loose) as source, ZipFile(tight, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, UNDATED_ENTRY)
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 0
            target.writestr(entry, source.read(name))
    return tight.getvalue()


def element(tag: str, **attributes: str) -> Any:
    """A WordprocessingML element, `element("w:tblW", w="0", type="auto")`."""
    made = OxmlElement(tag)
    for name, value in attributes.items():
        made.set(qn(f"w:{name}"), value)
    return made


def _lay_out_sheet(document: Any, setup: PageSetup) -> None:
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE if setup.landscape else WD_ORIENT.PORTRAIT
    section.page_width, section.page_height = Mm(setup.width_mm), Mm(setup.height_mm)
    section.left_margin, section.right_margin = Mm(setup.left_mm), Mm(setup.right_mm)
    section.top_margin, section.bottom_margin = Mm(setup.top_mm), Mm(setup.bottom_mm)
    section.header_distance = section.footer_distance = Mm(min(HEADER_DISTANCE_MM, setup.top_mm / 2))


def _set_styles(document: Any, setup: PageSetup) -> None:
    for name in ("Normal", "Header", "Heading 1", "Heading 2", "Heading 3"):
        style = document.styles[name]
        _set_face(style)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.size = Pt(setup.font_size_pt)
    document.styles["Header"].font.size = Pt(setup.small_size_pt)
    document.styles["Heading 1"].font.size = Pt(setup.large_size_pt)
    normal = document.styles["Normal"].paragraph_format
    normal.space_before = normal.space_after = Pt(0)
    normal.line_spacing = setup.line_spacing
    normal.widow_control = True
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:val"), LOCALES.get(setup.language, setup.language))


def _set_face(style: Any) -> None:
    """Name the face for every script; a face of the theme, where there is one, would win over it."""
    properties = style.element.get_or_add_rPr()
    for theme in properties.findall(qn("w:rFonts")):
        properties.remove(theme)
    style.font.name = FONT
    for script in ("w:cs", "w:eastAsia"):
        properties.rFonts.set(qn(script), FONT)


def _number_pages(document: Any, setup: PageSetup) -> None:
    """Numbers in the middle of the top margin from the second page on; the word of a draft on every page."""
    section = document.sections[0]
    section.different_first_page_header_footer = True
    first = section.first_page_header.paragraphs[0]
    later = section.header.paragraphs[0]
    for header in (first, later):
        stops = header.paragraph_format.tab_stops
        for inherited in document.styles["Header"].paragraph_format.tab_stops:
            stops.add_tab_stop(inherited.position, WD_TAB_ALIGNMENT.CLEAR)
        stops.add_tab_stop(Mm(setup.text_width_mm / 2), WD_TAB_ALIGNMENT.CENTER)
        stops.add_tab_stop(Mm(setup.text_width_mm), WD_TAB_ALIGNMENT.RIGHT)
        header.add_run("\t")
        if header is later and not setup.several:
            number = element("w:fldSimple", instr="PAGE")
            number.append(element("w:r"))
            number[0].append(element("w:t"))
            number[0][0].text = "2"
            header._p.append(number)
        if setup.draft:
            mark = header.add_run(f"\t{setup.draft}")
            mark.bold, mark.font.color.rgb = True, DRAFT_GREY


def _add_pictures(document: Any, setup: PageSetup) -> None:
    """The square code under the first sheet on the right, the emblem over its head."""
    if setup.code:
        corner = document.sections[0].first_page_footer.paragraphs[0]
        corner.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        corner.paragraph_format.space_before = corner.paragraph_format.space_after = Pt(0)
        _add_picture(corner, code_png(setup.code), CODE_MM, "Код для проверки документа")
        document.sections[0].footer_distance = Mm(1)
    if setup.emblem:
        add_emblem(document.add_paragraph(), setup.emblem)


def add_emblem(paragraph: Any, picture: bytes) -> None:
    """The emblem in the middle of a paragraph of its own."""
    paragraph.paragraph_format.alignment, paragraph.paragraph_format.line_spacing = WD_ALIGN_PARAGRAPH.CENTER, 1
    _add_picture(paragraph, picture, EMBLEM_MM, "Эмблема")


def _add_picture(paragraph: Any, picture: bytes, height_mm: float, words: str) -> None:
    """A picture of the height, with the words for whoever cannot see it."""
    shape = paragraph.add_run().add_picture(BytesIO(picture), height=Mm(height_mm))
    shape._inline.docPr.set("descr", words)


def _set_properties(document: Any, setup: PageSetup) -> None:
    properties = document.core_properties
    properties.title = setup.title[:LONGEST_PROPERTY]
    properties.author = properties.last_modified_by = setup.author[:LONGEST_PROPERTY]
    properties.language = setup.language
    properties.comments = properties.keywords = ""
    properties.created = properties.modified = UNDATED
    properties.revision = 1


def _set_behaviour(document: Any) -> None:
    """Lay out as Word 2013 and later do, hyphenate long words, and drop the thumbnail of the stock template."""
    settings = document.settings.element
    for compatibility in settings.iter(qn("w:compatSetting")):
        if compatibility.get(qn("w:name")) == "compatibilityMode":
            compatibility.set(qn("w:val"), "15")
    place = settings.find(qn("w:defaultTabStop"))
    place.addnext(element("w:doNotHyphenateCaps"))
    place.addnext(element("w:consecutiveHyphenLimit", val="2"))
    place.addnext(element("w:autoHyphenation"))
    relations = document.part.package.rels
    for key in [key for key, relation in relations.items() if relation.reltype == RELATIONSHIP_TYPE.THUMBNAIL]:
        del relations[key]
