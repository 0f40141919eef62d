"""The bank as a curator fills it: a table with faults, a consent on paper, the bank, an interview, the federal form."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.permissions import today
from mentorship.models.federal import COLUMNS
from tests.browser.conftest import Portal
from tests.browser.test_journey import SCAN
from tests.core.document_words import docx_words, pdf_words
from tests.mentorship.tables import FAULTS, teachers, with_faults, xlsx

NEWCOMER = "Абрикосова Анна Петровна"


@pytest.fixture
def curator(own_portal: Portal, enter: Callable[..., BrowserContext]) -> Page:
    return enter(own_portal, "curator").new_page()


def send_table(page: Page, content: bytes) -> None:
    """Upload a file and agree with the columns that the portal has recognised."""
    page.goto("/cabinet/imports/new/")
    files = [{"name": "Педагоги.xlsx", "mimeType": "application/vnd.ms-excel", "buffer": content}]
    page.get_by_label("Файл с таблицей").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="Прочитать файл").click()
    page.get_by_role("button", name="Проверить строки").click()
    page.wait_for_url(re.compile(r"/preview/$"))


def download(page: Page, link: str) -> bytes:
    """What a link of the page gives to save."""
    with page.expect_download() as waiting:
        page.get_by_role("link", name=link, exact=True).click()
    return Path(waiting.value.path()).read_bytes()


def test_forty_teachers_come_from_a_table_and_one_of_them_reaches_the_federal_form(curator: Page) -> None:
    send_table(curator, xlsx(with_faults()))
    expect(curator.get_by_text("Ошибки в 5 строках")).to_be_visible()
    for _, _, words in FAULTS.values():
        expect(curator.get_by_text(words).first).to_be_visible()
    expect(curator.get_by_role("button", name="Внести в портал")).to_be_disabled()
    send_table(curator, xlsx(teachers()))
    curator.get_by_role("button", name="Внести в портал").click()
    curator.goto(f"/cabinet/participants/?q={NEWCOMER}")
    curator.get_by_role("link", name=NEWCOMER).click()
    card = curator.url

    open_bank_card(curator)
    bank = curator.url
    expect(curator.get_by_text("Нет согласия на обработку персональных данных").first).to_be_visible()
    expect(curator.get_by_role("button", name="Внести в банк")).to_be_disabled()

    sign_processing(curator, card)
    curator.goto(bank)
    curator.get_by_role("button", name="Внести в банк").click()
    expect(curator.get_by_text("Внесено в банк.").first).to_be_visible()

    talk(curator, bank)
    expect(curator.get_by_text("отобран", exact=True).first).to_be_visible()

    check_federal_form(curator)


def open_bank_card(page: Page) -> None:
    """The newcomer becomes a candidate of the bank of mentors."""
    page.goto(f"/cabinet/banks/new/?role=mentor&q={NEWCOMER}")
    page.get_by_label(NEWCOMER).check()
    page.get_by_role("button", name="Добавить кандидатами").click()
    page.goto(f"/cabinet/banks/?role=mentor&q={NEWCOMER}")
    page.get_by_role("link", name=NEWCOMER).click()


def sign_processing(page: Page, card: str) -> None:
    """Print the blank, attach the scan of what was signed."""
    page.goto(card)
    blank = page.request.get(f"{card}consents/processing/blank.pdf").body()
    assert pdf_words(blank)["Абрикосова"] > 0
    page.goto(f"{card}consents/processing/new/")
    page.get_by_label("согласие", exact=True).check()
    page.get_by_label("Дата подписи").fill(today().isoformat())
    page.get_by_label("подписано на бумаге").check()
    files = [{"name": "Согласие.pdf", "mimeType": "application/pdf", "buffer": SCAN}]
    page.get_by_label("Скан подписанной бумаги").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="Записать").click()
    page.wait_for_url(card)
    assert page.request.get(page.get_by_role("link", name="Скачать").first.get_attribute("href") or "").body() == SCAN


def talk(page: Page, bank: str) -> None:
    """An interview held today without planning, with a recommendation."""
    page.goto(f"{bank}interview/")
    page.get_by_label("Кто проводил").select_option(index=1)
    page.get_by_label("Когда прошло").fill(today().isoformat())
    page.get_by_label("рекомендован к участию", exact=True).check()
    page.get_by_label("Запись разговора").fill("Готова вести одного молодого педагога.")
    page.locator("main form button[type=submit]").last.click()
    page.goto(bank)


def check_federal_form(page: Page) -> None:
    """The newcomer stands in the snapshot and in its three files, under the federal columns."""
    page.goto("/cabinet/banks/form/?role=mentor")
    page.get_by_role("button", name="Сделать снимок").click()
    page.wait_for_url(re.compile(r"/snapshots/\d+/$"))
    titles = [column.title for column in COLUMNS["mentor"]]
    book = openpyxl.load_workbook(io.BytesIO(download(page, "Таблица Excel")))
    rows = [[cell for cell in row if cell is not None] for row in book.active.values]
    assert next(row for row in rows if titles[1] in row) == titles
    assert [row[1] for row in rows if NEWCOMER in row] == [NEWCOMER]
    assert [
        count["Абрикосова"] for count in (pdf_words(download(page, "PDF")), docx_words(download(page, "Word")))
    ] == [1, 1]
