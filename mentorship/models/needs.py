"""What a pair lacks to come into force: the one law that its page, orders, lists and home pages speak from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count, F, Q, prefetch_related_objects

from accounts.permissions import today
from mentorship.models.consents import Consent, ConsentKind
from mentorship.models.pair_rules import OFF, REQUIRED, WARNING
from mentorship.models.participants import Participant
from mentorship.models.rules import goal_fault

if TYPE_CHECKING:
    from mentorship.models.pairs import Pair

# What each consent is called where it is missing.
PURPOSES = {
    ConsentKind.PROCESSING: "обработка персональных данных",
    ConsentKind.MENTOR: "работа наставником",
    ConsentKind.PAIR: "участие в паре",
    ConsentKind.DISSEMINATION: "публикация на сайте",
    ConsentKind.PHOTO: "фото- и видеосъёмка",
    ConsentKind.TRANSFER: "передача данных муниципалитету",
}
ORDER, INTERVIEW, GOAL = "order", "interview", "goal"
# (person, role in the pair) → the school's rule about interviews and whether one has recommended the person.
Talks = dict[tuple[int, str], tuple[str, bool]]
ConsentsByPurpose = dict[tuple[int, str, int | None], list[Consent]]


@dataclass(frozen=True)
class Need:
    """One thing a pair must have. `what` is a ConsentKind, INTERVIEW, GOAL or ORDER; `text` the sentence of a refusal.

    `title` and `detail` are its name and what is known of it, for the list on the page; `person` is None for GOAL and
    ORDER. What does not block is only shown.
    """

    what: str
    met: bool
    text: str
    title: str
    detail: str = ""
    person: Participant | None = None
    blocks: bool = True

    @property
    def is_consent(self) -> bool:
        return self.what in PURPOSES


def sentence(words: str) -> str:
    """The words with one full stop: names end in initials that have theirs already."""
    return words if words.endswith(".") else f"{words}."


def checks_of(pairs: Iterable[Pair], day: dt.date) -> dict[int, list[Need]]:
    """Everything each pair must have by the day, met or not; pk → needs, in a constant number of queries.

    A consent must be live on the day and, if the day is past, also today: what was withdrawn since gives no ground.
    """
    pairs = list(pairs)
    prefetch_related_objects(pairs, "mentor", "members__mentee", "order", "kinds")
    people = [person for pair in pairs for person in pair.people]
    consents, talks = consents_of(people), talks_with(people)
    days = sorted({day, max(day, today())})
    return {
        pair.pk: [
            *talk_checks(pair, talks),
            *consent_checks(pair, consents, days),
            *goal_checks(pair),
            order_check(pair),
        ]
        for pair in pairs
    }


def needs_of(pairs: Iterable[Pair], day: dt.date) -> dict[int, list[Need]]:
    """What each pair still lacks on the day to come into force; pk → needs."""
    return {
        pk: [need for need in checks if need.blocks and not need.met] for pk, checks in checks_of(pairs, day).items()
    }


def talks_with(people: Iterable[Participant]) -> Talks:
    """Whom an interview has recommended as a mentor or as a mentee, and how strict their school is; one query."""
    held = Q(bank_cards__interviews__state="held", bank_cards__interviews__conclusion="recommended")
    rows = Participant.objects.filter(pk__in={person.pk for person in people}).order_by("pk")
    counted = rows.annotate(
        rule=F("organisation__pair_rules__interviews"),
        mentor=Count("bank_cards__interviews", filter=held & Q(bank_cards__role="mentor")),
        mentee=Count("bank_cards__interviews", filter=held & Q(bank_cards__role="mentee")),
    )
    found: Talks = {}
    for pk, rule, mentor, mentee in counted.values_list("pk", "rule", "mentor", "mentee"):
        found[pk, "mentor"], found[pk, "mentee"] = (rule or WARNING, mentor > 0), (rule or WARNING, mentee > 0)
    return found


def talk_checks(pair: Pair, talks: Talks) -> Iterable[Need]:
    """An interview of every member: asked for, only shown or left out, as the school has chosen."""
    for person, role in [(pair.mentor, "mentor"), *((mentee, "mentee") for mentee in pair.mentees)]:
        rule, met = talks.get((person.pk, role), (WARNING, False))
        if rule != OFF:
            yield Need(
                what=INTERVIEW,
                met=met,
                text=sentence(f"Нет собеседования: {person.short_name}"),
                title="Собеседование",
                detail=f"{person.short_name}, {'рекомендован' if met else 'заключения «рекомендован» нет'}",
                person=person,
                blocks=rule == REQUIRED,
            )


def goal_checks(pair: Pair) -> Iterable[Need]:
    """Short-term mentoring is for a goal: without it nobody could say when it is over."""
    if fault := goal_fault(pair.kinds.all(), pair.goal):
        yield Need(GOAL, False, sentence(f"{pair.title}: {fault[0].lower()}{fault[1:]}"), "Цель пары", fault)


def consents_of(people: Iterable[Participant]) -> ConsentsByPurpose:
    """All answers of the people, the latest first, by (person, kind, pair); one query."""
    found: ConsentsByPurpose = {}
    for consent in Consent.objects.filter(participant__in={person.pk for person in people}):
        found.setdefault((consent.participant_id, consent.kind, consent.pair_id), []).append(consent)
    return found


def consent_checks(pair: Pair, consents: ConsentsByPurpose, days: Sequence[dt.date]) -> Iterable[Need]:
    wanted: list[tuple[Participant, ConsentKind, int | None]] = [
        (person, ConsentKind.PROCESSING, None) for person in pair.people
    ]
    wanted.append((pair.mentor, ConsentKind.MENTOR, None))
    wanted += [(mentee, ConsentKind.PAIR, pair.pk) for mentee in pair.mentees]
    for person, kind, number in wanted:
        yield consent_check(person, kind, consents.get((person.pk, kind, number), []), days)


def consent_check(person: Participant, kind: ConsentKind, answers: Sequence[Consent], days: Sequence[dt.date]) -> Need:
    met = all(any(answer.is_live_on(day) for answer in answers) for day in days)
    return Need(
        what=kind.value,
        met=met,
        text=f"Нет согласия: {person.short_name} — {PURPOSES[kind]}.",
        title=f"Согласие: {PURPOSES[kind]}",
        detail=f"{person.short_name}, {known_of(answers, days[-1])}",
        person=person,
    )


def known_of(answers: Sequence[Consent], day: dt.date) -> str:
    """What the latest answer says: «подписано 01.09.2026», «отозвано 03.09.2026», «ещё не записано»."""
    if not answers:
        return "ещё не записано"
    latest = next((answer for answer in answers if answer.is_live_on(day)), answers[0])
    state = latest.state_on(day)
    if state == "отозвано":
        return f"отозвано {latest.withdrawn_on:%d.%m.%Y}"
    if state == "истекло":
        return f"истекло {latest.valid_until:%d.%m.%Y}"
    return f"{'отказ от' if state == 'отказ' else 'подписано'} {latest.signed_on:%d.%m.%Y}"


def order_check(pair: Pair) -> Need:
    order = pair.order
    approved = order is not None and order.state == "approved"
    if order is None:
        detail = "Проект можно составить сейчас, утвердить — когда подписаны согласия"
    else:
        detail = str(order) if approved else f"{order}: {order.get_state_display()}"
    return Need(ORDER, approved, sentence(f"Нет приказа о закреплении: {pair.title}"), "Приказ о закреплении", detail)
