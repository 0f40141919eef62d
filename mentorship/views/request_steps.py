"""Pages that move a request on: an answer, the mediators, the notice that a resignation is."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import permit, requires
from core.transitions import Refused, obstacles_of
from mentorship.forms.requests import AnswerForm, MediatorsForm
from mentorship.models import PairRequest
from mentorship.models.requests import CONSIDER
from mentorship.services.request_decisions import STEPS, assign_mediators, notice_of_request, take_step
from mentorship.services.requests import VIEW
from mentorship.views.requests import TITLE

RELATED = ("organisation", "author", "about", "substitute", "pair__mentor", "submitted_by", "order")
DANGEROUS = ("refuse", "decline", "cancel")


@requires(VIEW, PairRequest, related=RELATED)
def request_step(request: CabinetRequest, asking: PairRequest, step: str) -> HttpResponse:
    """One step of the table with the words that go with it; each asks its own right."""
    if step not in STEPS:
        raise Http404
    rule = PairRequest.TRANSITIONS[step]
    permit(request.user, rule.action, asking)
    form = AnswerForm(request.POST or None if STEPS[step].column else request.POST, step=step)
    if request.method == "POST" and form.is_valid():
        try:
            take_step(request=asking, step=step, words=form.cleaned_data.get("words", ""), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, rule.done)
            return redirect("request_detail", asking.pk)
    context = {"form": form, "asking": asking, "rule": rule, "danger": step in DANGEROUS}
    context |= {"blocked": obstacles_of(asking, step), "crumbs": step_crumbs(asking, rule.label)}
    return render(request, "mentorship/request_step.html", context)


@requires(CONSIDER, PairRequest, related=RELATED)
def request_mediators(request: CabinetRequest, asking: PairRequest) -> HttpResponse:
    form = MediatorsForm(request.POST or None, request=asking)
    if request.method == "POST" and form.is_valid():
        try:
            assign_mediators(request=asking, mediators=list(form.cleaned_data["mediators"]), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Посредники названы: они увидят просьбу и получат письма.")
            return redirect("request_detail", asking.pk)
    offered = form.fields["mediators"].queryset.exists()  # type: ignore[attr-defined]
    context = {"form": form, "asking": asking, "offered": offered, "blocked": obstacles_of(asking, "assign")}
    context |= {"crumbs": step_crumbs(asking, "Посредники")}
    return render(request, "mentorship/request_mediators.html", context)


@require_POST
@requires(CONSIDER, PairRequest, related=RELATED)
def request_notice(request: CabinetRequest, asking: PairRequest) -> HttpResponse:
    """Record the notice of refusal by the resignation itself, in one click."""
    try:
        notice = notice_of_request(request=asking, actor=request.user)
    except Refused as refusal:
        messages.error(request, " ".join(refusal.obstacles))
        return redirect("request_detail", asking.pk)
    messages.success(request, "Уведомление записано. Ниже — какие пары прекращает приказ.")
    return redirect("notice_detail", notice.pk)


def step_crumbs(asking: PairRequest, label: str) -> list[tuple[str, str]]:
    own = reverse("request_detail", args=[asking.pk])
    return [(TITLE, reverse("request_list")), (asking.title, own), (label, "")]
