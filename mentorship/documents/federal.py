"""Files of the federal forms of the banks: a wide table as PDF and DOCX, and the same as a spreadsheet."""

from __future__ import annotations

import datetime as dt
import io
import re
from typing import Any

import openpyxl
from django.template.loader import render_to_string
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from accounts.models import Organisation
from core.documents.blocks import read_blocks
from core.documents.docx import to_docx
from core.documents.page import PageSetup
from core.documents.pdf import to_pdf
from core.sheets.formats import cell, text_cell
from core.uploads import DOCX, PDF, XLSX, UploadKind, safe_name
from mentorship.models.federal import BankTable

FORMATS: dict[str, UploadKind] = {"xlsx": XLSX, "pdf": PDF, "docx": DOCX}
# How many characters of a spreadsheet's column one percent of the sheet's width is.
CHARACTERS = 2.6
DATE = re.compile(r"\d\d\.\d\d\.\d{4}")
NUMBER = re.compile(r"[1-9]\d{0,3}")
THIN = Side(style="thin", color="999999")
A4 = 9
# A row of sixteen columns takes the engine 60 ms, and somebody waits for the file.
MOST_PDF_ROWS = 200


def bank_file(table: BankTable, organisation: Organisation, form: str) -> tuple[str, bytes]:
    """The form of a bank as a file: its name and its content; `form` is a key of FORMATS."""
    name = safe_name(f"{table.title} на {table.as_of:%d.%m.%Y} — {organisation.name}.{form}")
    if form == "xlsx":
        return name, workbook(table)
    blocks = read_blocks(bank_html(table, organisation))
    setup = sheet(f"{table.title} на {table.as_of:%d.%m.%Y}", organisation.name)
    return name, to_pdf(blocks, setup) if form == "pdf" else to_docx(blocks, setup)


def sheet(title: str, author: str) -> PageSetup:
    """A4 lying on its side, with margins as narrow as printers allow: the form has up to sixteen columns."""
    return PageSetup(
        landscape=True,
        left_mm=12,
        right_mm=8,
        top_mm=15,
        bottom_mm=10,
        font_size_pt=12,
        title=title,
        author=author,
    )


def bank_html(table: BankTable, organisation: Organisation) -> str:
    """The form in the restricted markup of documents."""
    context = {"table": table, "organisation": organisation, "widths": [f"{width:.2f}" for width in table.widths]}
    return render_to_string("mentorship/documents/bank_form.html", context)


def workbook(table: BankTable) -> bytes:
    """The form as an Excel file: a bold frozen header, native dates, wrapped text, ready to print on A4."""
    book = openpyxl.Workbook(write_only=True)
    page: Any = book.create_sheet(f"{table.title} {table.as_of:%d.%m.%Y}"[:31])
    page.freeze_panes = "C2"
    for number, width in enumerate(table.widths, 1):
        page.column_dimensions[get_column_letter(number)].width = max(round(width * CHARACTERS), 6)
    lay_out_for_print(page)
    page.append([framed(text_cell(page, title, font=Font(bold=True))) for title in table.columns])
    for row in table.rows:
        page.append([framed(cell_of(page, text)) for text in row])
    page.append([])
    page.append([None, f"По состоянию на {table.as_of:%d.%m.%Y}"])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def lay_out_for_print(page: Any) -> None:
    """On its side, as wide as the sheet, the header on every page."""
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = A4
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr = openpyxl.worksheet.properties.PageSetupProperties(fitToPage=True)
    page.print_title_rows = "1:1"


def framed(made: Any) -> Any:
    made.alignment = Alignment(wrap_text=True, vertical="top")
    made.border = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
    return made


def cell_of(page: Any, text: str) -> Any:
    """A lone date is a date and a short whole number a number; everything else, formulas too, is text."""
    if DATE.fullmatch(text):
        return cell(page, dt.datetime.strptime(text, "%d.%m.%Y").date())  # noqa: DTZ007 - a day has no zone
    return WriteOnlyCell(page, int(text)) if NUMBER.fullmatch(text) else text_cell(page, text)
