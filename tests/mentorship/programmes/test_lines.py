"""Editing row by row: two people at once, strangers of the pair, order of lines, remarks, materials, templates."""

from __future__ import annotations

import datetime as dt

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from accounts.models import Term
from accounts.permissions import Forbidden
from core.transitions import Refused
from core.workdays import WorkCalendar
from mentorship.models import Activity, Focus, Programme, ProgrammeTemplate, content_of, differences_between, for_mentee
from mentorship.services import programme_lines
from mentorship.services.programme_lines import (
    Stale,
    add_focus,
    change_activity,
    change_focus,
    delete_activity,
    delete_focus,
    move_activity,
)
from mentorship.services.programme_papers import add_comment, add_file, delete_file, settle_comment
from mentorship.services.programme_templates import (
    change_template,
    lay_day,
    load_programme_templates,
    save_as_template,
    school_calendar,
    stretch_of,
)
from tests.mentorship.builders import day
from tests.mentorship.programmes.builders import approved, corrected, drafted, fresh, line, template


def order_of(programme: Programme) -> list[str]:
    return [one.title for one in programme.activities.filter(section=1)]


# --- Two people at once -----------------------------------------------------------------------------------------------
def test_stale_save_is_refused_and_nothing_is_lost(pair, people) -> None:
    programme = drafted(pair, people)
    row = programme.activities.first()
    change_activity(activity=row, values=values_of(row, title="Слова куратора"), seen=0, actor=people.curator)
    with pytest.raises(Stale) as stale:
        change_activity(activity=row, values=values_of(row, title="Слова наставника"), seen=0, actor=people.curator)
    assert stale.value.row.title == "Слова куратора"
    row.refresh_from_db()
    assert (row.title, row.revision) == ("Слова куратора", 1)


def values_of(row: Activity, **more) -> dict:
    names = ("section", "title", "focus", "due_on", "planned_result", "mentee")
    return {**{name: getattr(row, name) for name in names}, **more}


def test_without_the_check_the_first_text_would_be_lost(pair, people, monkeypatch) -> None:
    """The same two saves where nobody compares the revisions."""
    programme = drafted(pair, people)
    row = programme.activities.first()
    change_activity(activity=row, values=values_of(row, title="Слова куратора"), seen=0, actor=people.curator)
    original = programme_lines.write

    def careless(found, values, *, seen, **more):
        return original(found, values, seen=found.revision, **more)

    monkeypatch.setattr(programme_lines, "write", careless)
    change_activity(activity=row, values=values_of(row, title="Слова наставника"), seen=0, actor=people.curator)
    row.refresh_from_db()
    assert row.title == "Слова наставника"


def test_page_shows_both_texts_and_takes_the_second_save(pair, people, client_of) -> None:
    row = drafted(pair, people).activities.first()
    url = reverse("activity_edit", args=[row.pk])
    data = {
        "section": "1",
        "title": "Слова наставника",
        "focus": str(row.focus_id),
        "due_on": row.due_on.isoformat(),
        "planned_result": row.planned_result,
        "revision": "0",
    }
    change_activity(activity=row, values=values_of(row, title="Слова куратора"), seen=0, actor=people.curator)
    client = client_of(people.curator)
    page = client.post(url, data)
    assert page.context["theirs"] == [("Проект, задание", "Слова куратора")]
    assert page.context["form"]["title"].value() == "Слова наставника"
    assert page.context["form"]["revision"].value() == "1"
    row.refresh_from_db()
    assert row.title == "Слова куратора"
    assert client.post(url, {**data, "revision": "1"}).status_code == 302
    row.refresh_from_db()
    assert row.title == "Слова наставника"


def test_header_has_the_same_check(pair, people, client_of) -> None:
    programme = drafted(pair, people)
    url = reverse("programme_edit", args=[programme.pk])
    client = client_of(people.curator)
    first = client.get(url).context["form"]
    data = {name: first[name].value() for name in first.fields if first[name].value() is not None}
    data |= {name: data[name].isoformat() for name in ("starts_on", "ends_on")}
    assert client.post(url, {**data, "goal": "Цель куратора"}).status_code == 302
    page = client.post(url, {**data, "goal": "Цель наставника"})
    assert page.context["theirs"] == [("Цель", "Цель куратора")]
    programme.refresh_from_db()
    assert programme.goal == "Цель куратора"


def test_row_that_somebody_deleted_is_told_in_words(pair, people) -> None:
    programme = drafted(pair, people)
    spare = add_focus(
        programme=programme, values={"kind": "strength", "entry": None, "text": "голос"}, actor=people.curator
    )
    Focus.objects.filter(pk=spare.pk).delete()
    with pytest.raises(Refused, match="удалил другой человек"):
        change_focus(
            focus=spare, values={"kind": "strength", "entry": None, "text": "речь"}, seen=0, actor=people.curator
        )


