"""Every address as every role: status, leaks of the other school, accessibility, policy of content, narrow screens."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from django.urls import get_resolver
from playwright.sync_api import BrowserContext, Page

from config.demo.matching import NEIGHBOUR
from config.demo.people import LAKE_STAFF, RIVER_STAFF
from tests.architecture.test_urls import patterns
from tests.browser.conftest import Portal
from tests.browser.crawl import ROLES, Walk, expected, kept_walk, name_of, walk

AXE = (Path(__file__).parents[1] / "vendor" / "axe.min.js").read_text()
RULES = "['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']"
LOOK = f"() => axe.run(document, {{preload: false, runOnly: {{type: 'tag', values: {RULES}}}}})"
STARTS = ["/", "/cabinet/", "/accounts/login/", "/accounts/password/change/", "/cabinet/letters/"]
OF_A_KIND = 4
SCHOOL = [login for login in ROLES if login not in ("", "admin", "municipality")]
PHONE = {"width": 360, "height": 740}
# Surnames of the other school: nobody of the first may ever meet them in the cabinet, but for the one who agreed.
CANARY = sorted(
    {person.full_name.split()[0] for person in RIVER_STAFF}
    - {person.full_name.split()[0] for person in LAKE_STAFF}
    - {NEIGHBOUR}
)
# Addresses that answer only to POST, or only after something that a walk by links does not do.
NOT_BY_LINKS = {
    "logout",
    "switch_organisation",
    "password_reset_confirm",
    "password_reset_complete",
    "password_reset_done",
    "order_refresh",
    "calendar_feed_file",
    "join_password",
    "invitation_slips",
    # Steps of a state that the first rows of the demo's lists are not in; the tests of their pages walk them.
    "act_mark_remove",
    "bank_enter",
    "bank_support",
    "dictionary_delete",
    "dictionary_edit",
    "duty_act",
    "endorsement_again",
    "endorsement_answer",
    "import_apply",
    "import_cancel",
    "import_columns",
    "import_errors",
    "import_preview",
    "library_check",
    "library_edit",
    "order_files",
    "order_word",
    "pair_pause_end",
    "participant_photo",
    "participant_photo_remove",
    "participant_return",
    "past_name_delete",
    "protocol_edit",
    "request_notice",
    "snapshot_delete",
    "activity_delay_answer",
    "activity_give_back",
    "programme_agree",
    "programme_comment_settle",
    "programme_disagree",
    "meeting_edit",
    "meeting_note_delete",
    "programme_discard",
    "programme_endorse",
    "programme_file",
    "programme_file_delete",
    "programme_mark",
}
WalkOf = Callable[[str], Walk]


@pytest.fixture
def walk_of(portal: Portal, shared: Path, signed_in: Callable[..., BrowserContext]) -> WalkOf:
    """The pages and links that a role meets."""
    return lambda login: kept_walk(login, shared, lambda: walk(signed_in(login), portal.address, STARTS))


@pytest.fixture
def all_paths(walk_of: WalkOf) -> list[str]:
    """Every address that any role of the first school found; of each kind the first instances."""
    found: dict[str, list[str]] = {}
    for path in sorted({path for login in ROLES for path in (*walk_of(login).pages, *walk_of(login).links)}):
        found.setdefault(name_of(path), []).append(path)
    return [path for paths in found.values() for path in paths[:OF_A_KIND]]


@pytest.mark.parametrize("login", ROLES)
def test_answers_are_those_of_the_table(
    login: str, portal: Portal, walk_of: WalkOf, signed_in: Callable[..., BrowserContext], all_paths: list[str]
) -> None:
    context = signed_in(login)
    of_school = {path for one in SCHOOL for path in (*walk_of(one).pages, *walk_of(one).links)}
    wrong = {}
    for path in all_paths:
        status = context.request.get(portal.address + path, max_redirects=0).status
        allowed = expected(path, login, inside=login not in ("", "municipality") and path in of_school)
        if status not in allowed:
            wrong[path] = (name_of(path), status, sorted(allowed))
    assert wrong == {}


def test_every_address_was_met(all_paths: list[str]) -> None:
    met = {name_of(path) for path in all_paths}
    names = {str(entry.name) for entry in patterns(get_resolver())}
    assert names - met - NOT_BY_LINKS == set()


@pytest.mark.parametrize("login", SCHOOL)
def test_nothing_of_the_other_school_is_seen(login: str, walk_of: WalkOf) -> None:
    pages = {path: text for path, text in walk_of(login).pages.items() if "/cabinet/" in path}
    assert {
        path: [word for word in CANARY if word in text]
        for path, text in pages.items()
        if any(word in text for word in CANARY)
    } == {}


def test_the_other_school_has_something_to_leak(walk_of: WalkOf) -> None:
    text = "".join(walk_of("curator2").pages.values())
    assert {word for word in CANARY if word in text} == set(CANARY)


def test_objects_of_the_other_school_do_not_exist(
    portal: Portal, walk_of: WalkOf, signed_in: Callable[..., BrowserContext]
) -> None:
    theirs = [path for path in walk_of("curator2").pages if re.search(r"/\d+/", path)]
    own = set(walk_of("curator").pages)
    context = signed_in("curator")
    cabinet = [path for path in theirs if path.startswith("/cabinet/") and path not in own]
    assert cabinet
    assert {
        path: status
        for path in cabinet
        if (status := context.request.get(portal.address + path, max_redirects=0).status) != 404
    } == {}


def faults_of(page: Page) -> list[str]:
    """Violations of accessibility, of the content policy, and a page wider than a phone."""
    page.evaluate(AXE)
    found = [f"axe {v['id']}: {v['nodes'][0]['html'][:120]}" for v in page.evaluate(LOOK)["violations"]]
    page.set_viewport_size(PHONE)
    width = page.evaluate("document.documentElement.scrollWidth")
    if width > PHONE["width"]:
        found.append(f"wider than a phone: {width}")
    page.set_viewport_size({"width": 1280, "height": 900})
    return found


@pytest.mark.parametrize("login", ROLES)
def test_pages_are_fit_to_use(
    login: str, portal: Portal, walk_of: WalkOf, signed_in: Callable[..., BrowserContext]
) -> None:
    context = signed_in(login, viewport={"width": 1280, "height": 900})
    page, console, foreign = context.new_page(), [], []
    page.on("console", lambda message: console.append(message.text) if message.type == "error" else None)
    home = (portal.address, "data:")
    page.on("request", lambda request: foreign.append(request.url) if not request.url.startswith(home) else None)
    faults: dict[str, Any] = {}
    looked: set[str] = set()
    for path in walk_of(login).pages:
        if name_of(path) in looked:
            continue
        looked.add(name_of(path))
        page.goto(path)
        if found := [*faults_of(page), *console]:
            faults[path] = found
        console.clear()
    assert faults == {}
    assert foreign == []


def test_a_bad_page_is_noticed(portal: Portal, signed_in: Callable[..., BrowserContext]) -> None:
    page = signed_in("").new_page()
    page.set_content("<html><body><img src='data:,'><div style='width:2000px'>x</div></body></html>")
    found = faults_of(page)
    assert any(fault.startswith("axe image-alt") for fault in found)
    assert any(fault.startswith("wider than a phone") for fault in found)


@cache
def admin_paths() -> tuple[str, ...]:
    return ("/admin/", "/admin/orders/order/", "/admin/accounts/organisation/", "/admin/core/journalentry/")


@pytest.mark.parametrize("login", [login for login in ROLES if login != "admin"])
def test_only_the_administrator_enters_the_administration(
    login: str, portal: Portal, signed_in: Callable[..., BrowserContext]
) -> None:
    context = signed_in(login)
    assert {context.request.get(portal.address + path, max_redirects=0).status for path in admin_paths()} <= {302, 403}
