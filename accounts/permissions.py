"""Who may do what: one table of rows, and everything that is derived from it.

A row says how far each role reaches for an action; a model says once, in `REACH`, how a reach reads on its rows.
From the two follow the permitted rows, the check of one object, the buttons, the views, the admin and the docs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import wraps
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from django.conf import settings
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone


class Role(models.TextChoices):
    """Roles of a membership. «Наставник» and «наставляемый» are derived from open pairs, never ticked."""

    DIRECTOR = "director", "Директор"
    CURATOR = "curator", "Куратор"
    SITE_EDITOR = "site_editor", "Редактор сайта"
    METHODICAL_UNION = "methodical_union", "Методическое объединение"
    DEPARTMENT_HEAD = "department_head", "Заведующий кафедрой"
    CLASS_TEACHER = "class_teacher", "Классный руководитель"
    PSYCHOLOGIST = "psychologist", "Педагог-психолог"
    ACCOUNTANT = "accountant", "Бухгалтер"
    INSPECTOR = "inspector", "Проверяющий"
    TEACHER = "teacher", "Педагог"
    MUNICIPAL = "municipal", "Муниципальный координатор"
    ADMINISTRATOR = "administrator", "Администратор"
    MENTOR = "mentor", "Наставник"
    MENTEE = "mentee", "Наставляемый"


DERIVED_ROLES = frozenset({Role.MENTOR, Role.MENTEE})


class Reach(Enum):
    """How far a role reaches: its own rows, also those of the people it leads (a mentor's mentees, a class teacher's
    pupils), its organisation, the organisation with all below it."""

    OWN = "свои"
    LED = "свои и тех, кого ведёт"
    ORGANISATION = "своя организация"
    TERRITORY = "все организации муниципалитета"


@dataclass(frozen=True)
class Standing:
    """Somebody's role in an organisation on a day: a membership row or a derived role."""

    role: str
    organisation_id: int
    user_id: int
    day: dt.date


@dataclass(frozen=True)
class Grant:
    """One row of the table: the action in words and the reach of each role."""

    label: str
    reach: dict[str, Reach]

    @property
    def holders(self) -> str:
        """Who may, as a sentence shows it: «директор, куратор»."""
        return ", ".join(Role(role).label.lower() for role in self.reach)


GRANTS: dict[str, Grant] = {}
DERIVATIONS: list[Callable[[Any, dt.date], Iterable[Standing]]] = []


class Forbidden(PermissionDenied):
    """Own organisation, wrong role: the sentence names who may."""

    def __init__(self, action: str) -> None:
        self.action = action
        row = GRANTS[action]
        super().__init__(f"{row.label}: доступно ролям — {row.holders}.")


def grant(action: str, label: str, **reach: Reach) -> None:
    """Add a row. `action` is «app.object.verb», `label` the action in Russian, keywords are role names."""
    if action in GRANTS:
        raise ImproperlyConfigured(f"{action} is declared twice")
    if unknown := set(reach) - set(Role.values):
        raise ImproperlyConfigured(f"{action}: unknown roles {unknown}")
    GRANTS[action] = Grant(label, reach)


def derive(function: Callable[[Any, dt.date], Iterable[Standing]]) -> None:
    """Register a function (user, day) → standings for the roles that follow from the data."""
    if function not in DERIVATIONS:
        DERIVATIONS.append(function)


def row_of(action: str) -> Grant:
    """The row of an action; an unknown action is a mistake in the code, not a refusal."""
    try:
        return GRANTS[action]
    except KeyError:
        raise ImproperlyConfigured(f"Unknown action {action}") from None


def reach_q(model: type[models.Model], reach: Reach, standing: Standing) -> Q:
    """What a reach means on the rows of a model for one standing."""
    paths: dict[Reach, Any] = model.REACH  # type: ignore[attr-defined]
    if reach not in paths:
        raise ImproperlyConfigured(f"{model.__name__} has no reach {reach.name}")
    path = paths[reach]
    if callable(path):
        return path(standing)
    if reach is Reach.TERRITORY:
        inner = "parent" if path == "pk" else f"{path}__parent"
        return Q(**{path: standing.organisation_id}) | Q(**{inner: standing.organisation_id})
    return Q(**{path: standing.user_id if reach is Reach.OWN else standing.organisation_id})


