"""Files of approved orders: made once from the frozen clauses, stored with a checksum, the same bytes ever after."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from typing import Any

from django.core.files.base import ContentFile
from django.db import IntegrityError, transaction
from django_tasks import task

from accounts.models import User
from accounts.permissions import permit
from core.documents.docx import to_docx
from core.documents.page import PageSetup
from core.documents.parts import Block
from core.documents.pdf import to_pdf
from core.storage import random_name
from core.transitions import Refused
from orders.documents import order_blocks, order_setup
from orders.models import Order, OrderFile, OrderState

NOT_APPROVED = "Файлы приказа появляются после утверждения."
DAMAGED = "Файл приказа повреждён или пропал. Сообщите администратору: его нужно вернуть из резервной копии."
MAKERS: dict[str, Callable[[Sequence[Block], PageSetup], bytes]] = {"pdf": to_pdf, "docx": to_docx}


def order_file(*, order: Order, format: str, actor: User) -> OrderFile:
    """The stored file of an approved order, made now if nobody has asked for it yet."""
    permit(actor, "orders.order.view", order)
    if order.state != OrderState.APPROVED:
        raise Refused([NOT_APPROVED])
    return stored(order, format) or store(order, format)


def stored(order: Order, format: str) -> OrderFile | None:
    return OrderFile.objects.filter(order=order, format=format).first()


@transaction.atomic
def store(order: Order, format: str) -> OrderFile:
    """Make the file and store it, unless somebody else is doing so: then wait and take theirs.

    The row goes in first, and its unique constraint makes the second maker wait for the first one's commit; bytes
    are written to the disk only by whoever got the row.
    """
    content = MAKERS[format](order_blocks(order), order_setup(order))
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
    return to_pdf(order_blocks(order), order_setup(order))


@task
def make_files(order_id: int) -> None:
    """Make both files of an approved order in the background."""
    order: Any = Order.objects.approved().filter(pk=order_id).first()
    for format in MAKERS if order else ():
        if stored(order, format) is None:
            store(order, format)
