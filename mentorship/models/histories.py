"""What stays known of a person over the years: earlier names, courses, contests; and who looked at the card."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach, today
from core.storage import PrivateStorage, random_name
from core.transitions import Transition
from mentorship.models.participants import Participant, own_and_pupils

# How long before the end of its term a course begins to remind of itself.
SOON_DAYS = 30
CHANGE, CORRECT = "mentorship.participant.change", "mentorship.participant.correct"


class PastName(models.Model):
    """A name the person bore until a day. Approved orders keep the name of their own day."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="past_names")
    surname = models.CharField("фамилия", max_length=80)
    given_name = models.CharField("имя", max_length=60)
    patronymic = models.CharField("отчество", max_length=60, blank=True)
    until = models.DateField("по", default=today)

    objects = PermittedQuerySet.as_manager()

    REACH = {
        Reach.ORGANISATION: "participant__organisation",
        Reach.OWN: "participant__user",
        Reach.LED: own_and_pupils,
    }

    class Meta:
        verbose_name = "прежнее имя"
        verbose_name_plural = "прежние имена"
        ordering = ["-until", "-pk"]

    def __str__(self) -> str:
        return " ".join(part for part in (self.surname, self.given_name, self.patronymic) if part)

    @property
    def journal_scope(self) -> int:
        return self.participant.organisation_id


class CourseQuerySet(PermittedQuerySet["Course"]):
    def reminding(self, day: dt.date) -> Self:
        """Courses whose term ends within a month from the day, or ended within the month before it."""
        month = dt.timedelta(days=SOON_DAYS)
        return self.filter(valid_until__range=(day - month, day + month))


class Course(models.Model):
    """A qualification course of a person, with its paper and the day until which it counts."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="courses")
    title = models.CharField("название курса", max_length=300)
    provider = models.CharField("где пройден", max_length=250, blank=True)
    hours = models.PositiveSmallIntegerField("часов", null=True, blank=True)
    ended_on = models.DateField("окончен")
    valid_until = models.DateField("действует по", null=True, blank=True)
    paper = models.CharField("документ", max_length=150, blank=True, help_text="Вид, серия и номер.")
    file = models.FileField("файл", storage=PrivateStorage(), upload_to=random_name, blank=True)
    file_name = models.CharField("имя файла", max_length=200, blank=True)

    objects = CourseQuerySet.as_manager()

    REACH = {
        Reach.ORGANISATION: "participant__organisation",
        Reach.OWN: "participant__user",
        Reach.LED: own_and_pupils,
    }

    class Meta:
        verbose_name = "курс повышения квалификации"
        verbose_name_plural = "курсы повышения квалификации"
        ordering = ["-ended_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("ended_on")),
                name="course_period",
                violation_error_message="Срок действия курса не может закончиться раньше его окончания.",
            )
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def journal_scope(self) -> int:
        return self.participant.organisation_id

    def state_on(self, day: dt.date) -> tuple[str, str]:
        """How the term stands, and the kind of its chip; nothing while it is far off, or where there is none."""
        if self.valid_until is None or self.valid_until > day + dt.timedelta(days=SOON_DAYS):
            return "", ""
        return ("истёк", "late") if self.valid_until < day else (f"истекает {self.valid_until:%d.%m.%Y}", "wait")


class Achievement(models.Model):
    """Participation in a contest, a conference or the like."""

    class Kind(models.TextChoices):
        CONTEST = "contest", "конкурс"
        CONFERENCE = "conference", "конференция, семинар"
        PUBLICATION = "publication", "публикация"
        AWARD = "award", "награда"

    class Level(models.TextChoices):
        SCHOOL = "school", "школьный"
        MUNICIPAL = "municipal", "муниципальный"
        REGIONAL = "regional", "региональный"
        FEDERAL = "federal", "всероссийский"
        INTERNATIONAL = "international", "международный"

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="achievements")
    kind = models.CharField("что это", max_length=12, choices=Kind)
    title = models.CharField("название", max_length=300)
    level = models.CharField("уровень", max_length=13, choices=Level)
    held_on = models.DateField("дата")
    result = models.CharField("результат", max_length=200, blank=True, help_text="Например: «призёр», «выступление».")

    objects = PermittedQuerySet.as_manager()

    REACH = {
        Reach.ORGANISATION: "participant__organisation",
        Reach.OWN: "participant__user",
        Reach.LED: own_and_pupils,
    }

    class Meta:
        verbose_name = "участие в конкурсе или конференции"
        verbose_name_plural = "конкурсы и конференции"
        ordering = ["-held_on", "-pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def journal_scope(self) -> int:
        return self.participant.organisation_id


class CardView(models.Model):
    """Somebody other than the owner opened the card on a day; one row a day however often."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="card_views")
    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    day = models.DateField("день", default=today)

    objects: Any = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "participant__organisation", Reach.OWN: "participant__user"}

    class Meta:
        verbose_name = "просмотр карточки"
        verbose_name_plural = "просмотры карточек"
        ordering = ["-day", "-pk"]
        constraints = [models.UniqueConstraint(fields=["participant", "user", "day"], name="card_view_once_a_day")]

    def __str__(self) -> str:
        return f"{self.day:%d.%m.%Y}: {self.user}"


class CardRequestQuerySet(PermittedQuerySet["CardRequest"]):
    def waiting(self) -> Self:
        return self.filter(state=CardRequest.State.WAITING)


class CardRequest(models.Model):
    """A teacher asks to correct the own card; the curator accepts, or declines with a reason; the asker may cancel.

    `wanted` and `before` map names of Participant's fields to values as the forms write them (dates ISO).
    """

    class State(models.TextChoices):
        WAITING = "waiting", "ждёт решения"
        ACCEPTED = "accepted", "принято"
        DECLINED = "declined", "отклонено"
        CANCELLED = "cancelled", "отозвано"

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="card_requests")
    wanted = models.JSONField("что исправить", default=dict)
    before = models.JSONField("как было", default=dict)
    comment = models.CharField("пояснение", max_length=500, blank=True)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.WAITING)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="кто просит")
    asked_at = models.DateTimeField("когда", default=timezone.now)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="решил")
    decided_at = models.DateTimeField("решено", null=True, blank=True)
    answer = models.CharField("ответ", max_length=500, blank=True)

    objects = CardRequestQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "participant__organisation", Reach.OWN: "participant__user"}
    TRANSITIONS = {
        "accept": Transition(
            "Принять", frozenset({State.WAITING}), State.ACCEPTED, CHANGE, "Просьба принята, карточка исправлена."
        ),
        "decline": Transition("Отклонить", frozenset({State.WAITING}), State.DECLINED, CHANGE, "Просьба отклонена."),
        "cancel": Transition(
            "Отозвать просьбу", frozenset({State.WAITING}), State.CANCELLED, CORRECT, "Просьба отозвана."
        ),
    }

    class Meta:
        verbose_name = "просьба исправить карточку"
        verbose_name_plural = "просьбы исправить карточку"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant"],
                condition=Q(state="waiting"),
                name="card_request_one_waiting",
                violation_error_message="Прежняя просьба ещё ждёт решения куратора.",
            )
        ]

    def __str__(self) -> str:
        return f"Просьба исправить карточку: {self.participant}"

    @property
    def journal_scope(self) -> int:
        return self.participant.organisation_id
