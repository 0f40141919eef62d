"""The banks: what a person brings as a mentor and what as a mentee, each its own card; dated snapshots of a bank."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, Subquery
from django.db.models.functions import Coalesce
from django.db.models.lookups import GreaterThan
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach, Standing, today
from core.transitions import Transition
from mentorship.models.appointments import appointed_once, cancellations
from mentorship.models.bank_rules import (
    OPEN_PAIRS,
    STANDING,
    BankRole,
    BankState,
    archive_obstacles,
    entry_obstacles,
    only,
)
from mentorship.models.consents import Consent, ConsentKind
from mentorship.models.dictionaries import DictionaryEntry
from mentorship.models.pairs import Pair, PairMember, PairState
from mentorship.models.participants import Participant, Post, russian_order
from mentorship.models.rules import plus_months
from orders.models import Order, OrderState

CHANGE = "mentorship.bank.change"
ACTUAL_MONTHS = 12


class BankCardQuerySet(PermittedQuerySet["BankCard"]):
    def mentors(self) -> Self:
        return self.filter(role=BankRole.MENTOR)

    def mentees(self) -> Self:
        return self.filter(role=BankRole.MENTEE)

    def standing(self) -> Self:
        """Cards in the bank, whatever the stage."""
        return self.filter(state__in=STANDING)

    def consented(self, day: dt.date) -> Self:
        """Cards of people whose consent to processing is live on the day."""
        return self.filter(has_consent(day))

    def without_consent(self, day: dt.date) -> Self:
        """Cards in work whose people have no live consent to processing."""
        return self.exclude(state__in=[BankState.REFUSED, BankState.ARCHIVED]).exclude(has_consent(day))

    def outdated(self, day: dt.date) -> Self:
        """Cards in the bank that nobody has confirmed for more than a year."""
        return self.standing().filter(actual_on__lt=plus_months(day, -ACTUAL_MONTHS))

    def paired(self, day: dt.date) -> Self:
        """Cards whose person works in the card's role in a pair in force on the day."""
        return self.filter(in_pair(day))

    def unpaired(self, day: dt.date) -> Self:
        return self.exclude(in_pair(day))

    def without_mentor(self, day: dt.date) -> Self:
        """Mentees in the bank whom nobody leads on the day, whether or not a pair is being formed."""
        return self.mentees().standing().unpaired(day)

    def to_match(self) -> Self:
        """Mentees in the bank for whom no pair is in force or being formed."""
        learns = PairMember.objects.filter(mentee=OuterRef("participant"), state__in=OPEN_PAIRS)
        return self.mentees().standing().exclude(Exists(learns))

    def never_appointed(self) -> Self:
        """Mentors in the bank whom no order has ever appointed or fixed in a pair: the start-list."""
        fixed = PairMember.objects.filter(
            mentor=OuterRef("participant"), state__in=[PairState.ACTIVE, PairState.CLOSED]
        )
        return self.mentors().standing().exclude(Exists(fixed)).exclude(appointed_once("participant"))

    def with_free_places(self) -> Self:
        """Mentors in the bank who are ready to lead more people than they have."""
        return self.standing().filter(has_free_places())

    def tallied(self, day: dt.date) -> dict[str, int]:
        """How many cards stand, are candidates, are out of date, wait for a mentor, have free places; one query."""
        standing = Q(state__in=STANDING)
        counted = {
            "standing": standing,
            "candidate": Q(state=BankState.CANDIDATE),
            "outdated": standing & Q(actual_on__lt=plus_months(day, -ACTUAL_MONTHS)),
            "without": standing & Q(role=BankRole.MENTEE) & ~in_pair(day),
            "free": standing & has_free_places(),
        }
        numbers = {name: Count("pk", filter=condition) for name, condition in counted.items()}
        return self.aggregate(**numbers)

    def found(self, text: str) -> Self:
        """Search by any part of the person's name."""
        return self.filter(participant__in=Participant.objects.found(text)) if text.strip() else self

    def locked(self) -> Self:
        """The rows locked in the order of their keys; whoever also locks people locks them first."""
        return self.order_by("pk").select_for_update(of=("self",))

    def for_cards(self) -> Self:
        """With everything that a row of the list shows: the person, the posts of today, the words of dictionaries."""
        posts = Prefetch(
            "participant__posts", Post.objects.on(today()).order_by("-is_main", "pk"), to_attr="current_posts"
        )
        return self.select_related("participant").prefetch_related(posts, "competences", "difficulties")

    def by_name(self) -> Self:
        names = ("participant__surname", "participant__given_name", "participant__patronymic")
        return self.order_by(*russian_order(*names), "pk")


