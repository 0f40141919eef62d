"""Local acts of a school: the Положение and others, brought into force by an order."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any, Self

from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from accounts.permissions import PermittedQuerySet, Reach
from core.storage import PrivateStorage, random_name
from orders.models.orders import Order, OrderState

# A numbered line without a full stop at its end: the name of a section.
HEADING = re.compile(r"(?:\d+|[IVX]+)\.\s+[^.;:]{1,120}")


class LocalActQuerySet(PermittedQuerySet["LocalAct"]):
    def in_force(self, day: dt.date | None = None) -> Self:
        """Acts in force (on the day, if one is given)."""
        rows = self.filter(state=LocalAct.State.IN_FORCE)
        return rows.filter(in_force_from__lte=day) if day else rows


class LocalAct(models.Model):
    """One version of a local act. Its text is plain paragraphs, as the school numbers them.

    `order` is the order that prepares the act or has brought it into force.
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
        IN_FORCE = "in_force", "действует"
        SUPERSEDED = "superseded", "утратил силу"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="local_acts", verbose_name="организация"
    )
    kind = models.CharField("вид", max_length=20, choices=Kind, default=Kind.REGULATION)
    title = models.CharField("название", max_length=300)
    text = models.TextField("текст", max_length=200_000, blank=True)
    file = models.FileField("файл", storage=PrivateStorage(), upload_to=random_name, blank=True)
    file_name = models.CharField("имя файла", max_length=200, blank=True)
    edition = models.PositiveSmallIntegerField("редакция", default=1)
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later_editions", verbose_name="прежняя редакция"
    )
    in_force_until = models.DateField("действовал по", null=True, blank=True)
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
            models.UniqueConstraint(
                fields=["organisation", "kind"],
                condition=Q(state="in_force"),
                name="local_act_one_in_force",
                violation_error_message="Действующий акт этого вида уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(order__isnull=False, in_force_from__isnull=False),
                name="local_act_in_force_by_order",
                violation_error_message="Локальный акт вводится в действие приказом.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def chip(self) -> str:
        """The kind of the state's mark."""
        return {"in_force": "ok", "draft": "wait"}.get(self.state, "")

    @property
    def is_locked(self) -> bool:
        """Whether an order already holds the text, so that it may not be changed."""
        return self.state != self.State.DRAFT or (
            self.order is not None and self.order.state in (OrderState.SUBMITTED, OrderState.APPROVED)
        )

    @property
    def paragraphs(self) -> list[dict[str, Any]]:
        """The text line by line: {text, is_heading}; «1. Общие положения» is a heading, «1.1. …» is not."""
        lines = (line.strip() for line in self.text.splitlines())
        return [{"text": line, "is_heading": bool(HEADING.fullmatch(line))} for line in lines if line]
