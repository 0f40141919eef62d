"""Pages of notes on a meeting."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import requires
from core.transitions import Refused
from mentorship.forms.meetings import NoteForm
from mentorship.models import Meeting, MeetingNote
from mentorship.services.meeting_notes import NOTE, add_note, delete_note
from mentorship.views.meetings import RELATED, crumbs_of


@requires(NOTE, Meeting, related=RELATED)
def meeting_note_new(request: CabinetRequest, meeting: Meeting) -> HttpResponse:
    form = NoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        add_note(meeting=meeting, actor=request.user, **form.cleaned_data)
        messages.success(request, "Заметка сохранена.")
        return redirect("meeting_detail", meeting.pk)
    context = {"form": form, "meeting": meeting, "crumbs": crumbs_of(meeting, "Заметка")}
    return render(request, "mentorship/meeting_note_new.html", context)


@require_POST
@requires(NOTE, MeetingNote, related=("meeting__pair",))
def meeting_note_delete(request: CabinetRequest, note: MeetingNote) -> HttpResponse:
    key = note.meeting_id
    try:
        delete_note(note=note, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Заметка удалена.")
    return redirect("meeting_detail", key)
