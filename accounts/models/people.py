"""People who sign in, their dated roles, and the table of confirmed declensions."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Any, ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Prefetch, Q, Value
from django.db.models.functions import Lower

from accounts.models.organisations import Organisation
from accounts.permissions import DERIVATIONS, DERIVED_ROLES, PermittedQuerySet, Reach, Role, Standing, today


def plain(expression: Any) -> Func:
    """Lower case with Ё as Е: one order and one search whatever the database's own collation."""
    return Func(Lower(expression), Value("ё"), Value("е"), function="translate", output_field=models.TextField())


class UserQuerySet(PermittedQuerySet["User"]):
    def by_name(self) -> UserQuerySet:
        return self.order_by(plain("full_name"), "pk")

    def found(self, text: str) -> UserQuerySet:
        """Search by parts of the name, by login and by e-mail; every word must be found."""
        rows = self
        for word in text.lower().replace("ё", "е").split():
            part = Q(plain_name__contains=word) | Q(username__icontains=word) | Q(email__icontains=word)
            rows = rows.alias(plain_name=plain("full_name")).filter(part)
        return rows

    def of(self, organisations: Any, role: str = "") -> UserQuerySet:
        """People with a role of today in one of the organisations, the given one if any."""
        held = Membership.objects.on(today()).filter(organisation__in=organisations)
        return self.filter(pk__in=(held.filter(role=role) if role else held).values("user"))

    def with_roles(self, organisations: Any) -> UserQuerySet:
        """With the roles of today in the organisations as `current_roles`; one further query."""
        held = Membership.objects.on(today()).filter(organisation__in=organisations).select_related("organisation")
        return self.prefetch_related(Prefetch("memberships", held.order_by("pk"), to_attr="current_roles"))

    def never_came(self, organisations: Any) -> UserQuerySet:
        """Those with a role of today in one of the organisations, or invited there without any role, who may sign in
        but never have."""
        invited = Q(invitations__organisation__in=organisations) & ~Exists(
            Membership.objects.filter(user=OuterRef("pk"))
        )
        held = Membership.objects.on(today()).filter(organisation__in=organisations, user=OuterRef("pk"))
        known = User.objects.filter(Exists(held) | invited).order_by()
        return self.filter(pk__in=known.values("pk"), last_login=None, is_active=True)

    def with_slip(self, state: str, moment: dt.datetime) -> UserQuerySet:
        """Those whose invitation is «open» or «expired», or who are «without» either; any other word leaves all."""
        given = Q(invitations__used_at=None, invitations__cancelled_at=None, invitations__isnull=False)
        conditions = {
            "open": given & Q(invitations__expires_at__gt=moment),
            "expired": given & Q(invitations__expires_at__lte=moment),
            "without": given,
        }
        if state not in conditions:
            return self
        known = Q(pk__in=User.objects.filter(conditions[state]).order_by().values("pk"))
        return self.exclude(known) if state == "without" else self.filter(known)

    def with_invitations(self) -> UserQuerySet:
        """With the invitations, the newest first, as `all_invitations`; one further query."""
        return self.prefetch_related(Prefetch("invitations", to_attr="all_invitations"))

    def by_login(self, login: str) -> UserQuerySet:
        """Whoever signs in with this login or e-mail."""
        return self.filter(Q(username__iexact=login) | Q(email__iexact=login))

    def with_role(self, organisation: Organisation | int, *roles: str) -> UserQuerySet:
        """Active people who hold one of the ticked roles in the organisation today."""
        held = Membership.objects.on(today()).filter(organisation=organisation, role__in=roles)
        return self.filter(pk__in=held.values("user"), is_active=True)


