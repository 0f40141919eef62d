"""Walking the portal as a role: every link that can be reached, and what the table of permissions says of it."""

from __future__ import annotations

import fcntl
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import BrowserContext

from accounts.permissions import GRANTS, Reach

LINK = re.compile(r'(?:href|action|src)="([^"#]+)"')
INSTANCES = 6  # pages of one kind differ by the state of their object, and so do their links
ROLES = {
    "": frozenset(),
    "admin": frozenset({"administrator"}),
    "curator": frozenset({"curator", "teacher"}),
    "director": frozenset({"director"}),
    "psychologist": frozenset({"psychologist", "teacher", "mentor"}),
    "mentor": frozenset({"teacher", "mentor"}),
    "mentee": frozenset({"teacher", "mentee"}),
    "teacher": frozenset({"teacher"}),
    "municipality": frozenset({"municipal"}),
}


@dataclass
class Walk:
    """What one role met: addresses that answered 200 (with their text) and the links found there."""

    pages: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)


def name_of(path: str) -> str:
    """The name of the address, empty where the portal has no such page or it belongs to the administration."""
    try:
        match = resolve(urlsplit(path).path)
    except Resolver404:
        return ""
    return "" if match.namespaces else str(match.url_name)


def local_links(text: str, base: str) -> set[str]:
    """Paths of our own pages that a page points to, without queries other than of its own list."""
    found = set()
    for href in LINK.findall(text):
        parts = urlsplit(urljoin(base, href.replace("&amp;", "&")))
        if parts.netloc == urlsplit(base).netloc and name_of(parts.path):
            found.add(parts.path)
    return found


def walk(context: BrowserContext, address: str, starts: Iterable[str]) -> Walk:
    """Follow links breadth first; of each kind of page only the first instances are opened."""
    result, queue, seen = Walk(), list(starts), set()
    counts: dict[str, int] = {}
    while queue:
        path = queue.pop(0)
        name = name_of(path)
        if path in seen or counts.get(name, 0) >= INSTANCES:
            continue
        seen.add(path)
        answer = context.request.get(address + path, max_redirects=0)
        if answer.status == 200 and "text/html" in answer.headers.get("content-type", ""):
            counts[name] = counts.get(name, 0) + 1
            result.pages[path] = answer.text()
            new = local_links(answer.text(), address + path)
            result.links = sorted({*result.links, *new})
            queue.extend(sorted(new - seen))
    return result


# Nobody whom they do not concern learns that such rows are there: absent to them, whatever their role.
CONFIDENTIAL = {"request_detail", "request_mediators", "request_notice", "request_step", "support_detail"}


def expected(path: str, login: str, *, inside: bool) -> set[int]:
    """Statuses that the table of permissions allows for a GET; `inside`: the object is surely of their organisation."""
    action = getattr(resolve(path).func, "action", None)
    if action is None:
        return {200, 302, 404, 405}
    if not login:
        return {302, 405}
    roles, reach = ROLES[login], GRANTS[action].reach
    held = {reach[role] for role in roles if role in reach}
    has_object = "pk" in resolve(path).kwargs
    if not held:
        known = inside and resolve(path).url_name not in CONFIDENTIAL
        return {403, 405} if known or not has_object else {403, 404, 405}
    if not inside and has_object:
        return {200, 302, 404, 405} if Reach.TERRITORY in held else {404, 405}
    # A role that reaches only its own rows meets both: its row opens, a colleague's is refused.
    return {200, 302, 405} | ({403, 404} if held == {Reach.OWN} or has_object else set())


def kept_walk(login: str, folder: Path, make: Callable[[], Walk]) -> Walk:
    """The walk of a role, made once in a run: the databases of all its processes are copies of one."""
    file = folder / f"walk-{login or 'nobody'}.json"
    with (folder / "walk.lock").open("w") as door:
        fcntl.flock(door, fcntl.LOCK_EX)
        if not file.exists():
            file.write_text(json.dumps(asdict(make())))
    return Walk(**json.loads(file.read_text()))
