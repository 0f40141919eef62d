"""Actions on interviews: planned, held, called off; the conclusion moves the card in the bank."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db import transaction
from django.urls import reverse

from accounts.models import Organisation, User
from accounts.permissions import Forbidden, permit, row_of, today
from accounts.services.letters import write_letters
from core.journal import record
from core.transitions import Refused, move
from mentorship.models import BankCard, BankRole, BankState, Conclusion, Interview, InterviewState, Participant
from mentorship.models.interviews import CHANGE
from mentorship.models.needs import sentence
from mentorship.models.rules import plus_months
from mentorship.services.banks import EARLIEST, NOBODY, refusal_faults

# What a recommendation makes of the card.
STEPS = {BankRole.MENTOR: "select", BankRole.MENTEE: "interview"}
FURTHEST_MONTHS = 12
NOT_STANDING = "{name}: состояние карточки — «{state}». Сначала внесите человека в банк."
ALREADY_PLANNED = "{name}: собеседование уже назначено на {day:%d.%m.%Y}. Запишите его итог или отмените."
SAME_DAY = "{name}: итог собеседования {day:%d.%m.%Y} уже записан."
NEVER_IN_BANK = "Собеседование с человеком, которого нет в банке, не записывают: внесите его в банк или отмените."


@dataclass(frozen=True)
class Meeting:
    """When, where and by whom an interview is to be held; `place` may name the hour."""

    planned_for: dt.date
    interviewer: User
    place: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came of an interview. `reason` is asked only of those who declined: it goes onto the card and into the
    history, `record` stays with the interview alone."""

    held_on: dt.date
    conclusion: str
    record: str = ""
    reason: str = ""


def interviewers(organisation: Organisation) -> Iterable[User]:
    """Whoever may hold interviews in the organisation today."""
    return User.objects.with_role(organisation, *row_of(CHANGE).reach).by_name()


@transaction.atomic
def plan_interviews(*, cards: Iterable[BankCard], meeting: Meeting, actor: User) -> list[Interview]:
    """Plan one interview for each of the cards on one day, all or none; the interviewer and the people get letters."""
    cards = locked_cards(cards, actor)
    faults = [NOBODY] if not cards else planning_faults(cards, meeting)
    if faults:
        raise Refused(faults)
    planned = []
    for card in cards:
        interview = Interview.objects.create(
            card=card, planned_for=meeting.planned_for, place=meeting.place, interviewer=meeting.interviewer
        )
        words = sentence(f"Назначено собеседование {meeting.planned_for:%d.%m.%Y}: {card}")
        record("mentorship.interview.plan", interview, actor=actor, text=words)
        planned.append(interview)
        invite(card.participant, meeting)
    tell_interviewer(planned, meeting, actor)
    return planned


def plan_interview(*, card: BankCard, planned_for: dt.date, place: str, interviewer: User, actor: User) -> Interview:
    """Plan one interview."""
    [interview] = plan_interviews(cards=[card], meeting=Meeting(planned_for, interviewer, place), actor=actor)
    return interview


def locked_cards(cards: Iterable[BankCard], actor: User) -> list[BankCard]:
    """The cards with their people, people locked first: whoever withdraws a consent waits, or we do."""
    numbers = {card.pk for card in cards}
    rows = BankCard.objects.filter(pk__in=numbers)
    if rows.permitted(actor, CHANGE).count() != len(numbers):
        raise Forbidden(CHANGE)
    list(Participant.objects.locked().filter(pk__in=rows.values("participant")))
    return list(rows.locked().select_related("participant__organisation", "participant__user"))


def planning_faults(cards: Sequence[BankCard], meeting: Meeting) -> list[str]:
    """Why these interviews cannot be planned: the day, the interviewer, or what each of the cards has against it."""
    faults = day_faults(meeting.planned_for)
    for organisation in {card.participant.organisation for card in cards}:
        if meeting.interviewer not in interviewers(organisation):
            faults.append("Проводить собеседования могут куратор и педагог-психолог: выберите другого человека.")
    faults += [not_standing(card) for card in cards if not card.stands]
    taken = Interview.objects.planned().filter(card__in=cards).select_related("card__participant")
    return faults + [ALREADY_PLANNED.format(name=one.card.participant.short_name, day=one.planned_for) for one in taken]


def day_faults(day: dt.date) -> list[str]:
    if day < today():
        return ["Этот день уже прошёл: выберите другой или сразу запишите итог."]
    if day > plus_months(today(), FURTHEST_MONTHS):
        return ["Назначайте собеседование не дальше чем на год вперёд."]
    return []


def not_standing(card: BankCard) -> str:
    return NOT_STANDING.format(name=card.participant.short_name, state=card.get_state_display())


def invite(person: Participant, meeting: Meeting) -> None:
    """A letter to the person, if they sign in."""
    if person.user:
        where = f" Время и место: {sentence(meeting.place)}" if meeting.place else ""
        body = (
            f"Приглашаем на собеседование о наставничестве {meeting.planned_for:%d.%m.%Y}.{where} "
            f"Проводит {meeting.interviewer.full_name}. Если день не подходит, скажите об этом заранее."
        )
        send(person.user, "Приглашение на собеседование", body, person.organisation, reverse("my_card"))


