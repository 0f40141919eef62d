"""Forms, kinds and directions of mentoring, competences and difficulties: dictionaries that a school may extend."""

from __future__ import annotations

from typing import Self

from django.db import models
from django.db.models import Q

from accounts.models import Organisation
from accounts.permissions import PermittedQuerySet, Reach, Standing


class DictionaryQuerySet(PermittedQuerySet["DictionaryEntry"]):
    def offered(self, organisation: Organisation, dictionary: str) -> Self:
        """Entries a school may choose from: the common ones and its own."""
        mine = Q(organisation=None) | Q(organisation=organisation)
        return self.filter(mine, dictionary=dictionary, is_active=True)


def common_and_below(standing: Standing) -> Q:
    """The common words, and those of the organisation and of all below it."""
    return (
        Q(organisation=None)
        | Q(organisation=standing.organisation_id)
        | Q(organisation__parent=standing.organisation_id)
    )


class DictionaryEntry(models.Model):
    """One word of a dictionary. Common entries have no organisation and a `code` that rules may name."""

    class Dictionary(models.TextChoices):
        FORM = "form", "Форма наставничества"
        KIND = "kind", "Вид наставничества"
        DIRECTION = "direction", "Направление наставничества"
        COMPETENCE = "competence", "Компетенция наставника"
        DIFFICULTY = "difficulty", "Затруднение наставляемого"

    organisation = models.ForeignKey(Organisation, models.CASCADE, null=True, blank=True, related_name="+")
    dictionary = models.CharField("словарь", max_length=10, choices=Dictionary)
    code = models.SlugField("код", max_length=40, blank=True)
    title = models.CharField("название", max_length=150)
    position = models.PositiveSmallIntegerField("место", default=100)
    is_active = models.BooleanField("предлагается", default=True)

    objects = DictionaryQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation", Reach.TERRITORY: common_and_below}

    class Meta:
        verbose_name = "слово словаря"
        verbose_name_plural = "словари"
        ordering = ["dictionary", "position", "title"]
        constraints = [
            models.UniqueConstraint(
                fields=["dictionary", "title", "organisation"],
                nulls_distinct=False,
                name="dictionary_title_once",
                violation_error_message="Такое слово в словаре уже есть.",
            ),
            models.UniqueConstraint(
                fields=["dictionary", "code"],
                condition=Q(organisation=None) & ~Q(code=""),
                name="dictionary_code_once",
                violation_error_message="Общее слово с таким кодом уже есть.",
            ),
        ]

    def __str__(self) -> str:
        return self.title
