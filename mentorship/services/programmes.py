"""Actions on personalised programmes."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from accounts.models import User
from accounts.permissions import permit
from core.transitions import move
from mentorship.models import Pair, Programme


@transaction.atomic
def complete_programmes(*, pair: Pair, day: dt.date, reason: str, actor: User) -> None:
    """End the current programme of a pair that ends: completed where a version was approved, dropped otherwise.

    Called by whatever ends the pair; `reason` is said in the history.
    """
    permit(actor, "mentorship.programme.end", pair)
    for programme in Programme.objects.locked().filter(pair=pair).current():
        step = "complete" if programme.version else "drop"
        values = {"completed_on": day} if programme.version else {}
        move(programme, step, actor=actor, text=reason, **values)
