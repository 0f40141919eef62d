"""Cards that may be of one person: who is like whom in an organisation, and pairs that were found to be two people."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.models import Organisation, User
from accounts.permissions import PermittedQuerySet, Reach
from mentorship.models.histories import PastName
from mentorship.models.participants import Participant
from mentorship.sameness import APOSTROPHES, CYRILLIC, HYPHENS, LATIN, Index, Name, likeness

NAME_FIELDS = ("surname", "given_name", "patronymic")
FROM, TO = f"ё{LATIN}{HYPHENS}.{APOSTROPHES}", f"е{CYRILLIC}{' ' * len(HYPHENS)} "


def folded_sql(field: str) -> Func:
    """SQL of a part of a name with its letters in normal form; spaces stay as they are."""
    return Func(Lower(F(field)), Value(FROM), Value(TO), function="translate", output_field=models.TextField())


class NotSameQuerySet(PermittedQuerySet["NotSame"]):
    def about(self, *people: Participant) -> NotSameQuerySet:
        return self.filter(Q(first__in=people) | Q(second__in=people))


class NotSame(models.Model):
    """The curator looked at two cards and found two people: the pair is not offered again. `first` is the lower key."""

    first = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    second = models.ForeignKey(Participant, models.CASCADE, related_name="+")
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name="решил")
    decided_at = models.DateTimeField("когда", default=timezone.now)

    objects = NotSameQuerySet.as_manager()

    REACH = {Reach.ORGANISATION: "first__organisation"}

    class Meta:
        verbose_name = "разные люди"
        verbose_name_plural = "разные люди с похожими именами"
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="not_same_once"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="not_same_in_order"),
        ]

    def __str__(self) -> str:
        return f"{self.first} и {self.second}"

    @property
    def journal_scope(self) -> int:
        return self.first.organisation_id


@dataclass(frozen=True)
class Candidate:
    """A card that may be of the person asked about, with the reason in words."""

    person: Participant
    reason: str


@dataclass(frozen=True)
class Double:
    """The keys of two cards that may be of one person, the lower first, with the reason in words."""

    first: int
    second: int
    reason: str


def names_of(people: QuerySet[Participant]) -> dict[int, Name]:
    """Names of the people by key, earlier ones included; two queries whatever the number."""
    past: dict[int, list[tuple[str, str, str]]] = {}
    earlier = PastName.objects.filter(participant__in=people.order_by())
    for pk, surname, given_name, patronymic in earlier.values_list("participant", *NAME_FIELDS):
        past.setdefault(pk, []).append((surname, given_name, patronymic))
    rows = people.order_by("pk").values_list("pk", *NAME_FIELDS, "birth_year")
    return {
        pk: Name(surname, given_name, patronymic, year, tuple(past.get(pk, ())))
        for pk, surname, given_name, patronymic, year in rows
    }


def candidates_for(
    organisation: Organisation, surname: str, given_name: str, patronymic: str = "", birth_year: int | None = None
) -> list[Candidate]:
    """Cards of the organisation, by name, that may be of the person of this name; at most four queries.

    The database leaves those who could be alike, whether by the name of today or an earlier one; the law of
    `mentorship.sameness` decides.
    """
    wanted = Name(surname, given_name, patronymic, birth_year)
    if not wanted.is_whole:
        return []
    same = {f"plain_{field}": folded_sql(field) for field in NAME_FIELDS}
    earlier = PastName.objects.filter(participant__organisation=organisation.pk).alias(**same).filter(near(wanted))
    own = Participant.objects.filter(organisation=organisation.pk).alias(**same)
    people = own.filter(near(wanted) | Q(pk__in=earlier.order_by().values("participant")))
    reasons = {pk: reason for pk, name in names_of(people).items() if (reason := likeness(wanted, name)) is not None}
    if not reasons:
        return []
    found = Participant.objects.filter(pk__in=reasons).by_name().with_posts()
    return [Candidate(person, reasons[person.pk]) for person in found]


def near(name: Name) -> Q:
    """What every name alike fulfils: a common part of the surname, or the same first letters of the other two."""
    surname, given_name, patronymic = name.plain
    found = Q()
    for part in surname.split():
        found |= Q(plain_surname__contains=part)
    if patronymic:
        found |= Q(plain_patronymic__startswith=patronymic[0])
    return found & Q(plain_given_name__startswith=given_name[0])


def doubles_in(organisation: Organisation) -> list[Double]:
    """Every two cards of the organisation that may be of one person and were not found to be two; three queries."""
    people = Participant.objects.filter(organisation=organisation.pk)
    apart = set(NotSame.objects.filter(first__organisation=organisation.pk).values_list("first", "second"))
    pairs = Index(names_of(people).items()).pairs()
    return [Double(*pair, reason) for pair, reason in pairs.items() if pair not in apart]


def in_groups(doubles: Iterable[Double]) -> list[list[Double]]:
    """The same pairs, those that share a card together, in the order of their first pairs."""
    pairs = list(doubles)
    near: dict[int, list[Double]] = {}
    for double in pairs:
        near.setdefault(double.first, []).append(double)
        near.setdefault(double.second, []).append(double)
    groups, seen = [], set()
    for double in pairs:
        group, waiting = [], [double]
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                group.append(one)
                waiting += near[one.first] + near[one.second]
        groups.append(sorted(group, key=lambda pair: (pair.first, pair.second)))
    return [group for group in groups if group]
