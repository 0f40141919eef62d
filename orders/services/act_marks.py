"""Agreement marks of a draft of a local act: what bodies and people have said of it on paper."""

from __future__ import annotations

from django.db import transaction
from django.forms import ModelForm

from accounts.models import User
from accounts.permissions import permit
from core.journal import record, save_form
from core.transitions import Refused
from orders.models import ActMark
from orders.services.acts import CHANGE, refuse_locked


@transaction.atomic
def add_mark(*, form: ModelForm, actor: User) -> ActMark:
    """Save a valid form of a mark of an act that no order has taken to the head yet."""
    mark: ActMark = form.instance
    permit(actor, CHANGE, mark.act)
    refuse_locked(mark.act)
    if mark.act.marks.filter(word=mark.word, title=mark.title, name=mark.name).exists():
        raise Refused([f"Такая отметка уже есть: {mark}."])
    save_form(form, actor=actor, event=CHANGE, text=f"Отметка: {mark}.", about=mark.act)
    return mark


@transaction.atomic
def remove_mark(*, mark: ActMark, actor: User) -> None:
    """Take a mark off a draft."""
    permit(actor, CHANGE, mark.act)
    refuse_locked(mark.act)
    if not ActMark.objects.filter(pk=mark.pk).exists():
        raise Refused(["Отметку уже сняли."])
    record(CHANGE, mark.act, actor=actor, text=f"Отметка снята: {mark}.")
    mark.delete()
