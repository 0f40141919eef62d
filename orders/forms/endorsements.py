"""Input of agreement: whom to ask, what they say, what came on paper."""

from __future__ import annotations

from typing import Any

from django import forms

from accounts.forms.fields import date_input
from accounts.models import Organisation, User
from accounts.permissions import today

ANSWERS = [("yes", "Согласовано"), ("no", "Есть возражения")]


class AskForm(forms.Form):
    title = forms.CharField(
        label="Кто согласовывает", max_length=200, help_text="Должность или орган: «юрист», «профсоюзный комитет»."
    )
    user = forms.ModelChoiceField(
        User.objects.none(), label="Кто ответит в портале", required=False, empty_label="никто, ответ будет на бумаге"
    )
    name = forms.CharField(
        label="Фамилия, имя, отчество", max_length=200, required=False, help_text="Если человек в портал не входит."
    )

    def __init__(self, *args: Any, organisation: Organisation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = User.objects.of([organisation.pk]).filter(is_active=True).by_name()
        self.fields["user"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        data["name"] = str(data.get("user") or "") or " ".join((data.get("name") or "").split())
        return data


class AnswerForm(forms.Form):
    """The answer of somebody who signs in, about the version on the page."""

    answer = forms.ChoiceField(label="Ваш ответ", choices=ANSWERS, widget=forms.RadioSelect)
    comment = forms.CharField(
        label="Замечание", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    version = forms.IntegerField(widget=forms.HiddenInput)


class PaperAnswerForm(forms.Form):
    """An answer that came on paper."""

    answer = forms.ChoiceField(label="Ответ", choices=ANSWERS, widget=forms.RadioSelect)
    paper = forms.CharField(label="В какой бумаге", max_length=200, help_text="«протокол № 3 от 01.09.2026».")
    day = forms.DateField(label="Дата ответа", initial=today, widget=date_input())
    comment = forms.CharField(
        label="Замечание", max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
