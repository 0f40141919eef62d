"""What is done with an organisation beyond filling in its form: emblem, acting heads, terms."""

from __future__ import annotations

import datetime as dt

from django.core.files.base import File
from django.db import transaction

from accounts.models import ActingHead, BodyMember, Organisation, Term, User
from accounts.permissions import permit
from core.journal import Change, in_words, record
from core.transitions import Refused

CHANGE, BODY, CALENDAR = "accounts.organisation.change", "accounts.body.change", "accounts.calendar.change"


@transaction.atomic
def set_emblem(*, organisation: Organisation, file: File | None, actor: User) -> None:
    """Replace the emblem by a checked picture, or remove it; the old file goes once the change is certain."""
    permit(actor, CHANGE, organisation)
    storage, old = organisation.emblem.storage, organisation.emblem.name
    organisation.emblem = file or ""
    organisation.save(update_fields=["emblem"])
    if old:
        transaction.on_commit(lambda: storage.delete(old))
    record(CHANGE, organisation, actor=actor, text="Эмблема заменена." if file else "Эмблема убрана.")


@transaction.atomic
def end_acting(*, acting: ActingHead, ends_on: dt.date, actor: User) -> None:
    """Bring the last day of an acting head forward. Raises Forbidden, Refused."""
    permit(actor, CHANGE, acting)
    if not acting.starts_on <= ends_on <= acting.ends_on:
        raise Refused(
            [
                f"Последний день может быть с {acting.starts_on:%d.%m.%Y} по {acting.ends_on:%d.%m.%Y}. "
                "Чтобы продлить срок, измените период."
            ]
        )
    change = Change(field="По", old=in_words(acting.ends_on), new=in_words(ends_on))
    acting.ends_on = ends_on
    acting.save(update_fields=["ends_on"])
    record(CHANGE, acting, actor=actor, text="Исполнение обязанностей заканчивается.", changes=[change])


@transaction.atomic
def end_body_membership(*, member: BodyMember, ends_on: dt.date, actor: User) -> None:
    """Set the last day of a member; the row stays, because old minutes name it. Raises Forbidden, Refused."""
    permit(actor, BODY, member)
    if ends_on < member.starts_on:
        raise Refused([f"Человек входит в состав с {member.starts_on:%d.%m.%Y}: выйти раньше он не может."])
    change = Change(field="По", old=in_words(member.ends_on), new=in_words(ends_on))
    member.ends_on = ends_on
    member.save(update_fields=["ends_on"])
    record(BODY, member, actor=actor, text="Членство заканчивается.", changes=[change])


@transaction.atomic
def delete_term(*, term: Term, actor: User) -> None:
    """Remove a term of the calendar; nothing refers to it but the calendar itself."""
    permit(actor, CALENDAR, term)
    period = Change(field="Период", old=f"{in_words(term.starts_on)} — {in_words(term.ends_on)}", new="—")
    record(CALENDAR, term, actor=actor, text="Период учебного календаря удалён.", changes=[period])
    term.delete()
