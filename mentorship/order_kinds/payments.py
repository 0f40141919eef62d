"""The order on payments to mentors: to whom, how much and on what paper; the amounts come from the addenda."""

from __future__ import annotations

from accounts.permissions import today
from mentorship.models import Addendum, Pair, PairState, Participant
from mentorship.order_kinds.curator import first_day
from mentorship.order_kinds.pair_parts import hide, iso_day, said_of, sample_people
from mentorship.order_kinds.pairs import name_obstacles
from orders.kinds import Facts, OrderKind, register
from orders.models import Order
from orders.services.facts import day_words

CODE = "payments"
# code → how the order names what is paid
PAYMENTS = {
    "monthly": "ежемесячную доплату",
    "stimulating": "стимулирующую выплату",
    "single": "единовременную выплату",
}
NOT_CHOSEN = "Отметьте, кому установить выплату."
NO_ADDENDUM = "{name}: нет действующего дополнительного соглашения. Запишите его или уберите этого человека из приказа."
NO_PAY = "{name}: в соглашении № {number} оплата не указана. Запишите новое соглашение или уберите человека из приказа."
NOT_A_MENTOR = "{name}: сейчас никого не ведёт по приказу. Уберите этого человека из приказа."
BACKWARDS = "Последний день выплаты раньше первого: исправьте один из них."
CHANGED = "{name}: соглашение изменилось после передачи приказа. Верните его, чтобы обновить текст."


def chosen(order: Order) -> list[Participant]:
    """The people named in the draft, by name, with posts."""
    rows = Participant.objects.filter(organisation=order.organisation_id, pk__in=order.params.get("people", []))
    return list(rows.by_name().with_posts())


def papers_of(order: Order, people: list[Participant]) -> dict[int, Addendum]:
    """The addendum of each that is live on the date of the order; pk → the latest."""
    found: dict[int, Addendum] = {}
    for addendum in Addendum.objects.live(order.date or today()).filter(participant__in=people):
        found.setdefault(addendum.participant_id, addendum)
    return found


def pay_of(addendum: Addendum | None) -> dict[str, str]:
    """{pay: «10 % оклада ежемесячно», paper: «№ 3 от 01.09.2026»}, empty without a paper."""
    if addendum is None:
        return {"pay": "", "paper": ""}
    pay = str(addendum.terms.get("pay", "")).rstrip(". ")
    return {"pay": pay, "paper": f"№ {addendum.number} от {addendum.signed_on:%d.%m.%Y}"}


def facts(order: Order) -> Facts:
    """`people` in every case; `mentors` — {person, pay, paper}; `payment` in the accusative; `until` in words."""
    people = chosen(order)
    said, papers = said_of({person.pk: person for person in people}), papers_of(order, people)
    until = iso_day(order.params.get("until"))
    return {
        "people": list(said.values()),
        "mentors": [{"person": said[person.pk], **pay_of(papers.get(person.pk))} for person in people],
        "payment": PAYMENTS.get(order.params.get("payment", ""), PAYMENTS["monthly"]),
        "until": day_words(until) if until else "",
    }


def obstacles(order: Order) -> list[str]:
    people = chosen(order)
    if not people:
        return [NOT_CHOSEN]
    until = iso_day(order.params.get("until"))
    found = [BACKWARDS] if until and until < first_day(order) else []
    papers = papers_of(order, people)
    leading = set(Pair.objects.filter(mentor__in=people, state=PairState.ACTIVE).values_list("mentor", flat=True))
    for person in people:
        found += paper_obstacles(person, papers.get(person.pk))
        found += [] if person.pk in leading else [NOT_A_MENTOR.format(name=person.short_name)]
    found += [] if order.is_editable else changed_obstacles(order, people, papers)
    return list(dict.fromkeys(found + name_obstacles(people)))


def paper_obstacles(person: Participant, addendum: Addendum | None) -> list[str]:
    """Nobody is paid for this work without a paper that names the pay (art. 351.8)."""
    if addendum is None:
        return [NO_ADDENDUM.format(name=person.short_name)]
    return [] if pay_of(addendum)["pay"] else [NO_PAY.format(name=person.short_name, number=addendum.number)]


def changed_obstacles(order: Order, people: list[Participant], papers: dict[int, Addendum]) -> list[str]:
    written = {one["person"]["number"]: (one["pay"], one["paper"]) for one in order.facts.get("mentors", [])}
    now = {person.pk: tuple(pay_of(papers.get(person.pk)).values()) for person in people}
    return [CHANGED.format(name=one.short_name) for one in people if written.get(one.pk) != now[one.pk]]


def lock(order: Order) -> None:
    list(Participant.objects.locked().filter(pk__in=order.params.get("people", [])))


def effects(order: Order) -> list[str]:
    return [
        f"{one.short_name}: выплата по соглашению устанавливается с {first_day(order):%d.%m.%Y}."
        for one in chosen(order)
    ]


def redact(facts: Facts, shown: frozenset[int]) -> Facts:
    """Names of those who have not agreed give way to a word; nobody's pay is published."""
    people = hide(facts["people"], shown, {}, "mentor")
    mentors = [
        {"person": hide(one["person"], shown, {}, "mentor"), "pay": "—", "paper": "—"} for one in facts["mentors"]
    ]
    return {**facts, "people": people, "mentors": mentors}


def sample() -> Facts:
    people = sample_people()[:2]
    pays = ("10 % оклада ежемесячно", "3 000 рублей ежемесячно")
    return {
        "people": people,
        "mentors": [
            {"person": one, "pay": pay, "paper": f"№ {number} от 01.09.2026"}
            for number, (one, pay) in enumerate(zip(people, pays, strict=True), start=3)
        ],
        "payment": PAYMENTS["monthly"],
        "until": "«31» мая 2027 г.",
    }


register(
    OrderKind(
        code=CODE,
        title="Выплаты наставникам",
        form="mentorship.forms.pair_orders.PaymentsOrderForm",
        facts=facts,
        sample=sample,
        obstacles=obstacles,
        lock=lock,
        effects=effects,
        redact=redact,
    )
)
