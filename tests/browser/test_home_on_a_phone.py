"""The home page of a mentor and a mentee on a small telephone: the one button is seen without scrolling."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext

PHONE = {"width": 360, "height": 640}


@pytest.mark.parametrize("login", ["mentor", "mentee"])
def test_main_button_is_seen_without_scrolling(signed_in: Callable[..., BrowserContext], login: str) -> None:
    page = signed_in(login, viewport=PHONE).new_page()
    page.goto("/cabinet/")
    buttons = page.locator("main .btn-primary")
    box = buttons.first.bounding_box()
    assert box is not None
    assert (buttons.count(), box["height"] >= 38) == (1, True)
    assert 0 <= box["y"] < box["y"] + box["height"] <= PHONE["height"]
    assert 0 <= box["x"] < box["x"] + box["width"] <= PHONE["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
