"""Letters: written in the caller's transaction, so that nothing is sent for what did not happen."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from accounts.models import Letter, Organisation, User

log = logging.getLogger(__name__)
MAX_ATTEMPTS = 8
SUBJECT = "Новое сообщение на портале «Наставничество»"


def write_letters(
    users: Iterable[User], *, subject: str, body: str, path: str = "", organisation: Organisation | None = None
) -> list[Letter]:
    """Put one letter into each inbox; whoever has an e-mail gets a copy by the worker. Each person once."""
    people = {user.pk: user for user in users}
    return Letter.objects.bulk_create(
        Letter(
            user=user,
            organisation=organisation,
            subject=subject[:200],
            body=body,
            path=path,
            delivery=Letter.Delivery.QUEUED if user.email and user.is_active else Letter.Delivery.PORTAL,
        )
        for user in people.values()
    )


def delay_after(attempts: int) -> dt.timedelta:
    """How long to wait before the next try: 1, 2, 4 … minutes, at most six hours."""
    doublings = min(max(attempts - 1, 0), 10)
    return min(dt.timedelta(minutes=2**doublings), dt.timedelta(hours=6))


def send_due(limit: int = 50) -> int:
    """Send the e-mails that are due, one transaction each; returns how many went out.

    Several workers may run: a letter is locked while it is being sent. A crash between sending and the commit
    repeats the e-mail with the same Message-ID, so that mail programs show it once.
    """
    sent = 0
    for _ in range(limit):
        outcome = send_next()
        if outcome is None:
            break
        sent += outcome
    return sent


@transaction.atomic
def send_next() -> int | None:
    """Send the oldest due letter: 1 sent, 0 failed and put off, None when nothing is due."""
    letter = Letter.objects.due().select_for_update(skip_locked=True, of=("self",)).select_related("user").first()
    if letter is None:
        return None
    letter.attempts += 1
    try:
        message_of(letter).send()
    except Exception as error:  # noqa: BLE001 - whatever the mail server does, the letter stays in the inbox
        put_off(letter, error)
        return 0
    letter.delivery, letter.sent_at, letter.failure = Letter.Delivery.SENT, timezone.now(), ""
    letter.save(update_fields=["delivery", "sent_at", "failure", "attempts"])
    return 1


def message_of(letter: Letter) -> EmailMessage:
    """The e-mail copy; its subject names nobody, because mailboxes are read over shoulders."""
    link = f"\n\n{settings.PORTAL_URL}{letter.path}" if letter.path else ""
    headers = {"Message-ID": f"<{letter.message_id}@nastavnichestvo>", "Auto-Submitted": "auto-generated"}
    return EmailMessage(SUBJECT, f"{letter.body}{link}", to=[letter.user.email], headers=headers)


def put_off(letter: Letter, error: Any) -> None:
    """Note the failure and decide when to try again, or give up after the last attempt."""
    log.warning("Letter %s was not sent: %s", letter.pk, type(error).__name__)
    letter.failure = type(error).__name__
    letter.next_try_at = timezone.now() + delay_after(letter.attempts)
    if letter.attempts >= MAX_ATTEMPTS:
        letter.delivery = Letter.Delivery.FAILED
    letter.save(update_fields=["delivery", "failure", "attempts", "next_try_at"])


def mark_read(*, letter: Letter, actor: User) -> None:
    """Remember when the addressee opened the letter first."""
    Letter.objects.filter(pk=letter.pk, user=actor, read_at=None).update(read_at=timezone.now())
