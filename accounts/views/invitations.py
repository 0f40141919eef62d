"""Those who have not come in yet: who they are, slips with codes for them, and calling a lost slip back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.db.models import QuerySet
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from accounts.attention import page_panels
from accounts.documents import invitation_slips_file
from accounts.forms.invitations import InvitationFilter
from accounts.http import CabinetRequest, key_in
from accounts.models import Invitation, Organisation, User
from accounts.permissions import requires
from accounts.services.invitations import (
    ACTION,
    cancel_invitation,
    issue_invitations,
    obstacles_to_invite,
    still_open,
)
from core.paging import PAGE_SIZE, page_of
from core.storage import private_response
from core.transitions import Refused
from core.uploads import PDF


@requires(ACTION)
def invitation_list(request: CabinetRequest) -> HttpResponse:
    """People with a login who have never signed in, and what became of their slips."""
    organisations = Organisation.objects.permitted(request.user, ACTION)
    form = InvitationFilter(request.GET, organisations=organisations)
    rows = people_to_invite(request.user, organisations, form.cleaned_data if form.is_valid() else {})
    page = page_of(request, rows.with_roles(organisations).with_invitations().by_name())
    context = {
        "form": form,
        "page_obj": page,
        "rows": invitation_rows(page.object_list, request.user),
        "panels": page_panels("invitation_list", request.user, request.organisation),
        "all_chosen": request.GET.get("chosen") == "all",
        "several": "organisation" in form.fields,
        "crumbs": [("Пользователи", reverse("user_list")), ("Ещё не входили", "")],
    }
    return render(request, "accounts/invitation_list.html", context)


def people_to_invite(user: User, organisations: QuerySet[Organisation], wanted: dict[str, Any]) -> Any:
    """Those of the organisations who have never come in, narrowed by the filter."""
    within = [wanted["organisation"]] if wanted.get("organisation") else organisations
    rows = User.objects.permitted(user, ACTION).never_came(within).found(wanted.get("q", ""))
    return rows.with_slip(wanted.get("state", ""), timezone.now())


def invitation_rows(people: Iterable[User], actor: User) -> list[dict[str, Any]]:
    """Lines of the list: the person, the last slip with its state, and why no new one can be issued."""
    shown, now = list(people), timezone.now()
    obstacles = obstacles_to_invite(shown, actor)
    rows = []
    for person in shown:
        slip = person.last_invitation
        word, kind = slip.state_words(now) if slip else ("не выдан", "no")
        rows.append({"person": person, "slip": slip, "word": word, "kind": kind, "obstacles": obstacles[person.pk]})
    return rows


@require_POST
@never_cache
@requires(ACTION)
def invitation_issue(request: CabinetRequest) -> HttpResponse:
    """Make codes for the chosen people and show them: this page is the only place where they ever stand."""
    keys = chosen_keys(request.POST.getlist("person"))
    people = list(User.objects.permitted(request.user, ACTION).filter(pk__in=keys))
    if not people:
        messages.error(request, "Никто не выбран. Отметьте людей в списке и нажмите «Выдать листки» ещё раз.")
        return redirect("invitation_list")
    try:
        issued = issue_invitations(people=people, organisation=request.organisation, actor=request.user)
    except Refused as refusal:
        for sentence in refusal.obstacles:
            messages.error(request, sentence)
        return redirect("invitation_list")
    crumbs = [("Ещё не входили", reverse("invitation_list")), ("Листки", "")]
    return render(request, "accounts/invitation_issue.html", {"issued": issued, "crumbs": crumbs})


def chosen_keys(typed: Sequence[str]) -> list[int]:
    """Keys of the ticked rows, no more than stand on one page."""
    return [key for key in map(key_in, typed[:PAGE_SIZE]) if key is not None]


@require_POST
@sensitive_post_parameters("code")
@requires(ACTION)
def invitation_slips(request: CabinetRequest) -> HttpResponseBase:
    """The codes of the page before, printed as slips; sent back by it, because the portal does not know them."""
    issued = still_open(request.POST.getlist("code")[:PAGE_SIZE], request.user)
    if not issued:
        messages.error(request, "Эти коды уже не действуют. Выдайте новые листки.")
        return redirect("invitation_list")
    name, content = invitation_slips_file(issued)
    return private_response(ContentFile(content), filename=name, content_type=PDF.content_type)


@require_POST
@requires(ACTION, Invitation, related=("user",))
def invitation_cancel(request: CabinetRequest, invitation: Invitation) -> HttpResponse:
    """Call a lost slip back."""
    try:
        cancel_invitation(invitation=invitation, actor=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.obstacles))
    else:
        messages.success(request, f"Листок отменён: {invitation.user.full_name}. Войти по нему больше нельзя.")
    return redirect("invitation_list")
