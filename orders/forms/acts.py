"""Input of a local act."""

from __future__ import annotations

from typing import Any

from django import forms

from orders.models import LocalAct


class ActForm(forms.ModelForm):
    class Meta:
        model = LocalAct
        fields = ["kind", "title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 24})}
        help_texts = {
            "title": "Так, как будет напечатано в приказе: «Положение о наставничестве педагогов…».",
            "text": "Каждый абзац с новой строки. Номера разделов и пунктов пишите сами: «1. Общие положения».",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].required = True


class ActFilter(forms.Form):
    """The filter of the list."""

    q = forms.CharField(label="Название", required=False, max_length=100)
    state = forms.ChoiceField(label="Состояние", required=False, choices=[("", "любое"), *LocalAct.State.choices])
