"""Requests («заявления и обращения»): somebody of a pair asks, the curator considers, the head decides."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach, Role, Standing
from core.transitions import Transition
from mentorship.models.pairs import Pair, PairState
from mentorship.models.participants import Participant
from mentorship.models.programmes import Activity
from mentorship.models.request_rules import (
    BY_ORDER,
    CHANGES_MENTOR,
    NOT_FOR_DIRECTOR,
    RESTRICTED,
    RequestKind,
    Rule,
    rule_of,
)
from orders.models import Order

CONSIDER = "mentorship.request.consider"
DECIDE = "mentorship.request.decide"
CONCLUDE = "mentorship.request.conclude"
SUBMIT = "mentorship.request.submit"
BY_APPROVAL = "orders.order.approve"


class RequestState(models.TextChoices):
    """The words stand in the history too, so that they must not tell what a confidential request is about."""

    SUBMITTED = "submitted", "ждёт куратора"
    REFERRED = "referred", "ждёт решения директора"
    GRANTED = "granted", "решено, исполняется"
    MEDIATION = "mediation", "в работе"
    DONE = "done", "исполнено"
    DECLINED = "declined", "отклонено"
    CANCELLED = "cancelled", "отозвано"


State = RequestState
CONFIDENTIAL = "Конфиденциальное обращение"
OPEN = (State.SUBMITTED, State.REFERRED, State.GRANTED, State.MEDIATION)


class PairRequestQuerySet(PermittedQuerySet["PairRequest"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def about_pair(self, pair: Pair, *kinds: str) -> Self:
        """Requests of the kinds (all, where none is named) about the pair."""
        rows = self.filter(pair=pair)
        return rows.filter(kind__in=kinds) if kinds else rows

    def found(self, text: str) -> Self:
        """Search by any part of the name of whoever asks or of whom it is about."""
        if not text.strip():
            return self
        people = Participant.objects.found(text)
        return self.filter(Q(author__in=people) | Q(about__in=people) | Q(substitute__in=people))

    def releases(self) -> Self:
        """Releases from duties that nobody has declined or taken back."""
        return self.filter(kind=RequestKind.RELEASE).exclude(state__in=[State.DECLINED, State.CANCELLED])

    def locked(self) -> Self:
        """The rows locked in the order of their keys; whoever also locks people locks them first."""
        return self.order_by("pk").select_for_update(of=("self",))

    def for_rows(self) -> Self:
        """With everything that a line of a list shows."""
        return self.select_related("author", "about", "substitute", "pair__mentor", "organisation")


def shown_to_role(standing: Standing) -> Q:
    """What a role sees of its organisation: of the confidential kinds only those it deals with, and never one whose
    subject the person is."""
    hidden: tuple[str, ...] = RESTRICTED
    if standing.role == Role.CURATOR:
        hidden = ()
    elif standing.role == Role.DIRECTOR:
        hidden = NOT_FOR_DIRECTOR
    about_me = Q(kind__in=RESTRICTED, about__user=standing.user_id)
    return Q(organisation=standing.organisation_id) & ~Q(kind__in=hidden) & ~about_me


def entrusted(standing: Standing) -> Q:
    """A mentor's own requests and what the own mentees ask help with; for others the cases where they are mediators."""
    if standing.role != Role.MENTOR:
        named = PairRequest.mediators.through.objects.filter(pairrequest=OuterRef("pk"), user=standing.user_id)
        return Q(Exists(named)) & Q(organisation=standing.organisation_id)
    window: dict[str, Any] = {"state": PairState.ACTIVE, "starts_on__lte": standing.day, "ends_on__gte": standing.day}
    led = Pair.objects.filter(pk=OuterRef("pair"), mentor__user=standing.user_id, **window)
    return Q(author__user=standing.user_id) | Q(Q(kind=RequestKind.HELP) & Exists(led))


