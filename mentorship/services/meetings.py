"""Actions on meetings that were held: writing them down, mending, striking out, the word of the other side."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, fields
from typing import Any

from django.db import transaction
from django.forms import ModelForm
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import permit, today
from accounts.services.letters import write_letters
from core.journal import Change, differences, reading, record, save_form, veiled_changes
from core.transitions import Refused, move
from mentorship.models import Activity, Meeting, MeetingConfirmation, MeetingRules, MeetingState, Pair, PairState
from mentorship.models.meeting_law import FORMER, SPEED, day_faults, next_kind, order_faults
from mentorship.models.meetings import CHANGE, CONFIRM, rewriting_faults

RULES = "mentorship.meeting.rules"
USUAL_MINUTES = 45
NOT_HELD = "Исправить можно только проведённую встречу."
NOT_AUTHOR = "Запись исправляет тот, кто её сделал. Другой стороне — «Дополнить» или «Было иначе»."
WRITTEN_TWICE = "Эта встреча уже записана: день, вид и рассказ те же."
ONE_SPEED = "Скоростное наставничество — одна встреча, и у пары она уже есть. Записать ещё одну можно, если она была."
NOT_YOURS = "Подтверждает другая сторона встречи, а не тот, кто её записал."
CONFIRM_HELD = "Подтвердить можно только проведённую встречу."


@dataclass(frozen=True)
class Entry:
    """What a line of the journal says."""

    day: dt.date
    kind: str
    minutes: int
    done: str
    goal: str = ""
    result: str = ""
    next_step: str = ""
    place: str = ""
    activity: Activity | None = None


FIELDS = [field.name for field in fields(Entry)]


def proposal(pair: Pair, planned: Meeting | None = None) -> dict[str, object]:
    """What a new entry begins with: from the plan of the day, the last meeting, the next activity; three queries."""
    standing = list(Meeting.objects.filter(pair=pair).standing())
    plan = planned or plan_of(standing, today())
    last = next((one for one in standing if one.is_held), None)
    activity = plan.activity if plan else next_activity(pair)
    ahead = plan.goal if plan else ""
    return {
        "day": min(plan.day, today()) if plan else today(),
        "kind": plan.kind if plan else next_kind(standing),
        "minutes": (plan and plan.minutes) or (last and last.minutes) or USUAL_MINUTES,
        "place": (plan and plan.place) or (last.place if last else ""),
        "goal": ahead or (last.next_step if last else "") or (activity.title[:300] if activity else ""),
        "activity": activity,
    }


def plan_of(meetings: Iterable[Meeting], day: dt.date) -> Meeting | None:
    """The earliest planned meeting of the day."""
    planned = [one for one in meetings if one.is_planned and one.day == day]
    return min(planned, key=lambda one: (one.time or dt.time(), one.pk), default=None)


def next_activity(pair: Pair) -> Activity | None:
    """The line of the programme in force that is to be done next."""
    rows = Activity.objects.open().filter(programme__in=pair.programmes.in_force())
    return rows.order_by("due_on", "position", "pk").first()


def entry_faults(pair: Pair, entry: Entry, *, planned: Meeting | None, rewritten: Meeting | None = None) -> list[str]:
    """Why the entry cannot stand in the journal of the pair; `planned`, `rewritten`: the row that it becomes."""
    if faults := day_faults(pair, entry.day, held=True):
        return faults
    taken = {one.pk for one in (planned, rewritten) if one}
    others = [one for one in Meeting.objects.filter(pair=pair).standing() if one.pk not in taken]
    same = (entry.day, entry.kind, entry.done)
    if any(one.is_held and (one.day, one.kind, one.done) == same for one in others):
        return [WRITTEN_TWICE]
    return order_faults(entry.kind, entry.day, others, held=True)


def meeting_warnings(pair: Pair) -> list[str]:
    """What is unusual and not forbidden: a speed pair meets once."""
    speed = any(kind.code == SPEED for kind in pair.kinds.all())
    met = Meeting.objects.filter(pair=pair).standing().exists() if speed else False
    return [ONE_SPEED] if met else []


def is_own(pair: Pair, actor: User) -> bool:
    return any(person.user_id == actor.pk for person in pair.people)


def locked_pair(pair: Pair, actor: User) -> Pair:
    """The pair locked, so that of two entries that exclude each other the second sees the first."""
    permit(actor, CHANGE, pair)
    held = Pair.objects.locked().get(pk=pair.pk)
    if held.state == PairState.CLOSED and is_own(held, actor):
        raise Refused([FORMER])
    return held


@transaction.atomic
def record_meeting(*, pair: Pair, entry: Entry, actor: User, planned: Meeting | None = None) -> Meeting:
    """Write a held meeting into the journal. A meeting planned for the day, or the one named, becomes the entry.

    Raises `Refused` where the day or the order of kinds forbids it.
    """
    pair = locked_pair(pair, actor)
    rows = Meeting.objects.filter(pair=pair).planned()
    plan = rows.filter(pk=planned.pk).first() if planned else plan_of(rows, entry.day)
    if faults := entry_faults(pair, entry, planned=plan):
        raise Refused(faults)
    values = {**values_of(entry), "entered_by": actor, "entered_at": timezone.now(), "changed_at": timezone.now()}
    if plan is None:
        meeting = Meeting.objects.create(pair=pair, state=MeetingState.HELD, **values)
        record(CHANGE, meeting, actor=actor, text=f"Записана встреча {entry.day:%d.%m.%Y}.")
        return meeting
    was = reading(plan, ["day", "kind", "place", "minutes"])
    for name, value in values.items():
        setattr(plan, name, value)
    move(plan, "hold", actor=actor, sequence=plan.sequence + 1, **values)
    if changes := differences(was, reading(plan, ["day", "kind", "place", "minutes"])):
        record(CHANGE, plan, actor=actor, text="При записи уточнён план.", changes=changes)
    return plan


def values_of(entry: Entry) -> dict[str, Any]:
    return {name: getattr(entry, name) for name in FIELDS}


def change_faults(meeting: Meeting, actor: User) -> list[str]:
    """Why the actor may not rewrite the entry now; additions are notes and always possible."""
    if not meeting.is_held:
        return [NOT_HELD]
    if meeting.entered_by_id != actor.pk:
        return [NOT_AUTHOR]
    return rewriting_faults(meeting)


@transaction.atomic
def change_meeting(*, meeting: Meeting, entry: Entry, actor: User) -> Meeting:
    """Rewrite an entry, by its author, until the other side agrees or two weeks have passed.

    Whoever said «было иначе» is asked again: their word was about other words.
    """
    permit(actor, CHANGE, meeting)
    pair = locked_pair(meeting.pair, actor)
    kept = Meeting.objects.select_related("pair", "activity").get(pk=meeting.pk)
    faults = change_faults(kept, actor) or entry_faults(pair, entry, planned=None, rewritten=kept)
    if faults:
        raise Refused(faults)
    before, was = Meeting.objects.get(pk=kept.pk), reading(kept, FIELDS)
    for name, value in values_of(entry).items():
        setattr(kept, name, value)
    kept.changed_at = timezone.now()
    kept.save(update_fields=[*FIELDS, "changed_at"])
    changes = [*differences(was, reading(kept, FIELDS)), *veiled_changes(before, kept, FIELDS)]
    if changes:
        kept.confirmations.all().delete()
        record(CHANGE, kept, actor=actor, text="Запись о встрече исправлена.", changes=changes)
    return kept


def cancel_faults(meeting: Meeting, actor: User) -> list[str]:
    """Why the actor may not call the meeting off or strike the entry out."""
    return change_faults(meeting, actor) if meeting.is_held else []


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, actor: User) -> None:
    """Call a planned meeting off, or strike out an entry made by mistake; the others of the pair get a letter.

    The reason stays with the meeting and out of the history: it may be somebody's health.
    """
    permit(actor, CHANGE, meeting)
    locked_pair(meeting.pair, actor)
    kept = Meeting.objects.select_related("pair__mentor").get(pk=meeting.pk)
    if faults := cancel_faults(kept, actor):
        raise Refused(faults)
    step = "strike" if kept.is_held else "cancel"
    values: dict[str, Any] = {"cancel_reason": reason, "sequence": kept.sequence + 1, "changed_at": timezone.now()}
    move(kept, step, actor=actor, **values)
    meeting.state, meeting.cancel_reason = kept.state, reason
    if step == "cancel":
        tell_others(kept, actor, f"Встреча {kept.day:%d.%m.%Y} отменена", f"Причина: {reason}")


def tell_others(meeting: Meeting, actor: User, subject: str, body: str) -> None:
    """A letter to everybody of the pair but the one who did it."""
    users = [person.user for person in meeting.pair.people if person.user and person.user_id != actor.pk]
    path = reverse("meeting_detail", args=[meeting.pk])
    write_letters(users, subject=subject, body=body, path=path, organisation=meeting.pair.organisation)


def confirm_faults(meeting: Meeting, actor: User) -> list[str]:
    """Why the actor's word about the meeting does not count."""
    if not meeting.is_held:
        return [CONFIRM_HELD]
    mine = [person for person in meeting.confirmers() if person.user_id == actor.pk]
    if not mine:
        return [NOT_YOURS]
    if any(one.agrees and one.participant_id == mine[0].pk for one in meeting.confirmations.all()):
        return ["Вы уже подтвердили эту встречу. Добавить что-то можно заметкой."]
    return []


