"""Orders: drafted from facts, frozen on submission, approved by the head, never changed afterwards."""

from __future__ import annotations

import datetime as dt
import secrets
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach
from core.russian import short_name
from core.storage import PrivateStorage, random_name
from core.transitions import Transition
from orders.kinds import OrderKind, kind_of, order_obstacles
from orders.models.numbering import Series


def new_token() -> str:
    """128 bits for the address of the verification page."""
    return secrets.token_urlsafe(16)


class OrderState(models.TextChoices):
    DRAFT = "draft", "проект"
    SUBMITTED = "submitted", "на утверждении"
    RETURNED = "returned", "возвращён"
    APPROVED = "approved", "утверждён"


CHIPS = {
    OrderState.DRAFT.value: "",
    OrderState.SUBMITTED.value: "wait",
    OrderState.RETURNED.value: "no",
    OrderState.APPROVED.value: "ok",
}


class OrderQuerySet(PermittedQuerySet["Order"]):
    def approved(self) -> Self:
        return self.filter(state=OrderState.APPROVED)

    def open(self) -> Self:
        """Orders that somebody still works on."""
        return self.exclude(state=OrderState.APPROVED)

    def waiting(self) -> Self:
        return self.filter(state=OrderState.SUBMITTED)

    def found(self, text: str) -> Self:
        """Search by number and heading."""
        return self.filter(Q(title__icontains=text) | Q(number__icontains=text)) if text else self


