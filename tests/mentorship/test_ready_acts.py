"""The ready texts of local acts: there is one for every kind, and a draft begins with it."""

from __future__ import annotations

import pytest

from orders.models import LocalAct
from orders.models.act_text import renumbered, sections_of
from orders.sources import TEXTS, read_text
from tests.orders.pages import page

SCHOOL = "МБОУ «Школа № 17»"


def test_every_kind_has_a_text_and_the_regulation_nine_sections() -> None:
    assert sorted(text.kind for text in TEXTS.values()) == sorted(LocalAct.Kind.values)
    assert len(TEXTS["regulation"].sections) == 9


@pytest.mark.parametrize("code", list(TEXTS))
def test_text_is_numbered_and_named_after_the_school(code: str) -> None:
    words = TEXTS[code].words_for(SCHOOL)
    headings = [f"{number}. {heading}" for number, (heading, _) in enumerate(TEXTS[code].sections, start=1)]
    assert [section.title for section in sections_of(words["text"])] == headings
    assert (words["title"].endswith(SCHOOL), SCHOOL in words["text"], "{" in words["text"]) == (True, True, False)
    assert renumbered(words["text"]) == words["text"]
    assert all(len(line) <= 1000 for line in words["text"].splitlines())


def test_new_act_begins_with_a_ready_text(school, people, client_of) -> None:
    client = client_of(people.curator)
    text = page(client.get("/cabinet/acts/new/"))
    assert [f"?ready={code}" in text for code in TEXTS] == [True] * len(TEXTS)
    form = client.get("/cabinet/acts/new/?ready=council").context["form"]
    words = TEXTS["council"].words_for(school.name)
    assert {name: form[name].value() for name in words} == words
    client.post("/cabinet/acts/new/?ready=council", words)
    act = LocalAct.objects.get()
    assert (act.kind, act.title, [section.title for section in sections_of(act.text)][0]) == (
        "council",
        words["title"],
        "1. Общие положения",
    )


@pytest.mark.parametrize("code", ["", "щ", "regulation'--"])
def test_unknown_ready_text_gives_an_empty_form(people, client_of, code: str) -> None:
    form = client_of(people.curator).get(f"/cabinet/acts/new/?ready={code}").context["form"]
    assert form["text"].value() in ("", None)


def test_data_file_is_read_by_its_lines() -> None:
    text = read_text(
        "x", "kind: council\nname: Имя\ntitle: Акт: {organisation}\n\n# Раздел\nПервое.\n\nВторое.\n# Ещё\n"
    )
    assert (text.kind, text.name, text.title) == ("council", "Имя", "Акт: {organisation}")
    assert text.text_for("Школа") == "1. Раздел\n1.1. Первое.\n1.2. Второе.\n2. Ещё"
