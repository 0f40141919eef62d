"""Lists of people as files: the rows and the filters are those of the pages."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponseBase
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import requires, today
from accounts.views.exports import list_response
from mentorship.forms.banks import BankFilter, role_in
from mentorship.forms.consent_lists import ConsentFilter, DutyFilter
from mentorship.forms.interviews import InterviewFilter
from mentorship.forms.meetings import MeetingFilter
from mentorship.forms.participants import ParticipantFilter
from mentorship.models import BankCard, LegalDuty, Participant
from mentorship.models.interviews import by_urgency, checklist
from mentorship.sheets import exports
from mentorship.views import banks, board, consent_lists, duties, interviews, meetings, participants

EXPORT = "mentorship.participant.export"


def people_response(request: CabinetRequest, page: str, **what: Any) -> HttpResponseBase:
    """The file of a list with personal data; `page` is the address of the list."""
    return list_response(request, action=EXPORT, back=reverse(page), **what)


@requires(EXPORT)
def participant_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    filters = ParticipantFilter(request.GET)
    rows = Participant.objects.permitted(request.user, participants.LIST).filter(organisation=request.organisation)
    found = participants.narrowed(rows, filters.chosen(), today()).by_name().with_posts().select_related("partner")
    what = {"title": "Участники", "columns": exports.PEOPLE, "rows": found}
    return people_response(request, "participant_list", filters=filters, format=format, **what)


@requires(EXPORT)
def pair_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    filters, day = board.filter_of(request), today()
    rows = board.narrowed(board.own_pairs(request), filters.chosen(), day, request.organisation.pk)
    found = board.for_board(rows, day)
    found = found.prefetch_related("kinds")
    what = {"title": "Пары и группы", "columns": exports.PAIRS, "rows": found}
    return people_response(request, "pair_list", filters=filters, format=format, **what)


@requires(EXPORT)
def bank_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    role = role_in(request.GET.get("role", ""))
    filters = BankFilter(request.GET, organisation=request.organisation, role=role)
    rows = BankCard.objects.permitted(request.user, banks.VIEW).filter(participant__organisation=request.organisation)
    found = banks.narrowed(rows.filter(role=role), filters.chosen(), today()).by_name().for_cards()
    what = {"title": banks.BANKS[role], "columns": exports.BANKS, "rows": found, "prepare": exports.with_words}
    return people_response(request, "bank_list", filters=filters, format=format, **what)


@requires(EXPORT)
def consent_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    filters = ConsentFilter(request.GET)
    found = consent_lists.found_people(request, consent_lists.VIEW, filters.chosen()).by_name()
    what = {"title": "Согласия", "columns": exports.CONSENTS, "rows": found, "prepare": exports.with_states}
    return people_response(request, "consent_list", filters=filters, format=format, **what)


@requires(EXPORT)
def interview_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    filters, day = InterviewFilter(request.GET), today()
    own = BankCard.objects.permitted(request.user, interviews.VIEW)
    rows = checklist(own.filter(participant__organisation=request.organisation), day)
    found = by_urgency(interviews.narrowed(rows, filters.chosen(), day), day).for_cards()
    what = {"title": "Собеседования", "columns": exports.INTERVIEWS, "rows": found}
    return people_response(request, "interview_list", filters=filters, format=format, **what)


@requires(EXPORT)
def duty_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    filters = DutyFilter(request.GET)
    rows = LegalDuty.objects.permitted(request.user, duties.VIEW).select_related(*duties.RELATED)
    rows = rows.filter(consent__participant__organisation=request.organisation)
    found = duties.narrowed(rows, filters.chosen(), today())
    what = {"title": "Сроки по согласиям", "columns": exports.DUTIES, "rows": found}
    return people_response(request, "duty_list", filters=filters, format=format, **what)


@requires(EXPORT)
def meeting_export(request: CabinetRequest, format: str) -> HttpResponseBase:
    filters = MeetingFilter(request.GET)
    found = meetings.found_meetings(request, filters.chosen()).for_rows()
    what = {"title": "Встречи", "columns": exports.MEETINGS, "rows": found}
    return people_response(request, "meeting_list", filters=filters, format=format, **what)
