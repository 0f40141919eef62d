"""Programmes as wholes: how a draft is made, the law, every state × every step, results, the open section."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused, move, obstacles_of
from mentorship.models import Activity, Focus, Pair, Programme, ProgrammeState, ProgrammeVersion, plus_months
from mentorship.models.programme_rules import section_warnings, text_obstacles
from mentorship.services.programme_corrections import amend_programme, discard_correction
from mentorship.services.programme_lines import add_activity, change_header
from mentorship.services.programme_review import (
    agree_programme,
    approve_programme,
    disagree_programme,
    endorse_programme,
    record_mark,
    return_programme,
    submit_programme,
)
from mentorship.services.programmes import (
    complete_programmes,
    create_programme,
    drop_programme,
    publish_programme,
    without_programme,
    write_results,
)
from tests.mentorship.builders import card, day, form_pair, word
from tests.mentorship.programmes.builders import (
    agree_everybody,
    approved,
    corrected,
    difficulty,
    drafted,
    empty,
    fresh,
    in_state,
    line,
    reviewed,
    template,
    working_pair,
)


def titles(rows) -> list[str]:
    return [str(one) for one in rows]


# --- A new draft ------------------------------------------------------------------------------------------------------
def test_draft_takes_over_the_conditions_of_the_pair_and_the_words_of_the_bank(pair, mentee, people) -> None:
    difficulty(mentee, "discipline", request="Как удержать внимание?", achievements="ведёт кружок")
    Pair.objects.filter(pk=pair.pk).update(goal="Уверенный урок")
    programme = create_programme(pair=Pair.objects.get(pk=pair.pk), actor=people.curator)
    assert titles(programme.forms.all()) == ["педагог – молодой педагог"]
    assert titles(programme.kinds.all()) == ["традиционное (один на один)"]
    assert titles(programme.directions.all()) == ["вхождение в профессию"]
    assert (programme.goal, programme.request) == ("Уверенный урок", "Как удержать внимание?")
    assert [(one.mentee, one.kind, one.text) for one in programme.focuses.all()] == [
        (mentee, "difficulty", "порядок и внимание на уроке"),
        (mentee, "strength", "ведёт кружок"),
    ]


def test_template_lays_its_lines_on_the_term_and_aims_them(pair, mentee, people) -> None:
    difficulty(mentee, "discipline")
    made = create_programme(pair=pair, template=template(), actor=people.curator)
    first, last = made.activities.all()
    assert (first.title, first.focus.mentee) == ("Самодиагностика", mentee)
    assert (last.title, last.focus.text, last.focus.mentee) == ("Открытый урок", "открытость новому", None)
    assert made.starts_on <= first.due_on < last.due_on <= made.ends_on
    assert made.goal == "Освоиться"


def test_another_programme_gives_its_common_lines_without_its_people(pair, people, mentor, school) -> None:
    old = approved(pair, people)
    line_of_one = old.activities.first()
    Activity.objects.filter(pk=line_of_one.pk).update(mentee=pair.mentees[0])
    Focus.objects.create(programme=old, mentee=pair.mentees[0], text="личное")
    other = working_pair(mentor, [card(school, "Рябинин Пётр Сергеевич")], people)
    made = create_programme(pair=other, source=old, actor=people.curator)
    assert [one.title for one in made.activities.all()] == ["Шаг 2", "Шаг 3"]
    assert [(one.text, one.mentee) for one in made.focuses.all()] == [("порядок на уроке", None)]
    assert {one.focus.text for one in made.activities.all()} == {"порядок на уроке"}


def test_pair_has_one_current_programme(pair, people) -> None:
    empty(pair, people)
    with pytest.raises(Refused, match="уже есть программа"):
        empty(pair, people)


def test_second_current_programme_is_stopped_by_the_database_too(pair, people) -> None:
    """The guard of the service has a counterpart below it."""
    values = {"organisation": pair.organisation, "pair": pair, "starts_on": pair.starts_on, "ends_on": pair.ends_on}
    Programme.objects.create(title="Первая", **values)
    with pytest.raises(IntegrityError, match="programme_one_current"), transaction.atomic():
        Programme.objects.create(title="Вторая", **values)


def test_mentor_composes_for_the_own_pair_and_the_mentee_does_not(pair, people, mentor_user, mentee_user) -> None:
    with pytest.raises(Forbidden):
        create_programme(pair=pair, actor=fresh(mentee_user))
    assert create_programme(pair=pair, actor=fresh(mentor_user)).pair == pair


def test_mentor_of_another_pair_is_only_a_mentee_here(pair, people, mentee, mentee_user, school) -> None:
    """Whoever leads one pair and learns in another may not compose, check or return in the second."""
    working_pair(mentee, [card(school, "Рябинин Пётр Сергеевич")], people)
    both = fresh(mentee_user)
    with pytest.raises(Forbidden):
        create_programme(pair=pair, actor=both)
    programme = drafted(pair, people)
    assert Programme.objects.permitted(both, "mentorship.programme.change").filter(pk=programme.pk).exists() is False
    assert Programme.objects.permitted(both, "mentorship.programme.view").filter(pk=programme.pk).exists() is True


def test_stranger_composes_nothing(pair, people) -> None:
    with pytest.raises(Forbidden):
        create_programme(pair=pair, actor=people.stranger)


# --- The law ----------------------------------------------------------------------------------------------------------
def header_values(programme: Programme, **more) -> dict:
    names = ("title", "request", "goal", "tasks", "expected", "mode", "frequency", "starts_on", "ends_on")
    values = {name: getattr(programme, name) for name in names}
    many = {name: list(getattr(programme, name).all()) for name in ("forms", "kinds", "directions")}
    return {**values, **many, **more}


def change(programme: Programme, people, **more) -> Programme:
    values = header_values(programme, **more)
    return change_header(programme=programme, values=values, seen=programme.revision, actor=people.curator)


def test_br_01_programme_of_two_months_is_refused(pair, people) -> None:
    programme = drafted(pair, people)
    ends_on = plus_months(programme.starts_on, 2)
    with pytest.raises(Refused, match="Срок короче трёх месяцев"):
        change(programme, people, ends_on=ends_on)
    Programme.objects.filter(pk=programme.pk).update(ends_on=ends_on)
    programme.refresh_from_db()
    assert [one for one in text_obstacles(programme) if "короче трёх" in one] != []
    with pytest.raises(IntegrityError, match="programme_three_months"), transaction.atomic():
        Programme.objects.filter(pk=programme.pk).update(state=ProgrammeState.REVIEW)


def test_br_01_three_months_to_the_day_are_enough(pair, people) -> None:
    programme = drafted(pair, people)
    change(programme, people, ends_on=plus_months(programme.starts_on, 3) - dt.timedelta(days=1))
    assert text_obstacles(Programme.objects.get(pk=programme.pk)) == []


def test_br_01_programme_stays_within_the_term_of_the_pair(pair, people) -> None:
    programme = drafted(pair, people)
    with pytest.raises(Refused, match="внутри срока пары"):
        change(programme, people, ends_on=pair.ends_on + dt.timedelta(days=1))


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda one: one.forms.clear(), "Выберите хотя бы одну форму наставничества."),
        (lambda one: one.kinds.clear(), "Выберите хотя бы один вид наставничества."),
        (lambda one: one.directions.clear(), "Выберите хотя бы одно направление."),
        (lambda one: one.activities.all().delete(), "Запишите хотя бы одно мероприятие."),
    ],
)
def test_br_22_every_part_is_asked_for(pair, people, spoil, words) -> None:
    programme = drafted(pair, people)
    assert text_obstacles(programme) == []
    spoil(programme)
    assert text_obstacles(Programme.objects.get(pk=programme.pk)) == [words]
    with pytest.raises(Refused, match=words):
        submit_programme(programme=programme, actor=people.curator)


def test_br_22_difficulty_or_strength_is_asked_for(pair, people) -> None:
    programme = empty(pair, people)
    assert text_obstacles(programme) == [
        "Запишите хотя бы одно затруднение или сильную сторону.",
        "Запишите хотя бы одно мероприятие.",
    ]


def test_br_23_line_outside_the_term_is_refused(pair, people) -> None:
    programme = drafted(pair, people)
    with pytest.raises(Refused, match="внутри срока программы"):
        line(programme, people, due_on=programme.ends_on + dt.timedelta(days=1))
    Activity.objects.filter(title="Шаг 1").update(due_on=programme.ends_on + dt.timedelta(days=1))
    assert [one for one in text_obstacles(programme) if "вне срока программы" in one and "«Шаг 1»" in one] != []


def test_br_23_the_last_day_of_the_term_is_inside(pair, people) -> None:
    programme = drafted(pair, people)
    line(programme, people, due_on=programme.ends_on)
    assert text_obstacles(programme) == []


def test_line_without_an_aim_stops_the_programme(pair, people) -> None:
    programme = drafted(pair, people)
    Activity.objects.filter(title="Шаг 2").update(focus=None)
    assert text_obstacles(programme) == ["Укажите, на что нацелено мероприятие: «Шаг 2»."]


def test_empty_section_only_warns(pair, people) -> None:
    programme = drafted(pair, people, lines=1)
    assert text_obstacles(programme) == []
    assert section_warnings(programme) == [
        "В разделе 2 «Вхождение в должность» нет мероприятий.",
        "В разделе 3 «Направления профессионального развития» нет мероприятий.",
    ]


def test_line_of_another_programme_cannot_be_aimed_at(pair, group, people) -> None:
    mine, other = drafted(pair, people), drafted(group, people)
    values = {"section": 1, "title": "Чужое", "focus": other.focuses.first(), "due_on": day(5), "planned_result": ""}
    with pytest.raises(Refused, match="этой программы"):
        add_activity(programme=mine, values=values, actor=people.curator)


def test_br_24_working_pair_without_an_approved_programme_is_named(pair, group, people) -> None:
    assert set(without_programme(pair.organisation, day(0))) == {pair, group}
    approved(pair, people)
    drafted(group, people)
    assert set(without_programme(pair.organisation, day(0))) == {group}


def test_br_24_pair_whose_programme_is_being_corrected_has_one(pair, people) -> None:
    corrected(pair, people)
    assert list(without_programme(pair.organisation, day(0))) == []


# --- Every state × every step -----------------------------------------------------------------------------------------
STEPS = {
    ("draft", "submit"),
    ("draft", "complete"),
    ("draft", "drop"),
    ("review", "return"),
    ("review", "approve"),
    ("review", "complete"),
    ("review", "drop"),
    ("approved", "amend"),
    ("approved", "complete"),
    ("completed", "sum_up"),
}


@pytest.mark.parametrize("step", [name for name in Programme.TRANSITIONS if name != "discard"])
@pytest.mark.parametrize("state", ProgrammeState.values)
def test_every_state_and_every_step(state, step, pair, people) -> None:
    programme = in_state(state, pair, people)
    allowed = (state, step) in STEPS
    assert (obstacles_of(programme, step) == []) is allowed
    values = {"approve": {"version": 1}}.get(step, {})
    if allowed:
        move(programme, step, actor=people.curator, **values)
        assert programme.state == Programme.TRANSITIONS[step].target
    else:
        with pytest.raises(Refused):
            move(programme, step, actor=people.curator)


@pytest.mark.parametrize("state", ProgrammeState.values)
def test_correction_is_given_up_only_from_its_draft(state, pair, people) -> None:
    programme = in_state(state, pair, people)
    assert obstacles_of(programme, "discard") != []


# --- Agreement --------------------------------------------------------------------------------------------------------
def test_programme_is_approved_when_everybody_has_agreed(group, people, mentor_user, mentee_user, second_user) -> None:
    programme = reviewed(group, people)
    with pytest.raises(Refused, match="Нет отметки о согласовании"):
        approve_programme(programme=programme, actor=people.director)
    for user in (mentor_user, mentee_user, second_user):
        agree_programme(programme=programme, actor=fresh(user))
    approve_programme(programme=programme, actor=people.director)
    programme.refresh_from_db()
    version = ProgrammeVersion.objects.get(programme=programme)
    assert (programme.state, programme.version, programme.approved_on) == ("approved", 1, day(0))
    assert [one["title"] for one in version.content["activities"]] == ["Шаг 1", "Шаг 2", "Шаг 3"]
    assert len(version.content["marks"]) == 3
    assert set(programme.activities.values_list("approved_due_on", flat=True)) == {day(20)}


def test_mentor_who_hands_over_has_agreed(pair, people, mentor_user) -> None:
    programme = drafted(pair, people)
    submit_programme(programme=programme, actor=fresh(mentor_user))
    assert [one.participant for one in programme.marks.all()] == [pair.mentor]


def test_nobody_agrees_for_another(group, people, mentee_user) -> None:
    programme = reviewed(group, people)
    agree_programme(programme=programme, actor=fresh(mentee_user))
    with pytest.raises(Refused, match="отметка уже стоит"):
        agree_programme(programme=programme, actor=fresh(mentee_user))
    with pytest.raises(Forbidden):
        agree_programme(programme=programme, actor=people.curator)


def test_curator_records_a_signed_paper(pair, people, mentee) -> None:
    programme = reviewed(pair, people)
    with pytest.raises(Refused, match="не позже сегодняшнего"):
        record_mark(programme=programme, person=mentee, day=day(1), actor=people.curator)
    record_mark(programme=programme, person=mentee, day=day(-1), actor=people.curator)
    mark = programme.marks.get()
    assert (mark.participant, mark.agreed_on, mark.on_paper) == (mentee, day(-1), True)


def test_union_may_support_and_is_not_waited_for(pair, people) -> None:
    programme = reviewed(pair, people)
    endorse_programme(programme=programme, actor=people.methodical_union)
    assert [one.who for one in programme.marks.all()] == ["методическое объединение"]
    agree_everybody(programme, people)
    approve_programme(programme=programme, actor=people.director)


def test_return_opens_the_text_and_voids_the_marks(pair, people) -> None:
    programme = reviewed(pair, people)
    agree_everybody(programme, people)
    return_programme(programme=programme, remark="Добавьте итоговую беседу", actor=people.director)
    programme.refresh_from_db()
    assert (programme.state, programme.return_reason) == ("draft", "Добавьте итоговую беседу")
    assert programme.marks.count() == 0
    assert [one.text for one in programme.comments.all()] == ["Добавьте итоговую беседу"]
    line(programme, people, "Итоговая беседа")


def test_mentee_who_does_not_agree_returns_it(pair, people, mentee_user) -> None:
    programme = reviewed(pair, people)
    disagree_programme(programme=programme, remark="Слишком много отчётов", actor=fresh(mentee_user))
    programme.refresh_from_db()
    assert (programme.state, programme.return_reason) == ("draft", "Слишком много отчётов")


def test_text_in_review_is_closed(pair, people) -> None:
    programme = reviewed(pair, people)
    with pytest.raises(Refused, match="текст закрыт"):
        line(programme, people)
    with pytest.raises(Refused, match="текст закрыт"):
        change(programme, people, goal="Другая")


def test_forming_pair_gets_a_draft_and_no_approval(mentor, mentee, people) -> None:
    programme = reviewed(form_pair(mentor, [mentee], people.curator), people)
    agree_everybody(programme, people)
    with pytest.raises(Refused, match="после приказа о паре"):
        approve_programme(programme=programme, actor=people.director)


@pytest.mark.parametrize("who", ["curator", "inspector", "stranger_director"])
def test_only_the_head_approves(pair, people, who) -> None:
    programme = reviewed(pair, people)
    with pytest.raises(Forbidden):
        approve_programme(programme=programme, actor=getattr(people, who))


# --- Corrections ------------------------------------------------------------------------------------------------------
def test_br_18_correction_needs_the_agreement_of_everybody(group, people, mentee_user, second_user) -> None:
    programme = corrected(group, people)
    line(programme, people, "Новый шаг")
    submit_programme(programme=programme, actor=people.curator)
    for person in (programme.pair.mentor, programme.pair.mentees[0]):
        record_mark(programme=programme, person=person, day=day(0), actor=people.curator)
    with pytest.raises(Refused, match="Осокина"):
        approve_programme(programme=programme, actor=people.director)
    agree_programme(programme=programme, actor=fresh(second_user))
    approve_programme(programme=programme, actor=people.director)
    programme.refresh_from_db()
    first, second = programme.versions.order_by("number")
    assert (programme.version, second.reason) == (2, "сдвинулись сроки")
    assert [one["title"] for one in first.content["activities"]] == ["Шаг 1", "Шаг 2", "Шаг 3"]
    assert "Новый шаг" in [one["title"] for one in second.content["activities"]]


def test_discarded_correction_leaves_the_version_in_force(pair, people) -> None:
    programme = corrected(pair, people)
    line(programme, people, "Лишнее")
    Activity.objects.filter(title="Шаг 1").update(title="Переписано", is_dropped=True)
    change(programme, people, goal="Другая цель")
    discard_correction(programme=programme, actor=people.curator)
    programme.refresh_from_db()
    assert (programme.state, programme.goal) == ("approved", "")
    assert [(one.title, one.is_dropped) for one in programme.activities.all()] == [
        ("Шаг 1", False),
        ("Шаг 2", False),
        ("Шаг 3", False),
    ]


def test_deleted_difficulty_comes_back_with_the_version(pair, people) -> None:
    programme = corrected(pair, people)
    spare = Focus.objects.create(programme=programme, text="новое")
    old = programme.focuses.get(text="порядок на уроке")
    programme.activities.update(focus=spare)
    old.delete()
    discard_correction(programme=programme, actor=people.curator)
    assert [one.text for one in programme.focuses.all()] == ["порядок на уроке"]
    assert {one.focus.text for one in programme.activities.all()} == {"порядок на уроке"}


# --- The end ----------------------------------------------------------------------------------------------------------
def test_end_of_the_pair_completes_what_was_in_force(pair, people) -> None:
    programme = corrected(pair, people)
    line(programme, people, "Не успели согласовать")
    complete_programmes(pair=pair, day=day(0), reason="Пара завершена.", actor=people.curator)
    programme.refresh_from_db()
    assert (programme.state, programme.completed_on) == ("completed", day(0))
    assert [one.title for one in programme.activities.all()] == ["Шаг 1", "Шаг 2", "Шаг 3"]


def test_end_of_the_pair_drops_what_was_never_approved(pair, people) -> None:
    programme = reviewed(pair, people)
    complete_programmes(pair=pair, day=day(0), reason="Пара завершена.", actor=people.curator)
    programme.refresh_from_db()
    assert (programme.state, programme.completed_on) == ("dropped", None)


def test_results_are_a_draft_until_the_programme_is_over(pair, people, mentor_user) -> None:
    programme = approved(pair, people)
    write_results(programme=programme, results="Получается", actor=fresh(mentor_user))
    programme.refresh_from_db()
    assert (programme.state, programme.results) == ("approved", "Получается")
    complete_programmes(pair=pair, day=day(0), reason="Пара завершена.", actor=people.curator)
    write_results(programme=programme, results="Получилось", actor=people.curator)
    programme.refresh_from_db()
    assert (programme.state, programme.results) == ("summed", "Получилось")


def test_results_of_a_draft_are_refused(pair, people) -> None:
    with pytest.raises(Refused, match="Итоги пишут по утверждённой программе"):
        write_results(programme=drafted(pair, people), results="Рано", actor=people.curator)


def test_approved_programme_is_not_dropped(pair, people) -> None:
    programme = corrected(pair, people)
    with pytest.raises(Refused, match="утверждённая редакция"):
        drop_programme(programme=programme, reason="Передумали", actor=people.curator)


def test_only_an_approved_programme_is_shown_to_everybody(pair, people) -> None:
    programme = drafted(pair, people)
    with pytest.raises(Refused, match="только утверждённые"):
        publish_programme(programme=programme, shown=True, actor=people.curator)


def test_every_step_is_in_the_history(pair, people) -> None:
    programme = approved(pair, people)
    amend_programme(programme=programme, reason="сроки", actor=people.curator)
    events = JournalEntry.objects.about(programme).order_by("pk").values_list("event", flat=True)
    assert list(events) == [
        "mentorship.programme.create",
        "mentorship.programme.lines",
        "mentorship.programme.lines",
        "mentorship.programme.lines",
        "mentorship.programme.lines",
        "mentorship.programme.change",
        "mentorship.programme.mark",
        "mentorship.programme.mark",
        "mentorship.programme.approve",
        "mentorship.programme.change",
    ]


def test_word_of_the_form_stays_known(pair, people) -> None:
    assert word("form", "teacher-young") in empty(pair, people).forms.all()
