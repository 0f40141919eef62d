"""Pages that edit the rows of a draft: difficulties and strengths, lines of the table."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accounts.http import CabinetRequest
from accounts.permissions import requires, today
from core.transitions import Refused
from mentorship.forms.programme_lines import ActivityForm, FocusForm
from mentorship.models import Activity, Focus, Programme
from mentorship.services.programme_lines import (
    Stale,
    add_activity,
    add_focus,
    change_activity,
    change_focus,
    conflicts,
    delete_activity,
    delete_focus,
    move_activity,
    open_text,
)
from mentorship.views.programme_parts import CHANGE, RELATED, crumbs_of, form_page
from mentorship.views.programmes import take_revision

OF_PROGRAMME = tuple(f"programme__{name}" for name in RELATED)
FOCUS_LABELS = [("mentee", "У кого"), ("kind", "Что это"), ("entry", "Из списка"), ("text", "Словами")]
LINE_LABELS = [
    ("section", "Раздел"),
    ("title", "Проект, задание"),
    ("mentee", "Для кого"),
    ("focus", "На что нацелено"),
    ("due_on", "Срок"),
    ("planned_result", "Планируемый результат"),
]


def row_page(
    request: CabinetRequest,
    page: str,
    form: Any,
    act: Callable[[dict[str, Any], int], object],
    *,
    done: str,
    title: str,
    labels: list[tuple[str, str]],
) -> HttpResponse:
    """A page of one row: a save over somebody else's is refused with both texts on the page."""
    programme, theirs = form.programme, []
    try:
        open_text(programme)
        if request.method == "POST" and form.is_valid():
            act(form.values(), form.cleaned_data.get("revision", 0))
            messages.success(request, done)
            again = "more" in request.POST
            return redirect("activity_new" if again else "programme_detail", programme.pk)
    except Stale as stale:
        theirs = conflicts(stale.row, form.values(), labels)
        take_revision(form, stale.row)
    except Refused as refusal:
        if not form.is_bound or not form.is_valid():
            messages.error(request, str(refusal))
            return redirect("programme_detail", programme.pk)
        form.add_error(None, refusal.obstacles)
    context = {"form": form, "programme": programme, "theirs": theirs, "crumbs": crumbs_of(programme, title)}
    return render(request, page, context)


@requires(CHANGE, Programme, related=RELATED)
def focus_new(request: CabinetRequest, programme: Programme) -> HttpResponse:
    form = FocusForm(request.POST or None, programme=programme)

    def act(values: dict[str, Any], seen: int) -> object:
        return add_focus(programme=programme, values=values, actor=request.user)

    title = "Затруднение или сильная сторона"
    return row_page(request, "mentorship/focus_new.html", form, act, done="Записано.", title=title, labels=FOCUS_LABELS)


@requires(CHANGE, Focus, related=OF_PROGRAMME)
def focus_edit(request: CabinetRequest, focus: Focus) -> HttpResponse:
    form = FocusForm(request.POST or None, programme=focus.programme, instance=focus)

    def act(values: dict[str, Any], seen: int) -> object:
        return change_focus(focus=focus, values=values, seen=seen, actor=request.user)

    return row_page(
        request, "mentorship/focus_edit.html", form, act, done="Сохранено.", title="Изменить", labels=FOCUS_LABELS
    )


@requires(CHANGE, Focus, related=OF_PROGRAMME)
def focus_delete(request: CabinetRequest, focus: Focus) -> HttpResponse:
    return form_page(
        request,
        "mentorship/focus_delete.html",
        None,
        lambda data: delete_focus(focus=focus, actor=request.user),
        done="Запись удалена.",
        programme=focus.programme,
        title="Удалить",
        focus=focus,
    )


@requires(CHANGE, Programme, related=RELATED)
def activity_new(request: CabinetRequest, programme: Programme) -> HttpResponse:
    section = request.GET.get("section", "")
    initial = {"section": section} if section in ("1", "2", "3") else {}
    initial["due_on"] = min(max(today(), programme.starts_on), programme.ends_on)  # type: ignore[assignment]
    form = ActivityForm(request.POST or None, programme=programme, initial=initial)

    def act(values: dict[str, Any], seen: int) -> object:
        return add_activity(programme=programme, values=values, actor=request.user)

    done = "Мероприятие добавлено."
    return row_page(
        request, "mentorship/activity_new.html", form, act, done=done, title="Новое мероприятие", labels=LINE_LABELS
    )


@requires(CHANGE, Activity, related=OF_PROGRAMME)
def activity_edit(request: CabinetRequest, activity: Activity) -> HttpResponse:
    form = ActivityForm(request.POST or None, programme=activity.programme, instance=activity)

    def act(values: dict[str, Any], seen: int) -> object:
        return change_activity(activity=activity, values=values, seen=seen, actor=request.user)

    title = "Изменить мероприятие"
    return row_page(
        request, "mentorship/activity_edit.html", form, act, done="Сохранено.", title=title, labels=LINE_LABELS
    )


@requires(CHANGE, Activity, related=OF_PROGRAMME)
def activity_delete(request: CabinetRequest, activity: Activity) -> HttpResponse:
    done = "Мероприятие убрано." if not activity.is_dropped else "Мероприятие остаётся в программе."
    return form_page(
        request,
        "mentorship/activity_delete.html",
        None,
        lambda data: delete_activity(activity=activity, actor=request.user),
        done=done,
        programme=activity.programme,
        title="Вернуть мероприятие" if activity.is_dropped else "Убрать мероприятие",
        activity=activity,
    )


@require_POST
@requires(CHANGE, Activity, related=OF_PROGRAMME)
def activity_move(request: CabinetRequest, activity: Activity) -> HttpResponse:
    try:
        move_activity(activity=activity, up="up" in request.POST, actor=request.user)
    except Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(f"{reverse('programme_detail', args=[activity.programme_id])}#line-{activity.pk}")
