"""The demo: the same for the same day, on any day, and with everything in it that a school meets."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
import time_machine
from django.apps import apps
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from accounts.attention import queue_for
from accounts.models import Membership, Organisation, User
from config.demo.clock import Calendar
from core.models import JournalEntry
from mentorship.models import Consent, Pair, PairState, Participant
from orders.models import Clause, LocalAct, Order, OrderState
from roadmap.models import Item, Roadmap, RoadmapState
from site_section.models import Section

SUMMER = dt.date(2027, 7, 15)
HOLIDAY = dt.date(2027, 1, 1)
LEAP = dt.date(2028, 2, 29)
DAYS = (SUMMER, HOLIDAY, LEAP)
FIRST, SECOND = "school17", "lyceum3"
APPS = ("accounts", "core", "orders", "mentorship", "roadmap", "site_section")
# What the demo says, in the order in which it was told: keys, hours and random names of files are left out.
TEXTS: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (Organisation, ("slug", "name", "full_name", "head_name")),
    (User, ("username", "full_name")),
    (Membership, ("user__username", "organisation__slug", "role", "starts_on")),
    (Participant, ("surname", "given_name", "patronymic", "gender", "forms", "works_since", "user__username")),
    (Consent, ("participant__surname", "kind", "answer", "signed_on", "withdrawn_on", "fields", "scan_name")),
    (Pair, ("mentor__surname", "direction__title", "starts_on", "ends_on", "state", "goal", "order__number")),
    (Order, ("title", "kind", "state", "number", "date", "signer_name", "remark")),
    (Clause, ("order__title", "position", "level", "text")),
    (LocalAct, ("title", "text", "state", "in_force_from", "order__title")),
    (Roadmap, ("title", "starts_on", "ends_on", "state", "order__title")),
    (Item, ("stage__title", "text", "starts_on", "due_on", "done_on", "responsible", "responsible_user__username")),
    (Section, ("organisation__slug", "lead", "about", "contacts", "is_open")),
    (JournalEntry, ("event", "text", "actor_name", "subject_text")),
)


@dataclass
class Told:
    """What is worth knowing of one building of the demo."""

    counts: dict[str, int]
    digests: dict[str, str]
    after_second_run: tuple[dict[str, int], dict[str, str]]
    order_states: set[str]
    pair_states: set[str]
    roadmap_states: set[str]
    teachers: dict[str, int]
    late: list[str]
    to_approve: list[str]
    pages: dict[str, int]
    backwards: list[str]
    strange_items: int
    obstacles: list[str]


def counts() -> dict[str, int]:
    """Rows of every table of ours."""
    models = [model for name in APPS for model in apps.get_app_config(name).get_models()]
    return {model._meta.label: model._base_manager.count() for model in models}


def digests() -> dict[str, str]:
    """A fingerprint of the texts of each model."""
    found = {}
    for model, fields in TEXTS:
        rows = json.dumps(list(model._base_manager.order_by("pk").values_list(*fields)), default=str)
        found[model.__name__] = hashlib.sha256(rows.encode()).hexdigest()
    return found


def tell(day: dt.date) -> Told:
    """Build the demo, run the command once more, look at everything on its own day."""
    call_command("demo", day=day, verbosity=0)
    first = counts(), digests()
    call_command("demo", day=day + dt.timedelta(days=100), verbosity=0)
    after = counts(), digests()
    noon = dt.datetime(day.year, day.month, day.day, 12, tzinfo=timezone.get_default_timezone())
    with time_machine.travel(noon):
        school = Organisation.objects.get(slug=FIRST)
        queues = {who: queue_for(User.objects.get(username=who), school, day) for who in ("curator", "director")}
        urls = ("/", f"/s/{FIRST}/", f"/s/{FIRST}/pairs/", f"/s/{SECOND}/roadmap/", f"/s/{SECOND}/documents/")
        pages = {url: Client().get(url).status_code for url in urls}
        obstacles = [reason for order in Order.objects.waiting() for reason in order.kind_entry.obstacles(order)]
    plans = Roadmap.objects.all()
    return Told(
        *first,
        after_second_run=after,
        order_states=set(Order.objects.filter(organisation=school).values_list("state", flat=True)),
        pair_states=set(Pair.objects.filter(organisation=school).values_list("state", flat=True)),
        roadmap_states=set(Roadmap.objects.values_list("state", flat=True)),
        teachers={slug: Participant.objects.filter(organisation__slug=slug).count() for slug in (FIRST, SECOND)},
        late=[entry.title for entry in queues["curator"].late],
        to_approve=[one.title for one in (*queues["director"].late, *queues["director"].now)],
        pages=pages,
        backwards=[order.title for order in Order.objects.all() if times_of(order) != sorted(times_of(order))],
        strange_items=sum(Item.objects.outside(plan).count() for plan in plans),
        obstacles=obstacles,
    )


def times_of(order: Order) -> list[dt.datetime]:
    """When it was drafted, submitted and approved, as far as it has come."""
    return [moment for moment in (order.drafted_at, order.submitted_at, order.approved_at) if moment]


@cache
def told(day: dt.date, run: int = 1) -> Told:
    """One building for all the tests about the day, because it takes seconds; nothing of it stays."""
    with transaction.atomic():
        found = tell(day)
        transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("day", DAYS)
def test_second_run_changes_nothing(db: None, day: dt.date) -> None:
    demo = told(day)
    assert demo.after_second_run == (demo.counts, demo.digests)
    assert demo.counts["orders.Order"] > 0


def test_same_day_gives_the_same_school(db: None) -> None:
    """The second building begins with other numbers of rows: they may stand in no text."""
    first, second = told(SUMMER), told(SUMMER, run=2)
    assert second.counts == first.counts
    assert {name for name, digest in first.digests.items() if second.digests[name] != digest} == set()


def test_other_days_give_the_same_story_on_other_dates(db: None) -> None:
    first, second = told(SUMMER), told(LEAP)
    same = {name for name, digest in first.digests.items() if second.digests[name] == digest}
    assert same == {"Organisation", "User", "Section"}
    # A series of meetings leaves out the holidays of its year.
    differ = {name for name, count in first.counts.items() if second.counts[name] != count}
    assert differ - {"mentorship.Meeting"} == set()


@pytest.mark.parametrize("day", DAYS)
def test_every_state_is_there_to_be_seen(db: None, day: dt.date) -> None:
    demo = told(day)
    assert demo.order_states == set(OrderState.values)
    assert demo.pair_states == set(PairState.values)
    assert demo.roadmap_states == {RoadmapState.DRAFT.value, RoadmapState.APPROVED.value}


# What waits for the head: a resignation, a programme, an order.
TO_APPROVE = [
    "Гнедых\xa0Т.\xa0Л.: заявление о сложении обязанностей наставника",
    "Методика преподавания предмета",
    "О закреплении наставнических пар",
]


@pytest.mark.parametrize("day", DAYS)
def test_something_is_overdue_and_something_waits_for_the_head(db: None, day: dt.date) -> None:
    demo = told(day)
    assert [title for title in demo.late if title.startswith("Пункт дорожной карты: ")] == [
        "Пункт дорожной карты: Провести собеседования с кандидатами",
        "Пункт дорожной карты: Получить письменные согласия наставников",
    ]
    assert (sorted(demo.to_approve), demo.obstacles) == (TO_APPROVE, [])


@pytest.mark.parametrize("day", DAYS)
def test_first_school_has_forty_teachers(db: None, day: dt.date) -> None:
    """Forty on the staff list; nine more cards came with the table, the doubles, the class and the partner."""
    assert told(day).teachers == {FIRST: 40 + 9, SECOND: 8}


@pytest.mark.parametrize("day", DAYS)
def test_public_pages_of_both_schools_open(db: None, day: dt.date) -> None:
    assert set(told(day).pages.values()) == {200}


@pytest.mark.parametrize("day", DAYS)
def test_time_runs_forward(db: None, day: dt.date) -> None:
    """An order is drafted, then submitted, then approved, even where a weekend brings the days together."""
    demo = told(day)
    assert (demo.backwards, demo.strange_items) == ([], 0)


@pytest.mark.parametrize(("offset", "day"), [(0, 1), (1, 1), (2, 1), (3, 4), (-1, 0), (7, 8)])
def test_nothing_happens_on_a_weekend(offset: int, day: int) -> None:
    """The first of January 2027 is a Friday."""
    assert Calendar(HOLIDAY).day(offset) == dt.date(2027, 1, 1) + dt.timedelta(days=day - 1)


def test_events_of_one_day_follow_one_another() -> None:
    """Saturday and Sunday both become Friday, whatever hour was asked for."""
    calendar, moments = Calendar(HOLIDAY), []
    for offset, hour in ((1, 12), (2, 9), (0, 15), (0, 9), (-7, 9)):
        with calendar.at(offset, hour=hour):
            moments.append(timezone.localtime())
    days = [moment.date() for moment in moments]
    assert (days, [moment.hour for moment in moments]) == ([HOLIDAY] * 4 + [dt.date(2026, 12, 25)], [12, 12, 15, 15, 9])
    assert moments[:4] == sorted(moments[:4])
    assert {moment.minute for moment in moments} == {0, 1}


def test_production_has_no_invented_people(db: None) -> None:
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="^В рабочей копии"):
        call_command("demo", day=SUMMER, verbosity=0)
    with override_settings(PRODUCTION=True), pytest.raises(CommandError, match="^В рабочей копии"):
        call_command("demo", reset=True, verbosity=0)
    assert (Organisation.objects.count(), User.objects.count()) == (0, 0)


def test_filled_portal_is_left_alone(school: Organisation, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo", day=SUMMER)
    assert capsys.readouterr().out.startswith("Данные уже есть: учебная школа не создана.")
    assert set(Organisation.objects.values_list("slug", flat=True)) == {"school17", "priozersk"}
    assert (Membership.objects.count(), Participant.objects.count()) == (0, 0)


@pytest.mark.parametrize("day", ["вчера", "2026-02-30", "20.11.2026"])
def test_wrong_day_is_explained(db: None, day: str) -> None:
    with pytest.raises(CommandError, match=f"«{day}» не день: он пишется так — 2026-11-20."):
        call_command("demo", "--day", day)
    assert Organisation.objects.count() == 0
