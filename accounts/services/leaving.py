"""The roles of somebody who leaves an organisation end with the last day there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from django.db import transaction
from django.db.models import Q

from accounts.models import Membership, Organisation, User
from accounts.permissions import Role, permit, today
from accounts.services.letters import write_letters
from accounts.services.people import ROLES
from core.journal import Change, in_words, record

# An organisation is not left without its head or its curator by the way: the administrator ends these.
KEPT_ROLES = (Role.DIRECTOR, Role.CURATOR, Role.MUNICIPAL, Role.ADMINISTRATOR)


def open_roles(*, person: User, organisation: Organisation, day: dt.date) -> tuple[list[Membership], list[Membership]]:
    """Roles that would still hold after the day: those that end with it, and those left to the administrator.

    A role that begins later is left to the administrator too: it cannot end before its first day.
    """
    rows = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gt=day), user=person, organisation=organisation)
    found = list(rows.order_by("pk"))
    ending = [one for one in found if one.role not in KEPT_ROLES and one.starts_on <= max(day, today())]
    return ending, [one for one in found if one not in ending]


@transaction.atomic
def end_roles(*, person: User, organisation: Organisation, day: dt.date, actor: User) -> list[Membership]:
    """End the roles of a person who leaves by their last day; the person gets one letter. Returns what has ended.

    Whoever may change people may do this, but not end the roles of `KEPT_ROLES`. A role that began after the day
    ends with its first day.
    """
    permit(actor, "accounts.user.change", person)
    ending, _ = open_roles(person=person, organisation=organisation, day=day)
    for membership in ending:
        before, membership.ends_on = membership.ends_on, max(day, membership.starts_on)
        membership.save(update_fields=["ends_on"])
        change = Change(field="По", old=in_words(before), new=in_words(membership.ends_on))
        text = f"Роль «{membership.get_role_display()}» заканчивается: человек уходит из организации."
        record(ROLES, person, actor=actor, text=text, changes=[change], scope=organisation.pk)
    if ending:
        tell(person, organisation, ending, day)
    return ending


def tell(person: User, organisation: Organisation, ended: Sequence[Membership], day: dt.date) -> None:
    names = ", ".join(f"«{one.get_role_display()}»" for one in ended)
    body = f"Ваши роли действуют по {day:%d.%m.%Y} включительно: {names}. {organisation.name}."
    write_letters([person], subject="Изменились ваши роли", body=body, path="/cabinet/", organisation=organisation)
