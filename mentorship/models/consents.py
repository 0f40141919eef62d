"""Consents: each purpose its own record, with date, method, scan and withdrawal; a record is never edited."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach, Standing
from core.storage import PrivateStorage, random_name
from mentorship.models.participants import Participant, led_pupils


def common_and_own(standing: Standing) -> Q:
    return Q(organisation=None) | Q(organisation=standing.organisation_id)


# A condition that begins so is no condition: it forbids to show the field at all.
BAN_WORDS = ("запре", "не показ", "не публик", "нельзя", "не разреш")


def is_ban(condition: str) -> bool:
    """Whether a signer's «condition» forbids to show the field."""
    return condition.strip().lower().startswith(BAN_WORDS)


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


class TextQuerySet(PermittedQuerySet["ConsentText"]):
    def for_school(self, organisation: int, kind: str) -> Self:
        """The school's own versions and the product's, the newest own first, then the product's."""
        rows = self.filter(Q(organisation=None) | Q(organisation=organisation), kind=kind)
        return rows.order_by(F("organisation").asc(nulls_last=True), "-version")

    def in_use(self, organisation: int, kind: str, day: dt.date) -> ConsentText | None:
        """What people sign on the day: the newest own version of that day, else the product's.

        A paper older than every version was signed under the first one that is known.
        """
        rows = list(self.for_school(organisation, kind))
        known = [row for row in rows if timezone.localdate(row.created_at) <= day]
        return known[0] if known else rows[-1] if rows else None


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

    objects = TextQuerySet.as_manager()

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


def live_on(day: dt.date) -> Q:
    """Given, not ended and not withdrawn by the day; a withdrawal counts from its own day on."""
    not_ended = Q(valid_until=None) | Q(valid_until__gte=day)
    not_withdrawn = Q(withdrawn_on=None) | Q(withdrawn_on__gt=day)
    return not_ended & not_withdrawn & Q(answer="given", signed_on__lte=day)


def not_banned(fields: list[str], conditions: dict[str, str]) -> list[str]:
    """The fields that may be shown: ticked and not forbidden by their own condition."""
    return [field for field in fields if not is_ban(conditions.get(field, ""))]


def limits_of(conditions: dict[str, str], bans: str) -> list[tuple[str, str]]:
    """Conditions and bans in words: (the field, the condition), the general bans last."""
    labels = dict(PublicField.choices)
    found = [(str(labels[field]), text) for field, text in conditions.items() if field in labels and text]
    return [*found, *([("запрет", bans)] if bans else [])]


class ConsentQuerySet(PermittedQuerySet["Consent"]):
    def live(self, day: dt.date) -> Self:
        return self.filter(live_on(day))

    def on_resource(self, resource: str) -> Self:
        """Consents to publication that name the resource."""
        return self.filter(kind=ConsentKind.DISSEMINATION, resources__contains=[resource])

    def showing(self, field: str, day: dt.date) -> Self:
        """Live consents that let the field be shown to everybody."""
        return self.live(day).filter(kind=ConsentKind.DISSEMINATION, fields__contains=[field])

    def latest_first(self, day: dt.date) -> Self:
        """What holds on the day before what does not, then the newest paper: the first one speaks for its purpose."""
        held = Case(When(live_on(day), then=Value(0)), default=Value(1), output_field=models.IntegerField())
        return self.order_by(held, "-signed_on", "-pk")


class Consent(models.Model):
    """A person's signed answer for one purpose.

    For publication: `fields` lists values of PublicField, `resources` of Resource, `conditions` maps a field to the
    signer's own condition, `bans` says in words what must not be done. For photographs: `resources` too. For
    mentoring: `terms` has the keys content, term, form, pay (texts), or in_duties with document: the duties of the
    post already include it. `signed_text` is the paper's text as it was signed, in the markup of documents; it stays
    after withdrawal.
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

    @property
    def shown_fields(self) -> list[str]:
        """Values of PublicField that may be shown: ticked and not forbidden by their own condition."""
        return not_banned(self.fields, self.conditions)

    @property
    def limits(self) -> list[tuple[str, str]]:
        """The signer's conditions and bans in words: (the field, the condition), the general bans last."""
        return limits_of(self.conditions, self.bans)

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