# --- Rows -------------------------------------------------------------------------------------------------------------
def test_lines_change_places_within_their_section(pair, people) -> None:
    programme = drafted(pair, people)
    last = line(programme, people, "Второе")
    line(programme, people, "Третье")
    move_activity(activity=last, up=True, actor=people.curator)
    assert order_of(programme) == ["Второе", "Шаг 1", "Третье"]
    move_activity(activity=last, up=True, actor=people.curator)
    assert order_of(programme) == ["Второе", "Шаг 1", "Третье"]
    move_activity(activity=last, up=False, actor=people.curator)
    assert order_of(programme) == ["Шаг 1", "Второе", "Третье"]


def test_difficulty_that_lines_are_aimed_at_stays(pair, people) -> None:
    programme = drafted(pair, people)
    with pytest.raises(Refused, match="нацелены мероприятия: 3"):
        delete_focus(focus=programme.focuses.get(), actor=people.curator)
    spare = add_focus(
        programme=programme, values={"kind": "strength", "entry": None, "text": "голос"}, actor=people.curator
    )
    delete_focus(focus=spare, actor=people.curator)
    assert programme.focuses.count() == 1


def test_mentee_of_another_pair_gets_no_line(pair, second, people) -> None:
    with pytest.raises(Refused, match="не состоит в этой паре"):
        line(drafted(pair, people), people, mentee=second)


def test_line_of_a_first_draft_is_deleted_and_one_in_force_only_marked(pair, people) -> None:
    programme = drafted(pair, people)
    delete_activity(activity=programme.activities.first(), actor=people.curator)
    assert programme.activities.count() == 2


def test_line_in_force_leaves_with_the_next_version_and_can_be_put_back(pair, people) -> None:
    programme = corrected(pair, people)
    row = programme.activities.first()
    delete_activity(activity=row, actor=people.curator)
    row.refresh_from_db()
    assert (row.is_dropped, row.state) == (True, "planned")
    delete_activity(activity=row, actor=people.curator)
    row.refresh_from_db()
    assert row.is_dropped is False


def test_approved_text_is_closed(pair, people) -> None:
    with pytest.raises(Refused, match="начните корректировку"):
        line(approved(pair, people), people)


def test_mentee_edits_nothing(pair, people, mentee_user) -> None:
    programme = drafted(pair, people)
    row = programme.activities.first()
    with pytest.raises(Forbidden):
        change_activity(activity=row, values=values_of(row), seen=0, actor=fresh(mentee_user))


# --- What a version says ----------------------------------------------------------------------------------------------
def test_differences_are_told_in_words(pair, people) -> None:
    programme = drafted(pair, people)
    before = content_of(Programme.objects.get(pk=programme.pk))
    rows = list(programme.activities.all())
    Activity.objects.filter(pk=rows[0].pk).update(title="Переписано", due_on=day(30))
    rows[1].delete()
    line(programme, people, "Новое")
    Programme.objects.filter(pk=programme.pk).update(goal="Новая цель")
    found = differences_between(before, content_of(Programme.objects.get(pk=programme.pk)))
    assert [(one.word, one.what, one.details) for one in found] == [
        ("изменено", "Цель", (("", "—", "Новая цель"),)),
        (
            "изменено",
            "Шаг 1",
            (("задание", "Шаг 1", "Переписано"), ("срок", f"{day(20):%d.%m.%Y}", f"{day(30):%d.%m.%Y}")),
        ),
        ("добавлено", "Новое", ()),
        ("исключено", "Шаг 2", ()),
    ]


def test_mentee_of_a_group_reads_only_the_own_part(group, people) -> None:
    programme = drafted(group, people)
    first, second = group.mentees
    Focus.objects.create(programme=programme, mentee=first, text="моё")
    Focus.objects.create(programme=programme, mentee=second, text="чужое")
    line(programme, people, "Моё дело", mentee=first)
    line(programme, people, "Чужое дело", mentee=second)
    content = for_mentee(content_of(Programme.objects.get(pk=programme.pk)), first)
    assert [one["text"] for one in content["focuses"]] == ["порядок на уроке", "моё"]
    assert "Чужое дело" not in [one["title"] for one in content["activities"]]
    assert "Моё дело" in [one["title"] for one in content["activities"]]


# --- Remarks and materials --------------------------------------------------------------------------------------------
def test_mentee_and_union_remark_and_the_mentor_settles(pair, people, mentor_user, mentee_user) -> None:
    programme = drafted(pair, people)
    row = programme.activities.first()
    comment = add_comment(programme=programme, activity=row, text="Можно позже?", actor=fresh(mentee_user))
    add_comment(programme=programme, activity=None, text="Хорошо", actor=people.methodical_union)
    settle_comment(comment=comment, actor=fresh(mentor_user))
    comment.refresh_from_db()
    assert (comment.settled_on, programme.comments.filter(settled_on=None).count()) == (day(0), 1)


