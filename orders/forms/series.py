"""Input of a book of orders."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms

from accounts.models import Organisation
from orders.models import Series


class SeriesForm(forms.ModelForm):
    class Meta:
        model = Series
        fields = ["name", "template", "kept_here"]

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.instance.pk:
            self.instance.organisation = organisation
        self.helper = FormHelper()
        self.helper.form_tag, self.helper.disable_csrf = False, True
        self.fields["name"].help_text = "Например: «Приказы по основной деятельности»."

    def clean_name(self) -> str:
        """The organisation is not asked, so the constraint of the two is checked here."""
        name: str = self.cleaned_data["name"]
        same = Series.objects.filter(organisation=self.instance.organisation_id, name__iexact=name)
        if same.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError("Книга с таким названием уже есть.")
        return name
