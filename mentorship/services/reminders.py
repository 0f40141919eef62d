"""Reminders to many people at once: who gets which words, and the sending of exactly what was shown."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.db.models import prefetch_related_objects
from django.urls import reverse
from django.utils import timezone

from accounts.models import Organisation, ProductionDay, Term, User
from accounts.permissions import Forbidden, permit, today
from accounts.services.letters import write_letters
from core.journal import record
from core.russian import plural
from core.transitions import Refused
from mentorship.models import Need, Pair, Participant, needs_of
from mentorship.models.board import OPEN_STATES
from mentorship.models.reminders import QUIET_DAYS, SEND, Audience, Reminder, ReminderKind, ReminderLetter

MOST_PAIRS = 300
LETTERS = ("письмо", "письма", "писем")
SLIPS = ("записка", "записки", "записок")
TOO_MANY = f"За один раз напоминают не больше чем {MOST_PAIRS} парам. Сузьте отбор."
NOBODY = "Отправлять некому: отметьте людей. Кому напомнили, пока страница была открыта, второе письмо не уходит."
HOLIDAYS = "Отметьте, что письма можно отправить в нерабочее время."
# Subject and common words of each kind. To a mentee nothing is a duty: taking part is free.
WORDS: dict[str, tuple[str, str, str]] = {
    ReminderKind.MEETINGS: (
        "Встречи вашей пары",
        "Посмотрите, пожалуйста, когда вы встречались последний раз. Если встреча была, запишите её в журнал встреч; "
        "если нет, договоритесь о ближайшей.",
        "Если встреча вам нужна, предложите наставнику удобный день. Участие добровольное: решаете вы.",
    ),
    ReminderKind.PROGRAMME: (
        "Программа вашей пары",
        "Программе пары не хватает шага, чтобы начать действовать. Откройте её и посмотрите, что осталось сделать.",
        "Наставник готовит программу вашей пары. Если у вас есть пожелания к ней, скажите о них сейчас.",
    ),
    ReminderKind.CONSENTS: (
        "Согласия для вашей пары",
        "Чтобы пара начала работу, нужны подписанные согласия. Бланки можно взять у куратора.",
        "Чтобы пара начала работу, нужно ваше согласие. Подписывать его или нет, решаете вы; бланк — у куратора.",
    ),
    ReminderKind.ENDING: (
        "Срок вашей пары заканчивается",
        "Срок пары подходит к концу. Проверьте программу и скажите куратору, нужно ли продолжение.",
        "Срок вашей пары подходит к концу. Если хотите продолжить, скажите наставнику или куратору.",
    ),
    ReminderKind.OTHER: ("Сообщение куратора", "", ""),
}


@dataclass(frozen=True)
class Mailing:
    """What the curator is about to send: `kind` and `audience` are values of their choices."""

    kind: str
    audience: str
    subject: str
    text: str


@dataclass(frozen=True)
class Planned:
    """One letter before it leaves; `reminded_at` says that the person was reminded a short while ago."""

    person: Participant
    body: str
    reminded_at: dt.datetime | None

    @property
    def by_letter(self) -> bool:
        """Whether it goes into an inbox; otherwise it is a slip of paper."""
        return self.person.user is not None and self.person.user.is_active


def words_for(kind: str, audience: str) -> tuple[str, str]:
    """The subject and the text that the portal proposes."""
    subject, to_mentors, to_mentees = WORDS[kind]
    return subject, to_mentees if audience == Audience.MENTEES else to_mentors


def planned_letters(pairs: Sequence[Pair], mailing: Mailing, now: dt.datetime) -> list[Planned]:
    """One letter for each person of the open pairs, in the order of names; a constant number of queries.

    The pairs come with `last_met`. Whoever has left gets nothing.
    """
    open_pairs = [pair for pair in pairs if pair.state in OPEN_STATES]
    day = timezone.localtime(now).date()
    needs = needs_of(open_pairs, day)
    led: dict[int, tuple[Participant, list[Pair]]] = {}
    for pair in open_pairs:
        for person in addressed(pair, mailing.audience):
            if person.left_on is None or person.left_on >= day:
                led.setdefault(person.pk, (person, []))[1].append(pair)
    people = [person for person, _ in led.values()]
    prefetch_related_objects(people, "user")
    recent = reminded(people, now - dt.timedelta(days=QUIET_DAYS))
    letters = [
        Planned(person, body_for(person, own, mailing, needs), recent.get(person.pk)) for person, own in led.values()
    ]
    return sorted(letters, key=lambda one: one.person.full_name.lower().replace("ё", "е"))


def addressed(pair: Pair, audience: str) -> list[Participant]:
    if audience == Audience.MENTORS:
        return [pair.mentor]
    return pair.mentees if audience == Audience.MENTEES else pair.people


def reminded(people: Iterable[Participant], since: dt.datetime) -> dict[int, dt.datetime]:
    """When each of the people was reminded last, of those reminded since the moment; one query."""
    rows = ReminderLetter.objects.since(since).filter(participant__in=list(people)).order_by("reminder__sent_at")
    return dict(rows.values_list("participant", "reminder__sent_at"))


def body_for(person: Participant, pairs: Sequence[Pair], mailing: Mailing, needs: dict[int, list[Need]]) -> str:
    """The whole letter: the greeting, the common words, what is known of each of the person's pairs."""
    name = f"{person.given_name} {person.patronymic}".strip()
    lines = [f"– {pair.title}: {fact_of(person, pair, mailing.kind, needs[pair.pk])}" for pair in pairs]
    return "\n".join([f"{name}, здравствуйте!", "", mailing.text.strip(), "", *lines])


