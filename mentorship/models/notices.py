"""Written notices that end a mentor's work before its term: a refusal of the employee, a cancelling by the employer."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach
from core.storage import PrivateStorage, random_name
from core.workdays import add_working_days
from mentorship.models.duties import calendar_from
from mentorship.models.pairs import Pair, PairState
from mentorship.models.participants import Participant

NOTICE_DAYS = 3  # working days, art. 351.8 of the Labour Code


def earliest_end(given_on: dt.date) -> dt.date:
    """The earliest last day of work after a notice given on the day, which itself is not counted."""
    return add_working_days(given_on, NOTICE_DAYS, calendar=calendar_from(given_on))


class NoticeQuerySet(PermittedQuerySet["Notice"]):
    def standing(self) -> Self:
        """Notices that nobody has taken back."""
        return self.filter(revoked_on=None)

    def unsettled(self) -> Self:
        """Standing notices after whose last day some pair would still work: an order is needed; as `covers` says."""
        beyond = Pair.objects.filter(
            mentor=OuterRef("participant"),
            state=PairState.ACTIVE,
            starts_on__lte=OuterRef("ends_on"),
            ends_on__gt=OuterRef("ends_on"),
        )
        named = beyond.filter(pk=OuterRef("pair"))
        return self.standing().filter(Q(pair=None) & Exists(beyond) | Exists(named))


class Notice(models.Model):
    """One notice: never edited, only taken back. It ends nothing by itself: a pair ends by an order.

    Without a `pair` it speaks of everything that the person does as a mentor. `ends_on` is the last day of the work.
    """

    class Side(models.TextChoices):
        EMPLOYEE = "employee", "наставник отказывается от работы"
        EMPLOYER = "employer", "организация отменяет поручение"

    class Delivery(models.TextChoices):
        HAND = "hand", "вручено под подпись"
        POST = "post", "отправлено заказным письмом"
        ACT = "act", "зачитано, от подписи отказались: составлен акт"
        PORTAL = "site", "заявлением в портале"

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="notices", verbose_name="наставник")
    pair = models.ForeignKey(
        Pair, models.PROTECT, null=True, blank=True, related_name="notices", verbose_name="пара или группа"
    )
    side = models.CharField("кто уведомил", max_length=8, choices=Side)
    given_on = models.DateField("дата уведомления")
    ends_on = models.DateField("последний день работы")
    delivery = models.CharField("как передано", max_length=4, choices=Delivery)
    reason = models.CharField("причина", max_length=300, blank=True)
    text = models.TextField("текст", blank=True)
    original_place = models.CharField("где хранится подлинник", max_length=200, blank=True)
    scan = models.FileField("скан", storage=PrivateStorage(), upload_to=random_name, blank=True)
    scan_name = models.CharField("имя файла", max_length=200, blank=True)
    revoked_on = models.DateField("отозвано", null=True, blank=True)
    revoke_reason = models.CharField("почему отозвано", max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="записал")
    recorded_at = models.DateTimeField("записано", default=timezone.now)

    objects = NoticeQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "participant__organisation", Reach.OWN: "participant__user"}

    class Meta:
        verbose_name = "уведомление"
        verbose_name_plural = "уведомления"
        ordering = ["-given_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gt=F("given_on")),
                name="notice_before_the_end",
                violation_error_message="Последний день работы должен быть позже уведомления.",
            ),
            models.CheckConstraint(
                condition=Q(revoked_on=None) | Q(revoked_on__gte=F("given_on")),
                name="notice_revoked_after_given",
                violation_error_message="Уведомление не может быть отозвано раньше, чем подано.",
            ),
        ]

    def __str__(self) -> str:
        return f"Уведомление от {self.given_on:%d.%m.%Y}: {self.participant.short_name}"

    @property
    def journal_scope(self) -> int:
        return self.participant.organisation_id

    @property
    def is_refusal(self) -> bool:
        return self.side == self.Side.EMPLOYEE

    @property
    def what(self) -> str:
        """«отказ от работы наставника», «отмена поручения наставнику»."""
        return "отказ от работы наставника" if self.is_refusal else "отмена поручения наставнику"

    @property
    def first_day_without(self) -> dt.date:
        return self.ends_on + dt.timedelta(days=1)

    def covers(self, pair: Pair) -> bool:
        """Whether the pair works beyond the last day that the notice names, so that an order has to end it."""
        meant = pair.mentor_id == self.participant_id and self.pair_id in (None, pair.pk)
        return meant and pair.state == PairState.ACTIVE and pair.starts_on <= self.ends_on < pair.ends_on

    def pairs_to_end(self) -> list[Pair]:
        """The working pairs that an order has to end, with what a line shows of them."""
        return [pair for pair in Pair.objects.filter(mentor=self.participant_id).for_cards() if self.covers(pair)]


def chip_of_notice(notice: Notice, pairs: Iterable[Pair], day: dt.date) -> tuple[str, str]:
    """The state of a notice in words and the kind of its chip; `pairs`: those that it still asks to end."""
    if notice.revoked_on:
        return f"отозвано {notice.revoked_on:%d.%m.%Y}", ""
    if not list(pairs):
        return "исполнено", "ok"
    if notice.ends_on < day:
        return f"нет приказа, срок прошёл {notice.ends_on:%d.%m.%Y}", "late"
    return f"нужен приказ до {notice.ends_on:%d.%m.%Y}", "wait"
