"""What becomes of a request: considered, referred, decided, talked over by mediators, carried out by an order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role, permit
from core.transitions import Refused, move
from mentorship.models import Notice, Pair, PairRequest, RequestKind, RequestState, earliest_end
from mentorship.models.request_rules import CHANGES_MENTOR
from mentorship.models.requests import BY_APPROVAL, CONSIDER, assign_obstacles
from mentorship.services.notices import Given, record_notice
from mentorship.services.requests import tell_staff, tell_users
from orders.models import Order

MEDIATORS = (Role.PSYCHOLOGIST, Role.METHODICAL_UNION, Role.DEPARTMENT_HEAD)
NO_MEDIATORS = "Назовите хотя бы одного посредника: психолога или члена методического объединения."
STRANGER = (
    "Посредником может быть психолог, член методического объединения или заведующий кафедрой, но не сторона спора."
)
ANSWER_NEEDED = "Напишите ответ: человек получит его письмом."
NOT_RESIGNING = "Уведомление записывают по заявлению наставника о сложении обязанностей."
NOT_GRANTED = "{request}: состояние — «{state}». Уберите его из приказа."
TAKEN = "{request}: его уже держит другой приказ. Уберите его из этого или из того проекта."


@dataclass(frozen=True)
class Step:
    """One step by hand. `column` keeps the words that go with it; `needed`: they must be there; `told` is what the
    author reads before them, empty where there is nothing to tell."""

    column: str
    needed: bool
    told: str


STEPS = {
    "refer": Step("opinion", True, "Куратор передал его директору."),
    "settle": Step("answer", True, "Исполнено."),
    "decline": Step("answer", True, "Куратор отклонил его."),
    "grant": Step("answer", False, "Директор согласен."),
    "refuse": Step("answer", True, "Директор отказал."),
    "conclude": Step("answer", True, "Записан итог."),
    "cancel": Step("", False, ""),
}


@transaction.atomic
def take_step(*, request: PairRequest, step: str, words: str = "", actor: User) -> None:
    """Make one of `STEPS`: of two decisions at once the first wins, the other is refused. The author gets a letter
    with the answer; the head or the curators learn by letter that it is their turn.

    Raises `Refused` in a wrong state, where the law forbids the step, or where needed words are missing.
    """
    rule = STEPS[step]
    permit(actor, PairRequest.TRANSITIONS[step].action, request)
    if rule.needed and not words:
        raise Refused([ANSWER_NEEDED])
    values: dict[str, Any] = {rule.column: words} if rule.column else {}
    if step not in ("refer", "cancel"):
        values |= {"decided_by": actor, "decided_at": timezone.now()}
    move(request, step, actor=actor, **values)
    tell_about(request, step, words, actor)


def tell_about(request: PairRequest, step: str, words: str, actor: User) -> None:
    """The curator's opinion is for the head alone; the words about a confidential request stay in the portal."""
    rule = STEPS[step]
    if rule.told:
        spoken = rule.column == "answer" and not request.is_restricted
        tell_users(request, [request.submitted_by], f"{rule.told} {words}".strip() if spoken else rule.told, actor)
    if step == "refer":
        tell_staff(request, Role.DIRECTOR, "Куратор просит вашего решения.", actor)
    elif step in ("grant", "refuse", "cancel"):
        tell_staff(request, Role.CURATOR, PairRequest.TRANSITIONS[step].done, actor)


def possible_mediators(request: PairRequest) -> Any:
    """Users who may talk the quarrel over: neither of its sides."""
    sides = [person.user_id for person in (request.author, request.about) if person is not None and person.user_id]
    return User.objects.with_role(request.organisation, *MEDIATORS).exclude(pk__in=sides).order_by("full_name", "pk")


@transaction.atomic
def assign_mediators(*, request: PairRequest, mediators: Sequence[User], actor: User) -> None:
    """Name the mediators of a quarrel: from now on they read the request, and get a letter that says only so much."""
    permit(actor, CONSIDER, request)
    if obstacles := assign_obstacles(request):
        raise Refused(obstacles)
    if not mediators:
        raise Refused([NO_MEDIATORS])
    if set(mediators) - set(possible_mediators(request)):
        raise Refused([STRANGER])
    move(request, "assign", actor=actor)
    request.mediators.set(mediators)
    tell_users(request, mediators, "Куратор просит вас помочь. Подробности — на портале.", actor)
    tell_users(request, [request.submitted_by], "Куратор передал его в работу.", actor)


