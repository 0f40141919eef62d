"""What the public section brings to the home pages: its tab, the way to it, the schools of a municipality, and
a word when the section is closed or empty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from accounts.attention import (
    Entry,
    Panel,
    Place,
    Tab,
    register,
    register_panels,
    register_places,
    register_tab,
)
from accounts.models import Organisation
from accounts.permissions import may
from mentorship import public as mentorship_public
from roadmap import public as roadmap_public
from site_section.models import Section

CHANGE = "site_section.section.change"

register_tab(Tab("Сайт", "section_edit", CHANGE, 70, "Слова школы на первой странице открытого раздела"))


@register
def section_unwritten(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Entry]:
    """The curator is told while the first page says nothing or nobody may see it."""
    if organisation.is_municipality or not may(user, CHANGE, organisation):
        return
    section = Section.objects.filter(organisation=organisation).first()
    if section is None or not section.is_open or not section.about:
        yield Entry(
            title="Открытый раздел ещё не рассказывает о программе",
            url=reverse("section_edit"),
            detail="Напишите несколько слов о программе и как связаться с куратором",
            action="Заполнить",
            chip="нет описания" if section is None or not section.about else "раздел закрыт",
            chip_kind="no",
        )


@register_places
def open_section(user: Any, organisation: Organisation) -> Iterable[Place]:
    """For everybody of a school: what the school tells about the programme to all."""
    if not organisation.is_municipality and Section.objects.open_sections().filter(organisation=organisation).exists():
        url = reverse("section_home", args=[organisation.slug])
        yield Place("Открытый раздел", url, "Что о наставничестве школы видят все: пары, документы, контакты")


@register_panels
def schools_of_municipality(user: Any, organisation: Organisation, day: dt.date) -> Iterable[Panel]:
    """For a municipality: its schools with numbers and the ways to their open sections; nobody is named."""
    if not organisation.is_municipality:
        return
    rows = Organisation.objects.permitted(user, "accounts.organisation.view").filter(parent=organisation)
    schools = list(rows.filter(is_active=True).order_by("name", "pk"))
    numbers = [school.pk for school in schools]
    counts = mentorship_public.counts_of(numbers, day)
    roads = roadmap_public.progress_of(numbers, day)
    opened = set(
        Section.objects.open_sections().filter(organisation__in=numbers).values_list("organisation", flat=True)
    )
    data = {
        "schools": [
            {"school": one, "is_open": one.pk in opened, "totals": counts[one.pk], "road": roads.get(one.pk)}
            for one in schools
        ],
        "mentors": sum(one.mentors for one in counts.values()),
        "mentees": sum(one.mentees for one in counts.values()),
        "pairs": sum(one.pairs for one in counts.values()),
        "completed": sum(one.completed for one in counts.values()),
    }
    yield Panel("Школы муниципалитета", "site_section/_schools.html", data)
