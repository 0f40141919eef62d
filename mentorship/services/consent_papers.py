"""What a signed paper says, and what is wrong with it: each fault stands beside the field of the form it is about."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.core.files.base import File

from accounts.permissions import today
from mentorship.models import EMPLOYEES, Consent, ConsentKind, Pair, Participant, PublicField, is_ban

Answer, Method = Consent.Answer, Consent.Method
EARLIEST = dt.date(2000, 1, 1)
Faults = dict[str, str]
TERM_WORDS = {
    "content": "содержание работы наставника",
    "term": "срок работы",
    "form": "форму наставничества",
    "pay": "размер и условия оплаты",
}


@dataclass(frozen=True)
class Signed:
    """What the person has signed: the content of one consent or refusal.

    `shown` lists values of PublicField and `conditions` maps them to conditions, for publication only; `resources`
    lists values of Resource, for publication and photographs. `terms`: keys of TERM_WORDS, or in_duties with
    document. A representative signs for a minor, who from 14 on signs too (`own_signature`).
    """

    answer: str
    signed_on: dt.date
    method: str
    shown: Sequence[str] = field(default_factory=list)
    conditions: Mapping[str, str] = field(default_factory=dict)
    resources: Sequence[str] = field(default_factory=list)
    bans: str = ""
    terms: Mapping[str, Any] = field(default_factory=dict)
    valid_until: dt.date | None = None
    representative: str = ""
    relation: str = ""
    own_signature: bool = False
    original_place: str = ""
    scan: File | None = None

    @property
    def given(self) -> bool:
        return self.answer == Answer.GIVEN


def paper_faults(person: Participant, kind: str, signed: Signed, pair: Pair | None) -> Faults:
    """What is wrong with the paper, the dates first; the names are those of the form's fields."""
    return {
        **proof_faults(signed),
        **minor_faults(person, signed),
        **(purpose_faults(person, kind, signed) if signed.given else {}),
        **pair_faults(person, kind, pair),
        **date_faults(signed),
    }


def date_faults(signed: Signed) -> Faults:
    if signed.signed_on > today():
        return {"signed_on": "Дата подписи не может быть в будущем."}
    if signed.signed_on < EARLIEST:
        return {"signed_on": "Проверьте год подписи."}
    if signed.valid_until and signed.valid_until < signed.signed_on:
        return {"valid_until": "Срок согласия не может закончиться раньше подписи."}
    return {}


def proof_faults(signed: Signed) -> Faults:
    """A paper must be found again: its scan is here, or it is written where the original lies."""
    if signed.method == Method.PAPER and not signed.scan and not signed.original_place:
        return {"original_place": "Приложите скан или напишите, где хранится подписанная бумага."}
    return {}


def minor_faults(person: Participant, signed: Signed) -> Faults:
    """A minor's paper is signed by a representative, from 14 years on by the minor too."""
    if not person.is_minor_on(signed.signed_on):
        return {}
    faults = {}
    if not signed.representative:
        faults["representative"] = (
            f"{person.short_name} — несовершеннолетний участник: укажите законного представителя."
        )
    if not signed.relation:
        faults["relation"] = "Напишите, кем представитель приходится: «мать», «отец», «опекун»."
    if person.signs_too_on(signed.signed_on) and not signed.own_signature:
        faults["own_signature"] = "На день подписи исполнилось 14 лет: нужна и подпись самого несовершеннолетнего."
    return faults


def purpose_faults(person: Participant, kind: str, signed: Signed) -> Faults:
    """What the purpose requires besides: fields and places to show, the terms of the work."""
    faults = {}
    if kind == ConsentKind.DISSEMINATION:
        if not signed.shown:
            faults["shown"] = "Отметьте, что разрешено показывать на сайте: без этого публикация невозможна."
        faults |= condition_faults(signed)
    if kind in (ConsentKind.DISSEMINATION, ConsentKind.PHOTO) and not signed.resources:
        faults["resources"] = "Отметьте, где разрешено показывать: так, как отмечено в бумаге."
    if kind == ConsentKind.MENTOR and person.category in EMPLOYEES:
        faults |= term_faults(signed.terms)
    return faults


def condition_faults(signed: Signed) -> Faults:
    faults = {}
    for name, words in signed.conditions.items():
        if words and name not in signed.shown:
            faults[f"condition_{name}"] = "Условие записано, а показ не отмечен. Отметьте данные или уберите условие."
        elif is_ban(words):
            label = PublicField(name).label
            faults[f"condition_{name}"] = f"Это запрет, а не условие: снимите отметку «{label}»."
    return faults


def term_faults(terms: Mapping[str, Any]) -> Faults:
    """Art. 351.8: content, term, form and pay are agreed, unless the duties of the post already include the work."""
    if terms.get("in_duties"):
        missing = {"document": "Укажите документ: трудовой договор или должностную инструкцию, номер и дату."}
        return {} if terms.get("document") else missing
    return {
        name: f"Впишите {words}: без этого согласие наставника неполное."
        for name, words in TERM_WORDS.items()
        if not terms.get(name)
    }


def pair_faults(person: Participant, kind: str, pair: Pair | None) -> Faults:
    if kind == ConsentKind.PAIR and (pair is None or person not in pair.mentees):
        return {"pair": "Укажите пару, на участие в которой дано согласие."}
    return {}


def order_faults(earlier: Sequence[Consent], signed: Signed) -> Faults:
    """Why the answer cannot stand beside the earlier ones: a later answer is never overtaken by an older paper."""
    for consent in earlier:
        last = consent.withdrawn_on or consent.signed_on
        if consent.answer == Answer.REFUSED and signed.signed_on <= consent.signed_on:
            words = f"Записан отказ от {consent.signed_on:%d.%m.%Y}: новый ответ должен быть подписан позже."
            return {"signed_on": words}
        if signed.signed_on < last:
            words = f"Есть более поздняя запись от {last:%d.%m.%Y}: новый ответ не может быть подписан раньше."
            return {"signed_on": words}
    if not signed.given and any(consent.is_live_on(signed.signed_on) for consent in earlier):
        return {"answer": "Согласие уже дано и действует: чтобы прекратить его, оформите отзыв."}
    return {}
