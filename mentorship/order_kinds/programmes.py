"""The order that approves programmes, first versions and corrected ones: what it says, what its approval changes."""

from __future__ import annotations

import datetime as dt
from typing import Any

from accounts.permissions import permit
from core.transitions import Refused
from mentorship.models import Pair, Participant, Programme, ProgrammeState
from mentorship.models.programme_rules import approval_obstacles
from mentorship.order_kinds.pairs import facts_of, name_obstacles, nameless, people_of
from mentorship.services.programme_orders import hold_programmes, let_programmes_go
from mentorship.services.programme_review import bring_into_force
from mentorship.services.programmes import complete_rows
from orders.kinds import Facts, OrderKind, register
from orders.models import Order
from orders.services.facts import overrides_for, person_facts

NOT_CHOSEN = "Выберите программы, которые утверждает приказ."
NOT_IN_REVIEW = "«{title}»: состояние — «{state}». Уберите эту программу из приказа."
TAKEN = "«{title}»: программу держит другой приказ. Уберите её из этого или из того проекта."
CHANGED = "«{title}»: программу передавали на согласование ещё раз. Верните приказ, чтобы обновить его."


def chosen(order: Order) -> list[Programme]:
    """The programmes named in the draft, in the order of their keys, with everything that the facts need."""
    rows = Programme.objects.filter(organisation=order.organisation_id, pk__in=order.params.get("programmes", []))
    related = rows.order_by("pk").select_related("pair__mentor", "organisation", "draft_order")
    return list(related.prefetch_related("pair__members__mentee", "forms", "directions"))


def facts(order: Order) -> Facts:
    """`people` — everybody once; `programmes` — {id, title, version, mentor, mentees, forms, directions, starts_on,
    ends_on, handed}; `version` is the one to be approved, `handed` the moment of the text that was agreed."""
    programmes = chosen(order)
    people = people_of([one.pair for one in programmes])
    overrides = overrides_for([word for person in people.values() for word in (person.full_name, person.post)])
    said = {pk: facts_of(person, overrides) for pk, person in people.items()}
    return {"people": list(said.values()), "programmes": [programme_facts(one, said) for one in programmes]}


def programme_facts(programme: Programme, said: dict[int, dict[str, Any]]) -> dict[str, Any]:
    return {
        "id": programme.pk,
        "title": programme.title,
        "version": programme.version + 1,
        "mentor": said[programme.pair.mentor_id],
        "mentees": [said[mentee.pk] for mentee in programme.pair.mentees],
        "forms": [one.title for one in programme.forms.all()],
        "directions": [one.title for one in programme.directions.all()],
        "starts_on": f"{programme.starts_on:%d.%m.%Y}",
        "ends_on": f"{programme.ends_on:%d.%m.%Y}",
        "handed": handed(programme),
    }


def handed(programme: Programme) -> str:
    return programme.submitted_at.isoformat() if programme.submitted_at else ""


def obstacles(order: Order) -> list[str]:
    programmes = chosen(order)
    if not programmes:
        return [NOT_CHOSEN]
    found: list[str] = []
    for one in programmes:
        held = holding_obstacles(order, one)
        found += held or [f"«{one.title}»: {words}" for words in approval_obstacles(one)]
    found += name_obstacles(people_of([one.pair for one in programmes]).values())
    return list(dict.fromkeys(found))


def holding_obstacles(order: Order, programme: Programme) -> list[str]:
    """Why this order may not speak of the programme: its state, another order, a text agreed anew since."""
    if programme.state != ProgrammeState.REVIEW:
        return [NOT_IN_REVIEW.format(title=programme.title, state=programme.get_state_display())]
    if programme.draft_order_id != order.pk:
        return [TAKEN.format(title=programme.title)]
    written = [one["handed"] for one in order.facts.get("programmes", []) if one["id"] == programme.pk]
    if not order.is_editable and written != [handed(programme)]:
        return [CHANGED.format(title=programme.title)]
    return []


