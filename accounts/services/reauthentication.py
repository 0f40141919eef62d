"""The password once more before something that cannot be undone: a forgotten browser must not sign for its owner."""

from __future__ import annotations

import datetime as dt

from axes.utils import reset
from django.contrib.auth import authenticate
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest
from django.utils import timezone

from accounts.models import User
from core.journal import record

ACTION = "accounts.user.confirm"
# When this browser last showed the password, in seconds since 1970.
CONFIRMED = "confirmed_at"
LASTING = dt.timedelta(minutes=15)


def note_password(session: SessionBase) -> None:
    """Remember that the person behind the browser has just shown the password."""
    session[CONFIRMED] = timezone.now().timestamp()


def is_confirmed(session: SessionBase) -> bool:
    """Whether the password was shown in this browser within the last quarter of an hour."""
    since = timezone.now().timestamp() - session.get(CONFIRMED, 0)
    return 0 <= since < LASTING.total_seconds()


def confirm_password(*, request: HttpRequest, actor: User, password: str, purpose: str) -> bool:
    """Whether the password is the actor's own; `purpose` says in the history what it was asked for.

    Wrong ones count together with those of the sign-in, by account; past the limit django-axes answers the request.
    A right one counts for the next quarter of an hour.
    """
    if authenticate(request, username=actor.username, password=password) != actor:
        record(ACTION, actor, actor=actor, text=f"Введён неверный пароль: {purpose}.")
        return False
    reset(username=actor.username)
    note_password(request.session)
    record(ACTION, actor, actor=actor, text=f"Пароль введён ещё раз: {purpose}.")
    return True
