"""Pages of the pulse: three questions of free will, and the answers, which only a curator reads."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import requires, today
from core.paging import page_of
from core.transitions import Refused
from mentorship.forms.pulses import PulseForm
from mentorship.models import Pair, Pulse
from mentorship.services.pulses import ANSWER, SEE, answer_pulse, mark_seen, respondent
from mentorship.views.meetings import list_crumb

PULSE_RELATED = ("pair__mentor", "participant")


@requires(ANSWER, Pair, related=("mentor", "organisation"))
def pulse_answer(request: CabinetRequest, pair: Pair) -> HttpResponse:
    if respondent(pair, request.user) is None:
        raise Http404
    refuse = "refuse" in request.POST
    form = PulseForm(request.POST or None)
    if request.method == "POST" and (refuse or form.is_valid()):
        values, text = ({}, "") if refuse else (form.values(), form.cleaned_data["text"])
        try:
            answer_pulse(pair=pair, values=values, text=text, actor=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(
                request, "Хорошо, больше не спросим." if refuse else "Спасибо! Ответ увидит только куратор."
            )
        return redirect("home")
    crumbs = [("Дела", "/cabinet/"), ("Как идёт работа", "")]
    return render(request, "mentorship/pulse_answer.html", {"form": form, "pair": pair, "crumbs": crumbs})


@requires(SEE)
def pulse_list(request: CabinetRequest) -> HttpResponse:
    """The answers, the unread ones first."""
    rows = Pulse.objects.permitted(request.user, SEE).filter(pair__organisation=request.organisation).answered()
    only_low = request.GET.get("low") == "on"
    found = (rows.low() if only_low else rows).select_related(*PULSE_RELATED).prefetch_related("pair__members__mentee")
    page = page_of(request, found.order_by("-answered_on", "-pk"))
    context = {
        "page_obj": page,
        "rows": page.object_list,
        "only_low": only_low,
        "crumbs": [list_crumb(), ("Ответы", "")],
    }
    return render(request, "mentorship/pulse_list.html", context)


@require_POST
@requires(SEE, Pulse, related=PULSE_RELATED)
def pulse_seen(request: CabinetRequest, pulse: Pulse) -> HttpResponse:
    mark_seen(pulse=pulse, actor=request.user, day=today())
    messages.success(request, "Отмечено: ответ прочитан.")
    return redirect("pulse_list")
