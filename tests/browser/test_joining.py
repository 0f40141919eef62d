"""The first sign-in as people do it: the curator prints a slip, somebody follows its link and chooses a password."""

from __future__ import annotations

import io
from collections.abc import Callable

from playwright.sync_api import BrowserContext, Page
from pypdf import PdfReader

from tests.browser.conftest import Portal

NAME, CHOICE = "Палий Роман Остапович", "яблони-в-саду-2026"


def codes_shown(page: Page) -> tuple[str, str]:
    """Invite one participant; the code and the link as the page shows them, once."""
    page.goto("/cabinet/participants/invite/")
    page.get_by_label(f"Отметить: {NAME}").check()
    page.get_by_role("button", name="Пригласить отмеченных").click()
    code, link = page.locator("td code").all_inner_texts()
    return code, link


def test_printed_slip_lets_somebody_in(own_portal: Portal, enter: Callable[..., BrowserContext]) -> None:
    curator, newcomer = (enter(own_portal, login).new_page() for login in ("curator", ""))
    code, link = codes_shown(curator)
    with curator.expect_download() as waiting:
        curator.get_by_role("button", name="Скачать листки").click()
    paper = PdfReader(io.BytesIO(waiting.value.path().read_bytes())).pages[0].extract_text()
    assert [word in paper for word in (NAME, code, "paliy.ro")] == [True, True, True]

    asked: list[str] = []
    newcomer.on("request", lambda request: asked.append(request.url.partition("#")[0]))
    newcomer.goto(f"/join/#{link.partition('#')[2]}")
    assert newcomer.get_by_label("Код с листка").input_value() == code
    assert newcomer.url == f"{own_portal.address}/join/"
    newcomer.get_by_role("button", name="Дальше").click()
    assert NAME in newcomer.get_by_role("heading", level=1).inner_text()
    newcomer.get_by_label("Придумайте пароль").fill(CHOICE)
    newcomer.get_by_label("Повторите пароль").fill(CHOICE)
    newcomer.get_by_role("button", name="Сохранить и войти").click()
    newcomer.wait_for_url("**/cabinet/")
    assert "входите по логину paliy.ro" in newcomer.locator("main").inner_text()
    assert [url for url in asked if code.lower() in url.lower()] == []


def test_code_is_typed_where_scripts_do_not_work(own_portal: Portal, enter: Callable[..., BrowserContext]) -> None:
    curator = enter(own_portal, "curator").new_page()
    code, _ = codes_shown(curator)
    newcomer = enter(own_portal, "", java_script_enabled=False).new_page()
    newcomer.goto("/accounts/login/")
    newcomer.get_by_role("link", name="Введите код").click()
    newcomer.get_by_label("Код с листка").fill(code.lower().replace("-", " "))
    newcomer.get_by_role("button", name="Дальше").click()
    assert NAME in newcomer.get_by_role("heading", level=1).inner_text()
