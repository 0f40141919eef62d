"""The order that approves snapshots of the banks: what it says, what stands in its way, whom the public may see."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from accounts.models import User
from accounts.permissions import Role, today
from core.documents.stamps import Style
from core.russian import plural
from mentorship.models import BankRole, BankSnapshot, Participant
from mentorship.models.federal import NAME, TITLES
from mentorship.models.snapshots import present_keys, withdrawn_in
from mentorship.order_kinds.pairs import facts_of as person_words
from mentorship.order_kinds.pairs import nameless
from mentorship.services.snapshots import approve_snapshots, hold_snapshots, let_snapshots_go, note_cancelled
from orders.kinds import Facts, OrderKind, register
from orders.models import Order, OrderState, letterhead_of
from orders.services.facts import Overrides, overrides_for, person_facts

NOT_CHOSEN = "Выберите снимки, которые утверждает приказ."
PERSON = ("человек", "человека", "человек")
# What of the federal form the appendix prints beside the name and the post; contacts never.
PRINTED = {
    BankRole.MENTOR: ["Основные компетенции наставника", "Ресурс времени на программу наставничества"],
    BankRole.MENTEE: ["Основной запрос наставляемого"],
}
CAPTIONS = {
    BankRole.MENTOR: ["Основные компетенции", "Ресурс времени"],
    BankRole.MENTEE: ["Основной запрос"],
}


def chosen(order: Order) -> list[BankSnapshot]:
    """The snapshots named in the draft: the bank of mentors first, the oldest first."""
    rows = BankSnapshot.objects.filter(organisation=order.organisation_id, pk__in=order.params.get("snapshots", []))
    return list(rows.select_related("order").order_by("-role", "as_of", "pk"))


def bank_facts(order: Order) -> Facts:
    """`banks` — {id, title, role, number of the appendix, as_of «01.09.2026», size «23 человека», captions, rows}.

    A row: {person (as `person_facts`), cells: texts under the captions}. `people` are those whom the order obliges
    and who sign that they have read it: not the listed, who may be hundreds and are only counted and described.
    """
    snapshots, readers = chosen(order), keepers(order)
    people = people_of(order, snapshots)
    words = [row[NAME] for one in snapshots for row in one.rows]
    words += [person["post"] for one in snapshots for person in one.people]
    words += [word for person in readers for word in (person.full_name, person.post)]
    overrides = overrides_for(words)
    return {
        "people": [person_words(person, overrides) for person in readers],
        "banks": [facts_of(one, number, people, overrides) for number, one in enumerate(snapshots, 1)],
        "stamp": str(letterhead_of(order.organisation).stamp),
    }


def keepers(order: Order) -> list[Participant]:
    """Who keeps the banks: the curators, unless the order charges somebody whom the common facts name already."""
    if order.params.get("responsible_name"):
        return []
    curators = User.objects.with_role(order.organisation_id, Role.CURATOR)
    cards = Participant.objects.filter(organisation=order.organisation_id, user__in=curators)
    return list(cards.present().by_name().with_posts())


def people_of(order: Order, snapshots: Iterable[BankSnapshot]) -> dict[int, Participant]:
    """The cards of today by the keys that the snapshots name; two queries."""
    keys = present_keys(order.organisation_id, (person["number"] for one in snapshots for person in one.people))
    loaded = Participant.objects.in_bulk(set(keys.values()))
    return {key: loaded[pk] for key, pk in keys.items() if pk in loaded}


def facts_of(
    snapshot: BankSnapshot, number: int, people: dict[int, Participant], overrides: Overrides
) -> dict[str, Any]:
    role = BankRole(snapshot.role)
    places = [snapshot.columns.index(title) for title in PRINTED[role] if title in snapshot.columns]
    return {
        "id": snapshot.pk,
        "title": TITLES[role],
        "role": role.value,
        "number": number,
        "as_of": f"{snapshot.as_of:%d.%m.%Y}",
        "size": plural(len(snapshot.rows), *PERSON),
        "captions": CAPTIONS[role],
        "rows": [
            {
                "person": listed(row[NAME], person, people.get(person["number"]), overrides),
                "cells": [row[place] for place in places],
            }
            for row, person in zip(snapshot.rows, snapshot.people, strict=True)
        ],
    }


def listed(name: str, person: dict[str, Any], card: Participant | None, overrides: Overrides) -> dict[str, Any]:
    """The person under the name of the snapshot; its kept forms are the card's only while the name is the same."""
    forms = card.forms if card is not None and card.full_name == name else None
    gender = card.gender if card is not None else ""
    number = card.pk if card is not None else person["number"]
    return person_facts(name, gender, person["post"], forms=forms, overrides=overrides, number=number)


def bank_obstacles(order: Order) -> list[str]:
    """Everything that forbids the order: no snapshots, empty ones, another order, somebody who withdrew since."""
    snapshots = chosen(order)
    if not snapshots:
        return [NOT_CHOSEN]
    return [fault for one in snapshots for fault in snapshot_obstacles(order, one)]


