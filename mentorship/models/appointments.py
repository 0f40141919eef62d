"""Who has been appointed a mentor: read from the approved orders themselves, so that no second record can differ."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, F, Func, JSONField, OuterRef, Q, QuerySet, Subquery

from mentorship.models.participants import Participant
from orders.models import Order, OrderLink, OrderState

# The kind of the order that appoints.
APPOINTING = "mentors"
ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Appointment:
    """What one approved order says of one person; `until` is the last day, None while no end is known."""

    order: int
    requisites: str
    since: dt.date
    until: dt.date | None

    def holds_on(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def is_open_on(self, day: dt.date) -> bool:
        """Whether it holds on the day or on a later one."""
        return self.until is None or self.until >= max(day, self.since)

    @property
    def term(self) -> str:
        """«с 01.09.2026 по 31.05.2027»."""
        return f"с {self.since:%d.%m.%Y}" + (f" по {self.until:%d.%m.%Y}" if self.until else "")


def appointments_of(people: Iterable[Participant]) -> dict[int, list[Appointment]]:
    """The appointments of each of the people, the earliest order first, those that are over too; pk → list, one query.

    A cancelled order appoints until the day before its cancellation counts. Nobody stays a mentor after leaving.
    """
    bearers = {key: person for person in people for key in (person.pk, *person.former_keys)}
    found: dict[int, list[Appointment]] = {person.pk: [] for person in bearers.values()}
    if not bearers:
        return found
    for order in appointing({person.organisation_id for person in bearers.values()}):
        for key in order.params.get("people", []):
            if key in bearers:
                found[bearers[key].pk].append(appointment_of(order, bearers[key]))
    return found


def appointing(organisations: Iterable[int]) -> QuerySet[Order]:
    """Approved orders that appoint mentors, with `cancelled_since`."""
    rows = Order.objects.approved().filter(kind=APPOINTING, organisation__in=organisations)
    ended = cancellations().filter(target=OuterRef("pk")).values("since")[:1]
    return rows.annotate(cancelled_since=Subquery(ended)).only("params", "number", "date").order_by("date", "pk")


def cancellations() -> QuerySet[OrderLink]:
    return OrderLink.objects.filter(relation=OrderLink.Relation.CANCELS, order__state=OrderState.APPROVED)


def appointment_of(order: Order, person: Participant) -> Appointment:
    """Of an order as `appointing` gives it."""
    chosen, last = order.params.get("effective_on"), order.params.get("until")
    ends = [dt.date.fromisoformat(last)] if last else []
    ends += [order.cancelled_since - ONE_DAY] if order.cancelled_since else []  # type: ignore[attr-defined]
    ends += [person.left_on] if person.left_on else []
    since = dt.date.fromisoformat(chosen) if chosen else order.signer_day()
    return Appointment(order.pk, order.requisites, since, min(ends, default=None))


def appointed_once(person: str) -> Q:
    """The person at the path has been appointed by an order that nothing has cancelled, whether or not it is over."""
    key = Func(F("pk"), function="to_jsonb", output_field=JSONField())
    standing = Order.objects.approved().filter(kind=APPOINTING).exclude(pk__in=cancellations().values("target"))
    named = Participant.objects.alias(key=key).filter(
        Exists(standing.filter(organisation=OuterRef("organisation"), params__people__contains=OuterRef("key")))
    )
    return Q(**{f"{person}__in": named})
