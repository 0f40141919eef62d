"""Actions on addenda to employment contracts: recording the signed paper, ending it; nothing is ever edited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.core.files.base import File
from django.db import transaction
from django.forms import ModelForm

from accounts.models import User
from accounts.permissions import permit, today
from core.journal import Change, record, save_form
from core.transitions import Refused
from core.uploads import safe_name
from mentorship.documents.addenda import TERMS, AddendumFacts, addendum_html, mentor_consent
from mentorship.models import EMPLOYEES, Addendum, LabourRules, Participant
from mentorship.services.consent_papers import EARLIEST, TERM_WORDS, Faults

RECORD, RULES = "mentorship.addendum.record", "mentorship.labour.rules"
NOT_EMPLOYED = "Дополнительное соглашение подписывают с работником организации, а это — {category}."
NO_CONSENT = (
    "На этот день нет согласия на работу наставником. Сначала запишите согласие: эту работу поручают только с ним."
)


@dataclass(frozen=True)
class SignedAddendum:
    """What was signed: the content of one addendum; `terms` has the keys of TERMS."""

    number: str
    signed_on: dt.date
    contract: str = ""
    terms: Mapping[str, str] = field(default_factory=dict)
    valid_until: dt.date | None = None
    original_place: str = ""
    scan: File | None = None
    month_hours: int | None = None


def addendum_faults(person: Participant, signed: SignedAddendum) -> Faults:
    """What is wrong with the paper: the name of the form's field → the sentence beside it."""
    faults = {
        f"term_{name}": f"Впишите {words}: статья 351.8 требует этого условия."
        for name, words in TERM_WORDS.items()
        if not signed.terms.get(name)
    }
    if not signed.scan and not signed.original_place:
        faults["original_place"] = "Приложите скан или напишите, где хранится подписанная бумага."
    if signed.valid_until and signed.valid_until < signed.signed_on:
        faults["valid_until"] = "Соглашение не может закончиться раньше, чем подписано."
    return {**faults, **day_faults(person, signed), **number_faults(person, signed)}


def day_faults(person: Participant, signed: SignedAddendum) -> Faults:
    if signed.signed_on > today():
        return {"signed_on": "Дата подписи не может быть в будущем."}
    if signed.signed_on < EARLIEST:
        return {"signed_on": "Проверьте год подписи."}
    if person.category not in EMPLOYEES:
        return {"signed_on": NOT_EMPLOYED.format(category=person.get_category_display().lower())}
    return {} if mentor_consent(person, signed.signed_on) else {"signed_on": NO_CONSENT}


def number_faults(person: Participant, signed: SignedAddendum) -> Faults:
    same = Addendum.objects.filter(participant=person, number=signed.number, signed_on=signed.signed_on)
    return {"number": f"Соглашение № {signed.number} от этого дня уже записано."} if same.exists() else {}


@transaction.atomic
def record_addendum(*, participant: Participant, signed: SignedAddendum, actor: User) -> Addendum:
    """Record a signed addendum with the text that was signed; from its day on the work as a mentor has its paper.

    Raises `Refused` where the paper cannot be as described.
    """
    permit(actor, RECORD, participant)
    person = Participant.objects.locked().get(pk=participant.pk)
    if faults := addendum_faults(person, signed):
        raise Refused(faults.values())
    terms = {name: signed.terms[name] for name in TERMS}
    said = AddendumFacts(signed.number, signed.signed_on, signed.contract, terms, signed.valid_until)
    addendum = Addendum.objects.create(
        participant=person,
        number=signed.number,
        signed_on=signed.signed_on,
        contract=signed.contract,
        terms=terms,
        month_hours=signed.month_hours,
        valid_until=signed.valid_until,
        signed_text=addendum_html(person, said),
        original_place=signed.original_place,
        scan=signed.scan or "",
        scan_name=safe_name(str(signed.scan.name)) if signed.scan else "",
        recorded_by=actor,
    )
    record(RECORD, addendum, actor=actor, text=f"Записано: {addendum}, {person.full_name}.")
    return addendum


@transaction.atomic
def end_addendum(*, addendum: Addendum, ended_on: dt.date, reason: str, actor: User) -> None:
    """End an addendum before its term, or strike out one that was recorded by mistake; once.

    Raises `Refused` where it is ended already or the day is impossible.
    """
    permit(actor, RECORD, addendum)
    if ended_on < addendum.signed_on:
        raise Refused([f"Соглашение подписано {addendum.signed_on:%d.%m.%Y}: прекратить его раньше нельзя."])
    if addendum.valid_until and ended_on > addendum.valid_until:
        raise Refused([f"Соглашение и так действует только по {addendum.valid_until:%d.%m.%Y}."])
    rows = Addendum.objects.filter(pk=addendum.pk, ended_on=None)
    if not rows.update(ended_on=ended_on, end_reason=reason):
        raise Refused(["Соглашение уже прекращено."])
    changes = [
        Change(field="Последний день", old="—", new=f"{ended_on:%d.%m.%Y}"),
        Change(field="Почему прекращено", old="—", new=reason),
    ]
    record("mentorship.addendum.end", addendum, actor=actor, text=f"Прекращено: {addendum}.", changes=changes)


@transaction.atomic
def save_labour_rules(*, form: ModelForm, actor: User) -> LabourRules:
    """Save a valid form; orders that are approved already stay as they are."""
    permit(actor, RULES, form.instance.organisation)
    return save_form(form, actor=actor, event=RULES, text="Изменены правила о соглашениях с наставниками.")
