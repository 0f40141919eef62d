"""The main job as people do it: a pair, its consents, the order, the director, the papers, the public page."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from accounts.permissions import today
from tests.browser.conftest import Portal
from tests.core.document_words import docx_words, pdf_words

MENTOR, MENTEE = "Ильина Наталья Ильинична", "Орлова Вероника Ильдаровна"
SCAN = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF"
)


@pytest.fixture
def curator(own_portal: Portal, enter: Callable[..., BrowserContext]) -> Page:
    return enter(own_portal, "curator").new_page()


@pytest.fixture
def director(own_portal: Portal, enter: Callable[..., BrowserContext]) -> Page:
    return enter(own_portal, "director").new_page()


@pytest.fixture
def visitor(own_portal: Portal, enter: Callable[..., BrowserContext]) -> Page:
    return enter(own_portal, "").new_page()


def form_pair(page: Page) -> None:
    """Choose two people; the pair's page opens and says what is missing."""
    page.goto("/cabinet/pairs/new/")
    page.get_by_label("Наставник", exact=False).first.select_option(label=option(page, "Наставник", MENTOR))
    page.get_by_label("Наставляемый", exact=False).first.select_option(label=option(page, "Наставляемый", MENTEE))
    page.get_by_label("Форма").select_option(label="педагог – педагог")
    page.get_by_label("традиционное (один на один)").check()
    page.get_by_label("Направление").select_option(label="работа с родителями")
    page.get_by_label("Начало").fill(today().isoformat())
    page.get_by_label("Окончание").fill(today().replace(year=today().year + 1).isoformat())
    page.get_by_role("button", name="Составить пару").click()
    page.wait_for_url(re.compile(r"/cabinet/pairs/\d+/$"))


def option(page: Page, label: str, name: str) -> str:
    """The whole text of the option that begins with the name."""
    options = page.get_by_label(label, exact=False).first.locator("option").all_inner_texts()
    return next(text for text in options if text.startswith(name))


WORK = {
    "Содержание работы": "Помощь молодому педагогу",
    "Срок работы": "до конца учебного года",
    "Форма": "педагог – педагог",
    "Размер и условия оплаты": "10 % оклада ежемесячно",
}


def record_signature(page: Page, *, ticks: tuple[str, ...] = ()) -> None:
    """Fill the page of a consent that is open; the mentor's names the conditions of the work as well."""
    page.get_by_label("согласие", exact=True).check()
    page.get_by_label("Дата подписи").fill(today().isoformat())
    page.get_by_label("подписано на бумаге").check()
    for tick in ticks:
        page.get_by_label(tick, exact=True).check()
    for label, words in WORK.items():
        if page.get_by_label(label, exact=True).count():
            page.get_by_label(label, exact=True).fill(words)
    files = [{"name": "Согласие.pdf", "mimeType": "application/pdf", "buffer": SCAN}]
    page.get_by_label("Скан подписанной бумаги").set_input_files(files)  # type: ignore[arg-type]
    page.get_by_role("button", name="Записать").click()
    page.wait_for_url(lambda url: not url.endswith("/new/"))


def test_a_pair_goes_from_two_people_to_the_public_page(
    own_portal: Portal, curator: Page, director: Page, visitor: Page
) -> None:
    form_pair(curator)
    pair = curator.url
    expect(curator.get_by_text("не хватает 3 условий")).to_be_visible()

    order = draft_order(curator)
    assert "Ильину Наталью Ильиничну, учителя начальных классов" in curator.locator(".paper").inner_text()
    curator.goto(order + "submit/")
    expect(curator.locator("main")).to_contain_text("Нет согласия: Ильина Н. И. — работа наставником.")

    for _ in range(2):
        curator.goto(pair)
        curator.get_by_role("link", name="Отметить подпись").first.click()
        record_signature(curator)
    curator.goto(pair)
    expect(curator.get_by_text("не хватает 1 условия")).to_be_visible()

    submit(curator, order)
    assert curator.goto(order + "approve/").status == 403  # type: ignore[union-attr]
    expect(curator.locator("main")).to_contain_text("доступно ролям — директор")

    return_with_remark(director)
    correct(curator, order)
    submit(curator, order)
    approve(director, order, taken="67-од", number="70-од")

    curator.goto(pair)
    expect(curator.get_by_text("действует", exact=True).first).to_be_visible()
    same_bytes_each_time(curator, own_portal.address, order)
    publish_and_withdraw(curator, visitor)


