"""What the public section brings to the home pages: its tab and a word when the section is closed or empty."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from accounts.attention import Entry, Tab, register, register_tab
from accounts.models import Organisation
from accounts.permissions import may
from site_section.models import Section

CHANGE = "site_section.section.change"

register_tab(Tab("Сайт", "section_edit", CHANGE, 70))


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
