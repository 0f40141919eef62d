"""Pairs and groups: dated periods of one mentor with one or more mentees, in force only by an order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Self

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Coalesce, Least
from django.utils import timezone

from accounts.models import Organisation
from accounts.permissions import PermittedQuerySet, Reach, Standing, today
from core.transitions import Transition
from mentorship.models.dictionaries import DictionaryEntry
from mentorship.models.needs import Need, needs_of
from mentorship.models.pair_grounds import ClosingGround, Initiator
from mentorship.models.participants import Participant
from mentorship.models.rules import composition_faults, term_faults
from orders.models import Order, OrderState


class PairState(models.TextChoices):
    FORMING = "forming", "оформляется"
    ACTIVE = "active", "действует"
    CLOSED = "closed", "завершена"
    DISSOLVED = "dissolved", "не состоялась"


class PairQuerySet(PermittedQuerySet["Pair"]):
    def in_force(self, day: dt.date) -> Self:
        """Pairs that work on the day; both ends belong to the period."""
        return self.filter(state=PairState.ACTIVE, starts_on__lte=day, ends_on__gte=day)

    def working(self, day: dt.date) -> Self:
        """Pairs in force on the day that nobody has paused: of these a portal may ask something."""
        return self.in_force(day).exclude(Exists(PairPause.objects.on(day).filter(pair=OuterRef("pk"))))

    def forming(self) -> Self:
        return self.filter(state=PairState.FORMING)

    def in_draft(self) -> Self:
        """Pairs that an order not yet approved holds."""
        return self.forming().filter(order__isnull=False)

    def overdue(self, day: dt.date) -> Self:
        return self.filter(state=PairState.ACTIVE, ends_on__lt=day)

    def run_out(self, day: dt.date) -> Self:
        """Pairs whose last day, named by an order, has passed before the day."""
        return self.overdue(day).filter(ended_by__isnull=False)

    def of(self, *people: Participant) -> Self:
        """Pairs that any of the people lead or learn in."""
        return self.filter(with_people(people))

    def found(self, text: str) -> Self:
        """Search by any part of the mentor's or a mentee's name."""
        if not text.strip():
            return self
        return self.filter(with_people(Participant.objects.found(text)))

    def locked(self) -> Self:
        """The rows locked in the order of their keys; whoever also locks people locks them first."""
        return self.order_by("pk").select_for_update(of=("self",))

    def for_cards(self) -> Self:
        """With everything that a row of the list shows."""
        return self.select_related("mentor", "form", "direction", "order").prefetch_related("members__mentee")


def with_people(people: Iterable[Participant]) -> Q:
    """Pairs whose mentor or one of whose mentees is among the people (a list or a query)."""
    learning = PairMember.objects.filter(pair=OuterRef("pk"), mentee__in=people)
    return Q(mentor__in=people) | Q(Exists(learning))


def in_open_pairs() -> Q:
    """People who lead or learn in a pair that is being formed or works."""
    open_states = [PairState.FORMING, PairState.ACTIVE]
    led = Pair.objects.filter(state__in=open_states).order_by().values("mentor")
    learning = PairMember.objects.filter(state__in=open_states).order_by().values("mentee")
    return Q(pk__in=led) | Q(pk__in=learning)


def held_by_order(pair: Pair) -> list[str]:
    """Why a pair cannot be given up: an order speaks of it."""
    if pair.order is None:
        return []
    return [f"Пара включена в документ: {pair.order}. Сначала уберите её оттуда или удалите проект."]


def own_while_open(standing: Standing) -> Q:
    """Pairs of the person, from the first day to the last: afterwards the card is closed to them."""
    day = standing.day
    is_mentee = Exists(PairMember.objects.filter(pair=OuterRef("pk"), mentee__user=standing.user_id))
    open_now = Q(state=PairState.ACTIVE, starts_on__lte=day, ends_on__gte=day)
    return open_now & (Q(mentor__user=standing.user_id) | Q(is_mentee))


def not_over_yet(pair: Pair) -> list[str]:
    """A pair that ran its term is simply over; to end it earlier takes an order."""
    if pair.ends_on < today():
        return []
    return [f"Срок пары — до {pair.ends_on:%d.%m.%Y}. Раньше срока пару завершает только приказ директора."]


class Pair(models.Model):
    """A mentor with one mentee (pair) or several (group), from a day to a day.

    `ends_on` is the planned last day; an order that ends the pair makes it the real one, `planned_ends_on` keeps the
    plan, and the pair works until that day is over.
    `order` is the order that prepares the pair or has brought it into force.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="pairs", verbose_name="организация")
    mentor = models.ForeignKey(Participant, models.PROTECT, related_name="pairs_led", verbose_name="наставник")
    form = models.ForeignKey(DictionaryEntry, models.PROTECT, related_name="+", verbose_name="форма")
    kinds = models.ManyToManyField(DictionaryEntry, related_name="+", verbose_name="виды")
    direction = models.ForeignKey(DictionaryEntry, models.PROTECT, related_name="+", verbose_name="направление")
    goal = models.CharField("цель", max_length=500, blank=True)
    starts_on = models.DateField("начало")
    ends_on = models.DateField("окончание")
    planned_ends_on = models.DateField("окончание по плану", null=True, blank=True)
    state = models.CharField("состояние", max_length=10, choices=PairState, default=PairState.FORMING)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="pairs", verbose_name="приказ о закреплении"
    )
    closing_ground = models.CharField("основание завершения", max_length=9, choices=ClosingGround, blank=True)
    closing_initiator = models.CharField("по чьей инициативе", max_length=8, choices=Initiator, blank=True)
    closing_reason = models.CharField("обстоятельства завершения", max_length=500, blank=True)
    ended_by = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="ended_pairs", verbose_name="приказ о прекращении"
    )
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name="вместо пары"
    )
    reverse_of = models.ForeignKey(
        "self", models.SET_NULL, null=True, blank=True, related_name="reversed_by", verbose_name="обратная пара"
    )
    created_at = models.DateTimeField("создана", default=timezone.now)

    objects = PairQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation", Reach.OWN: own_while_open}
    TRANSITIONS = {
        "activate": Transition(
            "Ввести в действие приказом",
            frozenset({PairState.FORMING}),
            PairState.ACTIVE,
            "orders.order.approve",
            "Пара закреплена приказом.",
        ),
        "end": Transition(
            "Прекратить отменой приказа",
            frozenset({PairState.ACTIVE}),
            PairState.CLOSED,
            "orders.order.approve",
            "Пара прекращена: приказ о ней отменён.",
        ),
        "finish": Transition(
            "Завершить приказом",
            frozenset({PairState.ACTIVE}),
            PairState.CLOSED,
            "orders.order.approve",
            "Пара завершена приказом.",
        ),
        "dissolve": Transition(
            "Расформировать",
            frozenset({PairState.FORMING}),
            PairState.DISSOLVED,
            "mentorship.pair.change",
            "Пара не состоялась.",
            held_by_order,
        ),
        "close": Transition(
            "Завершить",
            frozenset({PairState.ACTIVE}),
            PairState.CLOSED,
            "mentorship.pair.change",
            "Пара завершена.",
            not_over_yet,
        ),
    }

    class Meta:
        verbose_name = "пара"
        verbose_name_plural = "пары и группы"
        ordering = ["-starts_on", "-pk"]
        indexes = [
            models.Index(fields=["organisation", "state"], name="pair_list"),
            models.Index(fields=["organisation", "-starts_on", "-id"], name="pair_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="pair_period",
                violation_error_message="Окончание не может быть раньше начала.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["active", "closed"]) | Q(order__isnull=False),
                name="pair_in_force_by_order",
                violation_error_message="Пара вступает в силу только приказом.",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | ~Q(closing_ground=""),
                name="pair_closed_has_ground",
                violation_error_message="У завершённой пары должно быть основание завершения.",
            ),
            models.CheckConstraint(
                condition=~Q(closing_ground="parties") | ~Q(closing_initiator="") & ~Q(closing_reason=""),
                name="pair_parties_say_who_and_why",
                violation_error_message="Назовите, кто предложил завершить работу, и обстоятельства.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def mentees(self) -> list[Participant]:
        """The mentees in the order they were added."""
        return [member.mentee for member in self.members.all()] if self.pk else []

    @property
    def is_group(self) -> bool:
        return len(self.members.all()) > 1

    @property
    def title(self) -> str:
        """«Иванова А. П. — Петров Б. В.»; a group counts its other mentees."""
        mentees = self.mentees
        first = mentees[0].short_name if mentees else "без наставляемого"
        more = f" и ещё {len(mentees) - 1}" if len(mentees) > 1 else ""
        return f"{self.mentor.short_name} — {first}{more}"

    @property
    def people(self) -> list[Participant]:
        return [self.mentor, *self.mentees]

    def is_in_force_on(self, day: dt.date) -> bool:
        return self.state == PairState.ACTIVE and self.starts_on <= day <= self.ends_on

    @property
    def ends_by_order(self) -> bool:
        """Whether the pair still works but an order has already named its last day."""
        return self.state == PairState.ACTIVE and self.ended_by_id is not None

    @property
    def is_locked(self) -> bool:
        """Whether an order already holds the pair, so that its people and dates may not be changed."""
        return self.state != PairState.FORMING or (
            self.order is not None and self.order.state in (OrderState.SUBMITTED, OrderState.APPROVED)
        )

    def is_paused_on(self, day: dt.date) -> bool:
        """Whether the work is paused on the day: nothing is then asked of its people."""
        return any(pause.covers(day) for pause in self.pauses.all())

    def missing(self, day: dt.date) -> list[Need]:
        """What the pair lacks on the day to come into force."""
        return needs_of([self], day)[self.pk]

    def faults(self) -> list[str]:
        """What is wrong with the pair itself: its term, its people, a period that is already fixed."""
        return [
            *term_faults(self.starts_on, self.ends_on, replacing=self.replaces_id is not None),
            *composition_faults(self.mentor, self.mentees, self.kinds.all()),
            *clashes(self, self.mentees),
        ]


def clashes(pair: Pair, mentees: Iterable[Participant]) -> list[str]:
    """Periods already fixed for the same mentor, mentee and direction; the pair itself may be unsaved."""
    taken = PairMember.objects.filter(
        mentor=pair.mentor,
        mentee__in=list(mentees),
        direction=pair.direction,
        state__in=[PairState.ACTIVE, PairState.CLOSED],
        starts_on__lte=pair.ends_on,
        ends_on__gte=pair.starts_on,
    ).exclude(pair=pair.pk)
    return [
        f"{pair.mentor.short_name} и {member.mentee.short_name} по направлению «{pair.direction}» уже закреплены "
        f"с {member.starts_on:%d.%m.%Y} по {member.ends_on:%d.%m.%Y}."
        for member in taken.select_related("mentee")
    ]


class PairMember(models.Model):
    """A mentee of a pair. The other columns repeat the pair's own, kept equal by a foreign key of the database,
    so that one constraint can forbid two periods of the same mentor, mentee and direction."""

    pair = models.ForeignKey(Pair, models.CASCADE, related_name="members")
    mentee = models.ForeignKey(
        Participant, models.PROTECT, related_name="memberships_in_pairs", verbose_name="наставляемый"
    )
    mentor = models.ForeignKey(Participant, models.PROTECT, related_name="+", editable=False)
    direction = models.ForeignKey(DictionaryEntry, models.PROTECT, related_name="+", editable=False)
    starts_on = models.DateField(editable=False)
    ends_on = models.DateField(editable=False)
    state = models.CharField(max_length=10, editable=False)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "pair__organisation"}

    class Meta:
        verbose_name = "наставляемый пары"
        verbose_name_plural = "наставляемые пары"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["pair", "mentee"],
                name="pair_mentee_once",
                violation_error_message="Этот наставляемый в паре уже есть.",
            ),
            models.CheckConstraint(
                condition=~Q(mentee=F("mentor")),
                name="pair_mentor_is_not_mentee",
                violation_error_message="Наставник и наставляемый — один и тот же человек.",
            ),
            ExclusionConstraint(
                name="pair_one_period_at_a_time",
                expressions=[
                    (Func(F("mentor"), F("mentor"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("mentee"), F("mentee"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("direction"), F("direction"), Value("[]"), function="int8range"), RangeOperators.OVERLAPS),
                    (Func(F("starts_on"), F("ends_on"), Value("[]"), function="daterange"), RangeOperators.OVERLAPS),
                ],
                condition=Q(state__in=["active", "closed"]),
                violation_error_message="Эта пара по этому направлению в эти дни уже закреплена.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.mentee)

    def copy_pair(self) -> PairMember:
        """Take over the pair's columns before the first save; later changes follow by themselves."""
        for name in ("mentor_id", "direction_id", "starts_on", "ends_on", "state"):
            setattr(self, name, getattr(self.pair, name))
        return self


class PauseQuerySet(PermittedQuerySet["PairPause"]):
    def on(self, day: dt.date) -> Self:
        """Pauses of the day; the last day still counts, without one a pause lasts until somebody ends it."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class PairPause(models.Model):
    """Days on which a pair in force rests: a long illness, a leave. The term of the pair stays as it is."""

    pair = models.ForeignKey(Pair, models.PROTECT, related_name="pauses", verbose_name="пара или группа")
    starts_on = models.DateField("первый день паузы")
    ends_on = models.DateField("последний день паузы", null=True, blank=True)
    reason = models.CharField("причина", max_length=300)

    objects = PauseQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "pair__organisation"}

    class Meta:
        verbose_name = "пауза в работе пары"
        verbose_name_plural = "паузы в работе пар"
        ordering = ["-starts_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="pause_period",
                violation_error_message="Последний день паузы не может быть раньше первого.",
            ),
        ]

    def __str__(self) -> str:
        return f"Пауза {self.term}"

    @property
    def journal_scope(self) -> int:
        return self.pair.organisation_id

    @property
    def term(self) -> str:
        """«с 01.02.2027 по 28.02.2027»."""
        return f"с {self.starts_on:%d.%m.%Y}" + (f" по {self.ends_on:%d.%m.%Y}" if self.ends_on else "")

    def covers(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or day <= self.ends_on)


def rests(day: dt.date) -> Any:
    """Pauses that began by the day, each with `last`, its last day so far; the latest first."""
    last = Least(Coalesce(F("ends_on"), Value(day)), Value(day), output_field=models.DateField())
    return PairPause.objects.filter(starts_on__lte=day).annotate(last=last).order_by("-last")
