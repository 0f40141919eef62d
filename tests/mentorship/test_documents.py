"""Blanks of consents: what the law wants on the paper, a document for each purpose, nothing of a passport kept."""

from __future__ import annotations

import io

import pytest
from docx import Document
from pypdf import PdfReader

from core.documents.blocks import plain_text, read_blocks
from mentorship.documents.consents import consent_blank_html, missing_blanks_file
from mentorship.models import Category, ConsentKind, Pair
from tests.mentorship.builders import card, day, grown_on


def words(person, kind: ConsentKind, pair: Pair | None = None) -> str:
    return plain_text(read_blocks(consent_blank_html(person, kind, pair)))


@pytest.mark.parametrize(
    ("kind", "needed"),
    [
        (
            ConsentKind.PROCESSING,
            [
                "Верескова Алла Петровна",
                "адрес:",
                "документ:",
                "«Школа № 17»",
                "ул. Озёрная",
                "Цель:",
                "Какие данные:",
                "Кому поручена обработка",
                "Что разрешено делать:",
                "Срок:",
                "отозвать",
            ],
        ),
        (
            ConsentKind.DISSEMINATION,
            [
                "телефон, электронная или почтовая связь",
                "ИНН 1234567890",
                "ОГРН 1234567890123",
                "/s/school17/",
                "Цель:",
                "Разрешаю показывать",
                "Где можно показывать",
                "Запреты:",
                "трёх рабочих дней",
                "фотография",
            ],
        ),
        (
            ConsentKind.MENTOR,
            [
                "Содержание работы",
                "Срок",
                "Форма",
                "Размер и условия оплаты",
                "трудовую функцию",
                "три рабочих дня",
                "добровольно",
            ],
        ),
        (ConsentKind.PAIR, ["Ольхин Борис Викторович", "вхождение в профессию", "участие не обязательно", "приказа"]),
    ],
)
def test_blank_says_what_its_purpose_needs(pair: Pair, kind: ConsentKind, needed: list[str]) -> None:
    text = words(pair.mentor, kind, pair)
    assert [part for part in needed if part not in text] == []


def test_each_purpose_is_its_own_paper(pair: Pair) -> None:
    titles = [words(pair.mentor, kind, pair).splitlines()[0] for kind in ConsentKind]
    assert titles == [
        "Согласие на обработку персональных данных",
        "Согласие на публикацию персональных данных",
        "Согласие на фото- и видеосъёмку",
        "Согласие на передачу персональных данных",
        "Согласие на работу наставником",
        "Согласие на участие в паре",
    ]


def test_minor_is_signed_for(school, reference, people) -> None:
    pupil = card(school, "Ветров Егор Ильич", "", category=Category.PUPIL, birth_date=grown_on(day(1)))
    text = words(pupil, ConsentKind.PROCESSING)
    assert ("в интересах ребёнка — Ветрова Егора Ильича" in text, "Законный представитель" in text) == (True, True)


def test_nothing_is_ticked_beforehand(pair: Pair) -> None:
    assert "■" not in words(pair.mentor, ConsentKind.DISSEMINATION)


def test_names_are_escaped(pair: Pair) -> None:
    pair.mentor.organisation.name = "<b>Школа</b> & Ко"
    assert "<b>Школа</b> & Ко" in words(pair.mentor, ConsentKind.MENTOR)


def test_missing_blanks_are_one_file_with_a_sheet_each(pair: Pair) -> None:
    missing = [need for need in pair.missing(day(0)) if need.person]
    name, content = missing_blanks_file(pair, missing)
    pages = [page.extract_text().splitlines()[0] for page in PdfReader(io.BytesIO(content)).pages]
    assert name == "Бланки согласий — Верескова А. П. — Ольхин Б. В.pdf"
    assert len([line for line in pages if line.startswith("Согласие")]) == 4


@pytest.mark.parametrize("kind", [kind for kind in ConsentKind if kind != ConsentKind.PAIR])
def test_blank_fits_one_sheet(pair: Pair, people, client_of, kind: ConsentKind) -> None:
    url = f"/cabinet/participants/{pair.mentor_id}/consents/{kind.value}/blank"
    client = client_of(people.curator)
    pdf = b"".join(client.get(f"{url}.pdf").streaming_content)
    docx = b"".join(client.get(f"{url}.docx").streaming_content)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert "Верескова Алла Петровна" in "\n".join(one.text for one in Document(io.BytesIO(docx)).paragraphs)
