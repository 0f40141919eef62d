"""Extensions: a later last day, agreed by the mentor and every mentee, in force only by an order."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach
from core.transitions import Transition
from mentorship.models.needs import sentence
from mentorship.models.pairs import Pair
from mentorship.models.participants import Participant
from mentorship.models.programmes import of_own_pair
from orders.models import Order


class ExtensionState(models.TextChoices):
    COLLECTING = "collecting", "собирает согласие"
    AGREED = "agreed", "все согласны, нужен приказ"
    IN_ORDER = "in_order", "в проекте приказа"
    DONE = "done", "срок продлён"
    DECLINED = "declined", "не состоялось"


CHIPS = {
    ExtensionState.COLLECTING.value: "wait",
    ExtensionState.AGREED.value: "go",
    ExtensionState.IN_ORDER.value: "go",
    ExtensionState.DONE.value: "ok",
    ExtensionState.DECLINED.value: "",
}
OPEN_EXTENSIONS = (ExtensionState.COLLECTING, ExtensionState.AGREED, ExtensionState.IN_ORDER)


class ExtensionQuerySet(PermittedQuerySet["Extension"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN_EXTENSIONS)

    def ready(self) -> Self:
        """Everybody has agreed, no draft holds it yet."""
        return self.filter(state=ExtensionState.AGREED)

    def locked(self) -> Self:
        """The rows locked in the order of their keys; whoever also locks pairs locks them first."""
        return self.order_by("pk").select_for_update(of=("self",))

    def for_cards(self) -> Self:
        """With everything that a card shows of it."""
        return self.select_related("pair__mentor", "asked_by", "order").prefetch_related(
            "pair__members__mentee", "marks__participant"
        )


def silent_people(extension: Extension) -> list[str]:
    """A sentence for each member of the pair who has not agreed, the mentor first."""
    agreed = {mark.participant_id for mark in extension.marks.all() if mark.agrees}
    pair = extension.pair
    mentor = sentence(f"Нужно согласие наставника: {pair.mentor.short_name}")
    words = [] if pair.mentor_id in agreed else [mentor]
    return words + [
        sentence(f"Нужно согласие наставляемого: {mentee.short_name}")
        for mentee in pair.mentees
        if mentee.pk not in agreed
    ]


class Extension(models.Model):
    """One wish to go on longer. `previous_ends_on` is the last day that the approved order has moved."""

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="extensions", verbose_name="пара или группа")
    ends_on = models.DateField("новый последний день")
    previous_ends_on = models.DateField("прежний последний день", null=True, blank=True)
    reason = models.CharField("зачем", max_length=500)
    asked_by = models.ForeignKey(
        Participant, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="кто предложил"
    )
    asked_at = models.DateTimeField("предложено", default=timezone.now)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="записал")
    state = models.CharField("состояние", max_length=10, choices=ExtensionState, default=ExtensionState.COLLECTING)
    decline_reason = models.CharField("почему не состоялось", max_length=500, blank=True)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="extensions", verbose_name="приказ о продлении"
    )

    objects = ExtensionQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "pair__organisation", Reach.OWN: of_own_pair}
    TRANSITIONS = {
        "agree": Transition(
            "Все согласны",
            frozenset({ExtensionState.COLLECTING}),
            ExtensionState.AGREED,
            "mentorship.extension.agree",
            "С продлением согласны все участники пары.",
            silent_people,
        ),
        "hold": Transition(
            "Включить в проект приказа",
            frozenset({ExtensionState.AGREED}),
            ExtensionState.IN_ORDER,
            "orders.order.draft",
            "Продление включено в проект приказа.",
        ),
        "let_go": Transition(
            "Убрать из проекта приказа",
            frozenset({ExtensionState.IN_ORDER}),
            ExtensionState.AGREED,
            "orders.order.draft",
            "Продление больше не в проекте приказа.",
        ),
        "finish": Transition(
            "Продлить приказом",
            frozenset({ExtensionState.IN_ORDER}),
            ExtensionState.DONE,
            "orders.order.approve",
            "Срок пары продлён приказом.",
            silent_people,
        ),
        "decline": Transition(
            "Не продлевать",
            frozenset({ExtensionState.COLLECTING, ExtensionState.AGREED}),
            ExtensionState.DECLINED,
            "mentorship.extension.change",
            "Продление не состоялось.",
        ),
    }

    class Meta:
        verbose_name = "продление пары"
        verbose_name_plural = "продления пар"
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair"],
                condition=Q(state__in=["collecting", "agreed", "in_order"]),
                name="extension_one_open",
                violation_error_message="О продлении этой пары уже договариваются.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["in_order", "done"]) | Q(order__isnull=False),
                name="extension_by_order",
                violation_error_message="Срок пары продлевает только приказ.",
            ),
            models.CheckConstraint(
                condition=Q(previous_ends_on=None) | Q(previous_ends_on__lt=F("ends_on")),
                name="extension_is_later",
                violation_error_message="Новый последний день должен быть позже прежнего.",
            ),
        ]

    def __str__(self) -> str:
        return f"Продление до {self.ends_on:%d.%m.%Y}: {self.pair.title}"

    @property
    def journal_scope(self) -> int:
        return self.pair.organisation_id

    @property
    def chip(self) -> str:
        return CHIPS[self.state]


class ExtensionMark(models.Model):
    """The word of one member of the pair: said in the portal, or on a paper that the curator keeps."""

    extension = models.ForeignKey(Extension, models.CASCADE, related_name="marks")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+", verbose_name="кто")
    agrees = models.BooleanField("согласен", default=True)
    said_on = models.DateField("когда")
    paper_place = models.CharField("где хранится бумага", max_length=200, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="записал")

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "extension__pair__organisation"}

    class Meta:
        verbose_name = "согласие на продление"
        verbose_name_plural = "согласия на продление"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["extension", "participant"], name="extension_mark_once"),
        ]

    def __str__(self) -> str:
        return f"{self.participant.short_name}: {'согласие' if self.agrees else 'отказ'}, {self.said_on:%d.%m.%Y}"

    @property
    def journal_scope(self) -> int:
        return self.extension.pair.organisation_id
