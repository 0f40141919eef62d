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

    def of(self, organisation: Organisation | None) -> Self:
        """The common words, and with an organisation also its own, offered or not."""
        return self.filter(Q(organisation=None) | Q(organisation=organisation))


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

    @property
    def is_used(self) -> bool:
        """Whether any pair, card or other row chose the word, whatever the table."""
        relations = self._meta.get_fields(include_hidden=True)
        return any(
            one.related_model._base_manager.filter(**{one.field.name: self}).exists()  # type: ignore[union-attr]
            for one in relations
            if one.auto_created and not one.concrete
        )

    def deletion_faults(self) -> list[str]:
        """Why the word cannot be deleted."""
        if self.organisation_id is None:
            return ["Это общее слово: его можно не предлагать, но нельзя удалить."]
        if self.is_used:
            return [f"Слово «{self}» уже выбрано в карточках или парах: снимите отметку «предлагается»."]
        return []
