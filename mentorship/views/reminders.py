"""Reminders to many pairs: every letter is shown before it leaves; past mailings; slips for those without a login."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.core.files.base import ContentFile
from django.db.models import Count, Exists, OuterRef, Q
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone

from accounts.http import CabinetRequest, key_in
from accounts.permissions import permit, requires, today
from core.paging import page_of
from core.storage import private_response
from core.transitions import Refused
from mentorship.documents.consents import FORMATS
from mentorship.documents.reminders import reminder_slips_file
from mentorship.forms.reminders import CHANGED, ReminderChoice, ReminderFilter, ReminderForm
from mentorship.models import Pair, Participant, with_last_meeting
from mentorship.models.reminders import SEND, Reminder, ReminderLetter
from mentorship.services.reminders import MOST_PAIRS, TOO_MANY, Planned, planned_letters, rest_on, send_reminder
from mentorship.views.board import filter_of, narrowed, own_pairs
from mentorship.views.pairs import list_crumb

VIEW = "mentorship.reminder.view"
OF_CHOICE = ("kind", "audience")


@dataclass(frozen=True)
class Shown:
    """A letter on the page; `ticked` says whether it goes, `reason` why it is left out."""

    letter: Planned
    ticked: bool
    reason: str


@requires(SEND)
def reminder_new(request: CabinetRequest) -> HttpResponse:
    """The letters of the pairs that the address names: shown with these words, or sent as they were shown."""
    permit(request.user, SEND, request.organisation)
    pairs, chosen = chosen_pairs(request), ReminderChoice(request.GET).chosen()
    form = ReminderForm(request.POST or None, chosen=chosen, rest=rest_on(request.organisation, today()))
    if request.method == "POST" and "preview" not in request.POST and form.is_valid():
        sent = send(request, pairs, form)
        if sent is not None:
            return redirect("reminder_detail", sent.pk)
    many = len(pairs) > MOST_PAIRS
    letters = [] if many else shown_letters(request, form, planned_letters(pairs, form.words(), timezone.now()))
    form.show_now()
    context = {
        "form": form,
        "choice": ReminderChoice(initial=chosen),
        "carried": carried(request),
        "letters": [one for one in letters if one.letter.by_letter],
        "slips": [one for one in letters if not one.letter.by_letter],
        "too_many": TOO_MANY if many else "",
        "crumbs": [list_crumb(), ("Напоминание", "")],
    }
    return render(request, "mentorship/reminder_new.html", context)


def chosen_pairs(request: CabinetRequest) -> list[Pair]:
    """The pairs that the address names: `?pair=1&pair=2`, or all who fit its filter (`?all=1&light=late`)."""
    rows = own_pairs(request)
    if request.GET.get("all"):
        rows = narrowed(rows, filter_of(request).chosen(), today(), request.organisation.pk)
    else:
        keys = [key for text in request.GET.getlist("pair") if (key := key_in(text)) is not None]
        rows = rows.filter(pk__in=keys)
    return list(with_last_meeting(rows).for_cards()[: MOST_PAIRS + 1])


def send(request: CabinetRequest, pairs: list[Pair], form: ReminderForm) -> Reminder | None:
    """The mailing; None where the form now says why nothing has left. A second click finds the first one's mailing."""
    if not form.was_shown:
        form.add_error(None, CHANGED)
        return None
    try:
        sent = send_reminder(
            organisation=request.organisation,
            pairs=pairs,
            mailing=form.words(),
            chosen=ticked_people(request),
            shown_at=form.shown_moment,
            in_holidays=form.cleaned_data.get("in_holidays", False),
            actor=request.user,
        )
    except Refused as refusal:
        just = Reminder.objects.filter(
            organisation=request.organisation, sent_by=request.user, sent_at__gte=form.shown_moment
        )
        form.add_error(None, refusal.obstacles)
        return just.first()
    messages.success(request, "Напоминание разослано.")
    return sent


def ticked_people(request: CabinetRequest) -> set[int]:
    return {key for text in request.POST.getlist("person") if (key := key_in(text)) is not None}


def shown_letters(request: CabinetRequest, form: ReminderForm, letters: list[Planned]) -> list[Shown]:
    """Whoever was reminded lately is not ticked, unless the curator has ticked them knowing of it."""
    posted = ticked_people(request)
    since = form.shown_moment if form.is_bound and form.is_valid() else None
    shown = []
    for one in letters:
        at = one.reminded_at
        reason = f"уже напоминали {timezone.localtime(at):%d.%m.%Y}" if at else ""
        ticked = not reason
        if form.is_bound:
            ticked = one.person.pk in posted and not (at and since and at >= since)
        shown.append(Shown(one, ticked, reason))
    return shown


def carried(request: CabinetRequest) -> list[tuple[str, str]]:
    """The pairs that the address names, to be carried along when the choice changes."""
    return [(name, text) for name, texts in request.GET.lists() for text in texts if name not in OF_CHOICE]


@requires(VIEW)
def reminder_list(request: CabinetRequest) -> HttpResponse:
    filters = ReminderFilter(request.GET)
    chosen = filters.chosen()
    rows = Reminder.objects.permitted(request.user, VIEW).filter(organisation=request.organisation)
    if kind := chosen.get("kind"):
        rows = rows.filter(kind=kind)
    if text := chosen.get("q", "").strip():
        people = Participant.objects.filter(organisation=request.organisation).found(text)
        told = ReminderLetter.objects.filter(reminder=OuterRef("pk"), participant__in=people)
        rows = rows.filter(Q(subject__icontains=text) | Exists(told))
    sent, on_paper = Count("letters"), Count("letters", filter=Q(letters__by_letter=False))
    found = rows.annotate(told=sent, on_paper=on_paper).select_related("sent_by").order_by("-sent_at", "-pk")
    page = page_of(request, found)
    return render(request, "mentorship/reminder_list.html", {"filters": filters, "page_obj": page, "crumbs": crumbs()})


@requires(VIEW, Reminder, related=("sent_by", "organisation"))
def reminder_detail(request: CabinetRequest, reminder: Reminder) -> HttpResponse:
    letters = list(reminder.letters.select_related("participant", "letter"))
    context = {
        "reminder": reminder,
        "letters": [one for one in letters if one.by_letter],
        "slips": [one for one in letters if not one.by_letter],
        "crumbs": [*crumbs(), (str(reminder), "")],
    }
    return render(request, "mentorship/reminder_detail.html", context)


@requires(SEND, Reminder, related=("sent_by", "organisation"))
def reminder_slips(request: CabinetRequest, reminder: Reminder) -> HttpResponseBase:
    letters = list(reminder.letters.on_paper().select_related("participant"))
    if not letters:
        raise Http404
    name, content = reminder_slips_file(reminder, letters)
    return private_response(ContentFile(content), filename=name, content_type=FORMATS["pdf"].content_type)


def crumbs() -> list[tuple[str, str]]:
    return [list_crumb(), ("Напоминания", reverse("reminder_list"))]
