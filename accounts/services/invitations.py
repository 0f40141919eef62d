"""Invitations to the first sign-in: a one-time code on a printed slip, no e-mail needed.

The code itself is shown once, when it is made; the portal keeps a keyed SHA-256 of it and nothing else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from accounts.models import Invitation, Issued, Membership, Organisation, User, WrongCode
from accounts.permissions import Forbidden, permit, today
from accounts.services.passwords import change_password, obstacles_to_sign_in, one_time_password
from core.journal import entry, record, record_many
from core.transitions import Refused

ACTION = "accounts.invitation.issue"
LIFETIME = dt.timedelta(days=14)
WRONG_CODE = (
    "Код не подошёл. Проверьте буквы и цифры на листке. Если по нему уже входили, прошло больше двух недель "
    "или вам выдали новый листок, попросите у куратора ещё один."
)
MOST_WRONG, PAUSE, KEPT = 5, dt.timedelta(minutes=10), dt.timedelta(days=1)
# Whoever types with the Russian keyboard on sees the same letters as on the slip.
LOOK_ALIKE = str.maketrans("АВЕКМНОРСТУХЗ", "ABEKMHOPCTYX3")


def hash_of(typed: str) -> str:
    """What is kept of a code. Case, spaces, dashes and Russian letters of the same look make no difference."""
    signs = "".join(sign for sign in typed.upper().translate(LOOK_ALIKE) if sign.isalnum())
    return salted_hmac("accounts.invitation", signs, algorithm="sha256").hexdigest()


# --- Giving out -----------------------------------------------------------------------------------------------------
def obstacles_to_invite(people: Collection[User], actor: User) -> dict[int, list[str]]:
    """Key of each person → why no invitation can be issued; two queries for any number of people."""
    found = obstacles_to_sign_in(people, actor)
    for person in people:
        if person.last_login is not None:
            found[person.pk] = ["Уже входит в портал. Если пароль забыт, выдайте одноразовый."]
        elif not person.is_active:
            found[person.pk] = ["Вход в портал закрыт: откройте его на странице пользователя."]
    return found


@transaction.atomic
def issue_invitations(*, people: Iterable[User], organisation: Organisation, actor: User) -> list[Issued]:
    """Make a code for each person, all or none; earlier open ones stop working. In the order of names.

    A slip speaks for the organisation of the person's first role, for `organisation` where there is none.
    Raises Forbidden; Refused with a sentence about each person who cannot be invited.
    """
    permit(actor, ACTION, organisation)
    keys = {person.pk for person in people}
    locked = list(User.objects.filter(pk__in=keys).order_by("pk").select_for_update(no_key=True))
    known = User.objects.filter(pk__in=keys)
    # Somebody made a moment ago without a role belongs nowhere yet; this invitation is what brings them within reach.
    newcomers = known.filter(memberships=None, invitations=None)
    if known.permitted(actor, ACTION).count() + newcomers.count() < len(keys):
        raise Forbidden(ACTION)
    obstacles = obstacles_to_invite(locked, actor)
    if any(obstacles.values()):
        raise Refused(f"{person.full_name}: {one}" for person in locked for one in obstacles[person.pk])
    now = timezone.now()
    Invitation.objects.filter(user__in=keys, used_at=None, cancelled_at=None).update(cancelled_at=now)
    issued = [made(person, place, actor, now) for person, place in places_of(locked, organisation).items()]
    Invitation.objects.bulk_create([one.invitation for one in issued])
    text = f"Выдано приглашение к первому входу, годится до {timezone.localtime(now + LIFETIME):%d.%m.%Y}."
    slips = [one.invitation for one in issued]
    record_many(entry(ACTION, one.user, actor=actor, text=text, scope=one.organisation_id) for one in slips)
    return sorted(issued, key=lambda one: one.invitation.user.full_name.lower().replace("ё", "е"))


def made(person: User, place: Organisation, actor: User, now: dt.datetime) -> Issued:
    code = one_time_password()
    invitation = Invitation(
        user=person,
        organisation=place,
        code_hash=hash_of(code),
        created_at=now,
        created_by=actor,
        expires_at=now + LIFETIME,
    )
    return Issued(invitation, code)


def places_of(people: Iterable[User], fallback: Organisation) -> Mapping[User, Organisation]:
    """Each person with the organisation of the first role of today; one query."""
    held = Membership.objects.on(today()).filter(user__in=people).select_related("organisation").order_by("-pk")
    first = {membership.user_id: membership.organisation for membership in held}
    return {person: first.get(person.pk, fallback) for person in people}


@transaction.atomic
def cancel_invitation(*, invitation: Invitation, actor: User) -> None:
    """Make the code of a lost slip useless. Raises Forbidden, Refused."""
    permit(actor, ACTION, invitation)
    rows = Invitation.objects.filter(pk=invitation.pk, used_at=None, cancelled_at=None)
    if not rows.update(cancelled_at=timezone.now()):
        raise Refused(["Это приглашение уже использовано или отменено."])
    text, scope = "Приглашение к первому входу отменено.", invitation.organisation_id
    record(ACTION, invitation.user, actor=actor, text=text, scope=scope)


def still_open(codes: Iterable[str], actor: User) -> list[Issued]:
    """The codes that may still be printed by the actor, with their invitations, in the given order; one query."""
    by_hash = {hash_of(code): code for code in codes}
    rows = Invitation.objects.permitted(actor, ACTION).open(timezone.now()).filter(code_hash__in=by_hash)
    found = {one.code_hash: one for one in rows.select_related("user", "organisation")}
    return [Issued(found[key], code.lower()) for key, code in by_hash.items() if key in found]


# --- Coming in ------------------------------------------------------------------------------------------------------
def usable_invitation(**wanted: str | int) -> Invitation | None:
    """The invitation that lets somebody in now, by its `code_hash` or `pk`."""
    rows = Invitation.objects.usable(timezone.now()).select_related("user", "organisation")
    return rows.filter(**wanted).first()


@transaction.atomic
def accept_invitation(*, invitation: Invitation, password: str) -> User:
    """Use the code up and set the password the person has chosen. Of two browsers one wins, the other is refused."""
    person = User.objects.select_for_update(no_key=True).get(pk=invitation.user_id)
    now = timezone.now()
    rows = Invitation.objects.open(now).filter(pk=invitation.pk)
    if not person.is_active or person.last_login is not None or not rows.update(used_at=now):
        raise Refused([WRONG_CODE])
    change_password(person=person, password=password, how="по приглашению к первому входу")
    return person


# --- Guessing -------------------------------------------------------------------------------------------------------
def address_hash(address: str) -> str:
    return salted_hmac("accounts.wrong_code", address, algorithm="sha256").hexdigest()


def must_wait(address: str) -> bool:
    """Whether several wrong codes came from this address just now."""
    recent = WrongCode.objects.filter(address_hash=address_hash(address), at__gt=timezone.now() - PAUSE)
    return recent.count() >= MOST_WRONG


def note_wrong_code(address: str) -> None:
    """Count a wrong code of the address and forget those of yesterday."""
    WrongCode.objects.filter(at__lt=timezone.now() - KEPT).delete()
    WrongCode.objects.create(address_hash=address_hash(address))


def forget_wrong_codes(address: str) -> None:
    """Somebody has come in from this address: a staff room behind it does not wait for the mistakes of others."""
    WrongCode.objects.filter(address_hash=address_hash(address)).delete()