def has_free_places() -> Q:
    """The card is a mentor's who is ready to lead more people than they lead or are to lead."""
    led = PairMember.objects.filter(mentor=OuterRef("participant"), state__in=OPEN_PAIRS).order_by()
    number = led.values("mentor").annotate(number=Count("mentee", distinct=True)).values("number")
    return Q(role=BankRole.MENTOR) & Q(GreaterThan(F("capacity"), Coalesce(Subquery(number), 0)))


def has_consent(day: dt.date) -> Q:
    """The card's person has a live consent to processing."""
    given = Consent.objects.live(day).filter(kind=ConsentKind.PROCESSING, participant=OuterRef("participant"))
    return Q(Exists(given))


def in_pair(day: dt.date) -> Q:
    """The card's person leads (a mentor's card) or learns (a mentee's) in a pair in force on the day."""
    window: dict[str, Any] = {"state": PairState.ACTIVE, "starts_on__lte": day, "ends_on__gte": day}
    leads = Exists(Pair.objects.filter(mentor=OuterRef("participant"), **window))
    learns = Exists(PairMember.objects.filter(mentee=OuterRef("participant"), **window))
    return Q(role=BankRole.MENTOR) & Q(leads) | Q(role=BankRole.MENTEE) & Q(learns)


def needs_of_led(standing: Standing) -> Q:
    """Mentees' cards of the people whom the reader leads today; one's own cards are another action."""
    learning = PairMember.objects.filter(
        mentee=OuterRef("participant"),
        mentor__user=standing.user_id,
        state=PairState.ACTIVE,
        starts_on__lte=standing.day,
        ends_on__gte=standing.day,
    )
    return Q(role=BankRole.MENTEE) & Q(Exists(learning))


