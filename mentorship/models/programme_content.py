"""What a programme says at a moment, as plain words and dates: kept with a version, printed, compared, read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from mentorship.models.participants import Participant
from mentorship.models.programmes import Activity, Focus, Programme

Content = dict[str, Any]
# The header in the words of the paper: its key in the content → label.
HEADER = {
    "title": "Название",
    "starts_on": "Начало",
    "ends_on": "Окончание",
    "forms": "Формы",
    "kinds": "Виды",
    "directions": "Направления",
    "mode": "Режим работы",
    "frequency": "Как часто встречи",
    "request": "Запрос наставляемого",
    "goal": "Цель",
    "tasks": "Задачи",
    "expected": "Ожидаемые результаты",
}
LINE_PARTS = {
    "title": "задание",
    "due_on": "срок",
    "planned_result": "планируемый результат",
    "section": "раздел",
    "focus": "на что нацелено",
    "mentee": "для кого",
}
FOCUS_PARTS = {"text": "слова", "kind": "что это", "mentee": "у кого"}
TEXTS = ("title", "request", "goal", "tasks", "expected", "frequency")
DICTIONARIES = ("forms", "kinds", "directions")


def content_of(programme: Programme) -> Content:
    """The programme as its rows stand now: ids beside words, days as «2026-09-01»; lines taken out are left out."""
    mentees = programme.pair.mentees
    names = {one.pk: one.short_name for one in mentees}
    return {
        **{name: getattr(programme, name) for name in TEXTS},
        **{
            name: [{"id": one.pk, "title": one.title} for one in getattr(programme, name).all()]
            for name in DICTIONARIES
        },
        "starts_on": programme.starts_on.isoformat(),
        "ends_on": programme.ends_on.isoformat(),
        "mode": programme.mode,
        "mentor": person_words(programme.pair.mentor),
        "mentees": [person_words(one) for one in mentees],
        "focuses": [focus_words(one, names) for one in programme.focuses.all()],
        "activities": [
            line_words(one, names)
            for one in programme.activities.all()
            if not one.is_dropped and one.state != "cancelled"
        ],
    }


def person_words(person: Participant) -> dict[str, Any]:
    return {"id": person.pk, "name": person.full_name, "short": person.short_name, "post": person.post}


def focus_words(focus: Focus, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": focus.pk,
        "kind": focus.kind,
        "text": focus.text,
        "entry": focus.entry_id,
        "mentee": focus.mentee_id,
        "who": names.get(focus.mentee_id or 0, ""),
        "position": focus.position,
    }


def line_words(line: Activity, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "id": line.pk,
        "section": line.section,
        "mentee": line.mentee_id,
        "who": names.get(line.mentee_id or 0, ""),
        "focus": line.focus_id,
        "title": line.title,
        "due_on": line.due_on.isoformat(),
        "planned_result": line.planned_result,
        "position": line.position,
    }


def for_mentee(content: Content, person: Participant) -> Content:
    """The content as a mentee of a group may read it: the common lines and their own, nobody else's difficulties."""
    keys = {None, person.pk, *person.former_keys}

    def own(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
        return [row for row in rows if row["mentee"] in keys]

    return {**content, "focuses": own(content["focuses"]), "activities": own(content["activities"])}


@dataclass(frozen=True)
class Difference:
    """One thing that a version says otherwise: `how` is added, removed or changed; `what` names it.

    `details` are (part, before, after) of what is changed.
    """

    how: str
    what: str
    details: tuple[tuple[str, str, str], ...] = ()

    @property
    def word(self) -> str:
        return {"added": "добавлено", "removed": "исключено", "changed": "изменено"}[self.how]


def differences_between(before: Content, after: Content) -> list[Difference]:
    """What changed, in the order of the paper: the header, difficulties and strengths, the lines."""
    header = [
        Difference("changed", label, (("", said(before, name), said(after, name)),))
        for name, label in HEADER.items()
        if said(before, name) != said(after, name)
    ]
    aims = aims_of(before) | aims_of(after)
    return [
        *header,
        *rows_changed(before["focuses"], after["focuses"], FOCUS_PARTS, "text", aims),
        *rows_changed(before["activities"], after["activities"], LINE_PARTS, "title", aims),
    ]


def rows_changed(
    before: list[dict[str, Any]],
    after: list[dict[str, Any]],
    parts: Mapping[str, str],
    title: str,
    aims: Mapping[int, str],
) -> Iterator[Difference]:
    earlier = {row["id"]: row for row in before}
    left = {row["id"] for row in after}
    for row in after:
        old = earlier.get(row["id"])
        if old is None:
            yield Difference("added", row[title])
            continue
        details = [
            (label, part_words(old, name, aims), part_words(row, name, aims))
            for name, label in parts.items()
            if old[name] != row[name]
        ]
        if details:
            yield Difference("changed", old[title], tuple(details))
    yield from (Difference("removed", row[title]) for row in before if row["id"] not in left)


def aims_of(content: Content) -> dict[int, str]:
    return {row["id"]: row["text"] for row in content["focuses"]}


def said(content: Content, name: str) -> str:
    """A part of the header in words."""
    value = content.get(name, "")
    if name in DICTIONARIES:
        return ", ".join(one["title"] for one in value) or "—"
    if name == "mode":
        return str(dict(Programme.Mode.choices).get(value, value))
    return russian_day(value) if name.endswith("_on") else value or "—"


def part_words(row: dict[str, Any], name: str, aims: Mapping[int, str]) -> str:
    """A part of a line or of a focus in words."""
    value = row[name]
    if name == "due_on":
        return russian_day(value)
    if name == "mentee":
        return row["who"] or "для всех"
    if name == "focus":
        return aims.get(value, "—")
    if name == "section":
        return str(Activity.Section(value).label)
    if name == "kind":
        return str(Focus.Kind(value).label)
    return value or "—"


def russian_day(iso: str) -> str:
    """«2026-09-01» → «01.09.2026»."""
    year, month, day = iso.split("-")
    return f"{day}.{month}.{year}"
