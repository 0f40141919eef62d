"""Finding pairs: a school's rules, private wishes of people, and runs with what they have proposed."""

from __future__ import annotations

import datetime as dt
from typing import Self

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach
from core.transitions import Transition
from mentorship.models.bank_rules import BankRole
from mentorship.models.dictionaries import DictionaryEntry
from mentorship.models.participants import Participant

RUN = "mentorship.matching.run"
MOST_WISHES = 3
# A run that has told nothing for so long died with its worker.
SILENCE = dt.timedelta(minutes=5)


def weight(label: str, default: int, help_text: str = "") -> models.PositiveSmallIntegerField:
    """How much a term counts, from 0 (not at all) to 10."""
    return models.PositiveSmallIntegerField(
        label, default=default, validators=[MaxValueValidator(10)], help_text=help_text
    )


class MatchingRules(models.Model):
    """How an organisation finds pairs; one row an organisation, without one the defaults."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="matching_rules")
    needs = weight("наставник силён в том, что трудно", 4, "Компетенции наставника против затруднений наставляемого.")
    subject = weight("совпадает предмет", 3)
    mentee_wish = weight("пожелание наставляемого", 3)
    mentor_wish = weight("пожелание наставника", 2)
    experience = weight("разница в стаже", 1)
    time = weight("удобные дни", 1, "Дни недели из «Ресурса времени» обеих карточек.")
    place = weight("одна кафедра или объединение", 1)
    bars_superiors = models.BooleanField(
        "не предлагать непосредственного руководителя",
        default=True,
        help_text="Руководителей организации и заведующего своей кафедрой.",
    )

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}
    TERMS = ("needs", "subject", "mentee_wish", "mentor_wish", "experience", "time", "place")

    class Meta:
        verbose_name = "правила подбора пар"
        verbose_name_plural = "правила подбора пар"
        constraints = [
            models.CheckConstraint(
                condition=Q(needs__gt=0) | Q(subject__gt=0),
                name="matching_rules_have_substance",
                violation_error_message="Оставьте вес больше нуля хотя бы у затруднений или у предмета.",
            )
        ]

    def __str__(self) -> str:
        return f"Подбор пар: {self.organisation}"


def matching_rules_of(organisation: Organisation) -> MatchingRules:
    """The organisation's own rules, or the defaults in a row that is not saved."""
    return MatchingRules.objects.filter(organisation=organisation).first() or MatchingRules(organisation=organisation)


class Wish(models.Model):
    """A person would like to work with another one, or rather not. Nobody sees it but the author and the curator.

    `side`: what the other person would be. `rank`: 1 is the most wanted, None stands for «rather not».
    """

    author = models.ForeignKey(Participant, models.CASCADE, related_name="matching_wishes", verbose_name="чьё")
    about = models.ForeignKey(Participant, models.CASCADE, related_name="+", verbose_name="о ком")
    side = models.CharField("в роли", max_length=6, choices=BankRole)
    rank = models.PositiveSmallIntegerField("место", null=True, blank=True)
    made_at = models.DateTimeField("записано", default=timezone.now)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "author__organisation", Reach.OWN: "author__user"}

    class Meta:
        verbose_name = "пожелание к напарнику"
        verbose_name_plural = "пожелания к напарникам"
        ordering = ["author", "side", F("rank").asc(nulls_last=True), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["author", "about", "side"],
                name="wish_about_somebody_once",
                violation_error_message="Об этом человеке пожелание уже есть.",
            ),
            models.UniqueConstraint(
                fields=["author", "side", "rank"],
                name="wish_rank_once",
                violation_error_message="На этом месте уже стоит другой человек.",
            ),
            models.CheckConstraint(
                condition=Q(rank=None) | Q(rank__gte=1, rank__lte=MOST_WISHES),
                name="wish_rank",
                violation_error_message="Место — от первого до третьего.",
            ),
            models.CheckConstraint(
                condition=~Q(author=F("about")),
                name="wish_about_somebody_else",
                violation_error_message="Себя выбрать нельзя.",
            ),
        ]

    def __str__(self) -> str:
        return f"Пожелание: {self.author}"

    @property
    def journal_scope(self) -> int:
        return self.author.organisation_id


class RunState(models.TextChoices):
    QUEUED = "queued", "ждёт очереди"
    RUNNING = "running", "идёт"
    DONE = "done", "готов"
    FAILED = "failed", "не удался"


class RunQuerySet(PermittedQuerySet["MatchingRun"]):
    def done(self) -> Self:
        return self.filter(state=RunState.DONE)


class MatchingRun(models.Model):
    """One search for pairs and its answer.

    `fixed`: pairs that the curator has decided, [mentee, mentor] by keys of participants. `summary`: mentees and
    mentors that took part (counts), and `print`, the mark of everything that was weighed. `result`: proposals
    {mentee, mentor, points, share, sentence, fixed}, mentees and mentors left over {key, sentence, people}. Names
    are not kept: whoever has left the portal is not named by an old answer.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="matching_runs")
    direction = models.ForeignKey(DictionaryEntry, models.PROTECT, related_name="+", verbose_name="направление")
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="кто искал")
    asked_at = models.DateTimeField("когда", default=timezone.now)
    state = models.CharField("состояние", max_length=8, choices=RunState, default=RunState.QUEUED)
    percent = models.PositiveSmallIntegerField("готово, %", default=0)
    told_at = models.DateTimeField("последняя весть", null=True, blank=True)
    fixed = models.JSONField("закреплено", default=list)
    summary = models.JSONField("кто участвовал", default=dict)
    result = models.JSONField("предложено", default=dict)
    failure = models.CharField("почему не удался", max_length=300, blank=True)

    objects = RunQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}
    TRANSITIONS = {
        "start": Transition("Начать подбор", frozenset({RunState.QUEUED}), RunState.RUNNING, RUN, "Подбор пар начат."),
        "finish": Transition(
            "Показать предложения", frozenset({RunState.RUNNING}), RunState.DONE, RUN, "Подбор пар готов."
        ),
        "fail": Transition(
            "Прервать подбор",
            frozenset({RunState.QUEUED, RunState.RUNNING}),
            RunState.FAILED,
            RUN,
            "Подбор пар не удался.",
        ),
    }

    class Meta:
        verbose_name = "подбор пар"
        verbose_name_plural = "подборы пар"
        ordering = ["-asked_at", "-pk"]
        indexes = [models.Index(F("organisation"), F("asked_at").desc(), name="matching_run_newest")]

    def __str__(self) -> str:
        return f"Подбор пар от {timezone.localtime(self.asked_at):%d.%m.%Y}"

    @property
    def is_busy(self) -> bool:
        return self.state in (RunState.QUEUED, RunState.RUNNING)

    def is_stuck_at(self, moment: dt.datetime) -> bool:
        """Begun, but nothing has been heard of it for long: its worker is gone."""
        return self.state == RunState.RUNNING and (self.told_at or self.asked_at) < moment - SILENCE