class BankCard(models.Model):
    """A person in the bank of mentors or of mentees; the same person may have one card in each.

    `actual_on`: the day somebody last looked at the card and confirmed it. `outcome` and `story_url` are written
    when a programme ends. `refused_on` stays after the person comes back: it says which consent is new enough.
    """

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="bank_cards", verbose_name="участник")
    role = models.CharField("банк", max_length=6, choices=BankRole)
    state = models.CharField("состояние", max_length=11, choices=BankState, default=BankState.CANDIDATE)
    entered_on = models.DateField("вошёл в банк", null=True, blank=True)
    actual_on = models.DateField("сведения проверены", default=today)
    refused_on = models.DateField("отказ", null=True, blank=True)
    state_reason = models.CharField("основание", max_length=300, blank=True)
    competences = models.ManyToManyField(
        DictionaryEntry,
        blank=True,
        related_name="+",
        verbose_name="компетенции",
        limit_choices_to={"dictionary": "competence"},
    )
    difficulties = models.ManyToManyField(
        DictionaryEntry,
        blank=True,
        related_name="+",
        verbose_name="затруднения",
        limit_choices_to={"dictionary": "difficulty"},
    )
    request = models.CharField("основной запрос", max_length=500, blank=True)
    achievements = models.CharField("достижения", max_length=500, blank=True)
    interests = models.CharField("интересы", max_length=300, blank=True)
    wishes = models.CharField("пожелания к напарнику", max_length=300, blank=True)
    capacity = models.PositiveSmallIntegerField(
        "сколько человек готов вести", default=1, validators=[MinValueValidator(1), MaxValueValidator(20)]
    )
    time_resource = models.CharField(
        "ресурс времени", max_length=200, blank=True, help_text="Например: «2 часа в неделю, вторник после 14:00»."
    )
    long_term = models.BooleanField("долгосрочная база", default=False)
    support = models.CharField("поддержка до появления пары", max_length=300, blank=True)
    outcome = models.CharField("результаты программы", max_length=500, blank=True)
    story_url = models.URLField("ссылка на кейс или отзыв", blank=True)
    created_at = models.DateTimeField("заведена", default=timezone.now)

    objects = BankCardQuerySet.as_manager()

    REACH = {
        Reach.ORGANISATION: "participant__organisation",
        Reach.OWN: "participant__user",
        Reach.LED: needs_of_led,
    }
    TRANSITIONS = {
        "enter": Transition(
            "Внести в банк",
            frozenset({BankState.CANDIDATE, BankState.REFUSED, BankState.ARCHIVED}),
            BankState.IN_BANK,
            CHANGE,
            "Внесено в банк.",
            entry_obstacles,
        ),
        "interview": Transition(
            "Собеседование пройдено",
            frozenset({BankState.IN_BANK}),
            BankState.INTERVIEWED,
            "mentorship.interview.change",
            "Собеседование пройдено.",
            only(BankRole.MENTEE),
        ),
        "select": Transition(
            "Отобрать",
            frozenset({BankState.IN_BANK}),
            BankState.SELECTED,
            "mentorship.interview.change",
            "Отобран по итогам собеседования.",
            only(BankRole.MENTOR),
        ),
        "train": Transition(
            "Отметить обучение",
            frozenset({BankState.SELECTED}),
            BankState.TRAINED,
            CHANGE,
            "Обучение пройдено.",
            only(BankRole.MENTOR),
        ),
        "step_back": Transition(
            "Вернуть к собеседованию",
            frozenset({BankState.INTERVIEWED, BankState.SELECTED, BankState.TRAINED}),
            BankState.IN_BANK,
            CHANGE,
            "Нужно новое собеседование.",
        ),
        "refuse": Transition(
            "Записать отказ",
            frozenset({BankState.CANDIDATE, *STANDING}),
            BankState.REFUSED,
            CHANGE,
            "Записан отказ от участия.",
            archive_obstacles,
        ),
        "archive": Transition(
            "Убрать в архив",
            frozenset({BankState.CANDIDATE, BankState.REFUSED, *STANDING}),
            BankState.ARCHIVED,
            CHANGE,
            "Карточка убрана в архив.",
            archive_obstacles,
        ),
        "lose_consent": Transition(
            "Вывести из банка",
            frozenset(STANDING),
            BankState.CANDIDATE,
            "mentorship.consent.withdraw",
            "Согласие на обработку данных отозвано: человек выведен из банка.",
        ),
    }

    class Meta:
        verbose_name = "карточка банка"
        verbose_name_plural = "банки наставников и наставляемых"
        constraints = [
            models.UniqueConstraint(
                fields=["participant", "role"],
                name="bank_card_once",
                violation_error_message="Карточка этого человека в банке уже есть.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(STANDING)) | Q(entered_on__isnull=False),
                name="bank_card_in_bank_since",
                violation_error_message="Укажите, с какого дня человек в банке.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.participant}"

    @property
    def journal_scope(self) -> int:
        return self.participant.organisation_id

    @property
    def stands(self) -> bool:
        return self.state in STANDING

    def is_outdated_on(self, day: dt.date) -> bool:
        """Whether more than a year has passed since the card was confirmed."""
        return self.stands and self.actual_on < plus_months(day, -ACTUAL_MONTHS)


def order_cancelled(day: dt.date) -> Exists:
    """The order of the row is cancelled by another one from the day or an earlier one."""
    return Exists(cancellations().filter(target=OuterRef("order"), since__lte=day))


class SnapshotQuerySet(PermittedQuerySet["BankSnapshot"]):
    def approved(self) -> Self:
        return self.filter(order__state=OrderState.APPROVED)

    def cancelled(self, day: dt.date) -> Self:
        """Snapshots whose order counts no more on the day."""
        return self.filter(order_cancelled(day))

    def with_cancelled(self, day: dt.date) -> Self:
        """With `is_cancelled` on every row, for lists."""
        return self.annotate(is_cancelled=order_cancelled(day))

    def locked(self) -> Self:
        """The rows locked in the order of their keys; whoever also locks people locks them first."""
        return self.order_by("pk").select_for_update(of=("self",))


class BankSnapshot(models.Model):
    """A bank as it stood on a day, frozen; an order approves it.

    `rows`: the federal columns as lists of texts, `columns` their titles, so that a later change of the form does
    not rewrite an earlier snapshot. `people`: whose row it is, {number: key of the participant, post: their post
    of the day}, in the order of the rows.
    """

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="bank_snapshots")
    role = models.CharField("банк", max_length=6, choices=BankRole)
    as_of = models.DateField("по состоянию на", default=today)
    columns = models.JSONField("колонки", default=list)
    rows = models.JSONField("строки", default=list)
    people = models.JSONField("люди", default=list)
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="bank_snapshots", verbose_name="приказ"
    )
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="составил")
    made_at = models.DateTimeField("составлен", default=timezone.now)

    objects = SnapshotQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "снимок банка"
        verbose_name_plural = "снимки банков"
        ordering = ["-as_of", "-pk"]
        indexes = [models.Index(F("organisation"), F("as_of").desc(), name="bank_snapshot_newest")]

    def __str__(self) -> str:
        whose = "наставников" if self.role == BankRole.MENTOR else "наставляемых"
        return f"Банк {whose} на {self.as_of:%d.%m.%Y}"

    @property
    def journal_scope(self) -> int:
        return self.organisation_id

    @property
    def is_approved(self) -> bool:
        return self.order is not None and self.order.state == OrderState.APPROVED
