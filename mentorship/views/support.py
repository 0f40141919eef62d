"""Pages of a psychologist's records, and the part of the card with those that the reader may read."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from accounts.http import CabinetRequest
from accounts.permissions import may, requires
from core.transitions import Refused
from mentorship.forms.support import SupportForm
from mentorship.models import Participant, SupportRecord
from mentorship.services.support import VIEW, WRITE, write_support
from mentorship.views.card_parts import register_part
from mentorship.views.consents import card_crumbs


@requires(WRITE, Participant, related=("organisation",))
def support_new(request: CabinetRequest, person: Participant) -> HttpResponse:
    last = SupportRecord.objects.permitted(request.user, VIEW).of(person).filter(author=request.user).first()
    initial = {"consent_on": last.consent_on if last else None}
    form = SupportForm(request.POST or None, participant=person, author=request.user, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = write_support(participant=person, support=form.support(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Записано. Прочитать это можете вы и те, кого вы назвали.")
            return redirect("support_detail", made.pk)
    crumbs = [*card_crumbs(request, person), ("Запись психолога", "")]
    return render(request, "mentorship/support_new.html", {"form": form, "person": person, "crumbs": crumbs})


@requires(VIEW, SupportRecord, related=("participant__organisation", "author"))
def support_detail(request: CabinetRequest, support: SupportRecord) -> HttpResponse:
    person = support.participant
    opens_card = may(request.user, "mentorship.participant.view", person)
    crumbs = card_crumbs(request, person) if opens_card else []
    context = {
        "support": support,
        "person": person,
        "readers": list(support.readers.order_by("full_name")),
        "crumbs": [*crumbs, ("Запись психолога", "")],
    }
    return render(request, "mentorship/support_detail.html", context)


def support_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """The records of the person that the reader has written or is named on; others do not learn that there are any."""
    rows = list(SupportRecord.objects.permitted(request.user, VIEW).of(person))
    may_write = may(request.user, WRITE, person)
    return {"person": person, "rows": rows, "may_write": may_write} if rows or may_write else None


register_part("mentorship/includes/card_support.html", support_part, 60)
