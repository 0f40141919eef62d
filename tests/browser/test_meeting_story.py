"""A meeting as it is written down on the way home: a telephone of 360 px, a thumb, few taps, scripts or none."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from tests.browser.conftest import Portal

PHONE = {"width": 360, "height": 740}
MOST_TAPS = 6


class Thumb:
    """Whoever holds the telephone: every touch is counted, typing into a touched field is not."""

    def __init__(self, page: Page) -> None:
        self.page, self.taps = page, 0

    def tap(self, target: Locator) -> None:
        self.taps += 1
        target.tap()

    def type_into(self, label: str, text: str) -> None:
        field = self.page.get_by_label(label)
        self.tap(field)
        field.press_sequentially(text)

    def fits(self) -> None:
        """The page is no wider than the telephone."""
        box = self.page.locator("html").bounding_box()
        assert box is not None
        assert box["width"] <= PHONE["width"]


@pytest.fixture
def phone_of(own_portal: Portal, enter: Callable[..., BrowserContext]) -> Callable[..., Thumb]:
    def phone(login: str, *, scripts: bool = True) -> Thumb:
        context = enter(own_portal, login, viewport=PHONE, has_touch=True, java_script_enabled=scripts)
        page = context.new_page()
        page.goto("/cabinet/")
        return Thumb(page)

    return phone


@pytest.mark.parametrize("scripts", [True, False])
def test_meeting_is_written_down_in_few_taps_and_confirmed_by_the_other_side(
    phone_of: Callable[..., Thumb], scripts: bool
) -> None:
    mentor = phone_of("konstant", scripts=scripts)
    mentor.fits()
    mentor.tap(mentor.page.get_by_role("main").get_by_role("link", name=re.compile("^Записать встречу")).first)
    mentor.fits()
    expect(mentor.page.get_by_label("Цель")).to_have_value("Раздать роли на следующем уроке")
    mentor.type_into("Что сделано", "Раздали роли, молчавших не осталось.")
    mentor.tap(mentor.page.get_by_role("button", name="Записать встречу"))
    expect(mentor.page.get_by_text("Встреча записана.")).to_be_visible()
    mentor.fits()
    assert mentor.taps <= MOST_TAPS
    assert mentor.taps == 3

    mentee = phone_of("mentee", scripts=scripts)
    newest = mentee.page.get_by_role("listitem").filter(has_text="всё верно?").last
    mentee.tap(newest.get_by_role("link", name=re.compile("^Посмотреть")))
    expect(mentee.page.get_by_text("Раздали роли, молчавших не осталось.")).to_be_visible()
    mentee.fits()
    mentee.tap(mentee.page.get_by_role("button", name="Ответить"))
    expect(mentee.page.get_by_role("main")).to_contain_text("подтверждена")
    assert mentee.taps == 2


def test_refused_entry_keeps_what_was_typed(phone_of: Callable[..., Thumb]) -> None:
    mentor = phone_of("mentor")
    mentor.tap(mentor.page.get_by_role("main").get_by_role("link", name=re.compile("^Записать встречу")).last)
    mentor.type_into("Что получилось", "Класс работает сам.")
    mentor.tap(mentor.page.get_by_role("button", name="Записать встречу"))
    expect(mentor.page.get_by_role("alert")).to_contain_text("Хватит одного предложения.")
    expect(mentor.page.get_by_label("Что получилось")).to_have_value("Класс работает сам.")
    mentor.fits()
    mentor.type_into("Что сделано", "Провели урок вдвоём.")
    mentor.tap(mentor.page.get_by_role("button", name="Записать встречу"))
    expect(mentor.page.get_by_text("Встреча записана.")).to_be_visible()
    assert mentor.taps <= MOST_TAPS
