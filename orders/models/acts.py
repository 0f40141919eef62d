"""Local acts of a school: the Положение and others, brought into force by an order, with their agreement marks."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import F, Func, Max, Q, Value
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach, today
from core.documents.stamps import approved_word
from core.russian import short_name
from core.storage import PrivateStorage, random_name
from orders.models.act_text import is_heading, lines_of
from orders.models.library import Protocol
from orders.models.orders import Order, OrderState

# The constraint compares ranges only, so a word becomes the range of one number.
NUMBER_OF_WORD = "('x' || substr(md5(%(expressions)s), 1, 15))::bit(60)::bigint"
KIND_AS_RANGE = Func(F("kind"), template=f"int8range({NUMBER_OF_WORD}, {NUMBER_OF_WORD}, '[]')")


class LocalActQuerySet(PermittedQuerySet["LocalAct"]):
    def introduced(self) -> Self:
        """Acts with a place on the line of time: in force before, now or later."""
        return self.filter(state=LocalAct.State.IN_FORCE)

    def in_force(self, day: dt.date | None = None) -> Self:
        """Acts in force on the day, today if none is given; both ends belong to the term."""
        day = day or today()
        return self.introduced().filter(not_ended(day), in_force_from__lte=day)

    def coming(self, day: dt.date) -> Self:
        """Approved, and in force after the day."""
        return self.introduced().filter(in_force_from__gt=day)

    def ended(self, day: dt.date) -> Self:
        gone, over = LocalAct.State.SUPERSEDED, LocalAct.State.IN_FORCE
        return self.filter(Q(state=gone) | Q(state=over, in_force_until__lt=day))

    def of_kind(self, act: LocalAct) -> Self:
        """Everything of the organisation and of the kind of the act."""
        return self.filter(organisation=act.organisation_id, kind=act.kind)

    def touched_by(self, act: LocalAct, first_day: dt.date) -> Self:
        """The acts of the same kind in force on that day or later, the earliest first."""
        return self.introduced().of_kind(act).filter(not_ended(first_day)).exclude(pk=act.pk).order_by("in_force_from")

    def next_edition(self, organisation: Organisation, kind: str) -> int:
        """The number of the next edition of a kind."""
        last: int | None = self.filter(organisation=organisation, kind=kind).aggregate(last=Max("edition"))["last"]
        return (last or 0) + 1


def not_ended(day: dt.date) -> Q:
    return Q(in_force_until=None) | Q(in_force_until__gte=day)


class LocalAct(models.Model):
    """One edition of a local act: a text of plain paragraphs, as the school numbers them, or an uploaded file.

    `order` is the order that prepares the act or has introduced it. An introduced act is in force from
    `in_force_from` to `in_force_until`, both days included; whether it is so today is never stored.
    """

    class Kind(models.TextChoices):
        REGULATION = "regulation", "Положение о наставничестве"
        PROGRAMME = "programme", "Программа наставничества школы"
        COUNCIL = "council", "Положение о совете наставников"
        INCENTIVES = "incentives", "Меры стимулирования наставников"
        HONOUR_BOARD = "honour_board", "Положение о доске почёта"
        CONTEST = "contest", "Положение о конкурсе"

    class State(models.TextChoices):
        DRAFT = "draft", "проект"
        IN_FORCE = "in_force", "введён приказом"
        SUPERSEDED = "superseded", "утратил силу"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="local_acts", verbose_name="организация"
    )
    kind = models.CharField("вид", max_length=20, choices=Kind, default=Kind.REGULATION)
    title = models.CharField("название", max_length=300)
    text = models.TextField("текст", max_length=200_000, blank=True)
    file = models.FileField("файл", storage=PrivateStorage(), upload_to=random_name, blank=True)
    file_name = models.CharField("имя файла", max_length=200, blank=True)
    sha256 = models.CharField("контрольная сумма файла", max_length=64, blank=True)
    edition = models.PositiveSmallIntegerField("редакция", default=1)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later_editions", verbose_name="прежняя редакция"
    )
    in_force_until = models.DateField("действует по", null=True, blank=True)
    state = models.CharField("состояние", max_length=10, choices=State, default=State.DRAFT)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="acts", verbose_name="приказ об утверждении"
    )
    in_force_from = models.DateField("действует с", null=True, blank=True)

    objects = LocalActQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "локальный акт"
        verbose_name_plural = "локальные акты"
        ordering = ["kind", "-in_force_from", "-pk"]
        constraints = [
            ExclusionConstraint(
                name="local_act_one_in_force",
                expressions=[
                    (
                        Func(F("organisation"), F("organisation"), Value("[]"), function="int8range"),
                        RangeOperators.OVERLAPS,
                    ),
                    (KIND_AS_RANGE, RangeOperators.OVERLAPS),
                    (
                        Func(F("in_force_from"), F("in_force_until"), Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                condition=Q(state="in_force"),
                violation_error_message="В эти дни уже действует другой акт этого вида.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(order__isnull=False, in_force_from__isnull=False),
                name="local_act_in_force_by_order",
                violation_error_message="Локальный акт вводится в действие приказом.",
            ),
            models.CheckConstraint(
                condition=~Q(state="in_force") | Q(in_force_until=None) | Q(in_force_until__gte=F("in_force_from")),
                name="local_act_period",
                violation_error_message="Акт не может утратить силу раньше, чем вступил в неё.",
            ),
            models.CheckConstraint(
                condition=Q(text="") | Q(file=""),
                name="local_act_text_or_file",
                violation_error_message="Оставьте что-то одно: текст или файл.",
            ),
            models.UniqueConstraint(
                fields=["replaces"],
                condition=Q(state="draft"),
                name="local_act_one_next_edition",
                violation_error_message="Новая редакция этого акта уже начата.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def standing(self) -> tuple[str, str]:
        """What the act is today, for a chip: the word and its kind. Counted by the dates, never stored."""
        day = today()
        if self.state == self.State.DRAFT:
            return "проект", "wait"
        if self.state == self.State.SUPERSEDED or self.in_force_until and self.in_force_until < day:
            return "утратил силу", ""
        if self.in_force_from and self.in_force_from > day:
            return f"вступит в силу {self.in_force_from:%d.%m.%Y}", "go"
        return f"действует{self.until_words}", "ok"

    @property
    def period_words(self) -> str:
        """«с 01.09.2026 по 31.08.2027», empty for a draft and for an act that was never in force."""
        if self.state != self.State.IN_FORCE or self.in_force_from is None:
            return ""
        return f"с {self.in_force_from:%d.%m.%Y}{self.until_words}"

    @property
    def until_words(self) -> str:
        return f" по {self.in_force_until:%d.%m.%Y}" if self.in_force_until else ""

    @property
    def is_locked(self) -> bool:
        """Whether an order already holds the text, so that it may not be changed."""
        return self.state != self.State.DRAFT or (
            self.order is not None and self.order.state in (OrderState.SUBMITTED, OrderState.APPROVED)
        )

    @property
    def has_content(self) -> bool:
        return bool(self.file or lines_of(self.text))

    @property
    def paragraphs(self) -> list[dict[str, Any]]:
        """The text line by line: {text, is_heading}."""
        return [{"text": line, "is_heading": is_heading(line)} for line in lines_of(self.text)]

    @property
    def fingerprint(self) -> str:
        """Changes with the text: what a page that was open meanwhile is recognised by."""
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def approved_word(self) -> str:
        return approved_word(self.title)


class ActMark(models.Model):
    """What a body or a person has said of a draft, on paper: «ПРИНЯТО Педагогический совет, протокол № 1 от …».

    Printed beside the approval stamp; a mark that comes from minutes of the portal remembers them.
    """

    class Word(models.TextChoices):
        AGREED = "agreed", "СОГЛАСОВАНО"
        ACCEPTED = "accepted", "ПРИНЯТО"
        DISCUSSED = "discussed", "РАССМОТРЕНО"
        OPINION = "opinion", "МНЕНИЕ УЧТЕНО"

    act = models.ForeignKey(LocalAct, models.CASCADE, related_name="marks")
    word = models.CharField("отметка", max_length=9, choices=Word, default=Word.AGREED)
    title = models.CharField("орган или должность", max_length=200)
    name = models.CharField("фамилия, имя, отчество", max_length=200, blank=True)
    protocol = models.ForeignKey(
        Protocol, models.PROTECT, null=True, blank=True, related_name="marks", verbose_name="протокол"
    )
    paper = models.CharField("документ", max_length=200, blank=True)
    given_on = models.DateField("дата")
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField("записана", default=timezone.now)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "act__organisation"}

    class Meta:
        verbose_name = "отметка о согласовании акта"
        verbose_name_plural = "отметки о согласовании актов"
        ordering = ["given_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["act", "word", "title", "name"],
                name="act_mark_once",
                violation_error_message="Такая отметка уже есть.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_word_display()}: {self.title}"

    @property
    def journal_scope(self) -> int:
        return self.act.organisation_id

    @property
    def facts(self) -> dict[str, str]:
        """What the paper prints of it: word, who, name («И. О. Фамилия») and paper, each a line."""
        name = short_name(self.name, surname_first=False) if self.name else ""
        day = f"{self.given_on:%d.%m.%Y}"
        return {"word": self.get_word_display(), "who": self.title, "name": name, "paper": self.paper or day}
