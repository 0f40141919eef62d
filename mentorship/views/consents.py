"""Pages of one consent: recording, what was signed, withdrawal, the scan, blanks to print; its part of the card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest, key_in
from accounts.permissions import may, requires, today
from core.documents.blocks import read_blocks
from core.storage import brought_response, private_response
from core.transitions import Refused
from mentorship.documents.consents import FORMATS, consent_blank_file, signed_file
from mentorship.forms.consents import ConsentForm, WithdrawForm
from mentorship.models import (
    PERSONAL,
    RULES,
    Chip,
    Consent,
    ConsentKind,
    ConsentRequest,
    KindState,
    LegalDuty,
    Pair,
    PairState,
    Participant,
    PublicField,
    Resource,
    calendar_from,
    due_on,
    states_of,
)
from mentorship.models.lights import CHIPS
from mentorship.services.consents import record_consent, withdraw_consent
from mentorship.services.duties import duty_after
from mentorship.views.card_parts import register_part

VIEW = "mentorship.consent.view"
STATE_CHIPS = {"действует": "ok", "истекло": "late", "отказ": "no", "ещё не действует": "wait"}
TERM_TITLES = {
    "content": "Содержание работы",
    "term": "Срок работы",
    "form": "Форма",
    "pay": "Оплата",
    "document": "Входит в трудовую функцию",
}
RELATED = ("participant__organisation", "participant__user", "pair__mentor", "recorded_by", "text")


@dataclass(frozen=True)
class Purpose:
    """A line of the card: one purpose, what is known of it, the unanswered request."""

    kind: ConsentKind
    state: KindState
    chip: Chip
    request: int | None


def kind_or_404(kind: str) -> ConsentKind:
    if kind not in ConsentKind.values:
        raise Http404
    return ConsentKind(kind)


def card_crumbs(request: CabinetRequest, person: Participant) -> list[tuple[str, str]]:
    """Back to the card: one's own, or the one in the list."""
    if person.user_id == request.user.pk:
        return [("Моя карточка", reverse("my_card"))]
    return [
        ("Участники", reverse("participant_list")),
        (person.full_name, reverse("participant_detail", args=[person.pk])),
    ]


@requires("mentorship.consent.record", Participant, related=("organisation",))
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
    crumbs = [*card_crumbs(request, person), (purpose.label, "")]
    context = {"form": form, "person": person, "kind": purpose, "back": pair_or_card(about, person), "crumbs": crumbs}
    return render(request, "mentorship/consent_new.html", context)


def named_pair(request: CabinetRequest, person: Participant) -> Pair | None:
    """The pair of the person that the address names (`?pair=5`): the page came from it and leads back there."""
    number = key_in(request.GET.get("pair", ""))
    return Pair.objects.of(person).for_cards().filter(pk=number).first() if number is not None else None


def pair_or_card(pair: Pair | None, person: Participant) -> str:
    return reverse("pair_detail", args=[pair.pk]) if pair else reverse("participant_detail", args=[person.pk])


@requires(VIEW, Consent, related=RELATED)
def consent_detail(request: CabinetRequest, consent: Consent) -> HttpResponse:
    """What exactly was signed, and what has followed from it."""
    state = consent.state_on(today())
    duties = LegalDuty.objects.permitted(request.user, "mentorship.duty.view").filter(consent=consent)
    context = {
        "consent": consent,
        "person": consent.participant,
        "state": Chip(state, STATE_CHIPS.get(state, "")),
        "shown": [
            (label, value in consent.fields, consent.conditions.get(value, "")) for value, label in PublicField.choices
        ],
        "places": [label for value, label in Resource.choices if value in consent.resources],
        "terms": [(title, consent.terms[name]) for name, title in TERM_TITLES.items() if consent.terms.get(name)],
        "blocks": read_blocks(consent.signed_text),
        "duties": list(duties.select_related("done_by")),
        "may_withdraw": not consent.withdrawn_on
        and consent.answer == Consent.Answer.GIVEN
        and may(request.user, "mentorship.consent.withdraw", consent),
        "crumbs": [*card_crumbs(request, consent.participant), (consent.get_kind_display(), "")],
    }
    return render(request, "mentorship/consent_detail.html", context)