def fact_of(person: Participant, pair: Pair, kind: str, needs: Sequence[Need]) -> str:
    """What the reminder is about, of one pair, as far as it concerns the person."""
    if kind == ReminderKind.MEETINGS:
        last: dt.date | None = getattr(pair, "last_met", None)
        return f"последняя встреча {last:%d.%m.%Y}" if last else "записанных встреч ещё нет"
    if kind == ReminderKind.CONSENTS:
        unsigned = [need.title for need in needs if need.person == person]
        return "; ".join(unsigned).lower() if unsigned else "ваши согласия собраны"
    return f"срок до {pair.ends_on:%d.%m.%Y}"


def rest_on(organisation: Organisation, day: dt.date) -> str:
    """The name of the holiday that the day belongs to, of the school or of the country; nothing on a plain day."""
    terms = Term.objects.filter(organisation=organisation, kind=Term.Kind.HOLIDAY)
    term = terms.filter(starts_on__lte=day, ends_on__gte=day).first()
    if term is not None:
        return term.name
    free = ProductionDay.objects.filter(day=day, kind=ProductionDay.Kind.HOLIDAY).first()
    return (free.name or "нерабочий день") if free is not None else ""


@transaction.atomic
def send_reminder(
    *,
    organisation: Organisation,
    pairs: Sequence[Pair],
    mailing: Mailing,
    chosen: Collection[int],
    shown_at: dt.datetime,
    in_holidays: bool = False,
    actor: User,
) -> Reminder:
    """Write the letters to the chosen people (their keys); whoever has no login gets a slip to print.

    The people are locked, and whoever has been reminded since the letters were shown gets no second one: of two clicks
    at once, or of two curators, one mailing comes. Raises `Refused` where nobody is left, in unconfirmed holidays, and
    where there are too many pairs.
    """
    permit(actor, SEND, organisation)
    if any(pair.organisation_id != organisation.pk for pair in pairs):
        raise Forbidden(SEND)
    if len(pairs) > MOST_PAIRS:
        raise Refused([TOO_MANY])
    if rest_on(organisation, today()) and not in_holidays:
        raise Refused([HOLIDAYS])
    people = Participant.objects.filter(organisation=organisation, pk__in=list(chosen)).locked()
    now = timezone.now()
    again = reminded(list(people), min(shown_at, now))
    letters = [
        one for one in planned_letters(pairs, mailing, now) if one.person.pk in chosen and one.person.pk not in again
    ]
    if not letters:
        raise Refused([NOBODY])
    reminder = Reminder.objects.create(
        organisation=organisation,
        kind=mailing.kind,
        audience=mailing.audience,
        subject=mailing.subject,
        text=mailing.text,
        sent_by=actor,
        sent_at=now,
    )
    write_all(reminder, letters)
    record(SEND, reminder, actor=actor, text=f"Разослано: {told(letters)}. Тема: {mailing.subject}.")
    return reminder


def write_all(reminder: Reminder, letters: Sequence[Planned]) -> None:
    """Every letter into its inbox, and the row of everybody, those with slips included."""
    rows = []
    for one in letters:
        written = None
        if one.by_letter and one.person.user is not None:
            words = {"subject": reminder.subject, "body": one.body, "path": reverse("home")}
            (written,) = write_letters([one.person.user], organisation=reminder.organisation, **words)
        rows.append(
            ReminderLetter(
                reminder=reminder,
                participant=one.person,
                letter=written,
                by_letter=written is not None,
                body=one.body,
            )
        )
    ReminderLetter.objects.bulk_create(rows)


def told(letters: Sequence[Planned]) -> str:
    """«12 писем, 1 записка»."""
    sent = sum(one.by_letter for one in letters)
    parts = [plural(sent, *LETTERS)] * bool(sent) + [plural(len(letters) - sent, *SLIPS)] * (sent < len(letters))
    return ", ".join(parts)
