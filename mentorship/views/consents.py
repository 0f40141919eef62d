"""Pages of consents: recording, withdrawal, the scan, blanks to print."""

from __future__ import annotations

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest, key_in
from accounts.permissions import requires
from core.storage import private_response
from core.transitions import Refused
from core.uploads import kind_of
from mentorship.documents.consents import FORMATS, consent_blank_file
from mentorship.forms.consents import ConsentForm, WithdrawForm
from mentorship.models import Consent, ConsentKind, Pair, Participant
from mentorship.services.consents import record_consent, withdraw_consent
from mentorship.views.participants import card_crumbs


def kind_or_404(kind: str) -> ConsentKind:
    if kind not in ConsentKind.values:
        raise Http404
    return ConsentKind(kind)


@requires("mentorship.consent.record", Participant)
def consent_new(request: CabinetRequest, person: Participant, kind: str) -> HttpResponse:
    purpose, about = kind_or_404(kind), named_pair(request, person)
    initial = {"pair": about.pk} if about else {}
    form = ConsentForm(request.POST or None, request.FILES or None, participant=person, kind=kind, initial=initial)
    if request.method == "POST" and form.is_valid():
        pair = form.cleaned_data.get("pair")
        try:
            record_consent(participant=person, kind=kind, signed=form.signed(), actor=request.user, pair=pair)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Записано.")
            return redirect(pair_or_card(pair or about, person))
    crumbs = [*card_crumbs(person.pk, person.full_name), (purpose.label, "")]
    context = {"form": form, "person": person, "kind": purpose, "back": pair_or_card(about, person), "crumbs": crumbs}
    return render(request, "mentorship/consent_new.html", context)


def named_pair(request: CabinetRequest, person: Participant) -> Pair | None:
    """The pair of the person that the address names (`?pair=5`): the page came from it and leads back there."""
    number = key_in(request.GET.get("pair", ""))
    return Pair.objects.of(person).for_cards().filter(pk=number).first() if number is not None else None


def pair_or_card(pair: Pair | None, person: Participant) -> str:
    return reverse("pair_detail", args=[pair.pk]) if pair else reverse("participant_detail", args=[person.pk])


@requires("mentorship.consent.withdraw", Consent, related=("participant__user", "participant__organisation"))
def consent_withdraw(request: CabinetRequest, consent: Consent) -> HttpResponse:
    form = WithdrawForm(request.POST or None)
    person = consent.participant
    own = person.user_id == request.user.pk
    back = reverse("my_card") if own else reverse("participant_detail", args=[person.pk])
    if request.method == "POST" and form.is_valid():
        try:
            withdraw_consent(consent=consent, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Отзыв записан.")
            return redirect(back)
    crumbs = [(person.full_name, back), ("Отозвать согласие", "")]
    context = {"form": form, "consent": consent, "person": person, "back": back, "crumbs": crumbs}
    return render(request, "mentorship/consent_withdraw.html", context)


@requires("mentorship.consent.view", Consent)
def consent_scan(request: CabinetRequest, consent: Consent) -> HttpResponseBase:
    found = kind_of(consent.scan_name)
    if not consent.scan or found is None:
        raise Http404
    return private_response(
        consent.scan, filename=consent.scan_name, content_type=found.content_type, inline="show" in request.GET
    )


@requires("mentorship.consent.view", Participant, related=("organisation",))
def consent_blank(request: CabinetRequest, person: Participant, kind: str, form: str) -> HttpResponseBase:
    purpose = kind_or_404(kind)
    if form not in FORMATS:
        raise Http404
    # Whoever is asked for a consent must be able to read it before the pair itself opens to them.
    pair = named_pair(request, person)
    if purpose == ConsentKind.PAIR and pair is None:
        raise Http404
    name, content = consent_blank_file(person, purpose, form, pair=pair)
    return private_response(ContentFile(content), filename=name, content_type=FORMATS[form].content_type)
