"""What gathers round a programme: its approved versions, marks of agreement, remarks, materials."""

from __future__ import annotations

from django.db import models
from django.utils import timezone

from accounts.models import User
from accounts.permissions import PermittedQuerySet, Reach
from core.storage import PrivateStorage, random_name
from mentorship.models.participants import Participant
from mentorship.models.programmes import Activity, Programme, of_own_programme
from orders.models import Order


class ProgrammeVersion(models.Model):
    """What the programme said when a version was handed over and approved; never changed afterwards.

    `content` is the whole programme in words and dates: {title, goal, …, focuses: […], activities: […]}.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="versions")
    number = models.PositiveSmallIntegerField("редакция")
    content = models.JSONField("содержание", default=dict)
    approved_on = models.DateField("утверждена")
    approved_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    order = models.ForeignKey(Order, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField("почему изменена", max_length=500, blank=True)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "programme__organisation", Reach.OWN: of_own_programme}

    class Meta:
        verbose_name = "редакция программы"
        verbose_name_plural = "редакции программ"
        ordering = ["-number"]
        constraints = [models.UniqueConstraint(fields=["programme", "number"], name="programme_version_once")]

    def __str__(self) -> str:
        return f"{self.programme}, редакция {self.number}"

    @property
    def journal_scope(self) -> int:
        return self.programme.organisation_id


class ProgrammeMark(models.Model):
    """Somebody of the pair agrees with the text handed over; a return wipes the marks of that text.

    Without a participant it is the mark of the methodical union. `on_paper`: recorded from a signed sheet.
    """

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="marks")
    participant = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    agreed_on = models.DateField("согласовано")
    on_paper = models.BooleanField("с подписанного листа", default=False)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+")

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "programme__organisation", Reach.OWN: of_own_programme}

    class Meta:
        verbose_name = "отметка о согласовании программы"
        verbose_name_plural = "отметки о согласовании программ"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "participant"], nulls_distinct=False, name="programme_mark_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.who}: {self.agreed_on:%d.%m.%Y}"

    @property
    def who(self) -> str:
        return self.participant.short_name if self.participant else "методическое объединение"

    @property
    def journal_scope(self) -> int:
        return self.programme.organisation_id


class ProgrammeComment(models.Model):
    """A remark to the programme or to one of its lines."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="comments")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="comments")
    author = models.ForeignKey(User, models.PROTECT, related_name="+")
    text = models.TextField("замечание", max_length=1000)
    written_at = models.DateTimeField("написано", default=timezone.now)
    settled_on = models.DateField("учтено", null=True, blank=True)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "programme__organisation", Reach.OWN: of_own_programme}

    class Meta:
        verbose_name = "замечание к программе"
        verbose_name_plural = "замечания к программам"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def journal_scope(self) -> int:
        return self.programme.organisation_id


class ProgrammeFile(models.Model):
    """A material attached to a programme or to one of its lines."""

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="files")
    activity = models.ForeignKey(Activity, models.CASCADE, null=True, blank=True, related_name="files")
    title = models.CharField("название", max_length=200)
    file = models.FileField("файл", storage=PrivateStorage(), upload_to=random_name)
    file_name = models.CharField("имя файла", max_length=200)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField("добавлен", default=timezone.now)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "programme__organisation", Reach.OWN: of_own_programme}

    class Meta:
        verbose_name = "материал программы"
        verbose_name_plural = "материалы программ"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def journal_scope(self) -> int:
        return self.programme.organisation_id
