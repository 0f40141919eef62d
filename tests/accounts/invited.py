"""What tests of invitations are built from: somebody who has never signed in, and a slip."""

from __future__ import annotations

from typing import Any

from accounts.models import Issued, Membership, Organisation, User
from accounts.permissions import Role
from accounts.services.invitations import issue_invitations

OWN_PASSWORD = "яблони-в-саду-2026"


def newcomer(school: Organisation, name: str = "Новикова Алла Юрьевна", **more: Any) -> User:
    """A user with a first role and no password, who has never signed in."""
    role = more.pop("role", Role.TEACHER)
    person = User(full_name=name, username=more.pop("username", f"new{User.objects.count()}"), **more)
    person.set_unusable_password()
    person.save()
    if role:
        Membership.objects.create(user=person, organisation=school, role=role)
    return person


def slip(person: User, actor: User) -> Issued:
    organisation = actor.memberships.first().organisation
    return issue_invitations(people=[person], organisation=organisation, actor=actor)[0]
