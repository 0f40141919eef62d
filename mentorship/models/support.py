"""Records of a psychologist's support: read by whoever wrote them and by the people named on each, nobody else."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Exists, OuterRef, Q

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach, Standing, today
from mentorship.models.participants import Participant


class SupportKind(models.TextChoices):
    TALK = "talk", "беседа"
    CONSULTATION = "consult", "консультация"
    TRAINING = "training", "занятие, тренинг"
    ADVICE = "advice", "рекомендации"


class SupportQuerySet(PermittedQuerySet["SupportRecord"]):
    def of(self, person: Participant) -> Self:
        return self.filter(participant=person).select_related("author")


def written_or_named(standing: Standing) -> Q:
    """Records that the person has written or is named on, within the organisation of the role."""
    named = SupportRecord.readers.through.objects.filter(supportrecord=OuterRef("pk"), user=standing.user_id)
    own = Q(author=standing.user_id) | Q(Exists(named))
    return Q(organisation=standing.organisation_id) & own


class SupportRecord(models.Model):
    """One record; never edited. `consent_on` is the day on which the person (for a minor, the representative) agreed
    to work with the psychologist; without it there is nothing to write down."""

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+")
    participant = models.ForeignKey(Participant, models.PROTECT, related_name="+", verbose_name="с кем")
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="психолог")
    day = models.DateField("день", default=today)
    kind = models.CharField("вид работы", max_length=8, choices=SupportKind, default=SupportKind.TALK)
    text = models.TextField("запись", max_length=4000)
    consent_on = models.DateField("согласие на работу с психологом")
    readers = models.ManyToManyField(User, related_name="+", verbose_name="кто ещё прочитает", blank=True)

    objects = SupportQuerySet.as_manager()

    REACH = {Reach.OWN: written_or_named}

    class Meta:
        verbose_name = "запись о поддержке"
        verbose_name_plural = "записи о поддержке"
        ordering = ["-day", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(consent_on__lte=models.F("day")),
                name="support_after_consent",
                violation_error_message="Согласие не может быть позже самой работы.",
            )
        ]

    def __str__(self) -> str:
        """What the history says of it: not about whom."""
        return "Запись психолога"

    @property
    def journal_scope(self) -> int:
        return self.organisation_id
