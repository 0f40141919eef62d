"""Files made by the worker: how far they are, a long paper that nobody waits for, a worker that died."""

from __future__ import annotations

import datetime as dt
import io
import logging

import pypdf
import pytest
import time_machine
from django.core.management import call_command
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from core.documents.pdf import to_pdf
from core.transitions import Refused
from mentorship.order_kinds.pairs import pairs_sample
from orders import services
from orders.documents import order_blocks, order_setup
from orders.models import OrderFile
from orders.services import files
from orders.services.files import (
    LONG_DRAFT,
    MAKERS,
    PATIENCE,
    STILL_MADE,
    draft_pdf,
    files_readiness,
    make_files,
    retry_files,
)
from tests.orders.pages import page, said, url


class Killed(BaseException):
    """What a test kills the worker with."""


@pytest.fixture
def long(monkeypatch):
    """A paper of three rows is long."""
    monkeypatch.setattr(files, "MOST_ROWS_AT_ONCE", 2)


@pytest.fixture
def killed(monkeypatch):
    """The worker dies after the first file."""

    def die(blocks, setup):
        raise Killed

    monkeypatch.setitem(MAKERS, "docx", die)


def formats():
    return list(OrderFile.objects.order_by("pk").values_list("format", flat=True))


def words(order):
    return files_readiness(order).words


def run_by_worker(order):
    """What the worker does with the job, up to its end."""
    job = DBTaskResult.objects.get(status=TaskResultStatus.READY)
    job.claim("worker")
    make_files.call(order_id=order.pk)
    job.set_successful(None)


def test_page_says_how_far_the_files_are_and_then_gives_them(approved, client_of, people):
    order, client = approved(), client_of(people.director)
    text = page(client.get(url("detail", order)))
    assert ("файлы готовятся" in text, "Ждёт своей очереди" in text) == (True, True)
    assert f'hx-get="{url("files", order)}" hx-trigger="every 2s"' in text
    assert f'<a href="{url("files", order)}">Обновить</a>' in text
    assert "Ждёт своей очереди" in page(client.get(url("files", order)))
    run_by_worker(order)
    text = page(client.get(url("files", order)))
    assert ("Файлы готовы." in text, "hx-trigger" in text.split('id="files"')[1]) == (True, False)
    assert "файлы готовятся" not in page(client.get(url("detail", order)))


def test_progress_names_the_file_and_the_pages(approved):
    order = approved()
    job = DBTaskResult.objects.get()
    job.claim("worker")
    assert words(order) == "Делается PDF"
    files.note_pages(order.pk, 12)
    assert words(order) == "Делается PDF, свёрстано страниц: 12"
    files.store(order, "pdf", order_blocks(order))
    assert (words(order), files_readiness(order).percent) == ("Делается Word", 50)


def test_pages_are_counted_while_the_paper_is_made(approved):
    order, told = approved(), []
    with files.pages_told(told.append):
        to_pdf(order_blocks(order), order_setup(order))
    assert told
    assert set(told) == set(range(1, max(told) + 1))
    assert logging.getLogger("weasyprint.progress").handlers == []


def test_long_paper_is_left_to_the_worker(approved, people, client_of, long):
    order, client = approved(people=[1, 2, 3]), client_of(people.director)
    text = page(client.get(url("detail", order)))
    assert url("file", order, "pdf") not in text
    assert said(client, client.get(url("file", order, "pdf"))) == [STILL_MADE]
    assert formats() == []
    make_files.call(order_id=order.pk)
    assert client.get(url("file", order, "pdf")).status_code == 200
    assert url("file", order, "pdf") in page(client.get(url("detail", order)))


def test_long_paper_would_be_made_by_the_web_without_the_measure(approved, people, long, monkeypatch):
    monkeypatch.setattr(files, "is_long", lambda blocks: False)
    services.order_file(order=approved(people=[1, 2, 3]), format="docx", actor=people.director)
    assert formats() == ["docx"]


