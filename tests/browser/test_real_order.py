"""A real order of a village school, entered through the pages: its requisites and clauses come out on paper."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

from docx import Document
from playwright.sync_api import BrowserContext, Page, expect
from pypdf import PdfReader

from tests.browser.conftest import Portal
from tests.core.document_words import docx_words, pdf_words

HEADER = (
    "Муниципальное бюджетное общеобразовательное учреждение",
    "«Средняя общеобразовательная школа № 4» с. Октябрьское",
    "Ханкайского муниципального округа Приморского края",
)
SCHOOL = "МБОУ СОШ № 4 с. Октябрьское"
TITLE = (
    "Об утверждении положения о системе наставничества, дорожной карты (плана мероприятий) "
    f"в {SCHOOL} на 2022-2023 учебный год"
)
BASIS = (
    "и на основании приказа от 29.08.2022 г. № 100 «О внедрении (целевой модели) наставничества»",
    f"в соответствии с решением педагогического совета {SCHOOL} от 30.08.2022 г. (Протокол № 1)",
)
ACT = f"Положение о системе наставничества педагогических работников {SCHOOL}"
MAP = f"Дорожная карта (план мероприятий) наставничества в {SCHOOL}"
EXPECTED = (
    *HEADER,
    "ПРИКАЗ",
    "01.09.2022",
    "с. Октябрьское",
    "№ 71-б",
    TITLE,
    "В целях внедрения системы наставничества педагогических работников и на основании приказа от 29.08.2022 г. № 100",
    "от 30.08.2022 г. (Протокол № 1)",
    "ПРИКАЗЫВАЮ:",
    "1. Утвердить и ввести в действие с «01» сентября 2022 г.",
    f"{ACT} (приложение 1)",
    f"{MAP} (приложение 2)",
    "Теслину С.Н., заместителя директора по учебно-воспитательной работе",
    "3. Контроль за исполнением приказа оставляю за собой.",
    "Директор",
    "В. В. Лычагин",
    "Приложение 1",
    "Приложение 2",
    "Октябрь 2022",
)


def plain(text: str) -> str:
    """A text with single ordinary spaces; hyphens at line ends are not told from others."""
    joined = text.replace("\u2010\n", "").replace("\u00ad", "")
    return re.sub(r"\s+", " ", re.sub(r"(?<=\w-)\n", "", joined)).replace("\u2011", "-")


def fill(page: Page, values: dict[str, str]) -> None:
    for label, value in values.items():
        page.get_by_label(label, exact=False).first.fill(value)


def enter_requisites(page: Page) -> None:
    page.goto("/cabinet/")
    page.get_by_role("link", name="Об организации").click()
    page.get_by_role("link", name=re.compile("Изменить")).first.click()
    fill(
        page,
        {
            "Полное наименование": "\n".join(HEADER),
            "Краткое наименование": SCHOOL,
            "Место издания документов": "с. Октябрьское",
            "Руководитель": "Лычагин В.В.",
        },
    )
    page.get_by_label("Пол руководителя").select_option(label="мужской")
    page.get_by_role("button", name="Сохранить").click()
    expect(page.get_by_text(SCHOOL).first).to_be_visible()


def enter_act(page: Page) -> None:
    page.goto("/cabinet/acts/new/")
    fill(page, {"Название": ACT, "Текст": "1. Общие положения\n1.1. Положение определяет порядок наставничества."})
    page.get_by_role("button", name="Сохранить проект").click()
    expect(page.get_by_role("heading", name=ACT, level=1)).to_be_visible()


def enter_roadmap(page: Page) -> None:
    page.goto("/cabinet/roadmap/new/")
    fill(page, {"Название": MAP, "Начало": "2022-09-01", "Окончание": "2023-08-31"})
    page.get_by_role("button", name="Создать черновик").click()
    page.get_by_role("link", name="Добавить этап").click()
    fill(page, {"Название этапа": "Подготовка условий"})
    page.get_by_role("button", name="Добавить этап").click()
    page.get_by_role("link", name="Добавить пункт").click()
    fill(
        page,
        {
            "Содержание": "Изучить нормативную базу наставничества",
            "Срок, как в документе": "Октябрь 2022",
            "Ответственный, как в документе": "Директор",
        },
    )
    page.get_by_role("button", name="Добавить пункт").click()
    expect(page.get_by_text("Изучить нормативную базу наставничества").first).to_be_visible()


def enter_order(page: Page) -> str:
    page.goto("/cabinet/orders/new/regulation_and_roadmap/")
    page.get_by_label("Положение", exact=False).first.select_option(label=ACT)
    page.get_by_label("Дорожная карта", exact=False).first.select_option(label=MAP)
    fill(
        page,
        {
            "Заголовок": TITLE,
            "Цель": "В целях внедрения системы наставничества педагогических работников",
            "Основания": "\n".join(BASIS),
            "Действует с": "2022-09-01",
            "Ответственный": "Теслина С.Н.",
            "Должность ответственного": "заместитель директора по учебно-воспитательной работе",
        },
    )
    page.get_by_role("button", name="Составить проект").click()
    page.wait_for_url(re.compile(r"/cabinet/orders/\d+/$"))
    return page.url


def test_a_real_order_comes_out_with_its_requisites(own_portal: Portal, enter: Callable[..., BrowserContext]) -> None:
    curator, director = enter(own_portal, "curator").new_page(), enter(own_portal, "director").new_page()
    enter_requisites(curator)
    enter_act(curator)
    enter_roadmap(curator)
    order = enter_order(curator)
    curator.goto(order + "submit/")
    curator.get_by_role("button", name="Передать директору").click()

    director.goto(order + "approve/")
    fill(director, {"Номер": "71-б", "Дата": "2022-09-01"})
    director.get_by_role("button", name="Утвердить").click()
    expect(director.get_by_text("утверждён", exact=True).first).to_be_visible()

    pdf, docx = (curator.request.get(f"{order}file/{kind}/").body() for kind in ("pdf", "docx"))
    assert pdf_words(pdf) == docx_words(docx)
    on_paper = plain("\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages))
    document = Document(BytesIO(docx))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    in_word = plain(" ".join([*(paragraph.text for paragraph in document.paragraphs), *cells]))
    assert [words for words in EXPECTED if words not in on_paper] == []
    assert [words for words in EXPECTED if words not in in_word] == []
