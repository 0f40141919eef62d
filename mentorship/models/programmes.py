"""Personalised programmes: what a pair or group does from three months to a year, line by line, in versions."""

from __future__ import annotations

import datetime as dt
from typing import Any, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach, Role, Standing
from core.transitions import Transition
from mentorship.models.dictionaries import DictionaryEntry
from mentorship.models.pairs import Pair, PairMember, PairState, with_people
from mentorship.models.participants import Participant
from mentorship.models.programme_rules import (
    approval_obstacles,
    correction_only,
    delivery_obstacles,
    first_draft_only,
    in_force_only,
)
from orders.models import Order

CHANGE = "mentorship.programme.change"
APPROVE = "mentorship.programme.approve"


class ProgrammeState(models.TextChoices):
    DRAFT = "draft", "черновик"
    REVIEW = "review", "на согласовании"
    APPROVED = "approved", "утверждена"
    COMPLETED = "completed", "завершена"
    SUMMED = "summed", "итоги внесены"
    DROPPED = "dropped", "не состоялась"


OVER = (ProgrammeState.COMPLETED, ProgrammeState.SUMMED, ProgrammeState.DROPPED)
# A term of three months has 89 days between its ends at least, a year 366 at most; the rules say it to the day.
SHORTEST, LONGEST = dt.timedelta(days=88), dt.timedelta(days=366)


class ProgrammeQuerySet(PermittedQuerySet["Programme"]):
    def current(self) -> Self:
        """Programmes that are being prepared or carried out: one of a pair at most."""
        return self.exclude(state__in=OVER)

    def in_force(self) -> Self:
        """Programmes with an approved version that nobody has completed, also while a correction is prepared."""
        return self.current().filter(version__gt=0)

    def found(self, text: str) -> Self:
        """Search by the title and by any part of the names of the pair's people."""
        words = text.strip()
        if not words:
            return self
        named = Pair.objects.filter(with_people(Participant.objects.found(words)))
        return self.filter(Q(title__icontains=words) | Q(pair__in=named))

    def for_cards(self) -> Self:
        """With everything that a row of the list shows."""
        return self.select_related("pair__mentor").prefetch_related("pair__members__mentee", "forms", "directions")

    def locked(self) -> Self:
        """The rows locked in the order of their keys; whoever also locks pairs locks them first."""
        return self.order_by("pk").select_for_update(of=("self",))


def of_own_pair(standing: Standing) -> Q:
    """Rows of the pairs that the person leads (as a mentor) or learns in (as a mentee), on the days when the pair
    works; through `pair`. Whoever leads one pair and learns in another is not the mentor of the second."""
    day = standing.day
    window: dict[str, Any] = {"state": PairState.ACTIVE, "starts_on__lte": day, "ends_on__gte": day}
    led = Pair.objects.filter(pk=OuterRef("pair"), mentor__user=standing.user_id, **window)
    learning = PairMember.objects.filter(pair=OuterRef("pair"), mentee__user=standing.user_id, **window)
    return Q(Exists(led if standing.role == Role.MENTOR else learning))


def of_own_programme(standing: Standing) -> Q:
    """Rows of the programmes of the person's own pairs; through `programme`."""
    own = Programme.objects.filter(of_own_pair(standing), pk=OuterRef("programme"))
    return Q(Exists(own))