class Order(models.Model):
    """One order. `params` is what the drafter chose, `facts` what the kind read from the data (both JSON-ready).

    After approval a database trigger refuses any change of the row, of its clauses and of its files.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="orders", verbose_name="организация")
    series = models.ForeignKey(Series, models.PROTECT, related_name="orders", verbose_name="книга")
    kind = models.CharField("вид", max_length=40)
    title = models.CharField("заголовок", max_length=500)
    params = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    state = models.CharField("состояние", max_length=10, choices=OrderState, default=OrderState.DRAFT)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="составил")
    drafted_at = models.DateTimeField("составлен", default=timezone.now)
    submitted_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="передал")
    submitted_at = models.DateTimeField("передан", null=True)
    remark = models.TextField("замечание", blank=True, max_length=2000)
    number = models.CharField("номер", max_length=30, null=True)
    ordinal = models.PositiveIntegerField("порядковый номер", null=True)
    date = models.DateField("дата", null=True)
    year = models.PositiveSmallIntegerField("год", null=True)
    signer_name = models.CharField("подписал", max_length=200, blank=True)
    signer_post = models.CharField("должность подписавшего", max_length=150, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+", verbose_name="утвердил")
    approved_at = models.DateTimeField("утверждён", null=True)
    version = models.PositiveIntegerField("редакция", default=1)
    # What the code on the paper leads to: says nothing of the order and cannot be guessed.
    token = models.CharField("ключ проверки", max_length=32, default=new_token, editable=False)

    objects = OrderQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}
    TRANSITIONS = {
        "submit": Transition(
            "Передать на утверждение",
            frozenset({OrderState.DRAFT, OrderState.RETURNED}),
            OrderState.SUBMITTED,
            "orders.order.submit",
            "Приказ передан на утверждение.",
            order_obstacles,
        ),
        "recall": Transition(
            "Отозвать с утверждения",
            frozenset({OrderState.SUBMITTED}),
            OrderState.DRAFT,
            "orders.order.submit",
            "Приказ отозван с утверждения.",
        ),
        "return": Transition(
            "Вернуть с замечанием",
            frozenset({OrderState.SUBMITTED}),
            OrderState.RETURNED,
            "orders.order.return",
            "Приказ возвращён с замечанием.",
        ),
        "approve": Transition(
            "Утвердить",
            frozenset({OrderState.SUBMITTED}),
            OrderState.APPROVED,
            "orders.order.approve",
            "Приказ утверждён.",
            order_obstacles,
        ),
    }

    class Meta:
        verbose_name = "приказ"
        verbose_name_plural = "приказы"
        ordering = [F("date").desc(nulls_first=True), "-ordinal", "-pk"]
        constraints = [
            models.UniqueConstraint(
                F("series"),
                F("year"),
                Lower("number"),
                condition=Q(number__isnull=False),
                name="order_number_once",
                violation_error_message="Приказ с таким номером в этом году уже есть.",
            ),
            models.CheckConstraint(
                condition=~Q(state=OrderState.APPROVED)
                | Q(number__isnull=False, date__isnull=False, year__isnull=False, approved_by__isnull=False)
                & ~Q(number="")
                & ~Q(signer_name=""),
                name="order_approved_has_requisites",
                violation_error_message="Утверждённый приказ не может быть без номера, даты и подписи.",
            ),
            models.CheckConstraint(
                condition=Q(state=OrderState.APPROVED) | Q(number__isnull=True, date__isnull=True),
                name="order_number_only_when_approved",
                violation_error_message="Номер и дату приказ получает при утверждении.",
            ),
        ]
        indexes = [models.Index(fields=["organisation", "state"], name="order_register")]

    def __str__(self) -> str:
        return f"Приказ № {self.number} «{self.title}»" if self.number else f"Проект приказа «{self.title}»"

    @property
    def kind_entry(self) -> OrderKind:
        return kind_of(self.kind)

    @property
    def is_editable(self) -> bool:
        """Whether the draft may still be corrected: not while the head reads it and never after approval."""
        return self.state in (OrderState.DRAFT, OrderState.RETURNED)

    @property
    def kind_title(self) -> str:
        return self.kind_entry.title

    @property
    def chip(self) -> str:
        """How the state looks as a chip."""
        return CHIPS[self.state]

    @property
    def requisites(self) -> str:
        """«от 01.09.2026 № 71-б», empty before approval."""
        return f"от {self.date:%d.%m.%Y} № {self.number}" if self.date else ""

    def signer_day(self) -> dt.date:
        """The day whose signer stands under the paper."""
        return self.date or timezone.localdate()

    def signer_facts(self, day: dt.date) -> dict[str, str]:
        """Who signs on the day: full_name, post, signature («И. О. Фамилия»)."""
        signer = self.organisation.signer_on(day)
        signature = short_name(signer.full_name, surname_first=False)
        return {"full_name": signer.full_name, "post": signer.post, "signature": signature}


class ClauseQuerySet(models.QuerySet["Clause"]):
    def standing(self) -> Self:
        """Clauses that the paper prints: those that the drafter has taken out stay only to be brought back."""
        return self.filter(removed=False)


class Clause(models.Model):
    """One paragraph of an order: the preamble (level 0) or a numbered clause (levels 1 to 3).

    `fact` names where the text came from; `generated` is what the template gave last time. A clause edited by hand
    is never overwritten: when its source changes it is only marked. One taken out keeps its row, so that it does not
    come back by itself.
    """

    OWN = "own-"

    class Marker(models.TextChoices):
        NUMBER = "number", "номер"
        DASH = "dash", "тире"

    order = models.ForeignKey(Order, models.CASCADE, related_name="clauses")
    position = models.PositiveSmallIntegerField("место")
    level = models.PositiveSmallIntegerField("уровень", default=1)
    marker = models.CharField("чем отмечен", max_length=6, choices=Marker, default=Marker.NUMBER)
    fact = models.CharField("источник", max_length=60)
    text = models.TextField("текст", max_length=5000)
    generated = models.TextField(blank=True)
    edited = models.BooleanField("изменён вручную", default=False)
    source_changed = models.BooleanField("исходные данные изменились", default=False)
    removed = models.BooleanField("убран", default=False)

    objects = ClauseQuerySet.as_manager()

    class Meta:
        verbose_name = "пункт приказа"
        verbose_name_plural = "пункты приказа"
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["order", "fact"], name="clause_fact_once"),
            models.CheckConstraint(condition=Q(level__lte=3), name="clause_level"),
        ]

    def __str__(self) -> str:
        return self.text[:80]

    @property
    def is_own(self) -> bool:
        """Written by the drafter, not by the template of the kind."""
        return self.fact.startswith(self.OWN)

    @property
    def mark(self) -> str:
        """What is unusual about the clause, in words; empty where it says what the data say."""
        if self.source_changed:
            return "исходные данные изменились"
        if self.is_own:
            return "добавлен вручную"
        return "изменён вручную" if self.edited else ""


class OrderFile(models.Model):
    """The paper of an approved order in one format, made once."""

    class Format(models.TextChoices):
        PDF = "pdf", "PDF"
        DOCX = "docx", "DOCX"

    order = models.ForeignKey(Order, models.PROTECT, related_name="files")
    format = models.CharField("вид файла", max_length=4, choices=Format)
    file = models.FileField("файл", storage=PrivateStorage(), upload_to=random_name)
    sha256 = models.CharField("контрольная сумма", max_length=64)
    made_at = models.DateTimeField("создан", default=timezone.now)

    class Meta:
        verbose_name = "файл приказа"
        verbose_name_plural = "файлы приказов"
        constraints = [models.UniqueConstraint(fields=["order", "format"], name="order_file_once")]

    def __str__(self) -> str:
        return f"{self.order}, {self.get_format_display()}"
