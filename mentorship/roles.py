"""«Наставник» and «наставляемый»: roles that follow from the pairs in force, never ticked by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from accounts.permissions import Role, Standing, derive
from mentorship.models import Pair, PairMember, PairState
from mentorship.models.participants import here_on


def standings_from_pairs(user: Any, day: dt.date) -> Iterable[Standing]:
    """One standing for each organisation where the person leads or is led in a pair of the day; two queries.

    Whoever has left is let in no more, although their pair lasts until an order ends it.
    """
    window = {"state": PairState.ACTIVE, "starts_on__lte": day, "ends_on__gte": day}
    led = Pair.objects.filter(here_on(day, "mentor"), mentor__user=user, **window)
    learning = PairMember.objects.filter(here_on(day, "mentee"), mentee__user=user, **window)
    mentor = set(led.order_by().values_list("organisation", flat=True))
    mentee = set(learning.order_by().values_list("pair__organisation", flat=True))
    for role, organisations in ((Role.MENTOR, mentor), (Role.MENTEE, mentee)):
        yield from (Standing(role, pk, user.pk, day) for pk in sorted(organisations))


derive(standings_from_pairs)
