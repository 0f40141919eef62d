"""Pages of addenda to employment contracts: the blank, recording what was signed, the paper, its end."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import may, permit, requires, today
from core.documents.blocks import read_blocks
from core.storage import brought_response
from core.transitions import Refused
from mentorship.documents.addenda import addendum_blank_file, addendum_file, known_terms, terms_in_words
from mentorship.documents.consents import FORMATS
from mentorship.forms.labour import TERM, AddendumForm, EndAddendumForm, LabourRulesForm
from mentorship.models import EMPLOYEES, Addendum, Chip, Participant, labour_rules_of
from mentorship.services.addenda import RECORD, RULES, end_addendum, record_addendum, save_labour_rules
from mentorship.views.consents import card_crumbs, named_pair, pair_or_card, sent

VIEW = "mentorship.addendum.view"
RELATED = ("participant__organisation", "recorded_by")


@requires(VIEW, Participant, related=("organisation",))
def addendum_blank(request: CabinetRequest, person: Participant, form: str) -> HttpResponseBase:
    """The paper of two copies to print and sign; `?pair=5` names the pair that it is about."""
    if form not in FORMATS or person.category not in EMPLOYEES:
        raise Http404
    return sent(addendum_blank_file(person, form, pair=named_pair(request, person)), form)


@requires(RECORD, Participant, related=("organisation",))
def addendum_new(request: CabinetRequest, person: Participant) -> HttpResponse:
    about = named_pair(request, person)
    initial = {f"{TERM}{name}": words for name, words in known_terms(person, about, today()).items()}
    form = AddendumForm(request.POST or None, request.FILES or None, participant=person, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            record_addendum(participant=person, signed=form.signed(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Соглашение записано.")
            return redirect(pair_or_card(about, person))
    crumbs = [*card_crumbs(request, person), ("Дополнительное соглашение", "")]
    context = {"form": form, "person": person, "back": pair_or_card(about, person), "crumbs": crumbs}
    return render(request, "mentorship/addendum_new.html", context)


@requires(VIEW, Addendum, related=RELATED)
def addendum_detail(request: CabinetRequest, addendum: Addendum) -> HttpResponse:
    context = {
        "addendum": addendum,
        "person": addendum.participant,
        "state": Chip(*addendum.state_on(today())),
        "terms": terms_in_words(addendum.terms),
        "blocks": read_blocks(addendum.signed_text),
        "may_end": addendum.ended_on is None and may(request.user, RECORD, addendum),
        "crumbs": [*card_crumbs(request, addendum.participant), (f"Соглашение № {addendum.number}", "")],
    }
    return render(request, "mentorship/addendum_detail.html", context)


@requires(VIEW, Addendum, related=RELATED)
def addendum_paper(request: CabinetRequest, addendum: Addendum, form: str) -> HttpResponseBase:
    """The text that was signed as a file."""
    if form not in FORMATS:
        raise Http404
    return sent(addendum_file(addendum, form), form)


@requires(VIEW, Addendum)
def addendum_scan(request: CabinetRequest, addendum: Addendum) -> HttpResponseBase:
    return brought_response(addendum.scan, addendum.scan_name, inline="show" in request.GET)


@requires(RECORD, Addendum, related=RELATED)
def addendum_end(request: CabinetRequest, addendum: Addendum) -> HttpResponse:
    form = EndAddendumForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            end_addendum(addendum=addendum, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Соглашение прекращено.")
            return redirect("addendum_detail", addendum.pk)
    crumbs = [*card_crumbs(request, addendum.participant), ("Прекратить соглашение", "")]
    return render(request, "mentorship/addendum_end.html", {"form": form, "addendum": addendum, "crumbs": crumbs})


@requires(RULES)
def labour_rules_edit(request: CabinetRequest) -> HttpResponse:
    """Whether a missing addendum only warns or stops the order about pairs."""
    permit(request.user, RULES, request.organisation)
    form = LabourRulesForm(request.POST or None, instance=labour_rules_of(request.organisation))
    if request.method == "POST" and form.is_valid():
        save_labour_rules(form=form, actor=request.user)
        messages.success(request, "Сохранено.")
        return redirect("pair_list")
    crumbs = [("Пары и группы", reverse("pair_list")), ("Соглашения с наставниками", "")]
    return render(request, "mentorship/labour_rules_edit.html", {"form": form, "crumbs": crumbs})
