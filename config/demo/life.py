"""Both schools of the demo, from the first card to the desks of today."""

from __future__ import annotations

from config.demo import (
    acts,
    banks,
    cards,
    consents,
    federal,
    invitations,
    kinds,
    matching,
    meetings,
    pairs,
    papers,
    personal_papers,
    programmes,
    reminders,
    requests,
    sameness,
    sheets,
)
from config.demo.clock import Calendar
from config.demo.organisations import Town
from config.demo.people import LAKE_STAFF, RIVER_STAFF
from config.demo.story import Story, last_year, other_school, this_year, unfinished_business

# Told one after another once the pairs and orders of both years are there; each part adds what it is about.
PARTS = (
    papers.tell,
    acts.tell,
    invitations.tell,
    banks.tell,
    federal.tell,
    banks.tell_of_training,
    kinds.tell,
    cards.tell,
    consents.tell,
    personal_papers.tell,
    requests.tell,
    sameness.tell,
    sheets.tell,
    matching.tell,
    pairs.tell,
    meetings.tell,
    programmes.tell,
    reminders.tell,
)


def live(calendar: Calendar, town: Town) -> None:
    """Tell both schools."""
    lake = Story(calendar, town.lake, town.users["curator"], town.users["director"])
    lake.hire([person for person in LAKE_STAFF if person.years], town.users, -430)
    last_year(lake)
    lake.hire([person for person in LAKE_STAFF if not person.years], town.users, -78)
    this_year(lake)
    unfinished_business(lake)
    for tell in PARTS:
        tell(lake)
    river = Story(calendar, town.river, town.users["curator2"], town.users["director2"])
    river.hire([person for person in RIVER_STAFF if person.years], town.users, -200)
    other_school(river, town.users)
    matching.tell_of_the_neighbour(river)
