"""Agreements with partners: the row and its paper change together."""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction

from accounts.models import Agreement, User
from accounts.permissions import permit
from core.journal import Change, record
from core.uploads import safe_name

CHANGE = "accounts.partner.change"


@transaction.atomic
def set_agreement_file(*, agreement: Agreement, file: File, actor: User) -> None:
    """Keep a checked file as the paper of the agreement; the earlier one goes once the change is certain."""
    permit(actor, CHANGE, agreement)
    storage, old, before = agreement.file.storage, agreement.file.name, agreement.file_name
    agreement.file, agreement.file_name = file, safe_name(str(file.name))
    agreement.save(update_fields=["file", "file_name"])
    if old:
        transaction.on_commit(lambda: storage.delete(old))
    change = Change(field="Файл", old=before or "—", new=agreement.file_name)
    record(CHANGE, agreement, actor=actor, text="Приложено подписанное соглашение.", changes=[change])
