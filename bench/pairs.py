"""The board of pairs: five thousand pairs against a hundred, as a list, by states, and filtered.

Imported by `bench.py` once Django is set up. Half of the pairs are over, nine of twenty work, one of twenty is formed:
what a large school gathers in some years.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Organisation, User
from bench.measure import Case, Ratio, ratios
from bench.sheets import names, school
from mentorship.models import (
    Activity,
    Consent,
    DictionaryEntry,
    Meeting,
    Pair,
    PairMember,
    Participant,
    Programme,
)
from orders.models import Order, OrderState, Series

MANY, FEW = 5000, 100
ROUNDS = 5
TARGETS = {
    "board": ("time of the board of 5 000 pairs to that of 100", 1.3, False),
    "board by states": ("time of the board of 5 000 pairs by states to that of 100", 1.5, False),
    "board, last page": ("time of the last page of the board of 5 000 pairs to that of 100", 1.3, False),
}
TABLES = (Pair, PairMember, Participant, Consent, Meeting, Programme, Activity)
# The places of twenty pairs: formed, at work, over; meetings, programmes and consents are laid over them.
STATES = ("forming", *["active"] * 9, *["closed"] * 10)


def day(offset: int) -> dt.date:
    return timezone.localdate() + dt.timedelta(days=offset)


def people_of(organisation: Organisation, count: int) -> list[Participant]:
    return Participant.objects.bulk_create(
        [
            Participant(organisation=organisation, surname=surname, given_name=given, patronymic=last, gender="f")
            for surname, given, last in names(count)
        ],
        batch_size=2000,
    )


def order_of(organisation: Organisation, curator: User) -> Order:
    series, _ = Series.objects.get_or_create(organisation=organisation, name="Приказы")
    return Order.objects.create(
        organisation=organisation,
        series=series,
        kind="pairs",
        title="О парах",
        params={"title": "О парах", "pairs": []},
        state=OrderState.APPROVED,
        drafted_by=curator,
        number="1",
        date=day(-300),
        year=day(-300).year,
        signer_name="Замерова Вера Ильинична",
        approved_by=curator,
        approved_at=timezone.now(),
    )


@transaction.atomic
def filled(slug: str, count: int) -> User:
    """The curator of a school with so many pairs, each of two people of its own."""
    organisation, curator = school(slug)
    if Pair.objects.filter(organisation=organisation).exists():
        return curator
    people = people_of(organisation, count * 2)
    words = {one.dictionary: one for one in DictionaryEntry.objects.filter(organisation=None)}
    pairs = Pair.objects.bulk_create(
        Pair(
            organisation=organisation,
            mentor=people[number],
            form=words["form"],
            direction=words["direction"],
            starts_on=day(-60 - number % 191),
            ends_on=day(20 + number % 89),
        )
        for number in range(count)
    )
    members = [PairMember(pair=pair, mentee=people[count + number]) for number, pair in enumerate(pairs)]
    PairMember.objects.bulk_create([member.copy_pair() for member in members], batch_size=2000)
    order = order_of(organisation, curator)
    for state in ("active", "closed"):
        keys = [pair.pk for number, pair in enumerate(pairs) if STATES[number % 20] == state]
        ground = "term" if state == "closed" else ""
        Pair.objects.filter(pk__in=keys).update(state=state, order=order, closing_ground=ground)
    fill_year([pair for number, pair in enumerate(pairs) if STATES[number % 20] == "active"], curator)
    sign(pairs, people, curator)
    return curator


def fill_year(pairs: list[Pair], curator: User) -> None:
    """Meetings every other week, a planned one, a programme of ten lines for four pairs of five."""
    Meeting.objects.bulk_create(
        [
            Meeting(pair=pair, state="held", day=day(-14 * turn - number % 60), minutes=45, entered_by=curator)
            for number, pair in enumerate(pairs)
            for turn in range(6)
        ]
        + [Meeting(pair=pair, day=day(number % 14), entered_by=curator) for number, pair in enumerate(pairs)],
        batch_size=5000,
    )
    programmes = Programme.objects.bulk_create(
        Programme(
            organisation_id=pair.organisation_id,
            pair=pair,
            title="Программа",
            starts_on=pair.starts_on,
            ends_on=pair.ends_on,
            state="approved" if number % 3 else "review",
            version=1 if number % 3 else 0,
        )
        for number, pair in enumerate(pairs)
        if number % 5
    )
    Activity.objects.bulk_create(
        [
            Activity(
                programme=programme,
                title="Мероприятие",
                due_on=day(line * 7),
                approved_due_on=day(line * 7) if programme.version else None,
                state="planned" if line > 4 else "checked",
            )
            for programme in programmes
            for line in range(10)
        ],
        batch_size=5000,
    )


def sign(pairs: list[Pair], people: list[Participant], curator: User) -> None:
    """The consents of all people, but for one mentee of thirty."""
    given = {"answer": "given", "signed_on": day(-300), "method": "paper", "recorded_by": curator}
    consents = [Consent(participant=person, kind="processing", **given) for person in people]
    consents += [Consent(participant=pair.mentor, kind="mentor", **given) for pair in pairs]
    consents += [
        Consent(participant=people[len(pairs) + number], kind="pair", pair=pair, **given)
        for number, pair in enumerate(pairs)
        if number % 30
    ]
    Consent.objects.bulk_create(consents, batch_size=5000)


def page(curator: User, query: str) -> Callable[[], None]:
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(curator)

    def get() -> None:
        response = client.get(f"/cabinet/pairs/{query}")
        if response.status_code != 200:
            raise RuntimeError(f"The board answered {response.status_code}")

    return get


def same_queries(few: User, many: User) -> None:
    """The number of queries must not depend on the number of pairs."""
    for query in ("", "?view=states"):
        counts = []
        for curator in (few, many):
            get = page(curator, query)
            get()
            with CaptureQueriesContext(connection) as captured:
                get()
            counts.append(len(captured))
        if len(set(counts)) > 1:
            raise RuntimeError(f"The board costs a different number of queries: {counts}")


def found() -> list[Ratio]:
    """All ratios of this file."""
    few, many = filled("bench-pairs-short", FEW), filled("bench-pairs-long", MANY)
    same_queries(few, many)
    with connection.cursor() as cursor:
        for model in TABLES:
            cursor.execute(f"VACUUM ANALYZE {model._meta.db_table}")
    asked = {"board": ("", ""), "board by states": ("?view=states",) * 2, "board, last page": ("?page=2", "?page=100")}
    return [
        ratios(Case(f"short, {name}", page(few, one), 10), [Case(name, page(many, other), 10)], ROUNDS)[1]
        for name, (one, other) in asked.items()
    ]
