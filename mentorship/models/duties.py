"""What the law makes the school do after a consent is given with conditions or withdrawn: the table and the terms."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Self

from django.db import models

from accounts.models import ProductionDay, User
from accounts.permissions import PermittedQuerySet, Reach
from core.russian import plural
from core.workdays import WorkCalendar, add_working_days
from mentorship.models.consents import Consent, ConsentKind

# A term of some working days never reaches over more calendar days than this.
HORIZON = dt.timedelta(days=60)


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

    def is_late_on(self, day: dt.date) -> bool:
        return self.done_on is None and self.due_on < day

    @property
    def rule(self) -> Rule:
        return RULES[LegalDuty.Kind(self.kind)]

    @property
    def deadline(self) -> str:
        """«до 14.01.2027», or «не раньше 14.01.2027» where the law names the first day."""
        return f"{'не раньше' if self.rule.not_before else 'до'} {self.due_on:%d.%m.%Y}"

    @property
    def explained(self) -> str:
        """How the term was counted, for the reader: «3 рабочих дня с 29.12.2026, день заявления не считается»."""
        return f"{self.rule.words} с {self.since:%d.%m.%Y}, сам этот день не считается"


@dataclass(frozen=True)
class Rule:
    """One line of the table of legal terms; `not_before` says that the day is the earliest one, not the last."""

    days: int
    working: bool
    source: str
    hint: str
    not_before: bool = False

    @property
    def words(self) -> str:
        """«3 рабочих дня», «30 календарных дней»."""
        kind = ("рабочий день", "рабочих дня", "рабочих дней")
        plain = ("календарный день", "календарных дня", "календарных дней")
        return plural(self.days, *(kind if self.working else plain))


Kind = LegalDuty.Kind
RULES: dict[LegalDuty.Kind, Rule] = {
    Kind.STOP_SHOWING: Rule(
        3,
        True,
        "ч. 12–14 ст. 10.1 Федерального закона № 152-ФЗ",
        "С портала сведения сняты сразу. Уберите их с других сайтов, из социальных сетей, со стендов.",
    ),
    Kind.PUBLISH_CONDITIONS: Rule(
        3,
        True,
        "ч. 10 ст. 10.1 Федерального закона № 152-ФЗ",
        "Покажите условия и запреты там же, где показаны сведения.",
    ),
    Kind.DESTROY: Rule(
        30,
        False,
        "ч. 5 ст. 21 Федерального закона № 152-ФЗ, приказ Роскомнадзора от 28.10.2022 № 179",
        "Уничтожьте бумаги и файлы вне портала, составьте акт. Отметка очистит и карточку в портале.",
    ),
    Kind.TELL_MUNICIPALITY: Rule(
        3,
        True,
        "ст. 88 Трудового кодекса, ч. 5 ст. 21 Федерального закона № 152-ФЗ",
        "Сообщите управлению образования, что передавать и хранить эти данные больше нельзя.",
    ),
    Kind.REMOVE_PHOTO: Rule(
        3,
        True,
        "ст. 152.1 Гражданского кодекса, ч. 12 ст. 10.1 Федерального закона № 152-ФЗ",
        "Снимок из карточки удалён сразу. Уберите фото и видео с сайта, из новостей, со стендов.",
    ),
    Kind.END_MENTORING: Rule(
        3,
        True,
        "ст. 351.8 Трудового кодекса",
        "Подготовьте приказ о прекращении: работа наставником заканчивается не раньше этого дня.",
        not_before=True,
    ),
    Kind.END_PAIR: Rule(
        3,
        True,
        "порядок организации: срок тот же, что для наставника",
        "Подготовьте приказ о прекращении участия в паре.",
    ),
}
# What a withdrawal of each consent obliges to.
AFTER_WITHDRAWAL: dict[ConsentKind, LegalDuty.Kind] = {
    ConsentKind.PROCESSING: Kind.DESTROY,
    ConsentKind.DISSEMINATION: Kind.STOP_SHOWING,
    ConsentKind.PHOTO: Kind.REMOVE_PHOTO,
    ConsentKind.TRANSFER: Kind.TELL_MUNICIPALITY,
    ConsentKind.MENTOR: Kind.END_MENTORING,
    ConsentKind.PAIR: Kind.END_PAIR,
}


def calendar_from(day: dt.date) -> WorkCalendar:
    """The production calendar of the weeks after the day; one query."""
    rows = ProductionDay.objects.filter(day__range=(day, day + HORIZON)).values_list("day", "kind")
    holidays = {one for one, kind in rows if kind == ProductionDay.Kind.HOLIDAY}
    working = {one for one, kind in rows if kind == ProductionDay.Kind.WORKING}
    return WorkCalendar(frozenset(holidays), frozenset(working))


def due_on(kind: LegalDuty.Kind, since: dt.date, calendar: WorkCalendar) -> dt.date:
    """The last day of the term (of a `not_before` rule: the first day allowed); the day of the paper is not counted."""
    rule = RULES[kind]
    if rule.working:
        return add_working_days(since, rule.days, calendar=calendar)
    return since + dt.timedelta(days=rule.days)
