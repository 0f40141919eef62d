"""Leaving a school as one act: what ends with the last day, what stays, which orders it needs; and coming back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Q

from accounts.models import Membership, User
from accounts.permissions import permit, today
from accounts.services.leaving import end_roles, open_roles
from core.journal import Change, in_words, record
from core.transitions import Refused
from mentorship.models import (
    BankCard,
    BankRole,
    BankState,
    ConsentRequest,
    Interview,
    Pair,
    PairState,
    Participant,
    Post,
    Wish,
)
from mentorship.models.needs import sentence
from mentorship.services.banks import archive_card
from mentorship.services.consent_requests import cancel_request
from mentorship.services.interviews import cancel_interview
from mentorship.services.pairs import dissolve_pair
from mentorship.services.participants import CHANGE

LEAVE, RETURN = "mentorship.participant.leave", "mentorship.participant.return"
NOT_YET = "Выбытие записывают в последний день или позже: день не может быть в будущем."
HERE = "Человек не выбывал: возвращать нечего."


@dataclass(frozen=True)
class Departure:
    """What a last day means: the first six end with it, the rest is left for somebody to decide.

    `active` pairs end only by an order; `held` are pairs being formed that a draft holds or that have other mentees;
    `kept_cards` stay in the bank until their pairs are settled; `kept_roles` only the administrator ends; `pupils`
    is how many are left without a class teacher.
    """

    posts: list[Post]
    pairs: list[Pair]
    cards: list[BankCard]
    interviews: list[Interview]
    requests: list[ConsentRequest]
    roles: list[Membership]
    active: list[Pair]
    held: list[Pair]
    kept_cards: list[BankCard]
    kept_roles: list[Membership]
    pupils: int

    @property
    def is_settled(self) -> bool:
        """Nothing is left for anybody to decide."""
        return not (self.active or self.held or self.kept_cards or self.kept_roles or self.pupils)


def departure_of(person: Participant, day: dt.date) -> Departure:
    """What would end and what would be left if the day were the person's last; a constant number of queries."""
    pairs = list(Pair.objects.of(person).filter(state__in=[PairState.FORMING, PairState.ACTIVE]).for_cards())
    active = [pair for pair in pairs if pair.state == PairState.ACTIVE]
    ending = [pair for pair in pairs if pair.state == PairState.FORMING and ends_with(pair, person)]
    left = [pair for pair in pairs if pair not in ending]
    cards = list(BankCard.objects.filter(participant=person).exclude(state=BankState.ARCHIVED).order_by("role"))
    kept = [card for card in cards if any((pair.mentor == person) == (card.role == BankRole.MENTOR) for pair in left)]
    roles, kept_roles = roles_of(person, day)
    still = Q(ends_on=None) | Q(ends_on__gt=day)
    return Departure(
        posts=list(person.posts.filter(still, workplace="").order_by("-is_main", "pk")),
        pairs=ending,
        cards=[card for card in cards if card not in kept],
        interviews=list(Interview.objects.planned().filter(card__participant=person).select_related("card")),
        requests=list(ConsentRequest.objects.waiting().filter(participant=person)),
        roles=roles,
        active=active,
        held=[pair for pair in left if pair not in active],
        kept_cards=kept,
        kept_roles=kept_roles,
        pupils=pupils_of(person),
    )


def ends_with(pair: Pair, person: Participant) -> bool:
    """Whether a pair being formed is given up with the person: no order names it, and it has no other mentees."""
    return pair.order is None and (pair.mentor == person or len(pair.mentees) == 1)


def roles_of(person: Participant, day: dt.date) -> tuple[list[Membership], list[Membership]]:
    if person.user is None:
        return [], []
    return open_roles(person=person.user, organisation=person.organisation, day=day)


def pupils_of(person: Participant) -> int:
    """How many pupils of the organisation the person is the class teacher of."""
    if person.user is None:
        return 0
    return Participant.objects.filter(organisation=person.organisation_id, class_teacher=person.user).present().count()


@transaction.atomic
def leave(*, participant: Participant, left_on: dt.date, reason: str, actor: User) -> Departure:
    """Write down that the person has left, and end in one step everything that ends with the last day.

    Posts in other organisations, consents, orders and the history stay; pairs in force stay until an order ends them.
    Raises `Refused`. Returns what has ended and what is left to decide.
    """
    permit(actor, CHANGE, participant)
    person = Participant.objects.locked().get(pk=participant.pk)
    if faults := leaving_faults(person, left_on):
        raise Refused(faults)
    departure = departure_of(person, left_on)
    settle_mentoring(departure, f"выбытие участника {left_on:%d.%m.%Y}", actor)
    # Private wishes of the person and about them have nobody to serve any more.
    Wish.objects.filter(Q(author=person) | Q(about=person)).delete()
    Post.objects.filter(pk__in=[post.pk for post in departure.posts]).update(ends_on=left_on)
    if person.user and departure.roles:
        end_roles(person=person.user, organisation=person.organisation, day=left_on, actor=actor)
    Participant.objects.filter(pk=person.pk).update(left_on=left_on, left_reason=reason)
    changes = [Change(field="Последний день в организации", old="—", new=in_words(left_on))]
    changes += [
        Change(field=f"Должность «{post}», последний день", old=in_words(post.ends_on), new=in_words(left_on))
        for post in departure.posts
    ]
    text = sentence(f"Выбытие с {left_on:%d.%m.%Y}: {reason}")
    record(LEAVE, person, actor=actor, text=text, changes=changes)
    participant.left_on, participant.left_reason = left_on, reason
    return departure


def settle_mentoring(departure: Departure, why: str, actor: User) -> None:
    """Call off what was planned, give up what was being formed, put the bank cards away."""
    for interview in departure.interviews:
        cancel_interview(interview=interview, actor=actor, reason=why)
    for pair in departure.pairs:
        dissolve_pair(pair=pair, actor=actor, reason=why)
    for card in departure.cards:
        archive_card(card=card, actor=actor, reason=why)
    for request in departure.requests:
        cancel_request(request=request, actor=actor)


def leaving_faults(person: Participant, left_on: dt.date) -> list[str]:
    """Why the person cannot have left on the day."""
    if person.left_on:
        return [f"Выбытие уже записано: последний день — {person.left_on:%d.%m.%Y}."]
    if left_on > today():
        return [NOT_YET]
    later = person.posts.filter(starts_on__gt=left_on, workplace="").first()
    if later:
        return [f"Должность «{later}» началась {later.starts_on:%d.%m.%Y}: проверьте день выбытия."]
    return []


@transaction.atomic
def take_back(*, participant: Participant, actor: User) -> None:
    """The person has come back, or had not left at all. What has ended stays ended: posts, roles and bank cards are
    opened anew by whoever needs them.
    """
    permit(actor, CHANGE, participant)
    person = Participant.objects.locked().get(pk=participant.pk)
    if person.left_on is None:
        raise Refused([HERE])
    Participant.objects.filter(pk=person.pk).update(left_on=None, left_reason="")
    changes = [
        Change(field="Последний день в организации", old=in_words(person.left_on), new="—"),
        Change(field="Основание выбытия", old=in_words(person.left_reason), new="—"),
    ]
    record(RETURN, person, actor=actor, text=f"Возвращение: {person}.", changes=changes)
    participant.left_on, participant.left_reason = None, ""
