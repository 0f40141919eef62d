"""The end of a pair: on what ground, with what evidence, and what ends together with it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.permissions import permit, today
from accounts.services.letters import write_letters
from core.journal import Change, record
from core.russian import plural
from core.transitions import Refused, move
from mentorship.models import (
    ClosingGround,
    Extension,
    Initiator,
    Pair,
    PairHelper,
    PairPause,
    PairState,
    Participant,
    Programme,
    Substitution,
)
from mentorship.models.needs import sentence
from mentorship.services.banks import write_outcome
from mentorship.services.programmes import complete_programmes
from mentorship.services.request_decisions import carry_out_for
from orders.models import Order

APPROVE = "orders.order.approve"
AT_ONCE = 200
# So many open lines of a programme are named in a refusal.
MOST_NAMED = 3
LINES = ("мероприятие", "мероприятия", "мероприятий")
ENDS_BY_ORDER = "Приказом назначен последний день этой пары — {day:%d.%m.%Y}: её больше не меняют и не продлевают."
NO_PROGRAMME = "У пары нет утверждённой программы: в полном объёме её не завершить, выберите другое основание."
NO_INITIATOR = "Укажите, кто предложил завершить работу: наставник, наставляемый или оба."
NO_CIRCUMSTANCES = "Опишите обстоятельства: без них по этому основанию пару не завершают."
NO_REASON = "Напишите, почему куратор завершает работу пары."


@dataclass(frozen=True)
class Ending:
    """How a pair is over: one of ClosingGround, the circumstances, one of Initiator or nothing, the last day."""

    ground: str
    reason: str
    initiator: str
    last_day: dt.date

    @property
    def words(self) -> str:
        """«по инициативе куратора: наставляемый переведён в другую школу»."""
        label = ClosingGround(self.ground).label
        if self.ground == ClosingGround.PARTIES and self.initiator:
            label = {
                Initiator.MENTOR: "по инициативе наставника",
                Initiator.MENTEE: "по инициативе наставляемого",
                Initiator.BOTH: "по обоюдному решению",
            }[Initiator(self.initiator)]
        return f"{label}: {self.reason}" if self.reason else label

    @property
    def columns(self) -> dict[str, Any]:
        """What the pair keeps of it."""
        return {
            "closing_ground": self.ground,
            "closing_reason": self.reason,
            "closing_initiator": self.initiator if self.ground == ClosingGround.PARTIES else "",
        }


def ending_faults(pair: Pair, ending: Ending) -> list[str]:
    """What the ground asks for and the pair or the answer does not have (clause 7.1 of the Положение)."""
    if ending.ground == ClosingGround.FULL:
        return unfinished(pair)
    if ending.ground == ClosingGround.PARTIES:
        faults = [] if ending.initiator in Initiator.values else [NO_INITIATOR]
        return faults + ([] if ending.reason.strip() else [NO_CIRCUMSTANCES])
    if ending.ground == ClosingGround.CURATOR and not ending.reason.strip():
        return [NO_REASON]
    return []


def unfinished(pair: Pair) -> list[str]:
    """Why the programme of the pair is not carried out in full: its open lines by name, or no programme at all."""
    programme = Programme.objects.filter(pair=pair).in_force().first()
    if programme is None:
        return [NO_PROGRAMME]
    lines = list(programme.activities.open())
    if not lines:
        return []
    named = "; ".join(f"«{line.title.rstrip('.')}»" for line in lines[:MOST_NAMED])
    more = f" и ещё {len(lines) - MOST_NAMED}" if len(lines) > MOST_NAMED else ""
    count = plural(len(lines), *LINES)
    return [f"В программе не проверено {count}: {named}{more}. Проверьте или отмените, либо выберите другое основание."]


@transaction.atomic
def finish_pairs(*, order: Order, pairs: Sequence[Pair], ending: Ending, obstacles: Sequence[str], actor: User) -> None:
    """The effect of an order that ends pairs before their term, however many others their own order has fixed."""
    permit(actor, APPROVE, order)
    if obstacles:
        raise Refused(obstacles)
    for pair in pairs:
        finish_pair(pair=pair, order=order, ending=ending, actor=actor)
        settle_pair(pair=pair, ending=ending, actor=actor)
        carry_out_for(pair=pair, order=order, actor=actor)
        last = f"Последний день — {ending.last_day:%d.%m.%Y}."
        tell_pair(pair, "Пара завершена приказом", f"Приказом {order.requisites} работа пары завершена. {last}")


@transaction.atomic
def finish_pair(*, pair: Pair, order: Order, ending: Ending, actor: User) -> None:
    """An order names the last day of the pair; the plan of its term is kept.

    Until that day is over the pair works: its people keep their rights and may write down their meetings. Then
    `close_run_out` closes it; a day that has passed already closes it at once.
    """
    permit(actor, APPROVE, order)
    columns = {
        "planned_ends_on": pair.planned_ends_on or pair.ends_on,
        "ends_on": ending.last_day,
        "ended_by": order,
        **ending.columns,
    }
    words = f"{ending.last_day:%d.%m.%Y} приказом {order.requisites}: {ending.words}"
    if ending.last_day < today():
        move(pair, "finish", actor=actor, text=sentence(f"Пара завершена {words}"), **columns)
        return
    if not Pair.objects.filter(pk=pair.pk, state=PairState.ACTIVE, ended_by=None).update(**columns):
        raise Refused([f"{pair.title}: последний день этой пары уже назначил другой приказ."])
    change = Change(field="Последний день", old=f"{pair.ends_on:%d.%m.%Y}", new=f"{ending.last_day:%d.%m.%Y}")
    pair.refresh_from_db(fields=list(columns))
    text = sentence(f"Пара завершится {words}")
    record(Pair.TRANSITIONS["finish"].action, pair, actor=actor, text=text, changes=[change])


@transaction.atomic
def close_run_out() -> int:
    """Close the pairs whose last day, named by an order, is over; returns how many there were.

    Safe to call at any time and by several workers: rows that another one holds are left to it.
    """
    rows = Pair.objects.run_out(today()).order_by("pk").select_for_update(of=("self",), skip_locked=True)
    pairs = list(rows.for_cards().select_related("ended_by")[:AT_ONCE])
    for pair in pairs:
        close_ended(pair, actor=None)
    return len(pairs)


def close_ended(pair: Pair, *, actor: User | None) -> None:
    """Close one locked pair whose last day an order has named; whoever approved the order has decided it."""
    ending = Ending(pair.closing_ground, pair.closing_reason, pair.closing_initiator, pair.ends_on)
    order = f" приказом {pair.ended_by.requisites}" if pair.ended_by else ""
    words = f"Пара завершена {pair.ends_on:%d.%m.%Y}{order}: {ending.words}"
    move(pair, "finish", actor=actor, text=sentence(words))
    conclude(pair, ending, actor)


@transaction.atomic
def settle_pair(*, pair: Pair, ending: Ending, actor: User) -> None:
    """What ends with a pair: its helpers, substitutions, pauses and talks about a longer term; with its last day also
    its programme."""
    permit(actor, "mentorship.programme.end", pair)
    end_company(pair, ending.last_day, actor)
    for extension in Extension.objects.locked().filter(pair=pair, state__in=("collecting", "agreed")):
        reason = "пара завершена"
        move(extension, "decline", actor=actor, text=f"Продление не состоялось: {reason}.", decline_reason=reason)
    if pair.state == PairState.CLOSED:
        conclude(pair, ending, actor)


def conclude(pair: Pair, ending: Ending, actor: User | None) -> None:
    """The programme ends with the pair, or goes on with the new mentor where one follows; how the pair ended stands on
    the bank cards."""
    successor = pair.replaced_by.filter(state=PairState.ACTIVE).first()
    if successor is not None and ending.ground == ClosingGround.REPLACED:
        move_programme(pair, successor, actor)
    else:
        reason = sentence(f"Программа завершена вместе с парой: {ending.words}")
        complete_programmes(pair=pair, day=ending.last_day, reason=reason, actor=actor)
    write_outcome(pair=pair, text=ending.words, actor=actor)


def move_programme(old: Pair, new: Pair, actor: User | None) -> None:
    """The current programme follows its mentees to the new mentor."""
    for programme in Programme.objects.locked().filter(pair=old).current():
        Programme.objects.filter(pk=programme.pk).update(pair=new)
        text = sentence(f"Программа перешла к новому наставнику: {new.mentor.full_name}")
        change = Change(field="Пара или группа", old=old.title, new=new.title)
        record("mentorship.programme.end", programme, actor=actor, text=text, changes=[change])


def end_company(pair: Pair, last_day: dt.date, actor: User) -> None:
    """Helpers, substitutes and pauses of the pair last no longer than the pair; what has not begun is left as a day."""
    for model in (PairHelper, Substitution, PairPause):
        for row in model._default_manager.filter(pair=pair).exclude(ends_on__lte=last_day):
            last = max(last_day, row.starts_on)
            model._default_manager.filter(pk=row.pk).update(ends_on=last)
            change = Change(
                field="Последний день", old=f"{row.ends_on:%d.%m.%Y}" if row.ends_on else "—", new=f"{last:%d.%m.%Y}"
            )
            text = f"{model._meta.verbose_name}: окончание вместе с парой."
            record("mentorship.pair.change", pair, actor=actor, text=text[0].upper() + text[1:], changes=[change])


def tell_pair(pair: Pair, subject: str, body: str, *, but: Iterable[Participant] = ()) -> None:
    """A letter to everybody of the pair who signs in, and to its helpers."""
    helpers = Participant.objects.filter(pk__in=pair.helpers.values("participant")).select_related("user")
    told = {person.user for person in (*pair.people, *helpers) if person.user and person not in but}
    words = f"{pair.title.rstrip('.')}. {body}"
    write_letters(list(told), subject=subject, body=words, path=reverse("home"), organisation=pair.organisation)
