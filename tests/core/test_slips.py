"""Slips to cut out: four to a page whatever stands on them, every word printed."""

import io

import pytest
from pypdf import PdfReader

from core.documents.pictures import data_uri
from core.documents.slips import ON_A_PAGE, Slip, slips_pdf


def slip(number: int = 1, **more: str) -> Slip:
    values = {
        "head": "МБОУ «Школа № 17»",
        "title": "Приглашение в портал",
        "name": f"Человек № {number}",
        "large": "HK4P-9MTR-W2XD",
        "text": "Введите код и придумайте пароль.",
        "address": "portal.example/join/",
        "link": "https://portal.example/join/#HK4P-9MTR-W2XD",
    }
    return Slip(**{**values, **more}, facts=(("Логин", "ivanova.ap"), ("Годится до", "26.11.2026")))


def pages(*slips: Slip) -> list[str]:
    pdf = slips_pdf(slips, title="Листки", author="Школа")
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_slip_prints_all_its_words():
    (text,) = pages(slip())
    words = ["Школа № 17", "Приглашение в портал", "Человек № 1", "HK4P-9MTR-W2XD", "ivanova.ap", "26.11.2026"]
    words += ["Введите код и придумайте пароль.", "portal.example/join/"]
    assert [word for word in words if word not in text] == []


@pytest.mark.parametrize(("count", "expected"), [(1, 1), (ON_A_PAGE, 1), (ON_A_PAGE + 1, 2), (50, 13)])
def test_slips_stand_four_to_a_page(count, expected):
    found = pages(*(slip(number) for number in range(count)))
    assert len(found) == expected
    assert [text.count("HK4P-9MTR-W2XD") for text in found[:-1]] == [ON_A_PAGE] * (expected - 1)


def test_longest_words_do_not_push_a_slip_off_its_page():
    long = slip(head="Муниципальное бюджетное учреждение " * 6, name="Константинопольская-Добровольская " * 5)
    found = pages(*[long] * 8)
    assert [text.count("HK4P-9MTR-W2XD") for text in found] == [4, 4]


def test_words_of_people_are_no_markup():
    (text,) = pages(slip(name="<b>Ян</b> & Ко"))
    assert "<b>Ян</b> & Ко" in text


def test_square_code_is_a_picture_of_the_link():
    first, second = slip().picture, slip(link="https://portal.example/join/#AAAA-BBBB-CCCC").picture
    assert first.startswith(data_uri(b"\x89PNG")[:22])
    assert first != second
