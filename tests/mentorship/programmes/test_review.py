"""Agreement and approval of programmes, and corrections of approved ones."""

from __future__ import annotations

import pytest

from accounts.permissions import Forbidden
from core.transitions import Refused
from mentorship.models import Activity, Focus, ProgrammeVersion
from mentorship.services.programme_corrections import discard_correction
from mentorship.services.programme_review import (
    agree_programme,
    approve_programme,
    disagree_programme,
    endorse_programme,
    record_mark,
    return_programme,
    submit_programme,
)
from tests.mentorship.builders import day, form_pair
from tests.mentorship.programmes.builders import (
    agree_everybody,
    change,
    corrected,
    drafted,
    fresh,
    line,
    reviewed,
)


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
