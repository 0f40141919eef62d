"""The board of pairs: how each pair goes, what it lacks, how far its programme is; for filters, counts and pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, Count, Exists, F, Func, OuterRef, Q, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import LessThan

from mentorship.models.consents import Consent, ConsentKind
from mentorship.models.lights import Chip, chips_of
from mentorship.models.meeting_rules import holidays_of, meeting_rules_of
from mentorship.models.meetings import Meeting, meeting_light, with_last_meeting
from mentorship.models.needs import Need
from mentorship.models.pairs import Pair, PairMember, PairQuerySet, PairState, rests
from mentorship.models.programmes import ActivityState, Programme, ProgrammeState
from orders.models import OrderState

SOON, ONE_DAY, LONGEST = dt.timedelta(days=30), dt.timedelta(days=1), dt.timedelta(days=730)
SUBMITTED = "submitted"
OPEN_STATES = (PairState.FORMING, PairState.ACTIVE)


class Place(models.TextChoices):
    """Where a pair stands on the board: one column of it."""

    FORMING = "forming", "Оформляются"
    GREEN = "ok", "Встречи идут"
    YELLOW = "wait", "Давно не встречались"
    RED = "late", "Встреч нет, нужна помощь"
    OVERDUE = "overdue", "Срок истёк"
    CLOSED = "closed", "Завершены"
    DISSOLVED = "dissolved", "Не состоялись"


LIGHTS = (Place.GREEN, Place.YELLOW, Place.RED)


class Lack(models.TextChoices):
    """What a pair may lack."""

    CONSENT = "consent", "нет согласия"
    ORDER = "order", "нет приказа"
    PROGRAMME = "programme", "нет программы"
    DRAFT = "draft", "программа не передана на согласование"
    REVIEW = "review", "программа на согласовании"


def light_days(day: dt.date, organisation: int) -> tuple[dt.date, dt.date]:
    """The first days that still give green and yellow; asked of `meeting_light`, so that there is one law of lights.

    Two queries: the school's rules and its holidays.
    """
    limits, off = meeting_rules_of(organisation).limits, holidays_of(organisation)
    edges = []
    first = day
    for fresh in (("ok",), ("ok", "wait")):
        while meeting_light(None, first - ONE_DAY, day, limits=limits, off=off)[0] in fresh and day - first < LONGEST:
            first -= ONE_DAY
        edges.append(first)
    return edges[0], edges[1]


def with_next_meeting(rows: PairQuerySet, day: dt.date) -> PairQuerySet:
    """Each pair with `next_on`, the day of its nearest planned meeting or None."""
    ahead = Meeting.objects.planned().filter(pair=OuterRef("pk"), day__gte=day).order_by("day").values("day")[:1]
    return rows.annotate(next_on=Subquery(ahead))


def quiet_since() -> Coalesce:
    """SQL of the day that the light counts from, as `meeting_light` does; on rows with `last_met`."""
    return Coalesce(F("last_met"), F("starts_on"))


class LightOf(Func):
    """SQL of the light by (the day it counts from, the first days of yellow and green); the day is computed once."""

    template = "(ARRAY['late', 'wait', 'ok'])[width_bucket(%(expressions)s) + 1]"
    output_field = models.CharField()


def with_place(rows: PairQuerySet, day: dt.date, organisation: int) -> PairQuerySet:
    """Pairs of one organisation, each with `place`, a value of `Place`: the same law as `lights_of` and the states."""
    green, yellow = light_days(day, organisation)
    rested = Greatest(quiet_since(), Subquery(rests(day).filter(pair=OuterRef("pk")).values("last")[:1]))
    edges = Value([yellow, green], output_field=ArrayField(models.DateField()))
    place = Case(
        When(~Q(state=PairState.ACTIVE), then=F("state")),
        When(ends_on__lt=day, then=Value(Place.OVERDUE.value)),
        default=LightOf(F("quiet_on"), edges),
        output_field=models.CharField(),
    )
    return with_last_meeting(rows).alias(quiet_on=rested).annotate(place=place)


def lacks_consent(day: dt.date) -> Q:
    """Pairs being formed, somebody of whom has not signed what the pair needs: the same law as `needs_of`.

    The mentor's two consents are counted and not asked for one by one: for each EXISTS the database would read the
    consents of the whole school.
    """
    live = Consent.objects.live(day).order_by()
    own = live.filter(participant=OuterRef("mentor"), kind__in=[ConsentKind.PROCESSING, ConsentKind.MENTOR])
    signed = own.values("participant").annotate(number=Count("kind", distinct=True)).values("number")
    processing = live.filter(kind=ConsentKind.PROCESSING, participant=OuterRef("mentee"))
    to_pair = live.filter(kind=ConsentKind.PAIR, participant=OuterRef("mentee"), pair=OuterRef("pair"))
    unsigned = PairMember.objects.filter(~Exists(processing) | ~Exists(to_pair), pair=OuterRef("pk"))
    mentor_lacks = LessThan(Coalesce(Subquery(signed), 0), 2)
    return Q(state=PairState.FORMING) & (Q(mentor_lacks) | Q(Exists(unsigned)))


def programme_lack() -> Case:
    """SQL of what is wrong with the programme of a pair in force: a value of `Lack` or nothing."""
    kept = Programme.objects.exclude(state=ProgrammeState.DROPPED).order_by()
    first = Programme.objects.filter(version=0).order_by()
    wanting = [
        (~Exists(kept.filter(pair=OuterRef("pk"))), Lack.PROGRAMME),
        (Exists(first.filter(state=ProgrammeState.DRAFT, pair=OuterRef("pk"))), Lack.DRAFT),
        (Exists(first.filter(state=ProgrammeState.REVIEW, pair=OuterRef("pk"))), Lack.REVIEW),
    ]
    return Case(
        When(~Q(state=PairState.ACTIVE), then=Value("")),
        *(When(condition, then=Value(lack.value)) for condition, lack in wanting),
        default=Value(""),
        output_field=models.CharField(),
    )


def lacking(rows: PairQuerySet, what: str, day: dt.date) -> PairQuerySet:
    """The pairs that lack it, a value of `Lack`."""
    if what == Lack.CONSENT:
        return rows.filter(lacks_consent(day))
    if what == Lack.ORDER:
        return rows.forming().filter(order=None)
    return rows.filter(state=PairState.ACTIVE).alias(programme_lack=programme_lack()).filter(programme_lack=what)


def ending(rows: PairQuerySet, day: dt.date) -> PairQuerySet:
    """Pairs at work whose last day comes within a month."""
    return rows.filter(state=PairState.ACTIVE, ends_on__gte=day, ends_on__lte=day + SOON)


@dataclass(frozen=True)
class BoardCounts:
    """How many pairs stand where, and how many of them lack what."""

    places: dict[str, int]
    lacks: dict[str, int]
    submitted: int
    ending: int

    @property
    def total(self) -> int:
        return sum(self.places.values())


# What the pairs are grouped by for the counts; what a state has no word for stays empty.
KEYS = ("place", "unsigned", "order_lack", "programme_lack", "ends_soon")


def counts_of(rows: PairQuerySet, day: dt.date, organisation: int) -> BoardCounts:
    """The counts of all rows of an organisation, of each state only its own things; two queries are of the lights."""
    rows = rows.order_by()
    no_word, no = Value("", output_field=models.CharField()), Value(False)
    order = Case(
        When(order=None, then=Value(Lack.ORDER.value)),
        When(order__state=OrderState.SUBMITTED, then=Value(SUBMITTED)),
        default=no_word,
        output_field=models.CharField(),
    )
    soon = Case(When(ends_on__gte=day, ends_on__lte=day + SOON, then=Value(True)), default=no)
    nothing = {"place": F("state"), "unsigned": no, "order_lack": no_word, "programme_lack": no_word, "ends_soon": no}
    formed = rows.forming().annotate(**{**nothing, "unsigned": lacks_consent(day), "order_lack": order})
    at_work = with_place(rows.filter(state=PairState.ACTIVE), day, organisation).annotate(
        unsigned=no, order_lack=no_word, programme_lack=programme_lack(), ends_soon=soon
    )
    over = rows.exclude(state__in=OPEN_STATES).annotate(**nothing)
    grouped = [part.values_list(*KEYS).annotate(number=Count("pk")) for part in (formed, at_work, over)]
    return summed(list(grouped[0].union(*grouped[1:], all=True)))


def summed(groups: Iterable[tuple]) -> BoardCounts:
    """The groups of `KEYS` with their numbers, added up."""
    places, lacks = dict.fromkeys(Place.values, 0), dict.fromkeys(Lack.values, 0)
    submitted = ends = 0
    for place, unsigned, order_lack, programme, ends_soon, number in groups:
        places[place] += number
        for what in (Lack.CONSENT.value if unsigned else "", order_lack, programme):
            if what in lacks:
                lacks[what] += number
        submitted += number * (order_lack == SUBMITTED)
        ends += number * bool(ends_soon)
    return BoardCounts(places, lacks, submitted, ends)


@dataclass(frozen=True)
class Progress:
    """How far the programme of a pair is: lines checked by the mentor out of those not cancelled."""

    programme: Programme
    checked: int
    total: int


def progress_of(pairs: Iterable[Pair], programmes: QuerySet[Programme]) -> dict[int, Progress]:
    """The latest of the given programmes of each pair with its progress: pk of the pair → progress; one query."""
    kept = programmes.filter(pair__in=list(pairs)).exclude(state=ProgrammeState.DROPPED).order_by("starts_on", "pk")
    counted = kept.annotate(
        line_count=Count("activities", filter=~Q(activities__state=ActivityState.CANCELLED)),
        checked_count=Count("activities", filter=Q(activities__state=ActivityState.CHECKED)),
    )
    return {one.pair_id: Progress(one, one.checked_count, one.line_count) for one in counted}


def board_chips(pair: Pair, needs: list[Need], day: dt.date, light: tuple[str, str] | None) -> list[Chip]:
    """The state of a pair in words: a pair at work shows its light, where the reader sees meetings."""
    chips = chips_of(pair, needs, day)
    if not pair.is_in_force_on(day):
        return chips
    if light is not None:
        chips = [Chip(light[1], light[0])]
    return [*chips, Chip("согласие не действует", "no")] if any(need.person for need in needs) else chips


def programme_chip(pair: Pair, progress: Progress | None) -> Chip | None:
    """What the programme of a pair in force waits for, in the words of `Lack`."""
    if pair.state != PairState.ACTIVE:
        return None
    if progress is None:
        return Chip(Lack.PROGRAMME.label, "no")
    programme = progress.programme
    if programme.version or programme.state == ProgrammeState.COMPLETED:
        return None
    review = programme.state == ProgrammeState.REVIEW
    return Chip("на согласовании", "go") if review else Chip("черновик", "wait")
