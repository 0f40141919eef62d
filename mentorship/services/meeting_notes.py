"""Actions on notes about meetings; what a private one says reaches neither the history nor a letter."""

from __future__ import annotations

from django.db import transaction

from accounts.models import User
from accounts.permissions import permit
from core.journal import record
from core.transitions import Refused
from mentorship.models import Audience, Meeting, MeetingNote

NOTE = "mentorship.meeting.note"
NOT_OWN = "Удалить заметку может только тот, кто её написал."


@transaction.atomic
def add_note(*, meeting: Meeting, audience: str, text: str, actor: User) -> MeetingNote:
    """Write a note for those whom `audience` names."""
    permit(actor, NOTE, meeting)
    note = MeetingNote.objects.create(meeting=meeting, author=actor, audience=Audience(audience), text=text)
    record(NOTE, subject_of(note), actor=actor, text=f"Добавлена {words_of(note)}.")
    return note


def subject_of(note: MeetingNote) -> MeetingNote | Meeting:
    """Whose history speaks of the note: the page of a meeting does not even tell that there is a private one."""
    return note if note.is_private else note.meeting


def words_of(note: MeetingNote) -> str:
    return "личная заметка" if note.is_private else "заметка о встрече"


@transaction.atomic
def delete_note(*, note: MeetingNote, actor: User) -> None:
    """Take the own note away; nothing of it is kept."""
    permit(actor, NOTE, note)
    if note.author_id != actor.pk:
        raise Refused([NOT_OWN])
    record(NOTE, subject_of(note), actor=actor, text=f"Удалена {words_of(note)}.")
    note.delete()
