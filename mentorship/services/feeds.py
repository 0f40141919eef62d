"""Actions on the secret address of a person's calendar: made, made anew, put out of use."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Forbidden, holds
from core.journal import record
from mentorship.models import CalendarFeed
from mentorship.models.feeds import new_token, token_hash

FEED = "mentorship.meeting.feed"


@transaction.atomic
def make_feed(*, actor: User) -> str:
    """Give the actor a new secret address and return its token, which is kept nowhere; an earlier one stops working."""
    allow(actor)
    token = new_token()
    feed, created = CalendarFeed.objects.update_or_create(
        user=actor, defaults={"token_hash": token_hash(token), "made_at": timezone.now()}
    )
    words = "Создан адрес календаря встреч." if created else "Адрес календаря встреч заменён, прежний не действует."
    record(FEED, feed, actor=actor, text=words)
    return token


@transaction.atomic
def revoke_feed(*, actor: User) -> None:
    """Put the actor's address out of use; nothing happens where there is none."""
    allow(actor)
    for feed in CalendarFeed.objects.filter(user=actor):
        record(FEED, feed, actor=actor, text="Адрес календаря встреч отключён.")
        feed.delete()


def allow(actor: User) -> None:
    """A feed is about the actor alone: the right is held or not, there is no row to ask."""
    if not holds(actor, FEED):
        raise Forbidden(FEED)