def standings_of(user: Any) -> list[Standing]:
    return user.standings if getattr(user, "is_authenticated", False) else []


M = TypeVar("M", bound=models.Model)


class PermittedQuerySet(models.QuerySet[M]):
    """Rows on which somebody may do something; by default nothing."""

    def permitted(self, user: Any, action: str) -> Self:
        """Rows on which `user` may do `action` today.

        Built with EXISTS on the row's own key, so that the result can still be locked, updated and deleted; where the
        row's own columns decide, no more than they are asked.
        """
        allowed = permitted_q(self.model, user, action)
        if allowed is None:
            return self.none()
        if own_columns(self.model, allowed):
            return self.filter(allowed)
        inner = self.model._base_manager.filter(allowed, pk=OuterRef("pk"))
        return self.filter(Exists(inner))

    def flag(self, user: Any, *actions: str) -> Self:
        """Annotate each row with `may_<verb>` for the given actions, so that lists ask nothing per button."""
        flags: dict[str, Any] = {}
        for action in actions:
            allowed = permitted_q(self.model, user, action) or Q(pk__in=[])
            inner = self.model._base_manager.filter(allowed, pk=OuterRef("pk"))
            flags[f"may_{action.rsplit('.', 1)[-1]}"] = Exists(inner)
        return self.annotate(**flags)


def own_columns(model: type[models.Model], condition: Q) -> bool:
    """Whether a condition compares columns of the row itself, so that nothing is joined to it."""
    columns = {"pk", *(field.name for field in model._meta.concrete_fields)}
    return all(
        own_columns(model, child) if isinstance(child, Q) else isinstance(child, tuple) and child[0] in columns
        for child in condition.children
    )


def permitted_q(model: type[models.Model], user: Any, action: str) -> Q | None:
    """The condition of `permitted`, or None where no standing of the user holds the action."""
    row = row_of(action)
    allowed: Q | None = None
    for standing in standings_of(user):
        if reach := row.reach.get(standing.role):
            one = reach_q(model, reach, standing)
            allowed = one if allowed is None else allowed | one
    return allowed


def holds(user: Any, action: str) -> bool:
    """Whether any standing of the user holds the action at all."""
    row = row_of(action)
    return any(standing.role in row.reach for standing in standings_of(user))


def may(user: Any, action: str, obj: models.Model) -> bool:
    """Whether the user may do the action on this row: it is in the permitted rows, nothing else."""
    # Not type(obj): the organisation of a request is a lazy object, which hides its class from type().
    rows = obj._meta.model._default_manager.filter(pk=obj.pk)
    return rows.permitted(user, action).exists()  # type: ignore[attr-defined]


def permit(actor: Any, action: str, obj: models.Model) -> None:
    """Refuse unless the actor may; every service calls it before it changes anything."""
    if not may(actor, action, obj):
        raise Forbidden(action)


def of_own_organisation(user: Any, obj: models.Model) -> bool:
    """Whether the row belongs to an organisation where the user has any standing."""
    model = obj._meta.model
    return Reach.ORGANISATION in model.REACH and any(  # type: ignore[attr-defined]
        model._base_manager.filter(reach_q(model, Reach.ORGANISATION, standing), pk=obj.pk).exists()
        for standing in {one.organisation_id: one for one in standings_of(user)}.values()
    )


def permitted_or_refuse(user: Any, model: type[M], action: str, *, related: Iterable[str] = (), **key: Any) -> M:
    """The one permitted row; absent or another organisation's: Http404; own organisation, wrong role: Forbidden."""
    rows = model._default_manager.select_related(*related) if related else model._default_manager.all()
    found = rows.permitted(user, action).filter(**key).first()  # type: ignore[attr-defined]
    if found is not None:
        return found
    exists = model._base_manager.filter(**key).first()
    if exists is not None and of_own_organisation(user, exists):
        raise Forbidden(action)
    raise Http404


def way_in(request: HttpRequest, back: str = "") -> HttpResponse | None:
    """Where somebody has to go first: the signed out to the sign-in page, which leads back here (or to `back`);
    whoever came with a password issued by another person to the page that changes it. None for everybody else.
    """
    if not request.user.is_authenticated:
        query = urlencode({"next": back or request.get_full_path()}, safe="/")
        return HttpResponseRedirect(f"{settings.LOGIN_URL}?{query}")
    change = reverse("password_change")
    if request.user.must_change_password and request.path != change:
        return HttpResponseRedirect(change)
    return None


