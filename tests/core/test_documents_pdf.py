"""The PDF of a document: the same bytes every time, our own fonts, numbered pages, and nothing fetched from outside."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from importlib import import_module
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from weasyprint import HTML
from weasyprint.urls import URLFetcher

from core.documents import pdf as printer
from core.documents.blocks import plain_text, read_blocks
from core.documents.page import PageSetup
from core.documents.pdf import FONTS, OwnFilesOnly, to_pdf
from tests.core.document_words import pdf_words, words
from tests.core.listener import listening

SETUP = PageSetup(title="О порядке <ведения> бумаг", author="Образец № 17")
TWO_PAGES = '<h1>ПОРЯДОК</h1><p>Первая</p><hr class="page"><p>Вторая</p>'
CANARY = "canary-4f1d-в-файле"


def reader(markup: str, setup: PageSetup = SETUP) -> Any:
    return PdfReader(BytesIO(to_pdf(read_blocks(markup), setup)))


def pages(markup: str, setup: PageSetup = SETUP) -> list[Any]:
    return list(reader(markup, setup).pages)


def test_pdf_is_the_same_for_the_same_blocks() -> None:
    blocks = read_blocks(TWO_PAGES)
    first = to_pdf(blocks, SETUP)
    assert to_pdf(blocks, SETUP) == first
    assert to_pdf(read_blocks(TWO_PAGES.replace("Вторая", "Другая")), SETUP) != first


def test_pdf_is_the_same_from_many_threads() -> None:
    """Four papers from each of eight; the bench prints a hundred and twenty from each."""
    documents = [read_blocks(f"<h1>ЛИСТ</h1><p><b>{number}</b> {'слово ' * 200}</p>") for number in range(8)]
    alone = [to_pdf(blocks, SETUP) for blocks in documents]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda blocks: to_pdf(blocks, SETUP), documents * 4))
    assert together == alone * 4


def most_at_once(monkeypatch: pytest.MonkeyPatch) -> int:
    """How many of four threads were inside the engine at the same time."""
    inside: list[str] = []
    seen: list[int] = []

    def linger(html: str) -> bytes:
        inside.append(html)
        seen.append(len(inside))
        time.sleep(0.05)
        inside.remove(html)
        return b""

    monkeypatch.setattr(printer, "_print", linger)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda blocks: to_pdf(blocks, SETUP), [read_blocks(f"<p>{number}</p>") for number in range(4)]))
    return max(seen)


def test_engine_serves_one_thread_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    assert most_at_once(monkeypatch) == 1
    monkeypatch.setattr(printer, "_one_at_a_time", nullcontext())
    assert most_at_once(monkeypatch) > 1


def test_pdf_survives_a_cleaning_of_temporary_files() -> None:
    blocks = read_blocks(TWO_PAGES)
    before = to_pdf(blocks, SETUP)
    shutil.rmtree(printer._fonts()._folder)
    assert to_pdf(blocks, SETUP) == before


def test_pdf_says_what_it_is() -> None:
    document = reader("<h1>А</h1><p>б</p>")
    catalogue = document.trailer["/Root"]
    assert (document.metadata.title, document.metadata.author) == ("О порядке <ведения> бумаг", "Образец № 17")
    assert (catalogue["/Lang"], catalogue["/MarkInfo"]["/Marked"]) == ("ru", True)
    claim = catalogue["/Metadata"].get_data().decode()
    assert claim.count('pdfaid:part="2" pdfaid:conformance="A"') == 1


def test_pdf_has_only_our_fonts_inside() -> None:
    page = pages("<p>а <b>б</b> <i>в</i> <b><i>г</i></b> № «» – — ₽ \u2011 □ ■</p>")[0]
    faces = sorted(font.get_object()["/BaseFont"].partition("+")[2] for font in page["/Resources"]["/Font"].values())
    assert faces == ["Tinos", "Tinos-Bold", "Tinos-Bold-Italic", "Tinos-Italic"]


def test_fonts_have_every_letter_of_a_russian_paper() -> None:
    letters = {chr(code) for code in range(0x410, 0x450)} | set("Ёё№§«»„“–—…₽°×−□■")
    letters |= set("\u00a0\u2007\u2009\u200a\u202f\u2010\u2011")
    assert len(FONTS) == 4
    font = import_module("fontTools.ttLib").TTFont
    assert [letters - {chr(code) for code in font(path).getBestCmap()} for path in FONTS.values()] == [set()] * 4


def test_pages_are_numbered_from_the_second() -> None:
    texts = [page.extract_text().split() for page in pages(TWO_PAGES + '<hr class="page"><p>Третья</p>')]
    assert [sorted(text) for text in texts] == [["ПОРЯДОК", "Первая"], ["2", "Вторая"], ["3", "Третья"]]


def test_pages_have_the_size_of_the_sheet() -> None:
    (upright,), (lying,) = pages("<p>а</p>"), pages("<p>а</p>", PageSetup(landscape=True))
    assert [round(float(side) / 72 * 25.4) for side in upright.mediabox[2:]] == [210, 297]
    assert [round(float(side) / 72 * 25.4) for side in lying.mediabox[2:]] == [297, 210]


def test_fractions_of_the_setup_reach_the_page() -> None:
    """A decimal comma of the Russian locale would make the whole declaration invalid."""
    blocks = read_blocks("<p>а</p>")
    indented = to_pdf(blocks, PageSetup(first_line_mm=12.5))
    assert indented != to_pdf(blocks, PageSetup(first_line_mm=0))
    assert indented != to_pdf(blocks, PageSetup(first_line_mm=12.4))


def test_head_of_a_table_is_repeated_on_every_page() -> None:
    rows = "".join(f"<tr><td>{number}</td></tr>" for number in range(100, 220))
    blocks = read_blocks(f"<table><thead><tr><th>Голова</th></tr></thead>{rows}</table>")
    printed = to_pdf(blocks, SETUP)
    count = len(PdfReader(BytesIO(printed)).pages)
    assert count > 2
    assert pdf_words(printed) - words(plain_text(blocks)) == {"Голова": count - 1}


def test_fine_print_puts_more_of_a_wide_table_on_a_page() -> None:
    cells = "".join("<td>методическое объединение</td>" for _ in range(16))
    printed = {
        name: len(pages(f'<table class="{name}">{f"<tr>{cells}</tr>" * 24}</table>', PageSetup(landscape=True)))
        for name in ("small", "fine")
    }
    assert printed["fine"] < printed["small"]


def test_signature_never_stands_alone_on_a_page() -> None:
    lines = "".join(f"<p>строка {number}</p>" for number in range(39))
    signature = '<div class="signature"><span class="name">Подписавший</span></div>'
    assert [page.extract_text().split() for page in pages(lines)][1:] == []
    last = pages(lines + signature)[-1].extract_text().split()
    assert sorted(last) == ["2", "38", "Подписавший", "строка"]


def test_draft_is_marked_on_every_page_of_a_preview_only() -> None:
    marked = [page.extract_text().count("ПРОЕКТ") for page in pages(TWO_PAGES, PageSetup(draft="ПРОЕКТ"))]
    assert marked == [1, 1]
    assert [page.extract_text().count("ПРОЕКТ") for page in pages(TWO_PAGES)] == [0, 0]


def test_endless_word_stays_on_the_page() -> None:
    word = "Ы" * 10_000
    (cell, right) = (f"<table><tr><td>{word}</td><td>а</td></tr></table>", f'<div class="stamp">{word}</div>')
    for markup, longest in ((f"<p>{word}</p>", 60), (f"<ol><li>{word}</li></ol>", 60), (cell, 40), (right, 30)):
        lines = [line for page in pages(markup) for line in page.extract_text().splitlines()]
        assert sum(line.count("Ы") for line in lines) == 10_000
        assert max(len(line) for line in lines) <= longest


def test_values_with_markup_are_printed_as_they_are() -> None:
    (page,) = pages("<p class='left'>&lt;img src=http://127.0.0.1/x&gt; &amp;lt; {{ settings }}</p>")
    assert page.extract_text() == "<img src=http://127.0.0.1/x> &lt; {{ settings }}"


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    with listening() as found:
        yield found


def attack(address: str, secret: Path) -> str:
    return (
        f'<link rel="stylesheet" href="{address}/sheet"><link rel="attachment" href="{secret.as_uri()}">'
        f'<style>@import "{address}/import"; @font-face {{ font-family: x; src: url({address}/font) }}'
        f"p {{ background: url({address}/background); font-family: x }}</style>"
        f'<p>а <img src="{address}/image" alt=""><img src="{secret.as_uri()}" alt="">'
        f'<object data="{address}/object"></object></p>'
    )


def attached(pdf: bytes) -> list[bytes]:
    return [content for contents in PdfReader(BytesIO(pdf)).attachments.values() for content in contents]


def test_nothing_is_fetched_from_outside(listener: tuple[str, list[str]], tmp_path: Path) -> None:
    address, calls = listener
    secret = tmp_path / "secret.txt"
    secret.write_text(CANARY)
    guarded = HTML(string=attack(address, secret), url_fetcher=OwnFilesOnly()).write_pdf()
    assert (calls, attached(guarded)) == ([], [])
    open_to_all = HTML(string=attack(address, secret), url_fetcher=URLFetcher()).write_pdf()
    assert sorted(calls) == ["/background", "/font", "/image", "/import", "/object", "/sheet"]
    assert attached(open_to_all) == [CANARY.encode()]


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd",
        "FILE:///etc/passwd",
        "http://127.0.0.1:9/",
        "https://127.0.0.1:9/",
        "ftp://127.0.0.1:9/",
        "document-font:../pdf.py",
        "document-font:/etc/passwd",
        "document-font:Tinos-Regular.ttf/../../pdf.py",
        Path(printer.__file__).as_uri(),
        "not an address",
    ],
)
def test_fetcher_refuses_every_other_address(address: str) -> None:
    with pytest.raises(ValueError, match=r"disallowed protocol|Not an absolute URI"):
        OwnFilesOnly().fetch(address)


def test_fetcher_gives_our_fonts_and_data() -> None:
    bold = "document-font:Tinos-Bold.ttf"
    assert OwnFilesOnly().fetch(bold).read() == FONTS[bold].read_bytes()
    assert OwnFilesOnly().fetch("data:text/plain,abc").read() == b"abc"
