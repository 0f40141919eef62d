"""The first page of the cabinet: what needs the person now."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render

from accounts.attention import Entry, Place, Queue, figures_for, main_for, panels_for, places_for, queue_for
from accounts.context_processors import foot_for, links_for
from accounts.http import CabinetRequest
from accounts.models import Organisation, User
from accounts.permissions import signed_in, today
from core.russian import date_words, plural, plural_word

# So many entries of each part of the queue are open; the rest unfolds.
MOST_OPEN = 7
WEEKDAYS = ("Понедельник", "Вторник", "Среда", "Четверг", "Пятница", "Суббота", "Воскресенье")


@dataclass(frozen=True)
class Group:
    """A part of the queue: what stands open, what unfolds; `quiet` leaves the main button to somebody else."""

    title: str
    shown: list[Entry]
    rest: list[Entry]
    quiet: bool

    @property
    def total(self) -> int:
        return len(self.shown) + len(self.rest)


@signed_in("accounts.cabinet.open")
def home(request: CabinetRequest) -> HttpResponse:
    """The queue and the numbers of the current organisation; without a role, whom to ask for one."""
    organisation = request.organisation or None
    if organisation is None:
        return render(request, "accounts/home.html", {"organisation": None})
    day = today()
    queue = queue_for(request.user, organisation, day)
    panels, main = panels_for(request.user, organisation, day), main_for(request.user, organisation, day)
    has_week = any(panel.first for panel in panels)
    context = {
        "organisation": organisation,
        "queue": queue,
        "groups": groups_of(queue, quiet=main is not None),
        "main": main,
        "figures": figures_for(request.user, organisation, day),
        "panels": sorted(panels, key=lambda panel: not panel.first),
        "places": [] if queue.count or has_week else places_of(request.user, organisation),
        "heading": "Что требует внимания" if queue.count else "Ваша неделя" if has_week else "Сейчас дел нет",
        "date_line": f"{WEEKDAYS[day.weekday()]}, {date_words(day)}.",
        "greeting": "" if has_week and not queue.count else greeting(request.user.full_name, queue),
    }
    return render(request, "accounts/home.html", context)


def groups_of(queue: Queue, *, quiet: bool) -> list[Group]:
    """The parts of the queue that are not empty; the first entry of the first part gets the main button of the page."""
    parts = [("Просрочено", queue.late), ("Нужно сделать", queue.now), ("Ждём других", queue.waiting)]
    filled = [(title, entries) for title, entries in parts if entries]
    return [
        Group(title, entries[:MOST_OPEN], entries[MOST_OPEN:], quiet or number > 0 or entries is queue.waiting)
        for number, (title, entries) in enumerate(filled)
    ]


def places_of(user: User, organisation: Organisation) -> list[Place]:
    """Every section with a hint: of the tabs, of the footer and of the person's menu."""
    service = [*foot_for(user, organisation), *links_for(user)]
    return places_for(user, organisation) + [place for place in service if place.hint]


def greeting(full_name: str, queue: Queue) -> str:
    """«Ольга Викторовна, у вас 7 дел: 2 просрочены, ещё 2 ждут других людей.»"""
    name = " ".join(full_name.split()[1:]) or full_name
    waiting = len(queue.waiting)
    others = f"{waiting} {plural_word(waiting, 'ждёт', 'ждут', 'ждут')} других людей"
    if not queue.count:
        return f"{name}, у вас всё сделано" + (f", {others}." if waiting else ".")
    late = len(queue.late)
    if late == queue.count:
        mine = plural(late, "просроченное дело", "просроченных дела", "просроченных дел")
        return f"{name}, у вас {mine}" + (f", ещё {others}." if waiting else ".")
    parts = [plural(late, "просрочено", "просрочены", "просрочены")] * bool(late)
    parts += [f"ещё {others}"] * bool(waiting)
    mine = f"у вас {plural(queue.count, 'дело', 'дела', 'дел')}"
    return f"{name}, {mine}" + (f": {', '.join(parts)}." if parts else ".")
