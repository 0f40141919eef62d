"""What the pages of programmes share: the lines as a table, what is ready, who has agreed, forms that act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accounts.http import CabinetRequest
from accounts.permissions import may, today
from core.transitions import Refused
from mentorship.models import (
    Activity,
    ActivityState,
    Chip,
    Focus,
    Pair,
    Participant,
    Programme,
    ProgrammeComment,
    ProgrammeFile,
    ProgrammeState,
)
from mentorship.models.programme_rules import missing_marks, section_warnings, text_obstacles
from mentorship.services.programmes import keeps, open_for_programme

VIEW = "mentorship.programme.view"
CHANGE = "mentorship.programme.change"
RELATED = ("organisation", "pair__mentor", "order", "draft_order", "approved_by")
CHIPS = {
    ProgrammeState.DRAFT: "wait",
    ProgrammeState.REVIEW: "wait",
    ProgrammeState.APPROVED: "ok",
    ProgrammeState.COMPLETED: "go",
    ProgrammeState.SUMMED: "ok",
    ProgrammeState.DROPPED: "",
}


@dataclass(frozen=True)
class Line:
    """A line of the programme on its page; `changed` says what the correction does to it."""

    row: Activity
    number: str
    chip: Chip
    changed: str = ""
    comments: list[ProgrammeComment] = field(default_factory=list)
    files: list[ProgrammeFile] = field(default_factory=list)


@dataclass(frozen=True)
class Section:
    number: int
    title: str
    lines: list[Line]


@dataclass(frozen=True)
class Item:
    """A line of the list of what is ready; drawn by includes/need_list.html."""

    state: str
    text: str
    detail: str = ""
    url: str = ""
    label: str = ""


def chips_of(programme: Programme, day: dt.date) -> list[Chip]:
    """The state in a word; of a correction also what is in force meanwhile."""
    state = ProgrammeState(programme.state)
    if not programme.is_correction:
        return [Chip(state.label, CHIPS[state])]
    return [Chip(f"действует редакция {programme.version}", "ok"), Chip(f"корректировка: {state.label}", "wait")]


def reader_in(request: CabinetRequest, programme: Programme) -> Participant | None:
    """The mentee who reads a programme of a group and sees only their own part; None for everybody else."""
    user, mentees = request.user, programme.pair.mentees
    own = next((one for one in mentees if one.user_id == user.pk), None)
    return None if own is None or keeps(user, programme.organisation_id, VIEW) else own


def line_chip(line: Activity, day: dt.date) -> Chip:
    if line.is_overdue_on(day):
        return Chip("просрочено", "late")
    if line.delay_until_asked:
        return Chip(f"просят перенести на {line.delay_until_asked:%d.%m.%Y}", "wait")
    kinds = {ActivityState.DONE: "wait", ActivityState.CHECKED: "ok", ActivityState.PLANNED: "go"}
    words = {ActivityState.DONE: "ждёт проверки", ActivityState.CHECKED: "проверено"}
    state = ActivityState(line.state)
    return Chip(words.get(state, state.label), kinds.get(state, ""))


def sections_of(programme: Programme, reader: Participant | None, day: dt.date) -> list[Section]:
    """The lines by sections, those of other mentees left out for a mentee; remarks and files beside their lines."""
    rows = [one for one in programme.activities.select_related("focus", "mentee") if is_shown(one, reader)]
    comments, files = by_line(programme.comments.select_related("author")), by_line(programme.files.all())
    approved = approved_lines(programme)
    found = []
    for section in Activity.Section:
        own = [one for one in rows if one.section == section]
        lines = [
            Line(
                one,
                f"{section.value}.{place}",
                line_chip(one, day),
                change_of(programme, one, approved),
                comments.get(one.pk, []),
                files.get(one.pk, []),
            )
            for place, one in enumerate(own, start=1)
        ]
        found.append(Section(section.value, section.label, lines))
    return found


def is_shown(row: Activity | Focus, reader: Participant | None) -> bool:
    return reader is None or row.mentee_id in (None, reader.pk)


def by_line(rows: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(row.activity_id or 0, []).append(row)
    return found


def approved_lines(programme: Programme) -> dict[int, dict[str, Any]]:
    """The lines of the version in force by their keys, only while a correction is prepared."""
    version = programme.last_version if programme.is_correction else None
    return {one["id"]: one for one in version.content["activities"]} if version else {}


def change_of(programme: Programme, line: Activity, approved: dict[int, dict[str, Any]]) -> str:
    """What the correction does to the line, in a word."""
    if not programme.is_correction or line.state == ActivityState.CANCELLED:
        return ""
    if line.is_dropped:
        return "исключается"
    old = approved.get(line.pk)
    if old is None:
        return "добавляется"
    now = (line.title, line.due_on.isoformat(), line.planned_result, line.section, line.mentee_id, line.focus_id)
    before = tuple(old[name] for name in ("title", "due_on", "planned_result", "section", "mentee", "focus"))
    return "меняется" if now != before else ""


def progress_of(programme: Programme, day: dt.date) -> dict[str, Any]:
    """How far the lines in force have come: numbers for the aside."""
    lines = [one for one in programme.activities.all() if one.is_in_force and one.state != ActivityState.CANCELLED]
    checked = sum(one.state == ActivityState.CHECKED for one in lines)
    late = sum(one.is_overdue_on(day) for one in lines)
    waiting = sum(one.state == ActivityState.DONE for one in lines)
    return {"total": len(lines), "checked": checked, "late": late, "waiting": waiting}


def readiness(programme: Programme) -> list[Item]:
    """The checklist before the programme is handed over: what is missing first, then what only deserves a look."""
    edit, line = reverse("programme_edit", args=[programme.pk]), reverse("activity_new", args=[programme.pk])
    focus = reverse("focus_new", args=[programme.pk])
    urls = {
        "затруднение": (focus, "Записать"),
        "мероприятие.": (line, "Добавить"),
        "Срок программы": (edit, "Изменить"),
    }
    urls |= {"Выберите": (edit, "Выбрать"), "Срок короче": (edit, "Изменить"), "Срок длиннее": (edit, "Изменить")}
    found = []
    for words in text_obstacles(programme):
        url, label = next((one for part, one in urls.items() if part in words), ("", ""))
        found.append(Item("no", words, "", url, label))
    found += [
        Item("wait", words, "Это не мешает согласованию.", line, "Добавить") for words in section_warnings(programme)
    ]
    return found


def mark_items(programme: Programme) -> list[Item]:
    """Who has agreed with the text and who has not yet."""
    lacking = {one.pk for one in missing_marks(programme)}
    marks = {one.participant_id: one for one in programme.marks.all()}
    found = []
    for person in programme.pair.people:
        role = "наставник" if person == programme.pair.mentor else "наставляемый"
        mark = marks.get(person.pk)
        detail = f"{role}, согласен {mark.agreed_on:%d.%m.%Y}" if mark else f"{role}, ещё не ответил"
        if mark and mark.on_paper:
            detail += ", с подписанного листа"
        found.append(Item("wait" if person.pk in lacking else "ok", person.full_name, detail))
    union = marks.get(None)
    words = f"поддержало {union.agreed_on:%d.%m.%Y}" if union else "по желанию, утверждению не мешает"
    return [*found, Item("ok" if union else "wait", "Методическое объединение", words)]


# --- Pages that ask and act -------------------------------------------------------------------------------------------
def list_crumb() -> tuple[str, str]:
    return ("Программы", reverse("programme_list"))


def crumbs_of(programme: Programme, title: str = "") -> list[tuple[str, str]]:
    here = reverse("programme_detail", args=[programme.pk])
    return [list_crumb(), (programme.title, here), (title, "")] if title else [list_crumb(), (programme.title, "")]


def form_page(
    request: CabinetRequest,
    page: str,
    form: Form | None,
    act: Callable[[Any], object],
    *,
    done: str,
    programme: Programme,
    title: str,
    back: str = "",
    **context: Any,
) -> HttpResponse:
    """A page that asks and acts once: what the service refuses goes into the form, or to the page of the programme."""
    to = back or reverse("programme_detail", args=[programme.pk])
    if request.method == "POST" and (form is None or form.is_valid()):
        try:
            act(form.cleaned_data if form else {})
        except Refused as refusal:
            if form is None:
                messages.error(request, str(refusal))
                return redirect(to)
            form.add_error(None, refusal.obstacles)
        else:
            messages.success(request, done)
            return redirect(to)
    context |= {"form": form, "programme": programme, "back": to, "crumbs": crumbs_of(programme, title)}
    return render(request, page, context)


def may_touch(request: CabinetRequest, programme: Programme) -> dict[str, bool]:
    """What the reader may do with this programme and its lines, one query each."""
    actions = {
        "change": CHANGE,
        "comment": "mentorship.programme.comment",
        "do": "mentorship.activity.do",
        "check": "mentorship.activity.check",
        "publish": "mentorship.programme.publish",
    }
    return {name: may(request.user, action, programme) for name, action in actions.items()}


# --- On the page of the pair ------------------------------------------------------------------------------------------
def programme_of_pair(request: CabinetRequest, pair: Pair) -> dict[str, Any] | None:
    """The current or the last programme with what comes next; None for whoever may not see programmes."""
    user = request.user
    rows = Programme.objects.filter(pair=pair).exclude(state=ProgrammeState.DROPPED)
    programme = rows.permitted(user, VIEW).order_by("-pk").first()
    may_compose = open_for_programme(user, request.organisation).filter(pk=pair.pk).exists()
    if programme is None:
        return {"may_compose": may_compose} if may_compose else None
    reader, day = reader_in(request, programme), today()
    lines = [one for one in programme.activities.in_force() if is_shown(one, reader)]
    coming = sorted((one for one in lines if one.state == ActivityState.PLANNED), key=lambda one: one.due)
    return {
        "programme": programme,
        "chips": chips_of(programme, day),
        "coming": [(one, line_chip(one, day)) for one in coming[:3]],
        "may_compose": may_compose,
    }
