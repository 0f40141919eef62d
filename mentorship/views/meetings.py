"""Pages of meetings that were held: the journal, one meeting, writing an entry, mending it, the other side's word."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.buttons import Button, step_buttons
from accounts.http import CabinetRequest, key_in, safe_next
from accounts.permissions import holds, may, permit, requires, today
from core.models import JournalEntry
from core.paging import page_of
from core.transitions import Refused
from mentorship.forms.meetings import ConfirmForm, EntryForm, MeetingFilter, MeetingRulesForm, PairForm, ReasonForm
from mentorship.models import Chip, Meeting, MeetingNote, Pair, PairState, meeting_rules_of
from mentorship.models.meetings import CHANGE, CONFIRM
from mentorship.services.meeting_notes import NOTE
from mentorship.services.meetings import (
    FIELDS,
    RULES,
    cancel_faults,
    cancel_meeting,
    change_faults,
    change_meeting,
    confirm_faults,
    confirm_meeting,
    meeting_warnings,
    proposal,
    record_meeting,
    save_meeting_rules,
)
from mentorship.services.pulses import open_pulse

VIEW = "mentorship.meeting.view"
FURTHER = (
    ("Мой табель", "my_timesheet", "mentorship.timesheet.own"),
    ("Табель наставников", "timesheet", "mentorship.timesheet.view"),
    ("Встречи в моём календаре", "calendar_feed", "mentorship.meeting.feed"),
    ("Как идёт работа пар: ответы", "pulse_list", "mentorship.pulse.view"),
    ("Правила о встречах", "meeting_rules_edit", RULES),
)
RELATED = ("pair__mentor", "pair__organisation", "activity", "entered_by")


@requires(VIEW)
def meeting_list(request: CabinetRequest) -> HttpResponse:
    """The journal: of everybody whom the reader may see, or of the one pair that the address names."""
    filters = MeetingFilter(request.GET)
    chosen = filters.chosen()
    pair = named_pair(request, VIEW, chosen.get("pair"))
    page = page_of(request, found_meetings(request, chosen).for_rows())
    writable = may_write(request, pair)
    context = {
        "filters": filters,
        "page_obj": page,
        "rows": [(meeting, Chip(*meeting.word())) for meeting in page.object_list],
        "pair": pair,
        "may_write": writable,
        "links": further_links(request.user),
        "pulse": open_pulse(pair, request.user) if pair else False,
        "query": f"?pair={pair.pk}" if pair else "",
        "ahead": chosen.get("when") == MeetingFilter.AHEAD,
        "narrowed": any(value for name, value in chosen.items() if name not in ("pair", "when")),
        "crumbs": [*pair_crumbs(pair), ("Журнал встреч", "")] if pair else [("Встречи", "")],
    }
    return render(request, "mentorship/meeting_list.html", context)


def further_links(user: Any) -> list[tuple[str, str]]:
    """Pages beside the journal that the reader's roles open."""
    return [(label, reverse(name)) for label, name, action in FURTHER if holds(user, action)]


def named_pair(request: CabinetRequest, action: str, key: int | None) -> Pair | None:
    """The pair that the address names, if the reader may do the action there."""
    if key is None:
        return None
    rows = Pair.objects.permitted(request.user, action).filter(organisation=request.organisation, pk=key)
    return rows.select_related("mentor", "organisation").first()


def found_meetings(request: CabinetRequest, chosen: dict[str, Any]) -> Any:
    """The permitted meetings of the organisation that fit the filter."""
    rows = Meeting.objects.permitted(request.user, VIEW).filter(pair__organisation=request.organisation)
    if chosen.get("pair"):
        rows = rows.filter(pair=chosen["pair"])
    if chosen.get("q"):
        rows = rows.filter(pair__in=Pair.objects.filter(organisation=request.organisation).found(chosen["q"]))
    limits = {"kind": "kind", "since": "day__gte", "until": "day__lte"}
    rows = rows.filter(**{path: chosen[name] for name, path in limits.items() if chosen.get(name)})
    if chosen.get("when") == MeetingFilter.AHEAD:
        return rows.ahead(today())
    return in_state(rows.until(today()), chosen.get("state", ""))


def in_state(rows: Any, state: str) -> Any:
    if state == MeetingFilter.UNCONFIRMED:
        return rows.unconfirmed()
    if state == MeetingFilter.DISPUTED:
        return rows.disputed()
    if state == MeetingFilter.MISSED:
        return rows.missed(today())
    return rows.filter(state=state) if state else rows


