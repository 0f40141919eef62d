"""What tests of this app are built from: cards, consents, pairs, orders about them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from accounts.models import Organisation, User
from core.russian import name_forms
from mentorship.models import Consent, ConsentKind, DictionaryEntry, Pair, Participant, Post
from mentorship.services.consents import Signed, record_consent
from mentorship.services.pairs import PairPlan, create_pair
from orders.models import LocalAct, Order, OrderState, Series
from orders.services import approve_order, draft_order, submit_order


def day(offset: int) -> dt.date:
    """A day by its distance from today."""
    return timezone.localdate() + dt.timedelta(days=offset)


def grown_on(birthday: dt.date, years: int = 18) -> dt.date:
    """The date of birth of somebody who becomes so many years old on that day."""
    return birthday.replace(year=birthday.year - years, day=min(birthday.day, 28))


def card(school: Organisation, full_name: str, post: str = "учитель физики", **more: Any) -> Participant:
    surname, given_name, patronymic = full_name.split()
    gender = more.pop("gender", "f" if patronymic.endswith("на") else "m")
    person = Participant.objects.create(
        organisation=school,
        surname=surname,
        given_name=given_name,
        patronymic=patronymic,
        gender=gender,
        forms=name_forms(full_name, gender=gender),
        forms_checked=more.pop("forms_checked", True),
        **more,
    )
    if post:
        Post.objects.create(participant=person, title=post, starts_on=day(-400))
    return person


def word(dictionary: str, code: str) -> DictionaryEntry:
    return DictionaryEntry.objects.get(dictionary=dictionary, code=code, organisation=None)


def plan(mentor: Participant, mentees: list[Participant], **more: Any) -> PairPlan:
    values: dict[str, Any] = {
        "mentor": mentor,
        "mentees": mentees,
        "form": word("form", "teacher-young"),
        "kinds": [word("kind", "group" if len(mentees) > 1 else "traditional")],
        "direction": word("direction", "entering-profession"),
        "starts_on": day(-10),
        "ends_on": day(200),
    }
    return PairPlan(**{**values, **more})


def form_pair(mentor: Participant, mentees: list[Participant], actor: User, **more: Any) -> Pair:
    return create_pair(organisation=mentor.organisation, plan=plan(mentor, mentees, **more), actor=actor)


def agree(person: Participant, kind: str, actor: User, *, pair: Pair | None = None, **more: Any) -> Consent:
    values: dict[str, Any] = {"answer": "given", "signed_on": day(-20), "method": "paper", "original_place": "папка 1"}
    if kind == ConsentKind.DISSEMINATION:
        values |= {"shown": ["name", "post"], "resources": ["section"]}
    if kind == ConsentKind.MENTOR:
        values["terms"] = {"in_duties": True, "document": "трудовой договор № 1"}
    signed = Signed(**{**values, **more})
    return record_consent(participant=person, kind=kind, signed=signed, actor=actor, pair=pair)


def agree_all(pair: Pair, actor: User) -> None:
    """Every consent that the pair needs."""
    given = set(Consent.objects.filter(answer="given", withdrawn_on=None).values_list("participant", "kind", "pair"))
    wanted = [(person, ConsentKind.PROCESSING, None) for person in pair.people]
    wanted += [(pair.mentor, ConsentKind.MENTOR, None)]
    wanted += [(mentee, ConsentKind.PAIR, pair) for mentee in pair.mentees]
    for person, kind, to in wanted:
        if (person.pk, kind.value, to and to.pk) not in given:
            agree(person, kind, actor, pair=to)


def approved_order(school: Organisation, people: Any, number: str = "1") -> Order:
    """An approved order of no particular content, for rows that only need one."""
    series, _ = Series.objects.get_or_create(organisation=school, name="Приказы")
    return Order.objects.create(
        organisation=school,
        series=series,
        kind="pairs",
        title="О парах",
        params={"title": "О парах", "pairs": []},
        state=OrderState.APPROVED,
        drafted_by=people.curator,
        number=number,
        date=day(-100),
        year=day(-100).year,
        signer_name="Громова Елена Павловна",
        approved_by=people.director,
        approved_at=timezone.now(),
    )


def regulation(school: Organisation, people: Any, since: dt.date | None = None) -> LocalAct:
    """The Положение in force."""
    return LocalAct.objects.create(
        organisation=school,
        title="Положение о наставничестве",
        text="1. Общие положения",
        state=LocalAct.State.IN_FORCE,
        order=approved_order(school, people, "положение"),
        in_force_from=since or day(-90),
    )


def params(*pairs: Pair) -> dict[str, Any]:
    return {
        "title": "О закреплении наставнических пар",
        "purpose": "В целях поддержки педагогов",
        "basis": [],
        "control": "self",
        "effective_on": None,
        **{f"{who}_{part}": "" for who in ("responsible", "control") for part in ("name", "post", "gender")},
        "pairs": [pair.pk for pair in pairs],
    }


def draft(people: Any, *pairs: Pair) -> Order:
    organisation = pairs[0].organisation
    return draft_order(organisation=organisation, kind="pairs", params=params(*pairs), actor=people.curator)


def submitted(people: Any, *pairs: Pair) -> Order:
    """An order that waits for the head: the Положение is in force, every consent is given."""
    if not LocalAct.objects.filter(organisation=pairs[0].organisation).in_force().exists():
        regulation(pairs[0].organisation, people)
    for pair in pairs:
        agree_all(pair, people.curator)
    order = draft(people, *pairs)
    submit_order(order=order, actor=people.curator)
    return order


def approve(order: Order, people: Any, number: str = "71-б", on: dt.date | None = None) -> Order:
    approve_order(order=order, number=number, date=on or day(0), actor=people.director)
    return order
