"""A person's own wishes: with whom they would like to work and with whom rather not; for them and the curator alone."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import may, requires, today
from mentorship.forms.matching import WishesForm
from mentorship.models import BankCard, BankRole, BankState, Participant, Wish
from mentorship.services.matching import WISH, save_wishes
from mentorship.views.card_parts import register_part

OUT = (BankState.REFUSED, BankState.ARCHIVED)
OTHER = {BankRole.MENTOR: BankRole.MENTEE, BankRole.MENTEE: BankRole.MENTOR}
Kept = dict[str, tuple[list[int], list[int]]]


@requires(WISH)
def my_wishes(request: CabinetRequest) -> HttpResponse:
    own = Participant.objects.permitted(request.user, WISH)
    person = own.filter(organisation=request.organisation, user=request.user).first()
    offered = offered_to(person) if person else {}
    form = WishesForm(request.POST or None, offered=offered, kept=kept_wishes(person, offered)) if person else None
    if request.method == "POST" and person and form and offered and form.is_valid():
        save_wishes(author=person, preferred=form.chosen(), avoided=form.chosen("not_"), actor=request.user)
        messages.success(request, "Пожелания записаны. Видите их вы и куратор, больше никто.")
        return redirect("my_wishes")
    crumbs = [("Моя карточка", reverse("my_card")), ("Мои пожелания", "")]
    return render(request, "mentorship/my_wishes.html", {"form": form, "offered": offered, "crumbs": crumbs})


def offered_to(person: Participant) -> dict[str, list[Participant]]:
    """Role of the other → people of that bank: for a mentee the mentors, for a mentor the mentees; names alone."""
    cards = BankCard.objects.filter(participant=person).exclude(state__in=OUT)
    roles = [OTHER[BankRole(role)] for role in cards.order_by("role").values_list("role", flat=True)]
    found: dict[str, list[Participant]] = {role.value: [] for role in roles}
    here = BankCard.objects.filter(participant__organisation=person.organisation_id, role__in=roles).standing()
    rows = here.consented(today()).exclude(participant=person).filter(participant__left_on=None)
    for card in rows.by_name().select_related("participant"):
        found[card.role].append(card.participant)
    return found


def kept_wishes(person: Participant, offered: dict[str, list[Participant]]) -> Kept:
    """What stands there now of those who are still offered."""
    known = {role: {one.pk for one in people} for role, people in offered.items()}
    kept: Kept = {role: ([], []) for role in offered}
    for wish in Wish.objects.filter(author=person):
        if wish.about_id in known.get(wish.side, ()):
            kept[wish.side][wish.rank is None].append(wish.about_id)
    return kept


def wishes_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """The way to one's own wishes, for whoever stands in a bank; nobody else sees even that there are any."""
    if person.user_id != request.user.pk or not may(request.user, WISH, person):
        return None
    if not BankCard.objects.filter(participant=person).exclude(state__in=OUT).exists():
        return None
    return {"count": Wish.objects.filter(author=person).count()}


register_part("mentorship/includes/card_wishes.html", wishes_part, 32)