def may_write(request: CabinetRequest, pair: Pair | None) -> bool:
    if pair is None:
        return writable_pairs(request).exists()
    return pair.state in (PairState.ACTIVE, PairState.CLOSED) and may(request.user, CHANGE, pair)


def writable_pairs(request: CabinetRequest) -> Any:
    """Working pairs in whose journal the reader writes."""
    rows = Pair.objects.permitted(request.user, CHANGE).filter(organisation=request.organisation)
    return rows.filter(state=PairState.ACTIVE, starts_on__lte=today())


def chosen_pair(request: CabinetRequest) -> Pair | HttpResponse:
    """The pair to write about: named, the only one, or a page that asks which."""
    pairs = writable_pairs(request).select_related("mentor", "organisation")
    found = list(pairs[:2])
    if "pair" in request.GET:
        if pair := named_pair(request, CHANGE, key_in(request.GET["pair"])):
            return pair
    elif len(found) == 1:
        return found[0]
    form = PairForm(pairs=pairs.prefetch_related("members__mentee"))
    context = {"form": form, "any": bool(found), "crumbs": [list_crumb(), ("Выбор пары", "")]}
    return render(request, "mentorship/meeting_pair.html", context)


@requires(CHANGE)
def meeting_new(request: CabinetRequest) -> HttpResponse:
    """An entry of the journal, ready but for the story. `?meeting=7` records that planned meeting."""
    planned = named_plan(request)
    if planned is not None and not planned.is_planned:
        return back_with(request, planned, ["Об этой встрече уже есть запись."])
    pair = planned.pair if planned else chosen_pair(request)
    if isinstance(pair, HttpResponse):
        return pair
    form = EntryForm(request.POST or None, pair=pair, planned=planned, initial=proposal(pair, planned))
    if request.method == "POST" and form.is_valid():
        try:
            meeting = record_meeting(pair=pair, entry=form.entry(), actor=request.user, planned=planned)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Встреча записана.")
            return redirect("meeting_detail", meeting.pk)
    return render(request, "mentorship/meeting_new.html", entry_context(form, pair, "Запись о встрече"))


def named_plan(request: CabinetRequest) -> Meeting | None:
    """The meeting of the address that is to become the entry, if the reader may write about it."""
    key = key_in(request.GET.get("meeting", ""))
    if key is None:
        return None
    rows = Meeting.objects.permitted(request.user, CHANGE).filter(pair__organisation=request.organisation, pk=key)
    return rows.select_related(*RELATED).first()


def entry_context(form: EntryForm, pair: Pair, here: str) -> dict[str, Any]:
    return {
        "form": form,
        "pair": pair,
        "warnings": [] if form.rewritten else meeting_warnings(pair),
        "crumbs": [*pair_crumbs(pair), ("Журнал встреч", journal_url(pair)), (here, "")],
    }


@requires(VIEW, Meeting, related=RELATED)
def meeting_detail(request: CabinetRequest, meeting: Meeting) -> HttpResponse:
    user = request.user
    context = {
        "meeting": meeting,
        "pair": meeting.pair,
        "chip": Chip(*meeting.word()),
        "said": meeting.confirmations.select_related("participant"),
        "silent": silent_people(meeting),
        "buttons": buttons_of(user, meeting),
        "notes": MeetingNote.objects.permitted(user, NOTE).filter(meeting=meeting).select_related("author"),
        "may_note": may(user, NOTE, meeting),
        "history": JournalEntry.objects.about(meeting)[:20],
        "crumbs": [*pair_crumbs(meeting.pair), ("Журнал встреч", journal_url(meeting.pair)), (str(meeting), "")],
    }
    return render(request, "mentorship/meeting_detail.html", context)


def silent_people(meeting: Meeting) -> list[str]:
    """Whose word about a held meeting is not there."""
    if not meeting.is_held:
        return []
    heard = {one.participant_id for one in meeting.confirmations.all()}
    return [person.short_name for person in meeting.confirmers() if person.pk not in heard]


def buttons_of(user: Any, meeting: Meeting) -> list[Button]:
    """What may be done now; whoever wrote the entry mends it, the other side says whether it was so."""
    key = [meeting.pk]
    if meeting.is_planned:
        urls = {"hold": f"{reverse('meeting_new')}?meeting={meeting.pk}"}
        early = [f"Встреча {meeting.day:%d.%m.%Y} ещё впереди: запишите её в этот день или перенесите."]
        buttons = [
            Button(one.label, one.url, early if meeting.day > today() else one.obstacles, True)
            for one in step_buttons(user, meeting, urls)
        ]
        if may(user, CHANGE, meeting):
            buttons.append(Button("Перенести", reverse("meeting_move", args=key)))
        return buttons + step_buttons(user, meeting, {"cancel": reverse("meeting_cancel", args=key)}, danger="cancel")
    return held_buttons(user, meeting) if meeting.is_held else []


