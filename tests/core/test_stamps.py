"""The approval stamp: requisite by requisite as schools print it, in both styles and in both formats."""

from __future__ import annotations

from typing import Any

import pytest
from django.template.loader import render_to_string

from core.documents.blocks import plain_text, read_blocks
from core.documents.docx import to_docx
from core.documents.page import PageSetup
from core.documents.parts import Block, Run, Stamp
from core.documents.pdf import to_pdf
from core.documents.stamps import Approval, Style, approved_word
from tests.core.document_words import docx_words, pdf_words, words

BLANK = "от ___.___.20___ № _____"
PROTOCOL = {"word": "ПРИНЯТО", "who": "Педагогический совет", "name": "", "paper": "протокол от 30.08.2022 № 1"}
UNION = {"word": "СОГЛАСОВАНО", "who": "Председатель профкома", "name": "И. О. Юн", "paper": "01.09.2022"}


def blocks(approval: Approval, **more: Any) -> list[Block]:
    return read_blocks(render_to_string("core/documents/approval.html", {"approval": approval, **more}))


def lines(approval: Approval, **more: Any) -> list[str]:
    return plain_text(blocks(approval, **more)).split("\n")


# A stamp of each form that schools use: what is given, what stands on the paper.
FORMS = {
    "gymnasium, by the director, the roadmap is feminine": (
        Approval(
            style=Style.BY_HEAD,
            word="УТВЕРЖДЕНА",
            post="Директор",
            organisation="ОГАОУ «Гимназия № 2»",
            name="М. О. Мельникова",
            requisites="№ 156-О от «01» сентября 2023 г.",
        ),
        [
            "УТВЕРЖДЕНА",
            "Директор ОГАОУ «Гимназия № 2»",
            "____________ М. О. Мельникова",
            "Приказ № 156-О от «01» сентября 2023 г.",
        ],
    ),
    "kindergarten, another head, surname first, no number yet": (
        Approval(
            style=Style.BY_HEAD,
            post="Заведующий",
            organisation="МБДОУ № 58",
            name="Щербакова Т. В.",
            requisites="№ _____ от 09.01.2024",
        ),
        ["УТВЕРЖДАЮ", "Заведующий МБДОУ № 58", "____________ Щербакова Т. В.", "Приказ № _____ от 09.01.2024"],
    ),
    "by the head without an order": (
        Approval(style=Style.BY_HEAD, post="Директор", organisation="Школа", name="И. О. Юн", date="09.01.2024"),
        ["УТВЕРЖДАЮ", "Директор Школа", "____________ И. О. Юн", "09.01.2024"],
    ),
    "by an order": (
        Approval(style=Style.BY_ORDER, organisation="МБОУ СОШ № 4", requisites="от 01.09.2022 № 71-б"),
        ["УТВЕРЖДЕНО", "приказом МБОУ СОШ № 4", "от 01.09.2022 № 71-б"],
    ),
    "by an order that is a draft": (
        Approval(style=Style.BY_ORDER, organisation="МБОУ СОШ № 4", requisites=BLANK),
        ["УТВЕРЖДЕНО", "приказом МБОУ СОШ № 4", BLANK],
    ),
}


@pytest.mark.parametrize("form", FORMS)
def test_stamp_has_every_requisite(form: str) -> None:
    approval, printed = FORMS[form]
    assert lines(approval) == printed


def test_stamp_of_an_appendix_has_its_number_and_the_gender_of_the_paper() -> None:
    approval, printed = FORMS["by an order"]
    said = lines(approval, appendix=2, word="УТВЕРЖДЕНА")
    assert said == ["Приложение 2", "УТВЕРЖДЕНА", *printed[1:]]


def test_word_of_a_paper_does_not_change_the_stamp_of_the_head() -> None:
    approval, printed = FORMS["kindergarten, another head, surname first, no number yet"]
    assert lines(approval, word="УТВЕРЖДЕНА") == printed


def test_agreement_marks_stand_before_the_approval() -> None:
    approval, printed = FORMS["by an order"]
    assert lines(approval, marks=[PROTOCOL, UNION]) == [
        "ПРИНЯТО",
        "Педагогический совет",
        "протокол от 30.08.2022 № 1",
        "СОГЛАСОВАНО",
        "Председатель профкома",
        "И. О. Юн",
        "01.09.2022",
        *printed,
    ]


@pytest.mark.parametrize("marks", [[], [PROTOCOL], [PROTOCOL, UNION]])
@pytest.mark.parametrize("form", FORMS)
def test_stamp_says_the_same_in_both_formats(form: str, marks: list[dict[str, str]]) -> None:
    made = [*read_blocks("<header>Школа</header>"), *blocks(FORMS[form][0], marks=marks), *read_blocks("<p>Текст.</p>")]
    said = words(plain_text(made))
    setup = PageSetup(title="Гриф")
    assert (pdf_words(to_pdf(made, setup)), docx_words(to_docx(made, setup))) == (said, said)


def test_marks_are_read_apart_from_the_lines() -> None:
    (block,) = read_blocks('<div class="stamp"><div class="mark"><p>А</p><p>Б</p></div>В<div class="mark"></div></div>')
    assert block == Stamp(((Run("В"),),), (((Run("А"),), (Run("Б"),)),))
    assert read_blocks('<div class="stamp"><div class="mark"></div></div>') == []


@pytest.mark.parametrize(
    ("title", "word"),
    [
        ("Положение о наставничестве", "УТВЕРЖДЕНО"),
        ("Порядок поощрения", "УТВЕРЖДЁН"),
        ("Программа наставничества", "УТВЕРЖДЕНА"),
        ("Дорожная карта на год", "УТВЕРЖДЕНА"),
        ("Меры стимулирования", "УТВЕРЖДЕНЫ"),
        ("«Программа» школы", "УТВЕРЖДЕНА"),
        ("Что-то ещё", "УТВЕРЖДЕНО"),
        ("", "УТВЕРЖДЕНО"),
    ],
)
def test_word_agrees_with_what_the_title_names(title: str, word: str) -> None:
    assert approved_word(title) == word
