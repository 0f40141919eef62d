"""The letterhead of an organisation: one row, changed as a whole."""

from __future__ import annotations

from django.db import transaction
from django.forms import ModelForm

from accounts.models import User
from accounts.permissions import permit
from core.journal import save_form
from orders.models import Letterhead

CHANGE = "orders.letterhead.change"


@transaction.atomic
def save_letterhead(*, form: ModelForm, actor: User) -> Letterhead:
    """Save a valid form. Papers made before stay as they are: their files are kept."""
    permit(actor, CHANGE, form.instance.organisation)
    return save_form(form, actor=actor, event=CHANGE, text="Изменён бланк документов.")
