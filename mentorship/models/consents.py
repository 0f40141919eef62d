"""Consents: each purpose its own record, with date, method, scan and withdrawal; a record is never edited."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach
from core.storage import PrivateStorage, random_name
from mentorship.models.participants import Participant


class ConsentKind(models.TextChoices):
    PROCESSING = "processing", "Обработка персональных данных"
    DISSEMINATION = "dissemination", "Публикация на сайте"
    MENTOR = "mentor", "Работа наставником"
    PAIR = "pair", "Участие в паре"


class PublicField(models.TextChoices):
    """What a dissemination consent may allow to show."""

    NAME = "name", "фамилия, имя, отчество"
    POST = "post", "должность и предмет"
    EXPERIENCE = "experience", "стаж и категория"
    PHOTO = "photo", "фотография"


class ConsentQuerySet(PermittedQuerySet["Consent"]):
    def live(self, day: dt.date) -> Self:
        """Given, not ended and not withdrawn by the day; a withdrawal counts from its own day on."""
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=day),
            Q(withdrawn_on=None) | Q(withdrawn_on__gt=day),
            answer=Consent.Answer.GIVEN,
            signed_on__lte=day,
        )

    def showing(self, field: str, day: dt.date) -> Self:
        """Live consents that let the field be shown to everybody."""
        return self.live(day).filter(kind=ConsentKind.DISSEMINATION, fields__contains=[field])


class Consent(models.Model):
    """A person's signed answer for one purpose. `fields` (for publication) lists values of PublicField."""

    class Method(models.TextChoices):
        PAPER = "paper", "подписано на бумаге"
        ELECTRONIC = "electronic", "подписано электронно"

    class Answer(models.TextChoices):
        GIVEN = "given", "согласие"
        REFUSED = "refused", "отказ"

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="consents", verbose_name="участник")
    kind = models.CharField("на что", max_length=15, choices=ConsentKind)
    pair = models.ForeignKey(
        "mentorship.Pair", models.PROTECT, null=True, blank=True, related_name="consents", verbose_name="пара"
    )
    answer = models.CharField("ответ", max_length=8, choices=Answer, default=Answer.GIVEN)
    signed_on = models.DateField("дата подписи")
    method = models.CharField("как подписано", max_length=10, choices=Method, default=Method.PAPER)
    fields = models.JSONField("что можно показывать", default=list, blank=True)
    valid_until = models.DateField("действует по", null=True, blank=True)
    representative = models.CharField(
        "законный представитель", max_length=200, blank=True, help_text="Кто подписал за несовершеннолетнего."
    )
    scan = models.FileField("скан", storage=PrivateStorage(), upload_to=random_name, blank=True)
    scan_name = models.CharField("имя файла", max_length=200, blank=True)
    withdrawn_on = models.DateField("отозвано", null=True, blank=True)
    withdrawal_reason = models.CharField("основание отзыва", max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="записал")
    recorded_at = models.DateTimeField("записано", default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "participant__organisation", Reach.OWN: "participant__user"}

    class Meta:
        verbose_name = "согласие"
        verbose_name_plural = "согласия"
        ordering = ["-signed_on", "-pk"]
        indexes = [models.Index(fields=["participant", "kind"], name="consent_lookup")]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("signed_on")),
                name="consent_period",
                violation_error_message="Срок согласия не может закончиться раньше подписи.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(withdrawn_on__gte=F("signed_on")),
                name="consent_withdrawn_after_signature",
                violation_error_message="Согласие не может быть отозвано раньше, чем подписано.",
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_on=None) | Q(answer="given"),
                name="consent_refusal_is_not_withdrawn",
                violation_error_message="Отказ не отзывают: записывают новое согласие.",
            ),
            models.CheckConstraint(
                condition=Q(kind=ConsentKind.PAIR, pair__isnull=False) | ~Q(kind=ConsentKind.PAIR),
                name="consent_to_a_pair_names_it",
                violation_error_message="Укажите, на участие в какой паре дано согласие.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.participant}"

    @property
    def journal_scope(self) -> int:
        return self.participant.organisation_id

    def is_live_on(self, day: dt.date) -> bool:
        return (
            self.answer == self.Answer.GIVEN
            and self.signed_on <= day
            and (self.valid_until is None or self.valid_until >= day)
            and (self.withdrawn_on is None or self.withdrawn_on > day)
        )

    def state_on(self, day: dt.date) -> str:
        """The state in words: «действует», «отозвано», «истекло», «отказ», «ещё не действует»."""
        if self.answer == self.Answer.REFUSED:
            return "отказ"
        if self.withdrawn_on and self.withdrawn_on <= day:
            return "отозвано"
        if self.valid_until and self.valid_until < day:
            return "истекло"
        return "действует" if self.signed_on <= day else "ещё не действует"