class Programme(models.Model):
    """The programme of a pair or group.

    Its lines are edited while it is a draft; `version` counts the approved versions, 0 before the first. A draft with
    a version is a correction: until it is approved, the last `ProgrammeVersion` is what counts.
    """

    class Mode(models.TextChoices):
        ONSITE = "onsite", "очно"
        REMOTE = "remote", "дистанционно"
        MIXED = "mixed", "очно и дистанционно"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="programmes")
    pair = models.ForeignKey(Pair, models.PROTECT, related_name="programmes", verbose_name="пара или группа")
    title = models.CharField("название", max_length=250)
    request = models.CharField("запрос наставляемого", max_length=500, blank=True)
    goal = models.CharField("цель", max_length=500, blank=True)
    tasks = models.TextField("задачи", max_length=2000, blank=True)
    expected = models.TextField("ожидаемые результаты", max_length=2000, blank=True)
    forms = models.ManyToManyField(DictionaryEntry, related_name="+", verbose_name="формы", blank=True)
    kinds = models.ManyToManyField(DictionaryEntry, related_name="+", verbose_name="виды", blank=True)
    directions = models.ManyToManyField(DictionaryEntry, related_name="+", verbose_name="направления", blank=True)
    starts_on = models.DateField("начало")
    ends_on = models.DateField("окончание")
    mode = models.CharField("режим работы", max_length=6, choices=Mode, default=Mode.ONSITE)
    frequency = models.CharField("как часто встречи", max_length=150, blank=True)
    state = models.CharField("состояние", max_length=9, choices=ProgrammeState, default=ProgrammeState.DRAFT)
    version = models.PositiveSmallIntegerField("утверждённых редакций", default=0)
    return_reason = models.CharField("почему возвращена", max_length=500, blank=True)
    approved_on = models.DateField("утверждена", null=True, blank=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+")
    order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="programmes", verbose_name="приказ об утверждении"
    )
    completed_on = models.DateField("завершена", null=True, blank=True)
    results = models.TextField("итоги", max_length=4000, blank=True)
    amend_reason = models.CharField("почему изменяется", max_length=500, blank=True)
    draft_order = models.ForeignKey(
        Order, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="проект приказа"
    )
    submitted_at = models.DateTimeField("передана на согласование", null=True, blank=True)
    is_public = models.BooleanField("показывать в открытом разделе", default=False)
    revision = models.PositiveIntegerField("правок заголовка", default=0)
    created_at = models.DateTimeField("составлена", default=timezone.now)

    objects = ProgrammeQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation", Reach.OWN: of_own_pair}
    TRANSITIONS = {
        "submit": Transition(
            "Передать на согласование",
            frozenset({ProgrammeState.DRAFT}),
            ProgrammeState.REVIEW,
            CHANGE,
            "Программа передана на согласование.",
            delivery_obstacles,
        ),
        "return": Transition(
            "Вернуть на доработку",
            frozenset({ProgrammeState.REVIEW}),
            ProgrammeState.DRAFT,
            "mentorship.programme.review",
            "Программа возвращена на доработку.",
        ),
        "approve": Transition(
            "Утвердить",
            frozenset({ProgrammeState.REVIEW}),
            ProgrammeState.APPROVED,
            APPROVE,
            "Программа утверждена.",
            approval_obstacles,
        ),
        "amend": Transition(
            "Скорректировать",
            frozenset({ProgrammeState.APPROVED}),
            ProgrammeState.DRAFT,
            CHANGE,
            "Начата корректировка программы.",
        ),
        "discard": Transition(
            "Отменить корректировку",
            frozenset({ProgrammeState.DRAFT}),
            ProgrammeState.APPROVED,
            CHANGE,
            "Корректировка отменена: действует прежняя редакция.",
            correction_only,
        ),
        "complete": Transition(
            "Завершить",
            frozenset({ProgrammeState.DRAFT, ProgrammeState.REVIEW, ProgrammeState.APPROVED}),
            ProgrammeState.COMPLETED,
            "mentorship.programme.end",
            "Программа завершена.",
        ),
        "sum_up": Transition(
            "Внести итоги",
            frozenset({ProgrammeState.COMPLETED}),
            ProgrammeState.SUMMED,
            CHANGE,
            "Итоги программы внесены.",
        ),
        "drop": Transition(
            "Отказаться от программы",
            frozenset({ProgrammeState.DRAFT, ProgrammeState.REVIEW}),
            ProgrammeState.DROPPED,
            "mentorship.programme.end",
            "Программа не состоялась.",
            first_draft_only,
        ),
    }

    class Meta:
        verbose_name = "персонализированная программа"
        verbose_name_plural = "персонализированные программы"
        ordering = ["-starts_on", "-pk"]
        indexes = [models.Index(fields=["organisation", "state"], name="programme_list")]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")),
                name="programme_period",
                violation_error_message="Окончание не может быть раньше начала.",
            ),
            models.UniqueConstraint(
                fields=["pair"],
                condition=~Q(state__in=["completed", "summed", "dropped"]),
                name="programme_one_current",
                violation_error_message="У этой пары уже есть программа.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "summed"]) | Q(version__gt=0),
                name="programme_approved_has_version",
                violation_error_message="У утверждённой программы есть редакция.",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["review", "approved"])
                | Q(ends_on__gte=F("starts_on") + SHORTEST, ends_on__lte=F("starts_on") + LONGEST),
                name="programme_three_months_to_a_year",
                violation_error_message="Программа длится от трёх месяцев до года.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def journal_scope(self) -> int:
        return self.organisation_id

    @property
    def is_correction(self) -> bool:
        """An approved version is in force while the next one is being written or agreed."""
        return self.version > 0 and self.state in (ProgrammeState.DRAFT, ProgrammeState.REVIEW)

    @property
    def is_in_force(self) -> bool:
        """Lines of an approved version are being carried out, also while a correction is prepared."""
        return self.version > 0 and self.state not in OVER

    @property
    def last_version(self) -> Any:
        """The `ProgrammeVersion` in force, None before the first."""
        return self.versions.order_by("-number").first()


class Focus(models.Model):
    """A difficulty to overcome or a strength to support: what every activity is aimed at."""

    class Kind(models.TextChoices):
        DIFFICULTY = "difficulty", "затруднение"
        STRENGTH = "strength", "сильная сторона"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="focuses")
    mentee = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    kind = models.CharField("что это", max_length=10, choices=Kind, default=Kind.DIFFICULTY)
    entry = models.ForeignKey(DictionaryEntry, models.PROTECT, null=True, blank=True, related_name="+")
    text = models.CharField("словами", max_length=300)
    overcome_on = models.DateField("преодолено", null=True, blank=True)
    position = models.PositiveSmallIntegerField("место", default=0)
    revision = models.PositiveIntegerField("правок", default=0)

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "programme__organisation", Reach.OWN: of_own_programme}

    class Meta:
        verbose_name = "затруднение или сильная сторона"
        verbose_name_plural = "затруднения и сильные стороны"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.text

    @property
    def journal_scope(self) -> int:
        return self.programme.organisation_id


