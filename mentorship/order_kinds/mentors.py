"""The order that appoints mentors: on whose consent and on what terms, what stands in its way, what it changes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from accounts.permissions import today
from core.russian import plural
from mentorship.models import (
    APPOINTING,
    EMPLOYEES,
    STANDING,
    Appointment,
    BankCard,
    BankState,
    Consent,
    ConsentKind,
    Pair,
    Participant,
    appointments_of,
    consents_of,
)
from mentorship.models.needs import ConsentsByPurpose, consent_check
from mentorship.models.participants import here_on
from mentorship.models.snapshots import present_keys
from mentorship.order_kinds.curator import first_day
from mentorship.order_kinds.pairs import facts_of, name_obstacles, nameless
from mentorship.services.appointments import appoint_mentors, end_appointments
from mentorship.services.consent_papers import TERM_WORDS, term_faults
from orders.kinds import Facts, OrderKind, register
from orders.models import Order
from orders.services.facts import day_words, overrides_for, person_facts

CODE = APPOINTING
# So many are named in the text itself; more stand in the appendix only.
MOST_IN_THE_TEXT = 15
TALKED = frozenset({BankState.SELECTED, BankState.TRAINED})
NOT_CHOSEN = "Отметьте, кого назначить наставником."
GONE = "Кого-то из выбранных людей в портале больше нет: откройте «Изменить данные» и отметьте наставников заново."
BACKWARDS = "Срок назначения заканчивается раньше, чем начинается: исправьте его в данных приказа."
LEFT = "{name}: последний день в организации — {day:%d.%m.%Y}. Уберите этого человека из приказа."
NOT_IN_BANK = "{name}: нет в банке наставников. Внесите в банк или уберите из приказа."
NOT_STANDING = "{name}: состояние карточки в банке наставников — «{state}». Внесите в банк или уберите из приказа."
NOT_TALKED = "{name}: собеседование не пройдено. Запишите его итог или уберите этого человека из приказа."
NO_TERMS = (
    "{name}: в согласии работать наставником не названы условия по статье 351.8 Трудового кодекса ({what}). "
    "Запишите новое согласие."
)
APPOINTED = "{name}: наставником уже назначает приказ {order}, {term}. Уберите из этого или отмените тот."
CHANGED = "{name}: согласие или его условия изменились после передачи приказа. Верните его, чтобы обновить текст."
PEOPLE = ("человек", "человека", "человек")


def chosen(order: Order) -> list[Participant]:
    """The people named in the draft, by name, with posts and logins."""
    rows = Participant.objects.filter(organisation=order.organisation_id, pk__in=order.params.get("people", []))
    return list(rows.by_name().with_posts().select_related("user"))


def last_day(order: Order) -> dt.date | None:
    chosen_day = order.params.get("until")
    return dt.date.fromisoformat(chosen_day) if chosen_day else None


def term_of(order: Order) -> str:
    """«с 01.09.2026 по 31.05.2027»."""
    last = last_day(order)
    return f"с {first_day(order):%d.%m.%Y}" + (f" по {last:%d.%m.%Y}" if last else "")


def facts(order: Order) -> Facts:
    """`people` in every case; `mentors` — {person, consent «28.08.2026», duties, and the keys of TERM_WORDS}.

    `duties` is the document by which the work already belongs to the post; otherwise the terms are filled. `named`:
    the text names everybody; `extra`: somebody is paid for the work besides the duties. `until` in words, or empty.
    """
    people = chosen(order)
    overrides = overrides_for([word for person in people for word in (person.full_name, person.post)])
    said = {person.pk: facts_of(person, overrides) for person in people}
    found = conditions(people, consents_of(people))
    last = last_day(order)
    return {
        "people": list(said.values()),
        "mentors": [{"person": said[pk], **found[pk]} for pk in said],
        "named": len(people) <= MOST_IN_THE_TEXT,
        "extra": any(one["pay"] for one in found.values()),
        "until": day_words(last) if last else "",
    }


def conditions(people: Iterable[Participant], consents: ConsentsByPurpose) -> dict[int, dict[str, str]]:
    """What each of the people has agreed to, empty texts where nothing is live today; pk → words."""
    return {person.pk: condition_of(live_consent(person, consents)) for person in people}


def live_consent(person: Participant, consents: ConsentsByPurpose) -> Consent | None:
    answers = consents.get((person.pk, ConsentKind.MENTOR, None), [])
    return next((one for one in answers if one.is_live_on(today())), None)


def condition_of(consent: Consent | None) -> dict[str, str]:
    terms: Mapping[str, Any] = consent.terms if consent else {}
    duties = terms.get("document", "") if terms.get("in_duties") else ""
    day = f"{consent.signed_on:%d.%m.%Y}" if consent else ""
    return {"consent": day, "duties": duties, **{name: "" if duties else terms.get(name, "") for name in TERM_WORDS}}


def obstacles(order: Order) -> list[str]:
    """Everything that forbids the order on its date (today while it has none), naming people and what to do."""
    people, day = chosen(order), order.date or today()
    if not people:
        return [NOT_CHOSEN]
    found = [] if len(people) == len(set(order.params["people"])) else [GONE]
    if (last := last_day(order)) and last < first_day(order):
        found.append(BACKWARDS)
    cards = {card.participant_id: card for card in BankCard.objects.mentors().filter(participant__in=people)}
    consents, held = consents_of(people), appointments_of(people)
    for person in people:
        found += bank_obstacles(person, cards.get(person.pk), talked=order.params.get("need_interview", True))
        found += consent_obstacles(person, consents, day)
        found += appointment_obstacles(person, held[person.pk], order)
    found += [] if order.is_editable else changed_obstacles(order, people, consents)
    return list(dict.fromkeys(found + name_obstacles(people)))


def bank_obstacles(person: Participant, card: BankCard | None, *, talked: bool) -> list[str]:
    """Only who stands in the bank of mentors is appointed, and after an interview where the school holds them."""
    name = person.short_name
    if person.left_on:
        return [LEFT.format(name=name, day=person.left_on)]
    if card is None:
        return [NOT_IN_BANK.format(name=name)]
    if card.state not in STANDING:
        return [NOT_STANDING.format(name=name, state=card.get_state_display())]
    return [NOT_TALKED.format(name=name)] if talked and card.state not in TALKED else []


def consent_obstacles(person: Participant, consents: ConsentsByPurpose, day: dt.date) -> list[str]:
    """Signed by the day and standing today, with the terms of art. 351.8 for those who work here."""
    days = sorted({day, max(day, today())})
    kinds = (ConsentKind.PROCESSING, ConsentKind.MENTOR)
    needs = [consent_check(person, kind, consents.get((person.pk, kind, None), []), days) for kind in kinds]
    missing = [need.text for need in needs if not need.met]
    if missing or person.category not in EMPLOYEES:
        return missing
    consent = live_consent(person, consents)
    faults = term_faults(consent.terms) if consent else {}
    words = {**TERM_WORDS, "document": "документ"}
    what = ", ".join(words[name] for name in faults)
    return [NO_TERMS.format(name=person.short_name, what=what)] if faults else []


def appointment_obstacles(person: Participant, held: Sequence[Appointment], order: Order) -> list[str]:
    """Nobody is appointed twice for the same days."""
    first, last = first_day(order), last_day(order)
    others = [one for one in held if one.order != order.pk and one.is_open_on(first)]
    clashing = [one for one in others if last is None or one.since <= last]
    name = person.short_name
    return [APPOINTED.format(name=name, order=one.requisites, term=one.term) for one in clashing[:1]]


def changed_obstacles(order: Order, people: Iterable[Participant], consents: ConsentsByPurpose) -> list[str]:
    """The frozen text prints the terms: what has been agreed otherwise since needs another text."""
    written = {row["person"]["number"]: row for row in order.facts.get("mentors", [])}
    names = {person.pk: person.short_name for person in people}
    return [
        CHANGED.format(name=names[pk])
        for pk, said in conditions(people, consents).items()
        if pk not in written or any(written[pk].get(key) != text for key, text in said.items())
    ]


def lock(order: Order) -> None:
    """People first, then their cards: whoever withdraws a consent or refuses waits, or we do."""
    people = order.params.get("people", [])
    list(Participant.objects.locked().filter(organisation=order.organisation_id, pk__in=people))
    list(BankCard.objects.mentors().locked().filter(participant__in=people))


def apply(order: Order, actor: Any) -> None:
    """Asked again with the date of the order: consents must not be younger than it."""
    appoint_mentors(order=order, people=chosen(order), term=term_of(order), obstacles=obstacles(order), actor=actor)


def ending(order: Order, since: dt.date) -> list[Participant]:
    """Whom the approved order would still make a mentor on the day; cards merged since go by the one that is left."""
    last = last_day(order)
    if last and last < since:
        return []
    keys = present_keys(order.organisation_id, order.params.get("people", []))
    people = Participant.objects.filter(pk__in=set(keys.values()), organisation=order.organisation_id)
    return list(people.filter(here_on(since)).by_name().select_related("user"))


def close(order: Order, since: dt.date, actor: Any) -> None:
    end_appointments(order=order, people=ending(order, since), since=since, actor=actor)


def closing(order: Order, since: dt.date) -> list[str]:
    people = ending(order, since)
    found = [f"{person.short_name}: назначение наставником прекратится с {since:%d.%m.%Y}." for person in people]
    pairs = Pair.objects.in_force(since).filter(mentor__in=people).for_cards()
    return found + [f"Пара {pair.title} останется: её прекращает отмена приказа о её закреплении." for pair in pairs]


def effects(order: Order) -> list[str]:
    people, term = chosen(order), term_of(order)
    if len(people) > MOST_IN_THE_TEXT:
        found = [f"Наставниками станут {plural(len(people), *PEOPLE)}, {term}."]
    else:
        found = [f"{person.short_name}: наставник {term}." for person in people]
    return [*found, "Наставники получат письма. Пары и группы закрепляет отдельный приказ."]


def redact(facts: Facts, shown: frozenset[int]) -> Facts:
    """Only those of `shown` are named, and of nobody more than the name and the post: the terms are about pay."""
    people = [one if one["number"] in shown else nameless("mentor") for one in facts["people"]]
    return {**facts, "people": people, "mentors": [{"person": one} for one in people]}


def sample() -> Facts:
    """Two invented mentors: one with terms of her own, one whose post includes the work."""
    agreed = {
        "content": "посещение и разбор уроков, помощь в планировании",
        "term": "учебный год",
        "form": "педагог – молодой педагог",
        "pay": "10 % оклада ежемесячно",
    }
    first = person_facts("Верескова Алла Петровна", "f", "учитель математики", number=1)
    second = person_facts("Рябинин Пётр Сергеевич", "m", "педагог-наставник", number=2)
    nothing = dict.fromkeys(agreed, "")
    return {
        "people": [first, second],
        "mentors": [
            {"person": first, "consent": "28.08.2026", "duties": "", **agreed},
            {"person": second, "consent": "27.08.2026", "duties": "трудовой договор от 01.09.2025 № 14", **nothing},
        ],
        "named": True,
        "extra": True,
        "until": day_words(dt.date(2027, 5, 31)),
    }


register(
    OrderKind(
        code=CODE,
        title="Назначение наставников",
        form="mentorship.forms.appointments.MentorsOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        lock=lock,
        apply=apply,
        close=close,
        closing=closing,
        effects=effects,
        redact=redact,
    )
)
