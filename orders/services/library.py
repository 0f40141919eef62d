"""The library of acts and the minutes of bodies: what preambles refer to, and whose ground has changed since."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.forms import ModelForm

from accounts.models import Organisation, User
from accounts.permissions import permit, today
from core.journal import Change, entry, record, record_many, save_form
from core.russian import Case, decline_post
from core.transitions import Refused
from orders.models import LegalAct, Order, Protocol

SOURCE = Path(__file__).resolve().parent.parent / "data" / "legal_acts.json"
CHANGE, PROTOCOL = "orders.library.change", "orders.protocol.change"
COMMON = "Общий акт обновляется вместе с порталом. Если он изменился, запишите его новую редакцию."
MOST = 20
CITED = "Протокол уже назван в приказе от {date} № {number}: изменить его нельзя."


@transaction.atomic
def load_legal_acts() -> int:
    """Add the common acts that are not there yet, by their codes; returns how many were added."""
    known = set(LegalAct.objects.exclude(code="").values_list("code", flat=True))
    rows = [row for row in json.loads(SOURCE.read_text(encoding="utf-8")) if row["code"] not in known]
    added = LegalAct.objects.bulk_create([LegalAct(**values_of(row)) for row in rows])
    record_many(
        entry("orders.library.load", act, actor=None, text=f"В библиотеку добавлен акт: {act}.") for act in added
    )
    return len(added)


def values_of(row: dict[str, str]) -> dict[str, Any]:
    days = {name: dt.date.fromisoformat(row[name]) for name in ("date", "valid_from", "valid_to") if row.get(name)}
    words = {name: row[name] for name in ("code", "level", "form", "issuer", "number", "title", "citation", "gives")}
    return {**words, **days, "check_state": row["check"]}


@transaction.atomic
def save_act(*, form: ModelForm, actor: User) -> LegalAct:
    """Save a valid form of an own act, new or changed; common ones are refused."""
    act: LegalAct = form.instance
    if act.organisation is None:
        raise Refused([COMMON])
    permit(actor, CHANGE, act.organisation)
    words = "Изменён акт библиотеки." if act.pk else "В библиотеку добавлен акт."
    return save_form(form, actor=actor, event=CHANGE, text=words)


@transaction.atomic
def mark_checked(*, act: LegalAct, actor: User) -> None:
    """Remember that somebody has compared the own act with its official text today."""
    if act.organisation is None:
        raise Refused([COMMON])
    permit(actor, CHANGE, act.organisation)
    before = f"{act.checked_on:%d.%m.%Y}" if act.checked_on else "—"
    act.check_state, act.checked_on, act.checked_by = LegalAct.Check.CHECKED, today(), actor
    act.save(update_fields=["check_state", "checked_on", "checked_by"])
    change = Change(field="Проверено", old=before, new=f"{today():%d.%m.%Y}")
    record(CHANGE, act, actor=actor, text="Акт сверен с официальным текстом.", changes=[change])


def outdated(acts: Any, organisation: Organisation, day: dt.date) -> Any:
    """The acts that are not what they were: out of force by the day, or replaced in the eyes of the organisation."""
    newer = LegalAct.objects.for_organisation(organisation).filter(replaces=OuterRef("pk"))
    return acts.filter(Q(valid_to__lt=day) | Exists(newer))


def papers_citing(organisation: Organisation, acts: Iterable[LegalAct]) -> Any:
    """Orders of the organisation that name any of the acts as their ground, the newest first."""
    wanted = Q(pk__in=[])
    for act in acts:
        wanted |= Q(params__acts__contains=act.pk)
    return Order.objects.filter(wanted, organisation=organisation)


def papers_on_changed_ground(organisation: Organisation) -> list[Order]:
    """Approved orders of the organisation whose grounds have changed since they were signed, the newest first."""
    acts = LegalAct.objects.for_organisation(organisation)
    old = list(outdated(acts, organisation, today()))
    return list(papers_citing(organisation, old).approved().order_by("-date", "-pk")[:MOST]) if old else []


@transaction.atomic
def save_protocol(*, form: ModelForm, actor: User) -> Protocol:
    """Save valid minutes; those that an approved order names as its ground stay as they are."""
    protocol: Protocol = form.instance
    permit(actor, PROTOCOL, protocol.organisation)
    if protocol.pk and (paper := approved_by(protocol)):
        raise Refused([CITED.format(date=f"{paper.date:%d.%m.%Y}", number=paper.number)])
    words = "Изменён протокол." if protocol.pk else "Записан протокол."
    return save_form(form, actor=actor, event=PROTOCOL, text=words)


def approved_by(protocol: Protocol) -> Order | None:
    """The approved order that names the minutes as its ground, or whose act bears a mark of them."""
    named = Q(params__protocols__contains=protocol.pk) | Q(acts__marks__protocol=protocol.pk)
    return Order.objects.approved().filter(named, organisation=protocol.organisation_id).first()


def grounds(acts: Sequence[LegalAct], protocols: Sequence[Protocol]) -> list[str]:
    """Phrases of a preamble: the acts in one, in the genitive, then each decision."""
    found = [listed([act.citation for act in acts])] if acts else []
    return found + [decision_words(protocol) for protocol in protocols]


def listed(words: Sequence[str]) -> str:
    """«А», «А и Б», «А, Б и В»."""
    return " и ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)


def decision_words(protocol: Protocol) -> str:
    """«в соответствии с решением педагогического совета (протокол № 1 от 30.08.2026)»."""
    body = decline_post(protocol.body.name, Case.GENITIVE)
    body = body if body[1:2].isupper() else body[:1].lower() + body[1:]
    return f"в соответствии с решением {body} (протокол № {protocol.number} от {protocol.held_on:%d.%m.%Y})"


def ground_obstacles(acts: Iterable[LegalAct], day: dt.date) -> list[str]:
    """Acts that an order of the day may not name: not in force yet, or no more."""
    found = []
    for act in acts:
        if act.valid_to and act.valid_to < day:
            found.append(f"Акт утратил силу {act.valid_to:%d.%m.%Y}: {act}. Уберите его из оснований.")
        elif act.valid_from and act.valid_from > day:
            found.append(f"Акт начнёт действовать {act.valid_from:%d.%m.%Y}: {act}. Уберите его из оснований.")
    return found
