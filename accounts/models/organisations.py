"""The municipality, its schools, their heads and their bodies."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Func, Q

from accounts.permissions import PermittedQuerySet, Reach
from core.storage import PrivateStorage, random_name


class OrganisationKind(models.TextChoices):
    MUNICIPALITY = "municipality", "Орган управления образованием"
    SCHOOL = "school", "Общеобразовательная организация"
    KINDERGARTEN = "kindergarten", "Дошкольная образовательная организация"
    SUPPLEMENTARY = "supplementary", "Организация дополнительного образования"
    METHODICAL_CENTRE = "methodical_centre", "Методический центр"


class Accent(models.TextChoices):
    TEAL = "teal", "Морская волна"
    COBALT = "cobalt", "Синий"
    PLUM = "plum", "Сливовый"
    BRICK = "brick", "Кирпичный"
    OLIVE = "olive", "Оливковый"


@dataclass(frozen=True)
class Signer:
    """Who signs papers of the organisation on a day: full name and post, both in the nominative."""

    full_name: str
    post: str
    gender: str


class OrganisationQuerySet(PermittedQuerySet["Organisation"]):
    def schools(self) -> Self:
        """Organisations that run a programme of their own and have a public section."""
        return self.exclude(kind=OrganisationKind.MUNICIPALITY).filter(is_active=True)


class Organisation(models.Model):
    kind = models.CharField("вид", max_length=20, choices=OrganisationKind, default=OrganisationKind.SCHOOL)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name="муниципалитет"
    )
    slug = models.SlugField(
        "адрес раздела",
        max_length=40,
        unique=True,
        help_text="Латинские буквы, цифры и дефис: часть адреса открытого раздела.",
    )
    full_name = models.TextField(
        "полное наименование", max_length=600, help_text="Как в шапке приказа, каждая строка с новой строки."
    )
    name = models.CharField("краткое наименование", max_length=200)
    place = models.CharField("место издания документов", max_length=100, help_text="Например: «г. Приозёрск».")
    address = models.CharField("адрес", max_length=300, blank=True)
    phone = models.CharField("телефон", max_length=100, blank=True)
    email = models.EmailField("электронная почта", blank=True)
    website = models.URLField("официальный сайт", blank=True)
    inn = models.CharField(
        "ИНН", max_length=12, blank=True, validators=[RegexValidator(r"^\d{10}(\d{2})?$", "ИНН — 10 или 12 цифр.")]
    )
    ogrn = models.CharField(
        "ОГРН", max_length=15, blank=True, validators=[RegexValidator(r"^\d{13}(\d{2})?$", "ОГРН — 13 или 15 цифр.")]
    )
    head_post = models.CharField("должность руководителя", max_length=150, default="Директор")
    head_name = models.CharField(
        "руководитель", max_length=200, help_text="Фамилия, имя и отчество полностью или с инициалами."
    )
    head_gender = models.CharField(
        "пол руководителя", max_length=1, choices=[("m", "мужской"), ("f", "женский")], blank=True
    )
    emblem = models.FileField("эмблема", storage=PrivateStorage(), upload_to=random_name, blank=True)
    accent = models.CharField("цвет раздела", max_length=10, choices=Accent, default=Accent.TEAL)
    is_active = models.BooleanField("работает в портале", default=True)

    objects = OrganisationQuerySet.as_manager()

    REACH = {
        Reach.ORGANISATION: "pk",
        Reach.TERRITORY: lambda standing: Q(pk=standing.organisation_id) | Q(parent=standing.organisation_id),
    }

    class Meta:
        verbose_name = "организация"
        verbose_name_plural = "организации"
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(parent=F("pk")),
                name="organisation_not_its_own_parent",
                violation_error_message="Организация не может подчиняться самой себе.",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def journal_scope(self) -> int:
        return self.pk

    @property
    def is_municipality(self) -> bool:
        return self.kind == OrganisationKind.MUNICIPALITY

    @property
    def header_lines(self) -> list[str]:
        """The full name as it stands at the top of a paper, line by line."""
        return [line.strip() for line in self.full_name.splitlines() if line.strip()] or [self.name]

    def signer_on(self, day: dt.date) -> Signer:
        """Who signs on that day: the acting head of the period, otherwise the head."""
        acting = self.acting_heads.filter(starts_on__lte=day, ends_on__gte=day).first()
        if acting:
            return Signer(acting.full_name, acting.post, acting.gender)
        return Signer(self.head_name, self.head_post, self.head_gender)


class ActingHead(models.Model):
    """Who stands in for the head and when; both days belong to the period."""

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="acting_heads")
    full_name = models.CharField("фамилия, имя, отчество", max_length=200)
    gender = models.CharField("пол", max_length=1, choices=[("m", "мужской"), ("f", "женский")], blank=True)
    post = models.CharField("должность", max_length=150, default="И. о. директора")
    starts_on = models.DateField("с")
    ends_on = models.DateField("по")
    basis = models.CharField("основание", max_length=300, blank=True)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation", Reach.TERRITORY: "organisation"}

    class Meta:
        verbose_name = "исполняющий обязанности"
        verbose_name_plural = "исполняющие обязанности"
        ordering = ["-starts_on"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="acting_head_period",
                violation_error_message="Период не может закончиться раньше, чем начался.",
            ),
            ExclusionConstraint(
                name="acting_head_one_at_a_time",
                expressions=[
                    (
                        Func(F("organisation"), F("organisation"), models.Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (
                        Func(F("starts_on"), F("ends_on"), models.Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message="В эти дни обязанности руководителя уже исполняет другой человек.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.full_name}, {self.post}"

    def clean(self) -> None:
        """Checked before the constraints: PostgreSQL cannot even ask whether a period turned round overlaps another."""
        if self.starts_on and self.ends_on and self.ends_on < self.starts_on:
            raise ValidationError({"ends_on": "Период не может закончиться раньше, чем начался."})


class Body(models.Model):
    """A collegial body or working group: педагогический совет, методическое объединение, совет наставников."""

    class Kind(models.TextChoices):
        PEDAGOGICAL_COUNCIL = "pedagogical_council", "Педагогический совет"
        METHODICAL_UNION = "methodical_union", "Методическое объединение наставников"
        MENTORS_COUNCIL = "mentors_council", "Совет наставников"
        WORKING_GROUP = "working_group", "Рабочая группа"
        TRADE_UNION = "trade_union", "Профсоюзный комитет"
        OTHER = "other", "Другой орган"

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="bodies")
    kind = models.CharField("вид", max_length=20, choices=Kind)
    name = models.CharField("название", max_length=200)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation", Reach.TERRITORY: "organisation"}

    class Meta:
        verbose_name = "орган"
        verbose_name_plural = "органы и объединения"
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name


class BodyMemberQuerySet(PermittedQuerySet["BodyMember"]):
    def on(self, day: dt.date) -> Self:
        """Members on the day; both ends belong to the period."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class BodyMember(models.Model):
    """Membership in a body, dated."""

    body = models.ForeignKey(Body, models.CASCADE, related_name="members")
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", verbose_name="кто")
    duty = models.CharField("обязанность", max_length=100, blank=True, help_text="Например: «председатель».")
    starts_on = models.DateField("с")
    ends_on = models.DateField("по", null=True, blank=True)

    objects = BodyMemberQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "body__organisation", Reach.TERRITORY: "body__organisation"}

    class Meta:
        verbose_name = "член органа"
        verbose_name_plural = "члены органа"
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="body_member_period",
                violation_error_message="Членство не может закончиться раньше, чем началось.",
            ),
            models.UniqueConstraint(
                fields=["body", "user"],
                condition=Q(ends_on=None),
                name="body_member_once",
                violation_error_message="Этот человек уже входит в состав.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.user)

    @property
    def journal_scope(self) -> int:
        return self.body.organisation_id