@transaction.atomic
def confirm_meeting(*, meeting: Meeting, agrees: bool, text: str, actor: User) -> MeetingConfirmation:
    """Say that the meeting was so, with or without an addition, or that it was otherwise; «иначе» may be taken back.

    The author gets a letter only if it was otherwise. What is said stays with the meeting, not in the history.
    """
    permit(actor, CONFIRM, meeting)
    kept = Meeting.objects.select_for_update(of=("self",)).select_related("pair__mentor").get(pk=meeting.pk)
    if faults := confirm_faults(kept, actor):
        raise Refused(faults)
    if not agrees and not text:
        raise Refused(["Напишите, как было на самом деле: автор записи исправит её."])
    person = next(one for one in kept.confirmers() if one.user_id == actor.pk)
    said, _ = MeetingConfirmation.objects.update_or_create(
        meeting=kept, participant=person, defaults={"agrees": agrees, "text": text, "said_on": today()}
    )
    word = "было иначе" if not agrees else "всё верно, с дополнением" if text else "всё верно"
    change = Change(field="Слово другой стороны", old="—", new=word)
    record(CONFIRM, kept, actor=actor, text="Другая сторона сказала о встрече.", changes=[change])
    if not agrees:
        body = f"{person.short_name}: {text}"
        path = reverse("meeting_detail", args=[kept.pk])
        subject = f"Встреча {kept.day:%d.%m.%Y}: было иначе"
        write_letters([kept.entered_by], subject=subject, body=body, path=path, organisation=kept.pair.organisation)
    return said


@transaction.atomic
def save_meeting_rules(*, form: ModelForm, actor: User) -> MeetingRules:
    """Save a valid form; the lights of all pairs follow at once."""
    permit(actor, RULES, form.instance.organisation)
    return save_form(form, actor=actor, event=RULES, text="Изменены правила о встречах.")
