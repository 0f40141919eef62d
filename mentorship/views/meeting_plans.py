"""Pages of meetings ahead: planning one or a series, moving one, the secret address for a person's own calendar."""

from __future__ import annotations

import datetime as dt

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.http import CabinetRequest
from accounts.permissions import public, requires, today
from core.russian import plural
from core.transitions import Refused
from mentorship.documents.feeds import feed_text
from mentorship.forms.meeting_plans import MoveForm, PlanForm
from mentorship.models import CalendarFeed, Meeting
from mentorship.models.feeds import token_hash
from mentorship.models.meetings import CHANGE
from mentorship.services.feeds import FEED, make_feed, revoke_feed
from mentorship.services.meeting_plans import MEETINGS, ONLY_PLANNED, move_meeting, plan_meetings
from mentorship.services.meetings import proposal
from mentorship.views.meetings import RELATED, back_with, chosen_pair, crumbs_of, journal_url, list_crumb, pair_crumbs


@requires(CHANGE)
def meeting_plan(request: CabinetRequest) -> HttpResponse:
    pair = chosen_pair(request)
    if isinstance(pair, HttpResponse):
        return pair
    known = proposal(pair)
    initial = {**known, "day": max(today(), pair.starts_on) + dt.timedelta(days=7), "every": "0"}
    form = PlanForm(request.POST or None, pair=pair, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            planned, left = plan_meetings(pair=pair, plan=form.plan(), actor=request.user)
        except Refused as refusal:
            form.add_error("day", refusal.obstacles)
        else:
            messages.success(request, planned_words(len(planned), left))
            return redirect(journal_url(pair))
    crumbs = [*pair_crumbs(pair), ("Журнал встреч", journal_url(pair)), ("Запланировать", "")]
    return render(request, "mentorship/meeting_plan.html", {"form": form, "pair": pair, "crumbs": crumbs})


def planned_words(count: int, left: list[dt.date]) -> str:
    """«Запланировано: 7 встреч. Пропущены каникулы и праздники: 03.11.2026.»"""
    words = f"Запланировано: {plural(count, *MEETINGS)}."
    return f"{words} Пропущены каникулы и праздники: {', '.join(f'{day:%d.%m.%Y}' for day in left)}." if left else words


@requires(CHANGE, Meeting, related=RELATED)
def meeting_move(request: CabinetRequest, meeting: Meeting) -> HttpResponse:
    if not meeting.is_planned:
        return back_with(request, meeting, [ONLY_PLANNED])
    initial = {name: getattr(meeting, name) for name in MoveForm.base_fields}
    form = MoveForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            move_meeting(meeting=meeting, plan=form.plan(), actor=request.user)
        except Refused as refusal:
            form.add_error("day", refusal.obstacles)
        else:
            messages.success(request, "Встреча перенесена.")
            return redirect("meeting_detail", meeting.pk)
    context = {"form": form, "meeting": meeting, "crumbs": crumbs_of(meeting, "Перенести")}
    return render(request, "mentorship/meeting_move.html", context)


@never_cache
@requires(FEED)
def calendar_feed(request: CabinetRequest) -> HttpResponse:
    """Whether the person's calendar has an address. A new one is shown on the answer alone, and never again."""
    token = make_feed(actor=request.user) if request.method == "POST" else ""
    address = settings.PORTAL_URL + reverse("calendar_feed_file", args=[token]) if token else ""
    context = {
        "feed": CalendarFeed.objects.filter(user=request.user).first(),
        "address": address,
        "crumbs": [list_crumb(), ("Встречи в календаре", "")],
    }
    return render(request, "mentorship/calendar_feed.html", context)


@require_POST
@requires(FEED)
def calendar_feed_revoke(request: CabinetRequest) -> HttpResponse:
    revoke_feed(actor=request.user)
    messages.success(request, "Адрес отключён: календарь больше не получает ваших встреч.")
    return redirect("calendar_feed")


@require_GET
@public
def calendar_feed_file(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar itself; whoever knows the address reads it, so an unknown one says nothing."""
    feed = (
        CalendarFeed.objects.filter(token_hash=token_hash(token), user__is_active=True).select_related("user").first()
    )
    if feed is None:
        raise Http404
    answer = HttpResponse(feed_text(feed.user, today()), content_type="text/calendar; charset=utf-8")
    answer["Cache-Control"] = "private, max-age=900"
    answer["Content-Disposition"] = 'inline; filename="meetings.ics"'
    answer["X-Robots-Tag"] = "noindex"
    return answer