def test_remark_of_another_is_settled_only_by_whoever_composes(pair, people, mentee_user) -> None:
    programme = drafted(pair, people)
    comment = add_comment(programme=programme, activity=None, text="Хорошо", actor=people.methodical_union)
    with pytest.raises(Forbidden):
        settle_comment(comment=comment, actor=fresh(mentee_user))


def test_material_is_kept_under_its_name_and_deleted_by_its_owner(pair, people, mentee_user) -> None:
    programme = drafted(pair, people)
    file = ContentFile(b"%PDF-1.4", name="план.pdf")
    kept = add_file(programme=programme, activity=None, file=file, title="", actor=fresh(mentee_user))
    assert (kept.title, kept.file_name) == ("план.pdf", "план.pdf")
    delete_file(kept=kept, actor=fresh(mentee_user))
    assert programme.files.count() == 0


# --- Templates --------------------------------------------------------------------------------------------------------
def test_common_templates_are_loaded_once_and_keep_the_law(db) -> None:
    assert (load_programme_templates(), load_programme_templates()) == (5, 0)
    found = {one.code: one for one in ProgrammeTemplate.objects.all()}
    assert {code: one.months for code, one in found.items()} == {
        "young": 12,
        "newcomer": 6,
        "digital": 3,
        "reverse": 6,
        "situational": 3,
    }
    for one in found.values():
        assert {line["section"] for line in one.lines} == {1, 2, 3}
        assert all(0 <= int(str(line["focus"])) < len(one.focuses) for line in one.lines)
        assert max(int(str(line["week"])) for line in one.lines) * 7 <= one.months * 31


MONDAY = dt.date(2026, 9, 7)


@pytest.mark.parametrize(
    ("week", "off", "expected"),
    [
        (0, (), MONDAY),
        (1, (), dt.date(2026, 9, 14)),
        (1, (dt.date(2026, 9, 14),), dt.date(2026, 9, 15)),
        (1, (dt.date(2026, 9, 14), dt.date(2026, 9, 15)), dt.date(2026, 9, 16)),
        (99, (), dt.date(2026, 12, 4)),
        (99, (dt.date(2026, 12, 4),), dt.date(2026, 12, 3)),
    ],
)
def test_day_of_a_template_moves_to_a_working_day_inside_the_term(week, off, expected) -> None:
    calendar = WorkCalendar(frozenset(off))
    assert lay_day(week, MONDAY, dt.date(2026, 12, 6), calendar) == expected


def test_longer_template_is_pressed_into_the_term() -> None:
    assert stretch_of(12, dt.date(2026, 9, 1), dt.date(2027, 8, 31)) == 1
    half = stretch_of(12, dt.date(2026, 9, 1), dt.date(2027, 3, 1))
    assert round(half, 2) == 0.5
    assert stretch_of(3, dt.date(2026, 9, 1), dt.date(2027, 3, 1)) == 1


def test_holidays_of_the_school_are_days_off(school) -> None:
    Term.objects.create(
        organisation=school,
        kind="holiday",
        name="Осенние",
        starts_on=dt.date(2026, 10, 26),
        ends_on=dt.date(2026, 11, 3),
    )
    calendar = school_calendar(school, dt.date(2026, 9, 1), dt.date(2026, 12, 31))
    assert lay_day(8, dt.date(2026, 9, 1), dt.date(2026, 12, 31), calendar) == dt.date(2026, 11, 4)


def test_programme_becomes_a_template_without_its_people(pair, people) -> None:
    programme = drafted(pair, people)
    Focus.objects.create(programme=programme, mentee=pair.mentees[0], text="личное")
    made = save_as_template(programme=programme, title="Наш", summary="", actor=people.curator)
    assert [one["text"] for one in made.focuses] == ["порядок на уроке"]
    assert [(one["title"], one["focus"]) for one in made.lines] == [("Шаг 1", 0), ("Шаг 2", 0), ("Шаг 3", 0)]
    with pytest.raises(Refused, match="уже есть"):
        save_as_template(programme=programme, title="наш", summary="", actor=people.curator)


def test_common_template_is_not_the_schools_to_change(people, school, reference) -> None:
    with pytest.raises(Refused, match="Общий шаблон"):
        change_template(template=template(), values={"title": "Мой"}, actor=people.curator)
    with pytest.raises(Forbidden):
        change_template(template=template(school), values={"title": "Мой"}, actor=people.stranger)
