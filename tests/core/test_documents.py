"""The markup of documents: what it reads, what it refuses, and that every rendering says the same words."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.template.loader import render_to_string
from django.utils.html import escape

from core.documents.blocks import plain_text, read_blocks
from core.documents.docx import to_docx
from core.documents.markup import UnknownMarkup
from core.documents.page import PageSetup
from core.documents.parts import (
    Acquaintance,
    Acquainted,
    Cell,
    Heading,
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
from core.documents.pdf import to_pdf
from tests.core.document_words import docx_words, pdf_words, words

ROW = "<tr><td class='center'>{0}</td><td>Константинопольская-Добровольская Александра</td><td>до 01.12.2026</td></tr>"
EVERYTHING = f"""
<header><p>Муниципальное учреждение</p><p>«Образец № 17»</p></header>
<h1>РАСПОРЯЖЕНИЕ</h1>
<div class="requisites">
  <span class="date">от 30 ноября 2026 г.</span><span class="number">№ 112-о</span>
  <span class="place">г. Приозёрск</span>
</div>
<h2>О порядке ведения бумаг</h2>
<p>В соответствии с утверждённым порядком делопроизводства и в целях единообразного оформления
   распорядительной документации по всем подразделениям, на основании предложений работников</p>
<p class="spaced">ПРИКАЗЫВАЮ:</p>
<ol>
  <li>Утвердить <strong>порядок</strong> ведения бумаг:
    <ol><li>входящих;</li><li>исходящих &amp; <em>внутренних</em>.</li></ol></li>
  <li>Контроль оставляю за собой.</li>
</ol>
<div class="signature"><span class="post">Руководитель</span><span class="name">П. И. Архангельский</span></div>
<div class="acquaintance"><h3>С распоряжением ознакомлены:</h3>
  <p><span class="date">01.12.2026</span><span class="name">Д. А. Ефремова</span></p><p>О. В. Лебедева</p></div>
