"""The way of a draft to the head and back: submission, recall, return with a remark, approval."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.permissions import Role, permit, today
from accounts.services.letters import write_letters
from core.transitions import Refused, move
from orders.documents import clause_names
from orders.models import ClauseRemark, Order, OrderState
from orders.services.acquaintance import open_sheet
from orders.services.drafting import is_outdated, marked
from orders.services.drafts import CHANGED_MEANWHILE, lock_order
from orders.services.endorsements import endorsement_obstacles
from orders.services.facts import chosen_acts
from orders.services.files import make_files
from orders.services.library import ground_obstacles
from orders.services.numbering import clean_number, follow, take
from orders.services.words import name_obstacles

FIRST_YEAR = 2000
SHORTEST_REMARK, LONGEST_REMARK = 5, 2000
OUTDATED = "Данные, по которым составлен проект, изменились. Обновите текст и прочитайте его ещё раз."
EMPTY = "В приказе нет ни одного пункта."
OWN_DRAFT = "Проект составили вы сами, а утвердить его должен другой человек: пусть приказ составит и передаст куратор."
NO_ROOM = (
    "В этой книге номера даёт портал по порядку, и в ней уже есть приказ {last}. "
    "Более раннему дню места нет: укажите {day:%d.%m.%Y} или позже."
)
READ_AGAIN = "Пока страница была открыта, приказ изменили. Прочитайте его ещё раз и утвердите."


def submission_obstacles(order: Order) -> list[str]:
    """What the engine itself has against submission, beside the reasons of the kind."""
    clauses = list(order.clauses.standing())
    names = clause_names(clauses)
    reasons = [] if any(clause.level for clause in clauses) else [EMPTY]
    reasons += ground_obstacles(chosen_acts(order), today())
    reasons += endorsement_obstacles(order)
    reasons += name_obstacles(order)
    if is_outdated(order):
        reasons.append(OUTDATED)
    return reasons + [undecided(names[clause.pk]) for clause in marked(clauses)]


def undecided(name: str) -> str:
    return f"{name} изменён вручную, а исходные данные с тех пор изменились: возьмите новый текст или оставьте свой."


def signing_obstacles(order: Order, actor: User) -> list[str]:
    """Whoever drafted or submitted an order does not approve it, and nobody approves a name that was not checked."""
    own = [OWN_DRAFT] if actor.pk in (order.drafted_by_id, order.submitted_by_id) else []
    return own + name_obstacles(order)


@transaction.atomic
def submit_order(*, order: Order, actor: User, version: int | None = None) -> None:
    """Freeze the clauses and facts and give the order to the head, who gets a letter."""
    permit(actor, "orders.order.submit", order)
    lock_order(order)
    if version is not None and version != order.version:
        raise Refused([CHANGED_MEANWHILE])
    if order.is_editable and (reasons := submission_obstacles(order)):
        raise Refused(reasons)
    move(order, "submit", actor=actor, submitted_by=actor, submitted_at=timezone.now(), remark="")
    settle_remarks(order)
    tell(
        heads(order),
        order,
        f"Приказ ждёт утверждения: {order.title}",
        f"{actor.full_name} передаёт вам на утверждение приказ «{order.title}». "
        "Прочитайте его и утвердите или верните с замечанием.",
    )


def heads(order: Order) -> Iterable[User]:
    return User.objects.with_role(order.organisation_id, Role.DIRECTOR)


def tell(people: Iterable[User], order: Order, subject: str, body: str) -> None:
    path = reverse("order_detail", args=[order.pk])
    write_letters(people, subject=subject, body=body, path=path, organisation=order.organisation)


def drafters(order: Order) -> list[User]:
    """Those who drafted and submitted the order."""
    return [user for user in (order.drafted_by, order.submitted_by) if user is not None]


@transaction.atomic
def recall_order(*, order: Order, actor: User) -> None:
    """Take a submitted order back to correct it."""
    permit(actor, "orders.order.submit", order)
    lock_order(order)
    move(order, "recall", actor=actor)


@transaction.atomic
def return_order(*, order: Order, remark: str, actor: User, remarks: Mapping[int, str] | None = None) -> None:
    """Give the order back to its drafter, who gets a letter with the remark.

    `remarks`: key of a clause → what is wrong with it; empty ones and keys of other orders are left out.
    """
    permit(actor, "orders.order.return", order)
    lock_order(order)
    remark = remark.strip()
    if not SHORTEST_REMARK <= len(remark) <= LONGEST_REMARK:
        raise ValidationError({"remark": f"Напишите, что исправить: от {SHORTEST_REMARK} до {LONGEST_REMARK} знаков."})
    move(order, "return", actor=actor, text=f"Приказ возвращён. Замечание: {remark}", remark=remark)
    made = write_remarks(order, remarks or {}, actor)
    tell(
        drafters(order),
        order,
        f"Приказ возвращён: {order.title}",
        "\n\n".join(
            [
                f"Приказ «{order.title}» возвращён с замечанием:",
                remark,
                *(str(one) for one in made),
                "Исправьте проект и передайте его ещё раз.",
            ]
        ),
    )


def write_remarks(order: Order, remarks: Mapping[int, str], actor: User) -> list[ClauseRemark]:
    """Keep the remarks about clauses, each with the name the clause has now."""
    clauses = list(order.clauses.standing())
    names = clause_names(clauses)
    said = [(clause, " ".join(remarks.get(clause.pk, "").split())) for clause in clauses]
    return ClauseRemark.objects.bulk_create(
        ClauseRemark(order=order, clause=clause, clause_name=names[clause.pk], text=text, made_by=actor)
        for clause, text in said
        if text
    )


def settle_remarks(order: Order) -> None:
    """Submitted again: whatever was said of the clauses has been answered by the new text."""
    order.clause_remarks.filter(settled_at=None).update(settled_at=timezone.now())


@transaction.atomic
def approve_order(*, order: Order, number: str, date: dt.date, actor: User, version: int | None = None) -> None:
    """Give the order its number, date and signer for good and let its effects happen, all or nothing.

    `number` is ignored for a book that the portal keeps. The row of the order is locked first, then the rows its
    kind depends on, then the counter of the book. Afterwards the drafter and the curators get letters and the files
    are made by the worker. Raises Refused, or ValidationError with the field (number, date) at fault.
    """
    permit(actor, "orders.order.approve", order)
    lock_order(order)
    if version is not None and version != order.version:
        raise Refused([READ_AGAIN])
    order.kind_entry.lock(order)
    if order.state == OrderState.SUBMITTED and (reasons := signing_obstacles(order, actor)):
        raise Refused(reasons)
    check_date(date)
    sign(order, number, date, actor)
    order.kind_entry.apply(order, actor)
    open_sheet(order)
    curators = User.objects.with_role(order.organisation_id, Role.CURATOR)
    words = f"Приказ {order.requisites} «{order.title}» утверждён."
    tell([*drafters(order), *curators], order, f"Приказ утверждён: {order.title}", words)
    make_files.enqueue(order_id=order.pk)


def check_date(date: dt.date) -> None:
    if date > today():
        raise ValidationError({"date": "Дата приказа ещё не наступила: будущим числом утвердить нельзя."})
    if date.year < FIRST_YEAR:
        raise ValidationError({"date": f"Проверьте год: раньше {FIRST_YEAR} года дата приказа быть не может."})


def sign(order: Order, number: str, date: dt.date, actor: User) -> None:
    """Number and move the order; the constraint of the database has the last word about the number."""
    text, ordinal = numbered(order, number, date)
    signer = order.signer_facts(date)
    try:
        with transaction.atomic():
            move(
                order,
                "approve",
                actor=actor,
                text=f"Приказ утверждён: от {date:%d.%m.%Y} № {text}.",
                number=text,
                ordinal=ordinal,
                date=date,
                year=date.year,
                signer_name=signer["full_name"],
                signer_post=signer["post"],
                facts={**order.facts, "signer": signer},
                approved_by=actor,
                approved_at=timezone.now(),
            )
    except IntegrityError as error:
        if "order_number_once" not in str(error):
            raise
        taken = f"Приказ № {text} в {date.year} году в книге «{order.series}» уже есть. Укажите другой номер."
        raise ValidationError({"number": taken}) from None


def numbered(order: Order, number: str, date: dt.date) -> tuple[str, int | None]:
    """The number as text and its ordinal; the counter is raised in this transaction."""
    if order.series.kept_here:
        ordinal = take(order.series, date.year)
        check_room(order, date)
        return order.series.number(ordinal), ordinal
    try:
        text = clean_number(number)
    except ValidationError as error:
        raise ValidationError({"number": error.messages}) from None
    typed = order.series.ordinal(text)
    if typed is not None:
        follow(order.series, date.year, typed)
    return text, typed


def check_room(order: Order, date: dt.date) -> None:
    """In a book of the portal numbers follow the days; asked while the counter is locked, so that nobody slips in."""
    rows = Order.objects.approved().filter(series=order.series_id, year=date.year, date__gt=date)
    if last := rows.order_by("-date", "-ordinal").first():
        raise ValidationError({"date": NO_ROOM.format(last=last.requisites, day=last.date)})


def earlier_than_last(order: Order, date: dt.date) -> Order | None:
    """An order of the same book approved with a later date: not forbidden, worth a look."""
    rows = Order.objects.approved().filter(series=order.series_id, year=date.year, date__gt=date)
    return rows.order_by("date").first()
