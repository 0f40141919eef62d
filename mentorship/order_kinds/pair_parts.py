"""What the orders about working pairs share: who stands in their facts, what stands in their way, names taken out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

from mentorship.models import Notice, Pair, PairState, Participant, earliest_end
from mentorship.order_kinds.pairs import facts_of, nameless, people_of
from orders.kinds import Facts
from orders.models import Order
from orders.services.facts import overrides_for, person_facts

NOT_WORKING = "{title}: состояние — «{state}». Уберите эту пару из приказа."
CHANGED = "{title}: пара изменилась после передачи приказа. Верните его, чтобы обновить текст."
TOO_EARLY = (
    "{name}: уведомление дано {given:%d.%m.%Y}, по статье 351.8 последний день работы — не раньше {day:%d.%m.%Y}. "
    "Исправьте день в данных приказа."
)
Said = dict[int, dict[str, Any]]


def iso_day(text: str | None) -> dt.date | None:
    """A day as the params keep it."""
    return dt.date.fromisoformat(text) if text else None


def working_pairs(order: Order, name: str = "pairs") -> list[Pair]:
    """The pairs that the draft names, whatever their state, by key, with everything that the facts need."""
    rows = Pair.objects.filter(organisation=order.organisation_id, pk__in=order.params.get(name) or [])
    return list(rows.order_by("pk").select_related("order", "direction").for_cards())


def said_of(people: Mapping[int, Participant]) -> Said:
    """Everybody in the words of an order; pk → facts."""
    overrides = overrides_for([word for person in people.values() for word in (person.full_name, person.post)])
    return {pk: facts_of(person, overrides) for pk, person in people.items()}


def said_in(pairs: Iterable[Pair]) -> Said:
    return said_of(people_of(pairs))


def line_of(pair: Pair, said: Said) -> dict[str, Any]:
    """{id, mentor, mentees, direction, fixed «от 01.09.2026 № 5», starts_on, ends_on}: a pair in an order about it."""
    return {
        "id": pair.pk,
        "mentor": said[pair.mentor_id],
        "mentees": [said[mentee.pk] for mentee in pair.mentees],
        "direction": pair.direction.title,
        "fixed": pair.order.requisites if pair.order else "",
        "starts_on": f"{pair.starts_on:%d.%m.%Y}",
        "ends_on": f"{pair.ends_on:%d.%m.%Y}",
    }


def sample_line(number: int, people: list[dict[str, Any]], **more: Any) -> dict[str, Any]:
    return {
        "id": number,
        "mentor": people[0],
        "mentees": people[1:],
        "direction": "вхождение в профессию",
        "fixed": "от 31.08.2026 № 58-од",
        "starts_on": "01.09.2026",
        "ends_on": "31.05.2027",
        **more,
    }


def sample_people() -> list[dict[str, Any]]:
    return [
        person_facts("Верескова Алла Петровна", "f", "учитель математики", number=1),
        person_facts("Ольхин Борис Викторович", "m", "учитель физики", number=2),
        person_facts("Рябинин Пётр Сергеевич", "m", "учитель информатики", number=3),
        person_facts("Осокина Мария Ильинична", "f", "учитель музыки", number=4),
    ]


def state_obstacles(order: Order, pair: Pair) -> list[str]:
    """Only a working pair stands in such an order, as it was when the text was frozen."""
    if pair.state != PairState.ACTIVE:
        return [NOT_WORKING.format(title=pair.title, state=pair.get_state_display())]
    if order.is_editable:
        return []
    written = next((one for one in order.facts.get("pairs", []) if one["id"] == pair.pk), None)
    same = written is not None and written["ends_on"] == f"{pair.ends_on:%d.%m.%Y}"
    return [] if same else [CHANGED.format(title=pair.title)]


def notice_obstacles(pair: Pair, last_day: dt.date) -> list[str]:
    """A mentor who has given or got a notice works at least three working days more."""
    rows = Notice.objects.standing().filter(participant=pair.mentor_id)
    return [
        TOO_EARLY.format(name=pair.mentor.short_name, given=one.given_on, day=earliest_end(one.given_on))
        for one in rows
        if one.covers(pair) and last_day < earliest_end(one.given_on)
    ]


def lock_pairs(pairs: Iterable[Pair], more: Iterable[int] = ()) -> None:
    """People first, then pairs, each in the order of their keys; `more` are keys of further people."""
    pairs = list(pairs)
    people = {person.pk for pair in pairs for person in pair.people} | set(more)
    list(Participant.objects.locked().filter(pk__in=people))
    list(Pair.objects.locked().filter(pk__in=[pair.pk for pair in pairs]))


def leading_in(facts: Facts, *names: str) -> dict[int, str]:
    """Which word stands for whom where the name may not be shown: number → role; whoever is not named is a mentee."""
    return {pair[name]["number"]: "mentor" for pair in facts["pairs"] for name in names if pair.get(name)}


def hide(value: Any, shown: frozenset[int], roles: Mapping[int, str], other: str = "mentee") -> Any:
    """The same facts without the names of those who are not among `shown`, however deep they stand."""
    if isinstance(value, dict):
        if "signature" in value and "full" in value:
            number = value.get("number")
            return value if number is None or number in shown else nameless(roles.get(number, other))
        return {key: hide(one, shown, roles, other) for key, one in value.items()}
    return [hide(one, shown, roles, other) for one in value] if isinstance(value, list) else value


def hide_pair_people(facts: Facts, shown: frozenset[int]) -> Facts:
    """Redaction of facts whose people stand in `people` and `pairs`; the signer is nobody's business but the head's."""
    roles = leading_in(facts, "mentor", "previous", "substitute")
    return {key: hide(value, shown, roles) if key in ("people", "pairs") else value for key, value in facts.items()}
