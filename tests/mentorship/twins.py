"""Two cards of one person, one of them with a row in every relation to it."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from accounts.models import User
from mentorship.models import (
    Achievement,
    Activity,
    BankCard,
    BankRole,
    BankState,
    CardRequest,
    CardView,
    ConsentKind,
    ConsentRequest,
    Course,
    Extension,
    ExtensionMark,
    Focus,
    Interview,
    Meeting,
    MeetingConfirmation,
    NotSame,
    Pair,
    PairHelper,
    PairRequest,
    Participant,
    PastName,
    Programme,
    ProgrammeMark,
    Pulse,
    Reminder,
    ReminderLetter,
    Substitution,
    Wish,
)
from mentorship.models.support import SupportRecord
from mentorship.services.merging import merge_participants
from orders.models import Order
from tests.mentorship.builders import agree, approve, card, day, form_pair, submitted
from tests.mentorship.labour import addendum, notice


def merge(kept: Participant, absorbed: Participant, people: SimpleNamespace, **more: Any) -> Participant:
    return merge_participants(
        kept=kept, absorbed=absorbed, choices=more.pop("choices", {}), actor=people.curator, **more
    )


def bank_card(
    person: Participant, role: str = BankRole.MENTOR, state: str = BankState.IN_BANK, **more: Any
) -> BankCard:
    entered = more.pop("entered_on", day(-50) if state != BankState.CANDIDATE else None)
    return BankCard.objects.create(participant=person, role=role, state=state, entered_on=entered, **more)


def fill(person: Participant, people: SimpleNamespace) -> None:
    """At least one row in every relation to the card; two approved orders speak of it."""
    school, curator = person.organisation, people.curator
    other = card(school, "Верескова Алла Петровна")
    learner = card(school, "Ольхин Борис Викторович", young_flag=True)
    agree(person, ConsentKind.PROCESSING, curator)
    led, learnt = form_pair(person, [learner], curator), form_pair(other, [person], curator)
    approve(submitted(people, led), people, "71-б")
    approve(submitted(people, learnt), people, "72-б")
    ConsentRequest.objects.create(participant=person, kind=ConsentKind.PHOTO, asked_by=curator)
    Interview.objects.create(card=bank_card(person), planned_for=day(3), interviewer=curator)
    Course.objects.create(participant=person, title="Современный урок", ended_on=day(-30))
    Achievement.objects.create(participant=person, kind="contest", level="school", title="Учитель", held_on=day(-9))
    PastName.objects.create(participant=person, surname="Котова", given_name="Инна", patronymic="Вадимовна")
    CardRequest.objects.create(participant=person, wanted={"phone": "1"}, before={"phone": ""}, asked_by=curator)
    CardView.objects.create(participant=person, user=people.director)
    Wish.objects.create(author=person, about=other, side=BankRole.MENTOR, rank=1)
    Wish.objects.create(author=learner, about=person, side=BankRole.MENTOR, rank=1)
    meeting = Meeting.objects.create(pair=led, state="held", day=day(0), minutes=45, entered_by=curator)
    MeetingConfirmation.objects.create(meeting=meeting, participant=person, said_on=day(0))
    Pulse.objects.create(pair=led, participant=person, asked_on=day(0))
    addendum(person, people)
    notice(person, people)
    values = {"organisation": school, "pair": learnt, "starts_on": learnt.starts_on, "ends_on": learnt.ends_on}
    programme = Programme.objects.create(title="Программа", **values)
    focus = Focus.objects.create(programme=programme, mentee=person, text="порядок на уроке")
    Activity.objects.create(programme=programme, mentee=person, focus=focus, title="Урок", due_on=day(9))
    ProgrammeMark.objects.create(programme=programme, participant=person, agreed_on=day(0), recorded_by=curator)
    fill_affairs(person, led, learnt, curator)
    told = Reminder.objects.create(organisation=school, kind="other", subject="Тема", text="Слова", sent_by=curator)
    ReminderLetter.objects.create(reminder=told, participant=person, by_letter=False, body="Слова")
    stranger = card(school, "Щербак Инна Вадимовна")
    NotSame.objects.create(first=min_of(person, stranger), second=max_of(person, stranger), decided_by=curator)
    NotSame.objects.create(first=min_of(person, other), second=max_of(person, other), decided_by=curator)


def fill_affairs(person: Participant, led: Pair, learnt: Pair, curator: User) -> None:
    """What the person helps with, stands in for, agrees to, asks for and is asked about."""
    school = person.organisation
    written = {"recorded_by": curator}
    given = {"role": "разбор уроков", "consent_on": day(-1), "original_place": "сейф", "starts_on": day(0)}
    PairHelper.objects.create(pair=learnt, participant=person, **given, **written)
    Substitution.objects.create(
        pair=learnt, substitute=person, starts_on=day(1), ends_on=day(2), order=Order.objects.latest("pk")
    )
    longer = Extension.objects.create(
        pair=led, ends_on=led.ends_on + dt.timedelta(days=9), reason="Доделать", asked_by=person, **written
    )
    ExtensionMark.objects.create(extension=longer, participant=person, said_on=day(0), **written)
    asked = {"organisation": school, "pair": led, "text": "Прошу", "submitted_by": curator}
    other = learnt.mentor
    PairRequest.objects.create(kind="help", author=person, **asked)
    PairRequest.objects.create(kind="reward", author=other, about=person, **asked)
    hours = {"starts_at": timezone.now(), "ends_at": timezone.now() + dt.timedelta(hours=1), "continuity": "урок идёт"}
    PairRequest.objects.create(kind="release", author=other, substitute=person, **hours, **asked)
    SupportRecord.objects.create(
        organisation=school, participant=person, author=curator, text="Беседа", consent_on=day(-2)
    )


def min_of(*people: Participant) -> Participant:
    return min(people, key=lambda one: one.pk)


def max_of(*people: Participant) -> Participant:
    return max(people, key=lambda one: one.pk)
