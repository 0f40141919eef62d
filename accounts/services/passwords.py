"""Passwords: the own one, the one by a letter, and the one-time password that a curator or administrator gives out."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Collection

from axes.utils import reset
from django.contrib.auth.tokens import default_token_generator
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode

from accounts.models import Letter, Membership, User
from accounts.permissions import Role, permit, today
from accounts.services.letters import write_letters
from core.journal import record
from core.transitions import Refused

ACTION = "accounts.user.password"
# No letters or digits that are taken for one another when read from paper.
ALPHABET = "abcdefghkmnpqrstuvwxyz23456789"
RESET_SUBJECT = "Ссылка для смены пароля"
RESET_PAUSE = dt.timedelta(minutes=5)
OWN_SIGN_IN = "Одноразовый пароль выдают другим. Свой меняют на странице «Сменить пароль»: она в меню под именем."
OF_OTHERS = "У человека есть роль в другой организации: вход меняет администратор муниципалитета."
OF_POWER = "Вход директора, куратора и администратора меняет только администратор."
GUARDED_ROLES = (Role.DIRECTOR, Role.CURATOR, Role.MUNICIPAL, Role.ADMINISTRATOR)


def one_time_password() -> str:
    """Three groups of four, easy to dictate: «hk4p-9mtr-w2xd», about 58 bits."""
    return "-".join("".join(secrets.choice(ALPHABET) for _ in range(4)) for _ in range(3))


def obstacles_to_sign_in_data(person: User, actor: User) -> list[str]:
    """Why `actor` may not change how `person` signs in; see `obstacles_to_sign_in`."""
    return obstacles_to_sign_in([person], actor)[person.pk]


def obstacles_to_sign_in(people: Collection[User], actor: User) -> dict[int, list[str]]:
    """Key of each person → why `actor` may not change how they sign in; two queries for any number of people.

    Whoever sets a password can act as that person. So it takes a right over every organisation where the person has
    a role, and the right to give roles where the role itself gives power: a curator must not become the director.
    """
    roles = Membership.objects.exclude(ends_on__lt=today()).filter(user__in=[person.pk for person in people])
    foreign = roles.exclude(pk__in=roles.permitted(actor, "accounts.user.change").values("pk"))
    powerful = roles.filter(role__in=GUARDED_ROLES).exclude(user=actor)
    guarded = powerful.exclude(pk__in=powerful.permitted(actor, "accounts.membership.change").values("pk"))
    found = dict.fromkeys(guarded.order_by().values_list("user", flat=True), [OF_POWER])
    found |= dict.fromkeys(foreign.order_by().values_list("user", flat=True), [OF_OTHERS])
    return {person.pk: found.get(person.pk, []) for person in people}


def obstacles_to_password(person: User, actor: User) -> list[str]:
    """Why `actor` may not issue a one-time password to `person`."""
    return [OWN_SIGN_IN] if person == actor else obstacles_to_sign_in_data(person, actor)


@transaction.atomic
def issue_password(*, person: User, actor: User) -> str:
    """Give the person a password for one sign-in and return it; it is shown once and kept nowhere.

    Ends the person's sessions and lifts the lock after wrong attempts. Raises Forbidden, Refused.
    """
    permit(actor, ACTION, person)
    if obstacles := obstacles_to_password(person, actor):
        raise Refused(obstacles)
    password = one_time_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    reset(username=person.username)
    record(ACTION, person, actor=actor, text="Выдан одноразовый пароль.")
    return password


@transaction.atomic
def change_password(*, person: User, password: str, how: str) -> None:
    """Set the password the person has chosen; `how` ends the sentence of the history: «Пароль изменён …»."""
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    record("accounts.user.own_password", person, actor=person, text=f"Пароль изменён {how}.")


@transaction.atomic
def send_reset_link(*, email: str) -> None:
    """Write a letter with the link to whoever has the address; says nothing to the caller, so that nobody learns
    whether the address is known. At most one letter in five minutes."""
    recently = timezone.now() - RESET_PAUSE
    for person in User.objects.filter(email__iexact=email, is_active=True):
        if Letter.objects.filter(user=person, subject=RESET_SUBJECT, created_at__gt=recently).exists():
            continue
        number = urlsafe_base64_encode(force_bytes(person.pk))
        path = reverse("password_reset_confirm", args=[number, default_token_generator.make_token(person)])
        body = (
            "Кто-то, возможно вы, просит сменить пароль в портале «Наставничество». "
            "Откройте ссылку в течение суток и задайте новый пароль. Если это были не вы, ничего делать не нужно."
        )
        write_letters([person], subject=RESET_SUBJECT, body=body, path=path)
