"""Writing down a psychologist's support: the history and the letters name nobody."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.permissions import Role, permit, row_of, today
from accounts.services.letters import write_letters
from core.journal import record
from core.transitions import Refused
from mentorship.models import Participant, SupportRecord
from mentorship.services.consent_papers import EARLIEST, Faults

VIEW, WRITE = "mentorship.support.view", "mentorship.support.write"
STRANGER = "Назвать можно только тех, кто работает в этой организации."


@dataclass(frozen=True)
class Support:
    """The content of one record; `consent_on`: when the person agreed to work with the psychologist."""

    day: dt.date
    kind: str
    text: str
    consent_on: dt.date
    readers: Sequence[User] = ()


def possible_readers(person: Participant, author: User) -> Any:
    """Users with a role in the organisation who may be named on a record; the person too, where they may sign in."""
    roles = [role for role in row_of(VIEW).reach if role in Role.values]
    users = User.objects.with_role(person.organisation, *roles)
    return users.exclude(pk=author.pk).order_by("full_name", "pk")


def support_faults(support: Support) -> Faults:
    """What is wrong with the record: the name of the form's field → the sentence beside it."""
    if support.day > today():
        return {"day": "Запишите работу, когда она проведена: день не может быть в будущем."}
    if support.day < EARLIEST:
        return {"day": "Проверьте год."}
    if support.consent_on > support.day:
        return {"consent_on": "Согласие берут до начала работы: этот день позже самой работы."}
    return {"consent_on": "Проверьте год."} if support.consent_on < EARLIEST else {}


@transaction.atomic
def write_support(*, participant: Participant, support: Support, actor: User) -> SupportRecord:
    """Write a record down. The named people get a letter that says only that there is something to read.

    Raises `Refused` for an impossible day or a reader from outside.
    """
    permit(actor, WRITE, participant)
    if faults := support_faults(support):
        raise Refused(faults.values())
    if set(support.readers) - set(possible_readers(participant, actor)):
        raise Refused([STRANGER])
    written = SupportRecord.objects.create(
        organisation=participant.organisation,
        participant=participant,
        author=actor,
        day=support.day,
        kind=support.kind,
        text=support.text,
        consent_on=support.consent_on,
    )
    written.readers.set(support.readers)
    record(WRITE, written, actor=actor, text="Записана работа психолога.")
    write_letters(
        support.readers,
        subject="Запись психолога для вас",
        body="Психолог назвал вас среди тех, кто может прочитать запись. Она открывается только на портале.",
        path=reverse("support_detail", args=[written.pk]),
        organisation=participant.organisation,
    )
    return written
