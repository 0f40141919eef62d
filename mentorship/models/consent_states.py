"""The state of everybody's consents today: one word for each person and purpose, in lists, filters and lights."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import Case, DateField, Exists, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Cast, Coalesce
from django.db.models.lookups import Exact

from mentorship.models.consent_requests import ConsentRequest
from mentorship.models.consents import Consent, ConsentKind, live_on
from mentorship.models.participants import Participant

SOON_DAYS = 30
# The purposes that belong to a person alone; the consent to a pair is asked pair by pair.
PERSONAL = (
    ConsentKind.PROCESSING,
    ConsentKind.MENTOR,
    ConsentKind.DISSEMINATION,
    ConsentKind.PHOTO,
    ConsentKind.TRANSFER,
)


class ConsentState(models.TextChoices):
    NONE = "none", "нет"
    ASKED = "asked", "запрошено"
    LIVE = "live", "действует"
    SOON = "soon", "скоро истекает"
    EXPIRED = "expired", "истекло"
    WITHDRAWN = "withdrawn", "отозвано"
    REFUSED = "refused", "отказ"


HOLDING = (ConsentState.LIVE, ConsentState.SOON)


@dataclass(frozen=True)
class KindState:
    """What is known of one purpose: its state, the day that the state speaks of, the record, a request unanswered."""

    state: ConsentState = ConsentState.NONE
    day: dt.date | None = None
    consent: int | None = None
    asked_on: dt.date | None = None

    @property
    def holds(self) -> bool:
        return self.state in HOLDING

    @property
    def words(self) -> str:
        """«действует до 12.09.2026», «запрошено 01.09.2026», «отказ от 02.09.2026», «нет»."""
        if self.state == ConsentState.LIVE:
            return f"есть, до {self.day:%d.%m.%Y}" if self.day else "есть"
        if self.state == ConsentState.SOON:
            return f"до {self.day:%d.%m.%Y}" + (f", новое запрошено {self.asked_on:%d.%m.%Y}" if self.asked_on else "")
        if self.state == ConsentState.NONE:
            return "нет"
        return f"{self.state.label}{' от' if self.state == ConsentState.REFUSED else ''} {self.day:%d.%m.%Y}"


NOTHING = KindState()


def state_of_answer(day: dt.date) -> Case:
    """SQL of the state of one record of Consent."""
    soon = live_on(day) & Q(valid_until__lte=day + dt.timedelta(days=SOON_DAYS))
    return Case(
        When(soon, then=Value(ConsentState.SOON.value)),
        When(live_on(day), then=Value(ConsentState.LIVE.value)),
        When(answer=Consent.Answer.REFUSED, then=Value(ConsentState.REFUSED.value)),
        When(withdrawn_on__lte=day, then=Value(ConsentState.WITHDRAWN.value)),
        When(valid_until__lt=day, then=Value(ConsentState.EXPIRED.value)),
        default=Value(ConsentState.LIVE.value),
        output_field=models.CharField(),
    )


def day_of_answer() -> Case:
    """SQL of the day that the state speaks of."""
    return Case(
        When(withdrawn_on__isnull=False, then="withdrawn_on"),
        When(answer=Consent.Answer.REFUSED, then="signed_on"),
        default="valid_until",
        output_field=DateField(),
    )


def in_state(kind: str, state: str, day: dt.date) -> Q:
    """People whose consent of the kind is in the state: a condition on Participant, the same law as `states_of`."""
    answers = Consent.objects.filter(participant=OuterRef("pk"), kind=kind, pair=None)
    latest = answers.latest_first(day).annotate(state_now=state_of_answer(day)).values("state_now")[:1]
    asked = Exists(ConsentRequest.objects.waiting().filter(participant=OuterRef("pk"), kind=kind))
    holds = Exists(answers.live(day))
    if state == ConsentState.ASKED:
        return Q(asked) & ~Q(holds)
    found = Q(Exact(Coalesce(Subquery(latest), Value(ConsentState.NONE.value)), Value(state)))
    return found if state in HOLDING else found & ~Q(asked)


def states_of(people: Iterable[Participant], day: dt.date) -> dict[int, dict[str, KindState]]:
    """The state of every purpose of everybody: pk → kind → state; one query."""
    numbers = [person.pk for person in people]
    about = {"participant__in": numbers, "kind__in": PERSONAL}
    nothing = Cast(Value(None), DateField())
    answers = (
        Consent.objects.filter(**about).order_by().annotate(state_now=state_of_answer(day), day_now=day_of_answer())
    )
    columns = ("participant_id", "kind", "pk", "state_now", "day_now", "signed_on")
    requests = ConsentRequest.objects.waiting().filter(**about).order_by()
    asked = requests.annotate(state_now=Value(ConsentState.ASKED.value), day_now=nothing)
    rows = answers.values_list(*columns).union(asked.values_list(*columns[:-1], "asked_on"), all=True)
    found: dict[int, dict[str, list[tuple]]] = {pk: {} for pk in numbers}
    for person, kind, *rest in rows:
        found[person].setdefault(kind, []).append(tuple(rest))
    return {pk: {kind.value: latest_of(kinds.get(kind.value, [])) for kind in PERSONAL} for pk, kinds in found.items()}


def latest_of(rows: Iterable[tuple]) -> KindState:
    """The state that the records of one purpose add up to; a row is (pk, state, day, signed or asked on)."""
    answers = [row for row in rows if row[1] != ConsentState.ASKED]
    asked_on = max((row[3] for row in rows if row[1] == ConsentState.ASKED), default=None)
    if not answers:
        return KindState(ConsentState.ASKED, asked_on, asked_on=asked_on) if asked_on else NOTHING
    pk, state, day, _ = max(answers, key=lambda row: (row[1] in HOLDING, row[3], row[0]))
    if asked_on and state not in HOLDING:
        return KindState(ConsentState.ASKED, asked_on, pk, asked_on)
    return KindState(ConsentState(state), day, pk, asked_on)
