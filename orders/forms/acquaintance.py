"""Input of the acquaintance sheet and of scans."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.models import Organisation, User
from accounts.permissions import today
from core.uploads import SCANS, SafeFileField
from orders.models import SignedScan


class SignedForm(forms.Form):
    """Which rows have been signed on paper, and when."""

    rows = forms.TypedMultipleChoiceField(
        label="Кто подписал", coerce=int, error_messages={"required": "Отметьте хотя бы одного человека."}
    )
    day = forms.DateField(label="Дата подписи", initial=today, widget=date_input())

    def __init__(self, *args: Any, waiting: list[tuple[int, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["rows"].choices = waiting  # type: ignore[attr-defined]


class ReaderForm(forms.Form):
    """One more person: with a login, who will be asked in the portal, or only by name, who signs on paper."""

    user = forms.ModelChoiceField(User.objects.none(), label="Кто входит в портал", required=False, empty_label="—")
    name = forms.CharField(
        label="Или фамилия, имя, отчество", max_length=200, required=False, help_text="Если человек в портал не входит."
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.of([organisation.pk]).filter(is_active=True).by_name()
        self.fields["user"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["name"] = " ".join((data.get("name") or "").split()) or str(data.get("user") or "")
        if not data["name"] and not self.errors:
            self.add_error("name", "Выберите человека из списка или напишите его имя.")
        return data


class ScanForm(forms.Form):
    kind = forms.ChoiceField(label="Что это", choices=SignedScan.Kind, widget=forms.RadioSelect)
    file = SafeFileField(label="Файл", kinds=SCANS)
