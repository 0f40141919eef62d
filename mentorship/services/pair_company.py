"""Who and what accompanies a working pair: helpers with their consent, pauses, the school's rules about pairs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction
from django.forms import ModelForm

from accounts.models import User
from accounts.permissions import permit, today
from core.journal import Change, record, save_form
from core.transitions import Refused
from mentorship.models import Pair, PairHelper, PairPause, PairRules, PairState, Participant
from mentorship.models.needs import sentence
from mentorship.services.consent_papers import Faults
from mentorship.services.pair_endings import tell_pair
from mentorship.services.pairs import CHANGE

RULES = "mentorship.pair.rules"
OVER = "Пара больше не работает: менять в ней нечего."


@dataclass(frozen=True)
class Help:
    """Who is to help with what, from what day, on what signed consent."""

    participant: Participant
    role: str
    starts_on: dt.date
    consent_on: dt.date
    original_place: str
    ends_on: dt.date | None = None


def helper_faults(pair: Pair, given: Help) -> Faults:
    """What is wrong with the helper: the name of the form's field → the sentence beside it (BR-27)."""
    person = given.participant
    faults: Faults = {}
    if person in pair.people:
        faults["participant"] = f"{person.short_name} и так в этой паре: выберите другого человека."
    elif person.organisation_id != pair.organisation_id or person.left_on:
        faults["participant"] = "Помогать может только тот, кто сейчас работает в организации."
    elif pair.helpers.not_over(given.starts_on).filter(participant=person).exists():
        faults["participant"] = f"{person.short_name} этой паре уже помогает."
    return {**consent_faults(given), **days_faults(pair, given), **faults}


def consent_faults(given: Help) -> Faults:
    if given.consent_on > today():
        return {"consent_on": "Согласие записывают, когда оно подписано: день не может быть в будущем."}
    if given.consent_on > given.starts_on:
        return {"consent_on": f"Помощник начинает {given.starts_on:%d.%m.%Y}, а согласие подписано позже."}
    return {} if given.original_place else {"original_place": "Напишите, где хранится подписанное согласие."}


def days_faults(pair: Pair, given: Help) -> Faults:
    if given.starts_on > pair.ends_on:
        return {"starts_on": f"Последний день пары — {pair.ends_on:%d.%m.%Y}: начать позже нельзя."}
    if given.ends_on and not given.starts_on <= given.ends_on <= pair.ends_on:
        return {"ends_on": f"Последний день — не раньше первого и не позже {pair.ends_on:%d.%m.%Y}."}
    return {}


@transaction.atomic
def add_helper(*, pair: Pair, given: Help, actor: User) -> PairHelper:
    """Write down a helper who has signed a consent; the pair gets a letter. Raises `Refused`."""
    permit(actor, CHANGE, pair)
    pair = Pair.objects.locked().get(pk=pair.pk)
    if pair.state not in (PairState.FORMING, PairState.ACTIVE):
        raise Refused([OVER])
    if faults := helper_faults(pair, given):
        raise Refused(faults.values())
    helper = PairHelper.objects.create(
        pair=pair,
        participant=given.participant,
        role=given.role,
        starts_on=given.starts_on,
        ends_on=given.ends_on,
        consent_on=given.consent_on,
        original_place=given.original_place,
        recorded_by=actor,
    )
    words = f"Наставнику помогает {given.participant.short_name}: {given.role}, {helper.term}"
    record(CHANGE, pair, actor=actor, text=sentence(words))
    tell_pair(pair, "Наставнику помогает коллега", sentence(words))
    return helper