def lock(order: Order) -> None:
    """People, pairs, programmes, each in the order of their keys."""
    programmes = chosen(order)
    people = {person.pk for one in programmes for person in one.pair.people}
    list(Participant.objects.locked().filter(pk__in=people))
    list(Pair.objects.locked().filter(pk__in=[one.pair_id for one in programmes]))
    list(Programme.objects.locked().filter(pk__in=[one.pk for one in programmes]))


def hold(order: Order) -> None:
    hold_programmes(order=order, numbers=order.params.get("programmes", []))


def apply(order: Order, actor: Any) -> None:
    """Approve the programmes with the date of the order."""
    permit(actor, "orders.order.approve", order)
    if order.date is None:
        raise Refused(["У приказа нет даты."])
    for programme in chosen(order):
        bring_into_force(programme, day=order.date, actor=actor, order=order)


def release(order: Order, actor: Any) -> None:
    let_programmes_go(order=order, programmes=Programme.objects.filter(draft_order=order), actor=actor)


def close(order: Order, since: dt.date, actor: Any) -> None:
    """Programmes in force by the order are completed: without an approval nobody works by them."""
    day = since - dt.timedelta(days=1)
    reason = f"Программа завершена: приказ {order.requisites} отменён."
    complete_rows(Programme.objects.locked().filter(order=order).in_force(), day=day, reason=reason, actor=actor)


def closing(order: Order, since: dt.date) -> list[str]:
    day = since - dt.timedelta(days=1)
    rows = Programme.objects.filter(order=order).in_force().select_related("pair__mentor")
    return [f"Программа «{one.title}» ({one.pair.title}) завершится {day:%d.%m.%Y}." for one in rows]


def effects(order: Order) -> list[str]:
    found = []
    for one in chosen(order):
        word = "начнёт действовать" if not one.version else f"начнёт действовать в редакции {one.version + 1}"
        found.append(f"Программа «{one.title}» ({one.pair.title}) {word}.")
    return [*found, "Наставники и наставляемые получат письма."]


def redact(facts: Facts, shown: frozenset[int]) -> Facts:
    """The facts without the names of those who are not among `shown`."""
    leading = {one["mentor"]["number"] for one in facts["programmes"]}
    kept = {
        person["number"]: person
        if person["number"] in shown
        else nameless("mentor" if person["number"] in leading else "mentee")
        for person in facts["people"]
    }
    programmes = [
        {
            **one,
            "mentor": kept[one["mentor"]["number"]],
            "mentees": [kept[mentee["number"]] for mentee in one["mentees"]],
        }
        for one in facts["programmes"]
    ]
    return {**facts, "people": [kept[person["number"]] for person in facts["people"]], "programmes": programmes}


def sample() -> Facts:
    """Two invented programmes: a new one and a corrected one of a group."""
    people = [
        person_facts("Верескова Алла Петровна", "f", "учитель математики", number=1),
        person_facts("Ольхин Борис Викторович", "m", "учитель физики", number=2),
        person_facts("Рябинин Пётр Сергеевич", "m", "заместитель директора", number=3),
        person_facts("Калинина Дарья Андреевна", "f", "учитель начальных классов", number=4),
        person_facts("Осокина Мария Ильинична", "f", "учитель музыки", number=5),
    ]

    def one(number: int, members: list[dict[str, Any]], title: str, version: int) -> dict[str, Any]:
        return {
            "id": number,
            "title": title,
            "version": version,
            "mentor": members[0],
            "mentees": members[1:],
            "forms": ["педагог – молодой педагог"],
            "directions": ["вхождение в профессию"],
            "starts_on": "01.09.2026",
            "ends_on": "31.05.2027",
            "handed": "",
        }

    return {
        "people": people,
        "programmes": [one(1, people[:2], "Первый год в школе", 1), one(2, people[2:], "Урок без спешки", 2)],
    }


register(
    OrderKind(
        code="programmes",
        title="Утверждение персонализированных программ",
        form="mentorship.forms.programme_orders.ProgrammesOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        hold=hold,
        lock=lock,
        apply=apply,
        release=release,
        close=close,
        closing=closing,
        effects=effects,
        redact=redact,
    )
)
