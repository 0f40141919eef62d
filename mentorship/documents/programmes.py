"""Papers of a programme: the programme with the stamp of approval, the plan of one mentee, the report of the pair."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Sum
from django.template.loader import render_to_string

from accounts.permissions import today
from core.documents.page import PageSetup
from core.documents.stamps import Approval, Style
from core.russian import plural, short_name
from core.uploads import safe_name
from mentorship.documents.letterhead import paper_sheet, printed
from mentorship.models import (
    Activity,
    ActivityState,
    Focus,
    Meeting,
    Participant,
    Programme,
    ProgrammeState,
    ProgrammeVersion,
    content_of,
    for_mentee,
)
from mentorship.models.programme_content import Content, person_words, russian_day, said
from orders.documents import BLANK_STAMP
from orders.models import letterhead_of

PROGRAMME, PLAN, REPORT = "programme", "plan", "report"
NAMES = {
    PROGRAMME: "Персонализированная программа",
    PLAN: "План индивидуального развития",
    REPORT: "Отчёт о выполнении программы",
}
TEMPLATES = {
    PROGRAMME: "mentorship/documents/programme_programme.html",
    PLAN: "mentorship/documents/programme_plan.html",
    REPORT: "mentorship/documents/programme_report.html",
}
DRAFT = "ПРОЕКТ"
STILL_PREPARED = (ProgrammeState.DRAFT, ProgrammeState.REVIEW)


@dataclass(frozen=True)
class TableRow:
    """A line of the federal table: number, what, by when, planned result, actual result, mark of the mentor."""

    number: str
    title: str
    due: str
    planned: str
    actual: str
    mark: str
    who: str = ""


@dataclass(frozen=True)
class TableSection:
    title: str
    rows: list[TableRow]


def programme_file(
    programme: Programme, kind: str, form: str, *, mentee: Participant | None = None
) -> tuple[str, bytes]:
    """A paper as a file: its name and its content. `form` is pdf or docx; with `mentee` only what concerns them."""
    whose = mentee.short_name if mentee else programme.pair.mentor.short_name
    title = f"{NAMES[kind]} — {whose.rstrip('.')}"
    setup = sheet_for(programme, title)
    return safe_name(f"{title}.{form}"), printed(programme_html(programme, kind, mentee=mentee), form, setup)


def sheet_for(programme: Programme, title: str) -> PageSetup:
    """The organisation's own sheet; a text that nobody has approved is a draft on every page."""
    draft = DRAFT if not programme.version and programme.state in STILL_PREPARED else ""
    return replace(paper_sheet(programme.organisation, title), draft=draft)


def programme_html(
    programme: Programme, kind: str, *, mentee: Participant | None = None, proposed: bool = False
) -> str:
    """The paper in the restricted markup of documents; `proposed`: what is put to approval, not what is in force."""
    return render_to_string(TEMPLATES[kind], paper_facts(programme, mentee, proposed))


def text_in_force(programme: Programme) -> tuple[Content, ProgrammeVersion | None]:
    """What the programme says by its last approved version; before the first by its rows."""
    version = programme.last_version
    return (version.content, version) if version else (content_of(programme), None)


def paper_facts(programme: Programme, mentee: Participant | None, proposed: bool = False) -> dict[str, Any]:
    content, version = (content_of(programme), None) if proposed else text_in_force(programme)
    if mentee is not None:
        content = for_mentee(content, mentee)
    # The pair of today: an order may have replaced somebody since the version was approved.
    people = [one for one in programme.pair.mentees if mentee is None or one == mentee]
    focuses = content["focuses"]
    overcome = dict(Focus.objects.filter(programme=programme).values_list("pk", "overcome_on"))
    return {
        "programme": programme,
        "organisation": programme.organisation,
        "version": version,
        "content": content,
        "words": {name: said(content, name) for name in ("forms", "kinds", "directions", "mode")},
        "starts_on": russian_day(content["starts_on"]),
        "ends_on": last_day(programme, content),
        "mentor": signing(programme.pair.mentor),
        "mentees": [signing(one) for one in people],
        "difficulties": [one for one in focuses if one["kind"] == Focus.Kind.DIFFICULTY],
        "strengths": [one for one in focuses if one["kind"] == Focus.Kind.STRENGTH],
        "sections": sections_of(programme, content),
        "several": len(people) > 1,
        "approval": approval_of(programme, version),
        "marks": stamp_marks(content),
        **results_of(programme, content, overcome),
    }