# --- What stands in the way -------------------------------------------------------------------------------------------
NO_REFUSAL = (
    "Отказ от работы наставника — право работника (статья 351.8 Трудового кодекса): заявление не отклоняют. Если "
    "человек передумает, он отзовёт его сам."
)
HEAD_ONLY = "Об освобождении от обязанностей решает только директор: передайте ему заявление со своим мнением."
MEDIATORS_ONLY = "Просьбу о посредничестве директор не видит: назовите посредников."
NEEDS_MEDIATORS = "Сначала назовите посредников: итог записывают после разговора с ними."
STILL_LED = "Пара ещё работает с прежним наставником: нужен приказ. Когда он вступит в силу, отметьте исполнение."
BY_ORDER_ONLY = "Заявление исполняет только приказ: портал отметит исполнение, когда директор его утвердит."
NOT_GRANTED_YET = "Сначала нужно согласие директора: передайте ему заявление."
NOT_MEDIATION = "Посредников назначают только по просьбе о посредничестве."


def refer_obstacles(request: PairRequest) -> list[str]:
    return [MEDIATORS_ONLY] if request.kind in NOT_FOR_DIRECTOR else []


def refuse_obstacles(request: PairRequest) -> list[str]:
    return [NO_REFUSAL] if request.kind == RequestKind.RESIGN else []


def decline_obstacles(request: PairRequest) -> list[str]:
    return [HEAD_ONLY] if request.kind == RequestKind.RELEASE else refuse_obstacles(request)


def settle_obstacles(request: PairRequest) -> list[str]:
    """A mentor changes and somebody is released only by an order; a quarrel is settled by its mediators."""
    if request.kind == RequestKind.MEDIATION:
        return [NEEDS_MEDIATORS]
    if request.kind == RequestKind.RELEASE:
        return [BY_ORDER_ONLY]
    return [STILL_LED] if request.kind in CHANGES_MENTOR and request.mentor_still_leads() else []


def carry_out_obstacles(request: PairRequest) -> list[str]:
    """An order that ends the pair or changes its mentor is itself the head's word; the rest needs that word first."""
    return [] if request.state == State.GRANTED or request.kind in CHANGES_MENTOR else [NOT_GRANTED_YET]


def assign_obstacles(request: PairRequest) -> list[str]:
    return [] if request.kind == RequestKind.MEDIATION else [NOT_MEDIATION]


def cancel_obstacles(request: PairRequest) -> list[str]:
    if request.order is None:
        return []
    return [f"Заявление включено в документ: {request.order}. Попросите куратора убрать его оттуда."]