def held_buttons(user: Any, meeting: Meeting) -> list[Button]:
    buttons, key = [], [meeting.pk]
    if may(user, CONFIRM, meeting) and not confirm_faults(meeting, user):
        buttons.append(Button("Подтвердить или дополнить", reverse("meeting_confirm", args=key), primary=True))
    if meeting.entered_by_id == user.pk and may(user, CHANGE, meeting):
        faults = change_faults(meeting, user)
        buttons.append(Button("Исправить запись", reverse("meeting_edit", args=key), faults))
        if not faults:
            buttons.append(Button("Вычеркнуть запись", reverse("meeting_cancel", args=key), danger=True))
    return buttons


@requires(CHANGE, Meeting, related=RELATED)
def meeting_edit(request: CabinetRequest, meeting: Meeting) -> HttpResponse:
    if faults := change_faults(meeting, request.user):
        return back_with(request, meeting, faults)
    initial = {name: getattr(meeting, name) for name in FIELDS}
    form = EntryForm(request.POST or None, pair=meeting.pair, rewritten=meeting, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            change_meeting(meeting=meeting, entry=form.entry(), actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Запись исправлена.")
            return redirect("meeting_detail", meeting.pk)
    context = {**entry_context(form, meeting.pair, "Исправить"), "meeting": meeting}
    return render(request, "mentorship/meeting_edit.html", context)


def back_with(request: CabinetRequest, meeting: Meeting, faults: list[str]) -> HttpResponse:
    messages.error(request, " ".join(faults))
    return redirect("meeting_detail", meeting.pk)


@requires(CHANGE, Meeting, related=RELATED)
def meeting_cancel(request: CabinetRequest, meeting: Meeting) -> HttpResponse:
    if meeting.state not in {*Meeting.TRANSITIONS["cancel"].sources, *Meeting.TRANSITIONS["strike"].sources}:
        return back_with(request, meeting, ["Встреча уже отменена."])
    if faults := cancel_faults(meeting, request.user):
        return back_with(request, meeting, faults)
    held = meeting.is_held
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cancel_meeting(meeting=meeting, reason=form.cleaned_data["reason"], actor=request.user)
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Запись вычеркнута." if held else "Встреча отменена.")
            return redirect("meeting_detail", meeting.pk)
    context = {"form": form, "meeting": meeting, "crumbs": crumbs_of(meeting, "Вычеркнуть" if held else "Отменить")}
    return render(request, "mentorship/meeting_cancel.html", context)


@requires(CONFIRM, Meeting, related=RELATED)
def meeting_confirm(request: CabinetRequest, meeting: Meeting) -> HttpResponse:
    if faults := confirm_faults(meeting, request.user):
        return back_with(request, meeting, faults)
    form = ConfirmForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            confirm_meeting(meeting=meeting, actor=request.user, **form.said())
        except Refused as refusal:
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, "Спасибо, ваше слово записано.")
            return redirect(safe_next(request, reverse("meeting_detail", args=[meeting.pk])))
    context = {"form": form, "meeting": meeting, "crumbs": crumbs_of(meeting, "Подтвердить")}
    return render(request, "mentorship/meeting_confirm.html", context)


@requires(RULES)
def meeting_rules_edit(request: CabinetRequest) -> HttpResponse:
    permit(request.user, RULES, request.organisation)
    form = MeetingRulesForm(request.POST or None, instance=meeting_rules_of(request.organisation))
    if request.method == "POST" and form.is_valid():
        save_meeting_rules(form=form, actor=request.user)
        messages.success(request, "Сохранено.")
        return redirect("meeting_list")
    context = {"form": form, "crumbs": [list_crumb(), ("Правила о встречах", "")]}
    return render(request, "mentorship/meeting_rules_edit.html", context)


def journal_url(pair: Pair) -> str:
    return f"{reverse('meeting_list')}?pair={pair.pk}"


def list_crumb() -> tuple[str, str]:
    return ("Встречи", reverse("meeting_list"))


def pair_crumbs(pair: Pair) -> list[tuple[str, str]]:
    return [("Пары и группы", reverse("pair_list")), (pair.title, reverse("pair_detail", args=[pair.pk]))]


def crumbs_of(meeting: Meeting, here: str) -> list[tuple[str, str]]:
    url = reverse("meeting_detail", args=[meeting.pk])
    return [("Журнал встреч", journal_url(meeting.pair)), (str(meeting), url), (here, "")]
