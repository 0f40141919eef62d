"""Consents: each purpose its own record, with date, method, scan and withdrawal; a record is never edited."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach, Standing, today
from core.storage import PrivateStorage, random_name
from mentorship.models.participants import Participant, led_pupils


def common_and_own(standing: Standing) -> Q:
    return Q(organisation=None) | Q(organisation=standing.organisation_id)


class ConsentKind(models.TextChoices):
    PROCESSING = "processing", "Обработка персональных данных"
    DISSEMINATION = "dissemination", "Публикация на сайте"
    PHOTO = "photo", "Фото- и видеосъёмка"
    TRANSFER = "transfer", "Передача данных муниципалитету"
    MENTOR = "mentor", "Работа наставником"
    PAIR = "pair", "Участие в паре"


class PublicField(models.TextChoices):
    """What a dissemination consent may allow to show."""

    NAME = "name", "фамилия, имя, отчество"
    POST = "post", "должность и предмет"
    EXPERIENCE = "experience", "стаж и категория"
    PHOTO = "photo", "фотография"


class Resource(models.TextChoices):
    """Where a dissemination consent may allow to show it."""

    SECTION = "section", "открытый раздел «Наставничество» школы"
    SITE = "site", "официальный сайт организации"
    MUNICIPAL = "municipal", "страница муниципалитета в портале"
    PARTNERS = "partners", "сайты и страницы партнёров"


class ConsentText(models.Model):
    """A version of the words that people sign. Never edited: other words are the next version.

    `body`: paragraphs divided by empty lines, a line from «- » on is an item of a list; names in braces are filled
    with the person's data. Without an organisation: the product's own wording for everybody.
    """

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="организация"
    )
    kind = models.CharField("согласие", max_length=15, choices=ConsentKind)
    version = models.PositiveSmallIntegerField("редакция")
    body = models.TextField("текст", max_length=20000)
    note = models.CharField("что изменилось", max_length=300, blank=True)
    created_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField("записана", default=timezone.now)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: common_and_own}

    class Meta:
        verbose_name = "редакция согласия"
        verbose_name_plural = "тексты согласий"
        ordering = ["kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "kind", "version"],
                nulls_distinct=False,
                name="consent_text_version_once",
                violation_error_message="Такая редакция уже есть.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, редакция {self.version}"


class ConsentQuerySet(PermittedQuerySet["Consent"]):
    def live(self, day: dt.date) -> Self:
        """Given, not ended and not withdrawn by the day; a withdrawal counts from its own day on."""
        return self.filter(
            Q(valid_until=None) | Q(valid_until__gte=day),
            Q(withdrawn_on=None) | Q(withdrawn_on__gt=day),
            answer=Consent.Answer.GIVEN,
            signed_on__lte=day,
        )

    def on_resource(self, resource: str) -> Self:
        """Consents to publication that name the resource."""
        return self.filter(kind=ConsentKind.DISSEMINATION, resources__contains=[resource])

    def showing(self, field: str, day: dt.date) -> Self:
        """Live consents that let the field be shown to everybody."""
        return self.live(day).filter(kind=ConsentKind.DISSEMINATION, fields__contains=[field])


class Consent(models.Model):
    """A person's signed answer for one purpose.

    For publication: `fields` lists values of PublicField, `resources` of Resource, `conditions` maps a field to the
    signer's own condition, `bans` says in words what must not be done. For mentoring: `terms` has the keys content,
    form, pay (texts) and in_duties (the job description already includes it). `signed_text` is the paper's text as it
    was signed, in the markup of documents; it stays after withdrawal.
    """

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
    resources = models.JSONField("где можно показывать", default=list, blank=True)
    conditions = models.JSONField("условия", default=dict, blank=True)
    bans = models.CharField("запреты", max_length=500, blank=True)
    terms = models.JSONField("условия работы наставником", default=dict, blank=True)
    text = models.ForeignKey(
        ConsentText, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="редакция текста"
    )
    signed_text = models.TextField("подписанный текст", blank=True, editable=False)
    original_place = models.CharField(
        "где хранится подлинник", max_length=200, blank=True, help_text="Например: «сейф куратора, папка 3»."
    )
    representative = models.CharField(
        "законный представитель", max_length=200, blank=True, help_text="Кто подписал за несовершеннолетнего."
    )
    relation = models.CharField("кем приходится", max_length=60, blank=True, help_text="Например: «мать», «опекун».")
    own_signature = models.BooleanField("подписал и сам несовершеннолетний", default=False)
    scan = models.FileField("скан", storage=PrivateStorage(), upload_to=random_name, blank=True)
    scan_name = models.CharField("имя файла", max_length=200, blank=True)
    withdrawn_on = models.DateField("отозвано", null=True, blank=True)
    withdrawal_reason = models.CharField("основание отзыва", max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="записал")
    recorded_at = models.DateTimeField("записано", default=timezone.now)

    objects = ConsentQuerySet.as_manager()

    REACH = {
        Reach.ORGANISATION: "participant__organisation",
        Reach.OWN: "participant__user",
        Reach.LED: led_pupils,
    }

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


class RequestQuerySet(PermittedQuerySet["ConsentRequest"]):
    def waiting(self) -> Self:
        """Asked and neither answered nor taken back."""
        return self.filter(answered_by=None, cancelled_on=None)


class ConsentRequest(models.Model):
    """The curator asked a person for a consent; the answer is a Consent, given or refused."""

    participant = models.ForeignKey(Participant, models.CASCADE, related_name="consent_requests")
    kind = models.CharField("на что", max_length=15, choices=ConsentKind)
    pair = models.ForeignKey("mentorship.Pair", models.CASCADE, null=True, blank=True, related_name="+")
    asked_on = models.DateField("запрошено", default=today)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    answered_by = models.ForeignKey(Consent, models.SET_NULL, null=True, blank=True, related_name="requests")
    cancelled_on = models.DateField("запрос снят", null=True, blank=True)

    objects = RequestQuerySet.as_manager()

    REACH = {
        Reach.ORGANISATION: "participant__organisation",
        Reach.OWN: "participant__user",
        Reach.LED: led_pupils,
    }

    class Meta:
        verbose_name = "запрос согласия"
        verbose_name_plural = "запросы согласий"
        ordering = ["asked_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "kind", "pair"],
                condition=Q(answered_by=None, cancelled_on=None),
                nulls_distinct=False,
                name="consent_request_waiting_once",
                violation_error_message="Это согласие уже запрошено.",
            )
        ]

    def __str__(self) -> str:
        return f"Запрошено согласие: {self.participant}"

    @property
    def journal_scope(self) -> int:
        return self.participant.organisation_id


class DutyQuerySet(PermittedQuerySet["LegalDuty"]):
    def open(self) -> Self:
        return self.filter(done_on=None)


class LegalDuty(models.Model):
    """What the law makes the school do after a consent is given with conditions or withdrawn, by a day."""

    class Kind(models.TextChoices):
        STOP_SHOWING = "stop_showing", "Прекратить распространение вне портала"
        PUBLISH_CONDITIONS = "publish_conditions", "Опубликовать условия и запреты"
        DESTROY = "destroy", "Уничтожить персональные данные"
        TELL_MUNICIPALITY = "tell_municipality", "Сообщить муниципалитету об отзыве"
        REMOVE_PHOTO = "remove_photo", "Убрать фото и видео"
        END_MENTORING = "end_mentoring", "Оформить прекращение наставничества"
        END_PAIR = "end_pair", "Оформить прекращение участия в паре"

    consent = models.ForeignKey(Consent, models.PROTECT, related_name="duties")
    kind = models.CharField("что сделать", max_length=20, choices=Kind)
    since = models.DateField("основание от")
    due_on = models.DateField("срок")
    done_on = models.DateField("сделано", null=True, blank=True)
    done_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    note = models.CharField("как сделано", max_length=300, blank=True)

    objects = DutyQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "consent__participant__organisation"}

    class Meta:
        verbose_name = "срок по согласию"
        verbose_name_plural = "сроки по согласиям"
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["consent", "kind"], name="legal_duty_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.consent.participant}"

    @property
    def journal_scope(self) -> int:
        return self.consent.participant.organisation_id