class PeopleManager(UserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    """Django's manager of users with our reads."""

    use_in_migrations = False


def members_of(standing: Standing) -> Q:
    """People of the organisation of the standing."""
    return people_within(standing.day, organisation=standing.organisation_id)


def members_below(standing: Standing) -> Q:
    """People of the organisation of the standing and of those below it."""
    own = people_within(standing.day, organisation=standing.organisation_id)
    return own | people_within(standing.day, organisation__parent=standing.organisation_id)


def people_within(day: dt.date, **place: int) -> Q:
    """People with a live role there, and those without any live role who once had one there or were invited there.

    Without the second half nobody could reach a person whose last role has ended, not even to give a new one, nor
    somebody of a partner who signs in without a role until a pair begins.
    """
    live = Membership.objects.on(day)
    known = Q(pk__in=Membership.objects.filter(**place).values("user"))
    known |= Q(**{f"invitations__{path}": number for path, number in place.items()})
    return Q(pk__in=live.filter(**place).values("user")) | (known & ~Q(pk__in=live.values("user")))


class User(AbstractUser):
    """Somebody who signs in. `is_superuser` gives nothing that the table of permissions does not."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    full_name = models.CharField("фамилия, имя, отчество", max_length=200)
    must_change_password = models.BooleanField(
        "сменить пароль при входе", default=False, help_text="Пароль выдан другим человеком и годится на один вход."
    )
    digested_on = models.DateField("сводка дел написана", null=True, editable=False)

    REQUIRED_FIELDS: ClassVar[list[str]] = ["full_name"]

    objects: ClassVar[Any] = PeopleManager()

    REACH = {
        Reach.OWN: "pk",
        Reach.ORGANISATION: members_of,
        Reach.TERRITORY: members_below,
    }

    class Meta:
        verbose_name = "пользователь"
        verbose_name_plural = "пользователи"
        ordering = ["full_name", "pk"]
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="user_email_once",
                violation_error_message="Этот адрес почты уже указан у другого пользователя.",
            ),
            models.UniqueConstraint(
                Lower("username"),
                name="user_login_once",
                violation_error_message="Такой логин уже есть.",
            ),
            # One signs in by login or by e-mail: a login that looks like somebody else's e-mail would be taken for it.
            models.CheckConstraint(
                condition=~Q(username__contains="@"),
                name="user_login_is_no_email",
                violation_error_message="Логин пишется без знака @: войти по почте можно и так.",
            ),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def journal_scope(self) -> int | None:
        """The organisation whose history tells about the person: of the newest role, else of the newest invitation."""
        places = self.memberships.order_by("-starts_on", "-pk").values_list("organisation", flat=True)
        return places.first() or self.invitations.values_list("organisation", flat=True).first()

    def has_perm(self, perm: str, obj: Any = None) -> bool:
        """Django's own permissions are not used; a superuser has none either."""
        return False

    def has_module_perms(self, app_label: str) -> bool:
        return False

    def get_full_name(self) -> str:
        return self.full_name

    def get_short_name(self) -> str:
        return self.full_name

    def standings_on(self, day: dt.date) -> list[Standing]:
        """Every role the person holds on the day, ticked and derived; one query each."""
        live = Membership.objects.on(day).filter(user=self, organisation__is_active=True).order_by("organisation", "pk")
        found = [
            Standing(role, organisation, self.pk, day)
            for role, organisation in live.values_list("role", "organisation")
        ]
        for function in DERIVATIONS:
            found.extend(function(self, day))
        return found

    @property
    def last_invitation(self) -> Any:
        """The newest invitation, or None; in a list read `with_invitations` it asks nothing."""
        found = getattr(self, "all_invitations", None)
        return next(iter(self.invitations.all() if found is None else found), None)

    @cached_property
    def standings(self) -> list[Standing]:
        """The roles of today; kept for the life of this object, that is of one request."""
        return self.standings_on(today()) if self.is_active else []

    def roles_in(self, organisation: Organisation | int) -> set[str]:
        """The roles of today in one organisation."""
        pk = organisation if isinstance(organisation, int) else organisation.pk
        return {standing.role for standing in self.standings if standing.organisation_id == pk}


class MembershipQuerySet(PermittedQuerySet["Membership"]):
    def on(self, day: dt.date) -> MembershipQuerySet:
        """Roles in force on the day; both ends belong to the period."""
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=day), starts_on__lte=day)


class Membership(models.Model):
    """A role of a person in an organisation from a day to a day (or open)."""

    user = models.ForeignKey(User, models.PROTECT, related_name="memberships", verbose_name="пользователь")
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name="организация"
    )
    role = models.CharField(
        "роль", max_length=20, choices=[choice for choice in Role.choices if choice[0] not in DERIVED_ROLES]
    )
    starts_on = models.DateField("с", default=today)
    ends_on = models.DateField("по", null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    REACH = {Reach.OWN: "user", Reach.ORGANISATION: "organisation", Reach.TERRITORY: "organisation"}

    class Meta:
        verbose_name = "роль"
        verbose_name_plural = "роли"
        ordering = ["organisation", "role", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                name="membership_period",
                violation_error_message="Роль не может закончиться раньше, чем началась.",
            ),
            models.CheckConstraint(
                condition=~Q(role__in=sorted(DERIVED_ROLES)),
                name="membership_role_not_derived",
                violation_error_message="Наставником и наставляемым делает приказ о паре, а не отметка.",
            ),
            models.UniqueConstraint(
                fields=["user", "organisation", "role"],
                condition=Q(ends_on=None),
                name="membership_role_once",
                violation_error_message="Эта роль у человека в организации уже есть.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()}: {self.user}"

    def is_live_on(self, day: dt.date) -> bool:
        return self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)


class DeclensionOverride(models.Model):
    """Five forms of a name or post that a person has confirmed; they win over any grammar."""

    class Kind(models.TextChoices):
        NAME = "name", "Имя"
        POST = "post", "Должность"

    kind = models.CharField("что склоняем", max_length=4, choices=Kind)
    nominative = models.CharField("кто?", max_length=200)
    genitive = models.CharField("кого?", max_length=200)
    dative = models.CharField("кому?", max_length=200)
    accusative = models.CharField("кого?", max_length=200)
    instrumental = models.CharField("кем?", max_length=200)
    prepositional = models.CharField("о ком?", max_length=200)

    class Meta:
        verbose_name = "исключение склонения"
        verbose_name_plural = "исключения склонения"
        ordering = ["kind", "nominative"]
        constraints = [
            models.UniqueConstraint(
                "kind",
                Lower("nominative"),
                name="declension_once",
                violation_error_message="Для этих слов исключение уже есть.",
            ),
        ]

    def __str__(self) -> str:
        return self.nominative
