"""Every registered kind of order: its template, its appendices and its redaction work on its own example."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse

from core.documents.blocks import plain_text
from core.documents.docx import to_docx
from core.documents.pdf import to_pdf
from orders.documents import order_blocks, sheet_of
from orders.forms import OrderForm, form_of
from orders.kinds import KINDS, OrderKind, close_nothing, closes_nothing, kind_of, register
from orders.models import Clause, Order, letterhead_of
from orders.services.drafting import clause_lines
from orders.services.facts import common_facts
from orders.services.redaction import Redactor, forms_of, people_in
from tests.orders.conftest import params
from tests.orders.pages import letters
from tests.orders.test_files import words_of_docx, words_of_pdf

CODES = sorted(KINDS)


@pytest.fixture
def example(school, people, series):
    """A function that makes an unsaved order of the kind from its example."""

    def make(code: str) -> tuple[Order, list[Clause]]:
        choices = params(responsible_name="Теслина С.Н.", responsible_post="методист", responsible_gender="f")
        order = Order(organisation=school, series=series, kind=code, title="О примере", params=choices)
        order.facts = {**common_facts(order), **KINDS[code].sample()}
        lines = clause_lines(code, order.facts)
        clauses = [
            Clause(pk=place, order=order, level=line.level, marker=line.marker, fact=line.fact, text=line.text)
            for place, line in enumerate(lines, start=1)
        ]
        return order, clauses

    return make


@pytest.mark.parametrize("code", CODES)
def test_example_gives_a_whole_paper(code, example):
    order, clauses = example(code)
    assert json.loads(json.dumps(order.facts)) == order.facts
    assert [clause.fact for clause in clauses][0] == "preamble"
    assert max(clause.level for clause in clauses) >= 1
    text = plain_text(order_blocks(order, clauses))
    for clause in clauses:
        assert " ".join(clause.text.split()) in " ".join(text.split())
    assert "{" not in text


@pytest.mark.parametrize("code", CODES)
def test_both_formats_print_the_same_words(code, example, school):
    """Whatever kinds there are: one that is added is looked at here by itself."""
    order, clauses = example(code)
    blocks = order_blocks(order, clauses)
    setup = replace(sheet_of(letterhead_of(school), title="Пример"), code="")
    expected = letters(plain_text(blocks))
    assert words_of_docx(to_docx(blocks, setup)) == expected
    assert words_of_pdf(to_pdf(blocks, setup)) == expected


@pytest.mark.parametrize("code", CODES)
def test_example_has_everything_that_the_facts_have(code, school, series):
    order = Order(organisation=school, series=series, kind=code, title="О примере", params=params())
    missing = set(KINDS[code].facts(order)) - set(KINDS[code].sample())
    assert missing == set()


@pytest.mark.parametrize("code", CODES)
def test_empty_draft_is_refused_in_words(code, school, series):
    order = Order(organisation=school, series=series, kind=code, title="О примере", params=params())
    assert [words for words in KINDS[code].obstacles(order) if words[-1] in ".!"] != []


@pytest.mark.parametrize("code", CODES)
def test_draft_page_opens_with_a_heading_and_a_purpose(code, school, series, people, reference, client_of):
    page = client_of(people.curator).get(reverse("order_draft", args=[code]))
    form = page.context["form"]
    # An order about another one takes its heading from that one.
    wanted = ["purpose"] if "target" in form.fields else ["title", "purpose"]
    assert (page.status_code, [name for name in wanted if not form[name].value()]) == (200, [])


# What an approved order of the kind opens, so that its cancellation has something to close.
OPENING = {
    "bank",
    "curator",
    "incentives",
    "mentors",
    "pairs",
    "plan",
    "programmes",
    "regulation_and_roadmap",
    "rewards",
}
OPENING |= {"extension", "release", "replacement", "substitution"}


def test_kinds_that_open_something_say_what_their_cancellation_ends():
    closing = {code for code in CODES if KINDS[code].close is not close_nothing}
    telling = {code for code in CODES if KINDS[code].closing is not closes_nothing}
    assert (closing, telling) == (OPENING, OPENING)


@pytest.mark.parametrize("code", CODES)
def test_form_of_the_kind_extends_the_common_one(code):
    assert issubclass(form_of(KINDS[code]), OrderForm)


@pytest.mark.parametrize("code", CODES)
def test_redacted_example_names_nobody(code, example):
    order, clauses = example(code)
    people = list(people_in(order.facts))
    redactor = Redactor(people, [], [])
    order.facts = {**redactor.value(KINDS[code].redact(order.facts, frozenset())), "signer": order.facts["signer"]}
    for clause in clauses:
        clause.text = redactor.text(clause.text)
    plain = " ".join(plain_text(order_blocks(order, clauses, with_acquaintance=False)).split())
    assert [form for person in people for form in forms_of(person) if " ".join(form.split()) in plain] == []


def test_unknown_kind_and_a_second_registration_are_mistakes_of_the_code():
    with pytest.raises(ImproperlyConfigured):
        kind_of("unknown")
    code = CODES[0]
    register(KINDS[code])
    with pytest.raises(ImproperlyConfigured):
        register(OrderKind(code=code, title="Другое", form="", facts=lambda order: {}, sample=dict))
