"""Pages of one line of a programme: what it is, done, checked, returned, delayed; what is overcome."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.buttons import Button
from accounts.http import CabinetRequest
from accounts.permissions import may, requires, today
from core.models import JournalEntry
from core.transitions import Refused
from mentorship.forms.programme_lines import CheckForm, DelayForm, DoForm
from mentorship.forms.programmes import ReasonForm
from mentorship.models import Activity, ActivityState, Focus
from mentorship.services.programme_progress import (
    answer_delay,
    ask_delay,
    check_activity,
    do_activity,
    give_back_activity,
    overcome_focus,
)
from mentorship.views import programme_parts as parts
from mentorship.views.programme_lines import OF_PROGRAMME
from mentorship.views.programme_parts import VIEW, form_page

DO, CHECK = "mentorship.activity.do", "mentorship.activity.check"
LINE = ("focus", "mentee", *OF_PROGRAMME)


@requires(VIEW, Activity, related=LINE)
def activity_detail(request: CabinetRequest, activity: Activity) -> HttpResponse:
    programme = activity.programme
    refuse_other_mentee(request, activity)
    approved = parts.approved_lines(programme)
    context = {
        "activity": activity,
        "programme": programme,
        "chip": parts.line_chip(activity, today()),
        "changed": parts.change_of(programme, activity, approved),
        "in_force": in_force(activity, approved),
        "buttons": line_buttons(request, activity),
        "comments": activity.comments.select_related("author"),
        "files": activity.files.select_related("added_by"),
        "may": parts.may_touch(request, programme),
        "may_answer": activity.delay_until_asked and may(request.user, CHECK, activity),
        "history": JournalEntry.objects.about(activity)[:20],
        "crumbs": parts.crumbs_of(programme, activity.title),
    }
    return render(request, "mentorship/activity_detail.html", context)


def refuse_other_mentee(request: CabinetRequest, activity: Activity) -> None:
    """A line of another mentee of the group does not exist for this one."""
    reader = parts.reader_in(request, activity.programme)
    if not parts.is_shown(activity, reader):
        raise Http404


def in_force(activity: Activity, approved: dict[int, dict[str, Any]]) -> dict[str, Any]:
    """The words of the version in force while a correction proposes others."""
    return approved.get(activity.pk, {}) if activity.is_in_force else {}


def line_buttons(request: CabinetRequest, line: Activity) -> list[Button]:
    """What the reader may do with the line now, the likeliest first."""
    user, buttons = request.user, []
    if not line.is_in_force or not line.programme.is_in_force:
        return []
    leads = may(user, CHECK, line)
    if line.state == ActivityState.DONE and leads:
        buttons.append(Button("Проверить", reverse("activity_check", args=[line.pk]), primary=True))
        buttons.append(Button("Вернуть", reverse("activity_give_back", args=[line.pk])))
    if line.state == ActivityState.PLANNED and may(user, DO, line):
        buttons.append(Button("Отметить выполнение", reverse("activity_do", args=[line.pk]), primary=True))
        if leads:
            buttons.append(Button("Проверить сразу", reverse("activity_check", args=[line.pk])))
        buttons.append(Button("Перенести срок", reverse("activity_delay", args=[line.pk])))
    return buttons


def line_page(request: CabinetRequest, page: str, form: Any, act: Any, activity: Activity, **more: Any) -> HttpResponse:
    """A form of one line that leads back to the line."""
    refuse_other_mentee(request, activity)
    back = reverse("activity_detail", args=[activity.pk])
    return form_page(
        request,
        page,
        form,
        act,
        programme=activity.programme,
        title=activity.title,
        back=back,
        activity=activity,
        **more,
    )


@requires(DO, Activity, related=LINE)
def activity_do(request: CabinetRequest, activity: Activity) -> HttpResponse:
    form = DoForm(request.POST or None, request.FILES or None)

    def act(data: dict[str, Any]) -> None:
        file = data.get("file")
        do_activity(activity=activity, result=data["result"], done_on=data["done_on"], file=file, actor=request.user)

    return line_page(
        request, "mentorship/activity_do.html", form, act, activity, done="Отмечено: наставник проверит и оценит."
    )


@requires(CHECK, Activity, related=LINE)
def activity_check(request: CabinetRequest, activity: Activity) -> HttpResponse:
    form = CheckForm(request.POST or None, initial={"result": activity.actual_result})

    def act(data: dict[str, Any]) -> None:
        check_activity(activity=activity, mark=data["mark"], result=data["result"], actor=request.user)

    return line_page(request, "mentorship/activity_check.html", form, act, activity, done="Проверено.")


@requires(CHECK, Activity, related=LINE)
def activity_give_back(request: CabinetRequest, activity: Activity) -> HttpResponse:
    form = ReasonForm(request.POST or None)

    def act(data: dict[str, Any]) -> None:
        give_back_activity(activity=activity, reason=data["reason"], actor=request.user)

    return line_page(
        request, "mentorship/activity_give_back.html", form, act, activity, done="Возвращено наставляемому."
    )


@requires(DO, Activity, related=LINE)
def activity_delay(request: CabinetRequest, activity: Activity) -> HttpResponse:
    form = DelayForm(request.POST or None)

    def act(data: dict[str, Any]) -> None:
        ask_delay(activity=activity, until=data["until"], reason=data["reason"], actor=request.user)

    return line_page(request, "mentorship/activity_delay.html", form, act, activity, done="Записано.")


@require_POST
@requires(CHECK, Activity, related=LINE)
def activity_delay_answer(request: CabinetRequest, activity: Activity) -> HttpResponse:
    accepted = "accept" in request.POST
    try:
        answer_delay(activity=activity, accepted=accepted, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Срок перенесён." if accepted else "Срок остаётся прежним.")
    return redirect("activity_detail", activity.pk)


@require_POST
@requires(CHECK, Focus, related=OF_PROGRAMME)
def focus_overcome(request: CabinetRequest, focus: Focus) -> HttpResponse:
    try:
        overcome_focus(focus=focus, overcome=focus.overcome_on is None, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, "Отметка снята." if focus.overcome_on else "Отмечено: преодолено.")
    return redirect("programme_detail", focus.programme_id)
