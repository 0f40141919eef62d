"""The life of an order as people do it: a group with a hard surname, an acting head, a return, the readers, and the
orders that later change and cancel it."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from io import BytesIO

import openpyxl
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from accounts.permissions import today
from tests.browser.conftest import Portal
from tests.browser.test_journey import draft_order, option, record_signature, submit
from tests.core.document_words import docx_words, pdf_words

MENTOR = "Ильина Наталья Ильинична"
HARD = "Репина Инна Геннадьевна"
MENTEES = (HARD, "Мамедов Рашид Гусейн оглы", "Орлова Вероника Ильдаровна")
# The fields offer the next place only after «Ещё наставляемый».
PLACES = ("Наставляемый", "Наставляемый 2", "Наставляемый 3")


def name_acting_head(page: Page) -> None:
    page.goto("/cabinet/")
    page.get_by_role("link", name="Об организации").click()
    page.locator("section", has=page.locator("#acting")).get_by_role("link", name="Добавить").click()
    page.get_by_label("Фамилия, имя, отчество").fill("Тихая Анна Львовна")
    page.get_by_label("Пол").select_option(label="женский")
    page.get_by_label("С какого дня").fill(today().isoformat())
    page.get_by_label("По какой день").fill((today() + dt.timedelta(days=14)).isoformat())
    page.get_by_label("Основание").fill("приказ от 20.11.2026 № 45-к")
    page.locator("main form button[type=submit]").last.click()
    expect(page.get_by_text("Тихая").first).to_be_visible()


def form_group(page: Page) -> str:
    page.goto("/cabinet/pairs/new/")
    for _ in MENTEES[1:]:
        page.get_by_role("button", name="Ещё наставляемый").click()
    page.get_by_label("Наставник", exact=False).first.select_option(label=option(page, "Наставник", MENTOR))
    for number, name in enumerate(MENTEES, 1):
        field = page.locator(f"select[name=mentee_{number}]")
        label = next(text for text in field.locator("option").all_inner_texts() if text.startswith(name))
        field.select_option(label=label)
    page.get_by_label("Форма").select_option(label="педагог – педагог")
    page.get_by_label("групповое").check()
    page.get_by_label("Направление").select_option(label="работа с родителями")
    page.get_by_label("Начало").fill(today().isoformat())
    page.get_by_label("Окончание").fill(today().replace(year=today().year + 1).isoformat())
    page.get_by_role("button", name="Составить пару").click()
    page.wait_for_url(re.compile(r"/cabinet/pairs/\d+/$"))
    return page.url


def card_of(page: Page, name: str) -> str:
    page.goto(f"/cabinet/participants/?q={name}")
    page.get_by_role("link", name=name).click()
    page.wait_for_url(re.compile(r"/cabinet/participants/\d+/$"))
    return page.url


def sign_everything(page: Page, pair: str) -> None:
    """The newcomer's consent to processing, then what the group still asks for."""
    page.goto(card_of(page, HARD) + "consents/processing/new/")
    record_signature(page)
    for _ in range(1 + len(MENTEES)):
        page.goto(pair)
        page.get_by_role("link", name="Отметить подпись").first.click()
        record_signature(page)


def confirm_name(page: Page) -> None:
    """What the grammars disagree about is read by a human before it may stand in an order."""
    page.goto(card_of(page, HARD) + "forms/")
    page.get_by_role("button", name="Формы верны, сохранить").click()
    expect(page.get_by_text("Формы имени сохранены").first).to_be_visible()


def refused(page: Page, order: str, words: str) -> None:
    page.goto(order + "submit/")
    expect(page.locator("main")).to_contain_text(words)
    expect(page.get_by_role("button", name="Передать директору")).to_be_disabled()


def return_for_a_clause(page: Page, order: str) -> None:
    page.goto(order + "return/")
    page.get_by_label("Что исправить").fill("Уточните пункт о встречах.")
    page.get_by_text("Замечания к пунктам").click()
    page.locator("details textarea").nth(1).fill("Назовите, сколько раз в месяц.")
    page.get_by_role("button", name="Вернуть куратору").click()
    expect(page.get_by_text("возвращён").first).to_be_visible()


