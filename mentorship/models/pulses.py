"""The pulse of a pair: three questions that both sides may answer a month after the beginning and every two months."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.permissions import PermittedQuerySet, Reach
from mentorship.models.pairs import Pair
from mentorship.models.participants import Participant

FIRST_DAYS, STEP_DAYS = 30, 60
# How long a question stands on the home page: seven days hold one Monday, and so one letter.
OPEN_DAYS = 7
LOW = 2
SCALE = [MinValueValidator(1), MaxValueValidator(5)]
QUESTIONS = {
    "useful": "Встречи вам полезны",
    "often": "Встреч и времени хватает",
    "trust": "Вам спокойно работать вместе",
}


class PulseQuerySet(PermittedQuerySet["Pulse"]):
    def answered(self) -> Self:
        return self.filter(answered_on__isnull=False)

    def low(self) -> Self:
        """Answers that ask for a talk."""
        return self.answered().filter(Q(useful__lte=LOW) | Q(often__lte=LOW) | Q(trust__lte=LOW))

    def unseen(self) -> Self:
        return self.filter(seen_on=None)


class Pulse(models.Model):
    """What one person answered to one asking; «можно не отвечать» leaves a row without an answer.

    Nobody but a curator reads the answers. Values are 1 to 5, the worst first.
    """

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="pulses")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+", verbose_name="кто отвечает")
    asked_on = models.DateField("спросили")
    answered_on = models.DateField("ответ", null=True, blank=True)
    useful = models.PositiveSmallIntegerField(QUESTIONS["useful"], null=True, blank=True, validators=SCALE)
    often = models.PositiveSmallIntegerField(QUESTIONS["often"], null=True, blank=True, validators=SCALE)
    trust = models.PositiveSmallIntegerField(QUESTIONS["trust"], null=True, blank=True, validators=SCALE)
    text = models.CharField("словами", max_length=1000, blank=True)
    seen_on = models.DateField("прочитано куратором", null=True, blank=True)

    objects = PulseQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "pair__organisation"}

    class Meta:
        verbose_name = "ответ о работе пары"
        verbose_name_plural = "ответы о работе пар"
        ordering = ["-asked_on", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["pair", "participant", "asked_on"], name="pulse_once_an_asking"),
        ]

    def __str__(self) -> str:
        return f"Ответ о работе пары {self.asked_on:%d.%m.%Y}"

    @property
    def journal_scope(self) -> int:
        return self.pair.organisation_id

    @property
    def answers(self) -> list[tuple[str, int]]:
        """The questions that were answered, with the values."""
        found = [(words, getattr(self, name)) for name, words in QUESTIONS.items()]
        return [(words, value) for words, value in found if value]

    @property
    def is_low(self) -> bool:
        return any(value <= LOW for _, value in self.answers)


def asked_on(starts_on: dt.date, day: dt.date) -> dt.date | None:
    """The day of the last asking by the day, None before the first one."""
    worked = (day - starts_on).days
    if worked < FIRST_DAYS:
        return None
    return starts_on + dt.timedelta(days=FIRST_DAYS + (worked - FIRST_DAYS) // STEP_DAYS * STEP_DAYS)


def asking_open(starts_on: dt.date, day: dt.date) -> dt.date | None:
    """The asking that the home page still shows on the day."""
    asked = asked_on(starts_on, day)
    return asked if asked and (day - asked).days < OPEN_DAYS else None
