"""The period of a portfolio."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import date_input
from mentorship.documents.portfolio import Span


class SpanForm(forms.Form):
    """The filter of the page; a day that cannot be read narrows nothing."""

    since = forms.DateField(label="С какого дня", required=False, widget=date_input())
    until = forms.DateField(label="По какой день", required=False, widget=date_input())

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        since, until = data.get("since"), data.get("until")
        if since and until and since > until:
            self.add_error("until", "Этот день раньше первого: исправьте один из них.")
        return data

    def span(self) -> Span:
        self.is_valid()
        return Span(self.cleaned_data.get("since"), self.cleaned_data.get("until"))
