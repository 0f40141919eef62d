"""Courses, contests and earlier names of a person: written down, corrected, deleted; the person's history tells."""

from __future__ import annotations

from django.core.files.base import File
from django.core.files.storage import Storage
from django.db import transaction
from django.forms import ModelForm

from accounts.models import User
from accounts.permissions import permit
from core.journal import Change, record, save_form
from core.uploads import safe_name
from mentorship.models import Achievement, Course, PastName
from mentorship.services.participants import CHANGE

COURSE, ACHIEVEMENT = "mentorship.course.save", "mentorship.achievement.save"
DELETED = "mentorship.history.delete"
# What a row is called in the history of its person.
NAMES: dict[type, str] = {Course: "курс", Achievement: "достижение", PastName: "прежнее имя"}


@transaction.atomic
def save_course(*, form: ModelForm, actor: User, file: File | None = None, drop_file: bool = False) -> Course:
    """Save a valid form of a course and its paper: `file` takes the place of the kept one, `drop_file` deletes it."""
    course: Course = form.instance
    permit(actor, CHANGE, course.participant)
    text = f"{'Изменён' if course.pk else 'Записан'} курс: {course}."
    save_form(form, actor=actor, event=COURSE, text=text, about=course.participant)
    if file is not None or (drop_file and course.file):
        keep_file(course, file, actor)
    return course


def keep_file(course: Course, file: File | None, actor: User) -> None:
    """Change the paper of a course; the earlier file goes once the change is certain."""
    storage, old, before = course.file.storage, course.file.name, course.file_name
    course.file, course.file_name = (file, safe_name(str(file.name))) if file is not None else ("", "")
    course.save(update_fields=["file", "file_name"])
    delete_later(storage, old)
    change = Change(field="Файл", old=before or "—", new=course.file_name or "—")
    record(COURSE, course.participant, actor=actor, text=f"Документ о курсе: {course}.", changes=[change])


@transaction.atomic
def save_achievement(*, form: ModelForm, actor: User) -> Achievement:
    """Save a valid form of an achievement."""
    achievement: Achievement = form.instance
    permit(actor, CHANGE, achievement.participant)
    text = f"{'Изменено' if achievement.pk else 'Записано'} достижение: {achievement}."
    save_form(form, actor=actor, event=ACHIEVEMENT, text=text, about=achievement.participant)
    return achievement


@transaction.atomic
def delete_record(*, row: Course | Achievement | PastName, actor: User) -> None:
    """Delete a row that was written by mistake, with its file; the history of the person keeps its words."""
    permit(actor, CHANGE, row.participant)
    record(DELETED, row.participant, actor=actor, text=f"Удалена запись: {NAMES[type(row)]} — {row}.")
    if isinstance(row, Course):
        delete_later(row.file.storage, row.file.name)
    row.delete()


def delete_later(storage: Storage, name: str | None) -> None:
    """Delete a file that nothing names any more once the transaction has succeeded."""
    if name:
        transaction.on_commit(lambda: storage.delete(name))