def snapshot_obstacles(order: Order, snapshot: BankSnapshot) -> list[str]:
    if snapshot.order is not None and snapshot.order_id != order.pk:
        state = "уже утверждён" if snapshot.order.state == OrderState.APPROVED else "держит другой приказ"
        return [f"{snapshot}: {state} ({snapshot.order}). Уберите его из этого приказа."]
    if not snapshot.rows:
        return [f"{snapshot}: в снимке нет ни одной строки. Составьте новый."]
    if order.date is not None and order.date < snapshot.as_of:
        return [f"{snapshot}: приказ не может быть датирован раньше снимка."]
    gone = withdrawn_in(snapshot, today())
    names = [row[NAME] for row, person in zip(snapshot.rows, snapshot.people, strict=True) if person["number"] in gone]
    words = "больше нет согласия на обработку данных. Составьте новый снимок и выберите его."
    return [f"{snapshot}: {', '.join(names)} — {words}"] if names else []


def bank_lock(order: Order) -> None:
    """People first, then snapshots: whoever withdraws a consent waits, or we do."""
    snapshots = chosen(order)
    list(Participant.objects.locked().filter(pk__in=[card.pk for card in people_of(order, snapshots).values()]))
    list(BankSnapshot.objects.locked().filter(pk__in=[one.pk for one in snapshots]))


def bank_hold(order: Order) -> None:
    hold_snapshots(order=order, numbers=order.params.get("snapshots", []))


def bank_apply(order: Order, actor: Any) -> None:
    """Nothing but the order itself says that a bank is approved; asked again with the date of the order."""
    approve_snapshots(order=order, snapshots=chosen(order), obstacles=bank_obstacles(order), actor=actor)


def bank_release(order: Order, actor: Any) -> None:
    let_snapshots_go(order=order, snapshots=list(order.bank_snapshots.all()), actor=actor)


def bank_close(order: Order, since: dt.date, actor: Any) -> None:
    note_cancelled(order=order, snapshots=list(order.bank_snapshots.all()), since=since, actor=actor)


def bank_closing(order: Order, since: dt.date) -> list[str]:
    return [
        f"{one} больше не будет утверждённым. Чтобы утвердить банк, составьте новый снимок."
        for one in order.bank_snapshots.order_by("-role", "as_of", "pk")
    ]


def bank_effects(order: Order) -> list[str]:
    return [
        f"{one} станет утверждённым: {plural(len(one.rows), *PERSON)}. Снимок больше нельзя удалить."
        for one in chosen(order)
    ]


def bank_redact(facts: Facts, shown: frozenset[int]) -> Facts:
    """Only those of `shown` are named, and of nobody more than the name and the post: the rest is about needs."""
    banks = [
        {
            **bank,
            "captions": [],
            "rows": [{"person": shown_person(row, bank, shown), "cells": []} for row in bank["rows"]],
        }
        for bank in facts["banks"]
    ]
    people = [one if one["number"] in shown else nameless("curator") for one in facts["people"]]
    return {**facts, "people": people, "banks": banks}


def shown_person(row: dict[str, Any], bank: dict[str, Any], shown: frozenset[int]) -> dict[str, Any]:
    person: dict[str, Any] = row["person"]
    return person if person["number"] in shown else nameless(bank["role"])


def bank_sample() -> Facts:
    """Two invented banks."""
    mentors = [
        ("Верескова Алла Петровна", "f", "учитель математики", ["методика преподавания предмета", "2 часа в неделю"]),
        ("Рябинин Пётр Сергеевич", "m", "заместитель директора", ["классное руководство", "вторник после 14:00"]),
    ]
    mentees = [("Ольхин Борис Викторович", "m", "учитель физики", ["Дисциплина на уроке"])]

    def sample_bank(role: BankRole, number: int, people: Sequence[tuple[str, str, str, list[str]]]) -> dict[str, Any]:
        return {
            "id": number,
            "title": TITLES[role],
            "role": role.value,
            "number": number,
            "as_of": "01.09.2026",
            "size": plural(len(people), *PERSON),
            "captions": CAPTIONS[role],
            "rows": [
                {"person": person_facts(name, gender, post, number=10 * number + place), "cells": cells}
                for place, (name, gender, post, cells) in enumerate(people)
            ],
        }

    curator = person_facts("Калинина Дарья Андреевна", "f", "заместитель директора", number=1)
    banks = [sample_bank(BankRole.MENTOR, 1, mentors), sample_bank(BankRole.MENTEE, 2, mentees)]
    return {"people": [curator], "banks": banks, "stamp": Style.BY_ORDER.value}


register(
    OrderKind(
        code="bank",
        title="Утверждение банков наставников и наставляемых",
        form="mentorship.forms.federal.BankOrderForm",
        facts=bank_facts,
        sample=bank_sample,
        obstacles=bank_obstacles,
        hold=bank_hold,
        lock=bank_lock,
        apply=bank_apply,
        release=bank_release,
        close=bank_close,
        closing=bank_closing,
        effects=bank_effects,
        redact=bank_redact,
    )
)
