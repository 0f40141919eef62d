"""Every address × every role × GET and POST: the answer is the one that the table of permissions gives."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, get_resolver, reverse

from accounts.models import User
from accounts.permissions import GRANTS
from tests.architecture.test_urls import PUBLIC, patterns

ROLES = (
    "director", "curator", "site_editor", "methodical_union", "department_head", "class_teacher", "psychologist",
    "accountant", "inspector", "teacher", "municipal", "admin",
)  # fmt: skip
ROLE_OF = {"admin": "administrator"}
ABSENT = 999_999
WORDS = {"kind": "pairs", "format": "pdf", "slug": "school17", "uidb64": "x", "token": "x"}
ADDRESSES = [entry for entry in patterns(get_resolver()) if entry.name not in PUBLIC]


def address(entry: URLPattern) -> str:
    """The address with a key that no row has."""
    names = entry.pattern.converters
    return reverse(str(entry.name), kwargs={name: WORDS.get(name, ABSENT) for name in names})


def answer(client: Client, method: str, path: str) -> int:
    return getattr(client, method)(path).status_code


def allowed(entry: URLPattern, role: str, method: str) -> Callable[[int], bool]:
    """Whether a status is right: an absent row is 404 for everybody, a missing right is 403, the rest is neither.

    A page that answers only to the other method may say so before it asks for the right.
    """
    view: Any = entry.callback
    if getattr(view, "model", None) is not None:
        return lambda status: status in (404, 405)
    if role in GRANTS[view.action].reach:
        return lambda status: status not in (401, 403, 500)
    return lambda status: status in (403, 405)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", ROLES)
def test_answers_follow_the_table(
    name: str, method: str, people: SimpleNamespace, client_of: Callable[[User], Client], reference: None
) -> None:
    client = client_of(getattr(people, name))
    role = ROLE_OF.get(name, name)
    found = {entry.name: answer(client, method, address(entry)) for entry in ADDRESSES}
    assert {
        str(entry.name): found[entry.name] for entry in ADDRESSES if not allowed(entry, role, method)(found[entry.name])
    } == {}


@pytest.mark.parametrize("method", ["get", "post"])
def test_strangers_are_asked_to_sign_in(method: str, people: SimpleNamespace) -> None:
    client = Client()
    found = {str(entry.name): answer(client, method, address(entry)) for entry in ADDRESSES}
    assert {name: status for name, status in found.items() if status not in (302, 405)} == {}


def test_a_forgotten_guard_is_noticed() -> None:
    """The rule itself says no to what an unguarded page would answer."""
    entry = next(entry for entry in ADDRESSES if entry.name == "journal")
    judge = allowed(entry, "teacher", "get")
    assert [judge(status) for status in (200, 302, 403)] == [False, False, True]
