"""Files of approved orders: made once from the frozen clauses, stored with a checksum, the same bytes ever after."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import logging
import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django.db.models import Count, QuerySet
from django.utils import timezone
from django_tasks import TaskResultStatus, task
from django_tasks_db.models import DBTaskResult

from accounts.models import User
from accounts.permissions import permit
from core.documents.docx import to_docx
from core.documents.page import PageSetup
from core.documents.parts import Block, Table
from core.documents.pdf import to_pdf
from core.prepared import columns, prepared
from core.storage import random_name
from core.transitions import Refused
from orders.documents import order_blocks, order_setup
from orders.models import Order, OrderFile, OrderState

NOT_APPROVED = "Файлы приказа появляются после утверждения."
DAMAGED = "Файл приказа повреждён или пропал. Сообщите администратору: его нужно вернуть из резервной копии."
STILL_MADE = "Файлы приказа ещё готовятся: приложение большое. Страница покажет, когда их можно будет скачать."
LONG_DRAFT = (
    "Приложение слишком длинное, чтобы показать проект в PDF. Прочитайте его на странице проекта, оттуда же можно "
    "напечатать. Файлы портал сделает после утверждения."
)
# Rows of tables that a page may wait for: about a second of printing.
MOST_ROWS_AT_ONCE = 60
# A job that was begun so long ago and has made nothing died with its worker.
PATIENCE = dt.timedelta(minutes=5)
PAGE_DONE = re.compile(r"Step 5 - Creating layout - Page (\d+)")
FILE = columns(OrderFile)
MAKERS: dict[str, Callable[[Sequence[Block], PageSetup], bytes]] = {"pdf": to_pdf, "docx": to_docx}


def order_file(*, order: Order, format: str, actor: User) -> OrderFile:
    """The stored file of an approved order, made now if the worker has not come to it; a long one is never awaited."""
    permit(actor, "orders.order.view", order)
    if order.state != OrderState.APPROVED:
        raise Refused([NOT_APPROVED])
    if found := stored(order, format):
        return found
    blocks = order_blocks(order)
    if is_long(blocks):
        raise Refused([STILL_MADE])
    return store(order, format, blocks)


def is_long(blocks: Sequence[Block]) -> bool:
    """Whether the paper takes so long to print that only the worker does it."""
    return sum(len(block.body) for block in blocks if isinstance(block, Table)) > MOST_ROWS_AT_ONCE


def stored(order: Order, format: str) -> OrderFile | None:
    for row in stored_rows(order.pk, format):
        return OrderFile.from_db(None, FILE, row)
    return None


@prepared
def stored_rows(order: int, format: str) -> QuerySet[OrderFile, Any]:
    return OrderFile.objects.filter(order=order, format=format).order_by().values_list(*FILE)


def store(order: Order, format: str, blocks: Sequence[Block]) -> OrderFile:
    """Make the file and store it, unless somebody else is doing so: then wait and take theirs.

    The row goes in first, and its unique constraint makes the second maker wait for the first one's commit; bytes
    are written to the disk only by whoever got the row.
    """
    content = MAKERS[format](blocks, order_setup(order))
    with transaction.atomic():
        return store_content(order, format, content)


def store_content(order: Order, format: str, content: bytes) -> OrderFile:
    row = OrderFile(order=order, format=format, sha256=hashlib.sha256(content).hexdigest())
    row.file.name = random_name(row, f"order.{format}")
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        return OrderFile.objects.get(order=order, format=format)
    row.file.storage.save(row.file.name, ContentFile(content))
    return row


def checked_content(row: OrderFile) -> io.BytesIO:
    """The bytes of a stored file; refuses to hand out what is not the file that was made."""
    try:
        with row.file.open() as file:
            content = file.read()
    except FileNotFoundError:
        raise Refused([DAMAGED]) from None
    if hashlib.sha256(content).hexdigest() != row.sha256:
        raise Refused([DAMAGED])
    return io.BytesIO(content)


def draft_pdf(order: Order) -> bytes:
    """How an order that is not approved would look, marked as a draft on every page; never stored."""
    blocks = order_blocks(order)
    if is_long(blocks):
        raise Refused([LONG_DRAFT])
    return to_pdf(blocks, order_setup(order))


@task
def make_files(order_id: int) -> None:
    """Make the files of an approved order that are not there yet, in the background."""
    order: Any = Order.objects.approved().filter(pk=order_id).first()
    missing = [format for format in MAKERS if order and stored(order, format) is None]
    blocks = order_blocks(order) if missing else []
    with pages_told(lambda pages: note_pages(order_id, pages)):
        for format in missing:
            store(order, format, blocks)


def note_pages(order_id: int, pages: int) -> None:
    """Keep the number of pages in the row of the job, where the page about it reads it until the job ends."""
    jobs_of(order_id).filter(status=TaskResultStatus.RUNNING).update(return_value=pages)


@contextmanager
def pages_told(tell: Callable[[int], None]) -> Iterator[None]:
    """Call `tell` with the number of pages laid out so far; the engine says it only to its log."""

    class Listener(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if found := PAGE_DONE.match(record.getMessage()):
                tell(int(found[1]))

    log, listener = logging.getLogger("weasyprint.progress"), Listener()
    before = log.level, log.propagate
    log.addHandler(listener)
    log.setLevel(logging.INFO)
    log.propagate = False
    try:
        yield
    finally:
        log.removeHandler(listener)
        log.setLevel(before[0])
        log.propagate = before[1]


def jobs_of(order_id: int) -> Any:
    """The jobs that make the files of the order, the latest first."""
    rows = DBTaskResult.objects.filter(task_path=make_files.module_path, args_kwargs__kwargs__order_id=order_id)
    return rows.order_by("-enqueued_at")


@dataclass(frozen=True)
class FilesReadiness:
    """How far the files of an approved order are: `made` formats, and what the worker is doing, in words."""

    made: tuple[str, ...]
    words: str

    @property
    def is_ready(self) -> bool:
        return len(self.made) == len(MAKERS)

    @property
    def percent(self) -> int:
        return len(self.made) * 100 // len(MAKERS)


def files_readiness(order: Order) -> FilesReadiness:
    """What the page says of the files; two queries."""
    found = set(OrderFile.objects.filter(order=order).values_list("format", flat=True))
    made = tuple(format for format in MAKERS if format in found)
    return FilesReadiness(made, "" if len(made) == len(MAKERS) else progress_words(order, made))


def progress_words(order: Order, made: Sequence[str]) -> str:
    job = jobs_of(order.pk).first()
    if job is not None and job.status == TaskResultStatus.RUNNING and job.started_at > timezone.now() - PATIENCE:
        pages = job.return_value or 0
        making = "Word" if "pdf" in made else "PDF"
        return f"Делается {making}" + (f", свёрстано страниц: {pages}" if pages and making == "PDF" else "")
    if job is not None and job.status == TaskResultStatus.READY:
        return "Ждёт своей очереди"
    return "Не получилось с первого раза: портал скоро попробует ещё"


def retry_files() -> int:
    """Ask again for files that nobody has made: the worker died, or the making failed. Returns how many orders."""
    late = timezone.now() - PATIENCE
    unmade = Order.objects.approved().filter(approved_at__lt=late).order_by("pk")
    asked = 0
    for order in unmade.annotate(made=Count("files")).filter(made__lt=len(MAKERS)):
        jobs = jobs_of(order.pk)
        is_waiting = jobs.filter(status=TaskResultStatus.READY).exists()
        if not is_waiting and not jobs.filter(enqueued_at__gt=late).exists():
            make_files.enqueue(order_id=order.pk)
            asked += 1
    return asked
