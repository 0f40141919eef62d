"""Hostile input on every page and form that the walk finds: nothing breaks, refusals say why, nothing slips in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

import psycopg2
import pytest

from tests.browser import crawl
from tests.browser.conftest import Portal, served, server_parameters
from tests.browser.crawl import Walk, kept_walk, name_of, walk
from tests.browser.hostile import (
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
from tests.browser.visitor import Answer, Field, Form, Page, Visitor

STARTS = ["/", "/cabinet/", "/accounts/login/", "/accounts/password/", "/cabinet/letters/"]
# In this order: what a curator does to somebody's sign-in must not close the door to those who come later.
LOGINS = ("teacher", "director", "curator", "admin")
OF_A_KIND = 2
RUSSIAN = re.compile(r"[а-яё]{3}", re.IGNORECASE)
PAPERS = {"order_file", "consent_blank", "pair_blanks"}
# A foreign number changes nothing and leads home; signing out takes no fields at all.
NO_REFUSALS, NO_STEPS = {"switch_organisation"}, {"logout"}
# What a list offers → where the keys that it does not offer are.
TABLES = {
    "mentor": "mentorship_participant", "mentee_#": "mentorship_participant", "pair": "mentorship_pair",
    "pairs": "mentorship_pair", "form": "mentorship_dictionaryentry", "kinds": "mentorship_dictionaryentry",
    "direction": "mentorship_dictionaryentry", "user": "accounts_user", "responsible_user": "accounts_user",
    "organisation": "accounts_organisation", "parent": "accounts_organisation", "act": "orders_localact",
    "roadmap": "roadmap_roadmap", "like": "roadmap_roadmap", "series": "orders_series",
}


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


def rows(portal: Portal, statement: str, *values: Any) -> list[tuple[Any, ...]]:
    connection = psycopg2.connect(dbname=portal.database, **server_parameters())
    try:
        with connection, connection.cursor() as cursor:
            cursor.execute(statement, values)
            return cursor.fetchall() if cursor.description else []
    finally:
        connection.close()


# --- Addresses --------------------------------------------------------------------------------------------------------
def first_of_each_kind(paths: Sequence[str]) -> list[str]:
    return list({name_of(path): path for path in reversed(paths)}.values())


@cache
def read(text: str, path: str) -> Page:
    """The page read once, however often somebody looks at it."""
    return Page(text, path)


def parameters(found: Walk) -> dict[str, set[str]]:
    """Name of the page → parameters of its address: the fields of its filter and what links to it carry."""
    known: dict[str, set[str]] = {}
    for path, text in found.pages.items():
        page = read(text, path)
        for form in page.forms:
            if form.method == "get":
                known.setdefault(name_of(form.action), set()).update(form.fields)
        for link in page.links:
            parts = urlsplit(link)
            names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
            known.setdefault(name_of(parts.path), set()).update(names)
    return known


def faults_of_query(visitor: Visitor, path: str, pairs: Sequence[tuple[str, str]], usual: int) -> list[str]:
    """A page answers as without the query, shows nothing unescaped and leads nowhere outside."""
    query = urlencode(pairs)
    answer, place = visitor.get(f"{path}?{query}"), f"{path}?{query[:150]}"
    faults = [] if answer.status == usual else [f"{place}: {answer.status} instead of {usual}"]
    if answer.is_page and MARKUP in answer.text():
        faults.append(f"{place}: markup is not escaped")
    if "evil.example" in answer.headers.get("location", ""):
        faults.append(f"{place}: leads outside")
    return faults


@pytest.mark.parametrize("login", LOGINS)
def test_every_address_survives_hostile_queries(
    login: str, visitors: dict[str, Visitor], walks: dict[str, Walk]
) -> None:
    """The curator asks in every way, everybody else in two."""
    visitor, found = visitors[login], walks[login]
    known = parameters(found)
    faults: list[str] = []
    for number, path in enumerate(first_of_each_kind([*found.pages, *found.links])):
        usual = 200 if path in found.pages else visitor.get(path).status
        mixed = mixed_queries(sorted(known.get(name_of(path), set())))
        for pairs in mixed if login == "curator" else mixed[:1]:
            faults += faults_of_query(visitor, path, pairs, usual)
        unreadable = UNREADABLE_QUERIES[number % len(UNREADABLE_QUERIES)]
        if (status := visitor.get(f"{path}?{unreadable}").status) != 400:
            faults.append(f"{path}?{unreadable}: {status}")
    assert (faults, visitor.broken) == ([], [])


def test_every_parameter_survives_every_hostile_value(visitors: dict[str, Visitor], walks: dict[str, Walk]) -> None:
    """One at a time, so that no wrong value hides behind another."""
    visitor, found = visitors["curator"], walks["curator"]
    known = parameters(found)
    faults: list[str] = []
    asked = 0
    for path in first_of_each_kind([*found.pages, *found.links]):
        for name in sorted(known.pop(name_of(path), set())):
            for value in QUERY_VALUES:
                faults += faults_of_query(visitor, path, [(name, value)], 200)
                asked += 1
    assert faults == []
    assert asked > 300


# --- Forms ------------------------------------------------------------------------------------------------------------
Key = tuple[str, tuple[str, ...]]


def posts(found: Walk) -> dict[Key, list[str]]:
    """Forms that change something → the pages they stand on; those without fields last, passwords at the very end."""
    met: dict[Key, list[str]] = {}
    for path, text in found.pages.items():
        for form in read(text, path).forms:
            if form.method == "post" and path not in met.setdefault((name_of(form.action), form.shape), []):
                met[name_of(form.action), form.shape].append(path)
    return {key: met[key] for key in sorted(met, key=lambda key: (not key[1], key[0] == "password_issue", key))}


def form_on(page: Page, key: Key) -> Form | None:
    """The form of that kind as it stands on the page."""
    forms = [form for form in page.forms if form.method == "post"]
    return next((form for form in forms if (name_of(form.action), form.shape) == key), None)


def opened(visitor: Visitor, path: str, key: Key) -> Form | None:
    answer = visitor.get(path)
    return form_on(Page(answer.text(), path), key) if answer.status == 200 and answer.is_page else None


def keys_not_offered(portal: Portal) -> Callable[[Field], list[str]]:
    """Keys of real objects that a list of the page does not offer, of the other school among them."""
    known = {table: [str(pk) for (pk,) in rows(portal, f"SELECT id FROM {table} ORDER BY id DESC")]  # noqa: S608
             for table in set(TABLES.values())}

    def foreign(one: Field) -> list[str]:
        offered = [value for value in one.options if value]
        if not offered or not all(value.isdecimal() for value in offered):
            return []
        return [pk for pk in known[TABLES[shape_of(one.name)]] if pk not in offered][:1]

    return foreign


def judge(step: Step, answers: Answers, answer: Answer, after: Form | None, summary: str) -> list[str]:
    """What is wrong with the answer to a hostile form; `after` is the form that came back, `summary` its errors."""
    if answer.status >= 500 or step.status not in (0, answer.status):
        return [f"answered {answer.status}"]
    if answer.is_page and MARKUP in answer.text():
        return ["markup is not escaped"]
    if not step.refused:
        return []
    if answer.status != 200 or after is None:
        return [f"not refused: {answer.status} {answer.headers.get('location', '')}"]
    if not RUSSIAN.search(summary):
        return ["refused without a word"]
    wrong = [one for name, one in after.fields.items() if shape_of(name) in step.fields and name in answers]
    silent = [f"no words beside {one.name}" for one in wrong if one.kind != "hidden" and not RUSSIAN.search(one.errors)]
    typed = {one.name: "".join(str(value) for value in answers[one.name]).split() for one in wrong if one.keeps}
    return silent + [f"what was typed into {name} is lost" for name, words in typed.items()
                     if "".join(after.fields[name].values).split() != words]


class Attack:
    """Hostile answers to one kind of form, on as many pages as it takes: a form that was taken may be gone."""

    def __init__(self, visitor: Visitor, key: Key, paths: Sequence[str], foreign: Callable[[Field], list[str]]) -> None:
        self.visitor, self.key, self.paths, self.foreign = visitor, key, list(paths), foreign
        self.faults: list[str] = []
        self.steps: list[Step] | None = None

    def run(self) -> list[str]:
        form = self.next_form()
        while form is not None and self.steps:
            step = self.steps.pop(0)
            if self.key[0] in NO_STEPS and not step.status:
                continue
            if self.take(step, form).status != 200:
                form = self.next_form()
        return self.faults

    def next_form(self) -> Form | None:
        while self.paths:
            form = opened(self.visitor, self.paths[0], self.key)
            if form is not None:
                if self.steps is None:
                    self.steps = list(steps_for(form, self.foreign))
                return form
            self.paths.pop(0)
        return None

    def take(self, step: Step, form: Form) -> Answer:
        answers = step.change(form, plausible(form))
        answer, after = self.send(step, form, answers)
        if step.again and answer.status == 200 and after is not None:
            # What was refused gives way to something ordinary, so that the rest gets as far as the database.
            plain = plausible(form)
            bad = [name for name, one in after.fields.items() if one.errors.strip() and name in plain]
            answer, _ = self.send(step, form, answers | {name: plain[name] for name in bad})
        return answer

    def send(self, step: Step, form: Form, answers: Answers) -> tuple[Answer, Form | None]:
        answer = self.visitor.post(form.action, flat(answers), multipart=form.multipart, token=step.token)
        page = Page(answer.text(), self.paths[0]) if answer.status == 200 and answer.is_page else None
        after = form_on(page, self.key) if page else None
        if not (step.refused and self.key[0] in NO_REFUSALS):
            place = f"{self.key[0]} {self.paths[0]} {step.what}"
            faults = judge(step, answers, answer, after, page.summary if page else "")
            self.faults += [f"{place}: {fault}" for fault in faults]
        if answer.status == 302:
            self.follow(answer.headers["location"])
        return answer, after

    def follow(self, path: str) -> None:
        """The page that shows what was taken, and a paper that prints it."""
        answer = self.visitor.get(urljoin("/", path).partition("#")[0])
        if answer.status == 200 and answer.is_page:
            links = [link for link in Page(answer.text(), path).links if name_of(link) in PAPERS]
            for link in links[:2]:
                self.visitor.get(link)


def test_every_form_survives_hostile_answers(
    stage: Portal, visitors: dict[str, Visitor], walks: dict[str, Walk], monkeypatch: pytest.MonkeyPatch
) -> None:
    met: set[Key] = set()
    faults: list[str] = []
    foreign = keys_not_offered(stage)
    for login, visitor in visitors.items():
        for key, paths in posts(walks[login]).items():
            if key not in met:
                faults += [f"{login} {fault}" for fault in Attack(visitor, key, paths, foreign).run()]
        met |= set(posts(walks[login]))
        assert visitor.get("/cabinet/").status == 200, f"{login} has lost the way in"
    assert faults == []
    assert len(met) > 60
    # Whatever was taken must be shown by every page afterwards.
    monkeypatch.setattr(crawl, "INSTANCES", OF_A_KIND)
    for visitor in visitors.values():
        walk(visitor.context, stage.address, STARTS)
    assert [line for visitor in visitors.values() for line in visitor.broken] == []