<hr class="page">
<div class="stamp"><p>УТВЕРЖДЕНО</p><p>распоряжением от 30.11.2026 № 112-о</p></div>
<h3 class="center">Перечень</h3>
<table class="small"><colgroup><col width="10%"><col width="60%"><col width="30%"></colgroup>
<thead><tr><th>№</th><th>Кто</th><th>Срок</th></tr></thead>
<tbody>{"".join(ROW.format(number) for number in range(1, 31))}<tr><td colspan="3">Всего: 30</td></tr></tbody></table>
<ul><li>первое;</li></ul>
<p class="right small">Конец</p>
"""


def text(value: str) -> tuple[Run, ...]:
    return (Run(value),)


def test_read_blocks_reads_what_surrounds_the_text() -> None:
    blocks = read_blocks(
        '<header>Первая строка<br><p>Вторая</p></header><div class="stamp"><p>УТВЕРЖДЕНО</p></div>'
        '<div class="requisites"><span class="number">5</span></div>'
        '<div class="signature"><span class="post">Глава</span><span class="name">А. Я. Юн</span></div>'
        '<div class="acquaintance"><h3>Читали:</h3><p>А. Б.</p>'
        '<p><span class="date">1.2</span><span class="name">В</span></p></div>'
    )
    assert blocks == [
        Letterhead((text("Первая строка"), text("Вторая"))),
        Stamp((text("УТВЕРЖДЕНО"),)),
        Requisites((), text("5"), ()),
        Signature(text("Глава"), text("А.\u00a0Я.\u00a0Юн")),
        Acquaintance(text("Читали:"), (Acquainted((), text("А.\u00a0Б.")), Acquainted(text("1.2"), text("В")))),
    ]


def test_read_blocks_reads_paragraphs_and_their_classes() -> None:
    blocks = read_blocks(
        '<h1>А</h1><h2 class="center">Б</h2><h3>В</h3><p>а</p><p class="left">б</p><p class="center keep">в</p>'
        '<p class="lead small">г</p><p class="spaced">д</p><p> </p><h2></h2>'
    )
    assert blocks == [
        Heading(1, text("А"), "center"),
        Heading(2, text("Б"), "center"),
        Heading(3, text("В"), "left"),
        Paragraph(text("а")),
        Paragraph(text("б"), align="left"),
        Paragraph(text("в"), align="center", indented=False, keep=True),
        Paragraph(text("г"), indented=False, small=True),
        Paragraph(text("д"), indented=False, spaced=True, keep=True),
    ]


def test_read_blocks_folds_white_space_and_keeps_faces() -> None:
    blocks = read_blocks("<p>\n  один <b> два <i>три</i></b>\tчетыре <br>\n пять<br></p>")
    runs = (Run("один "), Run("два ", bold=True), Run("три", bold=True, italic=True), Run(" четыре\nпять"))
    assert blocks == [Paragraph(runs)]


def test_read_blocks_numbers_clauses() -> None:
    blocks = read_blocks(
        "<ol><li>а<ol><li>б</li><li>в<ol><li>г</li></ol></li></ol></li><li></li>"
        '<li data-number="7">д<ol><li>е</li></ol></li><li>ё<ul><li>ж</li></ul></li><li data-number="а)">з</li></ol>'
    )
    printed = [(block.level, block.text) for block in blocks if isinstance(block, Item)]
    assert printed == [
        (1, "1. а"), (2, "1.1. б"), (2, "1.2. в"), (3, "1.2.1. г"), (1, "7. д"), (2, "7.1. е"),
        (1, "8. ё"), (2, "– ж"), (1, "а) з"),
    ]  # fmt: skip


def test_read_blocks_reads_tables() -> None:
    blocks = read_blocks(
        '<table class="small"><colgroup><col width="20%"><col width="60%"></colgroup>'
        "<thead><tr><th>А</th><th>Б</th></tr></thead>"
        '<tbody><tr><td colspan="2" class="right">в</td></tr></tbody></table>'
        "<table><tr><td>г</td><td></td></tr></table><table></table>"
    )
    head = (Cell(text("А"), "center", header=True), Cell(text("Б"), "center", header=True))
    assert blocks == [
        Table((25.0, 75.0), (head,), ((Cell(text("в"), "right", header=False, span=2),),), small=True),
        Table((50.0, 50.0), (), ((Cell(text("г"), "left", header=False), Cell((), "left", header=False)),)),
    ]


def test_read_blocks_knows_the_fine_print_of_wide_tables() -> None:
    (table,) = read_blocks('<table class="fine"><tr><td>а</td></tr></table>')
    assert (table.fine, table.small) == (True, False)


def test_read_blocks_drops_idle_page_breaks() -> None:
    page = '<hr class="page">'
    assert read_blocks(f"{page}<p>а</p>{page}{page}<p>б</p>{page}") == [
        Paragraph(text("а")), PageBreak(), Paragraph(text("б")),
    ]  # fmt: skip


def test_read_blocks_keeps_the_last_words_with_the_signature() -> None:
    signature = '<div class="signature"><span class="name">Я</span></div>'
    assert read_blocks(f"<p>а</p><p>б</p>{signature}")[:2] == [Paragraph(text("а")), Paragraph(text("б"), keep=True)]


def test_read_blocks_glues_numbers_initials_and_years() -> None:
    (block,) = read_blocks("<p>приказ № 5 от 3 мая 2026 г. П. И. Чайковский и 5 гвоздей</p>")
    assert block.text == "приказ №\u00a05 от 3 мая 2026\u00a0г. П.\u00a0И.\u00a0Чайковский и 5 гвоздей"


def test_read_blocks_drops_what_cannot_be_printed() -> None:
    hostile = "а\x00б\x07в\x9b\ufeff&#1;г\ud800д\u202eе &lt;b&gt; ☐ ☑\u2028ж"
    assert plain_text(read_blocks(f"<p>{hostile}</p>")) == "абвгде <b> □ ■ ж"


@pytest.mark.parametrize(
    ("markup", "message"),
    [
        ("<p>а</p>\n<img src=x>", "Line 2: <img> is not known in documents."),
        ("<script>alert(1)</script>", "Line 1: <script> is not known in documents."),
        ("<p.row>а</p.row>", "Line 1: <p.row> is not known in documents."),
        ("<document></document>", "Line 1: <document> is not known in documents."),
        ('<div class="hidden">а</div>', 'Line 1: <div class="hidden"> is not known in documents.'),
        ('<p class="big lead">а</p>', "Line 1: class 'big' is not known for <p>."),
        ('<p style="color:red">а</p>', "Line 1: attribute 'style' is not known for <p>."),
        ("<p>а<p>б</p></p>", "Line 1: <p> has no place in <p>."),
        ("<ol><p>а</p></ol>", "Line 1: <p> has no place in <ol>."),
        ('<p><span class="name">а</span></p>', "Line 1: <span> has no place in <p>."),
        ("<li>а</li>", "Line 1: <li> has no place in the document itself."),
        ("слова", "Line 1: text 'слова' has no place in the document itself."),
        ("<table>слова</table>", "Line 1: text 'слова' has no place in <table>."),
        ("<p>а", "Line 1: <p> is never closed."),
        ("<p><b>а</p>", "Line 1: </p> closes nothing: <b> is open."),
        ("<!DOCTYPE html><p>а</p>", "Line 1: <!DOCTYPE html> is not known in documents."),
        ("<?php echo?>", "Line 1: <?php echo?> is not known in documents."),
        ('<p class="left right">а</p>', "Line 1: <p> is both left and right."),
        ("<ol><li>а<ul><li>б</li></ul>в</li></ol>", "Line 1: words of <li> stand after the list inside it."),
        ("<table><tr><td>а</td></tr><tr><td/><td/></tr></table>", "Line 1: a row of <table> has 2 columns, not 1."),
        ('<table><tr><td colspan="0">а</td></tr></table>', "Line 1: colspan must be 1 to 99, not '0'."),
        (
            '<table><colgroup><col width="5mm"></colgroup><tr><td>а</td></tr></table>',
            "Line 1: width of <col> must be percent, like 25%, not '5mm'.",
        ),
    ],
)
def test_read_blocks_refuses_unknown_markup(markup: str, message: str) -> None:
    with pytest.raises(UnknownMarkup) as refusal:
        read_blocks(markup)
    assert str(refusal.value) == message


def test_page_setup_refuses_a_sheet_without_room() -> None:
    setup: Any = PageSetup
    wrong = [("font_size_pt", 11), ("line_spacing", 2), ("left_mm", 1), ("left_mm", 130), ("top_mm", 230)]
    for name, value in wrong:
        with pytest.raises(ValueError, match=r"must be|leave less"):
            setup(**{name: value})
    assert PageSetup(landscape=True).text_width_mm == 257
    assert PageSetup(title="а\x00б", draft="в\x07").title == "аб"


def test_pdf_and_docx_say_the_same_words() -> None:
    blocks = read_blocks(EVERYTHING)
    said = words(plain_text(blocks))
    assert said["ПРИКАЗЫВАЮ:"] == 1
    assert said["Константинопольская-Добровольская"] == 30
    assert pdf_words(to_pdf(blocks, PageSetup())) == said
    assert docx_words(to_docx(blocks, PageSetup())) == said


def test_lost_words_are_noticed() -> None:
    blocks = read_blocks(EVERYTHING)
    said = words(plain_text(blocks))
    assert said - pdf_words(to_pdf(blocks[:-1], PageSetup())) == {"Конец": 1}
    assert said - docx_words(to_docx(blocks[:-1], PageSetup())) == {"Конец": 1}


def paper(markup: str, **context: object) -> str:
    return render_to_string("core/documents/paper.html", {"blocks": read_blocks(markup), **context})


def test_paper_on_the_screen_says_the_same_words() -> None:
    tags_removed = re.sub(r"<[^>]+>", " ", paper(EVERYTHING)).replace("&amp;", "&").replace("&nbsp;", " ")
    spaces_before_marks = re.compile(r" (?=[.,;:])")
    assert words(spaces_before_marks.sub("", tags_removed)) == words(plain_text(read_blocks(EVERYTHING)))


def test_paper_on_the_screen_has_no_inline_style() -> None:
    html = paper(EVERYTHING, draft="ПРОЕКТ")
    assert (html.count("style="), html.count("<h1"), html.count('<div class="paper__draft">ПРОЕКТ</div>')) == (0, 0, 1)
    assert html.count('<col width="10.0%">') == 1
    assert "paper__draft" not in paper(EVERYTHING)


def test_paper_on_the_screen_escapes_values() -> None:
    payload = '<script>alert(1)</script><img src=x onerror="alert(2)">'
    shown = escape(payload)
    html = paper(f"<p>{shown}</p><table><tr><th>{shown}</th></tr></table><ol><li data-number='{shown}'>а</li></ol>")
    assert (html.count(str(shown)), html.count("<script"), html.count("<img")) == (3, 0, 0)