@requires(VIEW, Consent, related=("participant__organisation",))
def consent_paper(request: CabinetRequest, consent: Consent, form: str) -> HttpResponseBase:
    """The text that was signed as a file."""
    if form not in FORMATS or not consent.signed_text:
        raise Http404
    return sent(signed_file(consent, form), form)


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
    crumbs = [*card_crumbs(request, person), ("Отозвать согласие", "")]
    context = {"form": form, "consent": consent, "person": person, "back": back, "crumbs": crumbs}
    context |= {"follows": follows(consent), "notice_needed": notice_needed(consent)}
    context["may_notice"] = may(request.user, "mentorship.notice.record", person)
    return render(request, "mentorship/consent_withdraw.html", context)


def notice_needed(consent: Consent) -> bool:
    """Whether the withdrawal leaves a mentor at work, whom only a written notice and an order release."""
    led = Pair.objects.filter(mentor=consent.participant_id, state=PairState.ACTIVE)
    return consent.kind == ConsentKind.MENTOR and led.exists()


def follows(consent: Consent) -> str:
    """What the law will demand if the consent is withdrawn today, in a sentence; empty where nothing."""
    kind = duty_after(consent)
    if kind is None:
        return ""
    rule, until = RULES[kind], due_on(kind, today(), calendar_from(today()))
    edge = "не раньше" if rule.not_before else "до"
    return f"{kind.label}: {edge} {until:%d.%m.%Y}, если отзыв подан сегодня ({rule.words}; {rule.source})."


@requires(VIEW, Consent)
def consent_scan(request: CabinetRequest, consent: Consent) -> HttpResponseBase:
    return brought_response(consent.scan, consent.scan_name, inline="show" in request.GET)


@requires(VIEW, Participant, related=("organisation__parent",))
def consent_blank(request: CabinetRequest, person: Participant, kind: str, form: str) -> HttpResponseBase:
    purpose = kind_or_404(kind)
    if form not in FORMATS:
        raise Http404
    # Whoever is asked for a consent must be able to read it before the pair itself opens to them.
    pair = named_pair(request, person)
    if purpose == ConsentKind.PAIR and pair is None:
        raise Http404
    return sent(consent_blank_file(person, purpose, form, pair=pair), form)


def sent(file: tuple[str, bytes], form: str) -> HttpResponseBase:
    """A produced file as an answer: its name and content, its form a key of FORMATS."""
    name, content = file
    return private_response(ContentFile(content), filename=name, content_type=FORMATS[form].content_type)


def consents_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """The consents of a card for whoever may see them: every purpose with its state, then every record."""
    user = request.user
    if not may(user, VIEW, person):
        return {"hidden": True}
    consents = (
        Consent.objects.filter(participant=person)
        .permitted(user, VIEW)
        .flag(user, "mentorship.consent.withdraw")
        .select_related("pair__mentor")
        .prefetch_related("pair__members__mentee")
    )
    asked = dict(ConsentRequest.objects.waiting().filter(participant=person, pair=None).values_list("kind", "pk"))
    states = states_of([person], today())[person.pk]
    return {
        "person": person,
        "purposes": [
            Purpose(kind, states[kind], Chip(states[kind].words, CHIPS[states[kind].state]), asked.get(kind.value))
            for kind in PERSONAL
        ],
        "consents": [
            (one, Chip(state, STATE_CHIPS.get(state, ""))) for one in consents for state in [one.state_on(today())]
        ],
        "may_record": may(user, "mentorship.consent.record", person),
        "may_request": not person.left_on and may(user, "mentorship.consent.request", person),
    }


register_part("mentorship/includes/card_consents.html", consents_part, 10)
