"""The timesheet of mentors: how many hours of held meetings fall into a month, beside the norm of the addendum."""

from __future__ import annotations

import calendar
import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, Sum

from accounts.models import Organisation
from core.russian import month_of
from mentorship.models.addenda import Addendum
from mentorship.models.meetings import Meeting
from mentorship.models.participants import Participant

YEARS = range(2000, 2101)


@dataclass(frozen=True)
class Month:
    """A month of the calendar."""

    first: dt.date

    @property
    def last(self) -> dt.date:
        return self.first.replace(day=calendar.monthrange(self.first.year, self.first.month)[1])

    @property
    def words(self) -> str:
        return f"{month_of(self.first)} {self.first.year} г."

    @property
    def code(self) -> str:
        return f"{self.first:%Y-%m}"

    @property
    def before(self) -> Month:
        return Month((self.first - dt.timedelta(days=1)).replace(day=1))

    @property
    def after(self) -> Month:
        return Month(self.last + dt.timedelta(days=1))


@dataclass(frozen=True)
class Line:
    """A mentor's month. Minutes of meetings that the other side agrees with and of the others; `norm` in hours."""

    mentor: Participant
    meetings: int = 0
    confirmed: int = 0
    unconfirmed: int = 0
    norm: int | None = None

    @property
    def minutes(self) -> int:
        return self.confirmed + self.unconfirmed


def hours(minutes: int) -> str:
    """«1 ч 30 мин», «45 мин», «0 ч»."""
    whole, rest = divmod(minutes, 60)
    if not whole and rest:
        return f"{rest} мин"
    return f"{whole} ч {rest} мин" if rest else f"{whole} ч"


def month_in(text: str, day: dt.date) -> Month:
    """The month that «2026-11» names, the month of `day` for anything else and for years out of reason."""
    try:
        month = Month(dt.datetime.strptime(text, "%Y-%m").date())  # noqa: DTZ007 - a month has no zone
    except ValueError:
        return Month(day.replace(day=1))
    return month if month.first.year in YEARS else Month(day.replace(day=1))


def lines_of(organisation: Organisation, month: Month, *, mentor: Participant | None = None) -> list[Line]:
    """The mentors who worked or met in the month, by name; of one `mentor` the own line; three queries."""
    within = Meeting.objects.held().filter(pair__organisation=organisation, day__range=(month.first, month.last))
    if mentor is not None:
        within = within.filter(pair__mentor=mentor)
    agreed = within.confirmed()
    sums: dict[int, Any] = {
        row["pair__mentor"]: row
        for row in within.order_by()
        .values("pair__mentor")
        .annotate(
            count=Count("pk"),
            total=Sum("minutes"),
            agreed=Sum("minutes", filter=Q(pk__in=agreed.order_by().values("pk"))),
        )
    }
    people = [mentor] if mentor else mentors_of(organisation, month, sums)
    norms = norms_of(people, month)
    return [line_of(person, sums.get(person.pk, {}), norms.get(person.pk)) for person in people]


def line_of(person: Participant, sums: Mapping[str, int | None], norm: int | None) -> Line:
    total, agreed = sums.get("total") or 0, sums.get("agreed") or 0
    return Line(person, sums.get("count") or 0, agreed, total - agreed, norm)


def mentors_of(organisation: Organisation, month: Month, met: Iterable[int]) -> list[Participant]:
    """Whoever led a pair in force on some day of the month, and whoever met anyway."""
    led = Q(
        pairs_led__state__in=["active", "closed"],
        pairs_led__starts_on__lte=month.last,
        pairs_led__ends_on__gte=month.first,
    )
    rows = Participant.objects.filter(Q(pk__in=list(met)) | led, organisation=organisation)
    return list(Participant.objects.filter(pk__in=rows.order_by().values("pk")).by_name().with_posts())


def norms_of(people: Iterable[Participant], month: Month) -> dict[int, int]:
    """Hours a month by the addendum in force at the end of the month."""
    rows = Addendum.objects.live(month.last).filter(participant__in=list(people), month_hours__isnull=False)
    return {one.participant_id: one.month_hours for one in reversed(list(rows)) if one.month_hours}
