"""The board of pairs: the list with its counts, the same pairs by states."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.db.models import Case, Count, F, IntegerField, Value, When, Window
from django.db.models.functions import RowNumber
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import holds, may, requires, today
from core.paging import page_of
from core.russian import plural
from mentorship.attention.pairs import oversees
from mentorship.forms.board import STATE_OF, BoardFilter
from mentorship.models import Chip, Pair, PairState, Programme, lights_of, needs_of, with_last_meeting
from mentorship.models.board import (
    LIGHTS,
    OPEN_STATES,
    BoardCounts,
    Lack,
    Place,
    Progress,
    board_chips,
    counts_of,
    ending,
    lacking,
    programme_chip,
    progress_of,
    quiet_since,
    with_next_meeting,
    with_place,
)
from mentorship.models.pairs import PairQuerySet
from mentorship.models.participants import russian_order
from mentorship.models.reminders import SEND
from mentorship.services.pairs import CHANGE
from orders.models import OrderState

VIEW, MEETINGS, PROGRAMMES = "mentorship.pair.view", "mentorship.meeting.view", "mentorship.programme.view"
COLUMNS = (Place.FORMING, *LIGHTS, Place.OVERDUE, Place.CLOSED)
IN_COLUMN = 12
DAYS = ("день", "дня", "дней")
KINDS = {Place.GREEN: "ok", Place.YELLOW: "wait", Place.RED: "late", Place.OVERDUE: "late"}


@dataclass(frozen=True)
class Row:
    """A line of the board; `left` says in words how long the pair still has."""

    pair: Pair
    chips: list[Chip]
    progress: Progress | None
    programme: Chip | None
    left: str


@dataclass(frozen=True)
class Tally:
    """A count above the list and the filter that it leads to; `current` when the list shows it."""

    label: str
    number: int
    url: str
    kind: str
    current: bool


@dataclass(frozen=True)
class Column:
    """One state of the board with its first rows; `url` leads to all of them as a list."""

    title: str
    number: int
    rows: list[Row]
    url: str

    @property
    def more(self) -> int:
        return self.number - len(self.rows)


@requires(VIEW)
def pair_list(request: CabinetRequest) -> HttpResponse:
    filters, day = filter_of(request), today()
    chosen, own = filters.chosen(), own_pairs(request)
    found = narrowed(own, chosen, day, request.organisation.pk)
    wide, meetings = oversees(request.user, request.organisation), "light" in filters.fields
    context: dict[str, Any] = {
        "filters": filters,
        "tallies": tallies(counts_of(own, day, request.organisation.pk), request, filters) if wide else [],
        "tabs": tabs_of(request, filters) if wide and meetings else [],
        "meetings": meetings,
        "programmes": holds(request.user, PROGRAMMES),
        "may_add": may(request.user, CHANGE, request.organisation),
        "may_match": holds(request.user, "mentorship.matching.view"),
        "may_rule": may(request.user, "mentorship.pair.rules", request.organisation),
        "may_remind": holds(request.user, SEND),
        "may_see_reminders": holds(request.user, "mentorship.reminder.view"),
    }
    if wide and meetings and chosen.get("view") == BoardFilter.STATES:
        context["columns"] = columns_of(request, found, day)
        context["found"] = any(column.number for column in context["columns"])
    else:
        page = page_of(request, for_board(found, day))
        context |= {"page_obj": page, "rows": rows_of(request, page.object_list, day)}
    return render(request, "mentorship/pair_list.html", context)


def own_pairs(request: CabinetRequest) -> PairQuerySet:
    return Pair.objects.permitted(request.user, VIEW).filter(organisation=request.organisation)


def filter_of(request: CabinetRequest) -> BoardFilter:
    """The filter with what the reader may ask about."""
    meetings, programmes = holds(request.user, MEETINGS), holds(request.user, PROGRAMMES)
    return BoardFilter(request.GET, organisation=request.organisation, meetings=meetings, programmes=programmes)


def narrowed(rows: PairQuerySet, chosen: dict[str, Any], day: dt.date, organisation: int) -> PairQuerySet:
    """The rows that fit the filter, in its order."""
    rows = in_state(rows.found(chosen.get("q", "")), chosen.get("state", ""), day)
    same = {name: chosen[name] for name in ("form", "direction") if chosen.get(name)}
    rows = rows.filter(**same)
    if light := chosen.get("light"):
        placed: Any = with_place(rows.filter(state=PairState.ACTIVE), day, organisation)
        rows = placed.filter(place=light)
    if missing := chosen.get("missing"):
        rows = lacking(rows, missing, day)
    if chosen.get("soon"):
        rows = ending(rows, day)
    return sorted_by(rows, chosen.get("sort", ""))


def in_state(rows: PairQuerySet, state: str, day: dt.date) -> PairQuerySet:
    if state == BoardFilter.DRAFT:
        return rows.in_draft()
    if state == BoardFilter.SUBMITTED:
        return rows.forming().filter(order__state=OrderState.SUBMITTED)
    if state == BoardFilter.OVERDUE:
        return rows.overdue(day)
    return rows.filter(state=state) if state else rows


def sorted_by(rows: PairQuerySet, sort: str) -> PairQuerySet:
    """What is over comes after what goes on, except where the newest or a name leads."""
    if sort == BoardFilter.MENTOR:
        return rows.order_by(*russian_order("mentor__surname", "mentor__given_name", "mentor__patronymic"), "-pk")
    over = Case(When(state__in=OPEN_STATES, then=Value(0)), default=Value(1), output_field=IntegerField())
    if sort == BoardFilter.ENDS:
        return rows.order_by(over, "ends_on", "pk")
    if sort == BoardFilter.MET:
        at_work = Case(When(state=PairState.ACTIVE, then=Value(0)), default=Value(1), output_field=IntegerField())
        return with_last_meeting(rows).order_by(at_work, quiet_since(), "pk")
    return rows.order_by("-starts_on", "-pk")


def for_board(rows: PairQuerySet, day: dt.date) -> PairQuerySet:
    """With everything that a row of the board shows."""
    return with_next_meeting(with_last_meeting(rows), day).for_cards()


def rows_of(request: CabinetRequest, pairs: Iterable[Pair], day: dt.date) -> list[Row]:
    """The rows of a page; the number of queries does not depend on their number."""
    found = list(pairs)
    needs = needs_of(found, day)
    lights = lights_of(found, day) if holds(request.user, MEETINGS) else {}
    progress: dict[int, Progress] = {}
    told = holds(request.user, PROGRAMMES)
    if told:
        progress = progress_of(found, Programme.objects.permitted(request.user, PROGRAMMES))
    return [
        Row(
            pair,
            board_chips(pair, needs[pair.pk], day, lights.get(pair.pk)),
            progress.get(pair.pk),
            programme_chip(pair, progress.get(pair.pk)) if told else None,
            left_words(pair, day),
        )
        for pair in found
    ]


def left_words(pair: Pair, day: dt.date) -> str:
    """«осталось 12 дней», «последний день сегодня»; nothing for a pair that does not work."""
    if not pair.is_in_force_on(day):
        return ""
    left = (pair.ends_on - day).days
    return f"осталось {plural(left, *DAYS)}" if left else "последний день сегодня"


def address(**filters: Any) -> str:
    given = {name: value for name, value in filters.items() if value}
    return reverse("pair_list") + (f"?{urlencode(given)}" if given else "")


def place_filter(place: Place) -> dict[str, str]:
    return {"light": place.value} if place in LIGHTS else {"state": STATE_OF[place]}


def tallies(counts: BoardCounts, request: CabinetRequest, filters: BoardFilter) -> list[Tally]:
    """The counts of all pairs as links; empty ones are left out, and what the reader may not ask about."""
    view = filters.chosen().get("view", "")
    offered: list[tuple[str, int, dict[str, str], str]] = [("Все", counts.total, {}, "")]
    offered += [(place.label, counts.places[place], place_filter(place), KINDS.get(place, "")) for place in COLUMNS]
    if "light" not in filters.fields:
        at_work = sum(counts.places[light] for light in LIGHTS)
        offered.append(("Действуют", at_work, {"state": PairState.ACTIVE.value}, "ok"))
    offered += [
        (lack.label.capitalize(), counts.lacks[lack], {"missing": lack.value}, "go" if lack == Lack.REVIEW else "no")
        for lack in Lack
    ]
    offered += [
        ("На утверждении", counts.submitted, {"state": BoardFilter.SUBMITTED}, "go"),
        ("Закончатся за 30 дней", counts.ending, {"soon": "on"}, "wait"),
    ]
    ways = ("page", "view", "sort")
    now = {name: value for name, value in request.GET.items() if value and name not in ways}
    return [
        Tally(label, number, address(**asked, view=view), kind, now == asked)
        for label, number, asked, kind in offered
        if (number or not asked) and all(may_ask(filters, name, value) for name, value in asked.items())
    ]


def may_ask(filters: BoardFilter, name: str, value: str) -> bool:
    """Whether the filter of this reader has the choice."""
    field = filters.fields.get(name)
    choices = dict(getattr(field, "choices", ()))
    return field is not None and (not choices or value in choices)


def tabs_of(request: CabinetRequest, filters: BoardFilter) -> list[dict[str, Any]]:
    """The two ways of showing, with the same filter."""
    kept = request.GET.copy()
    kept.pop("page", None)
    tabs = []
    for value, label in filters.fields["view"].choices:  # type: ignore[attr-defined]
        kept["view"] = value
        if not value:
            del kept["view"]
        url = f"{reverse('pair_list')}?{kept.urlencode()}" if kept else reverse("pair_list")
        tabs.append({"label": label, "url": url, "current": filters.chosen().get("view", "") == value})
    return tabs


def columns_of(request: CabinetRequest, found: PairQuerySet, day: dt.date) -> list[Column]:
    """The first pairs of every column and how many there are; the queries are as many whatever the columns hold."""
    by_place, ordering = F("place"), list(found.query.order_by)
    placed: Any = with_place(found, day, request.organisation.pk).annotate(
        place_number=Window(RowNumber(), partition_by=by_place, order_by=ordering),  # type: ignore[arg-type]
        place_total=Window(Count("pk"), partition_by=by_place),
    )
    first = placed.order_by("place_number").filter(place_number__lte=IN_COLUMN)
    said = list(first.values_list("pk", "place", "place_total"))
    pairs = for_board(Pair.objects.filter(pk__in=[pk for pk, *_ in said]), day)
    rows = {row.pair.pk: row for row in rows_of(request, pairs, day)}
    ways = ("page", "view", "state", "light")
    kept = {name: value for name, value in request.GET.items() if name not in ways}
    return [
        Column(
            place.label,
            next((total for _, where, total in said if where == place), 0),
            [rows[pk] for pk, where, _ in said if where == place],
            address(**kept, **place_filter(place)),
        )
        for place in COLUMNS
    ]
