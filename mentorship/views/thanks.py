"""Pages of letters of thanks: whom and for what, then the letters as they will be printed."""

from __future__ import annotations

from typing import Any

from django.core.files.base import ContentFile
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse

from accounts.http import CabinetRequest, key_in
from accounts.permissions import permit, requires
from core.storage import private_response
from mentorship.documents.consents import FORMATS
from mentorship.documents.thanks import Letter, letter_to, letter_to_partner
from mentorship.forms.thanks import LettersForm, ThanksForm, prefill, reward_orders
from mentorship.models import Participant
from mentorship.services.thanks import MAKE, make_thanks
from orders.models import Order

RECENT = 5
TITLE = "Благодарственные письма"


@requires(MAKE)
def thanks_new(request: CabinetRequest) -> HttpResponse:
    """Whom to thank; `?order=5` takes the people of an approved order on rewards, `?people=7` a person."""
    permit(request.user, MAKE, request.organisation)
    rewarded = rewarded_by(request)
    initial = prefill(rewarded, request.GET.getlist("people"))
    return choosing(request, ThanksForm(organisation=request.organisation, rewarded=rewarded, initial=initial))


def rewarded_by(request: CabinetRequest) -> Order | None:
    number = key_in(request.GET.get("order", ""))
    return reward_orders(request.organisation).filter(pk=number).first() if number is not None else None


def choosing(request: CabinetRequest, form: ThanksForm) -> HttpResponse:
    orders = reward_orders(request.organisation)[:RECENT]
    context = {"form": form, "orders": orders, "crumbs": [("Участники", reverse("participant_list")), (TITLE, "")]}
    return render(request, "mentorship/thanks_new.html", context)


@requires(MAKE)
def thanks_print(request: CabinetRequest) -> HttpResponseBase:
    """The letters that the address asks for, each open to change; sent back as one file."""
    permit(request.user, MAKE, request.organisation)
    asked = ThanksForm(request.GET, organisation=request.organisation, rewarded=rewarded_by(request))
    if not asked.is_valid():
        return choosing(request, asked)
    chosen, people = asked.cleaned_data, list(asked.cleaned_data["people"])
    form = LettersForm(
        request.POST or None,
        proposed=proposed_letters(request, chosen),
        doubtful=[bool(person.form_doubts) for person in people] + [False] * len(chosen.get("partners") or ()),
    )
    if request.method == "POST" and form.is_valid():
        return made(request, chosen, people, form)
    crumbs = [("Участники", reverse("participant_list")), (TITLE, reverse("thanks_new")), ("Печать", "")]
    context = {"form": form, "kind": chosen["kind"], "back": back_to(request), "crumbs": crumbs}
    return render(request, "mentorship/thanks_print.html", context)


def back_to(request: CabinetRequest) -> str:
    """To the choice, with the people who were chosen."""
    return f"{reverse('thanks_new')}?{request.GET.urlencode()}"


def proposed_letters(request: CabinetRequest, chosen: dict[str, Any]) -> list[Letter]:
    """What the portal proposes, people first."""
    kind, grounds = chosen["kind"], chosen["grounds"]
    partners = chosen.get("partners") or ()
    return [letter_to(person, kind, grounds) for person in chosen["people"]] + [
        letter_to_partner(partner, request.organisation, kind, grounds) for partner in partners
    ]


def made(
    request: CabinetRequest, chosen: dict[str, Any], people: list[Participant], form: LettersForm
) -> HttpResponseBase:
    """The file, and the one entry of the history."""
    order, file_format = chosen["order"], form.cleaned_data["format"]
    name, content = make_thanks(
        organisation=request.organisation,
        kind=chosen["kind"],
        letters=form.letters(),
        form=file_format,
        basis=f"Приказ {order.requisites}" if order else "",
        people=people,
        actor=request.user,
    )
    return private_response(ContentFile(content), filename=name, content_type=FORMATS[file_format].content_type)