def mend_the_clause(page: Page, order: str) -> None:
    page.goto(order + "clauses/")
    expect(page.locator("main")).to_contain_text("Назовите, сколько раз в месяц.")
    clause = page.get_by_label("Пункт 2", exact=True)
    clause.fill(clause.input_value().rstrip(".") + " не реже двух раз в месяц.")
    page.get_by_role("button", name="Сохранить").click()


def approve(page: Page, order: str, number: str) -> None:
    page.goto(order + "approve/")
    page.get_by_label("Номер").fill(number)
    page.get_by_role("button", name="Утвердить").click()
    expect(page.get_by_text("утверждён", exact=True).first).to_be_visible()


def paper_of(page: Page, order: str) -> str:
    """The words of the frozen PDF in one line; the DOCX has the same ones."""
    pdf, docx = (page.request.get(f"{order}file/{kind}/").body() for kind in ("pdf", "docx"))
    assert pdf_words(pdf) == docx_words(docx)
    return re.sub(r"\s+", " ", " ".join(one.extract_text() for one in PdfReader(BytesIO(pdf)).pages))


def everybody_has_read(page: Page, order: str) -> None:
    """None of the four enters the portal: they sign the sheet, the curator marks it."""
    page.goto(order + "readers/")
    ticks = page.locator("input[name=rows]")
    assert ticks.count() >= 1 + len(MENTEES)
    for number in range(ticks.count()):
        ticks.nth(number).check()
    page.get_by_role("button", name="Отметить").click()
    expect(page.locator("main")).to_contain_text("Ознакомлены все")


def draft_later(page: Page, kind: str, order: str, **answers: str) -> str:
    """An order about the order."""
    page.goto(f"/cabinet/orders/new/{kind}/?target={order.rstrip('/').rpartition('/')[2]}")
    for name, text in answers.items():
        page.locator(f"[name={name}]").fill(text)
    page.get_by_role("button", name="Составить проект").click()
    page.wait_for_url(re.compile(r"/cabinet/orders/\d+/$"))
    return page.url


def test_an_order_lives_from_its_draft_to_its_cancellation(
    own_portal: Portal, enter: Callable[..., BrowserContext]
) -> None:
    curator, director = (enter(own_portal, login).new_page() for login in ("curator", "director"))
    name_acting_head(curator)
    group = form_group(curator)
    order = draft_order(curator)
    sign_everything(curator, group)
    refused(curator, order, f"Не проверено, как склоняется имя: {HARD}.")
    confirm_name(curator)

    submit(curator, order)
    return_for_a_clause(director, order)
    mend_the_clause(curator, order)
    submit(curator, order)
    approve(director, order, "70-од")
    paper = paper_of(director, order)
    for words in ("Ильину Наталью Ильиничну", "Репин", "Мамедов", "И. о. директора", "А. Л. Тихая", "№ 70-од"):
        assert words in paper, words
    curator.goto(group)
    expect(curator.get_by_text("действует", exact=True).first).to_be_visible()
    everybody_has_read(curator, order)

    amendment = draft_later(curator, "amendment", order, changes="В пункте 2 слово «двух» заменить словом «трёх»")
    submit(curator, amendment)
    approve(director, amendment, "71-од")
    cancellation = draft_later(curator, "cancellation", order, reason="в связи с болезнью наставника")
    submit(curator, cancellation)
    approve(director, cancellation, "72-од")

    curator.goto(order)
    expect(curator.locator("main")).to_contain_text("№ 71-од")
    expect(curator.locator("main")).to_contain_text("№ 72-од")
    assert paper_of(director, order) == paper, "what is approved changes by no letter"
    curator.goto(group)
    expect(curator.locator(".head .chip").first).to_have_text("завершена")
    register_tells_all(curator)


def register_tells_all(page: Page) -> None:
    page.goto("/cabinet/orders/?q=70-од")
    row = page.locator("tbody tr", has=page.get_by_text("70-од", exact=True))
    expect(row).to_contain_text("отменён")
    book = openpyxl.load_workbook(BytesIO(page.request.get("/cabinet/orders/export.xlsx").body()))
    numbers = [cell for row in book.active.values for cell in row if cell in ("70-од", "71-од", "72-од")]
    assert sorted(numbers) == ["70-од", "71-од", "72-од"]
