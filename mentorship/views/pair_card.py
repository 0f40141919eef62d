"""What the page of a pair shows beside its people: helpers, substitutes, pauses, extensions, related pairs."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from accounts.buttons import Button
from accounts.permissions import may
from mentorship.models import Chip, Extension, ExtensionState, Pair, PairState, silent_people
from mentorship.services.extensions import AGREE, ASK, MANAGE, member_of
from mentorship.services.pairs import CHANGE

OPEN_STATES = (PairState.FORMING, PairState.ACTIVE)
PREPARED = "Замену уже готовят: откройте новую пару, ссылка на неё на этой странице."
TALKED = "О продлении уже договариваются: ответы — на этой странице."


@dataclass(frozen=True)
class Link:
    """Another pair of the same people: what it is to this one, and its page where the reader may open it."""

    what: str
    pair: Pair
    url: str


@dataclass(frozen=True)
class Talk:
    """An extension: whose word is missing, and what the reader may do."""

    extension: Extension
    chip: Chip
    silent: list[str]
    may_answer: bool
    may_record: bool
    draft_url: str


def company_of(user: Any, pair: Pair, day: dt.date) -> dict[str, Any]:
    """Everything that accompanies the pair; a constant number of queries."""
    return {
        "helpers": list(pair.helpers.select_related("participant")),
        "substitutions": list(pair.substitutions.select_related("substitute", "order")),
        "pauses": list(pair.pauses.all()),
        "talks": [talk_of(user, one) for one in Extension.objects.for_cards().filter(pair=pair)],
        "links": links_of(user, pair),
        "may_change": pair.state in OPEN_STATES and may(user, CHANGE, pair),
        "working": pair.state == PairState.ACTIVE,
        "today": day,
    }


def talk_of(user: Any, extension: Extension) -> Talk:
    collecting = extension.state == ExtensionState.COLLECTING
    me = member_of(extension.pair, user)
    agreed = {mark.participant_id for mark in extension.marks.all()}
    may_answer = collecting and me is not None and me.pk not in agreed and may(user, AGREE, extension)
    may_draft = extension.state == ExtensionState.AGREED and may(
        user, "orders.order.draft", extension.pair.organisation
    )
    return Talk(
        extension,
        Chip(extension.get_state_display(), extension.chip),
        silent_people(extension) if collecting else [],
        may_answer,
        (collecting or extension.state == ExtensionState.AGREED) and may(user, MANAGE, extension),
        f"{reverse('order_draft', args=['extension'])}?extensions={extension.pk}" if may_draft else "",
    )


def links_of(user: Any, pair: Pair) -> list[Link]:
    """The pair that this one replaces or is replaced by, and the one in which the roles are reversed."""
    found = [("Вместо пары", pair.replaces), ("Обратная пара", pair.reverse_of)]
    found += [("Наставника сменили", one) for one in pair.replaced_by.for_cards()]
    found += [("Обратная пара", one) for one in pair.reversed_by.for_cards()]
    known = [(what, one) for what, one in found if one is not None]
    seen = readable(user, [one for _, one in known])
    return [Link(what, one, reverse("pair_detail", args=[one.pk]) if one.pk in seen else "") for what, one in known]


def readable(user: Any, pairs: Iterable[Pair]) -> set[int]:
    rows = Pair.objects.filter(pk__in=[one.pk for one in pairs])
    return set(rows.permitted(user, "mentorship.pair.view").values_list("pk", flat=True))


def change_buttons(user: Any, pair: Pair) -> list[Button]:
    """What may be done with a pair that works; everything that changes its people or term goes by an order."""
    if pair.state != PairState.ACTIVE:
        return []
    buttons = []
    talked = pair.extensions.open().exists()
    if may(user, ASK, pair) and not pair.ends_by_order:
        buttons.append(Button("Продлить", reverse("extension_new", args=[pair.pk]), [TALKED] if talked else []))
    if may(user, CHANGE, pair):
        prepared = [PREPARED] if pair.replaced_by.forming().exists() else []
        if not pair.ends_by_order:
            buttons.append(Button("Сменить наставника", reverse("pair_replace", args=[pair.pk]), prepared))
        buttons.append(Button("Записать паузу", reverse("pair_pause_new", args=[pair.pk])))
    if may(user, "orders.order.draft", pair.organisation):
        buttons.append(Button("Заместить наставника на время", draft_url("substitution", pair=pair.pk)))
        buttons.append(Button("Завершить досрочно", draft_url("ending", pairs=pair.pk), danger=True))
    return buttons


def draft_url(kind: str, **query: Any) -> str:
    return f"{reverse('order_draft', args=[kind])}?{urlencode(query)}"