@transaction.atomic
def notice_of_request(*, request: PairRequest, actor: User) -> Notice:
    """Record the notice of refusal that a resignation is (art. 351.8), from the day on which it was submitted.

    Raises `Refused` as `record_notice` does: where one stands already or the pair ends before the three days.
    """
    permit(actor, CONSIDER, request)
    if request.kind != RequestKind.RESIGN or request.state in (RequestState.CANCELLED, RequestState.DECLINED):
        raise Refused([NOT_RESIGNING])
    given = Given(
        side=Notice.Side.EMPLOYEE,
        given_on=request.day,
        ends_on=earliest_end(request.day),
        delivery=Notice.Delivery.PORTAL,
        pair=request.pair,
        reason=" ".join(request.text.split())[:300],
        original_place=f"обращение № {request.pk} в портале",
    )
    return record_notice(participant=request.author, given=given, actor=actor)


# --- Orders -----------------------------------------------------------------------------------------------------------
def hold_requests(*, order: Order, kind: str, numbers: Iterable[int]) -> None:
    """Tie the chosen requests of a kind to the draft and let go those no longer chosen.

    Raises `Refused` where another draft holds one of them."""
    own = PairRequest.objects.filter(organisation=order.organisation_id, kind=kind).locked()
    wanted = list(own.filter(pk__in=numbers).select_related("author"))
    PairRequest.objects.filter(order=order, kind=kind).exclude(pk__in=[one.pk for one in wanted]).update(order=None)
    if taken := [TAKEN.format(request=one) for one in wanted if one.order_id not in (None, order.pk)]:
        raise Refused(taken)
    PairRequest.objects.filter(pk__in=[one.pk for one in wanted], order=None).update(order=order)


def holding_faults(order: Order, requests: Iterable[PairRequest]) -> list[str]:
    """Why the order may not carry out each of the requests: nobody has granted it, another order holds it."""
    found = []
    for request in requests:
        if request.state != RequestState.GRANTED:
            found.append(NOT_GRANTED.format(request=request, state=request.get_state_display()))
        elif request.order_id != order.pk:
            found.append(TAKEN.format(request=request))
    return found


@transaction.atomic
def carry_out(*, order: Order, requests: Iterable[PairRequest], actor: User) -> None:
    """The effect of an approved order: each request is done; its author gets a letter."""
    permit(actor, BY_APPROVAL, order)
    words = f"Исполнено приказом {order.requisites}."
    for request in requests:
        values: dict[str, Any] = {"order": order}
        if request.state != RequestState.GRANTED:
            values |= {"answer": words, "decided_by": actor, "decided_at": timezone.now()}
        move(request, "carry_out", actor=actor, text=words, **values)
        tell_users(request, [request.submitted_by], words, actor)


@transaction.atomic
def carry_out_for(*, pair: Pair, order: Order, actor: User) -> None:
    """For orders that end the pair or change its mentor: whatever was asked of that kind about the pair is done,
    also where the curator has not yet referred it or the head has not yet answered."""
    rows = PairRequest.objects.open().about_pair(pair, *CHANGES_MENTOR).locked()
    carry_out(order=order, requests=list(rows.select_related("author", "organisation", "submitted_by")), actor=actor)


@transaction.atomic
def let_go_requests(*, order: Order, actor: User) -> None:
    """A deleted draft lets its requests wait for another one."""
    permit(actor, "orders.order.draft", order)
    PairRequest.objects.filter(order=order).update(order=None)


@transaction.atomic
def undo_by_cancelling(*, order: Order, requests: Iterable[PairRequest], actor: User) -> None:
    """The effect of cancelling the order that has carried the requests out."""
    permit(actor, BY_APPROVAL, order)
    for request in requests:
        move(request, "undo", actor=actor, text=f"Приказ {order.requisites} отменён.")
        tell_users(request, [request.submitted_by], f"Приказ {order.requisites} отменён.", actor)