def draft_order(page: Page) -> str:
    """Draft from the pair's page; gives the address of the order."""
    page.get_by_role("link", name=re.compile("Составить проект")).first.click()
    page.get_by_label("Основания").fill("приказа от 01.09.2026 № 5")
    page.get_by_role("button", name="Составить проект").click()
    page.wait_for_url(re.compile(r"/cabinet/orders/\d+/$"))
    return page.url


def submit(page: Page, order: str) -> None:
    page.goto(order)
    if page.get_by_role("button", name="Обновить текст").count():
        page.get_by_role("button", name="Обновить текст").click()
    page.goto(order + "submit/")
    page.get_by_role("button", name="Передать директору").click()
    expect(page.get_by_text("на утверждении").first).to_be_visible()


def return_with_remark(page: Page) -> None:
    """The director finds the order at home, reads it and returns it."""
    page.goto("/cabinet/")
    page.get_by_role("link", name=re.compile("Прочитать и утвердить")).last.click()
    page.get_by_role("link", name=re.compile("Вернуть")).first.click()
    page.get_by_label("Что исправить").fill("Добавьте срок составления программы.")
    page.get_by_role("button", name="Вернуть куратору").click()
    expect(page.get_by_text("возвращён").first).to_be_visible()


def correct(page: Page, order: str) -> None:
    """The curator reads the remark and edits a clause by hand."""
    page.goto(order)
    expect(page.get_by_text("Добавьте срок составления программы.").first).to_be_visible()
    page.goto(order + "clauses/")
    clause = page.get_by_label("Пункт 2", exact=True)
    clause.fill(clause.input_value().rstrip(".") + " в течение десяти дней.")
    page.get_by_role("button", name="Сохранить").click()
    page.goto(order)
    expect(page.locator(".paper")).to_contain_text("в течение десяти дней.")


def approve(page: Page, order: str, *, taken: str, number: str) -> None:
    """The director meets a number that is taken, then gives a free one."""
    page.goto(order + "approve/")
    page.get_by_label("Номер").fill(taken)
    page.get_by_role("button", name="Утвердить").click()
    expect(page.locator(".invalid-feedback").first).to_contain_text(f"№ {taken}")
    page.get_by_label("Номер").fill(number)
    page.get_by_role("button", name="Утвердить").click()
    expect(page.get_by_text("утверждён", exact=True).first).to_be_visible()


def same_bytes_each_time(page: Page, address: str, order: str) -> None:
    """Both papers, twice: the same bytes, and the same words in both."""
    papers = {kind: [page.request.get(f"{order}file/{kind}/").body() for _ in range(2)] for kind in ("pdf", "docx")}
    assert papers["pdf"][0] == papers["pdf"][1]
    assert papers["docx"][0] == papers["docx"][1]
    assert pdf_words(papers["pdf"][0]) == docx_words(papers["docx"][0])
    assert pdf_words(papers["pdf"][0])["70-од"] > 0


def publish_and_withdraw(curator: Page, visitor: Page) -> None:
    """A name appears with the consent and is gone at the next request after its withdrawal."""
    visitor.goto("/s/school17/pairs/")
    expect(visitor.get_by_text("работа с родителями")).to_be_visible()
    expect(visitor.locator("main")).not_to_contain_text(MENTOR)
    card = open_card(curator)
    curator.goto(card + "consents/dissemination/new/")
    record_signature(
        curator, ticks=("фамилия, имя, отчество", "должность и предмет", "открытый раздел «Наставничество» школы")
    )
    visitor.reload()
    expect(visitor.locator("main")).to_contain_text(MENTOR)
    curator.goto(card)
    curator.locator("tr", has_text="Публикация").get_by_role("link", name="Отозвать").click()
    curator.get_by_label(re.compile("Основание|Почему|Причина")).fill("Заявление")
    curator.get_by_role("button", name="Отозвать согласие").click()
    visitor.reload()
    expect(visitor.locator("main")).not_to_contain_text(MENTOR)


def open_card(page: Page) -> str:
    page.goto("/cabinet/participants/?q=ильина")
    page.get_by_role("link", name=MENTOR).click()
    page.wait_for_url(re.compile(r"/cabinet/participants/\d+/$"))
    return page.url


def test_pages_work_without_scripts(own_portal: Portal, enter: Callable[..., BrowserContext], tmp_path: Path) -> None:
    """The same forms and links with JavaScript switched off."""
    page = enter(own_portal, "curator", java_script_enabled=False).new_page()
    form_pair(page)
    expect(page.get_by_text("не хватает 3 условий")).to_be_visible()
    page.goto("/cabinet/participants/")
    page.get_by_label("Фамилия, имя или отчество").fill("мамедов")
    page.get_by_role("button", name="Показать").click()
    expect(page.get_by_role("link", name="Мамедов Рашид Гусейн оглы")).to_be_visible()
