"""Hostile input on every page and form that the walk finds: nothing breaks, refusals are words, nothing is smuggled in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import psycopg2
import pytest
from django.apps import apps

from tests.browser.conftest import Portal, served, server_parameters
from tests.browser.crawl import Walk, kept_walk, name_of, walk
from tests.browser.hostile import (
    FAR,
    MARKUP,
    QUERY_VALUES,
    UNREADABLE_QUERIES,
    Answers,
    Step,
    flat,
    mixed_queries,
    plausible,
    shape_of,
    steps_for,
)
from tests.browser.visitor import Answer, Field, Form, Page, Sent, Visitor

STARTS = ["/", "/cabinet/", "/accounts/login/", "/accounts/password/", "/cabinet/letters/"]
# In this order: what a curator does to somebody's sign-in must not close the door to those who come later.
LOGINS = ("teacher", "director", "curator", "admin")
OF_A_KIND = 2
RUSSIAN = re.compile(r"[а-яё]{3}", re.IGNORECASE)


@pytest.fixture(scope="module")
def stage(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A demo to spoil. Its server lets the longest address through, so that the portal itself has to answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUNICORN_CMD_ARGS", "--limit-request-line 0")
        with served("hostile", shared, tmp_path_factory.mktemp("hostile")) as running:
            yield running


@pytest.fixture(scope="module")
def visitors(stage: Portal) -> dict[str, Visitor]:
    return {login: Visitor(stage, login) for login in LOGINS}


@pytest.fixture(scope="module")
def walks(stage: Portal, visitors: dict[str, Visitor], shared: Path) -> dict[str, Walk]:
    """What each of them finds while everything is still whole."""
    return {
        login: kept_walk(login, shared, lambda one=one: walk(one.context, stage.address, STARTS))
        for login, one in visitors.items()
    }
