"""Programmes as wholes: how a draft is made, the law, every state × every step, results, the open section."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction

from accounts.permissions import Forbidden
from core.models import JournalEntry
from core.transitions import Refused, move, obstacles_of
from mentorship.models import Activity, Focus, Pair, Programme, ProgrammeState, plus_months
from mentorship.models.programme_rules import section_warnings, text_obstacles
from mentorship.services.programme_corrections import amend_programme
from mentorship.services.programme_lines import add_activity
from mentorship.services.programme_review import (
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
from tests.mentorship.builders import card, day
from tests.mentorship.programmes.builders import (
    approved,
    change,
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
