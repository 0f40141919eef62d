"""The letterhead of an organisation: its page, its sample, its limits."""

from __future__ import annotations

import pytest
from django.core.files.base import ContentFile

from core.models import JournalEntry
from orders.models import Letterhead, letterhead_of

FIELDS = {
    "left_mm": "20",
    "right_mm": "15",
    "top_mm": "20",
    "bottom_mm": "25",
    "font_size_pt": "13",
    "line_spacing": "1.5",
    "with_code": "on",
    "stamp": "head",
}
URL = "/cabinet/orders/letterhead/"


def test_defaults_stand_until_somebody_saves(school):
    head = letterhead_of(school)
    assert (head.pk, head.left_mm, head.font_size_pt, head.with_code) == (None, 30, 14, True)


def test_curator_saves_the_letterhead_and_the_history_tells(people, client_of, school):
    response = client_of(people.curator).post(URL, FIELDS)
    head = Letterhead.objects.get(organisation=school)
    assert (response.status_code, head.font_size_pt, head.stamp) == (302, 13, "head")
    assert JournalEntry.objects.about(head).count() == 1


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [("left_mm", "5", "20"), ("line_spacing", "3", "1.5"), ("font_size_pt", "40", "40"), ("top_mm", "слово", "целое")],
)
def test_impossible_sheet_is_refused_beside_the_field(people, client_of, field, value, words):
    form = client_of(people.curator).post(URL, {**FIELDS, field: value}).context["form"]
    assert (list(form.errors), words in str(form.errors[field][0])) == ([field], True)


def test_emblem_is_asked_for_before_it_is_printed(people, client_of, school):
    form = client_of(people.curator).post(URL, {**FIELDS, "with_emblem": "on"}).context["form"]
    assert list(form.errors) == ["with_emblem"]


def test_sample_opens_also_where_the_emblem_is_lost(people, client_of, school):
    school.emblem.save("e.png", ContentFile(b"x"))
    school.emblem.storage.delete(school.emblem.name)
    Letterhead.objects.create(organisation=school, with_emblem=True)
    response = client_of(people.curator).get(f"{URL}sample/")
    assert (response.status_code, b"".join(response)[:5]) == (200, b"%PDF-")


@pytest.mark.parametrize("path", [URL, f"{URL}sample/"])
def test_only_those_who_may_open_it(people, client_of, path):
    statuses = {name: client_of(getattr(people, name)).get(path).status_code for name in ("curator", "teacher")}
    assert statuses == {"curator": 200, "teacher": 403}
