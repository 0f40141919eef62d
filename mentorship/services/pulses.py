"""Actions on the pulse of a pair: an answer of free will, or none; a curator's note that it was read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from django.db import IntegrityError, transaction

from accounts.models import User
from accounts.permissions import may, permit, today
from core.journal import record
from core.transitions import Refused
from mentorship.models import Pair, Participant, Pulse
from mentorship.models.pulses import QUESTIONS, asked_on

ANSWER, SEE = "mentorship.pulse.answer", "mentorship.pulse.view"
TOO_EARLY = "Вопросов о работе этой пары пока нет."
TWICE = "Вы уже ответили на эти вопросы. Следующие появятся через два месяца."


def respondent(pair: Pair, actor: User) -> Participant | None:
    return next((person for person in pair.people if person.user_id == actor.pk), None)


def open_pulse(pair: Pair, user: User) -> bool:
    """Whether the person may still answer the last asking about the pair; two queries."""
    person, asked = respondent(pair, user), asked_on(pair.starts_on, today())
    if person is None or asked is None or not may(user, ANSWER, pair):
        return False
    return not Pulse.objects.filter(pair=pair, participant=person, asked_on=asked).exists()


@transaction.atomic
def answer_pulse(*, pair: Pair, values: Mapping[str, int | None], text: str, actor: User) -> Pulse:
    """Keep the answers to the last asking; without any value and word they say «можно не отвечать».

    Neither the history nor a letter repeats them.
    """
    permit(actor, ANSWER, pair)
    person = respondent(pair, actor)
    asked = asked_on(pair.starts_on, today())
    if person is None or asked is None:
        raise Refused([TOO_EARLY])
    given = {name: values.get(name) for name in QUESTIONS}
    answered = today() if text or any(given.values()) else None
    try:
        with transaction.atomic():
            pulse = Pulse.objects.create(
                pair=pair, participant=person, asked_on=asked, answered_on=answered, text=text, **given
            )
    except IntegrityError:
        raise Refused([TWICE]) from None
    # The same words for an answer and for none: who answers is nobody's business but the curator's.
    record(ANSWER, pulse, actor=actor, text="Вопросы о работе пары закрыты.")
    return pulse


@transaction.atomic
def mark_seen(*, pulse: Pulse, actor: User, day: dt.date) -> None:
    """Say that the answer was read and talked about; it leaves the queue."""
    permit(actor, SEE, pulse)
    if Pulse.objects.filter(pk=pulse.pk, seen_on=None).update(seen_on=day):
        record(SEE, pulse, actor=actor, text="Ответ о работе пары прочитан куратором.")
