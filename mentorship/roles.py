"""«Наставник» and «наставляемый»: roles that follow from the pairs in force, never ticked by hand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from accounts.permissions import Role, Standing, derive
from mentorship.models import Pair, PairMember, PairState


def standings_from_pairs(user: Any, day: dt.date) -> Iterable[Standing]:
    """One standing for each organisation where the person leads or is led in a pair of the day; two queries."""
    window = {"state": PairState.ACTIVE, "starts_on__lte": day, "ends_on__gte": day}
    led = Pair.objects.filter(mentor__user=user, **window).order_by().values_list("organisation")
    learning = PairMember.objects.filter(mentee__user=user, **window).order_by().values_list("pair__organisation")
    mentor = {pk for (pk,) in led}
    mentee = {pk for (pk,) in learning}
    for role, organisations in ((Role.MENTOR, mentor), (Role.MENTEE, mentee)):
        yield from (Standing(role, pk, user.pk, day) for pk in sorted(organisations))


derive(standings_from_pairs)