class ActivityState(models.TextChoices):
    PLANNED = "planned", "запланировано"
    DONE = "done", "выполнено, ждёт проверки"
    CHECKED = "checked", "проверено наставником"
    CANCELLED = "cancelled", "отменено"


class ActivityQuerySet(PermittedQuerySet["Activity"]):
    def open(self) -> Self:
        """Neither checked by the mentor nor cancelled: what a completion in full still waits for."""
        return self.filter(state__in=[ActivityState.PLANNED, ActivityState.DONE])

    def in_force(self) -> Self:
        """Lines of approved versions, in programmes that nobody has completed."""
        return self.filter(approved_due_on__isnull=False).exclude(programme__state__in=OVER)

    def overdue(self, day: dt.date) -> Self:
        """Past its day and not done; a delay with an accepted reason moves the day."""
        late = self.in_force().filter(state=ActivityState.PLANNED, approved_due_on__lt=day)
        return late.exclude(delayed_until__gte=day)


class Activity(models.Model):
    """One line of a programme: a project or a task, by a day within the term, aimed at a difficulty or strength.

    Without a `mentee` it concerns the whole group. `delayed_until` is a later day that the mentor has accepted.
    `approved_due_on` is the day of the version in force, empty while no approved version has the line: `due_on` may
    already say what a correction proposes. `is_dropped`: the correction takes the line out.
    """

    class Section(models.IntegerChoices):
        ANALYSIS = 1, "Анализ трудностей и способы их преодоления"
        ENTRY = 2, "Вхождение в должность"
        GROWTH = 3, "Направления профессионального развития"

    programme = models.ForeignKey(Programme, models.CASCADE, related_name="activities")
    section = models.PositiveSmallIntegerField("раздел", choices=Section, default=Section.GROWTH)
    mentee = models.ForeignKey(Participant, models.PROTECT, null=True, blank=True, related_name="+")
    focus = models.ForeignKey(Focus, models.PROTECT, null=True, blank=True, related_name="activities")
    title = models.CharField("проект, задание", max_length=400)
    due_on = models.DateField("срок")
    planned_result = models.CharField("планируемый результат", max_length=500, blank=True)
    actual_result = models.CharField("фактический результат", max_length=1000, blank=True)
    mark = models.CharField("оценка наставника", max_length=300, blank=True)
    state = models.CharField("состояние", max_length=9, choices=ActivityState, default=ActivityState.PLANNED)
    done_on = models.DateField("выполнено", null=True, blank=True)
    checked_on = models.DateField("проверено", null=True, blank=True)
    return_reason = models.CharField("почему возвращено", max_length=300, blank=True)
    delay_reason = models.CharField("причина переноса", max_length=300, blank=True)
    delay_until_asked = models.DateField("просят перенести на", null=True, blank=True)
    delayed_until = models.DateField("перенесено на", null=True, blank=True)
    approved_due_on = models.DateField("срок в действующей редакции", null=True, blank=True)
    is_dropped = models.BooleanField("исключается корректировкой", default=False)
    position = models.PositiveSmallIntegerField("место", default=0)
    revision = models.PositiveIntegerField("правок", default=0)

    objects = ActivityQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "programme__organisation", Reach.OWN: of_own_programme}
    TRANSITIONS = {
        "do": Transition(
            "Выполнено",
            frozenset({ActivityState.PLANNED}),
            ActivityState.DONE,
            "mentorship.activity.do",
            "Мероприятие выполнено.",
            in_force_only,
        ),
        "check": Transition(
            "Проверено",
            frozenset({ActivityState.DONE, ActivityState.PLANNED}),
            ActivityState.CHECKED,
            "mentorship.activity.check",
            "Мероприятие проверено наставником.",
            in_force_only,
        ),
        "give_back": Transition(
            "Вернуть",
            frozenset({ActivityState.DONE}),
            ActivityState.PLANNED,
            "mentorship.activity.check",
            "Мероприятие возвращено наставляемому.",
            in_force_only,
        ),
        "cancel": Transition(
            "Отменить",
            frozenset({ActivityState.PLANNED, ActivityState.DONE}),
            ActivityState.CANCELLED,
            CHANGE,
            "Мероприятие отменено.",
        ),
    }

    class Meta:
        verbose_name = "мероприятие программы"
        verbose_name_plural = "мероприятия программ"
        ordering = ["section", "position", "pk"]

    def __str__(self) -> str:
        return self.title

    @property
    def journal_scope(self) -> int:
        return self.programme.organisation_id

    @property
    def due(self) -> dt.date:
        """The day that counts today: an accepted delay, else the version in force, else the draft."""
        return self.delayed_until or self.approved_due_on or self.due_on

    @property
    def is_in_force(self) -> bool:
        return self.approved_due_on is not None

    def is_overdue_on(self, day: dt.date) -> bool:
        return self.is_in_force and self.state == ActivityState.PLANNED and self.due < day
