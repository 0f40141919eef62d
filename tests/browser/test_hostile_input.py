"""Hostile input on every page and form that the walk finds: nothing breaks, refusals say why, nothing slips in."""

from __future__ import annotations

import itertools
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import psycopg2
import pytest
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.db import models

from accounts.models import Organisation, User
from tests.browser import crawl
from tests.browser.attack import TICKS, Attack, Foreign, judge, opened, posts, read
from tests.browser.conftest import Portal, served, server_parameters
from tests.browser.crawl import Walk, kept_walk, name_of, walk
from tests.browser.hostile import (
    MARKUP,
    SINGLE_VALUES,
    UNREADABLE_QUERIES,
    Step,
    flat,
    mixed_queries,
    plausible,
    shape_of,
)
from tests.browser.visitor import Answer, Field, Form, Page, Visitor

STARTS = ["/", "/cabinet/", "/accounts/login/", "/accounts/password/", "/cabinet/letters/"]
# In this order: what a curator does to somebody's sign-in must not close the door to those who come later.
LOGINS = ("", "teacher", "director", "curator", "admin")
ADMIN_VALUES = ("abc", "99999", "0")
# Where the keys are that a list does not offer: the table → the fields that choose from it.
CHOSEN_FROM = {
    "mentorship_participant": (
        "mentor mentee_# mentor_# not_mentee_# not_mentor_# people participant substitute mentee about"
    ),
    "mentorship_pair": "pair pairs",
    "mentorship_dictionaryentry": "form kinds direction competences forms directions entry word",
    "accounts_user": "user responsible_user interviewer class_teacher mediators readers",
    "accounts_organisation": "organisation parent",
    "orders_localact": "act acts replaces",
    "roadmap_roadmap": "roadmap like",
    "orders_series": "series",
    "mentorship_banksnapshot": "snapshots",
    "orders_protocol": "protocols protocol",
    "orders_order": "target",
    "accounts_partner": "partner",
    "accounts_body": "body",
    "mentorship_extension": "extensions",
    "mentorship_focus": "focus",
    "mentorship_programme": "programmes",
    "mentorship_pairrequest": "requests",
    "mentorship_activity": "activity",
}
TABLES = {field: table for table, fields in CHOSEN_FROM.items() for field in fields.split()}
# Lists of numbers that are no keys.
PLAIN_NUMBERS = {"font_size_pt", "section", "every", "useful", "often", "trust"}


