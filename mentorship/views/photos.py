"""The photograph of a person: the page that changes it, and the picture itself."""

from __future__ import annotations

from pathlib import PurePath

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import may, requires, today
from core.storage import private_response
from core.transitions import Refused
from core.uploads import kind_of
from mentorship.forms.histories import PhotoForm
from mentorship.models import Participant
from mentorship.services.participants import CHANGE
from mentorship.services.photos import NO_CONSENT, allows_photo, remove_photo, set_photo
from mentorship.views.participants import card_crumbs


@requires(CHANGE, Participant)
def participant_photo_edit(request: CabinetRequest, person: Participant) -> HttpResponse:
    sent = request.method == "POST"
    form = PhotoForm(request.POST if sent else None, request.FILES if sent else None)
    allowed = allows_photo(person, today())
    if sent and form.is_valid():
        try:
            set_photo(participant=person, photo=form.cleaned_data["photo"], actor=request.user)
        except Refused as refusal:
            form.add_error("photo", refusal.obstacles)
        else:
            messages.success(request, "Фотография сохранена.")
            return redirect("participant_detail", person.pk)
    context = {
        "form": form,
        "person": person,
        "refusal": "" if allowed else NO_CONSENT,
        "may_record": may(request.user, "mentorship.consent.record", person),
        "crumbs": [*card_crumbs(person.pk, person.full_name), ("Фотография", "")],
    }
    return render(request, "mentorship/participant_photo_edit.html", context)


@require_POST
@requires(CHANGE, Participant)
def participant_photo_remove(request: CabinetRequest, person: Participant) -> HttpResponse:
    try:
        remove_photo(participant=person, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Фотография удалена.")
    return redirect("participant_detail", person.pk)


@requires("mentorship.participant.view", Participant)
def participant_photo(request: CabinetRequest, person: Participant) -> HttpResponseBase:
    """The picture, for whoever may open the card, while the consent holds; the curator still sees what to delete."""
    found = kind_of(str(person.photo.name)) if person.photo else None
    if found is None or not (allows_photo(person, today()) or may(request.user, CHANGE, person)):
        raise Http404
    name = f"{person.short_name}{PurePath(str(person.photo.name)).suffix}"
    return private_response(person.photo, filename=name, content_type=found.content_type, inline=True)
