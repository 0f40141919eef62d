"""Courses, contests and earlier names of a person: sections of the card and the pages that change them."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render

from accounts.http import CabinetRequest
from accounts.permissions import may, requires, today
from core.storage import brought_response
from mentorship.forms.histories import AchievementForm, CourseForm
from mentorship.models import Achievement, Chip, Course, Participant, PastName
from mentorship.services.histories import delete_record, save_achievement, save_course
from mentorship.services.participants import CHANGE
from mentorship.views.card_parts import register_part
from mentorship.views.participants import card_crumbs

VIEW = "mentorship.participant.view"


# --- Courses ----------------------------------------------------------------------------------------------------------
@requires(CHANGE, Participant)
def course_new(request: CabinetRequest, person: Participant) -> HttpResponse:
    return course_form(request, Course(participant=person), "mentorship/course_new.html", "Новый курс")


@requires(CHANGE, Course, related=("participant",))
def course_edit(request: CabinetRequest, course: Course) -> HttpResponse:
    return course_form(request, course, "mentorship/course_edit.html", "Изменить курс")


def course_form(request: CabinetRequest, course: Course, page: str, title: str) -> HttpResponse:
    """The page of both: the row and its paper."""
    form = CourseForm(request.POST or None, request.FILES or None, instance=course)
    if request.method == "POST" and form.is_valid():
        file, drop = form.cleaned_data["new_file"], bool(form.cleaned_data.get("drop_file"))
        save_course(form=form, actor=request.user, file=file, drop_file=drop)
        messages.success(request, "Курс записан.")
        return redirect("participant_detail", course.participant_id)
    return render(request, page, page_context(course.participant, title, form=form, course=course))


@requires(CHANGE, Course, related=("participant",))
def course_delete(request: CabinetRequest, course: Course) -> HttpResponse:
    return deletion(request, course, "mentorship/course_delete.html", "Удалить курс", "Курс удалён.")


@requires(VIEW, Course)
def course_file(request: CabinetRequest, course: Course) -> HttpResponseBase:
    """The paper about the course."""
    return brought_response(course.file, course.file_name, inline="show" in request.GET)


def courses_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    """The courses of a person, each with its term; nothing for pupils, nor for whoever may not see them."""
    if person.is_pupil:
        return None
    rows = Course.objects.filter(participant=person).permitted(request.user, VIEW)
    return section_of(request, person, [(one, Chip(*one.state_on(today()))) for one in rows])


# --- Contests and conferences -----------------------------------------------------------------------------------------
@requires(CHANGE, Participant)
def achievement_new(request: CabinetRequest, person: Participant) -> HttpResponse:
    return achievement_form(
        request, Achievement(participant=person), "mentorship/achievement_new.html", "Новое достижение"
    )


@requires(CHANGE, Achievement, related=("participant",))
def achievement_edit(request: CabinetRequest, achievement: Achievement) -> HttpResponse:
    return achievement_form(request, achievement, "mentorship/achievement_edit.html", "Изменить достижение")


def achievement_form(request: CabinetRequest, achievement: Achievement, page: str, title: str) -> HttpResponse:
    form = AchievementForm(request.POST or None, instance=achievement)
    if request.method == "POST" and form.is_valid():
        save_achievement(form=form, actor=request.user)
        messages.success(request, "Записано.")
        return redirect("participant_detail", achievement.participant_id)
    context = page_context(achievement.participant, title, form=form, achievement=achievement)
    return render(request, page, context)


@requires(CHANGE, Achievement, related=("participant",))
def achievement_delete(request: CabinetRequest, achievement: Achievement) -> HttpResponse:
    return deletion(request, achievement, "mentorship/achievement_delete.html", "Удалить запись", "Запись удалена.")


def achievements_part(request: CabinetRequest, person: Participant) -> dict[str, Any] | None:
    rows = Achievement.objects.filter(participant=person).permitted(request.user, VIEW)
    part = section_of(request, person, list(rows))
    return {**part, "may_thank": may(request.user, "mentorship.thanks.make", person)} if part else None


# --- Earlier names ----------------------------------------------------------------------------------------------------
@requires(CHANGE, PastName, related=("participant",))
def past_name_delete(request: CabinetRequest, past_name: PastName) -> HttpResponse:
    return deletion(
        request, past_name, "mentorship/past_name_delete.html", "Удалить прежнее имя", "Прежнее имя удалено."
    )


# --- What they share --------------------------------------------------------------------------------------------------
def section_of(request: CabinetRequest, person: Participant, rows: list[Any]) -> dict[str, Any] | None:
    """A section is worth its place where there is something, or where the reader may wonder why there is not."""
    may_change, own = may(request.user, CHANGE, person), person.user_id == request.user.pk
    return {"person": person, "rows": rows, "may_change": may_change} if rows or may_change or own else None


def deletion(
    request: CabinetRequest, row: Course | Achievement | PastName, page: str, title: str, done: str
) -> HttpResponse:
    """Ask, then delete."""
    person = row.participant
    if request.method == "POST":
        delete_record(row=row, actor=request.user)
        messages.success(request, done)
        return redirect("participant_detail", person.pk)
    return render(request, page, page_context(person, title, row=row))


def page_context(person: Participant, title: str, **more: Any) -> dict[str, Any]:
    return {"person": person, "crumbs": [*card_crumbs(person.pk, person.full_name), (title, "")], **more}


register_part("mentorship/includes/card_courses.html", courses_part, 40)
register_part("mentorship/includes/card_achievements.html", achievements_part, 45)
