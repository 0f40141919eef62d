"""Effects of orders about single people: the curator's role, the mentors' appointment, rewards on their cards."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet
from django.urls import reverse

from accounts.models import Membership, Organisation, User
from accounts.permissions import Role, permit, today
from accounts.services.letters import write_letters
from core.journal import Change, entry, record, record_many
from core.transitions import Refused
from mentorship.models import Achievement, BankCard, Participant
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
def end_curator(*, person: Participant, order: Order, opened: dt.date, since: dt.date, actor: User) -> None:
    """The effect of cancelling the order: the role that it has opened ends on the day before `since`."""
    permit(actor, APPROVE, order)
    if role := curator_role(person, order, opened, since):
        last = max(since - dt.timedelta(days=1), role.starts_on)
        Membership.objects.filter(pk=role.pk).update(ends_on=last)
        change = Change(field="Куратор по", old="—", new=f"{last:%d.%m.%Y}")
        words = f"Куратор по {last:%d.%m.%Y}: приказ {order.requisites} отменён."
        record("mentorship.curator.end", person, actor=actor, text=words, changes=[change])


def curator_role(person: Participant, order: Order, opened: dt.date, since: dt.date) -> Membership | None:
    """The role that the order has opened on its first day, if it would still be held on the day."""
    held = Membership.objects.filter(Q(ends_on=None) | Q(ends_on__gte=since), starts_on=opened, user=person.user_id)
    return held.filter(organisation=order.organisation_id, role=Role.CURATOR, user__isnull=False).first()


@transaction.atomic
def appoint_mentors(
    *, order: Order, people: Sequence[Participant], term: str, obstacles: Sequence[str], actor: User
) -> None:
    """The effect of an approved order: its people are mentors for the `term` («с 01.09.2026 по …»).

    Who is a mentor is read from the order itself; here it is written into the history of the bank cards, and the
    people get letters. `obstacles` are what the kind has against the order on its own date.
    """
    permit(actor, APPROVE, order)
    if obstacles:
        raise Refused(obstacles)
    words = f"Назначен наставником {term} приказом {order.requisites}."
    write_on_cards("mentorship.mentor.appoint", people, words, actor)
    body = f"Приказом {order.requisites} вы назначены наставником {term}. Условия работы — в приложении к приказу."
    tell(people, order, "Вы назначены наставником", body)


@transaction.atomic
def end_appointments(*, order: Order, people: Sequence[Participant], since: dt.date, actor: User) -> None:
    """The effect of cancelling the order: the `people` whom it has appointed are mentors no more from the day on."""
    permit(actor, APPROVE, order)
    words = f"С {since:%d.%m.%Y} больше не наставник: приказ {order.requisites} отменён."
    write_on_cards("mentorship.mentor.end", people, words, actor)
    body = f"Приказ {order.requisites}, которым вы назначены наставником, отменён с {since:%d.%m.%Y}."
    tell(people, order, "Назначение наставником отменено", body)


def write_on_cards(event: str, people: Sequence[Participant], words: str, actor: User) -> None:
    cards = BankCard.objects.mentors().filter(participant__in=people).select_related("participant").order_by("pk")
    record_many(entry(event, card, actor=actor, text=words) for card in cards)


def tell(people: Sequence[Participant], order: Order, subject: str, body: str) -> None:
    """Letters to those who have a login."""
    users = [person.user for person in people if person.user]
    write_letters(users, subject=subject, body=body, path=reverse("my_card"), organisation=order.organisation)


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


@transaction.atomic
def strike_rewards(*, order: Order, since: dt.date, actor: User) -> None:
    """The effect of cancelling the order: its awards stay on the cards with a note that they no longer count."""
    permit(actor, APPROVE, order)
    rows = awards_of(order)
    people = list(Participant.objects.filter(pk__in=rows.values("participant")).by_name())
    rows.update(result=f"приказ {order.requisites} отменён с {since:%d.%m.%Y}")
    for person in people:
        words = f"Награда отменена с {since:%d.%m.%Y}: приказ {order.requisites} отменён."
        record("mentorship.reward", person, actor=actor, text=words)


def awards_of(order: Order) -> QuerySet[Achievement]:
    """What the order has written onto cards of its own organisation."""
    rows = Achievement.objects.filter(participant__organisation=order.organisation_id, kind=Achievement.Kind.AWARD)
    return rows.filter(result=f"приказ {order.requisites}")
