"""Remarks to programmes and materials attached to them."""

from __future__ import annotations

from django.core.files.base import File
from django.db import transaction

from accounts.models import User
from accounts.permissions import permit, today
from core.journal import record
from core.transitions import Refused
from core.uploads import safe_name
from mentorship.models import Activity, Programme, ProgrammeComment, ProgrammeFile
from mentorship.services.histories import delete_later

COMMENT = "mentorship.programme.comment"
DO = "mentorship.activity.do"
FILES = "mentorship.programme.files"
MOST_FILES = 60


@transaction.atomic
def add_comment(*, programme: Programme, activity: Activity | None, text: str, actor: User) -> ProgrammeComment:
    """Write a remark to the whole programme or to one of its lines, in any state: it changes nothing by itself."""
    permit(actor, COMMENT, programme)
    if activity is not None and activity.programme_id != programme.pk:
        raise Refused(["Выберите мероприятие этой программы."])
    comment = ProgrammeComment.objects.create(programme=programme, activity=activity, author=actor, text=text)
    to = f" к мероприятию «{activity}»" if activity else ""
    record(COMMENT, programme, actor=actor, text=f"Записано замечание{to}.")
    return comment


@transaction.atomic
def settle_comment(*, comment: ProgrammeComment, actor: User) -> None:
    """Whoever composes the programme, or the author, marks a remark as taken into account."""
    permit(actor, COMMENT, comment)
    if comment.author_id != actor.pk:
        permit(actor, "mentorship.programme.change", comment.programme)
    if ProgrammeComment.objects.filter(pk=comment.pk, settled_on=None).update(settled_on=today()):
        record(COMMENT, comment.programme, actor=actor, text=f"Замечание учтено: «{comment}».")


@transaction.atomic
def add_file(*, programme: Programme, activity: Activity | None, file: File, title: str, actor: User) -> ProgrammeFile:
    """Attach a material; whoever composes the programme or carries it out may."""
    permit(actor, COMMENT, programme)
    if activity is not None and activity.programme_id != programme.pk:
        raise Refused(["Выберите мероприятие этой программы."])
    return attach(programme, activity, file=file, title=title, actor=actor)


def attach(programme: Programme, activity: Activity | None, *, file: File, title: str, actor: User) -> ProgrammeFile:
    """Keep the file under its own name; the caller has asked the permission."""
    if programme.files.count() >= MOST_FILES:
        raise Refused([f"Материалов в программе не больше {MOST_FILES}: удалите ненужные."])
    name = safe_name(str(file.name))
    kept = ProgrammeFile.objects.create(
        programme=programme, activity=activity, title=title or name[:200], file=file, file_name=name, added_by=actor
    )
    record(FILES, programme, actor=actor, text=f"Приложен материал «{kept}».")
    return kept


@transaction.atomic
def delete_file(*, kept: ProgrammeFile, actor: User) -> None:
    """Take a material away: its owner may, and whoever composes the programme."""
    permit(actor, COMMENT, kept)
    if kept.added_by_id != actor.pk:
        permit(actor, "mentorship.programme.change", kept.programme)
    record(FILES, kept.programme, actor=actor, text=f"Удалён материал «{kept}».")
    delete_later(kept.file.storage, kept.file.name)
    kept.delete()
