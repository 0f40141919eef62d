"""What pairs bring to the home pages: those that cannot start or are over, one's own pair, small numbers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

from django.urls import reverse

from accounts.attention import Entry, Figure, Panel, Tab, register, register_figures, register_panels, register_tab
from accounts.models import Organisation
from accounts.permissions import Reach, may, row_of
from core.russian import plural, plural_word
from mentorship.models import (
    ORDER,
    Need,
    Pair,
    PairMember,
    Participant,
    needs_of,
)

SOON = dt.timedelta(days=30)
MOST = 10
PAIRS = ("пара", "пары", "пар")
FORMING = ("пара оформляется", "пары оформляются", "пар оформляется")


@register
def pairs_to_form(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: pairs that cannot start, the nearest first; the rest in one line."""
    if not may(user, "mentorship.pair.change", organisation):
        return
    forming = list(Pair.objects.filter(organisation=organisation).forming().for_cards().order_by("starts_on", "pk"))
    needs = needs_of(forming, day)
    entries = [one for pair in forming for one in entry_of(pair, needs[pair.pk], day)]
    yield from entries[:MOST]
    rest = len(entries) - MOST
    if rest > 0:
        yield Entry(f"Ещё {plural(rest, *FORMING)}", f"{reverse('pair_list')}?state=forming", action="Открыть список")


def entry_of(pair: Pair, needs: list[Need], day: dt.date) -> Iterable[Entry]:
    """What the curator has to do about a forming pair; one that an order holds is the order's business."""
    missing = [need for need in needs if need.what != ORDER]
    url, late = reverse("pair_detail", args=[pair.pk]), pair.starts_on < day
    if missing:
        first, rest = missing[0].text, len(missing) - 1
        more = f" И ещё {rest}." if rest else ""
        chip = "начало прошло" if late else "нет согласия" if missing[0].is_consent else "не готова"
        yield Entry(
            pair.title, url, f"{first}{more}", "Открыть пару", chip, "late" if late else "no", pair.starts_on, late
        )
    elif pair.order is None:
        kind = "replacement" if pair.replaces_id else "pairs"
        draft = f"{reverse('order_draft', args=[kind])}?pairs={pair.pk}"
        words = "Согласия собраны, осталось составить приказ."
        yield Entry(pair.title, draft, words, "Составить приказ", "нет приказа", "wait", pair.starts_on, late)


@register
def overdue_pairs(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Entry]:
    """For the curator: pairs whose last day has passed although nobody has closed them."""
    if not may(user, "mentorship.pair.change", organisation):
        return
    for pair in Pair.objects.filter(organisation=organisation).overdue(day).for_cards().order_by("ends_on")[:MOST]:
        words = "Последний день прошёл: завершите пару или продлите её приказом."
        url = reverse("pair_detail", args=[pair.pk])
        yield Entry(pair.title, url, words, "Открыть пару", "срок истёк", "late", pair.ends_on, late=True)


def card_of(user: Any, organisation: Organisation) -> Participant | None:
    return Participant.objects.filter(organisation=organisation, user=user).first()


@register_panels
def own_pairs(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Panel]:
    """For a mentor or a mentee: the pairs that work, one click away."""
    me = card_of(user, organisation)
    pairs = list(Pair.objects.of(me).in_force(day).for_cards()) if me else []
    if not pairs:
        return
    rows = [
        {
            "pair": pair,
            "others": ", ".join(person.short_name for person in pair.people if person != me),
            "leads": pair.mentor == me,
            "mentees": pair.mentees if pair.mentor == me else [],
        }
        for pair in pairs
    ]
    title = "Ваши пары и группы" if len(rows) > 1 else "Ваша группа" if pairs[0].is_group else "Ваша пара"
    yield Panel(title, "mentorship/includes/own_pairs.html", rows)


@register_figures
def pair_figures(user: Any, organisation: Organisation, day: dt.date) -> Iterator[Figure]:
    """Small numbers for those who see the whole organisation."""
    if organisation.is_municipality or not oversees(user, organisation):
        return
    working = Pair.objects.permitted(user, "mentorship.pair.view").filter(organisation=organisation).in_force(day)
    learning = PairMember.objects.filter(pair__in=working.order_by()).values("mentee").distinct().count()
    leading = working.order_by().values("mentor").distinct().count()
    forming = Pair.objects.permitted(user, "mentorship.pair.view").filter(organisation=organisation).forming().count()
    count, pairs, people = working.count(), reverse("pair_list"), reverse("participant_list")
    yield Figure(str(leading), plural_word(leading, "наставник", "наставника", "наставников"), f"{people}?pair=with")
    yield Figure(
        str(learning), plural_word(learning, "наставляемый", "наставляемых", "наставляемых"), f"{people}?pair=with"
    )
    yield Figure(str(count), f"{plural_word(count, *PAIRS)} в работе", f"{pairs}?state=active")
    yield Figure(str(forming), plural_word(forming, *FORMING), f"{pairs}?state=forming")


def oversees(user: Any, organisation: Organisation) -> bool:
    """Whether the list of people shows the reader the whole organisation, and not only those they lead."""
    reach = row_of("mentorship.participant.list").reach
    return any(
        reach.get(one.role) is Reach.ORGANISATION and one.organisation_id == organisation.pk for one in user.standings
    )


PEOPLE_HINT = "Наставники, наставляемые и их согласия"
CARD_HINT = "Ваши сведения, согласия и бланки; кто видит ваши данные"
PAIRS_HINT = "Кто с кем работает, до какого дня и по какому приказу"
CARD_PLACES = ("consents", "imports", "courses", "achievements", "posts", "past-names", "card-requests")
OF_CARDS = tuple(f"/cabinet/{place}/" for place in CARD_PLACES)
register_tab(Tab("Участники", "participant_list", "mentorship.participant.list", 10, PEOPLE_HINT, OF_CARDS))
register_tab(Tab("Моя карточка", "my_card", "mentorship.participant.own", 11, CARD_HINT))
register_tab(Tab("Пары и группы", "pair_list", "mentorship.pair.view", 20, PAIRS_HINT))
