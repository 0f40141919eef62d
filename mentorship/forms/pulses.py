"""Input of the pulse: three quick questions and a word, none of them obligatory."""

from __future__ import annotations

from typing import Any

from django import forms

from mentorship.models.pulses import QUESTIONS

SCALE = [(str(value), str(value)) for value in range(1, 6)]


class PulseForm(forms.Form):
    """Three scales from «совсем нет» to «полностью»; at least one answer or a word."""

    text = forms.CharField(
        label="Что стоит изменить", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, words in QUESTIONS.items():
            self.fields[name] = forms.TypedChoiceField(
                label=words, choices=SCALE, coerce=int, required=False, empty_value=None, widget=forms.RadioSelect
            )
        self.order_fields([*QUESTIONS, "text"])

    @property
    def scales(self) -> list[Any]:
        return [self[name] for name in QUESTIONS]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["text"] = " ".join(data.get("text", "").split())
        if not self.errors and not data["text"] and not any(data.get(name) for name in QUESTIONS):
            raise forms.ValidationError("Отметьте хотя бы один ответ или нажмите «Можно не отвечать».")
        return data

    def values(self) -> dict[str, int | None]:
        """What a valid form says on the three scales."""
        return {name: self.cleaned_data[name] for name in QUESTIONS}
