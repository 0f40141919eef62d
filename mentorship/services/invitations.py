"""Participants come into the portal: a login is made from the card, and a slip with a one-time code is issued."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q

from accounts.models import Issued, Organisation, User
from accounts.permissions import Forbidden, permit, today
from accounts.services.invitations import issue_invitations
from accounts.services.logins import free_login
from accounts.services.people import FIRST_ROLE, create_user
from core.journal import Change, record
from core.transitions import Refused
from mentorship.models import Participant
from mentorship.models.participants import ADULT_YEARS, Category, ParticipantQuerySet

ACTION = "mentorship.participant.invite"
STAFF = frozenset({Category.TEACHER, Category.HEAD})


def role_for(person: Participant) -> str:
    """The role that follows from the card: staff of the school become «Педагог», everybody else gets none.

    Who comes from a partner or still learns sees something from the day a pair begins. No other role is ever given.
    """
    return FIRST_ROLE if person.category in STAFF else ""


def to_invite(rows: ParticipantQuerySet, day: dt.date) -> ParticipantQuerySet:
    """Of the rows, grown-up people of the school or its partners who have no login; the rule of `is_minor_on`."""
    youngest = day.replace(year=day.year - ADULT_YEARS, day=min(day.day, 28) if day.month == 2 else day.day)
    year = day.year - ADULT_YEARS
    young = Q(birth_year=None) | Q(birth_year__gt=year) | Q(birth_year=year, came_of_age=False)
    minors = Q(birth_date__gt=youngest) | (Q(birth_date=None, category=Category.PUPIL) & young)
    return rows.present().filter(user=None).exclude(minors)


def obstacles_to_inviting(person: Participant, day: dt.date) -> list[str]:
    """Why no slip is issued for the card; what the login itself forbids is asked when it is issued."""
    if person.left_on is not None and person.left_on < day:
        return ["Человек выбыл: приглашать некого."]
    if person.is_minor_on(day):
        return ["Приглашения выдаются только совершеннолетним: за младших отвечает законный представитель."]
    return []


def namesakes_without_card(people: Iterable[Participant], organisation: Organisation) -> dict[str, str]:
    """Full name as compared → login of a user of the organisation with this name and no card here."""
    taken = Participant.objects.filter(organisation=organisation, user__isnull=False).order_by().values("user")
    wanted = {compared(person.full_name) for person in people}
    users = User.objects.of([organisation.pk]).exclude(pk__in=taken).values_list("full_name", "username")
    return {compared(name): login for name, login in users if compared(name) in wanted}


def compared(name: str) -> str:
    return " ".join(name.lower().replace("ё", "е").split())


def checked(people: Sequence[Participant], organisation: Organisation) -> None:
    """Refuse with a sentence about each person who cannot be invited."""
    without_login = [person for person in people if person.user_id is None]
    known = namesakes_without_card(without_login, organisation)
    sentences = [f"{person.full_name}: {one}" for person in people for one in obstacles_to_inviting(person, today())]
    sentences += [
        f"{person.full_name}: пользователь с таким именем уже есть, логин {known[compared(person.full_name)]}. "
        "Если это тот же человек, выберите этот логин в карточке; если другой, заведите ему логин в «Пользователях»."
        for person in without_login
        if compared(person.full_name) in known
    ]
    if sentences:
        raise Refused(sentences)


@transaction.atomic
def invite_participants(*, people: Iterable[Participant], organisation: Organisation, actor: User) -> list[Issued]:
    """Make the missing logins and issue a slip for each person, all or none. Raises Forbidden, Refused.

    The cards are locked, so that two clicks at once make one login.
    """
    permit(actor, ACTION, organisation)
    keys = {person.pk for person in people}
    rows = Participant.objects.filter(pk__in=keys, organisation=organisation)
    # Without a join: whoever waited for the lock would read the new card beside the old absence of a login.
    locked = list(rows.locked())
    if rows.permitted(actor, ACTION).count() < len(keys):
        raise Forbidden(ACTION)
    checked(locked, organisation)
    known = User.objects.in_bulk([person.user_id for person in locked if person.user_id])
    users = [known[person.user_id] if person.user_id else given_login(person, actor) for person in locked]
    return issue_invitations(people=users, organisation=organisation, actor=actor)


def given_login(person: Participant, actor: User) -> User:
    """A new user of the name on the card, linked to it."""
    user = create_user(
        organisation=person.organisation,
        full_name=person.full_name,
        username=free_login(person.full_name),
        role=role_for(person),
        actor=actor,
    )
    person.user = user
    person.save(update_fields=["user"])
    change = Change(field="Логин", old="—", new=user.username)
    record(ACTION, person, actor=actor, text=f"Заведён логин для входа: {person}.", changes=[change])
    return user
