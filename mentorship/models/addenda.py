"""Addenda to employment contracts: on what paper a mentor's work rests (art. 351.8 of the Labour Code)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach
from core.storage import PrivateStorage, random_name
from mentorship.models.consents import Consent, ConsentKind
from mentorship.models.pairs import Pair
from mentorship.models.participants import Category, Participant

# Only with these does the organisation have an employment contract to add to.
EMPLOYEES = (Category.TEACHER, Category.HEAD)
NOT_EMPLOYED = "не работник организации, соглашение не нужно"
MISSING = "соглашение не записано"
WARNING = (
    "{name}: дополнительное соглашение к трудовому договору не записано. Подпишите его до начала работы или запишите "
    "в согласии, что наставничество входит в трудовую функцию."
)


class LabourRules(models.Model):
    """How strictly an organisation keeps to art. 351.8; one row an organisation, without one the defaults."""

    organisation = models.OneToOneField(Organisation, models.CASCADE, related_name="labour_rules")
    addendum_required = models.BooleanField(
        "не утверждать пары, пока дополнительное соглашение с наставником не записано",
        default=False,
        help_text="Без отметки портал только предупреждает. Соглашение не нужно тем, у кого наставничество входит в "
        "трудовую функцию, и тем, кто в организации не работает.",
    )

    objects = PermittedQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "organisation"}

    class Meta:
        verbose_name = "правила о соглашениях с наставниками"
        verbose_name_plural = "правила о соглашениях с наставниками"

    def __str__(self) -> str:
        return f"Соглашения с наставниками: {self.organisation}"


def labour_rules_of(organisation: Organisation) -> LabourRules:
    """The organisation's own rules, or the defaults in a row that is not saved."""
    return LabourRules.objects.filter(organisation=organisation).first() or LabourRules(organisation=organisation)


class AddendumQuerySet(PermittedQuerySet["Addendum"]):
    def live(self, day: dt.date) -> Self:
        """Signed, not run out and not ended by the day; the last day still counts."""
        not_over = Q(valid_until=None) | Q(valid_until__gte=day)
        not_ended = Q(ended_on=None) | Q(ended_on__gte=day)
        return self.filter(not_over & not_ended, signed_on__lte=day)


class Addendum(models.Model):
    """A signed addendum: never edited, only ended.

    `terms` has the keys content, term, form, pay (texts). `signed_text` is the paper as it was signed, in the markup
    of documents. `month_hours` is the norm that the timesheet sets the held meetings against.
    """

    participant = models.ForeignKey(Participant, models.PROTECT, related_name="addenda", verbose_name="участник")
    number = models.CharField("номер", max_length=30)
    signed_on = models.DateField("дата")
    contract = models.CharField("трудовой договор", max_length=120, blank=True)
    terms = models.JSONField("условия", default=dict)
    month_hours = models.PositiveSmallIntegerField("часов в месяц", null=True, blank=True)
    valid_until = models.DateField("действует по", null=True, blank=True)
    signed_text = models.TextField("текст", blank=True)
    original_place = models.CharField("где хранится подлинник", max_length=200, blank=True)
    scan = models.FileField("скан", storage=PrivateStorage(), upload_to=random_name, blank=True)
    scan_name = models.CharField("имя файла", max_length=200, blank=True)
    ended_on = models.DateField("последний день", null=True, blank=True)
    end_reason = models.CharField("почему прекращено", max_length=300, blank=True)
    recorded_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="записал")
    recorded_at = models.DateTimeField("записано", default=timezone.now)

    objects = AddendumQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "participant__organisation", Reach.OWN: "participant__user"}

    class Meta:
        verbose_name = "дополнительное соглашение"
        verbose_name_plural = "дополнительные соглашения"
        ordering = ["-signed_on", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("signed_on")),
                name="addendum_period",
                violation_error_message="Соглашение не может закончиться раньше, чем подписано.",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("signed_on")),
                name="addendum_ended_after_signature",
                violation_error_message="Соглашение не может быть прекращено раньше, чем подписано.",
            ),
        ]

    def __str__(self) -> str:
        return f"Дополнительное соглашение № {self.number} от {self.signed_on:%d.%m.%Y}"

    @property
    def journal_scope(self) -> int:
        return self.participant.organisation_id

    @property
    def last_day(self) -> dt.date | None:
        """The last day on which it counts, None where it has no end."""
        return min((day for day in (self.valid_until, self.ended_on) if day), default=None)

    def state_on(self, day: dt.date) -> tuple[str, str]:
        """The state in words and the kind of its chip."""
        if self.ended_on and self.ended_on < day:
            return f"прекращено {self.ended_on:%d.%m.%Y}", ""
        if self.valid_until and self.valid_until < day:
            return f"истекло {self.valid_until:%d.%m.%Y}", "late"
        return ("действует", "ok") if self.last_day is None else (f"действует до {self.last_day:%d.%m.%Y}", "ok")


@dataclass(frozen=True)
class Basis:
    """On what a person's work as a mentor rests; `words` say it, `addendum` is the paper where there is one."""

    met: bool
    words: str
    addendum: Addendum | None = None
    in_duties: bool = False


def bases_of(people: Iterable[Participant], day: dt.date) -> dict[int, Basis]:
    """What the work of each as a mentor rests on by the day: pk → basis; two queries."""
    known = {person.pk: person for person in people}
    addenda: dict[int, Addendum] = {}
    for addendum in Addendum.objects.live(day).filter(participant__in=known):
        addenda.setdefault(addendum.participant_id, addendum)
    consents = Consent.objects.live(day).filter(participant__in=known, kind=ConsentKind.MENTOR, terms__in_duties=True)
    documents = {consent.participant_id: consent.terms.get("document", "") for consent in consents}
    return {pk: basis_of(person, addenda.get(pk), documents.get(pk)) for pk, person in known.items()}


def basis_of(person: Participant, addendum: Addendum | None, document: str | None) -> Basis:
    if document is not None:
        return Basis(True, f"входит в трудовую функцию: {document}", in_duties=True)
    if addendum is not None:
        return Basis(True, f"соглашение № {addendum.number} от {addendum.signed_on:%d.%m.%Y}", addendum)
    if person.category not in EMPLOYEES:
        return Basis(True, NOT_EMPLOYED)
    return Basis(False, MISSING)


def addendum_warnings(pairs: Iterable[Pair], day: dt.date) -> list[str]:
    """A sentence for each mentor of the pairs whose work has no paper by the day, each once, in the order of pairs."""
    mentors = {pair.mentor_id: pair.mentor for pair in pairs}
    bases = bases_of(mentors.values(), day)
    return [WARNING.format(name=mentor.short_name) for pk, mentor in mentors.items() if not bases[pk].met]


def addendum_obstacles(organisation: Organisation, pairs: Iterable[Pair], day: dt.date) -> list[str]:
    """The same sentences where the organisation lets no pair start without the paper, otherwise none."""
    return addendum_warnings(pairs, day) if labour_rules_of(organisation).addendum_required else []