def signing(person: Participant) -> dict[str, Any]:
    return {**person_words(person), "signature": short_name(person.full_name, surname_first=False)}


def last_day(programme: Programme, content: Content) -> str:
    """The last day in force: an order may have moved it since, a correction only proposes another."""
    return russian_day(content["ends_on"]) if programme.is_correction else f"{programme.ends_on:%d.%m.%Y}"


def sections_of(programme: Programme, content: Content) -> list[TableSection]:
    """The lines by the sections of the federal form, with what has come of them; a section without lines stays."""
    progress = {line.pk: line for line in programme.activities.all()}
    found = []
    for section in Activity.Section:
        lines = [one for one in content["activities"] if one["section"] == section]
        rows = [
            table_row(f"{section.value}.{place}", line, progress.get(line["id"]))
            for place, line in enumerate(lines, start=1)
        ]
        found.append(TableSection(f"Раздел {section.value}. {section.label}", rows))
    return found


def table_row(number: str, line: dict[str, Any], progress: Activity | None) -> TableRow:
    due = russian_day(line["due_on"])
    if progress is not None and progress.delayed_until and progress.delayed_until > progress.due_on:
        due = f"{due}, перенесено на {progress.delayed_until:%d.%m.%Y}"
    actual = progress.actual_result if progress else ""
    mark = progress.mark if progress else ""
    return TableRow(number, line["title"], due, line["planned_result"], actual, mark, line["who"])


def approval_of(programme: Programme, version: ProgrammeVersion | None) -> Approval:
    """«УТВЕРЖДАЮ» of the head, or «УТВЕРЖДЕНА приказом» in the style of the organisation's papers."""
    organisation, order = programme.organisation, version.order if version else None
    day: dt.date = version.approved_on if version else today()
    signer = organisation.signer_on(day)
    style = letterhead_of(organisation).stamp if order else Style.BY_HEAD
    return Approval(
        style=style,
        organisation=organisation.name,
        post=signer.post,
        name=short_name(signer.full_name, surname_first=False),
        requisites=(order.requisites or BLANK_STAMP) if order else "",
        date=f"{day:%d.%m.%Y}" if version else "«____» ____________ 20___ г.",
    )


def stamp_marks(content: Content) -> list[dict[str, str]]:
    """The mark of the methodical union for the left of the sheet; those of the pair stand by their signatures."""
    marks = [one for one in content.get("marks", []) if one["person"] is None]
    return [
        {"word": "СОГЛАСОВАНО", "who": "методическое объединение", "paper": russian_day(one["day"])} for one in marks
    ]


def results_of(programme: Programme, content: Content, overcome: dict[int, dt.date | None]) -> dict[str, Any]:
    """What the report counts: lines done and checked, difficulties overcome, meetings and their hours."""
    shown = {one["id"] for one in content["activities"]}
    lines = [one for one in programme.activities.all() if one.pk in shown]
    counted = {state: sum(one.state == state for one in lines) for state in ActivityState}
    held = Meeting.objects.held().filter(pair=programme.pair_id)
    meetings = held.count()
    minutes = held.aggregate(sum=Sum("minutes"))["sum"] or 0
    won = [{**one, "day": overcome.get(one["id"])} for one in content["focuses"]]
    return {
        "total": len(lines),
        "checked": counted[ActivityState.CHECKED],
        "done": counted[ActivityState.DONE],
        "open": counted[ActivityState.PLANNED],
        "focuses": won,
        "overcome": sum(one["day"] is not None for one in won),
        "meetings": plural(meetings, "встреча", "встречи", "встреч"),
        "hours": hours_of(minutes),
        "results": programme.results,
    }


def hours_of(minutes: int) -> str:
    """«12 ч 30 мин»."""
    hours, rest = divmod(minutes, 60)
    return f"{hours} ч {rest} мин" if rest else f"{hours} ч"
