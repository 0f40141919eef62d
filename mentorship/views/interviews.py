"""Pages of interviews: the checklist, planning, what came of them, the sheet to print."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.core.files.base import ContentFile
from django.db.models import Count
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.buttons import Button, step_buttons
from accounts.http import CabinetRequest, key_in
from accounts.permissions import may, permit, requires, today
from core.models import JournalEntry
from core.paging import page_of
from core.russian import plural
from core.storage import private_response
from core.transitions import Refused
from mentorship.documents.interviews import FORMATS, interview_sheet
from mentorship.forms.interviews import CancelForm, InterviewFilter, MeetingForm, OutcomeForm, UnplannedOutcomeForm
from mentorship.models import BankCard, Chip, Conclusion, Interview, InterviewState
from mentorship.models.interviews import CHANGE, Progress, by_urgency, checklist, conditions, with_talks
from mentorship.services.interviews import cancel_interview, plan_interviews, record_interview, record_now
from mentorship.views.bank_parts import register_bank_part

VIEW = "mentorship.interview.view"
MOST_AT_ONCE = 50
RELATED = ("card__participant__organisation", "card__participant__user", "interviewer", "recorded_by")
CARD_RELATED = ("participant__organisation", "participant__user")
CHIPS = {Progress.MISSED: "late", Progress.WITHOUT: "wait", Progress.PLANNED: "go", Progress.HELD: "ok"}
PEOPLE = ("человек", "человека", "человек")


@dataclass(frozen=True)
class Row:
    """A line of the checklist; `talk` is the planned interview, else the last one held this year."""

    card: BankCard
    talk: Interview | None
    chip: Chip
    progress: Progress


@dataclass(frozen=True)
class Tally:
    """A number over the list with the filter that shows who is counted."""

    value: int
    label: str
    state: str
    bad: bool


@requires(VIEW)
def interview_list(request: CabinetRequest) -> HttpResponse:
    own = BankCard.objects.permitted(request.user, VIEW).filter(participant__organisation=request.organisation)
    day = today()
    rows, filters = checklist(own, day), InterviewFilter(request.GET)
    page = page_of(request, with_talks(by_urgency(narrowed(rows, filters.chosen(), day), day), day).for_cards())
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [row_of(card, day) for card in page.object_list],
        "tallies": tallies_of(rows, day),
        "may_change": may(request.user, CHANGE, request.organisation),
        "crumbs": [("Банки", reverse("bank_list")), ("Собеседования", "")],
    }
    return render(request, "mentorship/interview_list.html", context)


def narrowed(rows: Any, chosen: dict[str, Any], day: dt.date) -> Any:
    """The cards that fit the filter."""
    rows = rows.found(chosen.get("q", ""))
    if role := chosen.get("role"):
        rows = rows.filter(role=role)
    state = chosen.get("state")
    return rows.filter(conditions(day)[state]) if state else rows


def row_of(card: Any, day: dt.date) -> Row:
    talk: Interview | None = next(
        (one for one in card.talks if one.state == InterviewState.PLANNED), next(iter(card.talks), None)
    )
    progress = progress_of(talk, day)
    word = f"{progress.label} {talk.held_on or talk.planned_for:%d.%m.%Y}" if talk else str(progress.label)
    if progress == Progress.MISSED and talk:
        word = f"{talk.planned_for:%d.%m.%Y}: {progress.label}"
    return Row(card, talk, Chip(word, CHIPS[progress]), progress)


def progress_of(talk: Interview | None, day: dt.date) -> Progress:
    if talk is None:
        return Progress.WITHOUT
    if talk.state == InterviewState.HELD:
        return Progress.HELD
    return Progress.MISSED if talk.planned_for < day else Progress.PLANNED


def tallies_of(rows: Any, day: dt.date) -> list[Tally]:
    """The numbers over the list, one query."""
    counted = rows.aggregate(**{name: Count("pk", filter=condition) for name, condition in conditions(day).items()})
    return [
        Tally(counted[name], str(Progress(name).label), name, bool(counted[name]) and name == Progress.MISSED)
        for name in Progress.values
    ]


@requires(CHANGE)
def interview_plan(request: CabinetRequest) -> HttpResponse:
    permit(request.user, CHANGE, request.organisation)
    cards, absent = chosen_cards(request)
    form = MeetingForm(request.POST or None, organisation=request.organisation, user=request.user)
    if request.method == "POST" and cards and form.is_valid():
        try:
            planned = plan_interviews(cards=cards, meeting=form.meeting(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, f"Собеседования назначены: {plural(len(planned), *PEOPLE)}.")
            return redirect("interview_detail", planned[0].pk) if len(planned) == 1 else redirect("interview_list")
    crumbs = [list_crumb(), ("Назначить", "")]
    context = {"form": form, "cards": cards, "absent": absent, "most": MOST_AT_ONCE, "crumbs": crumbs}
    return render(request, "mentorship/interview_plan.html", context)


def chosen_cards(request: CabinetRequest) -> tuple[list[BankCard], int]:
    """The cards that the address names (`?card=5&card=7`), by name, and how many of the named are left out.

    Left out are those that the reader may not touch, and everybody beyond `MOST_AT_ONCE`; the page says so.
    """
    keys = {key_in(text) or 0 for text in request.GET.getlist("card")}
    rows = BankCard.objects.permitted(request.user, CHANGE).filter(
        participant__organisation=request.organisation, pk__in=keys
    )
    cards = list(rows.by_name().for_cards()[:MOST_AT_ONCE])
    return cards, len(keys) - len(cards)


@requires(VIEW, Interview, related=RELATED)
def interview_detail(request: CabinetRequest, interview: Interview) -> HttpResponse:
    card = interview.card
    context = {
        "interview": interview,
        "card": card,
        "person": card.participant,
        "chip": chip_of(interview, today()),
        "buttons": buttons_of(request.user, interview),
        "formats": FORMATS,
        "history": JournalEntry.objects.about(interview)[:20],
        "crumbs": [list_crumb(), (card.participant.full_name, "")],
    }
    return render(request, "mentorship/interview_detail.html", context)


def chip_of(interview: Interview, day: dt.date) -> Chip:
    if interview.state == InterviewState.CANCELLED:
        return Chip(interview.get_state_display())
    progress = progress_of(interview, day)
    return Chip(str(progress.label), CHIPS[progress])


def buttons_of(user: Any, interview: Interview) -> list[Button]:
    """What may be done now; a cancelled one can be planned anew."""
    urls = {
        "hold": reverse("interview_record", args=[interview.pk]),
        "cancel": reverse("interview_cancel", args=[interview.pk]),
    }
    buttons = step_buttons(user, interview, urls, primary="hold", danger="cancel")
    free = interview.card.stands and not interview.card.interviews.planned().exists()
    if interview.state == InterviewState.CANCELLED and free and may(user, CHANGE, interview):
        buttons.append(Button("Назначить снова", plan_url(interview.card), primary=True))
    return buttons


def plan_url(card: BankCard) -> str:
    return f"{reverse('interview_plan')}?card={card.pk}"


@requires(CHANGE, Interview, related=RELATED)
def interview_record(request: CabinetRequest, interview: Interview) -> HttpResponse:
    if interview.state != InterviewState.PLANNED:
        return too_late(request, interview)
    initial = {"held_on": min(interview.planned_for, today())}
    form = OutcomeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            record_interview(interview=interview, outcome=form.outcome(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            return recorded(request, interview)
    context = {"form": form, "interview": interview, "crumbs": crumbs_of(interview, "Итог")}
    return render(request, "mentorship/interview_record.html", context)


def too_late(request: CabinetRequest, interview: Interview) -> HttpResponse:
    """Somebody has recorded or cancelled the interview meanwhile."""
    messages.error(request, f"Изменить нельзя: собеседование уже {interview.get_state_display()}.")
    return redirect("interview_detail", interview.pk)


def recorded(request: CabinetRequest, interview: Interview) -> HttpResponse:
    interview.card.refresh_from_db(fields=["state"])
    messages.success(request, f"Итог записан. Состояние карточки банка — «{interview.card.get_state_display()}».")
    return redirect("interview_detail", interview.pk)


@requires(CHANGE, BankCard, related=CARD_RELATED)
def interview_record_now(request: CabinetRequest, card: BankCard) -> HttpResponse:
    planned = card.interviews.planned().first()
    if planned is not None:
        return redirect("interview_record", planned.pk)
    organisation = card.participant.organisation
    form = UnplannedOutcomeForm(request.POST or None, organisation=organisation, user=request.user)
    if request.method == "POST" and form.is_valid():
        interviewer = form.cleaned_data["interviewer"]
        try:
            interview = record_now(card=card, outcome=form.outcome(), interviewer=interviewer, actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            return recorded(request, interview)
    crumbs = [list_crumb(), (card.participant.full_name, reverse("bank_detail", args=[card.pk])), ("Итог", "")]
    context = {"form": form, "card": card, "crumbs": crumbs}
    return render(request, "mentorship/interview_record_now.html", context)


@requires(CHANGE, Interview, related=RELATED)
def interview_cancel(request: CabinetRequest, interview: Interview) -> HttpResponse:
    if interview.state != InterviewState.PLANNED:
        return too_late(request, interview)
    form = CancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_interview(interview=interview, actor=request.user, reason=form.cleaned_data["reason"])
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Собеседование отменено.")
            return redirect("interview_detail", interview.pk)
    context = {"form": form, "interview": interview, "crumbs": crumbs_of(interview, "Отменить")}
    return render(request, "mentorship/interview_cancel.html", context)


@requires(VIEW, BankCard, related=("participant__organisation",))
def interview_blank(request: CabinetRequest, card: BankCard, form: str) -> HttpResponseBase:
    if form not in FORMATS:
        raise Http404
    name, content = interview_sheet(card, form)
    return private_response(ContentFile(content), filename=name, content_type=FORMATS[form].content_type)


def interviews_part(request: CabinetRequest, card: BankCard) -> dict[str, Any] | None:
    """The interviews on the page of a bank card, for whoever may read them."""
    if not may(request.user, VIEW, card):
        return None
    talks = list(card.interviews.select_related("interviewer"))
    planned = next((one for one in talks if one.state == InterviewState.PLANNED), None)
    return {
        "card": card,
        "talks": [
            (one, chip_of(one, today()), Conclusion(one.conclusion).label if one.conclusion else "") for one in talks
        ],
        "planned": planned,
        "may_change": card.stands and may(request.user, CHANGE, card),
        "plan_url": plan_url(card),
    }


def list_crumb() -> tuple[str, str]:
    return ("Собеседования", reverse("interview_list"))


def crumbs_of(interview: Interview, here: str) -> list[tuple[str, str]]:
    name, url = interview.card.participant.full_name, reverse("interview_detail", args=[interview.pk])
    return [list_crumb(), (name, url), (here, "")]


register_bank_part("mentorship/includes/card_interviews.html", interviews_part, 40)
