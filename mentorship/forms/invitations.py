"""The filter of the participants who may be invited into the portal."""

from __future__ import annotations

from django import forms

from mentorship.models import Category


class InviteFilter(forms.Form):
    """Part of a name, and who it is; what cannot be read narrows nothing."""

    q = forms.CharField(label="Фамилия, имя или отчество", required=False, max_length=100)
    category = forms.ChoiceField(label="Кто", required=False, choices=[("", "все"), *Category.choices])

    def chosen(self, name: str) -> str:
        self.is_valid()
        return self.cleaned_data.get(name, "")