View = Callable[..., HttpResponseBase]


def requires(
    action: str, model: type[models.Model] | None = None, *, related: Iterable[str] = ()
) -> Callable[[View], View]:
    """Declare the action of a view. With a model, the view gets the permitted row instead of the `pk` of its URL.

    Signed out: sign-in with return. Without a model: Forbidden unless some role of the user holds the action.
    """
    row_of(action)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if (elsewhere := way_in(request)) is not None:
                return elsewhere
            if model is not None:
                obj = permitted_or_refuse(request.user, model, action, related=related, pk=kwargs.pop("pk"))
                return view(request, obj, *args, **kwargs)
            if not holds(request.user, action):
                raise Forbidden(action)
            return view(request, *args, **kwargs)

        guarded.action = action  # type: ignore[attr-defined]
        guarded.model = model  # type: ignore[attr-defined]
        return guarded

    return decorate


def signed_in(action: str) -> Callable[[View], View]:
    """A view for every signed-in person about themselves. It declares the action that all roles hold, but lets in
    somebody without any role too: such a person has a password, letters, and a home page that says whom to ask.
    """
    row_of(action)

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            elsewhere = way_in(request)
            return view(request, *args, **kwargs) if elsewhere is None else elsewhere

        guarded.action = action  # type: ignore[attr-defined]
        return guarded

    return decorate


def public(view: View) -> View:
    """Mark a view that needs no action; the short list of them is checked by a test."""
    view.action = None  # type: ignore[attr-defined]
    return view


def today() -> dt.date:
    """The day by the clock of the portal; one place, so that tests can travel."""
    return timezone.localdate()


ORGANISATION, OWN, TERRITORY = Reach.ORGANISATION, Reach.OWN, Reach.TERRITORY

grant(
    "accounts.cabinet.open",
    "Вход в кабинет",
    **{role: ORGANISATION for role in Role.values},
)
grant("accounts.admin.open", "Вход в администрирование", administrator=TERRITORY)
grant(
    "accounts.organisation.view",
    "Просмотр сведений об организации",
    **{role: ORGANISATION for role in Role.values if role not in (Role.MUNICIPAL, Role.ADMINISTRATOR)},
    municipal=TERRITORY,
    administrator=TERRITORY,
)
grant("accounts.organisation.change", "Изменение реквизитов организации", curator=ORGANISATION, administrator=TERRITORY)
grant("accounts.organisation.add", "Добавление организации", administrator=TERRITORY)
grant("accounts.user.view", "Просмотр пользователей", curator=ORGANISATION, administrator=TERRITORY)
grant("accounts.user.change", "Изменение пользователей", curator=ORGANISATION, administrator=TERRITORY)
grant("accounts.user.add", "Добавление пользователей", curator=ORGANISATION, administrator=TERRITORY)
grant("accounts.user.password", "Выдача одноразового пароля", curator=ORGANISATION, administrator=TERRITORY)
grant("accounts.invitation.issue", "Приглашение к первому входу", curator=ORGANISATION, administrator=TERRITORY)
grant("accounts.membership.change", "Назначение ролей", administrator=TERRITORY)
grant(
    "accounts.body.view",
    "Просмотр органов и объединений",
    curator=ORGANISATION,
    director=ORGANISATION,
    inspector=ORGANISATION,
    administrator=TERRITORY,
)
grant("accounts.body.change", "Изменение органов и объединений", curator=ORGANISATION, administrator=TERRITORY)
grant(
    "accounts.partner.view",
    "Просмотр партнёров и соглашений",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
)
grant("accounts.partner.change", "Ведение партнёров и соглашений", curator=ORGANISATION)
grant("accounts.calendar.change", "Изменение календаря", curator=ORGANISATION, administrator=TERRITORY)
grant("accounts.reference.change", "Изменение общих справочников", administrator=TERRITORY)
grant(
    "accounts.journal.view",
    "Просмотр журнала",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    administrator=TERRITORY,
)
grant(
    "accounts.list.export",
    "Выгрузка списков",
    director=ORGANISATION,
    curator=ORGANISATION,
    inspector=ORGANISATION,
    administrator=TERRITORY,
)
grant("accounts.letter.view", "Чтение писем", **{role: OWN for role in Role.values})
