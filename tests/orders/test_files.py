"""Files of approved orders: the same words in both, the same bytes every time."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from pathlib import Path

import docx
import pypdf
import pytest

from accounts.permissions import Forbidden
from core.documents.blocks import plain_text
from core.transitions import Refused
from orders import services
from orders.documents import clause_names, order_blocks, order_setup
from orders.models import OrderFile
from orders.services.files import DAMAGED, checked_content, draft_pdf, make_files
from tests.orders.pages import letters


def words_of_pdf(content):
    pages = [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(content)).pages]
    # From the second page on the number of the page is printed too.
    text = "\n".join([pages[0], *(re.sub(r"\s\d+\s*\Z", "", page) for page in pages[1:])])
    return letters(text)


def words_of_docx(content):
    document = docx.Document(io.BytesIO(content))
    texts = [node.text or "" for node in document.element.body.iter() if node.tag.endswith("}t")]
    return letters(" ".join(texts))


@pytest.fixture
def order(approved):
    return approved(
        papers=["Положение о системе наставничества педагогических работников", "Дорожная карта"],
        people=[1, 2],
        basis=["приказа от 29.08.2022 г. № 100"],
        responsible_name="Теслина С.Н.",
        responsible_post="заместитель директора по учебно-воспитательной работе",
        responsible_gender="f",
    )


def test_pdf_and_docx_have_the_same_words_in_the_same_order(order, people):
    pdf = services.order_file(order=order, format="pdf", actor=people.director)
    word = services.order_file(order=order, format="docx", actor=people.director)
    expected = letters(plain_text(order_blocks(order)))
    assert words_of_docx(checked_content(word).read()) == expected
    assert words_of_pdf(checked_content(pdf).read()) == expected
    assert "ТеслинуСНзаместителядиректорапоучебновоспитательнойработе" in expected


def test_file_is_made_once_and_its_bytes_stay(order, people, monkeypatch):
    first = services.order_file(order=order, format="pdf", actor=people.director)
    content = checked_content(first).read()
    monkeypatch.setattr("orders.services.files.MAKERS", {})
    again = services.order_file(order=order, format="pdf", actor=people.curator)
    assert (again.pk, checked_content(again).read()) == (first.pk, content)
    assert first.sha256 == hashlib.sha256(content).hexdigest()


def test_worker_makes_both_files_and_is_not_harmed_by_a_second_run(order, draft):
    make_files.func(order.pk)
    made = list(OrderFile.objects.order_by("pk").values_list("format", "sha256"))
    make_files.func(order.pk)
    assert list(OrderFile.objects.order_by("pk").values_list("format", "sha256")) == made
    assert [name for name, _ in made] == ["pdf", "docx"]
    make_files.func(draft().pk)
    make_files.func(0)
    assert OrderFile.objects.count() == 2


def test_damaged_or_lost_file_is_not_handed_out(order, people, client_of):
    row = services.order_file(order=order, format="docx", actor=people.director)
    path = Path(row.file.path)
    path.write_bytes(path.read_bytes() + b" ")
    with pytest.raises(Refused) as refusal:
        checked_content(row)
    assert refusal.value.obstacles == [DAMAGED]
    path.unlink()
    client = client_of(people.director)
    page = client.get(f"/cabinet/orders/{order.pk}/file/docx/", follow=True)
    assert [str(message) for message in page.context["messages"]] == [DAMAGED]


def test_draft_has_only_a_marked_preview_that_is_not_stored(draft, people):
    order = draft()
    with pytest.raises(Refused):
        services.order_file(order=order, format="pdf", actor=people.curator)
    text = pypdf.PdfReader(io.BytesIO(draft_pdf(order))).pages[0].extract_text()
    assert "ПРОЕКТ" in text
    assert order_setup(order).draft == "ПРОЕКТ"
    assert not OrderFile.objects.exists()


def test_approved_paper_has_no_draft_mark_and_names_itself(order, people):
    row = services.order_file(order=order, format="pdf", actor=people.director)
    reader = pypdf.PdfReader(io.BytesIO(checked_content(row).read()))
    assert "ПРОЕКТ" not in "".join(page.extract_text() for page in reader.pages)
    assert reader.metadata.title == "Приказ № 71-б «О порядке»"
    word = services.order_file(order=order, format="docx", actor=people.director)
    assert zipfile.ZipFile(checked_content(word)).testzip() is None


@pytest.mark.parametrize("name", ["teacher", "municipal", "stranger"])
def test_files_are_for_those_who_may_see_orders(name, order, people):
    with pytest.raises(Forbidden):
        services.order_file(order=order, format="pdf", actor=getattr(people, name))


def test_paper_is_the_frozen_one_whatever_changes_later(order, school, people):
    before = plain_text(order_blocks(order))
    school.head_name, school.full_name, school.place = "Новый Пётр Петрович", "Другая школа", "д. Новая"
    school.save()
    order.refresh_from_db()
    assert plain_text(order_blocks(order)) == before


def test_clauses_are_named_as_the_paper_numbers_them(draft, people):
    order = draft(papers=["Один", "Два"])
    services.add_clause(order=order, text="Ещё", actor=people.curator)
    clauses = list(order.clauses.standing())
    names = clause_names(clauses)
    assert [names[clause.pk] for clause in clauses] == [
        "Преамбула",
        "Пункт 1",
        "Пункт 1, строка 1",
        "Пункт 1, строка 2",
        "Пункт 2",
        "Пункт 3",
    ]
    text = plain_text(order_blocks(order))
    for line in ("1. Ввести с", "– Один (Приложение 1);", "2. Ещё", "3. Контроль"):
        assert f"\n{line}" in text
