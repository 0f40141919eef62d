"""Requests («заявления и обращения»): somebody of a pair asks, the curator considers, the head decides."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach
from core.transitions import Transition
from mentorship.models.pairs import Pair
from mentorship.models.participants import Participant
from mentorship.models.programmes import Activity
from orders.models import Order

CONSIDER = "mentorship.request.consider"


class RequestKind(models.TextChoices):
    RESIGN = "resign", "о сложении обязанностей наставника"
    REPLACE = "replace", "о замене наставника"
    RELEASE = "release", "об освобождении от обязанностей на мероприятие"
    HELP = "help", "о помощи"
    MEDIATION = "mediation", "о посредничестве"
    REWARD = "reward", "о поощрении"
    DISCIPLINE = "discipline", "о дисциплинарном воздействии"
    CONTEST = "contest", "об участии в конкурсе"
    SUGGESTION = "suggestion", "предложение по программе"


class RequestState(models.TextChoices):
    SUBMITTED = "submitted", "ждёт куратора"
    REFERRED = "referred", "ждёт решения директора"
    GRANTED = "granted", "решено, нужен приказ"
    DONE = "done", "исполнено"
    DECLINED = "declined", "отклонено"
    CANCELLED = "cancelled", "отозвано"


OPEN = (RequestState.SUBMITTED, RequestState.REFERRED, RequestState.GRANTED)


class PairRequestQuerySet(PermittedQuerySet["PairRequest"]):
    def open(self) -> Self:
        return self.filter(state__in=OPEN)

    def about_pair(self, pair: Pair, *kinds: str) -> Self:
        """Requests of the kinds (all, where none is named) about the pair."""
        rows = self.filter(pair=pair)
        return rows.filter(kind__in=kinds) if kinds else rows


class PairRequest(models.Model):
    """One request. `answer` is what was decided and why; `order` carries it out where an order is needed."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    kind = models.CharField("о чём", max_length=10, choices=RequestKind)
    pair = models.ForeignKey(Pair, models.PROTECT, null=True, blank=True, related_name="requests")
    author = models.ForeignKey(Participant, models.PROTECT, related_name="+", verbose_name="кто просит")
    about = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    substitute = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    activity = models.ForeignKey(Activity, models.SET_NULL, null=True, blank=True, related_name="+")
    starts_at = models.DateTimeField("с", null=True, blank=True)
    ends_at = models.DateTimeField("до", null=True, blank=True)
    text = models.TextField("причина", max_length=2000)
    continuity = models.CharField("как не прервётся работа", max_length=500, blank=True)
    state = models.CharField("состояние", max_length=9, choices=RequestState, default=RequestState.SUBMITTED)
    submitted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    submitted_at = models.DateTimeField("подано", default=timezone.now)
    answer = models.CharField("ответ", max_length=1000, blank=True)
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    decided_at = models.DateTimeField("решено", null=True, blank=True)
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="+")

    objects = PairRequestQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation", Reach.OWN: "author__user"}
    TRANSITIONS = {
        "refer": Transition(
            "Передать директору",
            frozenset({RequestState.SUBMITTED}),
            RequestState.REFERRED,
            CONSIDER,
            "Передано директору.",
        ),
        "grant": Transition(
            "Согласиться",
            frozenset({RequestState.REFERRED}),
            RequestState.GRANTED,
            "mentorship.request.decide",
            "Директор согласен: нужен приказ.",
        ),
        "settle": Transition(
            "Исполнено",
            frozenset({RequestState.SUBMITTED, RequestState.REFERRED, RequestState.GRANTED}),
            RequestState.DONE,
            CONSIDER,
            "Исполнено.",
        ),
        "decline": Transition(
            "Отклонить",
            frozenset({RequestState.SUBMITTED, RequestState.REFERRED}),
            RequestState.DECLINED,
            CONSIDER,
            "Отклонено.",
        ),
        "cancel": Transition(
            "Отозвать",
            frozenset({RequestState.SUBMITTED, RequestState.REFERRED}),
            RequestState.CANCELLED,
            "mentorship.request.submit",
            "Отозвано автором.",
        ),
    }

    class Meta:
        verbose_name = "заявление"
        verbose_name_plural = "заявления и обращения"
        ordering = ["-submitted_at", "-pk"]
        indexes = [models.Index(fields=["organisation", "state"], name="pair_request_list")]

    def __str__(self) -> str:
        return f"{self.author.short_name}: {self.get_kind_display()}"

    @property
    def journal_scope(self) -> int:
        return self.organisation_id


def waiting_requests() -> Exists:
    """Whether a pair has a request to end or replace that waits for its order; on rows of pairs."""
    kinds = [RequestKind.RESIGN, RequestKind.REPLACE]
    return Exists(PairRequest.objects.filter(Q(kind__in=kinds), pair=OuterRef("pk"), state__in=OPEN))
