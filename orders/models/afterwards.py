"""What happens to an order beside its own text: agreement, remarks, acquaintance, the signed paper, later orders."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach, today
from core.storage import PrivateStorage, random_name
from orders.models.orders import Clause, Order


class OrderLink(models.Model):
    """An order that amends or cancels an earlier one; it counts from the day the new order is approved."""

    class Relation(models.TextChoices):
        AMENDS = "amends", "изменяет"
        CANCELS = "cancels", "отменяет"

    order = models.ForeignKey(Order, models.CASCADE, related_name="links", verbose_name="новый приказ")
    target = models.ForeignKey(Order, models.PROTECT, related_name="linked_by", verbose_name="прежний приказ")
    relation = models.CharField("что делает", max_length=8, choices=Relation)
    since = models.DateField("с какого дня", null=True, blank=True)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "order__organisation"}

    class Meta:
        verbose_name = "связь приказов"
        verbose_name_plural = "связи приказов"
        constraints = [
            models.UniqueConstraint(fields=["order", "target"], name="order_link_once"),
            models.CheckConstraint(condition=~Q(order=models.F("target")), name="order_link_not_itself"),
        ]

    def __str__(self) -> str:
        return f"{self.order} {self.get_relation_display()}: {self.target}"


class ClauseRemark(models.Model):
    """What the head or somebody who agrees the draft says about one clause; `clause_name` outlives the clause."""

    order = models.ForeignKey(Order, models.CASCADE, related_name="clause_remarks")
    clause = models.ForeignKey(Clause, models.SET_NULL, null=True, blank=True, related_name="remarks")
    clause_name = models.CharField("пункт", max_length=100)
    text = models.CharField("замечание", max_length=1000)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField("когда", default=timezone.now)
    settled_at = models.DateTimeField("учтено", null=True, blank=True)

    class Meta:
        verbose_name = "замечание к пункту"
        verbose_name_plural = "замечания к пунктам"
        ordering = ["made_at", "pk"]

    def __str__(self) -> str:
        return f"{self.clause_name}: {self.text}"


class EndorsementQuerySet(PermittedQuerySet["Endorsement"]):
    def waiting(self) -> Self:
        return self.filter(answer=Endorsement.Answer.WAITING)


class Endorsement(models.Model):
    """The agreement of a named person or body with a draft of an order, before the head sees it.

    `version` is that of the draft which was read: another text needs another answer.
    """

    class Answer(models.TextChoices):
        WAITING = "waiting", "ждёт"
        AGREED = "agreed", "согласовано"
        OBJECTED = "objected", "есть возражения"

    order = models.ForeignKey(Order, models.CASCADE, related_name="endorsements")
    title = models.CharField(
        "кто согласовывает", max_length=200, help_text="Должность или орган: «юрист», «профсоюзный комитет»."
    )
    name = models.CharField("фамилия, имя, отчество", max_length=200, blank=True)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="логин")
    paper = models.CharField(
        "документ", max_length=200, blank=True, help_text="Например: «протокол № 3 от 01.09.2026»."
    )
    answer = models.CharField("ответ", max_length=8, choices=Answer, default=Answer.WAITING)
    comment = models.CharField("замечание", max_length=1000, blank=True)
    version = models.PositiveIntegerField("редакция, о которой ответ", null=True, editable=False)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField("запрошено", default=timezone.now)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    answered_on = models.DateField("дата ответа", null=True, blank=True)

    objects = EndorsementQuerySet.as_manager()

    REACH = {
        Reach.ORGANISATION: "order__organisation",
        Reach.OWN: "user",
    }

    class Meta:
        verbose_name = "согласование"
        verbose_name_plural = "согласования"
        ordering = ["asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answer="waiting") | Q(answered_on__isnull=False),
                name="endorsement_answer_is_dated",
                violation_error_message="Укажите дату ответа.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.get_answer_display()}"

    @property
    def journal_scope(self) -> int:
        return self.order.organisation_id


class AcquaintanceQuerySet(PermittedQuerySet["Acquaintance"]):
    def waiting(self) -> Self:
        return self.filter(read_on=None)

    def late(self, day: dt.date) -> Self:
        return self.waiting().filter(due_on__lt=day)


class Acquaintance(models.Model):
    """Somebody who must read an approved order, and when and how they did: a click here is not a signature."""

    class Method(models.TextChoices):
        PORTAL = "portal", "отметка в портале"
        PAPER = "paper", "подпись на бумаге"

    order = models.ForeignKey(Order, models.PROTECT, related_name="acquaintances")
    name = models.CharField("кто", max_length=200)
    user = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, related_name="+")
    due_on = models.DateField("ознакомиться до", null=True, blank=True)
    read_on = models.DateField("ознакомлен", null=True, blank=True)
    method = models.CharField("как", max_length=6, choices=Method, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    added_on = models.DateField("добавлен", default=today)

    objects = AcquaintanceQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "order__organisation", Reach.OWN: "user"}

    class Meta:
        verbose_name = "ознакомление с приказом"
        verbose_name_plural = "ознакомления с приказами"
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "name"],
                name="acquaintance_once",
                violation_error_message="Этот человек в листе ознакомления уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(read_on=None, method="") | Q(read_on__isnull=False) & ~Q(method=""),
                name="acquaintance_says_how",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.order}"

    @property
    def journal_scope(self) -> int:
        return self.order.organisation_id


class SignedScan(models.Model):
    """The scan of the paper that was signed by hand; kept beside the frozen files, never instead of them."""

    class Kind(models.TextChoices):
        ORDER = "order", "подписанный приказ"
        SHEET = "sheet", "лист ознакомления"

    order = models.ForeignKey(Order, models.PROTECT, related_name="scans")
    kind = models.CharField("что это", max_length=9, choices=Kind, default=Kind.ORDER)
    file = models.FileField("файл", storage=PrivateStorage(), upload_to=random_name)
    file_name = models.CharField("имя файла", max_length=200)
    sha256 = models.CharField("контрольная сумма", max_length=64)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("добавлен", default=timezone.now)
    withdrawn_at = models.DateTimeField("убран", null=True, blank=True)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "order__organisation"}

    class Meta:
        verbose_name = "скан приказа"
        verbose_name_plural = "сканы приказов"
        ordering = ["added_at", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.order}"

    @property
    def journal_scope(self) -> int:
        return self.order.organisation_id