@pytest.fixture(scope="module")
def stage(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    """A demo to spoil. Its server lets the longest address through, so that the portal itself has to answer."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUNICORN_CMD_ARGS", "--limit-request-line 0")
        with served(f"hostile_{uuid.uuid4().hex[:8]}", shared, tmp_path_factory.mktemp("hostile")) as running:
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


@pytest.fixture(scope="module")
def administration(visitors: dict[str, Visitor]) -> Walk:
    """The lists of the administration, and of each the page that adds and the first that changes and deletes."""
    found = Walk()
    visitor = visitors["admin"]

    def look(path: str) -> list[str]:
        answer = visitor.get(path)
        if answer.status != 200 or not answer.is_page:
            return []
        found.pages[path] = answer.text()
        return [urlsplit(link).path for link in read(answer.text(), path).links if link.startswith("/admin/")]

    lists = {path for path in look("/admin/") if path.count("/") == 4}
    for path in sorted(lists):
        inside = [link for link in look(path) if link.startswith(path)]
        for ending in ("/add/", "/change/"):
            first = next((link for link in inside if link.endswith(ending)), "")
            deletion = [link for link in (look(first) if first else []) if link.endswith("/delete/")]
            if deletion:
                look(deletion[0])
    return found


def rows(portal: Portal, statement: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
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


def parameters(found: Walk) -> dict[str, set[str]]:
    """Address without its numbers → its parameters: the fields of its filter and what links to it carry."""
    known: dict[str, set[str]] = {}
    for path, text in found.pages.items():
        page = read(text, path)
        for form in page.forms:
            if form.method == "get":
                known.setdefault(shape_of(form.action), set()).update(form.fields)
        for link in page.links:
            parts = urlsplit(link)
            names = {name for name, _ in parse_qsl(parts.query, keep_blank_values=True)}
            known.setdefault(shape_of(parts.path), set()).update(names)
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
        mixed = mixed_queries(sorted(known.get(shape_of(path), set())))
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
        usual = 200 if path in found.pages else visitor.get(path).status
        for name, value in itertools.product(sorted(known.get(shape_of(path), set())), SINGLE_VALUES):
            faults += faults_of_query(visitor, path, [(name, value)], usual)
            asked += 1
    assert faults == []
    assert asked > 200


def test_administration_survives_hostile_queries(visitors: dict[str, Visitor], administration: Walk) -> None:
    visitor, known = visitors["admin"], parameters(administration)
    lists = [path for path in administration.pages if path.count("/") == 4]
    for path in lists:
        for name, value in itertools.product(sorted({"p", "o", "q"} | known.get(shape_of(path), set())), ADMIN_VALUES):
            visitor.get(f"{path}?{urlencode({name: value})}")
    assert visitor.broken == []
    assert len(lists) > 10


# --- Forms ------------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def foreign(stage: Portal) -> Foreign:
    """Keys of real objects that a list of the page does not offer, those of the other school among them."""
    known = {
        table: [str(pk) for (pk,) in rows(stage, f"SELECT id FROM {table} ORDER BY id DESC")]  # noqa: S608
        for table in set(TABLES.values())
    }

    def not_offered(one: Field) -> list[str]:
        offered = [value for value in one.options if value]
        # A list shows one page of what may be ticked: the next page holds keys that are as good.
        if not offered or not all(value.isdecimal() for value in offered) or one.name in TICKS | PLAIN_NUMBERS:
            return []
        return [pk for pk in known[TABLES[shape_of(one.name)]] if pk not in offered][:1]

    return not_offered


def test_nothing_slips_into_the_database_beside_the_fields(
    stage: Portal, visitors: dict[str, Visitor], walks: dict[str, Walk]
) -> None:
    """Ordinary answers, and beside them every other column of every table."""
    extra = smuggled_goods(stage)
    taken: set[str] = set()
    faults: list[str] = []
    before = cells(stage, extra)
    for login, visitor in visitors.items():
        for key, paths in posts(walks[login]).items():
            form = opened(visitor, paths[0], key)
            # A form without fields binds nothing; a password is changed only by whoever knows it.
            if form is None or not form.fields or key[0] == "password_change":
                continue
            beside = [(name, value) for name, value in extra.items() if name not in form.fields]
            answer = visitor.post(form.action, [*flat(plausible(form)), *beside], multipart=form.multipart)
            taken |= {key[0]} if answer.status == 302 else set()
            after = cells(stage, extra)
            faults += [
                f"{login} {key[0]}: {cell}"
                for cell in after
                if after[cell] > before[cell] and cell.partition(".")[2] not in own_columns(form, key[0])
            ]
            before = after
    assert faults == []
    assert taken >= {
        "order_draft",
        "order_params",
        "pair_new",
        "participant_new",
        "participant_edit",
        "user_new",
        "user_edit",
        "act_new",
        "organisation_edit",
        "roadmap_new",
        "consent_new",
        "membership_new",
    }


def own_columns(form: Form, name: str) -> set[str]:
    """What the form may write: its own fields, and the state that approving is for."""
    own = {column for field in form.fields for column in (field, f"{field}_id")}
    return own | {"state"} if name == "order_approve" else own


def our_fields() -> Iterator[Any]:
    ours = ("accounts", "core", "orders", "mentorship", "roadmap", "site_section")
    for model in apps.get_models():
        if model._meta.app_label in ours:
            yield from model._meta.concrete_fields


def smuggled_goods(portal: Portal) -> dict[str, str]:
    """Column of any of our tables → a value by which it would be known."""
    [(school,)] = rows(portal, "SELECT id FROM accounts_organisation WHERE slug = 'lyceum3'")
    [(stranger,)] = rows(portal, "SELECT id FROM accounts_user WHERE username = 'curator2'")
    [(order,)] = rows(
        portal, "SELECT id FROM orders_order WHERE organisation_id = %s ORDER BY id DESC LIMIT 1", [school]
    )
    related = {Organisation: school, User: stranger}
    by_kind: list[tuple[type[models.Field], Any]] = [
        (models.DateTimeField, "1999-09-09 09:09:09"),
        (models.DateField, "1999-09-09"),
        (models.PositiveSmallIntegerField, 31999),
        (models.IntegerField, 31999),
        (models.BigIntegerField, 31999),
        (models.CharField, "взлом"),
        (models.TextField, "взлом"),
        (models.BigAutoField, 31999),
    ]
    found = {"is_superuser": "true", "is_staff": "true", "state": "approved", "role": "administrator"}
    for one in our_fields():
        if one.related_model is not None:
            value = related.get(one.related_model, order)
        else:
            value = next((value for kind, value in by_kind if isinstance(one, kind) and not one.choices), None)
        if value is not None:
            found.setdefault(one.name, str(value))
    return found


def cells(portal: Portal, goods: dict[str, str]) -> dict[str, int]:
    """«table.column» → in how many rows it holds the smuggled value."""
    asked, values = [], []
    for one in our_fields():
        # The journal names whatever was changed, in a column that any key may happen to equal.
        if one.name in goods and one.related_model is not ContentType:
            table = one.model._meta.db_table
            asked.append(f"SELECT %s, count(*) FROM {table} WHERE {one.column}::text LIKE %s")  # noqa: S608
            # A moment is stored with its zone; a key is the whole of itself.
            values += [f"{table}.{one.column}", goods[one.name] + ("" if one.related_model else "%")]
    return dict(rows(portal, " UNION ALL ".join(asked), values))


def test_a_smuggled_cell_is_noticed(stage: Portal) -> None:
    goods = smuggled_goods(stage)
    before = cells(stage, goods)
    rows(stage, "UPDATE accounts_user SET is_superuser = true, full_name = 'взлом' WHERE username = 'accountant'")
    after = cells(stage, goods)
    risen = {cell for cell in after if after[cell] > before[cell]}
    assert risen == {"accounts_user.is_superuser", "accounts_user.full_name"}


@pytest.mark.parametrize("login", LOGINS)
def test_every_form_survives_hostile_answers(
    login: str,
    stage: Portal,
    visitors: dict[str, Visitor],
    walks: dict[str, Walk],
    foreign: Foreign,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Forms that somebody earlier in the list has too are theirs to attack."""
    visitor = visitors[login]
    theirs = {key for earlier in LOGINS[: LOGINS.index(login)] for key in posts(walks[earlier])}
    faults: list[str] = []
    for key, paths in posts(walks[login]).items():
        if key not in theirs:
            faults += Attack(visitor, key, paths, foreign).run()
            if visitor.get("/cabinet/").status != (200 if login else 302):
                faults.append(f"{key[0]}: the way in is lost")
                break
    assert not faults, "\n".join(faults)
    # Whatever was taken must be shown by every page afterwards.
    monkeypatch.setattr(crawl, "INSTANCES", 2)
    walk(visitor.context, stage.address, STARTS)
    assert visitor.broken == []


def test_every_kind_of_form_is_found(walks: dict[str, Walk]) -> None:
    assert len({key for found in walks.values() for key in posts(found)}) > 60


def test_administration_survives_hostile_answers(
    visitors: dict[str, Visitor], walks: dict[str, Walk], administration: Walk
) -> None:
    found = {key: paths for key, paths in posts(administration).items() if key not in posts(walks["admin"])}
    faults: list[str] = []
    for key, paths in found.items():
        faults += Attack(visitors["admin"], key, paths, lambda one: [], ours=False).run()
    assert (faults, visitors["admin"].broken) == ([], [])
    assert len(found) > 10


# --- The judge --------------------------------------------------------------------------------------------------------
FORM = """<form method="post"><input name="day" type="date" value="{value}"><div class="invalid-feedback">{words}</div>
<div id="errors">{words}</div></form>"""
REFUSAL = Step("wrong day", lambda form, answers: answers, refused=True, fields=frozenset({"day"}))


def verdict(status: int, text: str, step: Step = REFUSAL) -> list[str]:
    page = Page(text, "/x/") if text else None
    answer = Answer(status, {"content-type": "text/html", "location": "/y/"}, text.encode())
    return judge(step, {"day": ["31.02.2026"]}, answer, page, page.forms[0] if page else None)


def test_the_judge_notices_every_fault() -> None:
    good = FORM.format(value="31.02.2026", words="Такого дня нет.")
    assert verdict(200, good) == []
    assert verdict(500, "") == ["answered 500"]
    assert verdict(200, good, replace(REFUSAL, status=403)) == ["answered 200"]
    assert verdict(302, "") == ["not refused: 302 /y/"]
    assert verdict(200, FORM.format(value="31.02.2026", words="")) == ["refused without a word"]
    assert verdict(200, FORM.format(value="", words="Такого дня нет.")) == ["what was typed into day is lost"]
    assert verdict(200, good + MARKUP) == ["markup is not escaped"]
    assert verdict(200, good.replace("invalid-feedback", "hint")) == ["no words beside day"]
