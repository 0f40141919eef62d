"""People of an organisation and their roles; every change is written to the history."""

from __future__ import annotations

import datetime as dt

from django.db import IntegrityError, transaction

from accounts.models import Membership, Organisation, User
from accounts.permissions import Role, permit, today
from accounts.services.letters import write_letters
from core.journal import Change, in_words, record
from core.transitions import Refused

ADD, ROLES = "accounts.user.add", "accounts.membership.change"
# What anybody who may add people may give; every other role is given by whoever may give roles.
FIRST_ROLE = Role.TEACHER


@transaction.atomic
def create_user(
    *,
    organisation: Organisation,
    full_name: str,
    username: str,
    email: str = "",
    role: str = FIRST_ROLE,
    actor: User | None,
) -> User:
    """Add a person with a first role and without a password: sign-in opens by an invitation, a one-time password or
    a letter.

    An empty `role` is for somebody who gets a standing only by an open pair. `actor` is None only for the command
    that sets the portal up. Raises Forbidden, Refused, ValidationError.
    """
    if actor is not None:
        permit(actor, ADD, organisation)
        if role not in (FIRST_ROLE, ""):
            permit(actor, ROLES, organisation)
    person = User(full_name=" ".join(full_name.split()), username=username, email=email)
    person.set_unusable_password()
    person.full_clean(exclude=["password"])
    try:
        with transaction.atomic():
            person.save()
    except IntegrityError:
        raise Refused(["Такой логин или адрес почты только что появился у другого пользователя."]) from None
    if role:
        Membership.objects.create(user=person, organisation=organisation, role=role)
    text = f"Добавлен пользователь, роль — {Role(role).label.lower()}." if role else "Добавлен пользователь без роли."
    record(ADD, person, actor=actor, text=text, scope=organisation.pk)
    return person


@transaction.atomic
def give_role(
    *,
    person: User,
    organisation: Organisation,
    role: str,
    starts_on: dt.date | None = None,
    ends_on: dt.date | None = None,
    actor: User,
) -> Membership:
    """Give a role from a day (today) to a day (open); the person gets a letter. Raises Forbidden, Refused."""
    permit(actor, ROLES, organisation)
    permit(actor, ROLES, person)
    membership = Membership(
        user=person, organisation=organisation, role=role, starts_on=starts_on or today(), ends_on=ends_on
    )
    membership.full_clean()
    try:
        with transaction.atomic():
            membership.save(force_insert=True)
    except IntegrityError:
        raise Refused(["Эта роль у человека в организации уже есть."]) from None
    changes = [
        Change(field="Роль", old="—", new=membership.get_role_display()),
        Change(field="С", old="—", new=in_words(membership.starts_on)),
        Change(field="По", old="—", new=in_words(membership.ends_on)),
    ]
    record(ROLES, person, actor=actor, text="Дана роль.", changes=changes, scope=organisation.pk)
    tell(membership, f"Вам дана роль «{membership.get_role_display()}»: {organisation.name}.")
    return membership


@transaction.atomic
def end_role(*, membership: Membership, ends_on: dt.date, actor: User) -> None:
    """Set the last day of a role; the row stays in the history. The person gets a letter. Raises Forbidden, Refused."""
    permit(actor, ROLES, membership)
    if obstacles := obstacles_to_ending(membership, ends_on, actor):
        raise Refused(obstacles)
    rows = Membership.objects.filter(pk=membership.pk).exclude(ends_on__lt=today())
    if not rows.update(ends_on=ends_on):
        raise Refused(["Эта роль уже закончилась."])
    change = Change(field="По", old=in_words(membership.ends_on), new=in_words(ends_on))
    membership.ends_on = ends_on
    text = f"Роль «{membership.get_role_display()}» заканчивается."
    record(ROLES, membership.user, actor=actor, text=text, changes=[change], scope=membership.organisation_id)
    tell(
        membership,
        f"Ваша роль «{membership.get_role_display()}» действует по {ends_on:%d.%m.%Y} включительно: "
        f"{membership.organisation.name}.",
    )


def obstacles_to_ending(membership: Membership, ends_on: dt.date, actor: User) -> list[str]:
    """Why the role cannot end so; an administrator cannot lock the portal by ending the own role."""
    obstacles = []
    if ends_on < membership.starts_on:
        obstacles.append(f"Роль началась {membership.starts_on:%d.%m.%Y}: закончиться раньше она не может.")
    if membership.role == Role.ADMINISTRATOR and membership.user_id == actor.pk:
        obstacles.append("Свою роль администратора снять нельзя: это делает другой администратор.")
    return obstacles


def tell(membership: Membership, sentence: str) -> None:
    write_letters(
        [membership.user],
        subject="Изменились ваши роли",
        body=sentence,
        path="/cabinet/",
        organisation=membership.organisation,
    )
