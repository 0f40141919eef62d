"""Programmes in every state, made by the services that the pages call."""

from __future__ import annotations

from typing import Any

from accounts.models import Membership, Organisation, User
from accounts.permissions import Role
from mentorship.models import (
    Activity,
    BankCard,
    Focus,
    Pair,
    PairState,
    Participant,
    Programme,
    ProgrammeState,
    ProgrammeTemplate,
)
from mentorship.services.programme_corrections import amend_programme
from mentorship.services.programme_lines import add_activity, add_focus, change_header
from mentorship.services.programme_review import approve_programme, record_mark, submit_programme
from mentorship.services.programmes import create_programme
from tests.mentorship.builders import approved_order, day, form_pair, word


def login_of(person: Participant, username: str) -> User:
    """A teacher's login for the card."""
    user = User.objects.create(username=username, full_name=person.full_name, email=f"{username}@example.org")
    Membership.objects.create(user=user, organisation=person.organisation, role=Role.TEACHER, starts_on=day(-400))
    person.user = user
    person.save(update_fields=["user"])
    return user


def fresh(user: User) -> User:
    """The same person with the roles of this moment."""
    return User.objects.get(pk=user.pk)


def working_pair(mentor: Participant, mentees: list[Participant], people: Any, **more: Any) -> Pair:
    pair = form_pair(mentor, mentees, people.curator, **more)
    order = approved_order(mentor.organisation, people, f"пара {pair.pk}")
    Pair.objects.filter(pk=pair.pk).update(state=PairState.ACTIVE, order=order)
    return Pair.objects.get(pk=pair.pk)


def difficulty(person: Participant, code: str, **more: Any) -> BankCard:
    """A card of a mentee that names a difficulty."""
    card = BankCard.objects.create(participant=person, role="mentee", **more)
    card.difficulties.add(word("difficulty", code))
    return card


def empty(pair: Pair, people: Any) -> Programme:
    return create_programme(pair=pair, actor=people.curator)


def line(programme: Programme, people: Any, title: str = "Посетить урок", **more: Any) -> Activity:
    values: dict[str, Any] = {
        "section": 1,
        "title": title,
        "focus": programme.focuses.first(),
        "due_on": day(20),
        "planned_result": "разбор урока",
    }
    return add_activity(programme=programme, values={**values, **more}, actor=people.curator)


def drafted(pair: Pair, people: Any, lines: int = 3) -> Programme:
    """A draft with a difficulty and a line in each section, ready to be handed over."""
    programme = empty(pair, people)
    values = {"kind": Focus.Kind.DIFFICULTY, "entry": None, "text": "порядок на уроке"}
    add_focus(programme=programme, values=values, actor=people.curator)
    for number in range(lines):
        line(programme, people, f"Шаг {number + 1}", section=number % 3 + 1)
    return programme


def reviewed(pair: Pair, people: Any) -> Programme:
    programme = drafted(pair, people)
    submit_programme(programme=programme, actor=people.curator)
    return Programme.objects.get(pk=programme.pk)


def agree_everybody(programme: Programme, people: Any) -> None:
    marked = set(programme.marks.values_list("participant", flat=True))
    for person in programme.pair.people:
        if person.pk not in marked:
            record_mark(programme=programme, person=person, day=day(0), actor=people.curator)


def approved(pair: Pair, people: Any) -> Programme:
    programme = reviewed(pair, people)
    agree_everybody(programme, people)
    approve_programme(programme=programme, actor=people.director)
    return Programme.objects.get(pk=programme.pk)


def corrected(pair: Pair, people: Any) -> Programme:
    """A correction that has just been begun."""
    programme = approved(pair, people)
    amend_programme(programme=programme, reason="сдвинулись сроки", actor=people.curator)
    return Programme.objects.get(pk=programme.pk)


def in_state(state: str, pair: Pair, people: Any) -> Programme:
    """A programme in the state, over the services where they lead there."""
    if state == ProgrammeState.DRAFT:
        return drafted(pair, people)
    if state == ProgrammeState.REVIEW:
        programme = reviewed(pair, people)
        agree_everybody(programme, people)
        return programme
    programme = drafted(pair, people) if state == ProgrammeState.DROPPED else approved(pair, people)
    Programme.objects.filter(pk=programme.pk).update(state=state)
    return Programme.objects.get(pk=programme.pk)


def template(school: Organisation | None = None, **more: Any) -> ProgrammeTemplate:
    content = {
        "goal": "Освоиться",
        "tasks": "Узнать школу",
        "expected": "Уверенность",
        "frequency": "раз в неделю",
        "focuses": [
            {"kind": "difficulty", "code": "discipline", "text": "порядок и внимание на уроке"},
            {"kind": "strength", "code": "", "text": "открытость новому"},
        ],
        "lines": [
            {"section": 1, "week": 1, "focus": 0, "title": "Самодиагностика", "result": "список трудностей"},
            {"section": 3, "week": 20, "focus": 1, "title": "Открытый урок", "result": "отзывы"},
        ],
    }
    values: dict[str, Any] = {"title": "Первый год", "months": 12, "content": content, "code": "" if school else "x"}
    return ProgrammeTemplate.objects.create(organisation=school, **{**values, **more})


def header_values(programme: Programme, **more) -> dict:
    names = ("title", "request", "goal", "tasks", "expected", "mode", "frequency", "starts_on", "ends_on")
    values = {name: getattr(programme, name) for name in names}
    many = {name: list(getattr(programme, name).all()) for name in ("forms", "kinds", "directions")}
    return {**values, **many, **more}


def change(programme: Programme, people, **more) -> Programme:
    values = header_values(programme, **more)
    return change_header(programme=programme, values=values, seen=programme.revision, actor=people.curator)
