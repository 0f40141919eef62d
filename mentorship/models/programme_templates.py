"""Templates of programmes by track: what a programme of this kind usually holds, with days counted in weeks."""

from __future__ import annotations

from typing import Self

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from accounts.permissions import PermittedQuerySet, Reach, Standing
from mentorship.models.rules import LONGEST_MONTHS, SHORTEST_MONTHS


class ProgrammeTemplateQuerySet(PermittedQuerySet["ProgrammeTemplate"]):
    def of(self, organisation: Organisation) -> Self:
        """The common templates and the school's own, offered or not."""
        return self.filter(Q(organisation=None) | Q(organisation=organisation))

    def offered(self, organisation: Organisation) -> Self:
        return self.of(organisation).filter(is_active=True)


def common_and_own(standing: Standing) -> Q:
    return Q(organisation=None) | Q(organisation=standing.organisation_id)


class ProgrammeTemplate(models.Model):
    """A template, common (with a `code`) or of one school.

    `content` is {goal, expected, frequency, focuses: [{kind, code, text}], lines: [{section, week, focus, title,
    result}]}: `week` counts from the first day of a programme of `months`, `focus` is a place in `focuses` from 0 or
    None, the code of a focus is that of a difficulty in the dictionaries or empty.
    """

    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+")
    code = models.SlugField("код", max_length=40, blank=True)
    title = models.CharField("название", max_length=150)
    summary = models.CharField("для кого", max_length=300, blank=True)
    months = models.PositiveSmallIntegerField(
        "на сколько месяцев",
        validators=[MinValueValidator(SHORTEST_MONTHS), MaxValueValidator(LONGEST_MONTHS)],
    )
    content = models.JSONField("содержание", default=dict)
    is_active = models.BooleanField("предлагается", default=True)
    position = models.PositiveSmallIntegerField("место", default=100)

    objects = ProgrammeTemplateQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: common_and_own}

    class Meta:
        verbose_name = "шаблон программы"
        verbose_name_plural = "шаблоны программ"
        ordering = ["position", "title", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["title", "organisation"],
                nulls_distinct=False,
                name="programme_template_title_once",
                violation_error_message="Шаблон с таким названием уже есть.",
            ),
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(organisation=None),
                name="programme_template_code_once",
                violation_error_message="Общий шаблон с таким кодом уже есть.",
            ),
            models.CheckConstraint(
                condition=Q(months__range=(SHORTEST_MONTHS, LONGEST_MONTHS)),
                name="programme_template_months",
                violation_error_message="Программа длится от трёх месяцев до года.",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def lines(self) -> list[dict[str, object]]:
        return list(self.content.get("lines", []))

    @property
    def focuses(self) -> list[dict[str, object]]:
        return list(self.content.get("focuses", []))
