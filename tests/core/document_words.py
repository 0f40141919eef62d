"""The words that a printed document says, so that its PDF and its DOCX can be compared."""

from __future__ import annotations

import re
from collections import Counter
from io import BytesIO

from docx import Document
from docx.oxml.ns import qn
from docx.text.paragraph import Paragraph
from pypdf import PdfReader

INVISIBLE = str.maketrans("", "", "\u00ad\u200b\u2060")
BROKEN_BY_HYPHENATION = re.compile("\u2010\\s+")
BROKEN_AFTER_HYPHEN = re.compile(r"(?<=\S-)\n")


def words(text: str) -> Counter[str]:
    """Words of a text however its lines are broken; underscores are lines to write on, not words."""
    joined = BROKEN_AFTER_HYPHEN.sub("", BROKEN_BY_HYPHENATION.sub("", text.translate(INVISIBLE)))
    return Counter(word for word in joined.split() if word.strip("_"))


def pdf_words(pdf: bytes) -> Counter[str]:
    """Words of all pages without the numbers of the pages, which begin with the second."""
    counted: Counter[str] = Counter()
    for number, page in enumerate(PdfReader(BytesIO(pdf)).pages, start=1):
        counted += words(page.extract_text())
        if number > 1:
            counted[str(number)] -= 1
    return +counted


def docx_words(docx: bytes) -> Counter[str]:
    """Words of the body, tables included, without the headers of the pages."""
    document = Document(BytesIO(docx))
    paragraphs = document.element.body.iter(qn("w:p"))
    return words("\n".join(Paragraph(paragraph, document).text for paragraph in paragraphs))
