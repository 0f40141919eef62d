"""Actions on notices that end a mentor's work early: recording one that was given, taking one back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.files.base import File
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role, permit, today
from accounts.services.letters import write_letters
from core.journal import Change, record
from core.transitions import Refused
from core.uploads import safe_name
from mentorship.documents.notices import NoticeFacts, notice_html, working_pairs
from mentorship.models import Notice, Pair, Participant, earliest_end
from mentorship.services.consent_papers import EARLIEST, Faults

RECORD = "mentorship.notice.record"
NOBODY = "Человек сейчас никого не ведёт по приказу: уведомление не нужно. Если пара оформляется, отзовите согласие."
NOT_LED = "Эта пара сейчас не действует или её ведёт другой наставник."


@dataclass(frozen=True)
class Given:
    """The content of one notice; without a pair it speaks of all work as a mentor."""

    side: Notice.Side
    given_on: dt.date
    ends_on: dt.date
    delivery: str
    pair: Pair | None = None
    reason: str = ""
    original_place: str = ""
    scan: File | None = None


def notice_faults(person: Participant, given: Given) -> Faults:
    """What is wrong with the notice: the name of the form's field → the sentence beside it."""
    pairs = working_pairs(person, given.pair)
    if not pairs:
        return {"pair": NOT_LED if given.pair else NOBODY}
    faults = {**end_faults(given, pairs), **given_faults(given)}
    if standing := rival(person, given):
        faults["pair"] = f"Уведомление от {standing.given_on:%d.%m.%Y} об этом уже записано и не отозвано."
    if not given.scan and not given.original_place:
        faults["original_place"] = "Приложите скан или напишите, где хранится подписанная бумага."
    return faults


def given_faults(given: Given) -> Faults:
    if given.given_on > today():
        return {"given_on": "Запишите уведомление, когда оно вручено: день не может быть в будущем."}
    return {"given_on": "Проверьте год уведомления."} if given.given_on < EARLIEST else {}


def end_faults(given: Given, pairs: Sequence[Pair]) -> Faults:
    """At least three whole working days between the notice and the end; and something must be left to end."""
    if given.given_on < EARLIEST:
        return {}
    earliest, last = earliest_end(given.given_on), max(pair.ends_on for pair in pairs)
    if given.ends_on < earliest:
        words = f"Слишком рано: по статье 351.8 нужны три рабочих дня, поэтому не раньше {earliest:%d.%m.%Y}. "
        return {"ends_on": f"{words}День уведомления не считается, выходные и праздники — тоже."}
    if given.ends_on >= last:
        return {"ends_on": f"Срок и без уведомления заканчивается {last:%d.%m.%Y}: укажите более ранний день."}
    return {}


def rival(person: Participant, given: Given) -> Notice | None:
    """A standing notice that already asks to end the same."""
    rows = Notice.objects.unsettled().filter(participant=person)
    return next((row for row in rows if row.pair_id in (None, given.pair.pk if given.pair else None)), None)


@transaction.atomic
def record_notice(*, participant: Participant, given: Given, actor: User) -> Notice:
    """Record a notice that was given. It ends no pair: it tells the curators and the head by letter that an order is
    needed and by what day, and stands on their home pages until the pairs end.

    Raises `Refused` where the notice cannot be as described, above all earlier than three working days ahead.
    """
    permit(actor, RECORD, participant)
    person = Participant.objects.locked().get(pk=participant.pk)
    if faults := notice_faults(person, given):
        raise Refused(faults.values())
    said = NoticeFacts(given.side, given.pair, given.given_on, given.ends_on, given.reason)
    notice = Notice.objects.create(
        participant=person,
        pair=given.pair,
        side=given.side,
        given_on=given.given_on,
        ends_on=given.ends_on,
        delivery=given.delivery,
        reason=given.reason,
        text=notice_html(person, said),
        original_place=given.original_place,
        scan=given.scan or "",
        scan_name=safe_name(str(given.scan.name)) if given.scan else "",
        recorded_by=actor,
    )
    text = f"Записано уведомление: {person.short_name} — {notice.what}, последний день {notice.ends_on:%d.%m.%Y}."
    record(RECORD, notice, actor=actor, text=text)
    tell(notice, f"{text} До этого дня нужен приказ: {ending_words(notice)}", actor)
    return notice


def ending_words(notice: Notice) -> str:
    """Which pairs an order has to end, in a sentence."""
    titles = "; ".join(pair.title.rstrip(".") for pair in notice.pairs_to_end())
    return f"само уведомление пару не прекращает. Пары: {titles}."


def tell(notice: Notice, body: str, actor: User) -> None:
    """The curators and the head read what has to be done; the person reads it too."""
    person = notice.participant
    users = User.objects.with_role(person.organisation, Role.CURATOR, Role.DIRECTOR)
    told = [user for user in [*users, person.user] if user is not None and user != actor]
    path = reverse("notice_detail", args=[notice.pk])
    subject = f"Уведомление: {notice.what}"
    write_letters(told, subject=subject, body=body, path=path, organisation=person.organisation)


@transaction.atomic
def revoke_notice(*, notice: Notice, revoked_on: dt.date, reason: str, actor: User) -> None:
    """Take a notice back by agreement of both sides, or strike out one recorded by mistake: the work goes on.

    Raises `Refused` where it is taken back already or the day is impossible.
    """
    permit(actor, RECORD, notice)
    if revoked_on > today():
        raise Refused(["День отзыва не может быть в будущем."])
    if revoked_on < notice.given_on:
        raise Refused([f"Уведомление подано {notice.given_on:%d.%m.%Y}: отозвать его раньше нельзя."])
    rows = Notice.objects.filter(pk=notice.pk, revoked_on=None)
    if not rows.update(revoked_on=revoked_on, revoke_reason=reason):
        raise Refused(["Уведомление уже отозвано."])
    changes = [
        Change(field="Отозвано", old="—", new=f"{revoked_on:%d.%m.%Y}"),
        Change(field="Почему отозвано", old="—", new=reason),
    ]
    person = notice.participant
    text = f"Уведомление от {notice.given_on:%d.%m.%Y} отозвано: {person.short_name}, {notice.what}."
    record("mentorship.notice.revoke", notice, actor=actor, text=text, changes=changes)
    tell(notice, f"{text} Приказ о прекращении больше не нужен.", actor)
