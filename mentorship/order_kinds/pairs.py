"""The order that fixes pairs: what it says of them, what stands in its way, what its approval changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.permissions import today
from core.russian import Case
from mentorship.models import (
    ORDER,
    PURPOSES,
    ConsentKind,
    Need,
    Pair,
    PairState,
    Participant,
    addendum_obstacles,
    addendum_warnings,
    consents_of,
    needs_of,
)
from mentorship.models.needs import ConsentsByPurpose
from mentorship.services.pairs import bring_into_force, end_pairs, hold_pairs, last_day_before, let_go
from orders.kinds import Facts, OrderKind, register
from orders.models import LocalAct, Order
from orders.services.facts import Overrides, overrides_for, person_facts
from orders.services.words import NAME_UNREAD

NO_REGULATION = "Положение о наставничестве на {day:%d.%m.%Y} не введено в действие: сначала утвердите приказ о нём."
NOT_CHOSEN = "Выберите пары, которые закрепляет приказ."
REPLACES = "{title}: здесь меняется наставник. Уберите пару и составьте приказ о замене с её страницы."
# Six cases of what stands instead of a name.
WORDS = {
    "mentor": ("наставник", "наставника", "наставнику", "наставника", "наставником", "наставнике"),
    "curator": ("куратор", "куратора", "куратору", "куратора", "куратором", "кураторе"),
    "member": ("участник", "участника", "участнику", "участника", "участником", "участнике"),
    "mentee": ("наставляемый", "наставляемого", "наставляемому", "наставляемого", "наставляемым", "наставляемом"),
}


def chosen(order: Order) -> list[Pair]:
    """The pairs named in the draft, in the order of their keys, with everything that the facts need."""
    rows = Pair.objects.filter(organisation=order.organisation_id, pk__in=order.params.get("pairs", []))
    return list(
        rows.order_by("pk")
        .select_related("order", "form", "direction", "mentor", "replaces__mentor", "replaces__order")
        .prefetch_related("kinds", "members__mentee")
    )


def people_of(pairs: Iterable[Pair]) -> dict[int, Participant]:
    """Everybody in the pairs once, with posts; pk → person, in the order of the paper; two queries."""
    order = dict.fromkeys(person.pk for pair in pairs for person in pair.people)
    loaded = {person.pk: person for person in Participant.objects.filter(pk__in=order).with_posts()}
    return {pk: loaded[pk] for pk in order}


def pairs_facts(order: Order) -> Facts:
    """`people` — everybody once; `pairs` — {id, mentor, mentees, form, kinds, direction, starts_on, ends_on, basis}.

    Dates are «01.09.2026»; `basis` lists the consents: {number, who, what, date}.
    """
    pairs = chosen(order)
    people = people_of(pairs)
    overrides = overrides_for([word for person in people.values() for word in (person.full_name, person.post)])
    said = {pk: facts_of(person, overrides) for pk, person in people.items()}
    consents = consents_of(people.values())
    return {"people": list(said.values()), "pairs": [pair_facts(pair, said, consents) for pair in pairs]}


def facts_of(person: Participant, overrides: Overrides) -> dict[str, Any]:
    return person_facts(
        person.full_name, person.gender, person.post, forms=person.forms, overrides=overrides, number=person.pk
    )


def pair_facts(pair: Pair, said: dict[int, dict[str, Any]], consents: ConsentsByPurpose) -> dict[str, Any]:
    return {
        "id": pair.pk,
        "mentor": said[pair.mentor_id],
        "mentees": [said[mentee.pk] for mentee in pair.mentees],
        "form": pair.form.title,
        "kinds": [kind.title for kind in pair.kinds.all()],
        "direction": pair.direction.title,
        "starts_on": f"{pair.starts_on:%d.%m.%Y}",
        "ends_on": f"{pair.ends_on:%d.%m.%Y}",
        "basis": list(basis_of(pair, consents)),
    }


def basis_of(pair: Pair, consents: ConsentsByPurpose) -> Iterable[dict[str, Any]]:
    """The written consents to work together that are live today."""
    wanted: list[tuple[Participant, ConsentKind, int | None]] = [(pair.mentor, ConsentKind.MENTOR, None)]
    wanted += [(mentee, ConsentKind.PAIR, pair.pk) for mentee in pair.mentees]
    for person, kind, number in wanted:
        live = [one for one in consents.get((person.pk, kind, number), []) if one.is_live_on(today())]
        if live:
            day = f"{live[0].signed_on:%d.%m.%Y}"
            yield {"number": person.pk, "who": person.short_name, "what": PURPOSES[kind], "date": day}


def pairs_obstacles(order: Order) -> list[str]:
    """Everything that forbids the order on its date (today while it has none), naming people and consents."""
    day, pairs = order.date or today(), chosen(order)
    if not pairs:
        return [NOT_CHOSEN]
    found = regulation_obstacles(order, day)
    for pair in pairs:
        found += holding_obstacles(order, pair) + [f"{pair.title}: {fault}" for fault in pair.faults()]
        found += [REPLACES.format(title=pair.title)] if pair.replaces_id else []
    missing: Iterable[Sequence[Need]] = needs_of(pairs, day).values()
    found += [need.text for needs in missing for need in needs if need.what != ORDER]
    found += name_obstacles(people_of(pairs).values())
    found += addendum_obstacles(order.organisation, pairs, day)
    return list(dict.fromkeys(found))


def regulation_obstacles(order: Order, day: dt.date) -> list[str]:
    acts = LocalAct.objects.filter(organisation=order.organisation_id, kind=LocalAct.Kind.REGULATION)
    return [] if acts.in_force(day).exists() else [NO_REGULATION.format(day=day)]


def holding_obstacles(order: Order, pair: Pair) -> list[str]:
    """Why this order may not speak of the pair: its state, another order, changes since the text was frozen."""
    if pair.state != PairState.FORMING:
        return [f"{pair.title}: состояние — «{pair.get_state_display()}». Уберите эту пару из приказа."]
    if pair.order_id != order.pk:
        return [f"{pair.title}: пару держит другой приказ. Уберите её из этого или из того проекта."]
    if not order.is_editable and not is_as_written(order, pair):
        return [f"{pair.title}: пара изменилась после передачи приказа. Верните его, чтобы обновить текст."]
    return []


def is_as_written(order: Order, pair: Pair) -> bool:
    """Whether the frozen facts still say what the pair is."""
    written = next((one for one in order.facts.get("pairs", []) if one["id"] == pair.pk), None)
    return written is not None and (
        written["mentor"]["number"],
        [mentee["number"] for mentee in written["mentees"]],
        written["direction"],
        written["starts_on"],
        written["ends_on"],
    ) == (
        pair.mentor_id,
        [mentee.pk for mentee in pair.mentees],
        pair.direction.title,
        f"{pair.starts_on:%d.%m.%Y}",
        f"{pair.ends_on:%d.%m.%Y}",
    )


def name_obstacles(people: Iterable[Participant]) -> list[str]:
    return [NAME_UNREAD.format(name=person.full_name) for person in people if person.form_doubts]


def pairs_lock(order: Order) -> None:
    """People first, then pairs, each in the order of their keys: whoever withdraws a consent waits, or we do."""
    pairs = chosen(order)
    people = {person.pk for pair in pairs for person in pair.people}
    list(Participant.objects.locked().filter(pk__in=people))
    list(Pair.objects.locked().filter(pk__in=[pair.pk for pair in pairs]))


def pairs_hold(order: Order) -> None:
    hold_pairs(order=order, numbers=order.params.get("pairs", []))


def pairs_apply(order: Order, actor: Any) -> None:
    """Bring the pairs into force. Asked again with the date of the order: consents must not be younger than it."""
    bring_into_force(order=order, pairs=chosen(order), obstacles=pairs_obstacles(order), actor=actor)


def pairs_release(order: Order, actor: Any) -> None:
    let_go(order=order, pairs=list(order.pairs.all()), actor=actor)


def pairs_close(order: Order, since: dt.date, actor: Any) -> None:
    end_pairs(order=order, since=since, by=f"приказ {order.requisites} отменён", actor=actor)


def pairs_closing(order: Order, since: dt.date) -> list[str]:
    return [
        f"Пара {pair.title} прекратится {last_day_before(pair, since):%d.%m.%Y}."
        for pair in order.pairs.filter(state=PairState.ACTIVE, ends_on__gte=since).for_cards()
    ]


def pairs_effects(order: Order) -> list[str]:
    found = [
        f"Пара {pair.title} начнёт работу с {pair.starts_on:%d.%m.%Y} и будет действовать по {pair.ends_on:%d.%m.%Y}."
        for pair in chosen(order)
    ]
    warnings = addendum_warnings(chosen(order), order.date or today())
    return [*found, *warnings, "Наставники и наставляемые получат письма."]


def pairs_redact(facts: Facts, shown: frozenset[int]) -> Facts:
    """The facts without the names of those who are not among `shown`; «наставник», «наставляемый» instead."""
    leading = {pair["mentor"]["number"] for pair in facts["pairs"]}
    kept = {}
    for person in facts["people"]:
        number = person["number"]
        kept[number] = person if number in shown else nameless("mentor" if number in leading else "mentee")
    pairs = [
        {
            **pair,
            "mentor": kept[pair["mentor"]["number"]],
            "mentees": [kept[mentee["number"]] for mentee in pair["mentees"]],
            "basis": [
                {**one, "who": kept[one["number"]]["short"]["nominative"], "number": kept[one["number"]]["number"]}
                for one in pair["basis"]
            ],
        }
        for pair in facts["pairs"]
    ]
    return {**facts, "people": [kept[person["number"]] for person in facts["people"]], "pairs": pairs}


def nameless(role: str) -> dict[str, Any]:
    """A person whose name may not be shown."""
    words = dict(zip((case.value for case in Case), WORDS[role], strict=True))
    return {
        "number": None,
        "gender": "",
        "full": words,
        "short": words,
        "signature": WORDS[role][0],
        "post": {case.value: "" for case in Case},
    }


def pairs_sample() -> Facts:
    """Two invented pairs, the second a group."""
    people = [
        person_facts("Верескова Алла Петровна", "f", "учитель математики", number=1),
        person_facts("Ольхин Борис Викторович", "m", "учитель физики", number=2),
        person_facts("Рябинин Пётр Сергеевич", "m", "заместитель директора", number=3),
        person_facts("Калинина Дарья Андреевна", "f", "учитель начальных классов", number=4),
        person_facts("Осокина Мария Ильинична", "f", "учитель музыки", number=5),
    ]

    def sample_pair(number: int, members: Sequence[dict[str, Any]], form: str, kind: str) -> dict[str, Any]:
        purposes = ["работа наставником"] + ["участие в паре"] * (len(members) - 1)
        return {
            "id": number,
            "mentor": members[0],
            "mentees": list(members[1:]),
            "form": form,
            "kinds": [kind],
            "direction": "вхождение в профессию",
            "starts_on": "01.09.2026",
            "ends_on": "31.05.2027",
            "basis": [
                {"number": one["number"], "who": one["short"]["nominative"], "what": what, "date": "28.08.2026"}
                for one, what in zip(members, purposes, strict=True)
            ],
        }

    return {
        "people": people,
        "pairs": [
            sample_pair(1, people[:2], "педагог – молодой педагог", "традиционное (один на один)"),
            sample_pair(2, people[2:], "руководитель – педагог", "групповое"),
        ],
    }


register(
    OrderKind(
        code="pairs",
        title="Закрепление наставнических пар",
        form="mentorship.forms.orders.PairsOrderForm",
        facts=pairs_facts,
        sample=pairs_sample,
        obstacles=pairs_obstacles,
        hold=pairs_hold,
        lock=pairs_lock,
        apply=pairs_apply,
        release=pairs_release,
        close=pairs_close,
        closing=pairs_closing,
        effects=pairs_effects,
        redact=pairs_redact,
    )
)
