"""What tests of requests are built from: a working pair whose people may sign in, requests in every state."""

from __future__ import annotations

import datetime as dt
from types import SimpleNamespace
from typing import Any

from django.utils import timezone

from mentorship.models import Pair, PairRequest, Participant, RequestKind, RequestState
from mentorship.services.request_decisions import assign_mediators, take_step
from mentorship.services.requests import Asked, submit_request
from orders.models import Order
from orders.services import draft_order
from tests.mentorship.builders import card, day, params
from tests.mentorship.labour import at_work

State = RequestState


def with_logins(pair: Pair, people: SimpleNamespace) -> Pair:
    """The pair at work: its mentor signs in as the teacher, its mentee as the accountant, who has no other role."""
    Participant.objects.filter(pk=pair.mentor_id).update(user=people.teacher)
    Participant.objects.filter(pk=pair.mentees[0].pk).update(user=people.accountant)
    at_work(pair, people)
    return Pair.objects.for_cards().get(pk=pair.pk)


def at(offset: int, hour: int) -> dt.datetime:
    return timezone.make_aware(dt.datetime.combine(day(offset), dt.time(hour)))


def asked(pair: Pair, kind: str, **more: Any) -> Asked:
    """A fitting request of the kind by the mentor of the pair."""
    values: dict[str, Any] = {"kind": kind, "pair": pair, "text": "Прошу помочь"}
    if kind in (RequestKind.RESIGN, RequestKind.REPLACE):
        values["about"] = pair.mentor
    elif kind in (RequestKind.MEDIATION, RequestKind.DISCIPLINE, RequestKind.REWARD, RequestKind.CONTEST):
        values["about"] = pair.mentees[0]
    elif kind == RequestKind.RELEASE:
        values |= {"occasion": "мастерская наставников", "starts_at": at(5, 10), "ends_at": at(5, 14)}
        values |= {"substitute": substitute(pair), "continuity": "уроки в 7 «Б» по плану"}
    return Asked(**{**values, **more})


def substitute(pair: Pair) -> Participant:
    found = Participant.objects.filter(surname="Рябинин", organisation=pair.organisation).first()
    return found or card(pair.organisation, "Рябинин Пётр Сергеевич", "учитель истории")


def ask(pair: Pair, kind: str, **more: Any) -> PairRequest:
    """A request submitted by the mentor of the pair, or by `author`."""
    author = more.pop("author", pair.mentor)
    return submit_request(author=author, asked=asked(pair, kind, **more), actor=author.user)


def request_in(pair: Pair, people: SimpleNamespace, state: str, kind: str = RequestKind.CONTEST) -> PairRequest:
    """A request brought into a state by the services themselves."""
    request = ask(pair, kind)

    def step(name: str, actor: Any) -> None:
        take_step(request=request, step=name, words="Потому что так лучше", actor=actor)

    if state in (State.REFERRED, State.GRANTED):
        step("refer", people.curator)
    if state == State.GRANTED:
        step("grant", people.director)
    elif state == State.MEDIATION:
        assign_mediators(request=request, mediators=[people.psychologist], actor=people.curator)
    elif state in (State.DONE, State.DECLINED, State.CANCELLED):
        name = {State.DONE: "settle", State.DECLINED: "decline", State.CANCELLED: "cancel"}[State(state)]
        step(name, people.teacher if state == State.CANCELLED else people.curator)
    return PairRequest.objects.get(pk=request.pk)


def release_draft(people: SimpleNamespace, *requests: PairRequest) -> Order:
    chosen = {**params(), "title": "Об освобождении", "requests": [one.pk for one in requests]}
    chosen.pop("pairs")
    organisation = requests[0].organisation
    return draft_order(organisation=organisation, kind="release", params=chosen, actor=people.curator)
