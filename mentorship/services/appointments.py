"""Effects of orders about single people: the curator's role, rewards on their cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from accounts.models import Membership, Organisation, User
from accounts.permissions import Role, permit, today
from core.journal import record
from mentorship.models import Achievement, Participant
from orders.models import Order

APPROVE = "orders.order.approve"


def current_curators(organisation: Organisation) -> Iterable[User]:
    return User.objects.with_role(organisation, Role.CURATOR)


@transaction.atomic
def appoint_curator(*, person: Participant, order: Order, since: dt.date, actor: User) -> None:
    """Give the person's login the role of curator from the day; nothing to give where there is no login yet."""
    permit(actor, APPROVE, order)
    if person.user is None:
        return
    open_role = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=today()))
    held = open_role.filter(user=person.user, organisation=order.organisation_id, role=Role.CURATOR)
    if held.exists():
        return
    Membership.objects.create(user=person.user, organisation=order.organisation, role=Role.CURATOR, starts_on=since)
    words = f"Назначен куратором с {since:%d.%m.%Y} приказом {order.requisites}."
    record("mentorship.curator.appoint", person, actor=actor, text=words)


@transaction.atomic
def reward(*, people: Sequence[Participant], award: str, grounds: str, order: Order, actor: User) -> None:
    """Write the award of an approved order onto the card of each person."""
    permit(actor, APPROVE, order)
    day = order.date or today()
    for person in people:
        Achievement.objects.create(
            participant=person,
            kind=Achievement.Kind.AWARD,
            title=award,
            level=Achievement.Level.SCHOOL,
            held_on=day,
            result=f"приказ {order.requisites}",
        )
        words = f"Награда: {award}, приказ {order.requisites}. За что: {grounds}."
        record("mentorship.reward", person, actor=actor, text=words)