def test_long_draft_is_read_on_the_page(draft, people, client_of, long):
    order, client = draft(people=[1, 2, 3]), client_of(people.curator)
    with pytest.raises(Refused) as refusal:
        draft_pdf(order)
    assert refusal.value.obstacles == [LONG_DRAFT]
    assert said(client, client.get(url("file", order, "pdf"))) == [LONG_DRAFT]


def test_killed_worker_leaves_a_retry_that_makes_only_what_is_missing(approved, killed, monkeypatch):
    order = approved()
    DBTaskResult.objects.get().claim("worker")
    with pytest.raises(Killed):
        make_files.call(order_id=order.pk)
    assert (formats(), words(order)) == (["pdf"], "Делается Word")
    first = OrderFile.objects.get().sha256
    assert retry_files() == 0
    with time_machine.travel(timezone.now() + PATIENCE + dt.timedelta(seconds=1), tick=False):
        assert words(order) == "Не получилось с первого раза: портал скоро попробует ещё"
        assert (retry_files(), retry_files()) == (1, 0)
        assert words(order) == "Ждёт своей очереди"
        monkeypatch.setitem(MAKERS, "docx", lambda blocks, setup: b"word")
        run_by_worker(order)
        assert (retry_files(), formats()) == (0, ["pdf", "docx"])
    assert OrderFile.objects.get(format="pdf").sha256 == first


def test_kill_would_leave_no_files_without_the_retry(approved, killed):
    order = approved()
    DBTaskResult.objects.get().claim("worker")
    with pytest.raises(Killed):
        make_files.call(order_id=order.pk)
    assert not DBTaskResult.objects.filter(status=TaskResultStatus.READY).exists()
    assert not files_readiness(order).is_ready


def test_failing_job_is_repeated_with_pauses(approved):
    order = approved()
    job = DBTaskResult.objects.get()
    job.claim("worker")
    job.set_failed(ValueError("нет места"))
    assert (words(order), retry_files()) == ("Не получилось с первого раза: портал скоро попробует ещё", 0)
    with time_machine.travel(timezone.now() + PATIENCE + dt.timedelta(seconds=1), tick=False):
        assert retry_files() == 1


@pytest.mark.django_db(transaction=True)
def test_worker_does_the_job_and_asks_again_by_itself(approved):
    approved()
    DBTaskResult.objects.all().delete()
    with time_machine.travel(timezone.now() + PATIENCE + dt.timedelta(seconds=1), tick=False):
        call_command("worker", once=True)
    assert formats() == ["pdf", "docx"]


@pytest.mark.parametrize(
    ("user", "status"), [("director", 200), ("inspector", 200), ("stranger", 404), ("teacher", 403)]
)
def test_files_page_is_for_those_who_may_see_orders(user, status, approved, client_of, people):
    assert client_of(getattr(people, user)).get(url("files", approved())).status_code == status


def test_files_page_of_a_draft_leads_back(draft, client_of, people):
    order = draft()
    assert client_of(people.curator).get(url("files", order))["Location"] == url("detail", order)


def test_long_appendix_repeats_its_head_and_splits_no_row(approved):
    order = approved()
    base = pairs_sample()["pairs"][0]
    rows = [
        {**base, "id": number, "form": f"начало{number}я", "direction": f"конец{number}я"} for number in range(1, 71)
    ]
    order.kind, order.facts = "pairs", {**order.facts, "pairs": rows}
    blocks = order_blocks(order)
    assert files.is_long(blocks)
    reader = pypdf.PdfReader(io.BytesIO(to_pdf(blocks, order_setup(order))))
    pages = ["".join(sheet.extract_text().split()) for sheet in reader.pages]
    place = {f"{word}{number}я": 0 for word in ("начало", "конец") for number in range(1, 71)}
    for sheet, text in enumerate(pages):
        place |= {word: sheet for word in place if word in text}
    assert [place[f"начало{number}я"] for number in range(1, 71)] == [
        place[f"конец{number}я"] for number in range(1, 71)
    ]
    with_rows = sorted(set(place.values()))
    assert len(with_rows) > 5
    assert ["Форма,вид" in pages[sheet] for sheet in with_rows] == [True] * len(with_rows)
