"""The lists of the banks: who stands in them, who may be added, what is done with many at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest, key_in
from accounts.permissions import holds, may, permit, requires, today
from core.paging import page_of
from core.russian import plural
from core.transitions import Refused
from mentorship.forms.banks import PEOPLE, BankFilter, NewcomersFilter, role_in
from mentorship.models import (
    BankCard,
    BankRole,
    BankState,
    CardWords,
    Consent,
    ConsentKind,
    DictionaryEntry,
    Light,
    Participant,
    bank_lights,
    words_of_cards,
)
from mentorship.models.banks import CHANGE, BankCardQuerySet
from mentorship.models.participants import ParticipantQuerySet
from mentorship.services.banks import confirm_cards, enter_cards, open_cards

VIEW = "mentorship.bank.view"
MOST_WORDS = 3
PERSON = ("человек", "человека", "человек")
BANKS = {BankRole.MENTOR: "Наставники", BankRole.MENTEE: "Наставляемые"}


@dataclass(frozen=True)
class Row:
    """A line of a bank. `words`: the first competences or difficulties, `more`: how many besides."""

    card: BankCard
    told: CardWords
    words: list[DictionaryEntry]
    more: int
    checked: bool


@dataclass(frozen=True)
class NewRow:
    """A line of the list of those who may be added."""

    person: Participant
    lights: list[Light]
    experience: str
    checked: bool


@dataclass(frozen=True)
class Tally:
    """A number over the list, with the filter that shows who is counted."""

    value: int
    label: str
    show: str
    bad: bool = False


@requires(VIEW)
def bank_list(request: CabinetRequest) -> HttpResponse:
    role, refusals = role_in(request.GET.get("role", "")), []
    rows = BankCard.objects.permitted(request.user, VIEW).filter(participant__organisation=request.organisation)
    if request.method == "POST":
        try:
            messages.success(request, act_on(request, chosen_cards(request, rows)))
            return redirect(request.get_full_path())
        except Refused as refusal:
            refusals = refusal.obstacles
    filters = BankFilter(request.GET, organisation=request.organisation, role=role)
    chosen = filters.chosen()
    page = page_of(request, narrowed(rows.filter(role=role), chosen, today()).by_name().for_cards())
    context = {
        "role": role,
        "tabs": tabs_of(role, chosen.get("show", "")),
        "filters": filters,
        "narrowed": any(value for name, value in chosen.items() if name != "role"),
        "page_obj": page,
        "rows": rows_of(page.object_list, request.POST.getlist("card")),
        "refusals": refusals,
        "tallies": tallies_of(rows.filter(role=role), role, today()),
        "may_change": may(request.user, CHANGE, request.organisation),
        "may_see_words": holds(request.user, "mentorship.dictionary.view"),
        "may_see_talks": holds(request.user, "mentorship.interview.view"),
        "may_see_forms": holds(request.user, "mentorship.snapshot.view"),
        "may_match": role == BankRole.MENTEE and holds(request.user, "mentorship.matching.view"),
        "may_appoint": role == BankRole.MENTOR and holds(request.user, "orders.order.draft"),
    }
    return render(request, "mentorship/bank_list.html", context)


def tabs_of(role: BankRole, show: str) -> list[dict[str, Any]]:
    """The two banks; a choice that both have is kept from one to the other."""
    kept = f"&show={show}" if show in BankFilter.KEPT else ""
    url = reverse("bank_list")
    return [{"label": BANKS[one], "url": f"{url}?role={one.value}{kept}", "current": one == role} for one in BankRole]


def chosen_cards(request: CabinetRequest, rows: BankCardQuerySet) -> list[BankCard]:
    """The ticked cards among those that the reader may see."""
    numbers = [key_in(text) for text in request.POST.getlist("card")]
    return list(rows.filter(pk__in=[number for number in numbers if number is not None]))


def act_on(request: CabinetRequest, cards: list[BankCard]) -> str:
    """Do what the pressed button says with all the cards; the words of what was done."""
    if request.POST.get("act") == "enter":
        count = len(enter_cards(cards=cards, actor=request.user))
        return f"Внесено в банк: {plural(count, *PERSON)}."
    count = confirm_cards(cards=cards, actor=request.user)
    return f"Сведения проверены: {plural(count, *PERSON)}."


def rows_of(cards: Any, ticked: list[str]) -> list[Row]:
    told = words_of_cards(cards, today())
    found = []
    for card in cards:
        words = list((card.competences if card.role == BankRole.MENTOR else card.difficulties).all())
        more = len(words) - MOST_WORDS
        found.append(Row(card, told[card.pk], words[:MOST_WORDS], max(more, 0), str(card.pk) in ticked))
    return found


def tallies_of(own: BankCardQuerySet, role: BankRole, day: dt.date) -> list[Tally]:
    """The numbers over the list, each a filter of it; one query."""
    counted = own.tallied(day)
    free, without = (BankFilter.FREE, "есть свободные места", False), (BankFilter.WITHOUT, "без наставника", True)
    wanted = [
        (BankFilter.STANDING, "в банке", False),
        without if role == BankRole.MENTEE else free,
        (BankState.CANDIDATE.value, "кандидаты", False),
        (BankFilter.OUTDATED, "сведения устарели", True),
    ]
    return [Tally(counted[show], label, show, late and counted[show] > 0) for show, label, late in wanted]


Narrow = Callable[[BankCardQuerySet, dt.date], BankCardQuerySet]
SHOWN: dict[str, Narrow] = {
    "": lambda rows, day: rows.exclude(state__in=[BankState.REFUSED, BankState.ARCHIVED]),
    BankFilter.STANDING: lambda rows, day: rows.standing(),
    BankFilter.FREE: lambda rows, day: rows.with_free_places(),
    BankFilter.START: lambda rows, day: rows.never_appointed(),
    BankFilter.LONG: lambda rows, day: rows.filter(long_term=True),
    BankFilter.WITHOUT: lambda rows, day: rows.without_mentor(day),
    BankFilter.PAIRED: lambda rows, day: rows.paired(day),
    BankFilter.OUTDATED: lambda rows, day: rows.outdated(day),
    BankFilter.NO_CONSENT: lambda rows, day: rows.without_consent(day),
}


def shown_by(rows: BankCardQuerySet, show: str, day: dt.date) -> BankCardQuerySet:
    """The cards of one choice of «Показать»: a computed one, or a stored state."""
    return SHOWN[show](rows, day) if show in SHOWN else rows.filter(state=show)


def narrowed(rows: BankCardQuerySet, chosen: dict[str, Any], day: dt.date) -> BankCardQuerySet:
    """The cards that fit the filter."""
    rows = rows.found(chosen.get("q", ""))
    rows = shown_by(rows, chosen.get("show", ""), day)
    if word := chosen.get("word"):
        field = "competences" if word.dictionary == DictionaryEntry.Dictionary.COMPETENCE else "difficulties"
        rows = rows.filter(**{field: word})
    if subject := chosen.get("subject", "").strip():
        rows = rows.filter(participant__in=Participant.objects.working(subject, day))
    if people := PEOPLE.get(chosen.get("people", "")):
        rows = rows.filter(participant__category__in=people[1])
    return rows


@requires(CHANGE)
def bank_new(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    role, refusals = role_in(request.GET.get("role", "")), []
    people = newcomers(request, role)
    if request.method == "POST":
        try:
            return after_adding(request, role, people)
        except Refused as refusal:
            refusals = refusal.obstacles
    filters = NewcomersFilter(request.GET)
    chosen = filters.chosen()
    page = page_of(request, fitting(people, chosen, today()).by_name().with_posts())
    lights = bank_lights(page.object_list, role, today())
    ticked = request.POST.getlist("person") or request.GET.getlist("person")
    context = {
        "role": role,
        "filters": filters,
        "narrowed": any(value for name, value in chosen.items() if name != "role"),
        "page_obj": page,
        "rows": [
            NewRow(one, lights[one.pk], one.experience_words(today()), str(one.pk) in ticked)
            for one in page.object_list
        ],
        "refusals": refusals,
        "crumbs": [list_crumb(role), ("Добавить людей", "")],
    }
    return render(request, "mentorship/bank_new.html", context)


def newcomers(request: CabinetRequest, role: BankRole) -> ParticipantQuerySet:
    """Whoever works or learns here and has no card in the bank; `?person=` leaves only one of them."""
    present = Participant.objects.permitted(request.user, "mentorship.participant.list").present()
    cards = BankCard.objects.filter(participant=OuterRef("pk"), role=role)
    rows = present.filter(organisation=request.organisation).exclude(Exists(cards))
    one = key_in(request.GET.get("person", ""))
    return rows.filter(pk=one) if one else rows


def after_adding(request: CabinetRequest, role: BankRole, people: ParticipantQuerySet) -> HttpResponse:
    """Open the cards of the ticked people and show them."""
    numbers = [key_in(text) for text in request.POST.getlist("person")]
    ticked = people.filter(pk__in=[number for number in numbers if number is not None])
    enter = request.POST.get("act") == "enter"
    cards = open_cards(organisation=request.organisation, people=ticked, role=role, actor=request.user, enter=enter)
    where = "Внесено в банк" if enter else "Добавлено кандидатов"
    messages.success(request, f"{where}: {len(cards)}.")
    if len(cards) == 1:
        return redirect("bank_detail", cards[0].pk)
    show = BankFilter.STANDING if enter else BankState.CANDIDATE.value
    return redirect(f"{reverse('bank_list')}?role={role.value}&show={show}")


def fitting(rows: ParticipantQuerySet, chosen: dict[str, Any], day: dt.date) -> ParticipantQuerySet:
    """The people who fit the filter."""
    rows = rows.found(chosen.get("q", "").strip())
    if chosen.get("young"):
        rows = rows.young(day)
    if people := PEOPLE.get(chosen.get("people", "")):
        rows = rows.filter(category__in=people[1])
    if subject := chosen.get("subject", "").strip():
        rows = rows.working(subject, day)
    if chosen.get("consented"):
        given = Consent.objects.live(day).filter(kind=ConsentKind.PROCESSING, participant=OuterRef("pk"))
        rows = rows.filter(Exists(given))
    return rows


def list_crumb(role: str) -> tuple[str, str]:
    return (f"Банк: {BANKS[BankRole(role)].lower()}", f"{reverse('bank_list')}?role={role}")
