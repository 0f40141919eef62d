"""What every page may show: the frame of the signed-in person and the visitor's choice of large letters."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, TypeGuard

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from accounts.attention import Place, tabs_for
from accounts.http import CabinetRequest
from accounts.models import Letter, Organisation, User
from accounts.permissions import Role, holds, row_of, today
from core.russian import school_year, short_name

LOW_VISION_COOKIE = "low_vision"
MODES = ("on", "invert")
SIZES = ("normal", "large", "huge")


@dataclass(frozen=True)
class Frame:
    """What stands around every page of the cabinet."""

    user_short: str
    role_label: str
    organisation: Organisation | None
    organisations: list[Organisation]
    tabs: list[dict[str, Any]]
    inbox_count: int
    inbox_url: str
    school_year: str
    home_url: str
    links: list[Place] = field(default_factory=list)
    foot: list[Place] = field(default_factory=list)


def frame(request: HttpRequest) -> dict[str, Any]:
    """Adds `frame`, `accent` and the low-vision flags; nothing is asked of the database until a page shows them."""
    return {
        "frame": SimpleLazyObject(lambda: frame_of(request)),
        "accent": SimpleLazyObject(lambda: accent_of(request)),
        **low_vision_of(request),
    }


def low_vision_of(request: HttpRequest) -> dict[str, Any]:
    """The choice kept in the cookie as «mode-size»; anything else in it counts as no choice."""
    mode, _, size = request.COOKIES.get(LOW_VISION_COOKIE, "").partition("-")
    if mode not in MODES:
        return {"low_vision": False, "lv_invert": False, "lv_size": ""}
    return {"low_vision": True, "lv_invert": mode == "invert", "lv_size": size if size in SIZES[1:] else ""}


def accent_of(request: HttpRequest) -> str:
    """The colour of the organisation the signed-in person works in."""
    return request.organisation.accent if is_of_cabinet(request) and request.organisation else ""


def is_of_cabinet(request: HttpRequest) -> TypeGuard[CabinetRequest]:
    """Whether there is a person behind the request; errors may be drawn before anybody was looked up."""
    return getattr(request, "user", None) is not None and request.user.is_authenticated


def frame_of(request: HttpRequest) -> Frame | None:
    """The frame, or None for a visitor who has not signed in."""
    if not is_of_cabinet(request):
        return None
    user = request.user
    organisation = request.organisation or None
    return Frame(
        user_short=short_name(user.full_name, surname_first=True),
        role_label=role_label(user, organisation),
        organisation=organisation,
        organisations=organisations_of(user),
        tabs=tabs_for(user, request.path),
        inbox_count=Letter.objects.filter(user=user).unread().count(),
        inbox_url=reverse("inbox"),
        school_year=school_year(today()),
        home_url=reverse("home"),
        links=links_for(user),
        foot=foot_for(user, organisation),
    )


def role_label(user: User, organisation: Organisation | None) -> str:
    """The roles of today in the organisation, in the order of the list of roles: «Куратор, педагог»."""
    held = user.roles_in(organisation) if organisation else set()
    labels = [role.label for role in Role if role in held]
    return ", ".join([*labels[:1], *(label.lower() for label in labels[1:])]) or "Без роли"


def organisations_of(user: User) -> list[Organisation]:
    """Organisations to switch between; a person of one organisation costs no query."""
    numbers = {standing.organisation_id for standing in user.standings}
    return list(Organisation.objects.filter(pk__in=numbers).order_by("name")) if len(numbers) > 1 else []


def links_for(user: User) -> list[Place]:
    """The person's own lines of the menu."""
    links = [Place("Сменить пароль", reverse("password_change"))]
    if holds(user, "accounts.admin.open"):
        links.append(Place("Администрирование", reverse("admin:index"), "Общие справочники и записи портала"))
    return links


def foot_for(user: User, organisation: Organisation | None) -> list[Place]:
    """Service links of the footer."""
    links = []
    if organisation and user.roles_in(organisation) & set(row_of("accounts.organisation.view").reach):
        hint = "Реквизиты, руководитель, календарь учебного года"
        links.append(Place("Об организации", reverse("organisation_detail", args=[organisation.pk]), hint))
    return links + [Place(label, reverse(name), hint) for label, name, action, hint in FOOT if holds(user, action)]


FOOT = (
    ("Организации", "organisation_list", "accounts.organisation.add", "Муниципалитет и его школы: добавить, изменить"),
    ("Пользователи", "user_list", "accounts.user.view", "Кто входит в портал, роли и одноразовые пароли"),
    ("Партнёры", "partner_list", "accounts.partner.view", "Организации вне школы, соглашения и их сроки"),
    ("Журнал действий", "journal", "accounts.journal.view", "Кто, что и когда изменил в портале"),
)