class PairRequest(models.Model):
    """One request. `opinion` is the curator's for the head, `answer` what was decided and why, or what the sides have
    agreed on; `order` carries it out where an order is needed. `about` is the mentor who is to go, or whom a proposal
    or a quarrel concerns. Never edited after it was submitted."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField("о чём", max_length=10, choices=RequestKind)
    pair = models.ForeignKey(Pair, models.PROTECT, null=True, blank=True, related_name="requests")
    author = models.ForeignKey(Participant, models.PROTECT, related_name="+", verbose_name="кто просит")
    about = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    substitute = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, blank=True, related_name="+")
    occasion = models.CharField("мероприятие", max_length=400, blank=True)
    starts_at = models.DateTimeField("с", null=True, blank=True)
    ends_at = models.DateTimeField("до", null=True, blank=True)
    text = models.TextField("причина", max_length=2000)
    continuity = models.CharField("как не прервётся работа", max_length=500, blank=True)
    state = models.CharField("состояние", max_length=9, choices=RequestState, default=RequestState.SUBMITTED)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("подано", default=timezone.now)
    opinion = models.CharField("мнение куратора", max_length=1000, blank=True)
    mediators = models.ManyToManyField(User, related_name="+", verbose_name="посредники", blank=True)
    answer = models.CharField("ответ", max_length=1000, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("решено", null=True, blank=True)
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PairRequestQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: shown_to_role, Reach.OWN: "author__user", Reach.LED: entrusted}
    TRANSITIONS = {
        "refer": Transition(
            "Передать директору",
            frozenset({State.SUBMITTED}),
            State.REFERRED,
            CONSIDER,
            "Передано директору.",
            refer_obstacles,
        ),
        "assign": Transition(
            "Назвать посредников",
            frozenset({State.SUBMITTED}),
            State.MEDIATION,
            CONSIDER,
            "Передано в работу.",
            assign_obstacles,
        ),
        "conclude": Transition(
            "Записать итог",
            frozenset({State.MEDIATION}),
            State.DONE,
            CONCLUDE,
            "Записан итог.",
        ),
        "grant": Transition(
            "Согласиться",
            frozenset({State.REFERRED}),
            State.GRANTED,
            DECIDE,
            "Директор согласен.",
        ),
        "settle": Transition(
            "Отметить исполнение",
            frozenset({State.SUBMITTED, State.GRANTED}),
            State.DONE,
            CONSIDER,
            "Исполнено.",
            settle_obstacles,
        ),
        "carry_out": Transition(
            "Исполнить приказом",
            frozenset({State.SUBMITTED, State.REFERRED, State.GRANTED}),
            State.DONE,
            BY_APPROVAL,
            "Исполнено приказом.",
            carry_out_obstacles,
        ),
        "undo": Transition(
            "Прекратить отменой приказа",
            frozenset({State.DONE}),
            State.CANCELLED,
            BY_APPROVAL,
            "Приказ отменён.",
        ),
        "decline": Transition(
            "Отклонить",
            frozenset({State.SUBMITTED}),
            State.DECLINED,
            CONSIDER,
            "Отклонено куратором.",
            decline_obstacles,
        ),
        "refuse": Transition(
            "Отказать",
            frozenset({State.REFERRED}),
            State.DECLINED,
            DECIDE,
            "Отклонено директором.",
            refuse_obstacles,
        ),
        "cancel": Transition(
            "Отозвать",
            frozenset({State.SUBMITTED, State.REFERRED, State.GRANTED, State.MEDIATION}),
            State.CANCELLED,
            SUBMIT,
            "Отозвано автором.",
            cancel_obstacles,
        ),
    }

    class Meta:
        verbose_name = "заявление"
        verbose_name_plural = "заявления и обращения"
        ordering = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "state"], name="pair_request_list")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="release")
                | (
                    Q(substitute__isnull=False)
                    & Q(starts_at__isnull=False)
                    & Q(ends_at__isnull=False)
                    & Q(ends_at__gt=F("starts_at"))
                    & ~Q(continuity="")
                ),
                name="request_release_is_substituted",
                violation_error_message="Для освобождения нужны время, замещающий и слова о том, как идёт работа.",
            ),
            models.CheckConstraint(
                condition=Q(substitute=None) | ~Q(substitute=F("author")),
                name="request_substitute_is_another",
                violation_error_message="Нельзя замещать самого себя.",
            ),
        ]

    def __str__(self) -> str:
        """What the history and the letters say of it: of a confidential request nothing but that there is one."""
        return CONFIDENTIAL if self.is_restricted else f"{self.author.short_name}: {self.title.lower()}"

    @property
    def journal_scope(self) -> int:
        return self.organisation_id

    @property
    def rule(self) -> Rule:
        return rule_of(self.kind)

    @property
    def title(self) -> str:
        return self.rule.title

    @property
    def is_restricted(self) -> bool:
        return self.kind in RESTRICTED

    @property
    def is_release(self) -> bool:
        return self.kind == RequestKind.RELEASE

    @property
    def needs_order(self) -> bool:
        return self.kind in BY_ORDER

    @property
    def day(self) -> dt.date:
        """The day on which it was submitted, by the clock of the portal."""
        return timezone.localtime(self.submitted_at).date()

    @property
    def when(self) -> str:
        """The time of a release: «21.11.2026», «21.11.2026 с 10:00 до 14:00», «с 21.11.2026 по 23.11.2026»."""
        if self.starts_at is None or self.ends_at is None:
            return ""
        first, last = timezone.localtime(self.starts_at), timezone.localtime(self.ends_at)
        whole = (first.hour, first.minute, last.hour, last.minute) == (0, 0, 23, 59)
        if first.date() == last.date():
            return f"{first:%d.%m.%Y}" if whole else f"{first:%d.%m.%Y} с {first:%H:%M} до {last:%H:%M}"
        form = "%d.%m.%Y" if whole else "%d.%m.%Y %H:%M"
        return f"с {first.strftime(form)} по {last.strftime(form)}"

    def mentor_still_leads(self) -> bool:
        """Whether the pair that the request is about still works under the mentor who is to go."""
        if self.pair is None:
            return False
        led = Pair.objects.filter(pk=self.pair.pk, mentor=self.about)
        return led.filter(state=PairState.ACTIVE, ends_on__gte=timezone.localdate()).exists()
