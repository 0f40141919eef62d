"""The roadmap of a school: stages, items with terms and responsible people, marks of execution."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.db import models
from django.db.models import F, Prefetch, Q
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach, Standing
from core.transitions import Transition
from orders.models import Order, OrderState


class RoadmapState(models.TextChoices):
    DRAFT = "draft", "черновик"
    APPROVED = "approved", "утверждена"
    REPLACED = "replaced", "заменена"


class RoadmapQuerySet(PermittedQuerySet["Roadmap"]):
    def approved(self) -> Self:
        return self.filter(state=RoadmapState.APPROVED)

    def overlapping(self, roadmap: Roadmap) -> Self:
        """Other approved roadmaps of the organisation that share a day with this one."""
        rows = self.approved().filter(organisation=roadmap.organisation_id).exclude(pk=roadmap.pk)
        return rows.filter(starts_on__lte=roadmap.ends_on, ends_on__gte=roadmap.starts_on)


class Roadmap(models.Model):
    """A plan for a period, usually a school year; approved by an order, then only marked as done.

    `order` is the order that prepares the roadmap or has approved it.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="roadmaps", verbose_name="организация")
    title = models.CharField("название", max_length=300)
    starts_on = models.DateField("начало")
    ends_on = models.DateField("окончание")
    state = models.CharField("состояние", max_length=10, choices=RoadmapState, default=RoadmapState.DRAFT)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="roadmaps", verbose_name="приказ об утверждении"
    )
    created_at = models.DateTimeField("создана", default=timezone.now)

    objects = RoadmapQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}
    TRANSITIONS = {
        "approve": Transition(
            "Утвердить приказом",
            frozenset({RoadmapState.DRAFT}),
            RoadmapState.APPROVED,
            "orders.order.approve",
            "Дорожная карта утверждена приказом.",
        ),
        "replace": Transition(
            "Заменить",
            frozenset({RoadmapState.APPROVED}),
            RoadmapState.REPLACED,
            "orders.order.approve",
            "Дорожная карта заменена новой.",
        ),
    }

    class Meta:
        verbose_name = "дорожная карта"
        verbose_name_plural = "дорожные карты"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("starts_on")),
                name="roadmap_period",
                violation_error_message="Окончание должно быть позже начала.",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(order__isnull=False),
                name="roadmap_approved_by_order",
                violation_error_message="Дорожная карта утверждается приказом.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def chip(self) -> str:
        """The kind of the state's mark."""
        return {"approved": "ok", "draft": "wait"}.get(self.state, "")

    @property
    def is_locked(self) -> bool:
        """Whether an order already holds the text, so that only marks of execution may be added."""
        return self.state != RoadmapState.DRAFT or (
            self.order is not None and self.order.state in (OrderState.SUBMITTED, OrderState.APPROVED)
        )


class StageQuerySet(PermittedQuerySet["Stage"]):
    def with_items(self) -> Self:
        """With the items and the people responsible, in one further query."""
        return self.prefetch_related(Prefetch("items", Item.objects.select_related("responsible_user")))


class Stage(models.Model):
    """A stage of the roadmap, in the school's own words."""

    roadmap = models.ForeignKey(Roadmap, models.CASCADE, related_name="stages")
    position = models.PositiveSmallIntegerField("место")
    title = models.CharField("название этапа", max_length=300)
    result = models.TextField("ожидаемый результат", blank=True, max_length=2000)

    objects = StageQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "roadmap__organisation"}

    class Meta:
        verbose_name = "этап"
        verbose_name_plural = "этапы"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def journal_scope(self) -> int:
        return self.roadmap.organisation_id


class ItemQuerySet(PermittedQuerySet["Item"]):
    def late(self, day: dt.date) -> Self:
        """Items whose term has passed and that nobody has marked as done."""
        return self.filter(done_on=None, due_on__lt=day, stage__roadmap__state=RoadmapState.APPROVED)

    def outside(self, roadmap: Roadmap) -> Self:
        """Items of the roadmap that begin or end on a day that is not in its period."""
        first, last = roadmap.starts_on, roadmap.ends_on
        strange = Q(starts_on__lt=first) | Q(starts_on__gt=last) | Q(due_on__lt=first) | Q(due_on__gt=last)
        return self.filter(strange, stage__roadmap=roadmap)


def own_item(standing: Standing) -> Q:
    """Items for which the person answers in the organisation of the standing: not in a school they have left."""
    return Q(responsible_user=standing.user_id, stage__roadmap__organisation=standing.organisation_id)


class Item(models.Model):
    """One item of a stage. `term` is the school's wording, `due_on` the last day it means (empty: on request)."""

    stage = models.ForeignKey(Stage, models.CASCADE, related_name="items")
    position = models.PositiveSmallIntegerField("место")
    text = models.TextField("содержание", max_length=3000)
    term = models.CharField("срок, как в документе", max_length=200, blank=True)
    starts_on = models.DateField("начало", null=True, blank=True)
    due_on = models.DateField("срок", null=True, blank=True)
    responsible = models.CharField("ответственный, как в документе", max_length=300, blank=True)
    responsible_user = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="ответственный"
    )
    done_on = models.DateField("выполнено", null=True, blank=True)
    done_note = models.CharField("чем подтверждено", max_length=500, blank=True)

    objects = ItemQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "stage__roadmap__organisation", Reach.OWN: own_item}

    class Meta:
        verbose_name = "пункт дорожной карты"
        verbose_name_plural = "пункты дорожной карты"
        ordering = ["stage__position", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(due_on=None) | Q(due_on__gte=F("starts_on")),
                name="item_period",
                violation_error_message="Срок не может быть раньше начала.",
            )
        ]

    def __str__(self) -> str:
        return self.text[:120]

    @property
    def journal_scope(self) -> int:
        return self.stage.roadmap.organisation_id

    def status_on(self, day: dt.date) -> str:
        """In words: «выполнено», «просрочено», «идёт», «по плану», «по запросу»."""
        if self.done_on:
            return "выполнено"
        if self.due_on is None:
            return "по запросу"
        if self.due_on < day:
            return "просрочено"
        return "идёт" if self.starts_on is None or self.starts_on <= day else "по плану"