@transaction.atomic
def end_helper(*, helper: PairHelper, ends_on: dt.date, reason: str, actor: User) -> None:
    """A helper stops on the day. Raises `Refused` for a day before the first or after what was agreed."""
    permit(actor, CHANGE, helper.pair)
    fresh = PairHelper.objects.select_for_update(of=("self",)).get(pk=helper.pk)
    if ends_on < fresh.starts_on:
        raise Refused([f"Помощник начал {fresh.starts_on:%d.%m.%Y}: закончить раньше нельзя."])
    if fresh.ends_on and ends_on >= fresh.ends_on:
        raise Refused([f"Последний день и так {fresh.ends_on:%d.%m.%Y}."])
    PairHelper.objects.filter(pk=fresh.pk).update(ends_on=ends_on, end_reason=reason)
    old = f"{fresh.ends_on:%d.%m.%Y}" if fresh.ends_on else "—"
    changes = [Change(field="Последний день", old=old, new=f"{ends_on:%d.%m.%Y}")]
    text = sentence(f"Помощник закончил работу: {fresh.participant.short_name}, {reason}")
    record(CHANGE, fresh.pair, actor=actor, text=text, changes=changes)


def pause_faults(pair: Pair, starts_on: dt.date, ends_on: dt.date | None) -> list[str]:
    """Why the pair cannot rest on these days."""
    if pair.state != PairState.ACTIVE:
        return ["Паузу записывают только действующей паре."]
    if not pair.starts_on <= starts_on <= pair.ends_on or (ends_on and ends_on > pair.ends_on):
        return [f"Пауза — в пределах срока пары, с {pair.starts_on:%d.%m.%Y} по {pair.ends_on:%d.%m.%Y}."]
    if ends_on and ends_on < starts_on:
        return ["Последний день паузы не может быть раньше первого."]
    same = [one for one in pair.pauses.all() if days_meet(one, starts_on, ends_on)]
    return [f"В эти дни пауза уже записана: {one.term}." for one in same]


def days_meet(pause: PairPause, starts_on: dt.date, ends_on: dt.date | None) -> bool:
    return (ends_on is None or pause.starts_on <= ends_on) and (pause.ends_on is None or pause.ends_on >= starts_on)


@transaction.atomic
def pause_pair(*, pair: Pair, starts_on: dt.date, ends_on: dt.date | None, reason: str, actor: User) -> PairPause:
    """Let a working pair rest: nothing is asked of it on these days, its term stays. Raises `Refused`."""
    permit(actor, CHANGE, pair)
    pair = Pair.objects.locked().get(pk=pair.pk)
    if faults := pause_faults(pair, starts_on, ends_on):
        raise Refused(faults)
    pause = PairPause.objects.create(pair=pair, starts_on=starts_on, ends_on=ends_on, reason=reason)
    record(CHANGE, pair, actor=actor, text=sentence(f"{pause}: {reason}"))
    tell_pair(pair, "Пауза в работе пары", f"{pause}. Напоминаний в эти дни не будет, срок пары не меняется.")
    return pause


@transaction.atomic
def end_pause(*, pause: PairPause, ends_on: dt.date, actor: User) -> None:
    """The pair works again from the day after. Raises `Refused` for a day outside the pause."""
    permit(actor, CHANGE, pause.pair)
    fresh = PairPause.objects.select_for_update(of=("self",)).get(pk=pause.pk)
    if ends_on < fresh.starts_on or (fresh.ends_on and ends_on >= fresh.ends_on):
        raise Refused([f"Укажите день внутри паузы: {fresh.term}."])
    PairPause.objects.filter(pk=fresh.pk).update(ends_on=ends_on)
    old = f"{fresh.ends_on:%d.%m.%Y}" if fresh.ends_on else "—"
    changes = [Change(field="Последний день паузы", old=old, new=f"{ends_on:%d.%m.%Y}")]
    record(CHANGE, fresh.pair, actor=actor, text="Пауза в работе пары закончена.", changes=changes)


@transaction.atomic
def save_pair_rules(*, form: ModelForm, actor: User) -> PairRules:
    """Save a valid form; orders that are approved already stay as they are."""
    permit(actor, RULES, form.instance.organisation)
    return save_form(form, actor=actor, event=RULES, text="Изменены правила подготовки пар.")
