"""Agreement of a draft by named people and bodies before the head sees it."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.permissions import permit, today
from accounts.services.letters import write_letters
from core.journal import record
from core.transitions import Refused
from orders.models import Endorsement, Order
from orders.services.drafts import LOCKED, lock_order

ASK, ANSWER = "orders.endorsement.ask", "orders.endorsement.answer"
Answer = Endorsement.Answer
NO_COMMENT = "Напишите, с чем вы не согласны: составитель исправит проект."


@transaction.atomic
def ask_endorsement(*, order: Order, title: str, name: str, user: User | None, actor: User) -> Endorsement:
    """Send the draft to be agreed; somebody with a login gets a letter, for anybody else the answer is typed in."""
    permit(actor, ASK, order)
    lock_order(order)
    if not order.is_editable:
        raise Refused([LOCKED])
    row = Endorsement.objects.create(order=order, title=title, name=name, user=user, asked_by=actor)
    record(ASK, order, actor=actor, text=f"Проект направлен на согласование: {who(row)}.")
    if user:
        tell_endorser(row, order)
    return row


def who(row: Endorsement) -> str:
    return f"{row.title}, {row.name}" if row.name else row.title


def tell_endorser(row: Endorsement, order: Order) -> None:
    body = f"Прочитайте проект приказа «{order.title}» и ответьте: согласны или есть замечания."
    path = reverse("endorsement_answer", args=[row.pk])
    subject = f"Проект приказа на согласование: {order.title}"
    write_letters(
        [row.user] if row.user else [], subject=subject, body=body, path=path, organisation=order.organisation
    )


@transaction.atomic
def answer_endorsement(*, row: Endorsement, agreed: bool, comment: str, version: int, actor: User) -> None:
    """The endorser's own answer about the version they have read."""
    permit(actor, ANSWER, row)
    order = open_order(row)
    if version != order.version:
        raise Refused(["Пока страница была открыта, текст изменили. Прочитайте его ещё раз."])
    write_answer(row, order, agreed, comment, today(), actor)
    words = "согласовал проект" if agreed else "не согласен"
    body = f"{who(row)}: {words}. {comment}".strip()
    path = reverse("order_detail", args=[order.pk])
    write_letters(
        [row.asked_by], subject=f"Ответ о проекте: {order.title}", body=body, path=path, organisation=order.organisation
    )


@transaction.atomic
def record_endorsement(*, row: Endorsement, agreed: bool, comment: str, paper: str, day: dt.date, actor: User) -> None:
    """Type in an answer that came on paper: a letter, minutes of a committee."""
    permit(actor, ASK, row.order)
    order = open_order(row)
    if day > today():
        raise Refused(["Дата ответа не может быть в будущем."])
    if not paper:
        raise Refused(["Укажите бумагу, в которой дан ответ: «протокол № 3», «письмо от 01.09.2026»."])
    write_answer(row, order, agreed, comment, day, actor, paper=paper)


def open_order(row: Endorsement) -> Order:
    order = row.order
    lock_order(order)
    if not order.is_editable:
        raise Refused([LOCKED])
    return order


def write_answer(
    row: Endorsement, order: Order, agreed: bool, comment: str, day: dt.date, actor: User, paper: str = ""
) -> None:
    if not agreed and not comment:
        raise Refused([NO_COMMENT])
    answer = Answer.AGREED if agreed else Answer.OBJECTED
    values = {"answer": answer, "comment": comment, "paper": paper, "version": order.version}
    Endorsement.objects.filter(pk=row.pk).update(**values, answered_by=actor, answered_on=day)
    text = f"{who(row)}: {answer.label}." + (f" Замечание: {comment}" if comment else "")
    record(ANSWER, order, actor=actor, text=text)


@transaction.atomic
def drop_endorsement(*, row: Endorsement, actor: User) -> None:
    """Take somebody out of the agreement of a draft."""
    permit(actor, ASK, row.order)
    order = open_order(row)
    record(ASK, order, actor=actor, text=f"Согласование снято: {who(row)}.")
    row.delete()


def endorsement_obstacles(order: Order) -> list[str]:
    """Who has still to agree before the head may see the draft."""
    found = []
    for row in order.endorsements.all():
        if row.answer == Answer.WAITING:
            found.append(f"Ждёт согласования: {who(row)}.")
        elif row.answer == Answer.OBJECTED:
            found.append(f"Не согласовано: {who(row)}. Исправьте проект и спросите ещё раз или снимите согласование.")
        elif row.version != order.version:
            found.append(f"После согласования текст изменили: {who(row)}. Спросите ещё раз.")
    return found


@transaction.atomic
def ask_again(*, row: Endorsement, actor: User) -> None:
    """Ask the same person about the text as it is now."""
    permit(actor, ASK, row.order)
    order = open_order(row)
    Endorsement.objects.filter(pk=row.pk).update(
        answer=Answer.WAITING, answered_on=None, answered_by=None, version=None
    )
    record(ASK, order, actor=actor, text=f"Проект направлен на согласование ещё раз: {who(row)}.")
    tell_endorser(row, order)