def tell_interviewer(planned: Sequence[Interview], meeting: Meeting, actor: User) -> None:
    """A letter to whoever is to hold the interviews, unless they have planned them themselves."""
    if meeting.interviewer == actor:
        return
    names = ", ".join(interview.card.participant.short_name for interview in planned)
    where = f" Время и место: {sentence(meeting.place)}" if meeting.place else ""
    body = f"Вам назначены собеседования на {meeting.planned_for:%d.%m.%Y}: {sentence(names)}{where}"
    path = reverse("interview_detail", args=[planned[0].pk]) if len(planned) == 1 else reverse("interview_list")
    send(meeting.interviewer, "Собеседования", body, planned[0].card.participant.organisation, path)


def send(user: User, subject: str, body: str, organisation: Organisation, path: str) -> None:
    write_letters([user], subject=subject, body=body, path=path, organisation=organisation)


@transaction.atomic
def record_interview(*, interview: Interview, outcome: Outcome, actor: User) -> Interview:
    """Write what came of a planned interview; its conclusion moves the card. Of two at once one is refused."""
    permit(actor, CHANGE, interview)
    [card] = locked_cards([interview.card], actor)
    if faults := outcome_faults(outcome):
        raise Refused(faults)
    # Read behind the lock: of two who record at once the second sees what the first has written.
    interview = Interview.objects.get(pk=interview.pk)
    interview.card = card
    move(
        interview,
        "hold",
        actor=actor,
        text=held_words(outcome),
        held_on=outcome.held_on,
        conclusion=outcome.conclusion,
        record=outcome.record,
        recorded_by=actor,
    )
    conclude(card, outcome, actor)
    return interview


@transaction.atomic
def record_now(*, card: BankCard, outcome: Outcome, interviewer: User, actor: User) -> Interview:
    """Write an interview that nobody had planned, with the same consequences."""
    [card] = locked_cards([card], actor)
    faults = outcome_faults(outcome) + unplanned_faults(card, outcome)
    if interviewer not in interviewers(card.participant.organisation):
        faults.append("Проводить собеседования могут куратор и педагог-психолог: выберите другого человека.")
    if faults:
        raise Refused(faults)
    interview = Interview.objects.create(
        card=card,
        planned_for=outcome.held_on,
        interviewer=interviewer,
        state=InterviewState.HELD,
        held_on=outcome.held_on,
        conclusion=outcome.conclusion,
        record=outcome.record,
        recorded_by=actor,
    )
    record(CHANGE, interview, actor=actor, text=held_words(outcome))
    conclude(card, outcome, actor)
    return interview


def held_words(outcome: Outcome) -> str:
    """The words of the history: the conclusion, never the record of what was said."""
    conclusion = Conclusion(outcome.conclusion).label
    return f"Собеседование проведено {outcome.held_on:%d.%m.%Y}: {conclusion}."


def unplanned_faults(card: BankCard, outcome: Outcome) -> list[str]:
    """Why an interview cannot be recorded beside those already there."""
    name = card.participant.short_name
    planned = card.interviews.planned().first()
    if planned is not None:
        return [ALREADY_PLANNED.format(name=name, day=planned.planned_for)]
    if card.interviews.filter(state=InterviewState.HELD, held_on=outcome.held_on).exists():
        return [SAME_DAY.format(name=name, day=outcome.held_on)]
    return []


def outcome_faults(outcome: Outcome) -> list[str]:
    if outcome.held_on > today():
        return ["Собеседование не могло пройти в будущем: проверьте день."]
    if outcome.held_on < EARLIEST:
        return ["Проверьте год собеседования."]
    return []


def conclude(card: BankCard, outcome: Outcome, actor: User) -> None:
    """What the conclusion makes of a locked card: selected, sent back to the talk, or out of the bank by refusal."""
    if outcome.conclusion == Conclusion.DECLINED:
        if faults := refusal_faults(card, outcome.held_on):
            raise Refused(faults)
        words = sentence(f"Записан отказ от участия: {outcome.reason or 'на собеседовании'}")
        move(card, "refuse", actor=actor, text=words, refused_on=outcome.held_on, state_reason=outcome.reason)
    elif not card.stands:
        raise Refused([not_standing(card), NEVER_IN_BANK])
    elif outcome.conclusion == Conclusion.RECOMMENDED:
        if card.state == BankState.IN_BANK:
            move(card, STEPS[BankRole(card.role)], actor=actor)
    elif card.state != BankState.IN_BANK:
        move(card, "step_back", actor=actor)


@transaction.atomic
def cancel_interview(*, interview: Interview, actor: User, reason: str) -> None:
    """Call off a planned interview; its people are told."""
    permit(actor, CHANGE, interview)
    move(interview, "cancel", actor=actor, text=sentence(f"Собеседование отменено: {reason}"))
    person = interview.card.participant
    day = f"{interview.planned_for:%d.%m.%Y}"
    if interview.interviewer != actor:
        body = sentence(f"Собеседование {day} отменено: {person.short_name}, {reason}")
        path = reverse("interview_detail", args=[interview.pk])
        send(interview.interviewer, "Собеседование отменено", body, person.organisation, path)
    if person.user:
        body = f"Собеседование о наставничестве, назначенное на {day}, отменено. {sentence(reason)}"
        send(person.user, "Собеседование отменено", body, person.organisation, reverse("my_card"))
