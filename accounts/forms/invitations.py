"""Invitations: the code from the slip, the first own password, the filter of those who have not come in yet."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import SetPasswordForm
from django.db.models import QuerySet

from accounts.models import Invitation, Organisation
from accounts.services.invitations import WRONG_CODE, hash_of, usable_invitation

# As long as a code with spaces between all its signs, and a little more.
LONGEST_CODE = 60


class JoinForm(forms.Form):
    """The code as it stands on the slip; what fits nothing is refused in one sentence whatever the reason."""

    code = forms.CharField(
        label="Код с листка",
        max_length=LONGEST_CODE,
        help_text="Двенадцать букв и цифр. Большие или маленькие буквы, с чёрточками или без — всё равно.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
    )
    invitation: Invitation
    is_wrong = False

    def clean_code(self) -> str:
        code = self.cleaned_data["code"]
        found = usable_invitation(code_hash=hash_of(code))
        if found is None:
            self.is_wrong = True
            raise forms.ValidationError(WRONG_CODE)
        self.invitation = found
        return code


class FirstPasswordForm(SetPasswordForm):
    """The password that somebody invited chooses; the service keeps it, together with the use of the code."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["new_password1"].label = "Придумайте пароль"
        self.fields["new_password2"].label = "Повторите пароль"


class InvitationFilter(forms.Form):
    """Who of those who have not come in yet."""

    WITHOUT, OPEN, EXPIRED = "without", "open", "expired"

    q = forms.CharField(label="Имя или логин", required=False, max_length=100)
    state = forms.ChoiceField(
        label="Листок с кодом",
        required=False,
        choices=[("", "любой"), (WITHOUT, "не выдан"), (OPEN, "годится"), (EXPIRED, "истёк")],
    )
    organisation = forms.ModelChoiceField(
        Organisation.objects.none(), label="Организация", required=False, empty_label="все"
    )

    def __init__(self, *args: Any, organisations: QuerySet[Organisation], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["organisation"].queryset = organisations  # type: ignore[attr-defined]
        if len(organisations) < 2:
            del self.fields["organisation"]
