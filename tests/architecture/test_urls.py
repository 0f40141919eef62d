"""Every address carries an action of the table, or stands in the short list of public ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver, path

from accounts.permissions import GRANTS

PUBLIC = {
    "portal_home",
    "section_home",
    "section_documents",
    "section_document",
    "section_mentors",
    "section_pairs",
    "section_photo",
    "section_programme",
    "section_programme_results",
    "section_programmes",
    "section_act_file",
    "section_roadmap",
    "section_contacts",
    "order_verify",
    "join",
    "join_password",
    "login",
    "logout",
    "low_vision",
    "calendar_feed_file",
    "password_reset",
    "password_reset_done",
    "password_reset_confirm",
    "password_reset_complete",
}


def patterns(resolver: Any) -> Iterator[URLPattern]:
    for entry in resolver.url_patterns:
        if isinstance(entry, URLResolver):
            if entry.namespace != "admin":
                yield from patterns(entry)
        else:
            yield entry


def undeclared(entries: Any) -> set[str]:
    """Names of addresses whose view carries no action and that are not public."""
    return {
        str(entry.name)
        for entry in entries
        if getattr(entry.callback, "action", None) not in GRANTS and entry.name not in PUBLIC
    }


def test_every_address_declares_an_action() -> None:
    assert undeclared(patterns(get_resolver())) == set()


def test_public_list_names_only_what_exists() -> None:
    names = {entry.name for entry in patterns(get_resolver())}
    assert PUBLIC - names == set()


def test_public_views_have_no_action() -> None:
    assert {
        e.name for e in patterns(get_resolver()) if e.name in PUBLIC and getattr(e.callback, "action", None)
    } == set()


def test_an_undeclared_view_is_noticed() -> None:
    assert undeclared([path("x/", lambda request: None, name="forgotten")]) == {"forgotten"}


def test_address_names_are_names_of_views() -> None:
    """A page is called by one word: view, template and address."""
    named = {entry.name: entry.callback.__name__ for entry in patterns(get_resolver())}
    assert {name: view for name, view in named.items() if name != view} == {}
