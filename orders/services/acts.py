"""Actions on local acts: drafts and editions. They come into force and give way only by orders (`act_terms`)."""

from __future__ import annotations

import hashlib

from django.core.files.base import File
from django.db import transaction
from django.forms import ModelForm

from accounts.models import Organisation, User
from accounts.permissions import permit
from core.journal import Change, record, save_form
from core.transitions import Refused
from core.uploads import safe_name
from orders.models import LocalAct
from orders.models.act_text import renumbered, sections_of, with_section

CHANGE = "orders.localact.change"
LOCKED = "Текст передан на утверждение или уже действует: он меняется только новой редакцией и новым приказом."
CHANGED_MEANWHILE = (
    "Пока страница была открыта, текст изменили. Введённое осталось на странице: сверьте с новым текстом и сохраните."
)


def refuse_locked(act: LocalAct) -> None:
    """Look again with the row locked: an order may have taken the act while the page was open."""
    act.refresh_from_db(fields=["state", "order"], from_queryset=LocalAct.objects.select_for_update())
    if act.is_locked:
        raise Refused([LOCKED])


@transaction.atomic
def add_act(*, form: ModelForm, file: File | None = None, actor: User) -> LocalAct:
    """Start a draft from a valid form: its text, or the checked `file` in place of it."""
    act: LocalAct = form.instance
    permit(actor, CHANGE, act.organisation)
    # Two drafts of one kind at once would take the same number of the edition.
    list(Organisation.objects.filter(pk=act.organisation_id).select_for_update().values_list("pk"))
    act.edition = LocalAct.objects.next_edition(act.organisation, act.kind)
    keep_file(act, file)
    form.save()
    # The text itself stands on the page: the history of a beginning only says that there was one.
    record("orders.localact.add", act, actor=actor, text=f"Начат проект локального акта: «{act.title}».")
    return act


@transaction.atomic
def change_act(*, act: LocalAct, form: ModelForm, file: File | None = None, drop: bool = False, actor: User) -> None:
    """Save the valid form of a draft; `file` takes the place of the text or of the kept file, `drop` deletes it."""
    permit(actor, CHANGE, act)
    refuse_locked(act)
    before = act.file_name
    if "kind" in form.changed_data:
        act.edition = LocalAct.objects.next_edition(act.organisation, act.kind)
    keep_file(act, file, drop=drop)
    save_form(form, actor=actor, event=CHANGE, text="Изменён проект локального акта.")
    if file or drop:
        change = Change(field="Файл", old=before or "—", new=act.file_name or "—")
        record(CHANGE, act, actor=actor, text="Изменён файл локального акта.", changes=[change])


def keep_file(act: LocalAct, file: File | None, *, drop: bool = False) -> None:
    """Put a checked file on the instance, not saved yet; the earlier one goes once the change is certain."""
    storage, old = act.file.storage, act.file.name
    if file:
        file.seek(0)
        act.sha256 = hashlib.sha256(file.read()).hexdigest()
        file.seek(0)
        act.file_name = safe_name(str(file.name))
        act.file = file
    elif drop:
        act.file, act.file_name, act.sha256 = "", "", ""
    if old and (file or drop):
        transaction.on_commit(lambda: storage.delete(old))


@transaction.atomic
def change_section(*, act: LocalAct, place: int, lines: list[str], number: bool, fingerprint: str, actor: User) -> None:
    """Replace the lines of one section, and put all numbers in order if asked.

    `fingerprint` is that of the text which was read: a text changed meanwhile is refused.
    """
    permit(actor, CHANGE, act)
    refuse_locked(act)
    act.refresh_from_db(fields=["text"])
    if act.fingerprint != fingerprint:
        raise Refused([CHANGED_MEANWHILE])
    section = sections_of(act.text)[place]
    text = with_section(act.text, place, lines)
    text = renumbered(text) if number else text
    if not text:
        raise Refused(["В акте не останется ни одной строки. Если он не нужен, удалите проект."])
    if text == act.text:
        return
    act.text = text
    act.save(update_fields=["text"])
    change = Change(field=section.title, old="\n".join(section.all_lines), new="\n".join(lines) or "—")
    words = "Изменён раздел проекта" + (", номера поставлены по порядку." if number else ".")
    record(CHANGE, act, actor=actor, text=words, changes=[change])


@transaction.atomic
def new_edition(*, act: LocalAct, actor: User) -> LocalAct:
    """Start the next edition of an act with the text of this one; one that is begun already is given back.

    The file of an act is not copied: a new edition of it is a new file.
    """
    permit(actor, CHANGE, act)
    act.refresh_from_db(fields=["state"], from_queryset=LocalAct.objects.select_for_update())
    if act.state == LocalAct.State.DRAFT:
        raise Refused(["Это ещё проект: исправьте его текст."])
    if begun := act.later_editions.filter(state=LocalAct.State.DRAFT).first():
        return begun
    edition = LocalAct.objects.create(
        organisation=act.organisation,
        kind=act.kind,
        title=act.title,
        text=act.text,
        edition=LocalAct.objects.next_edition(act.organisation, act.kind),
        replaces=act,
    )
    record("orders.localact.add", edition, actor=actor, text=f"Начата новая редакция: «{act.title}».")
    return edition


@transaction.atomic
def delete_act(*, act: LocalAct, actor: User) -> None:
    """Delete a draft that no order holds, with its marks and its file."""
    permit(actor, CHANGE, act)
    refuse_locked(act)
    if act.order_id:
        raise Refused(["Акт указан в приказе: сначала удалите проект приказа."])
    record("orders.localact.delete", act, actor=actor, text=f"Удалён проект «{act.title}».")
    storage, name = act.file.storage, act.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))
    act.delete()
