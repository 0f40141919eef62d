"""Input of merging: which of two values stays, field by field."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from mentorship.models import Participant
from mentorship.services.merging import ABSORBED, BOTH, KEPT, Difference, names_differ


class MergeForm(forms.Form):
    """A choice for every field in which the cards differ, and whether the other surname is an earlier one."""

    def __init__(
        self, *args: Any, differences: Iterable[Difference], kept: Participant, absorbed: Participant, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        for one in differences:
            words = {KEPT: one.kept, ABSORBED: one.absorbed, BOTH: "оставить обе"}
            self.fields[one.name] = forms.ChoiceField(
                label=one.label,
                initial=one.default,
                choices=[(option, words[option]) for option in one.options],
                widget=forms.RadioSelect(attrs={"class": "form-check-input"}),
            )
        if names_differ(kept, absorbed):
            self.fields["remember_name"] = forms.BooleanField(
                label="Другая фамилия — прежняя: сохранить её в истории имён",
                required=False,
                widget=forms.CheckboxInput(attrs={"class": "form-check-input"}),
            )

    def choices(self) -> dict[str, str]:
        return {name: value for name, value in self.cleaned_data.items() if name != "remember_name"}

    @property
    def remembers_name(self) -> bool:
        return bool(self.cleaned_data.get("remember_name"))
