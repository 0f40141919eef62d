"""What extensions bring to the home pages: a word that is waited for, an order to draft."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.urls import reverse

from accounts.attention import Entry, register
from accounts.models import Organisation
from accounts.permissions import may
from mentorship.attention.pairs import card_of
from mentorship.models import Extension, ExtensionState, Pair, silent_people

MOST = 10


@register
def extensions_to_settle(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: everybody has agreed and the order is missing; or somebody has not answered yet."""
    if not may(user, "mentorship.extension.change", organisation):
        return
    rows = Extension.objects.for_cards().filter(pair__organisation=organisation)
    waiting = rows.filter(state__in=[ExtensionState.COLLECTING, ExtensionState.AGREED])
    for extension in waiting.order_by("pair__ends_on", "pk")[:MOST]:
        agreed = extension.state == ExtensionState.AGREED
        words = "Все согласны: составьте приказ." if agreed else " ".join(silent_people(extension))
        yield entry_of(extension, words, "Открыть пару", waiting=not agreed)


@register
def extensions_to_answer(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For a mentor or a mentee: somebody wants to go on, and the own word is missing."""
    me = card_of(user, organisation)
    if me is None:
        return
    asked = Extension.objects.for_cards().filter(state=ExtensionState.COLLECTING)
    for extension in asked.filter(pair__in=Pair.objects.of(me).in_force(day)).exclude(marks__participant=me):
        yield entry_of(extension, "Ответьте, согласны ли вы продлить работу.", "Ответить", waiting=False)


def entry_of(extension: Extension, words: str, action: str, *, waiting: bool) -> Entry:
    answering = action == "Ответить"
    name, key = ("extension_answer", extension.pk) if answering else ("pair_detail", extension.pair_id)
    title = f"Продление до {extension.ends_on:%d.%m.%Y}: {extension.pair.title}"
    return Entry(
        title, reverse(name, args=[key]), words, action, "продление", "wait", extension.pair.ends_on, waiting=waiting
    )
