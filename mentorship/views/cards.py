"""A person's card: what this reader may see of the person, and the sections that the areas add to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import may, requires, today
from core.models import JournalEntry
from mentorship.attention.pairs import oversees
from mentorship.models import Category, Chip, Consent, Pair, Participant, PastName, chips_of, needs_of
from mentorship.services.access import note_view
from mentorship.services.participants import CHANGE
from mentorship.services.photos import allows_photo
from mentorship.views.card_parts import parts_of, register_part
from mentorship.views.participants import LIST, list_crumb

VIEW, OWN = "mentorship.participant.view", "mentorship.participant.own"
LED = "mentorship.bank.led"
RELATED = ("user", "organisation", "class_teacher", "partner")
EVENTS = 20
Facts = list[tuple[str, Any]]


@dataclass(frozen=True)
class Reader:
    """How much of a card the reader sees.

    `whole`: those who keep or oversee cards, and the class teacher of the person, who `teaches`; whoever only
    `mentors` the person reads less. The date of birth is for the curator and the class teacher alone, the rest see
    the year.
    """

    own: bool
    whole: bool
    teaches: bool
    mentors: bool
    changes: bool

    @property
    def sees_contacts(self) -> bool:
        return self.own or self.teaches or self.mentors or self.changes

    @property
    def sees_birth_date(self) -> bool:
        return self.changes or self.teaches

    @property
    def sees_history(self) -> bool:
        return self.own or self.whole


@dataclass(frozen=True)
class PairRow:
    """A pair of the person."""

    pair: Pair
    chips: list[Chip]


def reader_of(user: Any, person: Participant) -> Reader:
    """Who opens the card, past the check that they may open it at all."""
    own, listed = person.user_id == user.pk, may(user, LIST, person)
    return Reader(
        own=own,
        whole=listed,
        teaches=listed and person.class_teacher_id == user.pk,
        mentors=not own and may(user, LED, person),
        changes=may(user, CHANGE, person),
    )


def after_merging(view: Callable[..., HttpResponseBase]) -> Callable[..., HttpResponseBase]:
    """The address of a card that was merged away, kept in a letter or a bookmark, leads to the card that stayed."""

    @wraps(view)
    def found(request: CabinetRequest, pk: int) -> HttpResponseBase:
        try:
            return view(request, pk=pk)
        except Http404:
            kept = Participant.objects.permitted(request.user, VIEW).filter(former_keys__contains=[pk]).first()
            if kept is None:
                raise
            return redirect("participant_detail", kept.pk)

    return found


@after_merging
@requires(VIEW, Participant, related=RELATED)
def participant_detail(request: CabinetRequest, person: Participant) -> HttpResponse:
    note_view(person=person, actor=request.user)
    context = card_context(request, person)
    crumbs = [(person.full_name, "")]
    if context["reader"].whole:
        crumbs.insert(0, list_crumb())
    return render(request, "mentorship/participant_detail.html", {**context, "crumbs": crumbs})


@requires(OWN)
def my_card(request: CabinetRequest) -> HttpResponse:
    own = Participant.objects.permitted(request.user, OWN)
    own = own.filter(organisation=request.organisation, user=request.user)
    person = own.select_related(*RELATED).first()
    context = card_context(request, person) if person else {}
    return render(request, "mentorship/my_card.html", context)


def card_context(request: CabinetRequest, person: Participant) -> dict[str, Any]:
    """Everything a card shows; the number of queries does not depend on what is on it."""
    reader = reader_of(request.user, person)
    earlier = list(person.past_names.all()) if reader.sees_history else []
    return {
        "person": person,
        "reader": reader,
        "parts": parts_of(request, person),
        "facts": facts_of(person, reader),
        "earlier": earlier,
        "photo_url": photo_url(person),
        "history": history_of(request.user, person, earlier),
        "may_change": reader.changes,
    }


def facts_of(person: Participant, reader: Reader) -> Facts:
    """What is known of the person, as far as the reader may know."""
    facts: Facts = []
    if person.category == Category.PUPIL:
        teacher = person.class_teacher.full_name if person.class_teacher else ""
        facts += [("Класс", person.class_name), ("Классный руководитель", teacher)]
    else:
        facts.append(("Стаж и категория", person.experience_words(today())))
    if person.partner:
        facts.append(("Организация", person.partner.title))
    facts += birth_facts(person, reader)
    if reader.sees_contacts:
        facts += [("Телефон", person.phone), ("Электронная почта", person.email)]
    if reader.changes:
        facts.append(("Заметка куратора", person.note))
    return facts


def birth_facts(person: Participant, reader: Reader) -> Facts:
    if person.birth_date and reader.sees_birth_date:
        return [("Дата рождения", person.birth_date)]
    return [("Год рождения", person.birth_year)] if reader.own or reader.whole else []


def photo_url(person: Participant) -> str:
    """Where the photograph is; empty where there is none, or nobody may look at it any more."""
    shown = person.photo and allows_photo(person, today())
    return reverse("participant_photo", args=[person.pk]) if shown else ""


def history_of(user: Any, person: Participant, earlier: list[PastName]) -> Any:
    """The history, for those who may read it: it also tells of the curator's notes."""
    if not may(user, "mentorship.participant.history", person):
        return None
    consents = Consent.objects.filter(participant=person).permitted(user, "mentorship.consent.view")
    papers = [*consents, *person.addenda.all(), *person.notices.all()]
    return JournalEntry.objects.about(person, *person.former_cards, *papers, *earlier)[:EVENTS]


def pairs_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """The pairs of the person that the reader may see; the curator may form another one from here.

    «Пар нет» is said only to those who would see them.
    """
    user, day = request.user, today()
    pairs = list(Pair.objects.of(person).permitted(user, "mentorship.pair.view").for_cards())
    if not pairs and person.user_id != user.pk and not oversees(user, person.organisation):
        return None
    needs = needs_of(pairs, day)
    return {
        "person": person,
        "rows": [PairRow(pair, chips_of(pair, needs[pair.pk], day)) for pair in pairs],
        "may_form": not person.left_on and may(user, "mentorship.pair.change", person),
    }


register_part("mentorship/includes/card_pairs.html", pairs_part, 20)
