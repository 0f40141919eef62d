"""What the tests of pages share: addresses, answers of the form, reading what the portal said."""

from __future__ import annotations

import re
from urllib.parse import unquote

from django.urls import reverse


def letters(text):
    """Letters and digits without gaps and hyphens: lines break differently in PDF and DOCX."""
    return re.sub(r"[^\w№«»]|_", "", text)


def url(name, order, *more):
    return reverse(f"order_{name}", args=[order.pk, *more])


def page(response):
    """The text of a page that was answered as it should."""
    assert response.status_code == 200, response.status_code
    return response.content.decode()


def said(client, response):
    """What the portal answered on the page that the POST led to."""
    assert response.status_code == 302, response.content.decode()[:2000]
    return [str(message) for message in client.get(response["Location"]).context["messages"]]


def file_name(response):
    return unquote(response["Content-Disposition"])


def answers(**changes):
    """What the drafter types into the form of a memo."""
    return {
        "title": "О порядке",
        "purpose": "В целях порядка",
        "basis": "",
        "effective_on": "",
        "control": "self",
        "responsible_name": "",
        "responsible_post": "",
        "control_name": "",
        "control_post": "",
        "paper": "Положение",
        **changes,
    }


def clause_data(order, **texts):
    """The clauses of a draft as their page sends them, some with other texts (fact → text)."""
    stored = {clause.fact: clause for clause in order.clauses.standing()}
    named = {f"clause-{clause.pk}": texts.get(fact, clause.text) for fact, clause in stored.items()}
    return {**named, "version": order.version, "new": ""}
