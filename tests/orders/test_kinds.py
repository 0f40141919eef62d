"""Every registered kind of order: its template, its appendices and its redaction work on its own example."""

from __future__ import annotations

import json

import pytest
from django.core.exceptions import ImproperlyConfigured

from core.documents.blocks import plain_text
from orders.documents import order_blocks
from orders.forms import OrderForm, form_of
from orders.kinds import KINDS, OrderKind, kind_of, register
from orders.models import Clause, Order
from orders.services.drafting import clause_lines
from orders.services.facts import common_facts
from orders.services.redaction import Redactor, forms_of, people_in
from tests.orders.conftest import params

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
