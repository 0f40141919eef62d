"""Slips for participants: chosen from the list of those without a login, or from the card of one person."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest, key_in
from accounts.models import User
from accounts.permissions import Role, may, requires, today
from accounts.services.invitations import obstacles_to_invite
from accounts.services.logins import login_of
from core.paging import PAGE_SIZE, page_of
from core.transitions import Refused
from mentorship.forms.invitations import InviteFilter
from mentorship.models import Participant
from mentorship.services.invitations import ACTION, invite_participants, obstacles_to_inviting, role_for, to_invite
from mentorship.views.card_parts import register_part
from mentorship.views.participants import list_crumb


@requires(ACTION)
def participant_invite_list(request: CabinetRequest) -> HttpResponse:
    """Grown-up participants without a login, with the login that each would get."""
    filters = InviteFilter(request.GET)
    rows = Participant.objects.permitted(request.user, ACTION).filter(organisation=request.organisation)
    rows = to_invite(rows, today()).found(filters.chosen("q"))
    if category := filters.chosen("category"):
        rows = rows.filter(category=category)
    page = page_of(request, rows.by_name().with_posts())
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": invite_rows(page.object_list),
        "all_chosen": request.GET.get("chosen") == "all",
        "crumbs": [list_crumb(), ("Пригласить в портал", "")],
    }
    return render(request, "mentorship/participant_invite_list.html", context)


def invite_rows(people: Iterable[Participant]) -> list[dict[str, Any]]:
    """Lines of the list: the person, the login as it would be made, the role that follows from the card."""
    return [
        {"person": one, "login": login_of(one.full_name), "role": Role(role).label if (role := role_for(one)) else ""}
        for one in people
    ]


@require_POST
@never_cache
@requires(ACTION)
def participant_invite(request: CabinetRequest) -> HttpResponse:
    """Make the logins and the codes, and show the codes: this page is the only place where they ever stand."""
    typed = [key_in(text) for text in request.POST.getlist("person")[:PAGE_SIZE]]
    rows = Participant.objects.permitted(request.user, ACTION).filter(organisation=request.organisation)
    people = list(rows.filter(pk__in=[key for key in typed if key is not None]))
    back = way_back(request, people)
    if not people:
        messages.error(request, "Никто не выбран. Отметьте людей в списке и нажмите «Пригласить отмеченных» ещё раз.")
        return redirect(back)
    try:
        issued = invite_participants(people=people, organisation=request.organisation, actor=request.user)
    except Refused as refusal:
        for sentence in refusal.obstacles:
            messages.error(request, sentence)
        return redirect(back)
    context = {"issued": issued, "back": back, "crumbs": [list_crumb(), ("Листки с кодами", "")]}
    return render(request, "mentorship/participant_invite.html", context)


def way_back(request: CabinetRequest, people: list[Participant]) -> str:
    """To the card for somebody invited from it, otherwise to the list."""
    if "card" in request.POST and len(people) == 1:
        return reverse("participant_detail", args=[people[0].pk])
    return reverse("participant_invite_list")


def sign_in_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """The section of the card for whoever gives out slips and passwords: how the person signs in."""
    if not may(request.user, ACTION, person):
        return None
    user = person.user
    slip = user.last_invitation if user and user.last_login is None else None
    word, kind = slip.state_words(timezone.now()) if slip else ("", "")
    return {
        "person": person,
        "user": user,
        "word": word,
        "kind": kind,
        "login": login_of(person.full_name),
        "obstacles": obstacles_of(person, user, request.user, today()),
        "may_issue_password": user not in (None, request.user) and may(request.user, "accounts.user.password", user),
    }


def obstacles_of(person: Participant, user: User | None, actor: User, day: dt.date) -> list[str]:
    """Why no slip can be issued now."""
    own = obstacles_to_inviting(person, day)
    return own if own or user is None else obstacles_to_invite([user], actor)[user.pk]


register_part("mentorship/includes/card_sign_in.html", sign_in_part, position=80)
