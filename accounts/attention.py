"""What needs somebody now: the registries behind every home page and every digest letter, and the tabs of the frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone

from accounts.models import Agreement, Organisation, User
from accounts.models.partners import SOON
from accounts.permissions import holds, may
from core.russian import plural, plural_word


@dataclass(frozen=True)
class Entry:
    """One line of the queue: what happened, why it matters, the term, exactly one action.

    `chip_kind` is one of ok, go, wait, no, late. `waiting` says that the next move is somebody else's.
    """

    title: str
    url: str
    detail: str = ""
    action: str = "Открыть"
    chip: str = ""
    chip_kind: str = "go"
    due: dt.date | None = None
    late: bool = False
    waiting: bool = False


@dataclass(frozen=True)
class Figure:
    """A small number beside the queue, one click from the list behind it."""

    value: str
    label: str
    url: str
    detail: str = ""
    bad: bool = False


@dataclass(frozen=True)
class Tab:
    """A tab of the frame, shown to whoever holds the action; `hint` says in a sentence what is there.

    `also`: further beginnings of addresses that belong to the tab.
    """

    label: str
    url_name: str
    action: str
    position: int
    hint: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class Place:
    """Where one may go from a home page without anything to do."""

    label: str
    url: str
    hint: str = ""


@dataclass(frozen=True)
class Panel:
    """A block of the home page below the queue, or above it with `first`: the template draws `data`."""

    title: str
    template: str
    data: Any
    first: bool = False


@dataclass(frozen=True)
class Queue:
    """The home page of one person: late first, then what is theirs to do, then what they wait for."""

    late: list[Entry] = field(default_factory=list)
    now: list[Entry] = field(default_factory=list)
    waiting: list[Entry] = field(default_factory=list)

    @property
    def count(self) -> int:
        return len(self.late) + len(self.now)


INVITE = "accounts.invitation.issue"
Source = Callable[[Any, Organisation, dt.date], Iterable[Entry]]
FigureSource = Callable[[Any, Organisation, dt.date], Iterable[Figure]]
PanelSource = Callable[[Any, Organisation, dt.date], Iterable[Panel]]
PagePanelSource = Callable[[Any, Any], Iterable[Panel]]
PlaceSource = Callable[[Any, Organisation], Iterable[Place]]
MainSource = Callable[[Any, Organisation, dt.date], Iterable[Place]]
SOURCES: list[Source] = []
FIGURE_SOURCES: list[FigureSource] = []
PANEL_SOURCES: list[PanelSource] = []
PLACE_SOURCES: list[PlaceSource] = []
MAIN_SOURCES: list[MainSource] = []
PAGE_PANEL_SOURCES: dict[str, list[PagePanelSource]] = {}
TABS: list[Tab] = []


def register(source: Source) -> Source:
    """Add a source of entries; it asks the permissions itself and costs a constant number of queries."""
    if source not in SOURCES:
        SOURCES.append(source)
    return source


def register_figures(source: FigureSource) -> FigureSource:
    if source not in FIGURE_SOURCES:
        FIGURE_SOURCES.append(source)
    return source


def register_panels(source: PanelSource) -> PanelSource:
    if source not in PANEL_SOURCES:
        PANEL_SOURCES.append(source)
    return source


def register_page_panels(page: str, source: PagePanelSource) -> None:
    """Let an app above add panels, by (user, object of the page), to a page of an app below: «partner_detail»."""
    sources = PAGE_PANEL_SOURCES.setdefault(page, [])
    if source not in sources:
        sources.append(source)


def register_places(source: PlaceSource) -> PlaceSource:
    if source not in PLACE_SOURCES:
        PLACE_SOURCES.append(source)
    return source


def register_main(source: MainSource) -> MainSource:
    """Add a source of the one main button of a home page; the first that gives one wins."""
    if source not in MAIN_SOURCES:
        MAIN_SOURCES.append(source)
    return source


def register_tab(tab: Tab) -> None:
    if tab not in TABS:
        TABS.append(tab)
        TABS.sort(key=lambda one: one.position)


def queue_for(user: Any, organisation: Organisation, day: dt.date) -> Queue:
    """Everything that waits for the person in the organisation, the nearest term first; nothing is said twice."""
    queue = Queue()
    told: set[tuple[str, str]] = set()
    for source in SOURCES:
        for one in source(user, organisation, day):
            if (one.title, one.url) in told:
                continue
            told.add((one.title, one.url))
            (queue.late if one.late else queue.waiting if one.waiting else queue.now).append(one)
    for part in (queue.late, queue.now, queue.waiting):
        part.sort(key=lambda one: one.due or dt.date.max)
    return queue


def figures_for(user: Any, organisation: Organisation, day: dt.date) -> list[Figure]:
    return [figure for source in FIGURE_SOURCES for figure in source(user, organisation, day)]


def panels_for(user: Any, organisation: Organisation, day: dt.date) -> list[Panel]:
    return [panel for source in PANEL_SOURCES for panel in source(user, organisation, day)]


def main_for(user: Any, organisation: Organisation, day: dt.date) -> Place | None:
    """The main button of the home page, where somebody offers one."""
    return next((place for source in MAIN_SOURCES for place in source(user, organisation, day)), None)


def page_panels(page: str, user: Any, obj: Any) -> list[Panel]:
    return [panel for source in PAGE_PANEL_SOURCES.get(page, ()) for panel in source(user, obj)]


def places_for(user: Any, organisation: Organisation) -> list[Place]:
    """The sections of the person with their hints, then what the apps add; a municipality keeps no work of schools."""
    tabs = [] if organisation.is_municipality else [tab for tab in TABS if tab.hint and holds(user, tab.action)]
    places = [Place(tab.label, reverse(tab.url_name), tab.hint) for tab in tabs]
    return places + [place for source in PLACE_SOURCES for place in source(user, organisation)]


def tabs_for(user: Any, path: str) -> list[dict[str, Any]]:
    """The tabs the user may open; the one whose address begins the path is current."""
    home, tabs = reverse("home"), []
    for tab in TABS:
        if holds(user, tab.action):
            url = reverse(tab.url_name)
            current = path == url if url == home else path.startswith((url, *tab.also))
            tabs.append({"label": tab.label, "url": url, "current": current})
    return tabs


@register
def people_who_never_came(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For whoever gives out slips: how many have never signed in, and how many of them hold no valid slip."""
    if not may(user, INVITE, organisation):
        return
    places = Organisation.objects.permitted(user, INVITE).filter(Q(pk=organisation.pk) | Q(parent=organisation.pk))
    waiting = User.objects.permitted(user, INVITE).never_came(places)
    count = waiting.count()
    if not count:
        return
    without = count - waiting.with_slip("open", timezone.now()).count()
    people = plural(count, "человек", "человека", "человек")
    verb = plural_word(count, "ещё не входил", "ещё не входили", "ещё не входили")
    title, url = f"{people} {verb} в портал", reverse("invitation_list")
    if without:
        words = f"Без действующего листка с кодом: {without}. Напечатайте листки, почта не нужна."
        yield Entry(title, url, words, "Выдать листки")
    else:
        yield Entry(title, url, "Листки с кодами у всех на руках.", "Открыть список", waiting=True)


@register
def ending_agreements(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: partners whose last agreement has ended or ends within a month; one query."""
    if not may(user, "accounts.partner.change", organisation):
        return
    partners = organisation.partners.filter(is_active=True)
    near = Agreement.objects.filter(partner__in=partners, ends_on__lte=day + SOON).select_related("partner")
    later = Agreement.objects.filter(partner=OuterRef("partner")).filter(Q(ends_on=None) | Q(ends_on__gt=day + SOON))
    last = {one.partner_id: one for one in near.filter(~Exists(later)).order_by("ends_on", "pk")}
    for agreement in last.values():
        ended = agreement.ends_on is not None and agreement.ends_on < day
        word, kind = agreement.state_words(day)
        url = reverse("partner_detail", args=[agreement.partner_id])
        words = (
            "Соглашение закончилось: подпишите новое или отметьте, что сотрудничества больше нет."
            if ended
            else "Соглашение скоро закончится: договоритесь о новом."
        )
        yield Entry(agreement.partner.title, url, words, "Открыть партнёра", word, kind, agreement.ends_on, ended)


register_tab(Tab("Дела", "home", "accounts.cabinet.open", 0))
